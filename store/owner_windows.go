package store

import (
	"io/fs"
	"syscall"
)

// On Windows the folders of a user are that user's by their access lists; modes say
// nothing there.

func mine(fs.FileInfo) bool    { return true }
func private(fs.FileInfo) bool { return true }
func handed(fs.FileInfo) bool  { return true }

// diskFull is ERROR_DISK_FULL.
const diskFull = syscall.Errno(112)
