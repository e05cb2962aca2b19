package secret

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// opensWith reports whether a fresh process reads a connector's token with a passphrase.
func opensWith(t *testing.T, home, id, passphrase string) bool {
	t.Helper()
	s := opened(t, home, nil)
	err := s.Unlock(t.Context(), passphrase)
	switch {
	case err == nil:
		mustToken(t, s, id, canary)
		return true
	case whyOf(t, err) != "wrong-passphrase":
		t.Errorf("unlocking: %v", err)
	}
	return false
}

func TestChangePassphrase(t *testing.T) {
	home := t.TempDir()
	_, added := openedFile(t, home)
	before := readOf(t, filepath.Join(home, "secrets", "identity.age"))
	s := opened(t, home, nil)
	for _, wrong := range []string{"", newPassphrase, "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33"} {
		if err := s.ChangePassphrase(t.Context(), wrong, newPassphrase); whyOf(t, err) != "wrong-passphrase" {
			t.Errorf("with the wrong old one: %v", err)
		}
	}
	if err := s.ChangePassphrase(t.Context(), passphrase, ""); err == nil {
		t.Error("an empty one was taken")
	}
	if !bytes.Equal(before, readOf(t, s.IdentityPath())) {
		t.Fatal("a refused change changed something")
	}
	if err := s.ChangePassphrase(t.Context(), passphrase, newPassphrase); err != nil {
		t.Fatal(err)
	}
	mustToken(t, s, added, canary) // it is open now
	if opensWith(t, home, added, passphrase) || !opensWith(t, home, added, newPassphrase) {
		t.Error("it is not the new passphrase that opens it")
	}
	noCanaryIn(t, home)
	err := opened(t, filepath.Join(home, "new"), nil).ChangePassphrase(t.Context(), passphrase, newPassphrase)
	if whyOf(t, err) != "new" {
		t.Errorf("where there is no passphrase yet: %v", err)
	}
}

// TestChangePassphraseFails: each step fails in turn, with the process alive. The old one
// or the new one opens everything, and it is the one that the answer says.
func TestChangePassphraseFails(t *testing.T) {
	source := t.TempDir()
	_, added := openedFile(t, source)
	for n := 0; ; n++ {
		home := copied(t, source)
		left, met := n, ""
		s := opened(t, home, func(o *EncryptedOptions) {
			o.Fail = func(point string) error {
				if left--; left == -1 {
					met = point
					return os.ErrPermission
				}
				return nil
			}
		})
		err := s.ChangePassphrase(t.Context(), passphrase, newPassphrase)
		if met == "" {
			t.Logf("%d steps", n)
			return
		}
		late := strings.HasSuffix(met, ":renamed") // the rename is the commit
		if late != (err == nil) || !late && whyOf(t, err) != "read-only" {
			t.Errorf("%s: %v", met, err)
		}
		if opensWith(t, home, added, passphrase) != !late || opensWith(t, home, added, newPassphrase) != late {
			t.Errorf("%s: the wrong one of both opens it", met)
		}
		if temps, _ := filepath.Glob(filepath.Join(home, "secrets", ".*")); len(temps) > 0 {
			t.Errorf("%s: left %v", met, temps)
		}
	}
}

// TestChangedByTwo: of two who change it at once, each with the old one, one is told that
// it was changed, or that the old one is wrong by now; what the other chose stands.
func TestChangedByTwo(t *testing.T) {
	home := t.TempDir()
	_, added := openedFile(t, home)
	var wait sync.WaitGroup
	errs := make([]error, 2)
	chosen := []string{newPassphrase, newPassphrase + " again"}
	for i := range chosen {
		s := opened(t, home, nil)
		wait.Go(func() { errs[i] = s.ChangePassphrase(t.Context(), passphrase, chosen[i]) })
	}
	wait.Wait()
	done := 0
	for i, err := range errs {
		if err == nil {
			done++
		} else if why := whyOf(t, err); why != "wrong-passphrase" && why != "changed" {
			t.Errorf("%v", err)
		}
		if opensWith(t, home, added, chosen[i]) != (err == nil) {
			t.Errorf("the answer was %v, and it is not so", err)
		}
	}
	if done != 1 {
		t.Errorf("%d of two changed it", done)
	}
}

// TestChangedMeanwhile: what another process wrote between the look and the commit is not
// written over.
func TestChangedMeanwhile(t *testing.T) {
	home := t.TempDir()
	s, added := openedFile(t, home)
	r, err := s.rekey(passphrase, newPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := opened(t, home, nil).ChangePassphrase(t.Context(), passphrase, "another one entirely"); err != nil {
		t.Fatal(err)
	}
	if err := s.commit(t.Context(), r); err == nil || whyOf(t, err) != "changed" {
		t.Errorf("%v", err)
	}
	if !opensWith(t, home, added, "another one entirely") {
		t.Error("it was written over")
	}
}

func TestChangePassphraseEndsWithItsContext(t *testing.T) {
	home := t.TempDir()
	s, added := openedFile(t, home)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.ChangePassphrase(ctx, passphrase, newPassphrase); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if !opensWith(t, home, added, passphrase) {
		t.Error("given up, and changed all the same")
	}
}

// copied is a folder with everything that another one holds.
func copied(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(from)))
	must(t, os.Chmod(filepath.Join(to, "secrets"), 0o700))
	return to
}
