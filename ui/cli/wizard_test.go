//go:build !windows

package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	termstate "golang.org/x/term"

	"saasconnect/atlassian/fakecloud"
)

// The wizard as a person has it: the real program in a real terminal, read through a
// terminal emulator. A screen is waited for by its words, with a limit; nothing sleeps.

// terminal is a program's terminal: what it wrote, and the screen that makes.
type terminal struct {
	t   testing.TB
	pty *os.File
	cmd *exec.Cmd

	mu     sync.Mutex
	raw    bytes.Buffer
	found  *termstate.State // the settings (stty) before the program
	screen *vt.Emulator
	grew   chan struct{} // tells that something was written
	ended  chan error
}

// openTerminal starts the program. A silent terminal never answers what it is asked.
func openTerminal(t *testing.T, silent bool, args ...string) *terminal {
	t.Helper()
	return openTerminalIn(t, silent, []string{"HTTPS_PROXY=http://127.0.0.1:1", "SAASCONNECT_HOME=" + t.TempDir()}, args...)
}

// openTerminalIn starts it with more in its environment.
func openTerminalIn(t *testing.T, silent bool, env []string, args ...string) *terminal {
	t.Helper()
	return openTerminalOf(t, 24, silent, env, args...)
}

// openTerminalOf starts it in a window of so many lines.
func openTerminalOf(t *testing.T, lines int, silent bool, env []string, args ...string) *terminal {
	t.Helper()
	return startTerminal(t, lines, silent, env, exec.Command(filepath.Join(binDir, "saasconnect"), args...))
}

// startTerminal starts any command in a terminal of its own.
func startTerminal(t testing.TB, lines int, silent bool, env []string, cmd *exec.Cmd) *terminal {
	t.Helper()
	cmd.Env = append([]string{
		"HOME=" + t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=disabled:",
	}, env...)
	return startIn(t, cmd, silent, 80, lines)
}

// startIn starts a command in a terminal of a size.
func startIn(t testing.TB, cmd *exec.Cmd, silent bool, width, height int) *terminal {
	t.Helper()
	return startAnswering(t, cmd, func(pty io.Writer) io.Writer {
		if silent {
			return io.Discard
		}
		return pty
	}, width, height)
}

// startAnswering starts it in one whose answers take a way of their own.
func startAnswering(t testing.TB, cmd *exec.Cmd, way func(pty io.Writer) io.Writer, width, height int) *terminal {
	t.Helper()
	term := &terminal{t: t, cmd: cmd, screen: vt.NewEmulator(width, height), grew: make(chan struct{}, 1), ended: make(chan error, 1)}
	file, tty, err := pty.Open()
	if err != nil {
		if os.Getenv("SAASCONNECT_TEST_PTY") == "required" {
			t.Fatal(err)
		}
		t.Skip("no terminal can be opened here: ", err)
	}
	term.pty = file
	if err := pty.Setsize(file, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		t.Fatal(err)
	}
	term.found = term.state()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	_ = tty.Close() // the program has its own
	if err != nil {
		t.Fatal(err)
	}
	go term.read()
	go term.answer(way(file))
	t.Cleanup(func() {
		_ = term.cmd.Process.Kill()
		_ = file.Close()
		if pipe, ok := term.screen.InputPipe().(io.Closer); ok {
			_ = pipe.Close() // ends answer; the emulator's own Close races with its Read
		}
	})
	return term
}

// read takes what the program writes to the screen.
func (term *terminal) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := term.pty.Read(buffer)
		term.mu.Lock()
		term.raw.Write(buffer[:n])
		_, _ = term.screen.Write(buffer[:n])
		term.mu.Unlock()
		select {
		case term.grew <- struct{}{}:
		default:
		}
		if err != nil {
			term.ended <- term.cmd.Wait()
			return
		}
	}
}

// answer takes the terminal's replies (its useColor, its cursor) back to the program.
func (term *terminal) answer(to io.Writer) {
	_, _ = io.Copy(to, term.screen)
}

func (term *terminal) text() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.screen.String()
}

// see waits until the screen holds the words, or one of several.
func (term *terminal) see(words ...string) {
	term.t.Helper()
	term.sees(func(string) bool {
		text := term.text()
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
	}, strings.Join(words, " or "))
}

// sees waits until what was written so far is as wanted.
func (term *terminal) sees(wanted func(raw string) bool, words string) {
	term.t.Helper()
	limit, cancel := context.WithTimeout(term.t.Context(), 20*time.Second)
	defer cancel()
	for !wanted(term.written()) {
		select {
		case <-term.grew:
		case <-limit.Done():
			term.t.Fatalf("the screen never held %q:\n%s", words, term.text())
		}
	}
}

