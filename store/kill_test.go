package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Real processes that end themselves with no warning (SIGKILL) at each step of each
// change: nothing is deferred, nothing is flushed, no lock is given back. What
// crash_test.go pretends with an error is done here.

const (
	doomedMark = "SAASCONNECT_TEST_DOOMED"      // the change that this process makes
	doomedHome = "SAASCONNECT_TEST_DOOMED_HOME" // its folder
	doomedAt   = "SAASCONNECT_TEST_DOOMED_AT"   // how many steps it lives through
)

// doomedChanges are the changes, as the child makes them. "recovered" begins with a damaged
// file, "first" with an empty folder.
func doomedChanges() map[string]func(context.Context, *Store, connector.Connector) error {
	return map[string]func(context.Context, *Store, connector.Connector) error{
		"first":      addOne,
		"add":        addOne,
		"many":       addSome,
		"mixed":      saveMixed,
		"recovered":  addOne,
		"replace":    replaceOne,
		"reword":     rewordAll,
		"edit":       editOne,
		"rename":     renameOne,
		"remove":     removeOne,
		"remember":   rememberOne,
		"settings":   settleOne,
		"try":        tryOne,
		"tidy":       tidyOne,
		"passphrase": rekey,
	}
}

const otherKey = "another battery, and a staple"

func addOne(ctx context.Context, s *Store, _ connector.Connector) error {
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		return err
	}
	c := connector.Connector{Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: connector.StorageFile}
	_, err = add(s, ctx, c, atlassian.NewToken(canary), connector.Report{Code: connector.CodeOK})
	return err
}

// addSome adds three at once, in the storage of the connector that is there.
func addSome(ctx context.Context, s *Store, like connector.Connector) error {
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		return err
	}
	var batch []connector.Write
	for range 3 {
		c := connector.Connector{Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: like.KeptIn}
		batch = append(batch, connector.Write{After: c, Token: atlassian.NewToken(canary), Report: &connector.Report{Code: connector.CodeOK}})
	}
	for _, added := range s.Save(ctx, batch) {
		err = errors.Join(err, added.Err)
	}
	return err
}

// saveMixed does all at once: a new one, another token, another email, other words. The first
// connector there is stays as it is.
func saveMixed(ctx context.Context, s *Store, like connector.Connector) error {
	entries, err := s.Load(ctx)
	if err != nil {
		return err
	}
	fresh := like
	fresh.ID, fresh.Name = "", ""
	writes := []connector.Write{{After: fresh, Token: atlassian.NewToken(canary), Report: &connector.Report{Code: connector.CodeOK}}}
	for i, e := range entries[1:] {
		w := connector.Write{Before: e.Connector, After: e.Connector, Report: &connector.Report{Code: connector.CodeNotAdmin}}
		switch i % 3 {
		case 0:
			w.Token = atlassian.NewToken(canary + "2")
			w.After.Replaced = connector.Stamp{By: "mia", At: time.Now()}
		case 1:
			w.After.Email = "mia.krystof@example.com"
		case 2:
			w.After.Account = "Renamed Ltd"
		}
		writes = append(writes, w)
	}
	for _, written := range s.Save(ctx, writes) {
		err = errors.Join(err, written.Err)
	}
	return err
}

func replaceOne(ctx context.Context, s *Store, c connector.Connector) error {
	return replaced(s, ctx, c, atlassian.NewToken(canary+"2"))
}

func editOne(ctx context.Context, s *Store, c connector.Connector) error {
	after := c
	after.Email = "mia.krystof@example.com"
	_, err := edit(s, ctx, c, after)
	return err
}

// rewordAll changes a word of all that there are, at once.
func rewordAll(ctx context.Context, s *Store, _ connector.Connector) error {
	entries, err := s.Load(ctx)
	if err != nil {
		return err
	}
	var batch []connector.Write
	for _, e := range entries {
		after := e.Connector
		after.Account = "Renamed Ltd"
		batch = append(batch, connector.Write{Before: e.Connector, After: after})
	}
	for _, edited := range s.Save(ctx, batch) {
		err = errors.Join(err, edited.Err)
	}
	return err
}

