package disk

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestWriteAtomic: at every step that fails the old content stays and nothing is left beside
// it; a link is followed, and replaced where what it leads to can be lost.
func TestWriteAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "connectors.json")
	content := func() string {
		data, err := ReadBounded(path, 100)
		must(t, err)
		return string(data)
	}
	must(t, WriteAtomic(path, []byte("old"), nil))
	var steps []string
	must(t, WriteAtomic(path, []byte("older"), func(point string) error { steps = append(steps, point); return nil }))
	if got := strings.Join(steps, " "); got != "connectors.json:write connectors.json:sync connectors.json:close connectors.json:verify connectors.json:rename connectors.json:renamed" {
		t.Errorf("steps: %s", got)
	}
	broken := errors.New("broken")
	for _, step := range steps[:len(steps)-1] {
		err := WriteAtomic(path, []byte("new"), func(point string) error {
			if point == step {
				return broken
			}
			return nil
		})
		if left, _ := filepath.Glob(filepath.Join(dir, ".*")); !errors.Is(err, broken) || content() != "older" || len(left) > 0 {
			t.Errorf("%s: %v, %q, left %v", step, err, content(), left)
		}
	}
	if runtime.GOOS == "windows" {
		return // links need a right there
	}
	target := filepath.Join(t.TempDir(), "not", "yet")
	must(t, MakeFolder(filepath.Dir(target)))
	must(t, os.Remove(path))
	must(t, os.Symlink(target, path))
	must(t, WriteAtomic(path, []byte("behind a link"), nil))
	if info, err := os.Lstat(path); err != nil || !IsLink(info) || content() != "behind a link" {
		t.Errorf("%v, %v", info, err)
	}
	must(t, WriteDisposable(path, []byte("in its place"), nil))
	if info, err := os.Lstat(path); err != nil || IsLink(info) || info.Mode().Perm() != 0o600 || content() != "in its place" {
		t.Errorf("%v, %v", info, err)
	}
}

// TestSweepTemps: only what a killed writer left is removed, and only when it is old.
func TestSweepTemps(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".connectors.json.tmp-1", ".connectors.json.bak.tmp-2", ".identity.age.tmp-3", ".notes.txt.tmp-4", "connectors.json.tmp-5", "connectors.json"} {
		must(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	if n := SweepTemps(dir, time.Now()); n != 0 {
		t.Errorf("swept %d young ones", n)
	}
	if n := SweepTemps(dir, time.Now().Add(2*time.Hour)); n != 3 {
		t.Errorf("swept %d", n)
	}
	if n := SweepTemps(filepath.Join(dir, "no"), time.Now()); n != 0 {
		t.Errorf("swept %d where nothing is", n)
	}
}
