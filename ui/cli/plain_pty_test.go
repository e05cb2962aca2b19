//go:build !windows

package cli_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"saasconnect/atlassian/fakecloud"
)

// Plain mode in a real terminal, by the real program: no byte of screen control, the echo
// off while the token prompted for and on again however that ends, and nothing half saved.

// plainTerminal starts the program in a terminal that has nothing but lines.
func plainTerminal(t *testing.T, env []string, args ...string) *terminal {
	t.Helper()
	return openTerminalIn(t, true, append([]string{"HTTPS_PROXY=http://127.0.0.1:1", "SAASCONNECT_HOME=" + t.TempDir()}, env...), args...)
}

// talk answers each question once it stands on the screen.
func (term *terminal) talk(steps ...string) {
	term.t.Helper()
	for i := 0; i+1 < len(steps); i += 2 {
		term.see(steps[i])
		term.press(steps[i+1])
	}
}

// printed is all that was written.
func (term *terminal) printed() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.raw.String()
}

func TestPlainAddsAConnector(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]struct{ env, args string }{
		"--plain":           {args: "--plain"},
		"SAASCONNECT_PLAIN": {env: "SAASCONNECT_PLAIN=1"},
		"ACCESSIBLE":        {env: "ACCESSIBLE=1"},
		"TERM=dumb":         {env: "TERM=dumb"},
		"LANG=C":            {env: "LANG=C", args: "--plain"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := fakecloud.Situations()[0].Seed
			term := plainTerminal(t, strings.Fields(how.env), append([]string{"practice"}, strings.Fields(how.args)...)...)
			term.talk(
				"1 to 4, Enter for 1:", "\n",
				"Which role do you have", "2\n",
				"2. I have a token", "2\n",
				"Site URL (acme.atlassian.net):", seed.Site+"\n",
				"Email (name@example.com):", seed.Email+"\n",
				"(not shown while you type)", seed.Token+"\n",
				"Expiry date (optional", "\n",
				"connection verified and saved", "5\n",
				"1. List and open connectors (1 connector)", "q\n",
			)
			term.exit(0)
			term.hides(seed.Token)
			for _, r := range term.printed() {
				if r < ' ' && r != '\n' && r != '\r' || r == 0x7f || name == "LANG=C" && r > '~' {
					t.Fatalf("%q was written to a terminal that has only lines", r)
				}
			}
		})
	}
}

// TestPlainGivesTheTerminalBack ends line mode at its hidden question in every way there is.
func TestPlainGivesTheTerminalBack(t *testing.T) {
	for name, c := range map[string]struct {
		typed string
		end   func(*terminal)
		code  int
	}{
		"ctrl+c":  {"ATATT3xNotWhole", func(term *terminal) { term.press("\x03") }, 130},
		"ctrl+d":  {"", func(term *terminal) { term.press("\x04") }, 6},
		"SIGTERM": {"", func(term *terminal) { _ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGTERM) }, 130},
		"SIGINT":  {"", func(term *terminal) { _ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGINT) }, 130},
		"SIGABRT": {"", func(term *terminal) { _ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGABRT) }, 130},
		"SIGQUIT": {"", func(term *terminal) { _ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGQUIT) }, 130},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			// The shell stays behind, to tell how the terminal was left.
			shell := exec.Command("sh", "-c", `trap : INT TERM QUIT ABRT; "$@"; code=$?; stty -a; exit $code`, "sh",
				filepath.Join(binDir, "saasconnect"), "add", "jira", "--plain", "--site", "acme", "--email", "mia@example.com")
			term := startTerminal(t, 24, true, []string{"HTTPS_PROXY=http://127.0.0.1:1", "SAASCONNECT_HOME=" + home, "SAASCONNECT_ROLE=global-admin"}, shell)
			term.talk("1 to 3, Enter for 1:", "1\n", "encrypted file: (not shown while you type)", "correct horse battery staple\n",
				"Repeat passphrase: (not shown while you type)", "correct horse battery staple\n",
				"API token, paste it here (not shown while you type)", c.typed)
			c.end(term)
			term.exit(c.code)
			for _, mode := range []string{"echo", "icanon", "isig"} {
				if !slices.Contains(strings.Fields(term.printed()), mode) {
					t.Errorf("the terminal was left without %s:\n%s", mode, term.printed())
				}
			}
			if strings.Contains(term.printed(), "ATATT3x") {
				t.Error("the token was echoed")
			}
			if saved, err := program(t, "list", "--json", "--home", home).Output(); err != nil || !strings.Contains(string(saved), `"connectors": []`) {
				t.Errorf("saved is %s, %v", saved, err)
			}
		})
	}
}

// Piped answers are no person: a token would come that way in clear.
func TestPlainRefusesAPipe(t *testing.T) {
	cmd := program(t, "--plain")
	cmd.Stdin = strings.NewReader("1\n1\n")
	out, _ := cmd.CombinedOutput() // the exit code says it
	if cmd.ProcessState.ExitCode() != 6 || !strings.Contains(string(out), "terminal on stdin") {
		t.Errorf("exit %d: %s", cmd.ProcessState.ExitCode(), out)
	}
}

// TestPlainShowsNoTokenTypedAhead: while the storage is tested the next question is still to come,
// and it is the one after the token.
func TestPlainShowsNoTokenTypedAhead(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	newer := fakecloud.NewerToken(line.seed.Email)
	term := openTerminalIn(t, true, append(ownHome(t, env, line), "SAASCONNECT_ROLE=global-admin"), "add", "jira", "--plain")
	term.talk("2. I have a token", "2\n", "Site URL", "acme-public\n", "Email", line.seed.Email+"\n", "Waiting: Testing", newer+"\n")
	term.see("192 characters, complete")
	term.press("\x03")
	term.exit(130)
	term.hides(newer)
}
