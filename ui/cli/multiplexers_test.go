//go:build !windows

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// The real program in tmux and in GNU screen, which are terminals of their own. They are
// looked at from outside: what they draw on the terminal that they run in.

// need finds a program, or skips where the machine has none.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("SAASCONNECT_TEST_PTY") == "required" {
			t.Fatal(err)
		}
		t.Skip(name + " is not installed")
	}
	return path
}

// shell is the shell in tmux, which begins a login shell of the system's otherwise.
const shell = "env 'PS1=shell> ' /bin/sh"

// within starts a multiplexer with a shell in it, both in places of this test alone.
func within(t *testing.T, lang string, width, height int, argv ...string) *terminal {
	t.Helper()
	dir, err := os.MkdirTemp("", "mux") // short: a socket's path is bounded
	if err != nil {
		t.Fatal(err)
	}
	in := func(argv ...string) *exec.Cmd {
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Dir = dir
		cmd.Env = []string{
			"HOME=" + dir, "TMUX_TMPDIR=" + dir, "SCREENDIR=" + dir, "TERM=xterm-256color", lang, "SHELL=/bin/sh", "PS1=shell> ",
			"PATH=" + binDir + ":" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=disabled:",
		}
		return cmd
	}
	t.Cleanup(func() {
		// It has a server that outlives its terminal, and the program in it too.
		end := in(argv[0], "kill-server")
		if filepath.Base(argv[0]) == "screen" {
			end = in(argv[0], "-X", "quit")
		}
		_ = end.Run() // it may have ended with its shell
		_ = os.RemoveAll(dir)
	})
	return startIn(t, in(argv...), false, width, height)
}

// walkInShell runs the program from the multiplexer's shell to the form and back again.
func walkInShell(t *testing.T, term *terminal) {
	t.Helper()
	term.see("shell>")
	term.press("stty -g > before; saasconnect practice; stty -g > after\r")
	term.see("Connect Jira")
	term.press("\r")
	term.see("Which role do you have")
	term.press("\r")
	term.see("as Global Admin")
	term.press("s")
	term.see("Site URL")
	term.press("acme\r" + bracketed("mia@example.com\n") + "\r")
	term.see("acme.atlassian.net exists", "acme.atlassian.net")
	term.see("mia@example.com")
	term.press("\x03")
	term.see("saasconnect: interrupted")
	term.sees(func(string) bool { return !strings.Contains(term.text(), "Site URL") }, "the shell's screen again")
	term.press("cmp before after && echo 'line as' found\r") // the words themselves are not echoed so
	term.see("line as found")
}

func TestInTmux(t *testing.T) {
	tmux := need(t, "tmux")
	for name, c := range map[string]struct {
		lang          string
		width, height int
	}{"small": {"LANG=C.UTF-8", 40, 13}, "usual": {"LANG=C.UTF-8", 80, 25}, "wide, ASCII": {"LANG=C", 200, 61}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := within(t, c.lang, c.width, c.height, tmux, "-f", "/dev/null", "new-session", shell)
			walkInShell(t, term)
			term.press("tmux display -p 'alternate #{alternate_on} cursor #{cursor_flag} mouse #{mouse_any_flag}'\r")
			term.see("alternate 0 cursor 1 mouse 0")
			term.press("exit\r")
			<-term.ended
		})
	}
}

func TestInScreen(t *testing.T) {
	screen := need(t, "screen")
	t.Parallel()
	term := within(t, "LANG=C.UTF-8", 80, 24, screen, "-c", "/dev/null", "-U", "-s", "/bin/sh")
	walkInShell(t, term)
	term.press("exit\r")
	<-term.ended
}

// TestCopyingInsideMultiplexers: what each of them needs to pass a copied link on to the
// terminal it runs in. It is what the help says.
func TestCopyingInsideMultiplexers(t *testing.T) {
	const link = "https://id.atlassian.com/manage-profile/security/api-tokens"
	copied := func(raw string) bool {
		_, after, _ := strings.Cut(ansi.SetSystemClipboard(link), ";c;")
		return strings.Contains(raw, after[:20])
	}
	config := func(t *testing.T, line string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "conf")
		if err := os.WriteFile(file, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	walk := func(t *testing.T, argv ...string) *terminal {
		t.Helper()
		term := within(t, "LANG=C.UTF-8", 80, 24, argv...)
		term.see("shell>")
		term.press("saasconnect practice\r")
		term.see("Connect Jira")
		term.press("\x1b[B\x1b[B\r")
		term.see("step 1 of 8")
		term.press("c")
		term.see("terminal's clipboard")
		return term
	}
	for name, line := range map[string]string{"set-clipboard": "set -g set-clipboard on", "passthrough": "set -g allow-passthrough on"} {
		t.Run("tmux, "+name, func(t *testing.T) {
			t.Parallel()
			term := walk(t, need(t, "tmux"), "-f", config(t, line), "new-session", shell)
			term.sees(copied, "the link on its way to the clipboard")
			term.see("help says what")
		})
	}
	t.Run("tmux, as it comes", func(t *testing.T) {
		t.Parallel()
		term := walk(t, need(t, "tmux"), "-f", "/dev/null", "new-session", shell)
		term.press("?")
		term.see("set -g set-clipboard on")
		if copied(term.written()) {
			t.Error("tmux passes it on by itself now: the help need not say otherwise")
		}
	})
	t.Run("screen", func(t *testing.T) {
		t.Parallel()
		term := walk(t, need(t, "screen"), "-c", "/dev/null", "-U", "-s", "/bin/sh")
		term.sees(copied, "the link on its way to the clipboard")
	})
}
