//go:build unix

package store

import (
	"fmt"
	"syscall"
)

// noCores sets the limit of a core file to nothing, for this process and what it starts;
// also the hard limit, so that nothing started from here lifts it again.
// Source: setrlimit(2).
func noCores() error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}
