package store

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"saasconnect/connector"
)

func TestPlaces(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the variables are those of Linux")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "c"))
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "d"))
	t.Setenv("XDG_STATE_HOME", "relative")
	got, err := findPlaces("")
	want := places{home + "/c/saasconnect", home + "/d/saasconnect/secrets", home + "/.local/state/saasconnect"}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	t.Setenv("XDG_DATA_HOME", "../relative")
	if got, err = findPlaces(""); err != nil || got.data != home+"/.local/share/saasconnect/secrets" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = findPlaces("/portable"); err != nil || got != (places{"/portable", "/portable/secrets", "/portable/state"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestOtherOwners: what belongs to another user is not used.
func TestOtherOwners(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	home := t.TempDir()
	s, added := openedVault(t, home)
	give := func(path string, uid int) {
		if err := os.Chown(path, uid, -1); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(home, "connectors.json")
	give(path, 12345)
	if _, err := s.List(t.Context()); whyOf(t, err) != "unsafe" {
		t.Errorf("connectors.json: %v", err)
	}
	give(path, 0)
	give(s.vault.identityPath(), 12345)
	fresh := opened(t, home, nil)
	if got := fresh.vault.probe(t.Context()); got.State != connector.SafeBroken {
		t.Errorf("%+v", got)
	}
	if err := fresh.Unlock(t.Context(), passphrase); whyOf(t, err) != "unsafe" {
		t.Errorf("identity.age: %v", err)
	}
	give(s.vault.identityPath(), 0)
	mustToken(t, s, added.ID, canary)
}
