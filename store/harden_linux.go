package store

import (
	"errors"
	"fmt"
	"syscall"
)

// Harden keeps what this process holds in memory out of core dumps, and other programs of
// the same user from looking into it: not dumpable means no core file, whatever
// /proc/sys/kernel/core_pattern says (a limit of 0 alone does not hold where cores are
// piped to a program), no ptrace, and /proc/PID/mem and environ closed to all but root.
// The limit is for what is started from here: a program's own exec makes it dumpable
// again. Debuggers can't attach afterwards.
// It is a second net, and a failure of it is no reason not to start.
// Sources: prctl(2) PR_SET_DUMPABLE, core(5), setrlimit(2).
func Harden() error {
	err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // the hard limit, too: nothing started from here lifts it again
	if err != nil {
		err = fmt.Errorf("forbid core dumps: %w", err)
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_DUMPABLE, 0, 0); errno != 0 {
		err = errors.Join(err, fmt.Errorf("disable core dumps of this process: %w", errno))
	}
	return err
}
