//go:build !windows

package secret

import (
	"os/exec"
	"syscall"
)

// alone starts a command in a session of its own: its children end with it, and it can't
// ask on a terminal that the wizard is drawing on. Where it tries, it fails at once.
func alone(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
