package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/cli/roster"
)

// What the scripts can't bring about: all sets of connectors there and back, storages and files
// that fail in the middle, faults of the program.

// importing runs import of a file's text on a fakeStore.
func importing(ctx context.Context, s *fakeStore, text string, change func(*System), args ...string) outcome {
	var out, errs bytes.Buffer
	stdio := Stdio{In: strings.NewReader(""), Out: &out, Err: &errs, Env: []string{"LANG=C.UTF-8", "SAASCONNECT_ROLE=global-admin"}}
	outside := testOutside(s)
	outside.ReadFile = func(context.Context, string, int64) ([]byte, error) { return []byte(text), nil }
	if change != nil {
		change(&outside)
	}
	code := Run(ctx, append([]string{"import", "customers.csv"}, args...), stdio, outside)
	return outcome{code, out.String(), errs.String()}
}

// rowsFor is a file of n customers.
func rowsFor(n int) string {
	var b strings.Builder
	b.WriteString("product,site,email,account,token_env\n")
	for i := range n {
		fmt.Fprintf(&b, "jira,customer%d,mia@example.com,Customer %d,T\n", i, i)
	}
	return b.String()
}

// counting is an observer that never got an answer, and knows how often it asked.
type counting struct {
	silent
	mu    *sync.Mutex
	asked *int
}

func (c counting) Observe(ctx context.Context, a atlassian.Target, t atlassian.Token, emit func(atlassian.Observation)) []atlassian.Observation {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.asked++
	return c.silent.Observe(ctx, a, t, emit)
}

// For all sets of saved connectors: what export writes, import takes for unchanged, and
// sends nothing.
func TestExportIsUnchanged(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 5))
	pick := func(of ...string) string { return of[chance.IntN(len(of))] }
	for round := range 400 {
		var entries []connector.Entry
		for n := range 1 + chance.IntN(12) {
			site, _, err := atlassian.ParseSite(pick("acme", "beta", "gamma"))
			if err != nil {
				t.Fatal(err)
			}
			c := connector.Connector{
				ID: fmt.Sprintf("id-%d", n), Name: pick("acme-jira", "Beta.Wiki", "x", strings.Repeat("long", 20)) + fmt.Sprintf("-%d", n),
				Product: connector.Products()[chance.IntN(2)], Site: site, Email: pick("mia@example.com", "Olga@example.com", "o'hara+x@example.com"),
				Account: pick("", "", "Acme, Ltd", "=SUM(A1)", " blank ", "'quoted'", "MANHATTAN FOODS", "a\tb"), KeptIn: connector.StorageKeyring,
			}
			if chance.IntN(2) == 0 {
				c.Expires = connector.DateOf(noon().AddDate(0, chance.IntN(30)-12, 0))
			}
			switch chance.IntN(4) {
			case 0:
				c.KeptIn, c.Reference = connector.StorageReference, &connector.Reference{Env: "T"}
			case 1:
				c.KeptIn, c.Reference = connector.StorageReference, &connector.Reference{Command: []string{"op", "read", "it's \"here\"", ""}}
			case 2:
				c.KeptIn, c.Reference = connector.StorageReference, &connector.Reference{File: "-/run/a b,c"}
			}
			e := connector.Entry{Connector: c}
			e.AddReport(connector.Report{Verdict: connector.Working, Code: connector.CodeOK, At: noon()})
			entries = append(entries, e)
		}
		for _, format := range []string{"csv", "json"} {
			exported := play(t.Context(), &fakeStore{entries: entries}, "", "export", "--format", format)
			if exported.code != 0 || exported.err != "" {
				t.Fatalf("export: %+v", exported)
			}
			s := &fakeStore{entries: entries}
			got := importing(t.Context(), s, exported.out, nil, "--format", format)
			if got.code != 0 || got.out != fmt.Sprintf("customers.csv: %d unchanged.\n\nCheck them any time: saasconnect check --all\n", len(entries)) || len(s.calls) > 0 {
				t.Fatalf("round %d: %+v after %q\n%s", round, got, s.calls, exported.out)
			}
		}
	}
}

