package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// connectors.json: what there is, and which references into safes were handed out. It is
// written whole, under a lock, and only after it was read again under that same lock. A
// good copy stands beside it; a damaged file is put aside and the copy takes its place,
// and that is said. It is never silently empty.

// shelf is the file's content. Revision counts the writes.
type shelf struct {
	Version    int      `json:"version"`
	Revision   int      `json:"revision"`
	Connectors []record `json:"connectors"`
	// Loose lists every reference that was handed out and is not, or no longer, a
	// connector's.
	Loose []loose `json:"loose"`
}

// record is a connector and where its token is: a reference into its safe, "" for a token
// that is kept elsewhere.
type record struct {
	connector.Connector
	Ref string `json:"ref,omitempty"`
}

type loose struct {
	Ref   string                `json:"ref"`
	Safe  connector.StorageKind `json:"safe"`
	Since time.Time             `json:"since"`
	// Doomed: a sweep has begun to delete what is there, so no connector may take it.
	Doomed bool `json:"doomed,omitempty"`
}

const (
	// version 2 (23 Nov 2026) added who edited a connector and who replaced its token; what
	// version 1 wrote is read as it is.
	version     = 2
	largestFile = 32 << 20 // 1,000 connectors take about half a MiB
)

// file is connectors.json in its folder.
type file struct {
	path string
	now  func() time.Time
	fail func(point string) error
	// note is told when something had to be mended.
	note func(string)
}

func (f *file) backup() string { return f.path + ".bak" }

// read is the file as it stands, or its good copy where that is damaged or gone, which is
// noted. It changes nothing and waits for no lock: a rename is all or nothing. Errors are
// *connector.StoreError.
func (f *file) read() (shelf, error) {
	s, lost, err := f.readOrCopy()
	if err == nil && lost != nil {
		f.note(filepath.Base(f.path) + " is damaged or gone; its last good copy is used. The next change puts it back.")
	}
	return s, err
}

// needsEncryptedFile reports whether a connector's token is in the encrypted file.
func (f *file) needsEncryptedFile() (bool, error) {
	s, _, err := f.readOrCopy()
	return slices.ContainsFunc(s.Connectors, func(r record) bool { return r.KeptIn == connector.StorageFile }), err
}

// references are the connectors whose token is kept elsewhere.
func (f *file) references() (some []connector.Connector, err error) {
	s, _, err := f.readOrCopy()
	for _, r := range s.Connectors {
		if r.KeptIn == connector.StorageReference {
			some = append(some, r.Connector)
		}
	}
	return some, err
}

// damaged: the file is there and can't be understood.
type damaged struct{ err error }

func (d *damaged) Error() string { return "understand connectors.json: " + d.err.Error() }
func (d *damaged) Unwrap() error { return d.err }

// errNewer: a later version wrote the file; this one would lose what it does not know.
var errNewer = errors.New("written by a newer saasconnect")

// parse reads one file strictly.
func (f *file) parse(path string) (shelf, error) {
	data, err := content(path)
	if err != nil {
		return shelf{}, err
	}
	return decode(data)
}

// content is the bytes of one file.
func content(path string) ([]byte, error) {
	r, _, err := openOwn(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := disk.ReadAtMost(r, largestFile)
	switch {
	case errors.Is(err, disk.ErrTooLarge):
		return nil, &damaged{err}
	case err != nil:
		return nil, fmt.Errorf("connectors.json: %w", err)
	}
	return data, nil
}

// openOwn opens one file, which must be the user's own, and says how large it is. A mode that
// lets others read is mended.
func openOwn(path string) (*os.File, int64, error) {
	if err := disk.TrustFile(path); err != nil {
		return nil, 0, err
	}
	r, err := disk.OpenPlain(path)
	if err != nil {
		return nil, 0, fmt.Errorf("open connectors.json: %w", err)
	}
	info, err := r.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("look at connectors.json: %w", err)
	case !disk.Mine(info):
		err = disk.ErrNotMine
	case !disk.Private(info):
		_ = r.Chmod(0o600) // it holds no secret; tightening is a courtesy
	}
	if err != nil {
		_ = r.Close() // nothing was written
		return nil, 0, err
	}
	return r, info.Size(), nil
}

// decode understands the content, strictly: an unknown field in a file of our own version
// is damage, and so is anything behind the end.
func decode(data []byte) (shelf, error) {
	var s shelf
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	if _, end := d.Token(); err == nil && end != io.EOF {
		err = errors.New("something behind the end")
	}
	if err == nil && s.Version >= 1 && s.Version <= version {
		for i := range s.Connectors {
			s.Connectors[i].clean()
		}
		if !s.sound() {
			return shelf{}, &damaged{errors.New("a connector lacks what it must have")}
		}
		return s, nil
	}
	return shelf{}, misread(data)
}

