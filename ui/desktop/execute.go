package desktop

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// Execute runs a command in this program's place. A terminal sends Ctrl+C to both; what is
// sent to this process alone is passed on, so that the command decides when it ends. On
// Windows nothing can be passed on, and nothing has to be: Ctrl+C, and the closing of the
// console (which Go calls SIGTERM), reach every process of the console.
func Execute(stopListening func(), argv, env []string) (int, error) {
	stopListening() // this program's own way of ending at a signal
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	c := exec.Command(argv[0], argv[1:]...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		return 0, fmt.Errorf("start the command: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		select {
		case s := <-signals:
			if s != os.Interrupt {
				_ = c.Process.Signal(s) // it may have ended by itself
			}
		case <-ended:
			if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
				return 128 + int(status.Signal()), nil
			}
			return c.ProcessState.ExitCode(), nil
		}
	}
}
