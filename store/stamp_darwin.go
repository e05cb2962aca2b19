package store

import (
	"io/fs"
	"syscall"
)

func stampFrom(info fs.FileInfo) (stamp, bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return stamp{}, false
	}
	return stamp{uint64(info.ModTime().UnixNano()), uint64(stat.Ctimespec.Nano()), stat.Ino}, true
}