func renameOne(ctx context.Context, s *Store, c connector.Connector) error {
	after := c
	after.Name = "renamed"
	_, err := edit(s, ctx, c, after)
	return err
}

func rememberOne(ctx context.Context, s *Store, c connector.Connector) error {
	if err := s.Remember(ctx, c.ID, connector.Report{Code: connector.CodeNotAdmin}); err != nil {
		return err
	}
	return s.SaveOutcomes(ctx)
}

func removeOne(ctx context.Context, s *Store, c connector.Connector) error {
	return removed(s.Remove(ctx, c.ID))
}

func settleOne(ctx context.Context, s *Store, _ connector.Connector) error {
	return s.SetSettings(ctx, connector.Settings{Role: connector.RoleAccountAdmin})
}

func tryOne(ctx context.Context, s *Store, _ connector.Connector) error {
	return s.TestStorage(ctx, connector.StorageFile)
}

func tidyOne(ctx context.Context, s *Store, _ connector.Connector) error {
	_, err := s.Tidy(ctx)
	return err
}

func rekey(ctx context.Context, s *Store, _ connector.Connector) error {
	return s.ChangePassphrase(ctx, passphrase, otherKey)
}

// changeUntilKilled is the child: it prints the step it dies at, or "finished".
func changeUntilKilled(name string) int {
	at, err := strconv.Atoi(os.Getenv(doomedAt))
	home, passed := os.Getenv(doomedHome), 0
	if err != nil {
		return 1
	}
	s, err := Open(Options{Home: home, KeyFile: home + ".key", testOnlyFactor: 10, Now: func() time.Time { return time.Now().Add(2 * time.Hour) },
		testOnlyFail: func(point string) error {
			if passed == at {
				fmt.Println("dies before", point)
				endMyself()
			}
			passed++
			return nil
		}})
	if err != nil {
		return 1
	}
	var c connector.Connector
	if data, err := os.ReadFile(home + ".target"); err == nil {
		r, err := recordOf(s, string(data))
		if err != nil {
			return 1
		}
		c = r.Connector
	}
	if err := doomedChanges()[name](context.Background(), s, c); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("finished")
	return 0
}

func endMyself() {
	if me, err := os.FindProcess(os.Getpid()); err == nil {
		_ = me.Kill()
	}
	select {} // it is over
}

// TestKilledAtEveryStep: whatever the step, no other connector is harmed, every token can
// be read, nothing is unlisted, and later everything that was left lying is gone. With -short,
// at every seventh step.
func TestKilledAtEveryStep(t *testing.T) {
	total := 0
	var mu sync.Mutex
	t.Run("changes", func(t *testing.T) {
		for name := range doomedChanges() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				source, bystander, target := doomedSource(t, name)
				kills := 0
				for n := 0; ; n += stride() {
					said := dieAt(t, source, name, n, bystander, target)
					if said == "" {
						mu.Lock()
						defer mu.Unlock()
						total += kills
						t.Logf("%s: %d kills", name, kills)
						return
					}
					kills++
					if n > 150 {
						t.Fatal("the change never comes to its end")
					}
				}
			})
		}
	})
	t.Logf("%d kills at %d changes", total, len(doomedChanges()))
}

