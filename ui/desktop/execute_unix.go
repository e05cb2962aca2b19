//go:build unix

package desktop

import (
	"fmt"
	"os/exec"
	"syscall"
)

// Execute puts a command into this process's place, with its arguments, this environment
// (of two variables of one name the last counts) and this process's streams: every signal
// and the exit code are the command's own, and no process with a token waits beside it. It
// returns only where the command could not be started.
func Execute(stopListening func(), argv, env []string) (int, error) {
	c := exec.Command(argv[0], argv[1:]...) // looks it up, and sorts out the environment
	c.Env = env
	if c.Err != nil {
		return 0, fmt.Errorf("find the command: %w", c.Err)
	}
	stopListening() // signals are the command's from here on
	return 0, fmt.Errorf("start the command: %w", syscall.Exec(c.Path, c.Args, c.Environ()))
}
