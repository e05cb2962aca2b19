//go:build !windows

package store

import "syscall"

// inTheWay: an open file is renamed over and removed like any other.
func inTheWay(error) bool { return false }

// fullErrors: the disk, a quota, a limit of this process.
func fullErrors() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }

// readOnlyErrors: ENOTDIR is a file where a folder should be made.
func readOnlyErrors() []error { return []error{syscall.EROFS, syscall.ENOTDIR} }
