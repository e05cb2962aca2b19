//go:build !windows

package cli_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A terminal on a slow connection may answer the queries of the start only after the wizard has
// ended. The program that reads the terminal then, usually a shell, must not get the answers.

// wayBack is how long an answer is on its way.
const wayBack = 300 * time.Millisecond

// slowLine passes on what it is given, in order, each part a while after it came.
type slowLine struct{ parts chan func() }

// newSlowLine is a writer over such a line.
func newSlowLine(t *testing.T, to io.Writer) io.Writer {
	line := slowLine{make(chan func(), 1024)}
	go func() {
		for {
			select {
			case part := <-line.parts:
				part()
			case <-t.Context().Done():
				return
			}
		}
	}()
	return writerOf(func(p []byte) (int, error) {
		text, due := string(p), time.Now().Add(wayBack)
		line.parts <- func() {
			time.Sleep(time.Until(due))
			_, _ = io.WriteString(to, text) // the terminal may be gone
		}
		return len(p), nil
	})
}

type writerOf func([]byte) (int, error)

func (w writerOf) Write(p []byte) (int, error) { return w(p) }

// startFarAway starts a command in a terminal at the end of a slow line.
func startFarAway(t *testing.T, argv ...string) *terminal {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = []string{
		"HOME=" + t.TempDir(), "SAASCONNECT_HOME=" + t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + binDir + ":" + os.Getenv("PATH"),
		"PS1=shell> ", "HISTFILE=", "HTTPS_PROXY=http://127.0.0.1:1", "DBUS_SESSION_BUS_ADDRESS=disabled:",
	}
	return startAnswering(t, cmd, func(pty io.Writer) io.Writer { return newSlowLine(t, pty) }, 80, 24)
}

// answersAfter are the parts of answers in what was written after the words: what the next
// reader of the terminal got, or what the line itself echoed.
func answersAfter(raw, words string) []string {
	_, after, _ := strings.Cut(raw, words)
	var found []string
	for _, part := range []string{"^[", "2026;", "2027;", "rgb:", "?62;"} {
		if strings.Contains(after, part) {
			found = append(found, part)
		}
	}
	return found
}

// TestReport14LateAnswersAreTaken: the next program at the terminal gets none of them,
// however the wizard ended.
func TestReport14LateAnswersAreTaken(t *testing.T) {
	signal := func(sig syscall.Signal) func(*terminal) {
		return func(term *terminal) { _ = syscall.Kill(-term.cmd.Process.Pid, sig) } // as the shell's terminal sends it
	}
	press := func(keys string) func(*terminal) { return func(term *terminal) { term.press(keys) } }
	for name, c := range map[string]struct {
		command string
		end     func(*terminal)
	}{
		"q":           {"saasconnect", press("q")},
		"q, practice": {"saasconnect practice", press("q")},
		"ctrl+c":      {"saasconnect", press("\x03")},
		"a signal":    {"saasconnect", signal(syscall.SIGTERM)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := startFarAway(t, "/bin/sh", "-c", `trap : TERM; `+c.command+`; echo "over"; exec cat -v`)
			term.see("No connectors yet")
			time.Sleep(50 * time.Millisecond)
			at := time.Now()
			c.end(term)
			term.sees(func(raw string) bool { return strings.Contains(raw, "over\r\n") }, "the wizard's end")
			t.Logf("ended after %v", time.Since(at).Round(time.Millisecond))
			time.Sleep(3 * wayBack) // whatever is still on its way arrives
			term.press("typed\r")
			term.sees(func(raw string) bool { return strings.Count(raw, "typed") == 2 }, "the line, echoed and read")
			if found := answersAfter(term.written(), "over\r\n"); len(found) > 0 {
				t.Errorf("answers for the next program: %q", found)
			}
			if raw := term.written(); !strings.Contains(raw, "over\r\ntyped\r\ntyped\r\n") {
				t.Errorf("not only what was typed: %q", raw[strings.Index(raw, "over\r\n"):])
			}
		})
	}
}

// TestReport14LateAnswersAtAStop: the shell that gets the terminal after Ctrl+Z doesn't
// get them either, and the answers to the queries after fg are waited for as well.
func TestReport14LateAnswersAtAStop(t *testing.T) {
	bash := need(t, "bash")
	term := startFarAway(t, bash, "--noprofile", "--norc", "--noediting", "-i")
	term.see("shell>")
	term.press("saasconnect practice\r")
	term.see("No connectors yet")
	time.Sleep(50 * time.Millisecond)
	term.press("\x1a")
	term.see("Stopped")
	time.Sleep(3 * wayBack)
	if found := answersAfter(term.written(), "Stopped"); len(found) > 0 {
		t.Errorf("stopped, and answers for the shell: %q", found)
	}
	term.press("fg\r")
	term.see("No connectors yet")
	time.Sleep(50 * time.Millisecond)
	term.press("q")
	term.press("\r") // typed ahead or at the prompt: nothing, in both
	term.sees(func(raw string) bool { return strings.Count(raw, "\x1b[?1049l") > 1 }, "the shell's screen again")
	time.Sleep(3 * wayBack)
	_, after, _ := strings.Cut(term.written(), "fg\r\n")
	if found := answersAfter(after, "\x1b[?1049l"); len(found) > 0 {
		t.Errorf("ended, and answers for the shell: %q", found)
	}
}

// TestReport14EndsInTime: a terminal that answers at once, or never, is hardly waited for.
func TestReport14EndsInTime(t *testing.T) {
	for name, c := range map[string]struct {
		silent bool
		stay   time.Duration
		within time.Duration
	}{
		"answering":                {false, 50 * time.Millisecond, 250 * time.Millisecond},
		"silent, at once":          {true, 50 * time.Millisecond, 900 * time.Millisecond},
		"silent, after a second":   {true, 1200 * time.Millisecond, 250 * time.Millisecond},
		"answering, after a while": {false, 1200 * time.Millisecond, 250 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			term := openTerminal(t, c.silent, "practice")
			term.see("No connectors yet")
			time.Sleep(c.stay)
			at := time.Now()
			term.press("q")
			term.exit(0)
			took := time.Since(at)
			t.Logf("ended after %v", took.Round(time.Millisecond))
			if took > c.within {
				t.Errorf("ended after %v, want at most %v", took, c.within)
			}
		})
	}
}
