package desktop

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// Execute runs a command with its arguments, this environment (of two variables of one
// name the last counts) and this program's streams, waits for it, and returns its exit code.
// Ctrl+C, and the closing of the console (which Go calls SIGTERM), reach every process of
// the console, so the command decides when it ends. The error says that it could not be started.
func Execute(stopListening func(), argv, env []string) (int, error) {
	stopListening() // this program's own way of ending at a signal
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM) // so that it outlives them; no one reads it
	defer signal.Stop(signals)
	c := exec.Command(argv[0], argv[1:]...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		return 0, fmt.Errorf("start the command: %w", err)
	}
	_ = c.Wait() // the exit code says it
	return c.ProcessState.ExitCode(), nil
}
