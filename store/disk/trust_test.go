package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestAbsent: what is not there is not there, and a file where a folder should be is said to be one,
// on every system.
func TestAbsent(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		filepath.Join(dir, "none"):              fs.ErrNotExist,
		filepath.Join(dir, "none", "at", "all"): fs.ErrNotExist,
		filepath.Join(file, "below"):            ErrNotFolder,
		filepath.Join(file, "far", "below"):     ErrNotFolder,
	} {
		_, err := os.Lstat(path)
		err = Absent(path, err)
		if want == ErrNotFolder && !IsNotFolder(err) || want != ErrNotFolder && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if want == ErrNotFolder && errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s looks as if nothing were there: %v", path, err)
		}
		if _, err := ReadBounded(path, 1); errors.Is(err, fs.ErrNotExist) != (want == fs.ErrNotExist) {
			t.Errorf("read %s: %v", path, err)
		}
	}
	if err := TrustFile(filepath.Join(file, "below")); !IsNotFolder(err) {
		t.Errorf("a folder that is a file: %v", err)
	}
}
