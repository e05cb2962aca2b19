//go:build !windows

package store

import (
	"io/fs"
	"os"
	"syscall"
)

// mine reports whether a file belongs to the user this program runs as.
func mine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}

// private reports whether nobody but the owner may read a file.
func private(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 == 0 }
