//go:build amd64 || arm64

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"saasconnect/atlassian/fakecloud"
)

// What a look costs beside its answer: `version`, `list` and `--help` ask no network, no
// keyring and no terminal, start nothing, open no token, and do no work before main that
// is worth naming. Counted, not timed; each fence is tried with a command that meets it.

// quietOnes are the commands that only look.
func quietOnes() [][]string {
	return [][]string{{"version"}, {"--version"}, {"version", "--json"}, {"--help"}, {"check", "--help"}, {"help", "add"}, {"list"}, {"list", "--json"}, {"list", "--ics"}}
}

// guarded is a home with a connector in each kind of safe, and an environment in which
// everything that could be asked is named and nothing of it answers.
type guarded struct{ home, secrets, key string }

func guardedHome(t *testing.T) guarded {
	t.Helper()
	const ref = "00000009-0000-4000-8000-000000000000"
	home := fill(t, siteNames(3))
	g := guarded{home, filepath.Join(home, "secrets"), filepath.Join(home, "key")}
	file := filepath.Join(home, "connectors.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const elsewhere = `"kept_in":"reference","reference":{"env":"TOKEN"}`
	text := strings.Replace(string(data), elsewhere, `"kept_in":"file","ref":"`+ref+`"`, 1)
	text = strings.Replace(text, elsewhere, `"kept_in":"keyring","ref":"00000008-0000-4000-8000-000000000000"`, 1)
	if err := os.Mkdir(g.secrets, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{file: text, g.key: "a long passphrase for the tests alone\n", filepath.Join(g.secrets, ref+".age"): "sealed", filepath.Join(g.secrets, "identity.age"): "sealed"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func (g guarded) env() []string {
	good, _ := fakecloud.Find("ok")
	return []string{
		"SAASCONNECT_HOME=" + g.home, "SAASCONNECT_KEY_FILE=" + g.key, "HTTPS_PROXY=http://127.0.0.1:1", "DBUS_SESSION_BUS_ADDRESS=unix:path=" + g.home + "/bus",
		"TOKEN=" + good.Seed.Token, "LANG=C.UTF-8", "TERM=xterm-256color", "HOME=" + g.home, "PATH=" + os.Getenv("PATH"),
	}
}

// fenced is the program behind a fence.
func fenced(t *testing.T, what string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, append([]string{filepath.Join(binDir, "saasconnect")}, args...)...)
	cmd.Env = []string{fencing + "=" + what}
	return cmd
}

// met reports whether it was killed for what it tried, and whether it ended well.
func met(t *testing.T, cmd *exec.Cmd, said string) (killed, well bool) {
	t.Helper()
	if cmd.ProcessState.ExitCode() == noFence {
		t.Skip("no filter of system calls may be set here: " + said)
	}
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return status.Signaled() && status.Signal() == unix.SIGSYS, cmd.ProcessState.Success()
}

// behind runs it behind a fence, without a terminal.
func (g guarded) behind(t *testing.T, what string, args ...string) (killed, well bool, out string) {
	t.Helper()
	cmd := fenced(t, what, args...)
	cmd.Env = append(g.env(), cmd.Env...)
	text, _ := cmd.CombinedOutput() // the state says it
	killed, well = met(t, cmd, string(text))
	return killed, well, string(text)
}

// atTerminal does so at a terminal, and returns all that was written to it.
func (g guarded) atTerminal(t *testing.T, what string, args ...string) (killed, well bool, raw string) {
	t.Helper()
	cmd := fenced(t, what, args...)
	cmd.Env = append(g.env(), cmd.Env...)
	term := startIn(t, cmd, true, 80, 24)
	<-term.ended
	killed, well = met(t, cmd, term.text())
	return killed, well, term.written()
}

func TestALookTouchesNothing(t *testing.T) {
	g := guardedHome(t)
	for _, args := range quietOnes() {
		for _, what := range []string{fenceSockets, fencePrograms} {
			if killed, well, out := g.behind(t, what, args...); killed || !well || out == "" {
				t.Errorf("%q, killed for %s: %v: %s", args, what, killed, out)
			}
		}
		for _, what := range []string{fenceSockets, fencePrograms, fenceTerminal} {
			killed, well, raw := g.atTerminal(t, what, args...)
			if killed || !well || raw == "" {
				t.Errorf("%q at a terminal, killed for %s: %v: %q", args, what, killed, raw)
			}
			if q := asks.FindString(raw); q != "" {
				t.Errorf("%q asks the terminal by %q", args, q)
			}
		}
	}
}

// asks are the questions that a terminal answers: its attributes (DA, XTVERSION), where its
// cursor is and whether it is well (DSR), its modes (DECRQM), colours and settings (OSC,
// DCS), its size, its keyboard.
var asks = regexp.MustCompile(`\x1b\[[>=?]?[0-9;]*(c|n|q|t)|\x1b\[\??[0-9;]*\$p|\x1b\][0-9;]*\?|\x1b\][0-9]+;[^\x07\x1b]*\?|\x1bP[+$]q|\x1b\[\?u|\x05`)

// Each of the fences is met by a command that has a reason to: else they would hold nothing.
func TestTheFencesHold(t *testing.T) {
	g := guardedHome(t)
	adHoc := []string{"check", "--site", "acme", "--email", "mia@example.com", "--product", "jira"}
	for _, c := range []struct {
		what string
		args []string
	}{
		{fenceSockets, append(adHoc, "--token-env", "TOKEN")},
		{fenceSockets, []string{"doctor"}}, // by way of the bus alone
		{fencePrograms, append(adHoc, "--token-command", "/bin/true")},
	} {
		if killed, _, out := g.behind(t, c.what, c.args...); !killed {
			t.Errorf("%q was not stopped from %s: %s", c.args, c.what, out)
		}
	}
	if killed, _, raw := g.atTerminal(t, fenceTerminal); !killed {
		t.Errorf("the wizard was not stopped: %q", raw)
	}
	term := openTerminal(t, false)
	term.see("No connectors yet")
	term.press("q")
	term.exit(0)
	if !asks.MatchString(term.written()) {
		t.Errorf("the wizard asks its terminal nothing: %q", term.written())
	}
}

// TestAListOpensNoToken: nothing in the folder of sealed tokens is opened, and neither is
// the key file. A check of one of them opens it.
func TestAListOpensNoToken(t *testing.T) {
	g := guardedHome(t)
	opened := func(args ...string) int {
		t.Helper()
		fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = unix.Close(fd) }()
		for _, path := range []string{g.secrets, g.key} {
			if _, err := unix.InotifyAddWatch(fd, path, unix.IN_OPEN|unix.IN_ACCESS); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), args...)
		cmd.Env = append(g.env(), "DBUS_SESSION_BUS_ADDRESS=disabled:")
		_ = cmd.Run() // a check of it fails
		buffer := make([]byte, 64<<10)
		n, err := unix.Read(fd, buffer)
		if err != nil && err != unix.EAGAIN {
			t.Fatal(err)
		}
		return max(n, 0)
	}
	for _, args := range quietOnes() {
		if n := opened(args...); n > 0 {
			t.Errorf("%q opens what holds tokens, or their key", args)
		}
	}
	if opened("check", "customer-0-0") == 0 {
		t.Error("a check of a sealed token was not seen to open it")
	}
}

// TestBeforeMain: what the packages do before main, as Go's runtime counts it. Ours do
// nothing worth naming; a table or an expression that is made there is paid by each call.
func TestBeforeMain(t *testing.T) {
	const ours, each, all = 4 << 10, 64 << 10, 256 << 10 // bytes
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), "version")
	cmd.Env = []string{"GODEBUG=inittrace=1"}
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`^init (\S+) @.* clock, (\d+) bytes, (\d+) allocs$`)
	packages, sum := 0, 0
	for text := range strings.Lines(trace.String()) {
		m := line.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		packages, sum = packages+1, sum+n
		limit := each
		if strings.HasPrefix(m[1], "saasconnect") || m[1] == "main" {
			limit = ours
		}
		if n > limit {
			t.Errorf("%s makes %d bytes before main, want %d at most", m[1], n, limit)
		}
	}
	if packages < 20 || sum > all {
		t.Errorf("%d packages make %d bytes before main, want %d at most:\n%s", packages, sum, all, &trace)
	}
	t.Logf("%d packages, %d bytes", packages, sum)
}
