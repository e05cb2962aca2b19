package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// What happens between steps, and when a step fails with the process alive.

// later is a store on the same folder and safe, some time on.
func later(t *testing.T, home string, one secret.Values, after time.Duration) *Store {
	t.Helper()
	return opened(t, home, func(o *Options) {
		inStorage(one)(o)
		o.Now = func() time.Time { return day.Add(after) }
	})
}

func contentOf(t *testing.T, s *Store) contents {
	t.Helper()
	content, err := s.file.read()
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// oddSafe is a storage whose calls can be watched and turned.
type oddSafe struct {
	*secret.Memory
	state    connector.StorageState
	onPut    func()
	onGet    func()
	onRemove func() error
}

func (o *oddSafe) Probe(context.Context) connector.StorageStatus {
	return connector.StorageStatus{Kind: connector.StorageKeyring, State: o.state}
}

func (o *oddSafe) Put(ctx context.Context, ref string, value []byte) error {
	if o.onPut != nil {
		o.onPut()
	}
	return o.Memory.Put(ctx, ref, value)
}

func (o *oddSafe) Get(ctx context.Context, ref string) ([]byte, error) {
	if o.onGet != nil {
		o.onGet()
	}
	return o.Memory.Get(ctx, ref)
}

func (o *oddSafe) Delete(ctx context.Context, ref string) error {
	if o.onRemove != nil {
		if err := o.onRemove(); err != nil {
			return err
		}
	}
	return o.Memory.Delete(ctx, ref)
}

// TestSweepWaitsAndAsksNobody: young references stay, a locked safe is not asked, a clock
// that ran ahead does not keep a reference for ever, and no connector's token goes.
func TestSweepWaitsAndAsksNobody(t *testing.T) {
	home := t.TempDir()
	one := &oddSafe{Memory: newMemory(), state: connector.StorageReady, onRemove: func() error { return errors.New("locked") }}
	s := opened(t, home, inStorage(one))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	must(t, replaced(s, t.Context(), added, atlassian.NewToken("the-new-token-of-mia"))) // deleting the old one fails, which is no error of the change
	if refs := contentOf(t, s).References; len(refs) != 1 || refs[0].State != orphaned {
		t.Fatalf("%+v", refs)
	}
	must(t, s.file.update(t.Context(), func(c *contents) error { // as a write that was given up leaves it
		c.References[0].State = pending
		return nil
	}))
	asked := 0
	one.onRemove = func() error { asked++; return nil }
	for name, c := range map[string]struct {
		after time.Duration
		state connector.StorageState
		swept bool
	}{
		"young":                       {staleAfter, connector.StorageReady, false},
		"locked":                      {time.Hour, connector.StorageLocked, false},
		"silent":                      {time.Hour, connector.StorageUnresponsive, false},
		"the clock went an hour back": {-time.Hour, connector.StorageReady, false},
	} {
		one.state = c.state
		later(t, home, one, c.after).collect(t.Context())
		if n := len(contentOf(t, s).References); n != 1 || asked != 0 {
			t.Errorf("%s: %d loose references, asked %d times", name, n, asked)
		}
	}
	one.state = connector.StorageReady
	// Someone's edit made the connector's own reference loose as well.
	ref := contentOf(t, s).Connectors[0].Ref
	if err := s.file.update(t.Context(), func(c *contents) error {
		c.note(ref, connector.StorageKeyring, pending, day)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	later(t, home, one, -48*time.Hour).collect(t.Context()) // written by a clock far ahead
	if refs := one.Refs(); !slices.Equal(refs, []string{ref}) {
		t.Errorf("the safe holds %v, the connector has %s", refs, ref)
	}
	mustToken(t, s, added.ID, "the-new-token-of-mia")
}

// TestSweptMeanwhile: a process that slept through ten minutes does not commit a reference
// whose value is gone.
func TestSweptMeanwhile(t *testing.T) {
	for name, change := range map[string]func(*Store, connector.Connector) error{
		"add": func(s *Store, c connector.Connector) error {
			c.Name = ""
			_, err := add(s, t.Context(), c, atlassian.NewToken(canary), connector.Report{})
			return err
		},
		"many": func(s *Store, c connector.Connector) error { return addSome(t.Context(), s, c) },
		"replace": func(s *Store, c connector.Connector) error {
			return replaced(s, t.Context(), c, atlassian.NewToken(canary+"2"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			one := &oddSafe{Memory: newMemory(), state: connector.StorageReady}
			s := opened(t, home, inStorage(one))
			added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
			slept, put := false, false
			one.onPut = func() { put = true }
			one.onGet = func() { // the value is put and about to be read back
				if put && !slept {
					slept = true
					later(t, home, one.Memory, time.Hour).collect(t.Context())
				}
			}
			if err := change(s, added); err == nil {
				t.Error("it was committed")
			}
			one.onGet, one.onPut = nil, nil
			if !slept {
				t.Error("nothing happened meanwhile")
			}
			invariants(t, s, 1)
			mustToken(t, s, added.ID, canary)
		})
	}
}

// TestReplacedWhileRead: a token that is replaced between the look at the file and the
// look into the storage is not called missing.
func TestReplacedWhileRead(t *testing.T) {
	home := t.TempDir()
	one := &oddSafe{Memory: newMemory(), state: connector.StorageReady}
	s := opened(t, home, inStorage(one))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	one.onGet = func() {
		one.onGet = nil
		if err := replaced(opened(t, home, inStorage(one.Memory)), t.Context(), added, atlassian.NewToken("the-new-token-of-mia")); err != nil {
			t.Error(err)
		}
	}
	mustToken(t, s, added.ID, "the-new-token-of-mia")
}

// TestNoLockWhileAStorageIsAsked: another process gets through while a keyring prompts.
func TestNoLockWhileAStorageIsAsked(t *testing.T) {
	home := t.TempDir()
	one := &oddSafe{Memory: newMemory(), state: connector.StorageReady}
	s := opened(t, home, inStorage(one))
	visits := 0
	visit := func() {
		visits++
		if err := opened(t, home, inStorage(newMemory())).file.update(t.Context(), func(*contents) error { return nil }); err != nil {
			t.Error(err)
		}
	}
	one.onPut, one.onGet, one.onRemove = visit, visit, func() error { visit(); return nil }
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	if err := replaced(s, t.Context(), added, atlassian.NewToken("the-new-token-of-mia")); err != nil {
		t.Fatal(err)
	}
	if err := removed(s.Remove(t.Context(), added.ID)); err != nil {
		t.Fatal(err)
	}
	if visits < 5 {
		t.Errorf("the safe was asked %d times", visits)
	}
}

// TestWriterThatIgnoresTheLock: what it wrote is neither lost nor written over.
func TestWriterThatIgnoresTheLock(t *testing.T) {
	home, one := t.TempDir(), newMemory()
	calm := opened(t, home, inStorage(one))
	first := mustAdd(t, calm, acmeJira(t, connector.StorageKeyring))
	path := filepath.Join(home, "connectors.json")
	rude := 0
	s := opened(t, home, func(o *Options) {
		inStorage(one)(o)
		o.testOnlyFail = func(point string) error {
			if point == "connectors.json:compare" && rude < 1 {
				rude++
				text := strings.Replace(string(readFile(t, home)), `"revision": `, `"revision": 1`, 1)
				return os.WriteFile(path, []byte(strings.Replace(text, `"name": "acme-jira"`, `"name": "renamed"`, 1)), 0o600)
			}
			return nil
		}
	})
	mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	content := contentOf(t, calm)
	if len(content.Connectors) != 2 || content.find(first.ID).Name != "renamed" {
		t.Errorf("%+v", content.Connectors)
	}
	invariants(t, calm, 2)
}

// TestFailingDisk: each step of each change fails in turn, with the process alive. It is
// said as what it is; what was there is untouched, and nothing is left unlisted.
func TestFailingDisk(t *testing.T) {
	for name, c := range map[string]struct {
		err error
		why string
	}{
		"full":      {syscall.ENOSPC, "full"},
		"quota":     {syscall.EDQUOT, "full"},
		"too large": {syscall.EFBIG, "full"},
		"read-only": {syscall.EROFS, "read-only"},
		"forbidden": {syscall.EACCES, "read-only"},
		"broken":    {syscall.EIO, "other"},
	} {
		t.Run(name, func(t *testing.T) {
			for n := 0; n < 200; n++ {
				home, one := t.TempDir(), newMemory()
				calm := opened(t, home, inStorage(one))
				bystander := mustAdd(t, calm, acmeJira(t, connector.StorageKeyring))
				left, met := n, false
				s := opened(t, home, func(o *Options) {
					inStorage(one)(o)
					o.testOnlyFail = func(point string) error {
						if strings.HasPrefix(point, "storage:") {
							return nil
						}
						if left--; left == -1 {
							met = true
							return c.err
						}
						return nil
					}
				})
				_, err := add(s, t.Context(), acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{})
				if err != nil && whyOf(t, err) != c.why {
					t.Errorf("step %d: %v, want %s", n, err, c.why)
				}
				noCanaryInError(t, err)
				want := 2
				if err != nil {
					want = 1
				}
				invariants(t, calm, want)
				mustToken(t, calm, bystander.ID, canary)
				if err != nil && len(one.Refs()) != 1 {
					t.Errorf("step %d: the failed one left %v", n, one.Refs())
				}
				if !met {
					return
				}
			}
			t.Fatal("the change never comes to its end")
		})
	}
}

// TestReadOnlyFolder: what is kept can still be listed and read.
func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		// Modes do not bind root: the same is proven by a failing disk above.
		t.Log("run as root: only that listing writes nothing is proven")
	}
	home, one := t.TempDir(), newMemory()
	added := mustAdd(t, opened(t, home, inStorage(one)), acmeJira(t, connector.StorageKeyring))
	s := opened(t, home, func(o *Options) {
		inStorage(one)(o)
		o.testOnlyFail = func(point string) error { t.Errorf("it writes: %s", point); return syscall.EROFS }
	})
	if err := os.Chmod(home, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(home, 0o700) })
	if entries, err := s.Load(t.Context()); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	mustToken(t, s, added.ID, canary)
	if os.Geteuid() != 0 && runtime.GOOS != "windows" { // neither heeds the mode of a folder
		_, err := add(opened(t, home, inStorage(one)), t.Context(), acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{})
		if whyOf(t, err) != "read-only" {
			t.Errorf("%v", err)
		}
	}
}

// TestBusy: a lock that is not given up ends in words, and a context ends the wait. Time
// is faked.
func TestBusy(t *testing.T) {
	home := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := opened(t, home, inStorage(newMemory()))
		release := make(chan struct{})
		defer close(release)
		go func() {
			_ = opened(t, home, inStorage(newMemory())).disk.locked(context.Background(), func() error {
				<-release
				return nil
			})
		}()
		synctest.Wait()
		add := func(ctx context.Context) error {
			_, err := add(s, ctx, acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{})
			return err
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := add(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		began := time.Now()
		if err := add(t.Context()); whyOf(t, err) != "busy" || time.Since(began) > lockWait+lockRetry {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// TestHistoryHarmsNothing: whatever is in its folder, connectors are listed and checked.
func TestHistoryHarmsNothing(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, inStorage(newMemory()))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	path := s.state.path(added.ID)
	for _, text := range []string{"", "{", `{"version":2}`, `{"version":1,"reports":{}}`} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		must(t, os.WriteFile(s.state.outcomesPath(), []byte(text), 0o600))
		if entries, err := s.Load(t.Context()); err != nil || len(entries) != 1 || entries[0].Last != nil {
			t.Errorf("%q: %v, %v", text, entries, err)
		}
	}
	if err := s.Remember(t.Context(), added.ID, connector.Report{Code: connector.CodeOK, Why: "first", Stages: []connector.Finding{{}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Remember(t.Context(), added.ID, connector.Report{Code: connector.CodeNotAdmin, Why: "second", Stages: []connector.Finding{{}}}); err != nil {
		t.Fatal(err)
	}
	reports := s.Reports(t.Context(), added.ID)
	if len(reports) != 2 {
		t.Fatal(reports)
	}
	if newest, older := reports[0], reports[1]; newest.Why != "second" || len(newest.Stages) != 1 || older.Code != connector.CodeOK || older.Why != "" || older.Stages != nil {
		t.Errorf("%+v", reports)
	}
	if err := s.Remember(t.Context(), "../../evil", connector.Report{}); whyOf(t, err) != "not-found" {
		t.Errorf("%v", err)
	}
	if err := removed(s.Remove(t.Context(), added.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a removed connector's reports were left")
	}
}

// TestReadBesideReplacements: while a token is read it is replaced, and replaced again: what
// is read in the end is the one in force. A connector that was removed meanwhile is no longer
// there, and not locked or without its token.
func TestReadBesideReplacements(t *testing.T) {
	home := t.TempDir()
	one := &oddSafe{Memory: newMemory(), state: connector.StorageReady}
	others := opened(t, home, inStorage(one.Memory))
	added := mustAdd(t, others, acmeJira(t, connector.StorageKeyring))
	tokens, err := opened(t, home, inStorage(one)).Tokens(t.Context())
	must(t, err)
	gets := 0
	one.onGet = func() {
		if gets++; gets <= 3 {
			must(t, replaced(others, t.Context(), added, atlassian.NewToken(fmt.Sprint(canary, gets))))
		}
	}
	got, err := tokens(t.Context(), added.ID)
	if err != nil || !got.Equal(atlassian.NewToken(canary+"3")) {
		t.Errorf("after %d reads: %v", gets, err)
	}
	one.onGet = func() { _, _ = others.Remove(t.Context(), added.ID) }
	if _, err := tokens(t.Context(), added.ID); whyOf(t, err) != "not-found" {
		t.Errorf("removed meanwhile: %v", err)
	}
}
