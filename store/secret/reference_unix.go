//go:build !windows

package secret

import (
	"os/exec"
	"syscall"
)

// startAlone starts a command in a session of its own: its children end with it, and it can't ask on a
// terminal that the wizard is drawing on. Where it tries, it fails at once. release is to be called once
// it ended.
func startAlone(c *exec.Cmd) (release func(), err error) {
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	return func() {}, c.Start()
}
