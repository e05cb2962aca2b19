//go:build !windows

package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

const stranger = 12345

// TestAHomeThatOthersCanChange: what another user could have put there or can change is not
// used, nothing is written through it, and no file that is not a regular one blocks the program.
func TestAHomeThatOthersCanChange(t *testing.T) {
	must := func(err error) { must(t, err) }
	link := func(home, name, to string, uid int) {
		path := filepath.Join(home, name)
		must(os.RemoveAll(path))
		must(os.Symlink(to, path))
		if uid != os.Geteuid() {
			must(os.Lchown(path, uid, -1))
		}
	}
	for name, c := range map[string]struct {
		root bool // only root can bring it about
		why  string
		do   func(home, mine string)
	}{
		"the folder can be written by all":    {false, "unsafe", func(home, _ string) { must(os.Chmod(home, 0o777)) }},
		"the folder can be written by some":   {false, "unsafe", func(home, _ string) { must(os.Chmod(home, 0o770)) }},
		"the folder is theirs":                {true, "unsafe", func(home, _ string) { must(os.Chown(home, stranger, -1)) }},
		"the encrypted folder can be written": {false, "unsafe", func(home, _ string) { must(os.Chmod(filepath.Join(home, "secrets"), 0o777)) }},
		"their link to my file":               {true, "unsafe", func(home, mine string) { link(home, "connectors.json", mine, stranger) }},
		"their link in the copy's place":      {true, "unsafe", func(home, mine string) { link(home, "connectors.json.bak", mine, stranger) }},
		"their link to my settings":           {true, "unsafe", func(home, mine string) { link(home, "settings.json", mine, stranger) }},
		"their link to a folder":              {true, "unsafe", func(home, mine string) { link(home, "secrets", filepath.Dir(mine), stranger) }},
		"their link in the lock's place":      {true, "unsafe", func(home, mine string) { link(home, lockName, mine, stranger) }},
		"my link to a pipe": {false, "not-plain", func(home, _ string) {
			pipe := filepath.Join(t.TempDir(), "pipe")
			must(syscall.Mkfifo(pipe, 0o600))
			link(home, "connectors.json.bak", pipe, os.Geteuid())
		}},
		"my link to a file of theirs": {true, "unsafe", func(home, mine string) {
			must(os.Chown(mine, stranger, -1))
			link(home, "connectors.json.bak", mine, os.Geteuid())
		}},
		"a pipe in the lock's place": {false, "not-plain", func(home, _ string) {
			must(os.Remove(filepath.Join(home, lockName)))
			must(syscall.Mkfifo(filepath.Join(home, lockName), 0o600))
		}},
		"a pipe in the copy's place": {false, "not-plain", func(home, _ string) {
			must(os.Remove(filepath.Join(home, "connectors.json.bak")))
			must(syscall.Mkfifo(filepath.Join(home, "connectors.json.bak"), 0o600))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.root && os.Geteuid() != 0 {
				t.Skip("only root can give files away")
			}
			home := t.TempDir()
			s, _ := openedEncryptedFile(t, home)
			must(s.SetSettings(t.Context(), connector.Settings{Role: connector.RoleAccountAdmin}))
			mine := filepath.Join(t.TempDir(), "precious")
			const precious = "what is mine\n"
			must(os.WriteFile(mine, []byte(precious), 0o644))
			c.do(home, mine)
			fresh := opened(t, home, nil)
			done := make(chan []error)
			go func() {
				_ = fresh.Unlock(t.Context(), passphrase)
				_, added := add(fresh, t.Context(), acmeJira(t, connector.StorageFile), atlassian.NewToken(canary), connector.Report{})
				set := fresh.SetSettings(t.Context(), connector.Settings{KeepIn: connector.StorageFile})
				done <- []error{added, set}
			}()
			select {
			case errs := <-done:
				if refused(t, errs) != c.why {
					t.Errorf("refused with %v", errs)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("it hangs")
			}
			if info, err := os.Stat(mine); err != nil || string(readOf(t, mine)) != precious || info.Mode().Perm() != 0o644 {
				t.Errorf("what is mine was changed: %v, %v", info, err)
			}
			if others, _ := os.ReadDir(filepath.Dir(mine)); len(others) != 1 {
				t.Errorf("written beside it: %v", others)
			}
		})
	}
}

// refused is why the first of some was refused.
func refused(t *testing.T, errs []error) string {
	for _, err := range errs {
		if err != nil {
			return whyOf(t, err)
		}
	}
	return ""
}

// TestAFolderThatWasThere keeps its mode: it may be one that a person shares with others, and
// only what is made here is closed to them.
func TestAFolderThatWasThere(t *testing.T) {
	home := t.TempDir()
	must(t, os.Chmod(home, 0o755))
	openedEncryptedFile(t, home)
	for name, want := range map[string]os.FileMode{".": 0o755, "secrets": 0o700, "state": 0o700, "connectors.json": 0o600} {
		info, err := os.Stat(filepath.Join(home, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// letOthersRead lets every user read a file.
func letOthersRead(t *testing.T, path string) {
	t.Helper()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
}
