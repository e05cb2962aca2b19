//go:build !windows

package cli_test

import (
	"bufio"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A signal that is sent to exec alone reaches the command: none lives on with the token.
func TestExecPassesSignalsOn(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGUSR1} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			cmd := program(t, "exec", line.seed.Site+"-jira", "--", "sh", "-c", `for s in HUP INT TERM QUIT USR1; do trap "echo got $s; exit 9" $s; done; echo ready; i=0; while [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done`)
			cmd.Env = append(cmd.Env, env...)
			cmd.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			lines.Scan()
			if lines.Text() != "ready" {
				t.Fatalf("the command said %q", lines.Text())
			}
			time.Sleep(20 * time.Millisecond)
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			lines.Scan()
			_ = cmd.Wait() // the exit code says it
			if !strings.HasPrefix(lines.Text(), "got ") || cmd.ProcessState.ExitCode() != 9 {
				t.Errorf("the command said %q, exit code %d", lines.Text(), cmd.ProcessState.ExitCode())
			}
		})
	}
}
