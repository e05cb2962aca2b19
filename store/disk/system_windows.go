package disk

import (
	"io/fs"
	"syscall"
)

// What Windows answers, by its numbers: package syscall names few of them.
// Source: learn.microsoft.com/windows/win32/debug/system-error-codes--0-499- and
// --1000-1299-.
const (
	errorWriteProtect      = syscall.Errno(19)
	errorSharingViolation  = syscall.Errno(32)
	errorLockViolation     = syscall.Errno(33)
	errorHandleDiskFull    = syscall.Errno(39)
	errorDiskFull          = syscall.Errno(112)
	errorDiskQuotaExceeded = syscall.Errno(1295)
)

// isSharingViolation reports whether another program has the file open. A file that is about
// to vanish answers ERROR_ACCESS_DENIED, and so does one that is really protected.
func isSharingViolation(err error) bool {
	return isAny(err, []error{errorSharingViolation, errorLockViolation, syscall.ERROR_ACCESS_DENIED})
}

// Package syscall has the names of Unix on Windows too, as numbers of its own: a file system
// written in Go may answer with them.

// fullErrors are what a full disk answers.
func fullErrors() []error {
	return []error{errorDiskFull, errorHandleDiskFull, errorDiskQuotaExceeded, syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
}

// readOnlyErrors are what a protected disk answers, and a file where a folder should be
// (ERROR_DIRECTORY, 267).
func readOnlyErrors() []error {
	return []error{errorWriteProtect, syscall.Errno(267), syscall.EROFS, syscall.ENOTDIR}
}

// On Windows the folders of a user are that user's by their access lists; modes say
// nothing there.

// Mine reports whether a file belongs to the user that this program runs as.
func Mine(fs.FileInfo) bool { return true }

// Owned reports whether a file or folder belongs to that user, or to the system.
func Owned(fs.FileInfo) bool { return true }

// OthersWrite reports whether others than the owner may change what is in a folder.
func OthersWrite(fs.FileInfo) bool { return false }

// Private reports whether only the owner may read a file.
func Private(fs.FileInfo) bool { return true }

// Handed reports whether a file may hold a key.
func Handed(fs.FileInfo) bool { return true }
