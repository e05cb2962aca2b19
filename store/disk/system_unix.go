//go:build !windows

package disk

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// mayPass and isOpenElsewhere are never true: an open file is renamed over and removed like any
// other.
func mayPass(error) bool { return false }

func isOpenElsewhere(string, error) bool { return false }

// IsSharingViolation is never true either.
func IsSharingViolation(error) bool { return false }

// fullErrors are what a full disk answers: the disk, a quota, a limit of this process.
func fullErrors() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }

// readOnlyErrors are what a disk that can't be written answers.
func readOnlyErrors() []error { return []error{syscall.EROFS} }

// notFolderErrors are what a path answers that has a file where a folder should be.
func notFolderErrors() []error { return []error{ErrNotFolder, syscall.ENOTDIR} }

// isAway is never true: no error says that a share is gone.
func isAway(error) bool { return false }

const (
	// refusesOthersWrite: a folder in which others may write is not used.
	refusesOthersWrite = true
	// PrivateWords say how a file is private, at the end of a sentence.
	PrivateWords = "mode 0600"
	ownRemedy    = "Change its owner and mode (chown, chmod go-w), or use another folder with --home"
)

// AccessOf is the access to what stands at a path, none where info is nil. A key may be in the user's own file that no one
// else may read, or in root's that the group may read, as containers mount secrets.
func AccessOf(_ string, info fs.FileInfo) Access {
	if info == nil {
		return Access{}
	}
	mode := info.Mode().Perm()
	a := Access{Mine: true, Owned: true, OthersRead: mode&0o055 != 0, OthersWrite: mode&0o022 != 0, Mode: fmt.Sprintf(" (mode %04o)", mode)}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		a.Mine = int(stat.Uid) == os.Geteuid()
		a.Owned = a.Mine || stat.Uid == 0
		a.Key = stat.Uid == 0 && !a.Mine && mode&0o027 == 0
	}
	a.Key = a.Key || a.Mine && a.Private()
	return a
}

// makePrivate makes a folder, and those above it, for the user alone.
func makePrivate(dir string) error { return os.MkdirAll(dir, 0o700) }

// OwnCommand is the command after which no one else may write in a folder.
func OwnCommand(dir string) string { return "chmod go-w " + dir }

// PrivateCommand is the command that takes a file or folder away from everyone else.
func PrivateCommand(path string, folder bool) string {
	if folder {
		return "chmod 700 " + path
	}
	return "chmod 600 " + path
}
