package disk

import (
	"errors"
	"io/fs"
	"slices"
)

// IsFull reports whether a write failed for lack of space: the disk, a quota, or a limit of
// this process on the size of a file.
func IsFull(err error) bool { return isAny(err, fullErrors()) }

// IsNotFolder reports whether a file is where a folder should be.
func IsNotFolder(err error) bool { return isAny(err, notFolderErrors()) }

// IsReadOnly reports whether a write failed because nothing can be written there.
func IsReadOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || IsNotFolder(err) || isAny(err, readOnlyErrors())
}

func isAny(err error, of []error) bool {
	return slices.ContainsFunc(of, func(e error) bool { return errors.Is(err, e) })
}
