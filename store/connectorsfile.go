package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// file is connectors.json in its folder. It is written whole and in one step, under a lock, and
// only after it was read again under that same lock; so a reader sees all of a write or none of
// it, and waits for no one.
//
// A backup stands beside it, for what a rename can't exclude: a wrong edit, a partial restore, a
// disk error. Where the file can't be read readers use the backup and say so. The next writer
// renames the damaged file and goes on from the backup. Without a usable backup every call fails
// and nothing is changed: an empty list would look as if there had never been any connectors. No
// stored token is ever deleted because of damage.
type file struct {
	path string
	now  func() time.Time
	fail func(point string) error
	note func(string) // is told what was recovered
}

const largestFile = 32 << 20 // bytes; 1,000 connectors take about half a MiB

func (f *file) where() string { return f.path }

func (f *file) backup() string { return f.path + ".bak" }

// read is what the file holds, or its backup where it is damaged or missing, which is noted. It
// changes nothing and waits for no lock. Errors are *connector.StoreError.
func (f *file) read() (contents, error) {
	c, lost, err := f.readOrCopy()
	if err == nil && lost != nil {
		f.note(filepath.Base(f.path) + " " + lostWords(lost) + "; its backup is used. The next change restores it.")
	}
	return c, err
}

func lostWords(lost error) string {
	var damage *damaged
	if errors.As(lost, &damage) {
		return "is damaged (" + damage.reason + ")"
	}
	return "is missing"
}

// readOrCopy is what the file holds, or its backup where the file was lost; then lost says why.
func (f *file) readOrCopy() (c contents, lost, err error) {
	c, lost = f.parse(f.path)
	gone := errors.Is(lost, fs.ErrNotExist)
	switch {
	case lost == nil:
		return c, nil, nil
	case gone && !f.hasBackup():
		return contents{Version: version}, nil, nil
	case !gone && !isDamage(lost):
		return contents{}, nil, f.readTrouble(lost)
	}
	c, err = f.parse(f.backup())
	switch {
	case err == nil:
		return c, lost, nil
	case errors.Is(err, fs.ErrNotExist) || isDamage(err):
		return contents{}, lost, f.trouble(lost)
	}
	return contents{}, lost, f.readTrouble(err)
}

func (f *file) hasBackup() bool {
	_, err := os.Stat(f.backup())
	return err == nil
}

func isDamage(err error) bool {
	var damage *damaged
	return errors.As(err, &damage)
}

// parse reads one file, which must be the user's own. A mode that lets others read it is closed:
// it holds no secret, but names of customers.
func (f *file) parse(path string) (contents, error) {
	if err := disk.TrustFile(path); err != nil {
		return contents{}, err
	}
	if info, err := os.Stat(path); err == nil && !disk.AccessOf(path, info).Private() {
		_ = os.Chmod(path, 0o600) // a courtesy
	}
	return parse(path)
}

// parse reads one file as it stands.
func parse(path string) (contents, error) {
	data, err := disk.ReadBounded(path, largestFile)
	switch {
	case errors.Is(err, disk.ErrTooLarge):
		return contents{}, &damaged{"it is too large"}
	case err != nil:
		return contents{}, fmt.Errorf("connectors.json: %w", err)
	}
	return decode(data)
}

// update does so under the lock. Errors are *connector.StoreError, or the context's.
func (f *file) update(ctx context.Context, change func(*contents) error) error {
	return f.locked(ctx, func() error {
		for range 3 {
			if written, err := f.tryUpdate(change); written || err != nil {
				return err
			}
		}
		return &connector.StoreError{Why: connector.StoreBusy, Where: f.path}
	})
}

// tryUpdate reports false where another process wrote meanwhile. The lock rules that out, but for
// network file systems whose locks are not what they claim to be.
func (f *file) tryUpdate(change func(*contents) error) (written bool, err error) {
	c, lost, err := f.readOrCopy()
	if err == nil && lost != nil {
		err = f.recover(errors.Is(lost, fs.ErrNotExist))
	}
	if err != nil {
		return false, err
	}
	before := c.Revision
	if err := change(&c); err != nil {
		return false, err
	}
	c.Version, c.Revision = version, before+1
	data, err := json.MarshalIndent(c, "", "  ")
	if err == nil {
		err = f.fail("connectors.json:compare")
	}
	if err != nil {
		return false, f.trouble(err)
	}
	if now, err := f.parse(f.path); err == nil && now.Revision != before {
		return false, nil
	}
	return true, f.write(append(data, '\n'))
}

// write replaces the file, and then its backup, which is one write behind where the power fails
// between the two.
func (f *file) write(data []byte) error {
	err := disk.WriteAtomic(f.path, data, f.fail)
	if disk.IsFull(err) && !errors.Is(err, syscall.EFBIG) && f.makeRoom(len(data)) {
		if err = disk.WriteAtomic(f.path, data, f.fail); err != nil {
			if old, err := disk.ReadBounded(f.path, largestFile); err == nil {
				_ = disk.WriteAtomic(f.backup(), old, f.fail) // at worst the next write makes one
			}
		}
	}
	if err == nil {
		_ = disk.WriteAtomic(f.backup(), data, f.fail) // likewise
	}
	return f.trouble(err)
}

