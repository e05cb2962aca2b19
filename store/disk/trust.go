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

// On Windows the owner is asked for as on Unix. Who else may write in a folder is doctor's to
// say there, and no reason to refuse it: earlier versions made --home on drives whose folders all
// users of the computer may change, which is Windows' default for those.

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
	return ownRemedy
}

// Why a file or folder is not used.
var (
	ErrNotPlain    = errors.New("is not a regular file")
	ErrNotMine     = errors.New("belongs to another user")
	errOthersWrite = errors.New("can be written by other users")
)

// Access is what the system's permissions say about a file or folder.
type Access struct {
	Mine        bool // it belongs to the user that this program runs as
	Owned       bool // to that user, or to the system
	OthersRead  bool
	OthersWrite bool
	Key         bool   // a key may be kept in it: others can't read it, nor was it put there by them
	Mode        string // for a person who wants to know: " (mode 0644)"; "" where there is none
}

// Private reports whether only the owner may read it.
func (a Access) Private() bool { return !a.OthersRead && !a.OthersWrite }

// TrustFolder is nil for a folder that may be used, and where there is none; else *Unfit,
// ErrNotFolder, ErrAway, or why it could not be looked at.
func TrustFolder(dir string) error {
	info, access, err := lookThrough(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s: %w", dir, ErrNotFolder)
	case !access.Owned:
		return &Unfit{dir, ErrNotMine}
	case access.OthersWrite && refusesOthersWrite:
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
	info, access, err := lookThrough(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &Unfit{path, ErrNotPlain}
	case !access.Mine:
		return &Unfit{path, ErrNotMine}
	}
	return nil
}

// lookThrough is what stands at a path, or what a link there leads to; the link must be the
// user's or root's.
func lookThrough(path string) (fs.FileInfo, Access, error) {
	info, err := os.Lstat(path)
	if err == nil && IsLink(info) {
		if !AccessOf(path, info).Owned {
			return nil, Access{}, &Unfit{path, ErrNotMine}
		}
		info, err = os.Stat(path)
	}
	if err != nil {
		return nil, Access{}, fmt.Errorf("look: %w", Absent(path, err))
	}
	return info, AccessOf(path, info), nil
}

// IsLink reports whether what os.Lstat found is a symbolic link.
func IsLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }

// Why nothing can be at a path.
var (
	// ErrNotFolder: something above the path, or what should be a folder itself, is a file.
	ErrNotFolder = errors.New("is not a folder")
	// ErrAway: the drive or the network share isn't there.
	ErrAway = errors.New("the drive or network share isn't available")
)

// Absent is the error about a path that was not found, or what is really the matter: Windows says
// "not found" too where something above the path is a file, and where its drive or share is away.
// A list of connectors must not look empty for that.
func Absent(path string, err error) error {
	if isAway(err) {
		return ErrAway
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if path, absErr := filepath.Abs(path); absErr == nil {
		for above := filepath.Dir(path); ; above = filepath.Dir(above) {
			info, aboveErr := os.Stat(above)
			switch {
			case aboveErr == nil && !info.IsDir():
				return fmt.Errorf("%s: %w", above, ErrNotFolder)
			case aboveErr == nil:
				return err
			case !errors.Is(aboveErr, fs.ErrNotExist):
				return aboveErr
			case above == filepath.Dir(above):
				return ErrAway
			}
		}
	}
	return err
}