// A file of connectors that can't be written ends the proving: the rest would be proven for
// nothing.
func TestImportOnAFullDisk(t *testing.T) {
	s := &fakeStore{storages: ready(connector.StorageKeyring), addErr: &connector.StoreError{Why: connector.StoreFull, Where: "/home"}}
	var mu sync.Mutex
	asked := 0
	got := importing(t.Context(), s, rowsFor(500), func(o *System) {
		open := o.Open
		o.Open = func(opts Options) (ui.Deps, error) {
			w, err := open(opts)
			w.Observer = counting{mu: &mu, asked: &asked}
			return w, err
		}
	}, "--parallel", "1", "--keep-failing")
	if got.code != 4 || !strings.Contains(got.out, "not saved: the disk is full") || !strings.Contains(got.out, "Some connectors could not be saved") {
		t.Errorf("%.600v", got)
	}
	if asked == 500 {
		t.Error("all rows were proven for a disk that takes none")
	}
}

// An interrupt before anything is known, and a fault of the program, end as they do
// everywhere.
func TestImportEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &fakeStore{storages: ready(connector.StorageKeyring)}
	got := importing(ctx, s, rowsFor(3), func(o *System) {
		o.Fetch = func(ctx context.Context, _ connector.Reference) ([]byte, error) {
			cancel()
			return nil, ctx.Err()
		}
	}, "--json")
	if got.code != 130 || !strings.Contains(got.out, `"interrupted": true`) || !strings.Contains(got.out, `"skipped": 3`) {
		t.Errorf("%+v", got)
	}
	got = importing(t.Context(), s, rowsFor(3), func(o *System) {
		o.Fetch = func(context.Context, connector.Reference) ([]byte, error) {
			panic("ATATT3xFfGF0-thrown-with-the-panic")
		}
	})
	if got.code != 70 || strings.Contains(got.out+got.err, "thrown-with") || !strings.Contains(got.err, "internal error") {
		t.Errorf("%+v", got)
	}
	got = importing(t.Context(), s, "", func(o *System) {
		o.ReadFile = func(context.Context, string, int64) ([]byte, error) { return nil, fs.ErrPermission }
	})
	if got.code != 2 || !strings.Contains(got.err, "no permission to read") {
		t.Errorf("%+v", got)
	}
}

// signedIn is an observer whose every token is Olga's, who administers Jira.
type signedIn struct{ silent }

func (signedIn) Observe(context.Context, atlassian.Target, atlassian.Token, func(atlassian.Observation)) []atlassian.Observation {
	yes := true
	return []atlassian.Observation{
		{Call: atlassian.CallTenant, Status: 200, Edge: true, Body: atlassian.BodyJSON, CloudID: "11111111-2222-3333-4444-555555555555"},
		{Call: atlassian.CallIdentity, Status: 200, Edge: true, Body: atlassian.BodyJSON, Person: &atlassian.Person{ID: "olga", Name: "Olga Berg", Active: &yes}},
		{Call: atlassian.CallPermissions, Status: 200, Edge: true, Body: atlassian.BodyJSON, Admin: &yes},
		{Call: atlassian.CallCoverage, Status: 200, Edge: true, Body: atlassian.BodyJSON, Coverage: &atlassian.Coverage{Count: 3}},
	}
}

func withObserver(o connector.Observer) func(*System) {
	return func(outside *System) {
		open := outside.Open
		outside.Open = func(opts Options) (ui.Deps, error) {
			w, err := open(opts)
			w.Observer = o
			return w, err
		}
	}
}

// holding is a store whose connectors have the token that every source gives.
type holding struct{ *fakeStore }

func (h holding) Tokens(ctx context.Context) (connector.TokenReader, error) {
	text, err := testOutside(h.fakeStore).Fetch(ctx, connector.Reference{})
	token, _ := atlassian.ReadToken(string(text))
	return func(context.Context, string) (atlassian.Token, error) { return token, err }, nil
}

