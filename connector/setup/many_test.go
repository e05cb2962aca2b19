package setup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// writes is a store that counts its writes and has the tokens of saved connectors.
type writes struct {
	setup.Store
	tokens     map[string]atlassian.Token
	calls      []string
	remembered []string
}

func (w *writes) Reports(context.Context, string) []connector.Report { return nil }

func (w *writes) Tokens(context.Context) (connector.TokenReader, error) {
	w.calls = append(w.calls, "tokens")
	return func(_ context.Context, id string) (atlassian.Token, error) {
		if token, there := w.tokens[id]; there {
			return token, nil
		}
		return atlassian.Token{}, &connector.StoreError{Why: connector.StoreNotFound}
	}, nil
}

func (w *writes) Save(_ context.Context, batch []connector.Write) []connector.Written {
	w.calls = append(w.calls, fmt.Sprintf("save %d", len(batch)))
	all := make([]connector.Written, len(batch))
	for i, b := range batch {
		all[i].Connector = b.After
		switch stored, there := w.tokens[b.Before.ID]; {
		case b.After.Name == "taken":
			all[i].Err = &connector.StoreError{Why: connector.StoreNameTaken}
		case there && stored.Equal(b.Token):
			all[i].Err = &connector.StorageError{Kind: b.After.KeptIn, Why: connector.StorageWhySame}
		}
		if b.Report != nil && all[i].Err == nil {
			w.remembered = append(w.remembered, b.After.ID+" "+string(b.Report.Verdict))
		}
	}
	return all
}

func (w *writes) Remember(_ context.Context, id string, r connector.Report) error {
	w.remembered = append(w.remembered, fmt.Sprint(id, " ", r.Verdict))
	return nil
}

// cloud refuses every token and records which sites were called.
type cloud struct {
	mu    *sync.Mutex
	asked *[]string
}

func (c cloud) Lookup(context.Context, atlassian.Site) atlassian.Observation {
	return atlassian.Observation{}
}

// Observe answers like Atlassian to a token that it refuses.
func (c cloud) Observe(_ context.Context, a atlassian.Target, _ atlassian.Token, _ func(atlassian.Observation)) []atlassian.Observation {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.asked = append(*c.asked, a.Site.Name())
	return []atlassian.Observation{
		{Call: atlassian.CallTenant, Status: 200, Edge: true, CloudID: "c"},
		{Call: atlassian.CallIdentity, Status: 401, Edge: true},
		{Call: atlassian.CallCoverage, Status: 401, Edge: true},
	}
}

func service(w *writes) (setup.Service, *[]string) {
	var asked []string
	return setup.Service{Store: w, Observer: cloud{&sync.Mutex{}, &asked}, Now: noon, User: func() string { return "mia" }, Timeout: time.Second}, &asked
}

