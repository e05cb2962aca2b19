//go:build !windows

package store

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"saasconnect/connector"
)

// unprivileged runs a test again as a user whom modes bind; root is not.
func unprivileged(t *testing.T) {
	dir, err := os.MkdirTemp("", "nobody")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := filepath.Join(dir, "test")
	must(t, os.WriteFile(program, []byte(readOf(t, os.Args[0])), 0o700))
	must(t, os.Chown(program, stranger, -1))
	must(t, os.Chown(dir, stranger, -1))
	child := exec.CommandContext(t.Context(), program, "-test.run=^"+t.Name()+"$")
	child.Dir, child.Env = dir, append(os.Environ(), "TMPDIR="+dir, "HOME="+dir)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestUnreadableIsNotUnwritable: what may not be read is told as that, and not as a folder
// that can't be written.
func TestUnreadableIsNotUnwritable(t *testing.T) {
	if os.Geteuid() == 0 {
		unprivileged(t)
		return
	}
	home := t.TempDir()
	s, added := openedEncryptedFile(t, home)
	encrypted := encryptedPath(s, contentOf(t, s).Connectors[0].Ref)
	for path, ask := range map[string]func(*Store) error{
		s.disk.path:                func(s *Store) error { _, err := s.Load(t.Context()); return err },
		s.encrypted.IdentityPath(): func(s *Store) error { return s.Unlock(t.Context(), passphrase) },
		encrypted: func(s *Store) error {
			must(t, s.Unlock(t.Context(), passphrase))
			_, err := s.Token(t.Context(), added.ID)
			return err
		},
	} {
		must(t, os.Chmod(path, 0))
		words := connector.Explain(ask(opened(t, home, nil)))
		if said := words.Title + words.Why + words.Remedy; strings.Contains(said, "be written") || !strings.Contains(said, "read") || !strings.Contains(said, path) {
			t.Errorf("%s: %+v", path, words)
		}
		must(t, os.Chmod(path, 0o600))
	}
}
