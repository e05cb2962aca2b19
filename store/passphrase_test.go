package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"saasconnect/connector"
)

const newPassphrase = "staple battery horse correct"

// TestChangePassphraseWithAKeyFile: the file is not ours to write, so it is said.
func TestChangePassphraseWithAKeyFile(t *testing.T) {
	home, key := t.TempDir(), filepath.Join(t.TempDir(), "key")
	_, added := openedEncryptedFile(t, home)
	write := func(text string) {
		if err := os.WriteFile(key, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(passphrase)
	withKey := func(o *Options) { o.KeyFile = key }
	s := opened(t, home, withKey)
	if err := s.ChangePassphrase(t.Context(), passphrase, newPassphrase); err != nil {
		t.Fatal(err)
	}
	if told := s.Notices(); len(told) != 1 || !strings.Contains(told[0], "SAASCONNECT_KEY_FILE") || strings.Contains(told[0], "staple") {
		t.Errorf("told %q", told)
	}
	if got := opened(t, home, withKey).encrypted.Probe(t.Context()); got.State != connector.StorageBroken {
		t.Errorf("%+v", got)
	}
	write(newPassphrase)
	mustToken(t, opened(t, home, withKey), added.ID, canary)
}

// copied is a folder with everything that another one holds.
func copied(t *testing.T, from string) string {
	t.Helper()
	return copiedTo(t, from, filepath.Join(t.TempDir(), "home"))
}

func copiedTo(t *testing.T, from, to string) string {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
