package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/connector"
)

// settledHome is a folder with so many connectors, whose histories were left alone for an hour.
func settledHome(t *testing.T, n int) string {
	t.Helper()
	if _, known := (&listCache{histories: t.TempDir()}).stamp(); !known {
		t.Skip("here nobody promises that a folder's time moves")
	}
	home := inMemory(t)
	batch := make([]connector.Addition, n)
	for i := range batch {
		c := acmeJira(t, connector.SafeReference)
		c.Name, c.Reference = fmt.Sprintf("acme-%03d", (i*37)%n), &connector.Reference{Env: "TOKEN"}
		batch[i] = connector.Addition{Connector: c, First: connector.PastReport(c, day.AddDate(0, 0, -i))}
	}
	for _, added := range opened(t, home, nil).AddMany(t.Context(), batch) {
		must(t, added.Err)
	}
	settle(t, home)
	return home
}

func settle(t *testing.T, home string) {
	t.Helper()
	before := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(filepath.Join(home, "state", "history"), before, before))
}

// today is a store with the real clock, as the file system has it.
func today(t *testing.T, home string) *Store {
	t.Helper()
	return opened(t, home, func(o *Options) { o.Now = time.Now })
}

func (c *listCache) there() bool { _, err := os.Lstat(c.path); return err == nil }

func (s *Store) serves() bool { _, ok := s.cache.rows(s.file.path); return ok }

// mustList compares what is listed with what the files say.
func mustList(t *testing.T, s *Store) {
	t.Helper()
	got, err := s.Listed(t.Context())
	must(t, err)
	entries, err := s.List(t.Context())
	must(t, err)
	var want []connector.Listed
	for _, e := range entries {
		want = append(want, e.Listed())
	}
	slices.SortFunc(want, func(a, b connector.Listed) int { return strings.Compare(a.Name, b.Name) })
	if len(got) != len(want) {
		t.Fatalf("%d listed of %d", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("listed %+v (%+v), want %+v (%+v)", got[i], got[i].Last, want[i], want[i].Last)
		}
	}
}

// listedTwice makes the cache and is served from it.
func listedTwice(t *testing.T, home string) *Store {
	t.Helper()
	s := today(t, home)
	mustList(t, s)
	if !s.cache.there() || !s.serves() {
		t.Fatal("nothing was remembered of the list")
	}
	mustList(t, s)
	return s
}

// TestListedSeesEveryChange: whatever changes, and whoever changes it, is in the next list.
func TestListedSeesEveryChange(t *testing.T) {
	source := settledHome(t, fewestCached)
	type place struct {
		s                         *Store
		home, file, history, some string // some history
		id                        string
		at                        time.Time // of the folder
	}
	other := connector.Report{Code: connector.CodeNotAdmin, Verdict: connector.Failing, At: day}
	rewrite := func(t *testing.T, p place) { // as a version does that knows of no cache
		must(t, writeAtomic(p.some, []byte(`{"version":1,"reports":[`+asJSON(t, other)+`]}`), func(string) error { return nil }))
	}
	edit := func(old, new string) func(*testing.T, place) {
		return func(t *testing.T, p place) {
			must(t, os.WriteFile(p.file, []byte(strings.Replace(string(readOf(t, p.file)), old, new, 1)), 0o600))
		}
	}
	changes := map[string]func(*testing.T, place){
		"a check":             func(t *testing.T, p place) { must(t, today(t, p.home).Remember(t.Context(), p.id, other)) },
		"an older version's":  rewrite,
		"a history is gone":   func(t *testing.T, p place) { must(t, os.Remove(p.some)) },
		"one was forgotten":   func(_ *testing.T, p place) { p.s.history.forget(p.id) },
		"a letter":            edit("mia@example.com", "eva@example.com"),
		"a longer name":       edit(`"acme-001"`, `"acme-0011"`),
		"a blank at the end":  edit("\n}\n", "\n}\n\n"),
		"nothing is left":     func(t *testing.T, p place) { must(t, os.Truncate(p.file, 0)) },
		"a removal":           func(t *testing.T, p place) { must(t, today(t, p.home).Remove(t.Context(), p.id)) },
		"the folder's mode":   func(t *testing.T, p place) { must(t, os.Chmod(filepath.Dir(p.some), 0o701)) },
		"the folder is gone":  func(t *testing.T, p place) { must(t, os.RemoveAll(filepath.Dir(p.some))) },
		"a temporary file":    func(t *testing.T, p place) { must(t, os.WriteFile(p.some+"x", nil, 0o600)) },
		"the cache is open":   func(t *testing.T, p place) { must(t, os.Chmod(p.s.cache.path, 0o640)) },
		"the cache is a link": func(t *testing.T, p place) { aside(t, p.s.cache.path) },
		"the cache is theirs": func(t *testing.T, p place) { chowned(t, p.s.cache.path) },
		"the cache is a folder": func(t *testing.T, p place) {
			must(t, os.Remove(p.s.cache.path))
			must(t, os.Mkdir(p.s.cache.path, 0o700))
		},
		"a backup with its times": func(t *testing.T, p place) {
			rewrite(t, p)
			must(t, os.Chtimes(p.history, p.at, p.at))
		},
		"another folder with its times": func(t *testing.T, p place) {
			must(t, os.Rename(p.history, p.history+".old"))
			copiedTo(t, p.history+".old", p.history)
			rewrite(t, p)
			must(t, os.Chtimes(p.history, p.at, p.at))
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			home := copiedTo(t, source, filepath.Join(inMemory(t), "home"))
			settle(t, home)
			s := listedTwice(t, home)
			p := place{s: s, home: home, file: s.file.path, history: s.history.dir, id: contentOf(t, s).Connectors[3].ID}
			p.some = s.history.path(p.id)
			info, err := os.Stat(p.history)
			must(t, err)
			p.at = info.ModTime()
			change(t, p)
			if s.serves() {
				t.Fatal("the old list is served")
			}
			mustList(t, s)
		})
	}
}

