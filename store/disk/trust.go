package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Only files and folders are used that no one but the user (and root) could have put there or
// can change, as sshd's StrictModes asks of ~/.ssh. A home may be named by --home anywhere,
// and others who can write in it could plant a link that leads a write to a file of the user's
// own, or a pipe at which every command waits. The folders above are not looked at: what
// replaces one of ours is of another owner, and refused for that.

// Unfit is the error about a file or folder that is not used. Its cause is ErrNotPlain,
// ErrNotMine or errOthersWrite.
type Unfit struct {
	Path string
	err  error
}

// Error says which path and why.
func (u *Unfit) Error() string { return u.Path + " " + u.err.Error() }

// Unwrap returns the cause.
func (u *Unfit) Unwrap() error { return u.err }

// Remedy says, verb first, what makes it fit.
func (u *Unfit) Remedy() string {
	if errors.Is(u.err, ErrNotPlain) {
		return "Move it away and try again"
	}
	return "Change its owner and mode (chown, chmod go-w), or use another folder with --home"
}

// Why a file or folder is not used.
var (
	ErrNotPlain    = errors.New("is not a regular file")
	ErrNotMine     = errors.New("belongs to another user")
	errOthersWrite = errors.New("can be written by other users")
)

// TrustFolder is nil for a folder that may be used, and where there is none; else *Unfit, or
// why it could not be looked at.
func TrustFolder(dir string) error {
	info, err := lookThrough(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !Owned(info):
		return &Unfit{dir, ErrNotMine}
	case OthersWrite(info):
		return &Unfit{dir, errOthersWrite}
	}
	return nil
}

// TrustFile is nil for a file that may be read and replaced, and where there is none: a plain
// one of the user's own, in a folder that may be used. Else it is *Unfit, or why it could not
// be looked at.
func TrustFile(path string) error {
	if err := TrustFolder(filepath.Dir(path)); err != nil {
		return err
	}
	info, err := lookThrough(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &Unfit{path, ErrNotPlain}
	case !Mine(info):
		return &Unfit{path, ErrNotMine}
	}
	return nil
}

// lookThrough is what stands at a path, or what a link there leads to; the link must be the
// user's or root's.
func lookThrough(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err == nil && IsLink(info) {
		if !Owned(info) {
			return nil, &Unfit{path, ErrNotMine}
		}
		info, err = os.Stat(path)
	}
	if err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	return info, nil
}

// IsLink reports whether what os.Lstat found is a symbolic link.
func IsLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }
