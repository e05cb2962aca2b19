package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

const passphrase = "correct horse battery"

// openedVault is a store with an unlocked vault and one connector in it.
func openedVault(t *testing.T, home string) (*Store, connector.Connector) {
	t.Helper()
	s := opened(t, home, nil)
	must(t, s.CreateEncryptedFile(t.Context(), passphrase))
	return s, mustAdd(t, s, acmeJira(t, connector.StorageFile))
}

// enter opens the encrypted file with a passphrase, or makes it where there is none.
func enter(ctx context.Context, s *Store, passphrase string) error {
	err := s.Unlock(ctx, passphrase)
	if isWhy(err, connector.StorageWhyNew) {
		err = s.CreateEncryptedFile(ctx, passphrase)
	}
	if isWhy(err, connector.StorageWhyExists) { // another was faster
		err = s.Unlock(ctx, passphrase)
	}
	return err
}

// TestTwoVaultsAtOnce: two processes that both find none make one, and each can read
// what the other sealed.
func TestTwoVaultsAtOnce(t *testing.T) {
	for range 10 {
		home := t.TempDir()
		stores := []*Store{opened(t, home, nil), opened(t, home, nil), opened(t, home, nil)}
		added := make([]connector.Connector, len(stores))
		var wait sync.WaitGroup
		for i, s := range stores {
			wait.Go(func() {
				if err := enter(t.Context(), s, passphrase); err != nil {
					t.Error(err)
					return
				}
				added[i] = mustAdd(t, s, acmeJira(t, connector.StorageFile))
			})
		}
		wait.Wait()
		for _, s := range stores {
			for _, c := range added {
				mustToken(t, s, c.ID, canary)
			}
		}
	}
}

// TestDamagedVault: every byte of both kinds of file turned or cut off is said as damage
// or as a wrong passphrase, never as a token.
func TestDamagedVault(t *testing.T) {
	home := t.TempDir()
	s, added := openedVault(t, home)
	token := s.vault.path(contentOf(t, s).Connectors[0].Ref)
	for _, path := range []string{token, s.vault.identityPath()} {
		good := readOf(t, path)
		try := func(bad []byte, how string) {
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			fresh := s
			if path != token {
				fresh = opened(t, home, nil)
				if err := fresh.Unlock(t.Context(), passphrase); err != nil {
					if why := whyOf(t, err); why != "damaged" && why != "wrong-passphrase" {
						t.Errorf("%s: %v", how, err)
					}
					return
				}
			}
			got, err := fresh.Token(t.Context(), added.ID)
			if err == nil && got.Reveal() != canary || err != nil && whyOf(t, err) != "damaged" {
				t.Errorf("%s: %v", how, err)
			}
			noCanaryInError(t, err)
		}
		for i := 0; i < len(good); i += 3 {
			try(good[:i], "cut")
			turned := bytes.Clone(good)
			turned[i] ^= 4
			try(turned, "turned")
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		mustToken(t, s, added.ID, canary)
	}
}

// TestLostIdentity: no new vault is begun beside tokens that only the old one opens.
func TestLostIdentity(t *testing.T) {
	home := t.TempDir()
	s, added := openedVault(t, home)
	away := filepath.Join(t.TempDir(), "identity.age")
	if err := os.Rename(s.vault.identityPath(), away); err != nil {
		t.Fatal(err)
	}
	fresh := opened(t, home, nil)
	if got := fresh.vault.probe(t.Context()); got.State != connector.StorageBroken || !strings.Contains(got.Remedy, "identity.age") {
		t.Errorf("%+v", got)
	}
	if err := fresh.Unlock(t.Context(), passphrase); whyOf(t, err) != "damaged" {
		t.Errorf("%v", err)
	}
	if err := os.Rename(away, s.vault.identityPath()); err != nil {
		t.Fatal(err)
	}
	if err := fresh.Unlock(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	mustToken(t, fresh, added.ID, canary)
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
	if got := s.vault.probe(t.Context()); got.State != connector.StorageReady {
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
	if got := wrong.vault.probe(t.Context()); got.State != connector.StorageBroken || !strings.Contains(got.Detail, "SAASCONNECT_KEY_FILE") {
		t.Errorf("%+v", got)
	}
	if _, err := wrong.Token(t.Context(), added.ID); whyOf(t, err) != "wrong-passphrase" {
		t.Errorf("%v", err)
	}
}

func TestUnlockEndsWithItsContext(t *testing.T) {
	home := t.TempDir()
	openedVault(t, home)
	s := opened(t, home, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Unlock(ctx, passphrase); err == nil { // it may also have been done in time
		if s.vault.opened() == nil {
			t.Error("it says it is open, and is not")
		}
	} else if ctx.Err() == nil || err != ctx.Err() { //nolint:errorlint // the very error is meant
		t.Errorf("%v", err)
	}
}

// TestVaultsThatCantBeWritten: what the disk says to the vault is said of the safe.
func TestVaultsThatCantBeWritten(t *testing.T) {
	home := t.TempDir()
	s, added := openedVault(t, home)
	for _, ref := range []string{"too long a value"} {
		if err := s.vault.put(t.Context(), ref, make([]byte, largestSecret)); whyOf(t, err) != "too-big" {
			t.Errorf("%v", err)
		}
	}
	if err := os.RemoveAll(s.vault.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Token(t.Context(), added.ID); whyOf(t, err) != "missing" {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(s.vault.dir, nil, 0o600); err != nil { // a file where the folder was
		t.Fatal(err)
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
		"practice": OpenMemory(MemoryOptions{Storages: []connector.StorageStatus{{Kind: connector.StorageFile, State: connector.StorageNew}}}),
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
			!strings.Contains(connector.TroubleOf(err).Title, "12 characters") {
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
	s, added := openedVault(t, home)
	must(t, os.Rename(s.vault.dir, away))
	key := filepath.Join(t.TempDir(), "key")
	must(t, os.WriteFile(key, []byte(passphrase), 0o600))
	fresh := opened(t, home, func(o *Options) { o.KeyFile = key })
	if got := fresh.vault.probe(t.Context()); got.State != connector.StorageBroken || !strings.Contains(got.Remedy, home) {
		t.Errorf("%+v", got)
	}
	if err := fresh.CreateEncryptedFile(t.Context(), passphrase); err == nil || whyOf(t, err) != "damaged" {
		t.Errorf("created: %v", err)
	}
	if _, err := add(fresh, t.Context(), acmeJira(t, connector.StorageFile), atlassian.NewToken(canary), connector.Report{}); err == nil || whyOf(t, err) != "damaged" ||
		!strings.Contains(connector.TroubleOf(err).Remedy, home) {
		t.Errorf("added: %v", err)
	}
	if _, err := os.Stat(s.vault.dir); err == nil {
		t.Error("a folder was made")
	}
	must(t, os.Rename(away, s.vault.dir))
	mustToken(t, opened(t, home, func(o *Options) { o.KeyFile = key }), added.ID, canary)
	must(t, removed(fresh.Remove(t.Context(), added.ID)))
	must(t, os.RemoveAll(s.vault.dir)) // nobody needs it any more
	mustAdd(t, opened(t, home, func(o *Options) { o.KeyFile = key }), acmeJira(t, connector.StorageFile))
}
