package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/store"
	"saasconnect/ui"
)

// settledHome is a folder with so many connectors of several kinds, whose histories were
// left alone for an hour.
func settledHome(t *testing.T, n int) string {
	t.Helper()
	home := t.TempDir()
	s := storeIn(t, home)
	var batch []connector.Addition
	for i := range n {
		c := savedEntries(t, fmt.Sprintf("acme-%d", i))[0].Connector
		c.KeptIn, c.Reference = connector.SafeReference, &connector.Reference{Command: []string{"pass", "show", "acme"}}
		c.Added = connector.Stamp{By: "mia", Role: connector.RoleGlobalAdmin, At: noon().AddDate(0, 0, -i)}
		c.TokenSince = c.Added.At
		first := connector.PastReport(c, noon().Add(-time.Duration(i)*time.Hour))
		switch i % 4 {
		case 1:
			c.Account, c.Expires, first.Verdict, first.Code = "Ünder  Söhne", connector.DateOf(noon().AddDate(0, 0, i-20)), connector.Failing, connector.CodeNotAdmin
		case 2:
			c.Reference, first.Verdict = &connector.Reference{Env: "TOKEN"}, connector.Attention
		}
		batch = append(batch, connector.Addition{Connector: c, First: first})
	}
	for _, added := range s.AddMany(t.Context(), batch) {
		if added.Err != nil {
			t.Fatal(added.Err)
		}
	}
	before := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(home, "state", "history"), before, before); err != nil {
		t.Fatal(err)
	}
	return home
}

func storeIn(t *testing.T, home string) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Home: home, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// played is what a command prints on a folder.
func played(t *testing.T, home string, args ...string) string {
	t.Helper()
	outside := testOutside(nil)
	outside.Open = func(Options) (ui.World, error) {
		return ui.World{Now: noon, Observer: silent{}, Store: storeIn(t, home), Timeout: time.Second}, nil
	}
	got := playOn(t.Context(), outside, "", args...)
	if got.code != 0 || got.err != "" {
		t.Fatalf("%q: %+v", args, got)
	}
	return got.out
}

// What is remembered of a list prints the same, byte for byte, and opens no history: here
// they are made unreadable in their place, which no rename tells of.
func TestListFromMemory(t *testing.T) {
	home := settledHome(t, 150)
	cache := filepath.Join(home, "state", "list.cache")
	forms := [][]string{{"list"}, {"list", "--json"}, {"list", "--ics"}}
	want := map[string]string{}
	for _, args := range forms {
		_ = os.Remove(cache)
		want[strings.Join(args, " ")] = played(t, home, args...)
	}
	if _, err := os.Stat(cache); err != nil {
		t.Skip("nothing is remembered here: " + err.Error())
	}
	histories, _ := filepath.Glob(filepath.Join(home, "state", "history", "*.json"))
	for _, path := range histories {
		if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range forms {
		name := strings.Join(args, " ")
		if got := played(t, home, args...); got != want[name] {
			t.Errorf("%s prints %.2000s\nwant %.2000s", name, got, want[name])
		}
	}
	if !strings.Contains(want["list"], "✗ failing, 1 hour ago") || !strings.Contains(want["list --json"], `"code": "ok"`) || len(histories) != 150 {
		t.Errorf("%d histories, and %.2000s", len(histories), want["list"])
	}
	if err := os.Remove(cache); err != nil || !strings.Contains(played(t, home, "list"), "never checked") {
		t.Error("the histories can be read still")
	}
}

// A store that can't tell rows apart prints the same as one that can.
func TestListOfOtherStores(t *testing.T) {
	home := settledHome(t, 8)
	entries, err := storeIn(t, home).List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"list", "--ics"}} {
		if got := play(t.Context(), &shelf{entries: entries}, "", args...).out; got != played(t, home, args...) || got == "" {
			t.Errorf("%q: %s", args, got)
		}
	}
}

// The column of last checks says of each what lastWords says, also where many share words.
func TestRowsShareWords(t *testing.T) {
	var all []*connector.Listed
	for i := range 60 {
		l := savedEntries(t, "a")[0].Listed()
		if i%3 > 0 {
			l.Last = &connector.Outcome{At: noon().Add(-time.Duration(i%5*i) * 40 * time.Minute)}
			l.Last.Verdict = []connector.Verdict{"", connector.Working, connector.Failing}[i%3]
		}
		if i%2 > 0 {
			l.Expires = connector.DateOf(noon().AddDate(0, 0, i%12-3))
		}
		if i%7 > 0 {
			l.TokenSince = noon().AddDate(0, 0, 3-i%12-365)
		}
		all = append(all, &l)
	}
	all[1].Last.Verdict, all[1].Last.At = "", noon()
	r := newRun(Stdio{Env: []string{"LANG=C.UTF-8"}}, Outside{})
	for i, row := range r.rows(all, noon())[1:] {
		if e := all[i]; row[4] != r.lastWords(e, noon()) || row[5] != endsWords(e, connector.DateOf(noon())) {
			t.Errorf("%d: %q", i, row)
		}
	}
}

// A width by hand is the width that the terminal's rules give.
func TestColumns(t *testing.T) {
	parts := []string{"", "a", "~ ", "✓", "✗", "·", "…", "ä", "a\u0301", "東", "👩‍👩‍👧", "\ufe0f", "\u0301", "\x1b[32m", "\x1b[m", "\u009b", "\t", "\x7f", "\xff", "–", "\u200d"}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				if text := a + b + c; columns(text) != ansi.StringWidth(text) {
					t.Errorf("%q is %d columns, not %d", text, ansi.StringWidth(text), columns(text))
				}
			}
		}
	}
}

// A long table is written in several parts, and none is lost.
func TestLongTable(t *testing.T) {
	var out strings.Builder
	p := newPaper(&out, false, false, 80)
	rows, want := [][]string{{"N", "NOTHING", "WORDS"}}, "N     WORDS\n"
	for i := range 3000 {
		words := strings.Repeat("x ", i%40)
		rows = append(rows, []string{fmt.Sprintf("%04d", i), "", words})
		want += strings.TrimRight(fmt.Sprintf("%04d  %s", i, words), " ") + "\n"
	}
	if p.table(p.grid(rows)); out.String() != want {
		t.Errorf("%d bytes, want %d: %.300q", out.Len(), len(want), out.String())
	}
}

// JSON keeps what it had before there were rows.
func TestListedJSON(t *testing.T) {
	e := savedEntries(t, "a")[0]
	e.Reports = []connector.Report{connector.PastReport(e.Connector, noon()), {}}
	l := e.Listed()
	one, _ := json.Marshal(entryJSON(e, noon()))
	other, _ := json.Marshal(listedJSON(&l, noon()))
	if string(one) != string(other) || !strings.Contains(string(one), `"last":{"verdict":"working","code":"ok","at":"2026-11-23T12:00:00Z"}`) {
		t.Errorf("%s\n%s", one, other)
	}
}
