//go:build !windows

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// isSharingViolation is never true: an open file is renamed over and removed like any other.
func isSharingViolation(error) bool { return false }

// fullErrors are what a full disk answers: the disk, a quota, a limit of this process.
func fullErrors() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }

// readOnlyErrors are what a disk or folder that can't be written answers; ENOTDIR is a file
// where a folder should be made.
func readOnlyErrors() []error { return []error{syscall.EROFS, syscall.ENOTDIR} }

// Mine reports whether a file belongs to the user that this program runs as.
func Mine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}

// Owned reports whether a file or folder belongs to that user, or to root.
func Owned(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return Mine(info) || ok && stat.Uid == 0
}

// OthersWrite reports whether others than the owner may change what is in a folder.
func OthersWrite(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// Private reports whether only the owner may read a file.
func Private(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 == 0 }

// Handed reports whether a file may hold a key: the user's own and readable by no one else;
// or root's and readable by the group, as containers mount secrets.
func Handed(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && stat.Uid == 0 && os.Geteuid() != 0 {
		return info.Mode().Perm()&0o027 == 0
	}
	return Mine(info) && Private(info)
}
