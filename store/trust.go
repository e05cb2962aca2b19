package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Which files and folders are used: those that nobody but the user (and root) could have put
// there or can change, as sshd's StrictModes asks of ~/.ssh. A home may be named by --home
// anywhere, and whoever can write in it could plant a link that leads a write to a file of
// the user's own, or a pipe at which every command waits. The folders above are not looked
// at: what replaces one of ours is of another owner, and refused for that.

// unfit is a file or folder that is not used, and why.
type unfit struct {
	path string
	err  error // errNotPlain, errNotMine, errOthersWrite
}

func (u *unfit) Error() string { return u.path + " " + u.err.Error() }
func (u *unfit) Unwrap() error { return u.err }

// remedy is what makes it fit.
func (u *unfit) remedy() string {
	if errors.Is(u.err, errNotPlain) {
		return "Move it away and try again"
	}
	return "Make it yours alone (chown, chmod go-w), or use another folder with --home"
}

var (
	errNotPlain    = errors.New("is not a plain file")
	errNotMine     = errors.New("belongs to another user")
	errOthersWrite = errors.New("can be written by other users")
)

// trustFolder is nil for a folder that may be used, and where there is none.
func trustFolder(dir string) error {
	info, err := trustLink(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !owned(info):
		return &unfit{dir, errNotMine}
	case othersWrite(info):
		return &unfit{dir, errOthersWrite}
	}
	return nil
}

// trustFile is nil for a file that may be read and replaced, and where there is none: a plain
// one of the user's own, in a folder that may be used.
func trustFile(path string) error {
	if err := trustFolder(filepath.Dir(path)); err != nil {
		return err
	}
	info, err := trustLink(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &unfit{path, errNotPlain}
	case !mine(info):
		return &unfit{path, errNotMine}
	}
	return nil
}

// trustLink is what stands at a path, or what a link there leads to, which must be a link of
// the user's or of root's.
func trustLink(path string) (fs.FileInfo, error) {
	itself, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	if !isLink(itself) {
		return itself, nil
	}
	if !owned(itself) {
		return nil, &unfit{path, errNotMine}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	return info, nil
}
