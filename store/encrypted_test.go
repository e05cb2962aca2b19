package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

const passphrase = "correct horse battery"

// openedEncryptedFile is a store with an unlocked vault and one connector in it.
func openedEncryptedFile(t *testing.T, home string) (*Store, connector.Connector) {
	t.Helper()
	s := opened(t, home, nil)
	must(t, s.CreateEncryptedFile(t.Context(), passphrase))
	return s, mustAdd(t, s, acmeJira(t, connector.StorageFile))
}

// enter opens the encrypted file with a passphrase, or makes it where there is none.
func enter(ctx context.Context, s *Store, passphrase string) error {
	err := s.Unlock(ctx, passphrase)
	if secret.Is(err, connector.StorageWhyNew) {
		err = s.CreateEncryptedFile(ctx, passphrase)
	}
	if secret.Is(err, connector.StorageWhyExists) { // another was faster
		err = s.Unlock(ctx, passphrase)
	}
	return err
}

// TestLookingMakesNothing: a probe with a key file finds out whether it would do, and
// leaves the folder as it is.
func TestLookingMakesNothing(t *testing.T) {
	home, key := filepath.Join(t.TempDir(), "home"), filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(passphrase+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	withKey := func(o *Options) { o.KeyFile = key }
	s := opened(t, home, withKey)
	if got := s.encrypted.Probe(t.Context()); got.State != connector.StorageReady {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(home); err == nil {
		t.Error("looking made the folder")
	}
	if err := s.TestStorage(t.Context(), connector.StorageFile); err != nil {
		t.Fatal(err)
	}
	if n := len(contentOf(t, s).References); n != 0 {
		t.Errorf("trying left %d loose references", n)
	}
	added := mustAdd(t, s, acmeJira(t, connector.StorageFile))
	mustToken(t, opened(t, home, withKey), added.ID, canary)
	if err := os.WriteFile(key, []byte("another passphrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := opened(t, home, withKey)
	if got := wrong.encrypted.Probe(t.Context()); got.State != connector.StorageBroken || !strings.Contains(got.Detail, "SAASCONNECT_KEY_FILE") {
		t.Errorf("%+v", got)
	}
	if _, err := wrong.Token(t.Context(), added.ID); whyOf(t, err) != "wrong-passphrase" {
		t.Errorf("%v", err)
	}
}

// TestVaultsThatCantBeWritten: what the disk says to the vault is said of the storage.
func TestVaultsThatCantBeWritten(t *testing.T) {
	home := t.TempDir()
	s, added := openedEncryptedFile(t, home)
	for _, ref := range []string{"too long a value"} {
		if err := s.encrypted.Put(t.Context(), ref, make([]byte, 64<<10)); whyOf(t, err) != "too-big" {
			t.Errorf("%v", err)
		}
	}
	if err := os.RemoveAll(s.encrypted.Dir()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Token(t.Context(), added.ID); whyOf(t, err) != "missing" {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(s.encrypted.Dir(), nil, 0o600); err != nil { // a file where the folder was
		t.Fatal(err)
	}
	if _, err := s.Token(t.Context(), added.ID); whyOf(t, err) != "read-only" {
		t.Errorf("the token behind a file where the folder was: %v", err)
	}
	_, err := add(s, t.Context(), acmeJira(t, connector.StorageFile), atlassian.NewToken(canary), connector.Report{})
	if why := whyOf(t, err); why != "read-only" {
		t.Errorf("%v", err)
	}
	if n := len(contentOf(t, s).Connectors); n != 1 {
		t.Errorf("%d connectors", n)
	}
}

// doors are the two ways into an encrypted file: the real one's and practice's.
type doors interface {
	Unlock(ctx context.Context, passphrase string) error
	CreateEncryptedFile(ctx context.Context, passphrase string) error
	TestStorage(ctx context.Context, kind connector.StorageKind) error
}

// TestUnlockingMakesNothing: an encrypted file that is not there can't be unlocked, and no
// file is made of what was typed for that. Making one is another door, which refuses a short
// passphrase and a file that is there.
func TestUnlockingMakesNothing(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	worlds := map[string]doors{
		"real":     opened(t, home, nil),
		"practice": OpenMemory(MemoryOptions{Now: time.Now, Storages: []connector.StorageStatus{{Kind: connector.StorageFile, State: connector.StorageNew}}}),
	}
	for name, s := range worlds {
		for _, typed := range []string{"x", passphrase} {
			if err := s.Unlock(t.Context(), typed); err == nil || whyOf(t, err) != "new" {
				t.Errorf("%s: unlocked with %q where nothing is: %v", name, typed, err)
			}
		}
		if _, err := os.Stat(home); err == nil && name == "real" {
			t.Error("unlocking made the folder")
		}
		if err := s.TestStorage(t.Context(), connector.StorageFile); err == nil || whyOf(t, err) != "new" {
			t.Errorf("%s: trying: %v", name, err)
		}
		if err := s.CreateEncryptedFile(t.Context(), "elf letters"); err == nil || whyOf(t, err) != "unsafe" ||
			!strings.Contains(connector.Explain(err).Title, "12 characters") {
			t.Errorf("%s: made with a short passphrase: %v", name, err)
		}
		must(t, s.CreateEncryptedFile(t.Context(), passphrase))
		must(t, s.TestStorage(t.Context(), connector.StorageFile))
		if err := s.CreateEncryptedFile(t.Context(), passphrase); err == nil || whyOf(t, err) != "exists" {
			t.Errorf("%s: made twice: %v", name, err)
		}
		must(t, s.Unlock(t.Context(), passphrase))
	}
	again := opened(t, home, nil)
	if err := again.CreateEncryptedFile(t.Context(), newPassphrase); err == nil || whyOf(t, err) != "exists" {
		t.Errorf("a new process made another: %v", err)
	}
	must(t, again.Unlock(t.Context(), passphrase))
}

// TestTheFolderOfTokensIsAway: where connectors.json says that tokens are in the encrypted
// file and its folder is not there, as before a mount, no new one is begun in its place.
func TestTheFolderOfTokensIsAway(t *testing.T) {
	home, away := t.TempDir(), filepath.Join(t.TempDir(), "secrets")
	s, added := openedEncryptedFile(t, home)
	must(t, os.Rename(s.encrypted.Dir(), away))
	key := filepath.Join(t.TempDir(), "key")
	must(t, os.WriteFile(key, []byte(passphrase), 0o600))
	fresh := opened(t, home, func(o *Options) { o.KeyFile = key })
	if got := fresh.encrypted.Probe(t.Context()); got.State != connector.StorageBroken || !strings.Contains(got.Remedy, home) {
		t.Errorf("%+v", got)
	}
	if err := fresh.CreateEncryptedFile(t.Context(), passphrase); err == nil || whyOf(t, err) != "damaged" {
		t.Errorf("created: %v", err)
	}
	if _, err := add(fresh, t.Context(), acmeJira(t, connector.StorageFile), atlassian.NewToken(canary), connector.Report{}); err == nil || whyOf(t, err) != "damaged" ||
		!strings.Contains(connector.Explain(err).Remedy, home) {
		t.Errorf("added: %v", err)
	}
	if _, err := os.Stat(s.encrypted.Dir()); err == nil {
		t.Error("a folder was made")
	}
	must(t, os.Rename(away, s.encrypted.Dir()))
	mustToken(t, opened(t, home, func(o *Options) { o.KeyFile = key }), added.ID, canary)
	must(t, removed(fresh.Remove(t.Context(), added.ID)))
	must(t, os.RemoveAll(s.encrypted.Dir())) // no longer needed
	mustAdd(t, opened(t, home, func(o *Options) { o.KeyFile = key }), acmeJira(t, connector.StorageFile))
}
