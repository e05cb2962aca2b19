package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	var batch []connector.Write
	for i := range n {
		c := savedEntries(t, fmt.Sprintf("acme-%d", i))[0].Connector
		c.KeptIn, c.Reference = connector.StorageReference, &connector.Reference{Command: []string{"pass", "show", "acme"}}
		c.Added = connector.Stamp{By: "mia", Role: connector.RoleGlobalAdmin, At: noon().AddDate(0, 0, -i)}
		c.TokenSince = c.Added.At
		first := connector.PastReport(c, noon().Add(-time.Duration(i)*time.Hour))
		switch i % 4 {
		case 1:
			c.Account, c.Expires, first.Verdict, first.Code = "Ünder  Söhne", connector.DateOf(noon().AddDate(0, 0, i-20)), connector.Failing, connector.CodeNotAdmin
		case 2:
			c.Reference, first.Verdict = &connector.Reference{Env: "TOKEN"}, connector.Attention
		}
		batch = append(batch, connector.Write{After: c, Report: &first})
	}
	for _, added := range s.Save(t.Context(), batch) {
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
	outside.Open = func(Options) (ui.Deps, error) {
		return ui.Deps{Now: noon, Observer: silent{}, Store: storeIn(t, home), Timeout: time.Second}, nil
	}
	got := playOn(t.Context(), outside, "", args...)
	if got.code != 0 || got.err != "" {
		t.Fatalf("%q: %+v", args, got)
	}
	return got.out
}

// TestListReadsTwoFiles: a list is the same whether the newest outcomes stand in their file
// or only in the histories, and opens no history where they do. What an older version
// remembered of a list is deleted.
func TestListReadsTwoFiles(t *testing.T) {
	home := settledHome(t, 150)
	old := filepath.Join(home, "state", "list.cache")
	if err := os.WriteFile(old, []byte("saasconnect list 1\nacme"), 0o600); err != nil {
		t.Fatal(err)
	}
	forms := [][]string{{"list"}, {"list", "--json"}, {"list", "--ics"}}
	want := map[string]string{}
	for _, args := range forms {
		want[args[len(args)-1]] = played(t, home, args...)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("an old list.cache was left")
	}
	outcomes := filepath.Join(home, "state", "outcomes.json")
	kept, err := os.ReadFile(outcomes)
	if err != nil {
		t.Fatal(err)
	}
	histories, _ := filepath.Glob(filepath.Join(home, "state", "history", "*.json"))
	for name, change := range map[string]func() error{
		"without outcomes.json":    func() error { return os.Remove(outcomes) },
		"with a damaged one":       func() error { return os.WriteFile(outcomes, []byte(`{"version":1,"outcomes":[`), 0o600) },
		"with one of a newer form": func() error { return os.WriteFile(outcomes, []byte(`{"version":2,"outcomes":{}}`), 0o600) },
		"without histories": func() error {
			err := os.WriteFile(outcomes, kept, 0o600)
			for _, path := range histories {
				err = errors.Join(err, os.Rename(path, path+".away"))
			}
			return err
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		for _, args := range forms {
			if got := played(t, home, args...); got != want[args[len(args)-1]] {
				t.Errorf("%s, %q prints %.2000s\nwant %.2000s", name, args, got, want[args[len(args)-1]])
			}
		}
		for _, path := range histories {
			_ = os.Rename(path+".away", path)
		}
	}
	if !strings.Contains(want["list"], "\tfailing\tnot-admin\t2026-11-23T11:00:00Z\tjira\t") || !strings.Contains(want["--json"], `"code": "ok"`) || len(histories) != 150 {
		t.Errorf("%d histories, and %.2000s", len(histories), want["list"])
	}
}

func TestLongTable(t *testing.T) {
	var out strings.Builder
	p := newPrinter(&out, false, false, 80)
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

func TestListJSON(t *testing.T) {
	e := savedEntries(t, "a")[0]
	e.AddReport(connector.PastReport(e.Connector, noon()))
	got, _ := json.Marshal(entryJSON(e, noon()))
	if !strings.Contains(string(got), `"last":{"verdict":"working","code":"ok","at":"2026-11-23T12:00:00Z"}`) {
		t.Errorf("%s", got)
	}
}
