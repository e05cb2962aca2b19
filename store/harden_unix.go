//go:build unix && !linux

package store

import (
	"fmt"
	"syscall"
)

// Harden keeps what this process holds in memory out of core dumps, its own and those of what
// it starts. It is a second net, and a failure of it is no reason not to start.
// Source: setrlimit(2).
func Harden() error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}