// A row that needs an answer is left as it is and says which flag or column gives it; the others
// go on.
func TestImportRowsThatNeedAnAnswer(t *testing.T) {
	entries := savedEntries(t, "a")
	entries[0].KeptIn, entries[0].Identity = connector.StorageKeyring, &connector.Identity{ID: "mia", Name: "Mia Krystof"}
	const rows = "name,product,site,email,account,token_env\na,jira,acme,mia@example.com,,T\nb,jira,beta,mia@example.com,Beta,T\n"

	t.Run("another account", func(t *testing.T) {
		s := &fakeStore{entries: entries, storages: ready(connector.StorageKeyring)}
		got := importing(t.Context(), s, rows, withObserver(signedIn{}))
		if got.code != 6 || !strings.Contains(got.out, "1 added, 1 not saved") ||
			!strings.Contains(strings.Join(strings.Fields(got.out), " "), "line 2, a: needs confirmation of another account: the token belongs to Olga Berg, but the connector signed in as Mia Krystof."+
				" Enter the account's email in the column email, or confirm with --yes") {
			t.Errorf("%+v", got)
		}
		got = importing(t.Context(), &fakeStore{entries: entries, storages: ready(connector.StorageKeyring)}, rows, withObserver(signedIn{}), "--json")
		if !strings.Contains(got.out, `"action": "failed",
      "changed_facts": [],
      "saved": false,
      "needs": "confirmation of another account`) {
			t.Errorf("%+v", got)
		}
		got = importing(t.Context(), &fakeStore{entries: entries, storages: ready(connector.StorageKeyring)}, rows, withObserver(signedIn{}), "--yes")
		if got.code != 0 || !strings.Contains(got.out, "1 added, 1 updated") {
			t.Errorf("%+v", got)
		}
	})

	t.Run("its storage", func(t *testing.T) {
		s := &fakeStore{entries: entries, storages: ready(connector.StorageKeyring), tryErr: &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyRefused}}
		got := importing(t.Context(), s, rows, withObserver(signedIn{}), "--keep-in", "reference")
		if got.code != 6 || !strings.Contains(got.out, "1 added, 1 not checked") || !strings.Contains(got.out, "line 2, a: needs its token's storage: the system keyring refused access") {
			t.Errorf("%+v", got)
		}
		same := func(o *System) { // the token that the connector has: nothing is written
			withObserver(signedIn{})(o)
			open := o.Open
			o.Open = func(opts Options) (ui.Deps, error) {
				w, err := open(opts)
				w.Store = holding{s}
				return w, err
			}
		}
		s.entries = entries
		if got := importing(t.Context(), s, rows, same, "--keep-in", "reference"); !strings.Contains(got.out, "1 added, 1 unchanged") {
			t.Errorf("%+v", got)
		}
		s.entries = entries
		got = importing(t.Context(), s, rows, withObserver(signedIn{}), "--keep-in", "reference", "--jsonl")
		if !strings.Contains(got.out, `"action":"skipped"`) || !strings.Contains(got.out, `"needs":"its token's storage: `) || strings.Count(got.out, "\n") != 2 {
			t.Errorf("%+v", got)
		}
	})
}

// An expiry date has to be one that the saved connector's token can have, unless the row brings
// another token.
func TestImportOfAnExpiryDate(t *testing.T) {
	entries := savedEntries(t, "a")
	entries[0].TokenSince = noon().AddDate(0, 0, -200)
	for row, code := range map[string]int{"2027-05-01,": 0, "2027-10-01,": 2, "2027-10-01,T": 0} {
		s := &fakeStore{entries: entries, storages: ready(connector.StorageFile)}
		s.tokens = func(context.Context, string) error { return nil }
		got := importing(t.Context(), s, "name,product,site,email,expires,token_env\na,jira,acme,mia@example.com,"+row+"\n", withObserver(signedIn{}))
		if got.code != code || code == 2 && !strings.Contains(got.err, "line 2, expires: Tokens expire after one year at most") {
			t.Errorf("%s: %+v", row, got)
		}
	}
}

