package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// What happens to a damaged connectors.json: readers use its good copy; the next writer puts
// that in its place, and the damaged one is kept beside it. Where no good copy is left, nothing is touched and
// everything refuses, so that nobody is shown an empty list as if there had never been
// anything. Secrets are never deleted because of it.

// readOrCopy is the file, or its good copy where the file was lost; then lost says why.
func (f *file) readOrCopy() (s shelf, lost, err error) {
	s, lost = f.parse(f.path)
	gone := errors.Is(lost, fs.ErrNotExist)
	switch {
	case lost == nil:
		return s, nil, nil
	case gone && !f.hasBackup():
		return shelf{Version: version}, nil, nil
	case !gone && !isDamage(lost):
		return shelf{}, nil, f.readTrouble(lost)
	}
	s, err = f.parse(f.backup())
	switch {
	case err == nil:
		return s, lost, nil
	case errors.Is(err, fs.ErrNotExist) || isDamage(err):
		return shelf{}, lost, &connector.StoreError{Why: connector.StoreDamaged, Where: f.path, Err: lost}
	}
	return shelf{}, lost, f.readTrouble(err)
}

func (f *file) hasBackup() bool { _, err := os.Stat(f.backup()); return err == nil }

// readOrMend is readOrCopy under the lock, for a writer: a file that was lost is put back.
func (f *file) readOrMend() (shelf, error) {
	s, lost, err := f.readOrCopy()
	if err == nil && lost != nil {
		err = f.restore(errors.Is(lost, fs.ErrNotExist))
	}
	return s, err
}

func isDamage(err error) bool {
	var damage *damaged
	return errors.As(err, &damage)
}

// restore puts the good copy in the file's place.
func (f *file) restore(gone bool) error {
	name, target := filepath.Base(f.path), disk.Follow(f.path) // before the file moves and the link dangles
	words := name + " was gone; its last good copy was put back."
	if !gone {
		aside, err := f.putAside(target)
		if err != nil {
			return f.trouble(err)
		}
		words = name + " was damaged; its last good copy was put back. The damaged file is kept as " + aside + "."
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
		return "", fmt.Errorf("put the damaged file aside: %w", err)
	}
	return aside, nil
}
