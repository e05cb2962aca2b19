// Package disk holds what every file of this program needs: it is written in one step, read
// up to a bound, and used only where no one else could have put it there or can change it.
//
// It knows nothing of connectors. Errors are those of package os and the ones that are
// declared here, wrapped.
package disk

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// WriteAtomic replaces a file in one step: a reader sees the old content or the new one, also
// after a crash. It writes a temporary file in the same folder, syncs it, renames
// it and syncs the folder. The file's mode is 0600 whatever the umask.
//
// Before the rename what was written is read back and compared; ErrNotStored is the error
// where it differs. A file system that reports success and stores something else (a full quota
// behind a network, a broken FUSE mount) must not cost the file that was good.
//
// A symbolic link is followed first: a rename would replace the link itself, and configuration
// files are often links.
//
// fail is called with "NAME:STEP" before each step (write, sync, close, verify, rename) and
// after the last one (renamed); an error of it ends the write as an error of that step
// would. It is for tests; nil never fails.
func WriteAtomic(path string, data []byte, fail func(point string) error) error {
	path = Follow(path)
	if err := write(path, data, fail, true); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// WriteOwn is WriteAtomic for a file of this program's own: its folder is made where it is not
// there, and both must be trusted (TrustFile).
func WriteOwn(path string, data []byte, fail func(point string) error) error {
	if err := MakeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	if err := TrustFile(path); err != nil {
		return err
	}
	return WriteAtomic(path, data, fail)
}

// WriteDisposable is WriteAtomic for what can be lost and tells by itself whether it is
// whole: no disk is waited for, and a link is replaced.
func WriteDisposable(path string, data []byte, fail func(point string) error) error {
	return write(path, data, fail, false)
}

func write(path string, data []byte, fail func(point string) error, lasting bool) (err error) {
	if fail == nil {
		fail = func(string) error { return nil }
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+tempMark+"*")
	if err != nil {
		return fmt.Errorf("create a temporary file: %w", err)
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
		{"sync", func() error {
			if lasting {
				return tmp.Sync()
			}
			return nil
		}},
		{"close", tmp.Close},
		{"verify", func() error { return readsBack(tmp.Name(), data) }},
		{"rename", func() error { return Rename(tmp.Name(), path) }},
	}
	for _, s := range steps {
		if err := fail(filepath.Base(path) + ":" + s.name); err != nil {
			return err
		}
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	_ = fail(filepath.Base(path) + ":renamed") // done all the same: only a process can end here
	return nil
}

// ErrNotStored is the error where the disk reported success and stored something else.
var ErrNotStored = errors.New("what was written doesn't match what was read back")

func readsBack(path string, data []byte) error {
	back, err := ReadBounded(path, int64(len(data)))
	if errors.Is(err, ErrTooLarge) || err == nil && !bytes.Equal(back, data) {
		return ErrNotStored
	}
	return err
}

// Follow returns the path of the file behind a symbolic link, also where that file is not
// there (yet). A path that is no link is returned as it is, or with the links in its folders
// resolved.
func Follow(path string) string {
	for range 8 {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return target
		}
		link, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(path), link)
		}
		path = link
	}
	return path
}

// syncFolder makes a rename last. Not every system lets a folder be synced, and the rename
// has happened in any case.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// MakeFolder makes a folder that only its owner can look into, and those above it. One that is there keeps its mode, since it may be shared (--home), and must be
// one that may be used: *Unfit else.
func MakeFolder(dir string) error {
	if err := TrustFolder(dir); err != nil {
		return err
	}
	if err := makePrivate(dir); err != nil {
		return fmt.Errorf("create the folder: %w", err)
	}
	return nil
}

const (
	// tempMark stands in the name of every temporary file: ".connectors.json.tmp-123".
	tempMark = ".tmp-"
	// staleTemp is how old a temporary file must be before surely no process writes it.
	staleTemp = time.Hour
)

// SweepTemps removes the temporary files that killed writers left in a folder of this
// program more than an hour before now, and returns how many. A folder that can't be read
// has none.
func SweepTemps(dir string, now time.Time) (swept int) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if !isTemp(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && now.Sub(info.ModTime()) > staleTemp &&
			os.Remove(filepath.Join(dir, e.Name())) == nil {
			swept++
		}
	}
	return swept
}

// isTemp reports whether WriteAtomic gives such a name to a temporary file of ours. It must
// match no others: the folder may be shared with other things (--home).
func isTemp(name string) bool {
	of, _, found := strings.Cut(name, tempMark)
	ext := filepath.Ext(of)
	return found && strings.HasPrefix(of, ".") && (ext == ".json" || ext == ".age" || ext == ".cache" || strings.HasSuffix(of, ".json.bak"))
}
