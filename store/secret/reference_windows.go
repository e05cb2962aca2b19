package secret

import (
	"fmt"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// startAlone starts a command in a job of its own: its children end with it. It has no console, so it
// can't ask on one that the wizard is drawing on. release is to be called once it ended.
//
// A command has its first child only after it was loaded, and is in its job before: it is put there
// as soon as it exists.
// Source: learn.microsoft.com/windows/win32/procthread/job-objects.
func startAlone(c *exec.Cmd) (release func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return func() {}, fmt.Errorf("create a job: %w", err)
	}
	release = func() { _ = windows.CloseHandle(job) }
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
	c.Cancel = func() error {
		_ = windows.TerminateJobObject(job, 1) // the command itself is ended in any case
		return c.Process.Kill()
	}
	if err := c.Start(); err != nil {
		return release, err
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(c.Process.Pid))
	if err == nil { // else it ended already
		_ = windows.AssignProcessToJobObject(job, process)
		_ = windows.CloseHandle(process)
	}
	return release, nil
}