func siteOf(t *testing.T, name string) atlassian.Site {
	t.Helper()
	s, _, err := atlassian.ParseSite(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fresh returns a Draft for a new connector with a token.
func fresh(name, site, token string) setup.Draft {
	d := setup.New(connector.Jira)
	d.Set(setup.Facts{Product: connector.Jira, Site: site, Email: "mia@example.com", Name: name})
	d.SetToken(atlassian.NewToken(token), atlassian.Receipt{}, noon())
	d.SetStorage(connector.StorageFile, true)
	return d
}

func entryOf(t *testing.T, name, site string) connector.Entry {
	t.Helper()
	return connector.Entry{Connector: connector.Connector{ID: "id-" + name, Name: name, Product: connector.Jira, Site: siteOf(t, site), Email: "mia@example.com", KeptIn: connector.StorageFile}}
}

// A token that Atlassian refuses is checked once, however many connectors have it; another token
// by itself.
func TestARefusedTokenIsTriedOnce(t *testing.T) {
	s, asked := service(&writes{})
	drafts := []setup.Draft{fresh("", "other", "another")}
	for i := range 20 {
		drafts = append(drafts, fresh("", fmt.Sprintf("site%d", i), "shared"))
	}
	refused := map[int]int{}
	s.CheckMany(t.Context(), drafts, 8, func(c setup.Checked) { refused[c.Refused]++ })
	slices.Sort(*asked)
	if !slices.Equal(*asked, []string{"other", "site0"}) || refused[-1] != 2 || refused[1] != 19 {
		t.Errorf("asked %q, refused %v", *asked, refused)
	}
}

// A saved connector is checked with its own token, or with the entered one. One that no longer
// exists is reported as such.
func TestCheckManySaved(t *testing.T) {
	w := &writes{tokens: map[string]atlassian.Token{"id-a": atlassian.NewToken("a"), "id-b": atlassian.NewToken("b")}}
	s, asked := service(w)
	atHand := setup.For(setup.Edit, entryOf(t, "b", "beta"))
	atHand.SetToken(atlassian.NewToken("b"), atlassian.Receipt{}, noon())
	drafts := []setup.Draft{setup.For(setup.Edit, entryOf(t, "a", "acme")), atHand, setup.For(setup.Edit, entryOf(t, "gone", "gone"))}
	gone := map[int]bool{}
	s.CheckMany(t.Context(), drafts, 1, func(c setup.Checked) { gone[c.At] = c.Gone })
	if !slices.Equal(*asked, []string{"acme", "beta"}) || gone[0] || gone[1] || !gone[2] || len(w.calls) != 1 {
		t.Errorf("asked %q, gone %v, %q", *asked, gone, w.calls)
	}
}

// Many are saved at once, each with its own result. What came with a token that is stored already
// is set afterwards.
func TestSaveMany(t *testing.T) {
	w := &writes{tokens: map[string]atlassian.Token{"id-same": atlassian.NewToken("kept")}}
	s, _ := service(w)
	renamed := func(name string) setup.Draft {
		d := setup.For(setup.Edit, entryOf(t, name, name))
		f := d.Facts()
		f.Account = "Acme"
		d.Set(f)
		return d
	}
	rechecked := setup.For(setup.Edit, entryOf(t, "unchanged", "u"))
	rechecked.SetReport(connector.Report{Verdict: connector.Failing})
	replace := func(e connector.Entry, token string) setup.Draft {
		d := setup.For(setup.Replace, e)
		f := d.Facts()
		f.Name, f.Account = e.Name+"-new", "Acme"
		d.Set(f)
		d.SetReference(&connector.Reference{Env: "T"}, atlassian.NewToken(token), atlassian.Receipt{}, noon())
		d.SetReport(connector.Report{Verdict: connector.Working})
		return d
	}
	elsewhere := entryOf(t, "elsewhere", "e")
	elsewhere.KeptIn, elsewhere.Reference = connector.StorageReference, &connector.Reference{Env: "OLD"}
	results := s.SaveMany(t.Context(), []setup.Draft{
		fresh("a", "a", "t"), renamed("x"), fresh("taken", "b", "t"), renamed("y"), rechecked,
		replace(entryOf(t, "other", "o"), "new"), replace(entryOf(t, "same", "s"), "kept"), replace(elsewhere, "kept"),
	}, connector.RoleGlobalAdmin)
	slices.Sort(w.calls)
	slices.Sort(w.remembered)
	if want := []string{"save 1", "save 7"}; !slices.Equal(w.calls, want) {
		t.Errorf("%q, want %q", w.calls, want)
	}
	if want := []string{"id-elsewhere working", "id-other working", "id-unchanged failing"}; !slices.Equal(w.remembered, want) {
		t.Errorf("%q, want %q", w.remembered, want)
	}
	var file *connector.StoreError
	for i, r := range results {
		if taken := i == 2; taken != errors.As(r.Err, &file) {
			t.Errorf("%d: %v", i, r.Err)
		}
	}
	for i, want := range map[int]string{0: "a", 1: "x", 3: "y", 4: "unchanged", 5: "other-new", 6: "same-new", 7: "elsewhere-new"} {
		if c := results[i].Connector; c.Name != want || i > 4 && c.Account != "Acme" {
			t.Errorf("%d: %+v", i, c)
		}
	}
	if c := results[7].Connector; c.Reference == nil || c.Reference.Env != "T" {
		t.Errorf("%+v", c)
	}
}

// Duplicates says the same of one Draft as DuplicateOf.
func TestLikenessesAreDuplicates(t *testing.T) {
	entries := []connector.Entry{entryOf(t, "a", "acme"), entryOf(t, "b", "beta"), entryOf(t, "c", "core")}
	entries[1].Account, entries[2].Email = "Beta", "olga@example.com"
	k := setup.Known{Entries: entries}
	drafts := map[string]setup.Draft{}
	for _, product := range connector.Products() {
		for _, site := range []string{"acme", "beta", "core", "dune"} {
			for _, email := range []string{"MIA@example.com", "olga@example.com"} {
				for _, account := range []string{"", "BETA ", "Dune"} {
					f := setup.Facts{Product: product, Site: site, Email: email, Account: account}
					d := setup.New(product)
					d.Set(f)
					drafts[fmt.Sprint("new ", f)] = d
					if product == connector.Jira {
						d = setup.For(setup.Edit, entries[0])
						f.Name = "a"
						d.Set(f)
						drafts[fmt.Sprint("edit ", f)] = d
					}
				}
			}
		}
	}
	for name, d := range drafts {
		like := setup.Duplicates([]setup.Draft{d}, k)[0]
		if other := d.DuplicateOf(k); (other != nil) != (like != setup.NotDuplicate) {
			t.Errorf("%s: %v, and DuplicateOf says %v", name, like, other)
		}
	}
	// Two Drafts of one file, and an account that moves from one connector to another.
	takes := setup.For(setup.Edit, entries[1])
	f := takes.Facts()
	f.Account = "Renamed"
	takes.Set(f)
	one, two := setup.New(connector.Jira), setup.New(connector.Jira)
	one.Set(setup.Facts{Product: connector.Jira, Site: "x", Email: "x@example.com", Account: "beta"})
	two.Set(setup.Facts{Product: connector.Jira, Site: "y", Email: "y@example.com", Account: "Beta"})
	if got := setup.Duplicates([]setup.Draft{takes, one, two}, k); !slices.Equal(got, []setup.DuplicateKind{setup.NotDuplicate, setup.NotDuplicate, setup.SameAccount}) {
		t.Error(got)
	}
}

// Saved values are not validated again; changed ones are.
func TestSavedFactsAreRight(t *testing.T) {
	e := entryOf(t, "name of old", "acme")
	e.Account = "a\tb"
	d := setup.For(setup.Edit, e)
	if got := setup.Problems(d, setup.Known{Now: noon()}); len(got) > 0 {
		t.Error(got)
	}
	f := d.Facts()
	f.Name, f.Account = "another of old", "b\tc"
	d.Set(f)
	if got := setup.Problems(d, setup.Known{Now: noon()}); len(got) != 2 {
		t.Error(got)
	}
}
