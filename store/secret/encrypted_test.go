package secret

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

const (
	passphrase    = "correct horse battery"
	newPassphrase = "staple battery horse correct"
)

// writing is the lock of all encrypted files of these tests.
var writing sync.Mutex

// opened is the encrypted file below a home, as a new process opens it.
func opened(t testing.TB, home string, change func(*EncryptedOptions)) *EncryptedFile {
	t.Helper()
	o := EncryptedOptions{
		Dir: filepath.Join(home, "secrets"), Now: func() time.Time { return day }, WorkFactor: 10,
		Lock: func(_ context.Context, do func() error) error {
			writing.Lock()
			defer writing.Unlock()
			return do()
		},
		Needed: func() (bool, error) { return false, nil },
	}
	if change != nil {
		change(&o)
	}
	return NewEncryptedFile(o)
}

// openedFile is an unlocked encrypted file with one token in it, and the token's reference.
func openedFile(t testing.TB, home string) (s *EncryptedFile, ref string) {
	t.Helper()
	s = opened(t, home, nil)
	must(t, s.Create(t.Context(), passphrase))
	return s, mustPut(t, s)
}

// mustPut puts a token of acmeJira under a new reference.
func mustPut(t testing.TB, s *EncryptedFile) (ref string) {
	t.Helper()
	var b [16]byte
	_, _ = rand.Read(b[:])
	ref = fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	must(t, EnvelopeStorage{s}.Put(t.Context(), acmeJira(t, connector.StorageFile), ref, atlassian.NewToken(canary)))
	return ref
}

// token is what is kept for acmeJira under a reference.
func token(t testing.TB, s *EncryptedFile, ref string) (atlassian.Token, error) {
	return EnvelopeStorage{s}.Get(t.Context(), acmeJira(t, connector.StorageFile), ref)
}

func mustToken(t testing.TB, s *EncryptedFile, ref, want string) {
	t.Helper()
	got, err := token(t, s, ref)
	must(t, err)
	if got.Reveal() != want {
		t.Fatal("it gave another token than the one it was given")
	}
}

func readOf(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return data
}

// noCanaryIn reads every file: the token is in none of them in clear.
func noCanaryIn(t testing.TB, dir string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && bytes.Contains(readOf(t, path), []byte("CANARY")) {
			t.Errorf("the token stands in %s", path)
		}
		return err
	}))
}

// enter opens the encrypted file with a passphrase, or makes it where there is none.
func enter(ctx context.Context, s *EncryptedFile, passphrase string) error {
	err := s.Unlock(ctx, passphrase)
	if Is(err, connector.StorageWhyNew) {
		err = s.Create(ctx, passphrase)
	}
	if Is(err, connector.StorageWhyExists) { // another was faster
		err = s.Unlock(ctx, passphrase)
	}
	return err
}

// TestTwoEncryptedFilesAtOnce: two processes that both find none make one, and each can read
// what the other encrypted.
func TestTwoEncryptedFilesAtOnce(t *testing.T) {
	for range 10 {
		home := t.TempDir()
		stores := []*EncryptedFile{opened(t, home, nil), opened(t, home, nil), opened(t, home, nil)}
		added := make([]string, len(stores))
		var wait sync.WaitGroup
		for i, s := range stores {
			wait.Go(func() {
				if err := enter(t.Context(), s, passphrase); err != nil {
					t.Error(err)
					return
				}
				added[i] = mustPut(t, s)
			})
		}
		wait.Wait()
		for _, s := range stores {
			for _, ref := range added {
				mustToken(t, s, ref, canary)
			}
		}
	}
}

// TestDamagedEncryptedFile: every byte of both kinds of file turned or cut off is said as damage
// or as a wrong passphrase, never as a token.
func TestDamagedEncryptedFile(t *testing.T) {
	home := t.TempDir()
	s, added := openedFile(t, home)
	encrypted := s.path(added)
	for _, path := range []string{encrypted, s.IdentityPath()} {
		good := readOf(t, path)
		try := func(bad []byte, how string) {
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			fresh := s
			if path != encrypted {
				fresh = opened(t, home, nil)
				if err := fresh.Unlock(t.Context(), passphrase); err != nil {
					if why := whyOf(t, err); why != "damaged" && why != "wrong-passphrase" {
						t.Errorf("%s: %v", how, err)
					}
					return
				}
			}
			got, err := token(t, fresh, added)
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
		mustToken(t, s, added, canary)
	}
}

// TestLostIdentity: no new identity is begun beside tokens that only the old one opens.
func TestLostIdentity(t *testing.T) {
	home := t.TempDir()
	s, added := openedFile(t, home)
	away := filepath.Join(t.TempDir(), "identity.age")
	if err := os.Rename(s.IdentityPath(), away); err != nil {
		t.Fatal(err)
	}
	fresh := opened(t, home, nil)
	if got := fresh.Probe(t.Context()); got.State != connector.StorageBroken || !strings.Contains(got.Remedy, "identity.age") {
		t.Errorf("%+v", got)
	}
	if err := fresh.Unlock(t.Context(), passphrase); whyOf(t, err) != "damaged" {
		t.Errorf("%v", err)
	}
	if err := os.Rename(away, s.IdentityPath()); err != nil {
		t.Fatal(err)
	}
	if err := fresh.Unlock(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	mustToken(t, fresh, added, canary)
}

func TestUnlockEndsWithItsContext(t *testing.T) {
	home := t.TempDir()
	openedFile(t, home)
	s := opened(t, home, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Unlock(ctx, passphrase); err == nil { // it may also have been done in time
		if s.opened() == nil {
			t.Error("it says it is open, and is not")
		}
	} else if ctx.Err() == nil || err != ctx.Err() { //nolint:errorlint // the very error is meant
		t.Errorf("%v", err)
	}
}

// TestMadeMeanwhile: another process makes the encrypted file between two looks at it. That is a locked
// one, and no damage.
func TestMadeMeanwhile(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, nil)
	s.o.Needed = func() (bool, error) {
		openedFile(t, home)
		return true, nil
	}
	if state, err := s.state(); err != nil || state != connector.StorageLocked {
		t.Errorf("%q, %v", state, err)
	}
}
