package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestNamedFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "customers.csv")
	must(t, os.WriteFile(path, []byte("old, and longer than the new one"), 0o644))
	must(t, WriteFile(path, []byte("product,site")))
	if data, err := ReadFile(t.Context(), path, 100); err != nil || string(data) != "product,site" {
		t.Errorf("%q, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	if _, err := ReadFile(t.Context(), path, 3); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	for what, name := range map[string]string{"a folder": dir, "below nothing": filepath.Join(dir, "not", "there")} {
		if err := WriteFile(name, nil); err == nil {
			t.Errorf("%s was written over", what)
		}
		if _, err := ReadFile(t.Context(), name, 10); err == nil {
			t.Errorf("%s was read", what)
		}
	}
	if _, err := ReadFile(t.Context(), filepath.Join(dir, "no"), 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