// aside moves a file away and puts a link to it in its place.
func aside(t *testing.T, path string) {
	t.Helper()
	away := filepath.Join(t.TempDir(), "away")
	must(t, os.WriteFile(away, readOf(t, path), 0o600))
	must(t, os.Remove(path))
	must(t, os.Symlink(away, path))
}

func chowned(t *testing.T, path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	must(t, os.Chown(path, 12345, -1))
}

// TestListedIsNotRemembered where that is not worth it, or something is in doubt.
func TestListedIsNotRemembered(t *testing.T) {
	source := settledHome(t, fewestCached)
	history := func(t *testing.T, s *Store) string { return s.history.path(contentOf(t, s).Connectors[0].ID) }
	for name, doubt := range map[string]func(*testing.T, *Store){
		"touched just now": func(t *testing.T, s *Store) {
			must(t, os.Chtimes(s.history.dir, time.Now().Add(-time.Second), time.Now().Add(-time.Second)))
		},
		"touched tomorrow": func(t *testing.T, s *Store) {
			must(t, os.Chtimes(s.history.dir, time.Now().Add(24*time.Hour), time.Now().Add(24*time.Hour)))
		},
		"a damaged history": func(t *testing.T, s *Store) { must(t, os.WriteFile(history(t, s), []byte("{"), 0o600)) },
		"a newer history":   func(t *testing.T, s *Store) { must(t, os.WriteFile(history(t, s), []byte(`{"version":2}`), 0o600)) },
		"a history behind a link": func(t *testing.T, s *Store) {
			aside(t, history(t, s))
			settle(t, filepath.Dir(s.file.path))
		},
		"one less": func(t *testing.T, s *Store) {
			must(t, s.Remove(t.Context(), contentOf(t, s).Connectors[0].ID))
			settle(t, filepath.Dir(s.file.path))
		},
		"no histories": func(t *testing.T, s *Store) { must(t, os.RemoveAll(filepath.Dir(s.history.dir))) },
		"a damaged file": func(t *testing.T, s *Store) {
			must(t, os.WriteFile(s.file.path, []byte("{"), 0o600))
		},
		"somebody writes": func(t *testing.T, s *Store) {
			held := make(chan struct{})
			ended := make(chan struct{})
			done := make(chan error, 1)
			go func() {
				done <- today(t, filepath.Dir(s.file.path)).file.locked(t.Context(), func() error { close(held); <-ended; return nil })
			}()
			<-held
			t.Cleanup(func() { close(ended); must(t, <-done) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := copiedTo(t, source, filepath.Join(inMemory(t), "home"))
			settle(t, home)
			s := today(t, home)
			doubt(t, s)
			mustList(t, s)
			if s.cache.there() {
				t.Error("it was remembered")
			}
		})
	}
}

// TestListedLate: between reading and remembering anything may have changed, by somebody who
// knows no lock.
func TestListedLate(t *testing.T) {
	home := settledHome(t, 1)
	s := today(t, home)
	rows, err := s.Listed(t.Context())
	must(t, err)
	data, err := content(s.file.path)
	must(t, err)
	as, _ := s.cache.stamp()
	s.cache.make(s.file, append(slices.Clone(data), ' '), as, rows)
	s.cache.make(s.file, data, stamp{as.modified, as.changed + 1, as.node}, rows)
	s.cache.make(s.file, data, stamp{as.modified, as.changed, as.node + 1}, rows)
	if s.cache.there() {
		t.Error("remembered what is no more")
	}
	s.cache.make(s.file, data, as, rows)
	if !s.serves() {
		t.Error("not remembered")
	}
	// By the file system's own clock the folder was touched just now, whatever ours says.
	must(t, os.Chtimes(s.cache.path, time.Now(), time.Unix(0, int64(as.modified)).Add(settledAfter-1)))
	if s.serves() {
		t.Error("two writes within one tick would look the same")
	}
}

// TestListedForgets: what a person removed or changed is not kept in what was remembered.
func TestListedForgets(t *testing.T) {
	source := settledHome(t, fewestCached)
	for name, change := range map[string]func(*testing.T, *Store, connector.Connector) error{
		"remove": func(t *testing.T, s *Store, c connector.Connector) error { return s.Remove(t.Context(), c.ID) },
		"edit": func(t *testing.T, s *Store, c connector.Connector) error {
			after := c
			after.Account = "Another"
			_, err := s.Edit(t.Context(), c, after)
			return err
		},
		"check": func(t *testing.T, s *Store, c connector.Connector) error { return rememberOne(t.Context(), s, c) },
		"mend": func(t *testing.T, s *Store, _ connector.Connector) error {
			must(t, os.WriteFile(s.file.path, []byte("{"), 0o600))
			_, err := s.List(t.Context())
			return err
		},
		"list of fewer": func(t *testing.T, s *Store, _ connector.Connector) error {
			must(t, os.WriteFile(s.file.path, []byte(`{"version":2,"revision":1,"connectors":[],"loose":[]}`), 0o600))
			_, err := s.Listed(t.Context())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := copiedTo(t, source, filepath.Join(inMemory(t), "home"))
			settle(t, home)
			s := listedTwice(t, home)
			must(t, change(t, s, contentOf(t, s).Connectors[0].Connector))
			if s.cache.there() {
				t.Error("it is still there")
			}
		})
	}
	// It is gone before the first write, so that a kill in between leaves nothing either.
	home := copiedTo(t, source, filepath.Join(inMemory(t), "home"))
	settle(t, home)
	s := listedTwice(t, home)
	s.file.fail = func(point string) error {
		if point == "connectors.json:write" && s.cache.there() {
			t.Error("it outlives a kill")
		}
		return nil
	}
	must(t, s.Remove(t.Context(), contentOf(t, s).Connectors[0].ID))
}

