package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/connector"
)

func readFile(t *testing.T, home string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home, "connectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// damage writes a damaged file and looks what a new start makes of it.
func damage(t *testing.T, home string, one *shelfSafe, good, bad []byte, how string) {
	t.Helper()
	path := filepath.Join(home, "connectors.json")
	for name, data := range map[string][]byte{path: bad, path + ".bak": good} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := opened(t, home, inSafe(one))
	entries, err := s.List(t.Context())
	told := s.Notices()
	switch {
	case err != nil && strings.Contains(err.Error(), "newer"): // a turned bit made it version 3
	case err != nil:
		t.Errorf("%s: %v", how, err)
	case len(entries) != 1:
		t.Errorf("%s: %d connectors", how, len(entries))
	case len(told) > 0:
		if string(readFile(t, home)) != string(good) {
			t.Errorf("%s: the good copy was not put back", how)
		}
		aside, _ := filepath.Glob(path + ".corrupt-*")
		if len(aside) == 0 {
			t.Errorf("%s: the damaged file was not kept", how)
		}
		for _, name := range aside {
			_ = os.Remove(name)
		}
	}
}

func TestDamagedWithoutACopy(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "connectors.json")
	for _, text := range []string{"", "{", "null", "[]", `{"version":1,"connectors":[{}]}`, `{"version":1,"colour":"red"}`, "\x00\x00\x00"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := opened(t, home, inSafe(newShelfSafe()))
		if _, err := s.List(t.Context()); whyOf(t, err) != "damaged" {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := s.Add(t.Context(), acmeJira(t, connector.SafeKeyring), atlassianToken(), connector.Report{}); whyOf(t, err) != "damaged" {
			t.Errorf("%q was written over: %v", text, err)
		}
		if string(readFile(t, home)) != text {
			t.Errorf("%q was changed", text)
		}
	}
	if err := os.WriteFile(path, []byte(`{"version":7,"connectors":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, home, nil).List(t.Context()); whyOf(t, err) != "newer" {
		t.Errorf("a newer file: %v", err)
	}
}

func TestModesAndLinks(t *testing.T) {
	real, home := t.TempDir(), t.TempDir()
	path := filepath.Join(home, "connectors.json")
	if err := os.Symlink(filepath.Join(real, "mine.json"), path); err != nil {
		t.Skip("this system makes no symbolic links: ", err)
	}
	if err := os.WriteFile(filepath.Join(real, "mine.json"), []byte(`{"version":1,"revision":3,"connectors":[],"loose":null}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(home, 0o755); err != nil {
		t.Fatal(err)
	}
	s := opened(t, home, inSafe(newShelfSafe()))
	mustAdd(t, s, acmeJira(t, connector.SafeKeyring))
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	noCanaryIn(t, home)
	noCanaryIn(t, real)
	if info, _ := os.Stat(home); !private(info) {
		t.Errorf("the folder is open to others: %v", info.Mode())
	}
}

func TestStaleTempsAreSwept(t *testing.T) {
	home := t.TempDir()
	old, young := filepath.Join(home, ".connectors.json.tmp-1"), filepath.Join(home, ".connectors.json.tmp-2")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, age := range map[string]time.Duration{old: 2 * staleTemp, young: time.Minute} {
		if err := os.Chtimes(name, day.Add(-age), day.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	mustAdd(t, opened(t, home, inSafe(newShelfSafe())), acmeJira(t, connector.SafeKeyring))
	if _, err := os.Stat(old); err == nil {
		t.Error("a stale temporary file was left")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("someone's temporary file was removed while it may be in use")
	}
}
