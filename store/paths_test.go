package store

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"saasconnect/connector"
)

// Where each system wants them, on whatever system this runs: the separators are this one's.
func TestPlaces(t *testing.T) {
	slashed := func(p paths) string {
		return filepath.ToSlash(p.config + " | " + p.data + " | " + p.state)
	}
	root := filepath.FromSlash("/")
	if runtime.GOOS == "windows" {
		root = `C:\`
	}
	abs := func(path string) string { return filepath.Join(root, path) }
	for name, c := range map[string]struct {
		system string
		env    map[string]string
		want   string
	}{
		"linux": {"linux", map[string]string{"HOME": "/home/mia"}, "/home/mia/.config/saasconnect | /home/mia/.local/share/saasconnect/secrets | /home/mia/.local/state/saasconnect"},
		"freebsd": {"freebsd", map[string]string{"HOME": "/home/mia", "XDG_CONFIG_HOME": abs("c"), "XDG_DATA_HOME": abs("d"), "XDG_STATE_HOME": abs("s")},
			filepath.ToSlash(abs("c/saasconnect") + " | " + abs("d/saasconnect/secrets") + " | " + abs("s/saasconnect"))},
		"relative ones are ignored": {"linux", map[string]string{"HOME": "/home/mia", "XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "../d", "XDG_STATE_HOME": "."},
			"/home/mia/.config/saasconnect | /home/mia/.local/share/saasconnect/secrets | /home/mia/.local/state/saasconnect"},
		"macOS": {"darwin", map[string]string{"HOME": "/Users/mia", "XDG_CONFIG_HOME": "/c"},
			"/Users/mia/Library/Application Support/saasconnect | /Users/mia/Library/Application Support/saasconnect/secrets | /Users/mia/Library/Application Support/saasconnect/state"},
		"Windows": {"windows", map[string]string{"AppData": "C:/Users/mia/AppData/Roaming", "LocalAppData": "C:/Users/mia/AppData/Local", "HOME": "/home/mia"},
			"C:/Users/mia/AppData/Roaming/saasconnect | C:/Users/mia/AppData/Local/saasconnect/secrets | C:/Users/mia/AppData/Local/saasconnect/state"},
		"no home":                 {"linux", nil, ""},
		"macOS without a home":    {"darwin", nil, ""},
		"Windows without AppData": {"windows", map[string]string{"LocalAppData": "C:/l"}, ""},
		"Windows without a local": {"windows", map[string]string{"AppData": "C:/r"}, ""},
	} {
		got, err := pathsOn(c.system, func(name string) string { return c.env[name] })
		if (err != nil) != (c.want == "") || err == nil && slashed(got) != c.want {
			t.Errorf("%s: %s, %v", name, slashed(got), err)
		}
	}
	if got, err := findPaths(abs("portable")); err != nil || got != (paths{abs("portable"), abs("portable/secrets"), abs("portable/state")}) {
		t.Errorf("--home: %+v, %v", got, err)
	}
}

// TestOtherOwners: what belongs to another user is not used.
func TestOtherOwners(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	home := t.TempDir()
	s, added := openedEncryptedFile(t, home)
	give := func(path string, uid int) {
		if err := os.Chown(path, uid, -1); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(home, "connectors.json")
	give(path, 12345)
	if _, err := s.Load(t.Context()); whyOf(t, err) != "unsafe" {
		t.Errorf("connectors.json: %v", err)
	}
	give(path, 0)
	give(s.encrypted.IdentityPath(), 12345)
	fresh := opened(t, home, nil)
	if got := fresh.encrypted.Probe(t.Context()); got.State != connector.StorageBroken {
		t.Errorf("%+v", got)
	}
	if err := fresh.Unlock(t.Context(), passphrase); whyOf(t, err) != "unsafe" {
		t.Errorf("identity.age: %v", err)
	}
	give(s.encrypted.IdentityPath(), 0)
	mustToken(t, s, added.ID, canary)
}