// doomedSource is the folder that each life begins with: two connectors, a forgotten
// value, a stale temporary file.
func doomedSource(t *testing.T, name string) (home, bystander, target string) {
	t.Helper()
	home = filepath.Join(inMemory(t), "home")
	if name == "first" {
		must(t, os.Mkdir(home, 0o700))
		return home, "", ""
	}
	s := opened(t, home, func(o *Options) { o.Now = time.Now })
	must(t, s.CreateEncryptedFile(t.Context(), passphrase))
	bystander, target = mustAdd(t, s, acmeJira(t, connector.StorageFile)).ID, mustAdd(t, s, acmeJira(t, connector.StorageFile)).ID
	if name == "mixed" {
		for range 2 {
			mustAdd(t, s, acmeJira(t, connector.StorageFile))
		}
	}
	forgotten := "b3a2c1d0-0000-4000-8000-000000000000"
	must(t, s.file.update(t.Context(), func(c *contents) error {
		c.note(forgotten, connector.StorageFile, pending, time.Now())
		return nil
	}))
	must(t, s.encrypted.Put(t.Context(), forgotten, []byte("x")))
	must(t, os.WriteFile(filepath.Join(home, ".connectors.json.tmp-1"), nil, 0o600))
	if name == "recovered" {
		must(t, os.WriteFile(filepath.Join(home, "connectors.json"), []byte("{"), 0o600))
	}
	return home, bystander, target
}

// dieAt runs one life and looks at what it left. It returns where it died, "" where it
// came to its end.
func dieAt(t *testing.T, source, name string, n int, bystander, target string) string {
	t.Helper()
	dir := inMemory(t)
	defer os.RemoveAll(dir)
	home := copiedTo(t, source, filepath.Join(dir, "home"))
	must(t, os.WriteFile(home+".key", []byte(passphrase), 0o600))
	if target != "" {
		must(t, os.WriteFile(home+".target", []byte(target), 0o600))
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), doomedMark+"="+name, doomedHome+"="+home, doomedAt+"="+strconv.Itoa(n))
	out, err := child.Output()
	said := strings.TrimSpace(string(out))
	switch {
	case said == "finished" && err != nil:
		t.Fatalf("%s: %v", name, err)
	case said == "finished":
		said = ""
	case err == nil || !strings.HasPrefix(said, "dies before") || child.ProcessState.Exited() && !isWindows():
		t.Fatalf("%s at %d was not killed: %v, %s", name, n, err, said)
	}
	now := func(o *Options) {
		o.Now = func() time.Time { return time.Now().Add(5 * time.Hour) }
	}
	s := opened(t, home, now)
	if content := contentOf(t, s); len(content.Connectors) > 0 {
		openEither(t, s)
	}
	afterTheDeath(t, s, bystander, name+" "+said)
	// A later process deletes what was left.
	if err := enter(t.Context(), s, passphrase); err != nil {
		must(t, s.Unlock(t.Context(), otherKey))
	}
	mustAdd(t, s, acmeJira(t, connector.StorageFile))
	if report, err := s.Tidy(t.Context()); err != nil || report.Uncollected != 0 {
		t.Errorf("%s %s: %+v, %v", name, said, report, err)
	}
	afterTheDeath(t, s, bystander, name+" "+said)
	if left, _ := filepath.Glob(filepath.Join(home, ".*")); len(left) > 0 {
		t.Errorf("%s %s: left %v", name, said, left)
	}
	encrypted, _ := filepath.Glob(filepath.Join(home, "secrets", "*.age"))
	if connectors := len(contentOf(t, s).Connectors); len(encrypted) != connectors+1 {
		t.Errorf("%s %s: %d encrypted files for %d connectors", name, said, len(encrypted), connectors)
	}
	return said
}

// openEither opens the vault with the old passphrase or the new one.
func openEither(t *testing.T, s *Store) {
	t.Helper()
	if s.Unlock(t.Context(), passphrase) != nil {
		must(t, s.Unlock(t.Context(), otherKey))
	}
}

func afterTheDeath(t *testing.T, s *Store, bystander, where string) {
	t.Helper()
	kept := map[string]bool{}
	if bystander != "" {
		kept[bystander] = true
		mustToken(t, s, bystander, canary)
	}
	if files, _ := filepath.Glob(filepath.Join(s.encrypted.Dir(), "*.age")); len(files) > 0 {
		afterTheKill(t, s, kept)
	} else if bystander != "" {
		t.Errorf("%s: nothing is left", where)
	}
}

// inMemory is a folder that no disk has to be waited for, where there is one: a process
// that is killed loses nothing that it wrote, so the disk proves nothing here.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "store")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
