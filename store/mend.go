package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"saasconnect/connector"
)

// What happens to a damaged connectors.json: its good copy takes its place, and the
// damaged one is kept beside it. Where no good copy is left, nothing is touched and
// everything refuses, so that nobody is shown an empty list as if there had never been
// anything. Secrets are never deleted because of it.

// readOrMend reads under the lock.
func (f *file) readOrMend() (shelf, error) {
	s, err := f.parse(f.path)
	gone := errors.Is(err, fs.ErrNotExist)
	switch {
	case err == nil:
		return s, nil
	case gone && !f.hasBackup():
		return shelf{Version: version}, nil
	case !gone && !isDamage(err):
		return shelf{}, f.trouble(err)
	}
	good, copyErr := f.parse(f.backup())
	switch {
	case copyErr == nil:
		return good, f.restore(gone)
	case errors.Is(copyErr, fs.ErrNotExist) || isDamage(copyErr):
		return shelf{}, &connector.ShelfError{Why: connector.ShelfDamaged, Where: f.path, Err: err}
	}
	return shelf{}, f.trouble(copyErr)
}

// readCopy is for a disk on which nothing can be mended, being full or read-only: what was
// kept can still be listed and used. It is said each time, since it lasts.
func (f *file) readCopy(mending error) (shelf, error) {
	var why *connector.ShelfError
	if !errors.As(mending, &why) || why.Why != connector.ShelfFull && why.Why != connector.ShelfReadOnly {
		return shelf{}, mending
	}
	good, err := f.parse(f.backup())
	if err != nil {
		return shelf{}, mending
	}
	f.note(filepath.Base(f.path) + " is damaged or gone and can't be put back (" + string(why.Why) + "); its last good copy is used.")
	return good, nil
}

func isDamage(err error) bool {
	var damage *damaged
	return errors.As(err, &damage)
}

// restore puts the good copy in the file's place.
func (f *file) restore(gone bool) error {
	name, target := filepath.Base(f.path), follow(f.path) // before the file moves and the link dangles
	words := name + " was gone; its last good copy was put back."
	if !gone {
		aside, err := f.putAside(target)
		if err != nil {
			return f.trouble(err)
		}
		words = name + " was damaged; its last good copy was put back. The damaged file is kept as " + aside + "."
	}
	data, err := readBounded(f.backup(), largestFile)
	if err == nil {
		err = f.fail(name + ":restore")
	}
	f.cache.forget()
	if err == nil {
		err = writeAtomic(target, data, f.fail)
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
	if err := rename(target, aside); err != nil {
		return "", fmt.Errorf("put the damaged file aside: %w", err)
	}
	return aside, nil
}