// makeRoom deletes the backup on a full disk for a write that is no longer than it, so that
// connectors can still be removed there: the file itself was just read and is good.
func (f *file) makeRoom(bytes int) bool {
	info, err := os.Stat(f.backup())
	return err == nil && int64(bytes) <= info.Size() && os.Remove(disk.Follow(f.backup())) == nil
}

// recover restores a file that is missing or damaged from its backup. A damaged one is renamed and
// not deleted: it may have been edited by hand.
func (f *file) recover(gone bool) error {
	name, target := filepath.Base(f.path), disk.Follow(f.path) // before the file moves and a link to it dangles
	words := name + " was missing; it was restored from its backup."
	if !gone {
		aside, err := f.putAside(target)
		if err != nil {
			return f.trouble(err)
		}
		words = name + " was damaged; it was restored from its backup. The damaged file was saved as " + aside + "."
	}
	data, err := disk.ReadBounded(f.backup(), largestFile)
	if err == nil {
		err = f.fail(name + ":restore")
	}
	if err == nil {
		err = disk.WriteAtomic(target, data, f.fail)
	}
	if err != nil {
		return f.trouble(err)
	}
	f.note(words)
	return nil
}

// putAside renames the damaged file to a name that is free and says when it was found.
func (f *file) putAside(target string) (string, error) {
	stem := target + ".corrupt-" + f.now().UTC().Format("20060102T150405Z")
	aside := stem
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s-%d", stem, n)
	}
	if err := disk.Rename(target, aside); err != nil {
		return "", fmt.Errorf("rename the damaged file: %w", err)
	}
	return aside, nil
}

const (
	lockName  = "connectors.lock"
	lockWait  = 5 * time.Second
	lockRetry = 25 * time.Millisecond
)

// locked runs something while no other saasconnect writes. It must not ask a storage: that can
// take minutes. The lock is a file of its own, since one that is renamed over can't be locked.
func (f *file) locked(ctx context.Context, do func() error) error {
	dir := filepath.Dir(f.path)
	if err := disk.MakeFolder(dir); err != nil {
		return f.trouble(err)
	}
	name := filepath.Join(dir, lockName)
	for _, path := range []string{name, f.path, f.backup()} { // before any of them is opened
		if err := disk.TrustFile(path); err != nil {
			return f.trouble(err)
		}
	}
	lock := flock.New(name, flock.SetPermissions(0o600))
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	got, err := tryLock(wait, lock)
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

// tryLock waits for the lock until the context ends. On Windows a scanner that has the lock file open
// for itself is waited for like another saasconnect.
func tryLock(ctx context.Context, lock *flock.Flock) (bool, error) {
	for {
		got, err := lock.TryLock()
		if got || err != nil && !disk.IsSharingViolation(err) {
			return got, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(lockRetry):
		}
	}
}

// inEncryptedFile reports whether a connector's token is in the encrypted file.
func (f *file) inEncryptedFile() (bool, error) {
	c, _, err := f.readOrCopy()
	return slices.ContainsFunc(c.Connectors, func(r record) bool { return r.KeptIn == connector.StorageFile }), err
}

// references are the connectors whose token is in an external source.
func (f *file) references() (some []connector.Connector, err error) {
	c, _, err := f.readOrCopy()
	for _, r := range c.Connectors {
		if r.KeptIn == connector.StorageReference {
			some = append(some, r.Connector)
		}
	}
	return some, err
}

// readTrouble types an error of reading.
func (f *file) readTrouble(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &connector.StoreError{Why: connector.StoreUnreadable, Where: f.path, Err: err}
	}
	return f.trouble(err)
}

func (f *file) trouble(err error) error { return storeError(f.path, err) }

// storeError types an error of the file system about a file; nil for nil.
func storeError(path string, err error) error {
	typed := &connector.StoreError{Why: connector.StoreOther, Where: path, Err: err}
	var damage *damaged
	var odd *disk.Unfit
	switch {
	case err == nil:
		return nil
	case errors.As(err, &odd):
		typed.Why, typed.Where, typed.Detail = connector.StoreUnsafe, odd.Path, odd.Remedy()
		if errors.Is(err, disk.ErrNotPlain) {
			typed.Why = connector.StoreNotPlain
		}
	case errors.As(err, &damage):
		typed.Why, typed.Detail = connector.StoreDamaged, damage.reason
	case disk.IsFull(err):
		typed.Why = connector.StoreFull
	case errors.Is(err, errNewer):
		typed.Why = connector.StoreNewer
	case errors.Is(err, disk.ErrNotMine):
		typed.Why = connector.StoreUnsafe
	case errors.Is(err, disk.ErrAway):
		typed.Why = connector.StoreAway
	case errors.Is(err, disk.ErrInUse), disk.IsSharingViolation(err):
		typed.Why = connector.StoreInUse
	case disk.IsNotFolder(err):
		typed.Why = connector.StoreNoFolder
	case disk.IsReadOnly(err):
		typed.Why = connector.StoreReadOnly
	}
	return typed
}
