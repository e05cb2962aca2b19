//go:build !windows

package store

import (
	"io/fs"
	"os"
	"syscall"
)

// inTheWay: an open file is renamed over and removed like any other.
func inTheWay(error) bool { return false }

// fullErrors: the disk, a quota, a limit of this process.
func fullErrors() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }

// readOnlyErrors: ENOTDIR is a file where a folder should be made.
func readOnlyErrors() []error { return []error{syscall.EROFS, syscall.ENOTDIR} }

// mine reports whether a file belongs to the user this program runs as.
func mine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}

// owned reports whether a file or folder belongs to that user, or to root.
func owned(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return mine(info) || ok && stat.Uid == 0
}

// othersWrite reports whether others than the owner may change what is in a folder.
func othersWrite(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// private reports whether nobody but the owner may read a file.
func private(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 == 0 }

// handed reports whether a file may hold a key: the user's own and nobody else's to read;
// or root's, where whoever runs containers hands secrets out by group.
func handed(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && stat.Uid == 0 && os.Geteuid() != 0 {
		return info.Mode().Perm()&0o027 == 0
	}
	return mine(info) && private(info)
}
