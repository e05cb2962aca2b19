//go:build unix

package desktop

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Suspender stops this job, as Ctrl+Z does, and returns when its shell lets it go on.
func Suspender() func() { return suspend }

// stopGrace is how long the system may take to stop a job. It is over at once where no
// shell could let it go on: there the signal is ignored, and so must Ctrl+Z be.
const stopGrace = 300 * time.Millisecond

func suspend() {
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil { // the whole job, a pipe's other end too
		return
	}
	select {
	case <-goesOn:
	case <-time.After(stopGrace):
	}
}
