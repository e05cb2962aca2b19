package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Real disks on their bad days: one that is full, one that is read-only, a limit on the
// size of a file. Each runs in a process of its own, with mounts that no other
// process sees and that end with it.

const (
	diskMark  = "SAASCONNECT_TEST_DISK"
	limitMark = "SAASCONNECT_TEST_LIMIT"
)

// TestDisks starts the process that the mounts are made in: as root in a mount namespace
// of its own, else as root of a user namespace of its own.
func TestDisks(t *testing.T) {
	parts := []struct {
		name string
		run  func(*testing.T)
	}{{"full", fullDisk}, {"read-only", readOnlyDisk}}
	inside := os.Getenv(diskMark)
	for _, part := range parts {
		if inside == part.name {
			part.run(t)
		}
		if inside != "" {
			continue
		}
		t.Run(part.name, func(t *testing.T) {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDisks$", "-test.v")
			child.Env = append(os.Environ(), diskMark+"="+part.name)
			child.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
			if os.Geteuid() != 0 {
				child.SysProcAttr = &syscall.SysProcAttr{
					Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
					UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
				}
			}
			out, err := child.CombinedOutput()
			if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.ENOSPC) {
				t.Skip("no mounts of one's own on this machine: ", err)
			}
			if strings.Contains(string(out), "SKIP: TestDisks") {
				t.Skipf("%s", out)
			}
			if err != nil || !strings.Contains(string(out), "PASS: TestDisks") {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

// mounted is a disk in memory.
func mounted(t *testing.T, options string) (home string, remount func(flags uintptr)) {
	t.Helper()
	home = t.TempDir()
	if err := syscall.Mount("tmpfs", home, "tmpfs", 0, options); err != nil {
		t.Skip("nothing can be mounted here: ", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(home, 0)) })
	return home, func(flags uintptr) {
		must(t, syscall.Mount("tmpfs", home, "tmpfs", syscall.MS_REMOUNT|flags, options))
	}
}

// changesOf are what a person can do, and whether a full disk may hinder it.
func changesOf(target connector.Connector) map[string]func(*testing.T, *Store) error {
	return map[string]func(*testing.T, *Store) error{
		"add": func(t *testing.T, s *Store) error {
			_, err := add(s, t.Context(), acmeJira(t, connector.StorageFile), atlassian.NewToken(canary), connector.Report{})
			return err
		},
		"many": func(t *testing.T, s *Store) error { return addSome(t.Context(), s, acmeJira(t, connector.StorageFile)) },
		"replace": func(t *testing.T, s *Store) error {
			return replaced(s, t.Context(), target, atlassian.NewToken(canary+"2"))
		},
		"edit": func(t *testing.T, s *Store) error {
			c := target
			c.Name = "renamed"
			_, err := edit(s, t.Context(), target, c)
			return err
		},
		"reword": func(t *testing.T, s *Store) error { return rewordAll(t.Context(), s, target) },
		"remember": func(t *testing.T, s *Store) error {
			return s.Remember(t.Context(), target.ID, connector.Report{Code: connector.CodeOK})
		},
		"settings":   func(t *testing.T, s *Store) error { return s.SetSettings(t.Context(), connector.Settings{}) },
		"passphrase": func(t *testing.T, s *Store) error { return s.ChangePassphrase(t.Context(), passphrase, passphrase) },
		"remove":     func(t *testing.T, s *Store) error { return removed(s.Remove(t.Context(), target.ID)) },
	}
}

// fullDisk leaves room for ever more blocks: each change either happens or says that the
// disk is full, and harms nothing.
func fullDisk(t *testing.T) {
	full, done := 0, 0
	for name := range changesOf(connector.Connector{}) {
		for room := range 5 {
			t.Run(fmt.Sprintf("%s, %d blocks free", name, room), func(t *testing.T) {
				home, _ := mounted(t, "size=128k,mode=700")
				s, bystander := openedEncryptedFile(t, home)
				target := mustAdd(t, s, acmeJira(t, connector.StorageFile))
				fill(t, home, room)
				err := changesOf(target)[name](t, s)
				if name == "remove" && err != nil {
					t.Errorf("nothing can be removed while the disk is full: %v", err)
				}
				if err == nil {
					done++
				} else if full++; whyOf(t, err) != "full" {
					t.Errorf("%v", err)
				}
				noCanaryInError(t, err)
				mustToken(t, s, bystander.ID, canary)
				afterTheKill(t, s, map[string]bool{bystander.ID: true})
				for _, e := range s.CheckFiles(t.Context()) {
					if e.Verdict == connector.Failing {
						t.Errorf("%+v", e)
					}
				}
				must(t, os.Remove(filepath.Join(home, "filler")))
				if _, err := s.Tidy(t.Context()); err != nil {
					t.Error(err)
				}
				mustAdd(t, s, acmeJira(t, connector.StorageFile)) // with room again all is well
				afterTheKill(t, s, map[string]bool{bystander.ID: true})
				if left, _ := filepath.Glob(filepath.Join(home, ".*")); len(left) > 0 {
					t.Errorf("left %v", left)
				}
			})
		}
	}
	if kinds := len(changesOf(connector.Connector{})) - 1; full < kinds || done < kinds {
		t.Errorf("%d were hindered and %d done: the disk was not what it should have been", full, done)
	}
	t.Logf("%d changes met a full disk, %d found room", full, done)
	t.Run("damaged", func(t *testing.T) {
		home, _ := mounted(t, "size=128k,mode=700")
		s, added := openedEncryptedFile(t, home)
		must(t, os.WriteFile(filepath.Join(home, "connectors.json"), []byte("{"), 0o600))
		fill(t, home, 0)
		for range 2 { // the damaged file is put aside by the first, so it is gone for the second
			if entries, err := s.Load(t.Context()); err != nil || len(entries) != 1 || len(s.Notices()) != 1 {
				t.Errorf("%d connectors, %v", len(entries), err)
			}
			mustToken(t, s, added.ID, canary)
			s.Notices()
		}
		must(t, os.Remove(filepath.Join(home, "filler")))
		mustAdd(t, s, acmeJira(t, connector.StorageFile))
		afterTheKill(t, s, map[string]bool{added.ID: true})
	})
}

// fill takes all room but so many blocks.
func fill(t *testing.T, dir string, room int) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	must(t, err)
	defer f.Close()
	block := make([]byte, 4096)
	n := 0
	for ; ; n++ {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if n < room {
		t.Fatalf("only %d blocks were free", n)
	}
	must(t, f.Truncate(int64((n-room)*4096)))
}

// readOnlyDisk: what is kept can be listed and read, also from the good copy; everything
// else says that nothing can be written, and harms nothing.
func readOnlyDisk(t *testing.T) {
	for _, damaged := range []bool{false, true} {
		for name, change := range changesOf(connector.Connector{}) {
			t.Run(fmt.Sprintf("%s, damaged %v", name, damaged), func(t *testing.T) {
				home, remount := mounted(t, "size=256k,mode=700")
				s, target := openedEncryptedFile(t, home)
				change = changesOf(target)[name]
				if damaged {
					must(t, os.WriteFile(filepath.Join(home, "connectors.json"), []byte("{"), 0o600))
				}
				before := snapshot(t, home)
				remount(syscall.MS_RDONLY)
				if err := change(t, s); err == nil || whyOf(t, err) != "read-only" {
					t.Errorf("%v", err)
				}
				entries, err := s.Load(t.Context())
				if err != nil || len(entries) != 1 || (len(s.Notices()) > 0) != damaged {
					t.Errorf("%d connectors, %v", len(entries), err)
				}
				mustToken(t, s, target.ID, canary)
				if _, err := s.Tidy(t.Context()); err != nil {
					t.Errorf("tidying: %v", err)
				}
				remount(0)
				if after := snapshot(t, home); len(after) != len(before) {
					t.Errorf("%d files became %d", len(before), len(after))
				}
				if err := change(t, s); err != nil {
					t.Errorf("writable again: %v", err)
				}
			})
		}
	}
}

// TestLargestFile sets a limit on the size of files, as a quota or ulimit does, and lets
// each change run into it. A limit on a file is what a person without rights can set too.
func TestLargestFile(t *testing.T) {
	if limit := os.Getenv(limitMark); limit != "" {
		belowALimit(t, limit)
		return
	}
	source := inMemory(t)
	_, bystander := openedEncryptedFile(t, source)
	hindered := 0
	for limit := 0; limit <= 2400; limit += 100 {
		home := filepath.Join(inMemory(t), "home")
		copiedTo(t, source, home)
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLargestFile$", "-test.v")
		child.Env = append(os.Environ(), limitMark+"="+strconv.Itoa(limit), doomedHome+"="+home)
		out, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS: TestLargestFile") {
			t.Errorf("with a limit of %d: %v\n%s", limit, err, out)
		}
		hindered += strings.Count(string(out), "hindered")
		s := opened(t, home, nil)
		must(t, s.Unlock(t.Context(), passphrase))
		token, err := s.Token(t.Context(), bystander.ID) // the old one, or the one that took its place
		if err != nil || !token.Equal(atlassian.NewToken(canary)) && !token.Equal(atlassian.NewToken(canary+"2")) {
			t.Errorf("with a limit of %d neither token is there: %v", limit, err)
		}
		afterTheKill(t, s, map[string]bool{bystander.ID: true})
	}
	if hindered < 20 {
		t.Errorf("only %d changes met the limit", hindered)
	}
	t.Logf("%d changes met a limit", hindered)
}

func belowALimit(t *testing.T, limit string) {
	most, err := strconv.ParseUint(limit, 10, 64)
	must(t, err)
	home := os.Getenv(doomedHome)
	s := opened(t, home, nil)
	must(t, s.Unlock(t.Context(), passphrase))
	entries, err := s.Load(t.Context())
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	signal.Ignore(syscall.SIGXFSZ) // its own end would prove what kills prove elsewhere
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}))
	for name := range changesOf(entries[0].Connector) {
		if name == "remove" || name == "edit" {
			continue // the bystander must stay as it is
		}
		now, err := recordOf(s, entries[0].ID) // the change before may have changed it
		must(t, err)
		switch err := changesOf(now.Connector)[name](t, s); {
		case err == nil:
		case whyOf(t, err) == "full":
			t.Log("hindered: ", name)
		default:
			t.Errorf("%s: %v", name, err)
		}
	}
	afterTheKill(t, s, map[string]bool{entries[0].ID: true})
}