// A token of elsewhere that can't be read is the report of its connector, which is remembered; not
// where the row names another place.
func TestImportOfATokenThatIsNotThere(t *testing.T) {
	entries := savedEntries(t, "a")
	entries[0].KeptIn, entries[0].Reference = connector.StorageReference, &connector.Reference{Env: "T"}
	for source, want := range map[string]string{"T": "remember id-a", "OTHER": ""} {
		s := &fakeStore{entries: entries}
		got := importing(t.Context(), s, "name,product,site,email,token_env\na,jira,acme,mia@example.com,"+source+"\n", func(o *System) {
			o.Fetch = func(context.Context, connector.Reference) ([]byte, error) {
				return nil, &connector.StorageError{Kind: connector.StorageReference, Why: connector.StorageWhyMissing, Err: errors.New("the environment variable is not set")}
			}
		})
		if calls := strings.Join(s.calls, " "); got.code != 1 || !strings.Contains(got.out, "1 not saved") || calls != want {
			t.Errorf("%s: %+v after %q", source, got, calls)
		}
	}
}

// A second connector for the same product, site and email is asked about before anything is sent.
func TestImportAsksAboutTheSameConnection(t *testing.T) {
	entries := savedEntries(t, "a")
	entries[0].Account = "Acme"
	const rows = "product,site,email,account,token_env\njira,acme,mia@example.com,Beta,T\n"
	got := importing(t.Context(), &fakeStore{entries: entries, storages: ready(connector.StorageKeyring)}, rows, withObserver(signedIn{}))
	if got.code != 6 || !strings.Contains(got.err, "line 2 would be a second connector for a product, site and email that has one") {
		t.Errorf("%+v", got)
	}
	s := &fakeStore{entries: entries, storages: ready(connector.StorageKeyring)}
	if got = importing(t.Context(), s, rows, withObserver(signedIn{}), "--yes"); got.code != 0 || !strings.Contains(got.out, "1 added") {
		t.Errorf("%+v", got)
	}
}

// batches is a store that counts how often it adds.
type batches struct {
	*fakeStore
	n int
}

func (b *batches) Save(ctx context.Context, batch []connector.Write) []connector.Written {
	b.n++
	return b.fakeStore.Save(ctx, batch)
}

// slow takes a while for each answer.
type slow struct{ signedIn }

func (s slow) Observe(ctx context.Context, a atlassian.Target, t atlassian.Token, emit func(atlassian.Observation)) []atlassian.Observation {
	time.Sleep(2 * time.Millisecond)
	return s.signedIn.Observe(ctx, a, t, emit)
}

// A thousand rows are written a few dozen times, also where each check takes longer than a write.
func TestImportWritesAFewTimes(t *testing.T) {
	b := &batches{fakeStore: &fakeStore{storages: ready(connector.StorageKeyring)}}
	got := importing(t.Context(), b.fakeStore, rowsFor(1000), func(o *System) {
		withObserver(slow{})(o)
		open := o.Open
		o.Open = func(opts Options) (ui.Deps, error) {
			w, err := open(opts)
			w.Store = b
			return w, err
		}
	})
	if got.code != 0 || !strings.Contains(got.out, "1000 added") || b.n > 30 {
		t.Errorf("%d writes: %.300v", b.n, got)
	}
}