// TestListedCrash ends the remembering at each of its steps: the list is right, then and later.
func TestListedCrash(t *testing.T) {
	source := settledHome(t, fewestCached)
	for n := 0; ; n++ {
		home := copiedTo(t, source, filepath.Join(inMemory(t), "home"))
		settle(t, home)
		storm := &crasher{left: n}
		s := opened(t, home, func(o *Options) { o.Now, o.testOnlyFail = time.Now, storm.fail })
		mustList(t, s)
		mustList(t, today(t, home))
		mustList(t, today(t, home))
		if left, _ := filepath.Glob(filepath.Join(home, "state", ".*")); len(left) > 0 {
			t.Errorf("left %v", left)
		}
		if storm.passed <= n {
			t.Logf("%d steps", n)
			return
		}
	}
}

// TestListedModes: it is the user's alone, whatever the umask; what a killed writer left is
// swept; doctor finds nothing strange.
func TestListedModes(t *testing.T) {
	home := settledHome(t, fewestCached)
	s := listedTwice(t, home)
	info, err := os.Stat(s.cache.path)
	must(t, err)
	if info.Mode() != fs.FileMode(0o600) {
		t.Errorf("mode %v", info.Mode())
	}
	noCanaryIn(t, home)
	left := filepath.Join(home, "state", ".list.cache.tmp-1")
	must(t, os.WriteFile(left, nil, 0o600))
	before := time.Now().Add(-2 * staleTemp)
	must(t, os.Chtimes(left, before, before))
	if report, err := s.Tidy(t.Context()); err != nil || report.Temps != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	if bad := worst(s.Examine(t.Context())); len(bad) > 0 {
		t.Errorf("doctor says %v", bad)
	}
	// The mode of connectors.json is mended where the list is only remembered, too.
	must(t, os.Chmod(s.file.path, 0o644))
	if !s.serves() {
		t.Error("a mode is no change")
	}
	if info, err := os.Stat(s.file.path); err != nil || !private(info) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if runtime.GOOS != "windows" && os.Geteuid() == 0 {
		must(t, os.Chown(s.file.path, 12345, -1))
		if s.serves() {
			t.Error("another user's file is listed")
		}
	}
}
