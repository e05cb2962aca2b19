package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// writeAtomic replaces a file in one step: whoever reads it sees the old content or the
// new one, also after a crash. Temporary file in the same folder, sync, rename, sync of
// the folder. Before the rename what was written is read back and compared: a file system
// that says yes and keeps something else (a full quota behind a network, a broken FUSE
// mount) must not cost the file that was good. A symbolic link is followed first, since a
// rename would replace the link itself, and people keep their configuration behind links.
// Mode 0600 whatever the umask.
func writeAtomic(path string, data []byte, fail func(point string) error) error {
	path = follow(path)
	if err := write(path, data, fail, true); err != nil {
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

// writeDisposable is writeAtomic for what can be lost and tells by itself whether it is
// whole: no disk is waited for, and a link is replaced.
func writeDisposable(path string, data []byte, fail func(point string) error) error {
	return write(path, data, fail, false)
}

func write(path string, data []byte, fail func(point string) error, lasting bool) (err error) {
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
		{"sync", func() error {
			if lasting {
				return tmp.Sync()
			}
			return nil
		}},
		{"close", tmp.Close},
		{"prove", func() error { return proveWritten(tmp.Name(), data) }},
		{"rename", func() error { return rename(tmp.Name(), path) }},
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

// errNotKept: the disk said yes and keeps something else.
var errNotKept = errors.New("what was written reads back differently")

func proveWritten(path string, data []byte) error {
	back, err := readBounded(path, int64(len(data)))
	if errors.Is(err, errTooLarge) || err == nil && !bytes.Equal(back, data) {
		return errNotKept
	}
	return err
}

// follow is the file behind a symbolic link, also where it is not there (yet).
func follow(path string) string {
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

const tempMark = ".tmp-"

func tempPrefix(path string) string { return "." + filepath.Base(path) + tempMark }

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

// sweepTemps removes what killed writers left behind in a folder of ours, and counts it.
func sweepTemps(dir string, now time.Time) (swept int) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0 // nothing to sweep where nothing can be read
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

// isTemp knows the names that writeAtomic gives, and no others: the folder may be one
// that a person shares with other things (--home).
func isTemp(name string) bool {
	of, _, found := strings.Cut(name, tempMark)
	ext := filepath.Ext(of)
	return found && strings.HasPrefix(of, ".") && (ext == ".json" || ext == ".age" || ext == ".cache" || strings.HasSuffix(of, ".json.bak"))
}

// makeFolder makes a folder that only its owner can look into. One that is there keeps its
// mode, since a person may share it (--home), and must be one that may be used.
func makeFolder(dir string) error {
	if err := trustFolder(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	return nil
}

// openPlain opens a file that must be a plain one: opening a pipe to which nobody writes
// would never come back.
func openPlain(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("look: %w", err)
	case !info.Mode().IsRegular():
		return nil, errNotPlain
	}
	return openFile(path)
}

// readBounded reads a plain file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := openPlain(path)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	return readAtMost(f, most)
}

var errTooLarge = errors.New("far too large")

func readAtMost(r io.Reader, most int64) ([]byte, error) {
	var b bytes.Buffer
	if f, ok := r.(*os.File); ok { // room for all of it at once
		if info, err := f.Stat(); err == nil {
			b.Grow(int(min(max(info.Size(), 0), most)) + bytes.MinRead)
		}
	}
	_, err := b.ReadFrom(io.LimitReader(r, most+1))
	data := b.Bytes()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	case int64(len(data)) > most:
		return nil, errTooLarge
	}
	return data, nil
}

// isFull and isReadOnly say what kind of failure a write met.
func isFull(err error) bool { return isAny(err, fullErrors()) }

func isReadOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || isAny(err, readOnlyErrors())
}

func isAny(err error, of []error) bool {
	return slices.ContainsFunc(of, func(e error) bool { return errors.Is(err, e) })
}

// On Windows a file that any program has open can be neither renamed over nor removed, and
// one that is just being replaced can't be opened: Go opens files without
// FILE_SHARE_DELETE, and so do virus scanners, indexers and backups, for moments. Go's own
// tool (cmd/internal/robustio) and every installer try again, and so is done here. On other
// systems nothing stands in the way, and inTheWay is never true.
// Source: learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew, "dwShareMode".

// longestPause ends the trying, after about a second in all.
const longestPause = 512 * time.Millisecond

func pause(d time.Duration) { <-time.After(d) }

func rename(from, to string) error {
	return patiently(inTheWay, pause, func() error { return os.Rename(from, to) })
}

func removeFile(path string) error {
	return patiently(inTheWay, pause, func() error { return os.Remove(path) })
}

func openFile(path string) (f *os.File, err error) {
	err = patiently(inTheWay, pause, func() error {
		f, err = os.Open(path)
		return err
	})
	return f, err
}

// patiently does it again while something is in the way, with pauses that double.
func patiently(inTheWay func(error) bool, sleep func(time.Duration), do func() error) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := do()
		if err == nil || wait > longestPause || !inTheWay(err) {
			return err
		}
		sleep(wait)
	}
}
