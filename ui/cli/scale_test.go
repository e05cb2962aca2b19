package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
)

// This file holds the scale: this test's binary again, fresh and small, which runs a program
// and writes down what it used.
//
// The kernel tells of a child the most memory it ever held, but counts in what its parent
// held at the moment of starting it: exec takes the old memory's mark over (linux,
// fs/exec.c, exec_mmap). A test that has servers of its own, and the race detector, is far
// heavier than what it starts.

// weighing is the variable that makes this binary a scale: the file it writes to.
const weighing = "SAASCONNECT_TEST_WEIGH"

// weigh runs the program in the arguments.
func weigh(file string) int {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	_ = cmd.Run() // the exit code says it
	used, err := json.Marshal(cmd.ProcessState.SysUsage())
	if err == nil {
		err = os.WriteFile(file, used, 0o600)
	}
	if err != nil {
		return 99
	}
	return cmd.ProcessState.ExitCode()
}