// One place is read once, however many rows share it, also where it gives nothing.
func TestSharedSourcesAreReadOnce(t *testing.T) {
	for name, answer := range map[string]error{"token": nil, "nothing": &connector.StorageError{Kind: connector.StorageReference, Why: connector.StorageWhyMissing, Err: errors.New("the environment variable T is not set")}} {
		var mu sync.Mutex
		reads := 0
		s := &fakeStore{storages: ready(connector.StorageKeyring)}
		got := importing(t.Context(), s, rowsFor(50), func(o *System) {
			o.Fetch = func(context.Context, connector.Reference) ([]byte, error) {
				mu.Lock()
				defer mu.Unlock()
				reads++
				return []byte("ATATT3xFfGF0" + strings.Repeat("pretend", 25)), answer
			}
		})
		if reads != 1 || strings.Contains(got.out+got.err, "pretend") {
			t.Errorf("%s: read %d times: %d", name, reads, got.code)
		}
		if tried := strings.Count(strings.Join(s.calls, " "), "try"); tried != 1 {
			t.Errorf("%s: the safe was tried %d times", name, tried)
		}
	}
}

// Which saved connector a row is about.
func TestPlan(t *testing.T) {
	site := func(name string) atlassian.Site {
		s, _, err := atlassian.ParseSite(name)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	saved := func(name, at, account, email string) connector.Entry {
		return connector.Entry{Connector: connector.Connector{ID: "id-" + name, Name: name, Product: connector.Jira, Site: site(at), Account: account, Email: email, TokenSince: noon().Add(-time.Hour)},
			Last: &connector.Outcome{Verdict: connector.Working}}
	}
	entries := []connector.Entry{saved("a", "acme", "Acme", "mia@example.com"), saved("b", "beta", "", "mia@example.com"), saved("c", "core", "One", "mia@example.com"),
		saved("c2", "core", "One", "olga@example.com"), saved("d", "dune", "Dune", "mia@example.com")}
	row := func(name, at, account, email string) roster.Row {
		return roster.Row{Line: 2, Name: name, Product: connector.Jira, Site: site(at), Account: account, Email: email}
	}
	for what, c := range map[string]struct {
		row  roster.Row
		want string // the saved connector, and the facts that change
	}{
		"by its name":                      {row("A", "acme", "Acme", "mia@example.com"), "a []"},
		"by its place":                     {row("", "acme", "acme", "MIA@example.com"), "a [account]"},
		"without an account":               {row("", "acme", "", "mia@example.com"), "a []"},
		"given an account":                 {row("", "beta", "Beta", "mia@example.com"), "b [account]"},
		"another account":                  {row("", "acme", "Other", "mia@example.com"), "added"},
		"another product would be another": {roster.Row{Line: 2, Product: connector.Confluence, Site: site("acme"), Account: "Acme", Email: "mia@example.com"}, "added"},
		"another site for one account":     {row("a", "acme2", "Acme", "mia@example.com"), "a [site]"},
		"another account for one site":     {row("a", "acme", "Renamed", "mia@example.com"), "a [account]"},
		"another connector's name":         {row("a", "else", "Else", "mia@example.com"), "name: a is the name of another connector: Jira on acme.atlassian.net for Acme. Use another name, or leave it out."},
		"another's name, no account":       {row("a", "else", "", "mia@example.com"), "name: a is the name of another connector: Jira on acme.atlassian.net for Acme. Use another name, or leave it out."},
		"another product's name":           {roster.Row{Line: 2, Name: "a", Product: connector.Confluence, Site: site("acme"), Account: "Acme", Email: "mia@example.com"}, "name: a is the name of another connector: Jira on acme.atlassian.net for Acme. Use another name, or leave it out."},
		"a new name":                       {row("dd", "dune", "Dune", "mia@example.com"), "d [name]"},
		"distinguished by the email":       {row("", "core", "One", "olga@example.com"), "c2 []"},
		"not told apart":                   {row("", "core", "One", "new@example.com"), "name: There are 2 saved connectors for this product, site and account. Enter the name of the one you mean."},
	} {
		p := newPlanner(setup.Known{Now: noon(), Entries: entries}, false)
		planned := p.plan([]roster.Row{c.row})
		got := "added"
		switch s := planned[0]; {
		case len(p.problems) > 0:
			got = p.problems[0].Field + ": " + p.problems[0].Words
		case s.old != nil:
			got = fmt.Sprint(s.old.Name, " ", s.facts)
			if checks := strings.Contains(got, "site") || strings.Contains(got, "email"); s.check != checks {
				t.Errorf("%s: checked again: %v", what, s.check)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	// Two rows for one place, told apart by the names that are saved.
	p := newPlanner(setup.Known{Now: noon(), Entries: entries}, false)
	planned := p.plan([]roster.Row{row("", "core", "One", "mia@example.com"), row("c2", "core", "One", "olga@example.com")})
	if len(p.problems) > 0 || planned[0].old.Name != "c" || planned[1].old.Name != "c2" {
		t.Errorf("%+v, %v", planned, p.problems)
	}
}

func TestBarLine(t *testing.T) {
	for _, c := range []struct {
		done, of, failing int
		want              string
	}{
		{3, 4, 1, "\r3 of 4 checked, 1 failing "},
		{10, 40, 0, "\r[######..................] 10 of 40 checked, 0 failing "},
		{24, 24, 3, "\r[########################] 24 of 24 checked, 3 failing "},
	} {
		if got := barLine(c.done, c.of, c.failing); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestPlanNeverWraps: a row of a dry run is one line that no terminal has to wrap; where it is piped
// nothing of it is cut.
func TestPlanNeverWraps(t *testing.T) {
	s := &fakeStore{entries: savedEntries(t, "acme-jira")}
	s.entries[0].Account = "Acme Ltd"
	file := "product,site,email,name,account,token_env,token_command\n" +
		"jira,acme,olga@example.com,acme-jira,Acme Ltd,,op read op://customers/acme-confluence/token --account example\n" +
		"confluence,acme-confluence,mia@example.com,,A customer with a long name,,\n" +
		"jira,beta,mia@example.com,,Beta,T,\n"
	run := func(terminal bool, width int, locale string) string {
		var out, errs bytes.Buffer
		outside := testOutside(s)
		outside.ReadFile = func(context.Context, string, int64) ([]byte, error) { return []byte(file), nil }
		if code := Run(t.Context(), []string{"import", "customers.csv", "--dry-run", "--token-env", "T"}, Stdio{In: strings.NewReader(""), Out: &out, Err: &errs, OutIsTerminal: terminal,
			Width: width, Env: []string{"LANG=" + locale, "TERM=xterm"}}, outside); code != 0 {
			t.Fatalf("exit %d: %s", code, &errs)
		}
		return out.String()
	}
	piped := run(false, 0, "C.UTF-8")
	for _, whole := range []string{"acme-confluence-confluence", "op://customers/acme-confluence/token --account example", "A customer with a long name", "email"} {
		if !strings.Contains(piped, whole) {
			t.Errorf("no %q in\n%s", whole, piped)
		}
	}
	if strings.Contains(piped, "…") || strings.Contains(piped, "too narrow") {
		t.Errorf("cut:\n%s", piped)
	}
	for _, locale := range []string{"C.UTF-8", "C"} {
		for width := 20; width <= 220; width++ {
			said := run(true, width, locale)
			_, table, _ := strings.Cut(said, "\n\n")
			table, note, narrow := strings.Cut(table, "\n\n")
			lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
			if len(lines) != 4 || narrow != strings.Contains(strings.ReplaceAll(note, "\n", " "), "narrow for the whole table") {
				t.Fatalf("%d wide:\n%s", width, said)
			}
			for _, line := range strings.Split(said, "\n") {
				if ansi.StringWidth(line) > width {
					t.Fatalf("%d wide: %d: %q", width, ansi.StringWidth(line), line)
				}
			}
			if width == 80 && locale == "C.UTF-8" {
				for _, want := range []string{"WOULD BE", "TOKEN", "CHANGES", "…", "updated", "email", "line 2"} {
					if !strings.Contains(said, want) {
						t.Errorf("no %q in\n%s", want, said)
					}
				}
			}
		}
	}
}