// misread says what is wrong with a content that can't be understood. It is looked at a
// second time for that, and only then: with a thousand connectors a look takes a while.
func misread(data []byte) error {
	var peek struct{ Version int }
	if err := json.Unmarshal(data, &peek); err != nil {
		return &damaged{errors.New("not JSON")} // the error could quote the content
	}
	switch {
	case peek.Version > version:
		return errNewer
	case peek.Version < 1:
		return &damaged{errors.New("no version")}
	}
	return &damaged{errors.New("not the fields that belong there")}
}

// update reads, changes and writes under the lock. A change that returns an error writes
// nothing.
func (f *file) update(ctx context.Context, change func(*shelf) error) error {
	return f.locked(ctx, func() error {
		for range 3 {
			if written, err := f.tryUpdate(change); written || err != nil {
				return err
			}
		}
		return &connector.StoreError{Why: connector.StoreBusy, Where: f.path}
	})
}

// tryUpdate reports false where another process wrote meanwhile. The lock rules that out,
// but for network file systems whose locks are not what they claim to be.
func (f *file) tryUpdate(change func(*shelf) error) (written bool, err error) {
	s, err := f.readOrMend()
	if err != nil {
		return false, err
	}
	before := s.Revision
	if err := change(&s); err != nil {
		return false, err
	}
	s.Version, s.Revision = version, before+1
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return false, f.trouble(fmt.Errorf("encode connectors.json: %w", err))
	}
	if err := f.fail("connectors.json:compare"); err != nil {
		return false, f.trouble(err)
	}
	if now, err := f.parse(f.path); err == nil && now.Revision != before {
		return false, nil
	}
	data = append(data, '\n')
	err = disk.WriteAtomic(f.path, data, f.fail)
	if disk.IsFull(err) && !errors.Is(err, syscall.EFBIG) && f.makeRoom(len(data)) {
		if err = disk.WriteAtomic(f.path, data, f.fail); err != nil {
			f.copyBack()
		}
	}
	if err != nil {
		return false, f.trouble(err)
	}
	// The good copy follows; it is one write behind if this is where the power fails.
	_ = disk.WriteAtomic(f.backup(), data, f.fail)
	return true, nil
}

// makeRoom gives up the good copy on a full disk for a write that is no longer than it, so
// that there connectors can still be removed: the file itself was just read and is good, and
// the copy follows the write.
func (f *file) makeRoom(bytes int) bool {
	info, err := os.Stat(f.backup())
	return err == nil && int64(bytes) <= info.Size() && os.Remove(disk.Follow(f.backup())) == nil
}

// copyBack makes the good copy anew from the file.
func (f *file) copyBack() {
	if data, err := disk.ReadBounded(f.path, largestFile); err == nil {
		_ = disk.WriteAtomic(f.backup(), data, f.fail) // the next write makes one
	}
}

// readTrouble types an error of reading.
func (f *file) readTrouble(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &connector.StoreError{Why: connector.StoreUnreadable, Where: f.path, Err: err}
	}
	return f.trouble(err)
}

// trouble types an error of the file system.
func (f *file) trouble(err error) error {
	why := connector.StoreOther
	var damage *damaged
	var odd *disk.Unfit
	switch {
	case errors.As(err, &odd):
		why = connector.StoreUnsafe
		if errors.Is(err, disk.ErrNotPlain) {
			why = connector.StoreNotPlain
		}
		return &connector.StoreError{Why: why, Where: odd.Path, Err: err}
	case disk.IsFull(err):
		why = connector.StoreFull
	case errors.Is(err, errNewer):
		why = connector.StoreNewer
	case errors.Is(err, disk.ErrNotMine):
		why = connector.StoreUnsafe
	case errors.As(err, &damage):
		why = connector.StoreDamaged
	case errors.Is(err, syscall.ENOTDIR):
		why = connector.StoreNoFolder
	case disk.IsReadOnly(err):
		why = connector.StoreReadOnly
	}
	return &connector.StoreError{Why: why, Where: f.path, Err: err}
}

const (
	lockName  = "connectors.lock"
	lockWait  = 5 * time.Second
	lockRetry = 25 * time.Millisecond
)

// locked runs something while no other saasconnect writes. It must not ask a safe: that
// can take minutes.
func (f *file) locked(ctx context.Context, do func() error) error {
	dir := filepath.Dir(f.path)
	if err := disk.MakeFolder(dir); err != nil {
		return f.trouble(err)
	}
	// The lock is a file of its own: one that is renamed over can't be locked.
	name := filepath.Join(dir, lockName)
	for _, path := range []string{name, f.path, f.backup()} { // before any of them is opened
		if err := disk.TrustFile(path); err != nil {
			return f.trouble(err)
		}
	}
	lock := flock.New(name, flock.SetPermissions(0o600))
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	got, err := lock.TryLockContext(wait, lockRetry)
	switch {
	case got:
		defer func() { _ = lock.Unlock() }() // the kernel drops it with the process in any case
		disk.SweepTemps(filepath.Dir(disk.Follow(f.path)), f.now())
		return do()
	case ctx.Err() != nil:
		return fmt.Errorf("wait for the lock: %w", ctx.Err())
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return &connector.StoreError{Why: connector.StoreBusy, Where: f.path, Err: err}
	}
	return f.trouble(err)
}
