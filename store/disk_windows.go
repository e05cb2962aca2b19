package store

import (
	"errors"
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

// inTheWay: another program has the file open. ERROR_ACCESS_DENIED is what a file brings
// that is about to vanish, and also what a file brings that is really protected.
func inTheWay(err error) bool {
	for _, e := range []error{errorSharingViolation, errorLockViolation, syscall.ERROR_ACCESS_DENIED} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// Package syscall has the names of Unix on Windows too, as numbers of its own: a file system
// written in Go may answer with them.

func fullErrors() []error {
	return []error{errorDiskFull, errorHandleDiskFull, errorDiskQuotaExceeded, syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
}

// readOnlyErrors: a protected disk, and a file where a folder should be (ERROR_DIRECTORY).
func readOnlyErrors() []error {
	return []error{errorWriteProtect, syscall.Errno(267), syscall.EROFS, syscall.ENOTDIR}
}

// On Windows the folders of a user are that user's by their access lists; modes say
// nothing there.

func mine(fs.FileInfo) bool        { return true }
func owned(fs.FileInfo) bool       { return true }
func othersWrite(fs.FileInfo) bool { return false }
func private(fs.FileInfo) bool     { return true }
func handed(fs.FileInfo) bool      { return true }