func (term *terminal) press(keys string) {
	term.t.Helper()
	if _, err := term.pty.WriteString(keys); err != nil {
		term.t.Fatal(err)
	}
}

// resize changes the window, as a person drags it.
func (term *terminal) resize(width, height int) {
	term.t.Helper()
	term.mu.Lock()
	term.screen.Resize(width, height)
	term.mu.Unlock()
	if err := pty.Setsize(term.pty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		term.t.Fatal(err)
	}
}

func bracketed(text string) string { return "\x1b[200~" + text + "\x1b[201~" }

// exit waits for the program's end, and looks that the terminal is as it was found.
func (term *terminal) exit(code int) {
	term.t.Helper()
	select {
	case <-term.ended:
	case <-time.After(20 * time.Second):
		term.t.Fatalf("the program does not end:\n%s", term.text())
	}
	if got := term.cmd.ProcessState.ExitCode(); got != code {
		term.t.Errorf("exit code %d, want %d:\n%s", got, code, term.text())
	}
	term.isAsFound()
}

// hides looks that a secret was never written, not even a part of it.
func (term *terminal) hides(secret string) {
	term.t.Helper()
	term.mu.Lock()
	defer term.mu.Unlock()
	for i := 12; i+16 <= len(secret); i += 4 {
		if strings.Contains(term.raw.String(), secret[i:i+16]) {
			term.t.Fatal("a part of the token was written to the terminal")
		}
	}
}

func TestWizardStartsAndQuits(t *testing.T) {
	for name, silent := range map[string]bool{"answering": false, "silent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := openTerminal(t, silent)
			term.see("No connectors yet")
			term.press("q")
			term.exit(0)
		})
	}
	t.Run("ctrl+c", func(t *testing.T) {
		t.Parallel()
		term := openTerminal(t, false)
		term.see("No connectors yet")
		term.press("\x03")
		term.exit(130)
	})
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			term := openTerminal(t, false)
			term.see("No connectors yet")
			_ = term.cmd.Process.Signal(sig)
			term.exit(130)
		})
	}
}

// TestWizardAddsAConnector is the main job, with keys and pastes that outrun the screen:
// the three values are sent in one write.
func TestWizardAddsAConnector(t *testing.T) {
	t.Parallel()
	seed := fakecloud.Situations()[0].Seed
	term := openTerminal(t, false, "practice")
	term.see("Connect Jira")
	term.press("\r")
	term.see("Which role do you have")
	term.press("\r")
	term.see("I have a token")
	term.press("\r")
	for _, step := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		term.see("step " + step + " of 8")
		term.press("\x1b[C")
	}
	term.see("step 8 of 8")
	term.press("\r")
	term.see("Site URL")
	term.press(seed.Site + "\r" + bracketed(seed.Email) + "\r" + bracketed(seed.Token+"\n"))
	term.see("192 characters, complete")
	term.see("https://acme.atlassian.net")
	term.resize(40, 12)
	term.see("more lines")
	term.resize(80, 24)
	term.see("[ Continue ]")
	term.see("192 characters, complete")
	term.press("\r\r")
	term.see("Jira connection verified and saved")
	term.press("\x03")
	term.exit(130)
	term.hides(seed.Token)
}

// TestWizardRecovers meets a failure and cures it by another account.
func TestWizardRecovers(t *testing.T) {
	t.Parallel()
	situation, _ := fakecloud.Find("not-admin")
	seed := situation.Seed
	term := openTerminal(t, false, "practice", "not-admin")
	term.see("Connect Jira")
	term.press("\r")
	term.see("Which role do you have")
	term.press("\r")
	term.see("I have a token")
	term.press("s")
	term.see("memory, for this practice only")
	term.press(seed.Site + "\r" + seed.Email + "\r" + bracketed(seed.Token))
	term.see("192 characters, complete")
	term.press("\r\r")
	term.see("doesn't administer Jira")
	time.Sleep(300 * time.Millisecond) // keys that are in flight when a result appears are swallowed on purpose
	term.press("\x1b[B\x1b[B\r")       // the third way on: another account
	term.see("paste to replace")
	term.press(bracketed(seed.Cure.Email) + "\r" + bracketed(seed.Cure.Token))
	term.see(seed.Cure.Email)
	term.press("\r\r")
	term.see("Jira connection verified and saved")
	term.hides(seed.Token)
	term.hides(seed.Cure.Token)
}
