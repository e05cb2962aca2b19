//go:build !windows

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Jobs: signals end the program with the terminal as it was found, and Ctrl+Z gives it to
// the shell until fg.

func TestSignalsGiveTheTerminalBack(t *testing.T) {
	ways := map[string]func(*terminal){
		"home": func(*terminal) {},
		"form": func(term *terminal) {
			term.press("\r")
			term.see("Which role do you have")
			term.press("\r")
			term.see("I have a token")
			term.press("s")
			term.see("memory, for this practice only")
		},
	}
	ways["checking"] = func(term *terminal) {
		ways["form"](term)
		term.press("\x14\r\x14\r\x14\r\r")
		term.see("Checking acme.atlassian.net")
	}
	for where, walk := range ways {
		for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
			t.Run(where+" "+sig.String(), func(t *testing.T) {
				t.Parallel()
				term := openTerminal(t, false, "practice", "timed-out")
				term.see("Connect Jira")
				walk(term)
				if err := term.cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				term.exit(130)
			})
		}
	}
}

// TestAStorageIsTriedBeforeItIsClaimed: one that a flag or a variable names is not said to be
// ready; a file that is not there is created with a passphrase that is long enough, typed twice.
func TestAStorageIsTriedBeforeItIsClaimed(t *testing.T) {
	for _, how := range []string{"flag", "variable"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			home := filepath.Join(t.TempDir(), "home")
			env, args := []string{"HTTPS_PROXY=http://127.0.0.1:1", "SAASCONNECT_HOME=" + home}, []string{"add", "jira", "--role", "global-admin"}
			if how == "flag" {
				args = append(args, "--keep-in", "file")
			} else {
				env = append(env, "SAASCONNECT_KEEP_IN=file")
			}
			term := openTerminalIn(t, false, env, args...)
			for _, step := range [][2]string{
				{"A passphrase for the encrypted file", "x\r"}, {"12 characters", "\x15correct horse battery\r"}, {"Repeat", "correct horse batt\r"},
				{"don't match", "correct horse battery\r"}, {"Repeat", "correct horse battery\r"},
			} {
				term.see(step[0])
				if _, err := os.Stat(filepath.Join(home, "secrets", "identity.age")); err == nil {
					t.Fatal("the file is there before its passphrase was typed twice")
				}
				time.Sleep(300 * time.Millisecond) // keys that were on their way when a screen opened are not for it
				term.press(step[1])
			}
			term.see("the encrypted file ✓")
			term.press("\x03")
			term.exit(130)
		})
	}
}

// TestTwoSignalsGiveTheTerminalBack: the second ends the program at once, which may be in the
// middle of giving the terminal back.
func TestTwoSignalsGiveTheTerminalBack(t *testing.T) {
	for n := range 8 {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			term := openTerminal(t, false, "practice")
			term.see("Connect Jira")
			for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCONT} {
				if err := term.cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
			}
			term.exit(130)
		})
	}
}

// openShell starts a shell with job control in a terminal.
func openShell(t *testing.T) *terminal {
	t.Helper()
	shell, err := exec.LookPath("bash")
	if err != nil {
		if os.Getenv("SAASCONNECT_TEST_PTY") == "required" {
			t.Fatal(err)
		}
		t.Skip("no shell with job control here: ", err)
	}
	cmd := exec.Command(shell, "--noprofile", "--norc", "--noediting", "-i")
	cmd.Env = []string{
		"HOME=" + t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + binDir + ":" + os.Getenv("PATH"), "PS1=shell> ",
		"DBUS_SESSION_BUS_ADDRESS=disabled:", "HISTFILE=",
	}
	return startIn(t, cmd, false, 80, 24)
}

// line is the line's settings as the shell's stty tells them, once more than n times.
func (term *terminal) line(n int) string {
	term.t.Helper()
	told := regexp.MustCompile(`settings ([0-9a-f:]+)\r`)
	term.press("echo settings $(stty -g)\r")
	term.sees(func(raw string) bool { return len(told.FindAllString(raw, -1)) > n }, "the line's settings")
	return told.FindAllStringSubmatch(term.written(), -1)[n][1]
}

// TestSuspendAndResume stops the job at the form and during a check, and goes on with fg.
func TestSuspendAndResume(t *testing.T) {
	t.Parallel()
	term := openShell(t)
	term.see("shell>")
	before := term.line(0)
	term.press("saasconnect practice timed-out\r")
	term.see("Connect Jira")
	term.press("\r")
	term.see("Which role do you have")
	term.press("\r")
	term.see("I have a token")
	term.press("s")
	term.see("memory, for this practice only")
	term.press("acm")
	term.see("Site URL    acm")
	term.press("\x1a")
	term.see("Stopped")
	if left := leftOn(term.written()); len(left) > 0 {
		t.Errorf("stopped, and left behind: %q", left)
	}
	if now := term.line(1); now != before {
		t.Errorf("stopped, and the line's settings are %s, were %s", now, before)
	}
	term.press("fg\r")
	term.see("Site URL    acm")
	term.press("e\r\x14\r\x14")
	term.see("192 characters, complete")
	term.see("Site URL    acme")
	term.press("\r\r")
	term.see("Checking acme.atlassian.net")
	stopped := strings.Count(term.written(), "Stopped")
	term.press("\x1a")
	term.sees(func(raw string) bool { return strings.Count(raw, "Stopped") > stopped }, "a second stop")
	term.press("fg\r")
	term.see("Checking acme.atlassian.net")
	term.press("\x1b")
	term.see("Site URL    acme")
	term.press("\x03")
	term.see("saasconnect: interrupted")
	if now := term.line(2); now != before {
		t.Errorf("ended, and the line's settings are %s, were %s", now, before)
	}
	term.press("exit\r")
	<-term.ended
	term.isAsFound()
}

// TestSuspendWithoutAShell: run by ssh or as a window's only program it is not suspended,
// since there is no shell to continue it.
func TestSuspendWithoutAShell(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, false, "practice")
	term.see("Connect Jira")
	term.press("\x1a")
	term.sees(func(raw string) bool { return strings.Count(raw, "\x1b[?1049h") > 1 }, "the screen, taken again")
	term.see("Connect Jira")
	term.press("\r")
	term.see("Which role do you have")
	term.press("\x03")
	term.exit(130)
}

// TestNohup: who ignores the hang-up is not ended by it.
func TestNohup(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(shell, "-c", `trap "" HUP; exec "$0" practice`, filepath.Join(binDir, "saasconnect"))
	cmd.Env = []string{"HOME=" + t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
	term := startIn(t, cmd, false, 80, 24)
	term.see("Connect Jira")
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	term.press("\r")
	term.see("Which role do you have")
	term.press("\x03")
	term.exit(130)
}
