package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// writeAtomic replaces a file in one step: whoever reads it sees the old content or the
// new one, also after a crash. Temporary file in the same folder, sync, rename, sync of
// the folder. A symbolic link is followed first, since a rename would replace the link
// itself, and people keep their configuration behind links. Mode 0600 whatever the umask.
func writeAtomic(path string, data []byte, fail func(point string) error) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, tempPrefix(path)+"*")
	if err != nil {
		return fmt.Errorf("make a temporary file: %w", err)
	}
	defer func() {
		if err != nil {
			_ = tmp.Close() // the first error is the one to tell
			_ = os.Remove(tmp.Name())
		}
	}()
	steps := []struct {
		name string
		do   func() error
	}{
		{"write", func() error { _, err := tmp.Write(data); return err }},
		{"sync", tmp.Sync},
		{"close", tmp.Close},
		{"rename", func() error { return os.Rename(tmp.Name(), path) }},
	}
	for _, s := range steps {
		if err := fail(filepath.Base(path) + ":" + s.name); err != nil {
			return err
		}
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	syncDir(dir)
	return nil
}

func tempPrefix(path string) string { return "." + filepath.Base(path) + ".tmp-" }

// syncDir makes a rename last. Not every system lets a folder be synced, and the rename
// has happened in any case.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// staleTemp is how old a temporary file must be before it is surely nobody's any more.
const staleTemp = time.Hour

// sweepTemps removes what a killed writer left behind.
func sweepTemps(path string, now time.Time) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return // nothing to sweep where nothing can be read
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), tempPrefix(path)) && now.Sub(info.ModTime()) > staleTemp {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
}

// makeFolder makes a folder that only its owner can look into.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at the folder: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 && mine(info) {
		_ = os.Chmod(dir, 0o700) // best effort: the files inside have modes of their own
	}
	return nil
}

// isFull and isReadOnly say what kind of failure a write met.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func isReadOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOTDIR)
}
