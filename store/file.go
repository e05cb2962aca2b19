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
	"time"

	"github.com/gofrs/flock"

	"saasconnect/connector"
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
	Ref   string             `json:"ref"`
	Safe  connector.SafeKind `json:"safe"`
	Since time.Time          `json:"since"`
}

const (
	version     = 1
	largestFile = 32 << 20 // 1,000 connectors take about half a MiB
	lockWait    = 5 * time.Second
	lockRetry   = 25 * time.Millisecond
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

// read is the file as it stands. No lock is needed: a rename is all or nothing.
func (f *file) read(ctx context.Context) (shelf, error) {
	s, err := f.parse(f.path)
	var damage *damaged
	switch {
	case err == nil:
		return s, nil
	case errors.Is(err, fs.ErrNotExist) && !f.hasBackup():
		return shelf{Version: version}, nil
	case errors.Is(err, fs.ErrNotExist) || errors.As(err, &damage):
		return f.lockedRead(ctx)
	}
	return shelf{}, f.trouble(err)
}

func (f *file) hasBackup() bool { _, err := os.Stat(f.backup()); return err == nil }

func (f *file) lockedRead(ctx context.Context) (shelf, error) {
	var s shelf
	err := f.locked(ctx, func() (err error) {
		s, err = f.readOrMend()
		return err
	})
	return s, err
}

// damaged: the file is there and can't be understood.
type damaged struct{ err error }

func (d *damaged) Error() string { return "understand connectors.json: " + d.err.Error() }
func (d *damaged) Unwrap() error { return d.err }

// errNewer: a later version wrote the file; this one would lose what it does not know.
var errNewer = errors.New("written by a newer saasconnect")

// errNotMine: the file belongs to another user.
var errNotMine = errors.New("belongs to another user")

// parse reads one file strictly. A mode that lets others read is mended.
func (f *file) parse(path string) (shelf, error) {
	r, err := os.Open(path)
	if err != nil {
		return shelf{}, fmt.Errorf("open connectors.json: %w", err)
	}
	defer r.Close()
	info, err := r.Stat()
	switch {
	case err != nil:
		return shelf{}, fmt.Errorf("look at connectors.json: %w", err)
	case !mine(info):
		return shelf{}, errNotMine
	case !private(info):
		_ = os.Chmod(path, 0o600) // it holds no secret; tightening is a courtesy
	}
	data, err := io.ReadAll(io.LimitReader(r, largestFile+1))
	switch {
	case err != nil:
		return shelf{}, fmt.Errorf("read connectors.json: %w", err)
	case len(data) > largestFile:
		return shelf{}, &damaged{errors.New("far too large")}
	}
	return decode(data)
}

// decode understands the content, strictly: an unknown field in a file of our own version
// is damage, and so is anything behind the end.
func decode(data []byte) (shelf, error) {
	var peek struct{ Version int }
	if err := json.Unmarshal(data, &peek); err != nil {
		return shelf{}, &damaged{errors.New("not JSON")} // the error could quote the content
	}
	switch {
	case peek.Version > version:
		return shelf{}, errNewer
	case peek.Version < 1:
		return shelf{}, &damaged{errors.New("no version")}
	}
	var s shelf
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return shelf{}, &damaged{errors.New("not the fields that belong there")}
	}
	for _, c := range s.Connectors {
		if c.ID == "" || c.Name == "" || c.Site.IsZero() || c.Product != connector.Jira && c.Product != connector.Confluence {
			return shelf{}, &damaged{errors.New("a connector lacks what it must have")}
		}
	}
	return s, nil
}

// readOrMend reads under the lock; where the file is damaged or gone, the good copy takes
// its place and the damaged one is put aside.
func (f *file) readOrMend() (shelf, error) {
	s, err := f.parse(f.path)
	var damage *damaged
	gone := errors.Is(err, fs.ErrNotExist)
	switch {
	case err == nil:
		return s, nil
	case gone && !f.hasBackup():
		return shelf{Version: version}, nil
	case !gone && !errors.As(err, &damage):
		return shelf{}, f.trouble(err)
	}
	good, copyErr := f.parse(f.backup())
	if copyErr != nil {
		return shelf{}, &connector.ShelfError{Why: connector.ShelfDamaged, Where: f.path, Err: err}
	}
	aside := ""
	if !gone {
		aside = f.path + ".corrupt-" + f.now().UTC().Format("20060102T150405Z")
		if err := os.Rename(f.path, aside); err != nil {
			return shelf{}, f.trouble(err)
		}
	}
	data, err := os.ReadFile(f.backup())
	if err == nil {
		err = writeAtomic(f.path, data, f.fail)
	}
	if err != nil {
		return shelf{}, f.trouble(err)
	}
	f.note(mendedWords(aside, filepath.Base(f.path)))
	return good, nil
}

func mendedWords(aside, name string) string {
	if aside == "" {
		return name + " was gone; its last good copy was put back."
	}
	return name + " was damaged; its last good copy was put back. The damaged file is kept as " + aside + "."
}

// update reads, changes and writes under the lock. A change that returns an error writes
// nothing.
func (f *file) update(ctx context.Context, change func(*shelf) error) error {
	return f.locked(ctx, func() error {
		s, err := f.readOrMend()
		if err != nil {
			return err
		}
		if err := change(&s); err != nil {
			return err
		}
		s.Version = version
		s.Revision++
		data, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return f.trouble(fmt.Errorf("encode connectors.json: %w", err))
		}
		data = append(data, '\n')
		if err := writeAtomic(f.path, data, f.fail); err != nil {
			return f.trouble(err)
		}
		// The good copy follows; it is one write behind if this is where the power fails.
		_ = writeAtomic(f.backup(), data, f.fail)
		return nil
	})
}

// locked runs something while no other saasconnect writes.
func (f *file) locked(ctx context.Context, do func() error) error {
	if err := makeFolder(filepath.Dir(f.path)); err != nil {
		return f.trouble(err)
	}
	// The lock is a file of its own: one that is renamed over can't be locked.
	lock := flock.New(filepath.Join(filepath.Dir(f.path), "connectors.lock"), flock.SetPermissions(0o600))
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	got, err := lock.TryLockContext(wait, lockRetry)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("wait for the lock: %w", ctx.Err())
	case errors.Is(err, context.DeadlineExceeded) || err == nil && !got:
		return &connector.ShelfError{Why: connector.ShelfBusy, Where: f.path, Err: err}
	case err != nil:
		return f.trouble(err)
	}
	defer func() { _ = lock.Unlock() }() // the kernel drops it with the process in any case
	sweepTemps(f.path, f.now())
	return do()
}

// trouble types an error of the file system.
func (f *file) trouble(err error) error {
	why := connector.ShelfOther
	var damage *damaged
	switch {
	case isFull(err):
		why = connector.ShelfFull
	case errors.Is(err, errNewer):
		why = connector.ShelfNewer
	case errors.Is(err, errNotMine):
		why = connector.ShelfUnsafe
	case errors.As(err, &damage):
		why = connector.ShelfDamaged
	case isReadOnly(err):
		why = connector.ShelfReadOnly
	}
	return &connector.ShelfError{Why: why, Where: f.path, Err: err}
}
