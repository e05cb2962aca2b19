//go:build !windows

package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian/fakecloud"
)

// The real program in terminals of every kind: the kinds that TERM names, with and without
// UTF-8, in no, few and many useColor, in three windows, answering and silent.

// kind is one kind of terminal.
type kind struct {
	term          string // "-": not set
	lang, color   string
	width, height int
	silent        bool
}

func (k kind) String() string {
	return fmt.Sprintf("TERM=%s %s %s %dx%d silent=%v", k.term, k.lang, k.color, k.width, k.height, k.silent)
}

// kinds are every TERM in every window; the other properties take turns, each with a period
// of its own, so that every two of them meet.
func kinds() (all []kind) {
	sizes := [][2]int{{40, 12}, {80, 24}, {200, 60}}
	useColor := []string{"", "NO_COLOR=1", "COLORTERM=truecolor", "NO_COLOR=yes"}
	for i, term := range []string{"xterm-256color", "xterm", "screen-256color", "tmux-256color", "linux", "vt100", "-", "xterm-direct"} {
		for j, size := range sizes {
			n := i*len(sizes) + j
			k := kind{term: term, lang: "LANG=C.UTF-8", color: useColor[(i+j)%len(useColor)], width: size[0], height: size[1], silent: n%2 == 1}
			if (i+2*j)%3 == 0 {
				k.lang = "LANG=C"
			}
			all = append(all, k)
		}
	}
	return all
}

// open starts the program in such a terminal.
func (k kind) open(t *testing.T, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(filepath.Join(binDir, "saasconnect"), args...)
	cmd.Env = []string{
		"HOME=" + t.TempDir(), "SAASCONNECT_HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=disabled:",
		"HTTPS_PROXY=http://127.0.0.1:1", k.lang,
	}
	if k.term != "-" {
		cmd.Env = append(cmd.Env, "TERM="+k.term)
	}
	if k.color != "" {
		cmd.Env = append(cmd.Env, k.color)
	}
	return startIn(t, cmd, k.silent, k.width, k.height)
}

func TestTerminalsOfEveryKind(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.String(), func(t *testing.T) {
			t.Parallel()
			term := k.open(t, "practice")
			term.see("No connectors yet")
			term.see("? help")
			term.press("\r")
			term.see("Which role do you have")
			term.press("\r")
			term.see("as Global Admin")
			term.press("s")
			term.see("Site URL")
			term.press("acme")
			term.see("Site URL    acme")
			term.press("\x1b")
			term.see("as Global Admin")
			term.press("\x1b")
			term.see("No connectors yet")
			term.press("q")
			term.exit(0)
			raw := term.written()
			if found := useColor(raw); strings.HasPrefix(k.color, "NO_COLOR") && len(found) > 0 {
				t.Errorf("NO_COLOR, and yet %q", found)
			}
			if k.lang == "LANG=C" {
				for _, b := range []byte(raw) {
					if b > 0x7e && b != 0x7f {
						t.Errorf("byte %#x is not ASCII", b)
						break
					}
				}
			}
			for _, mouse := range []string{"?1000h", "?1002h", "?1003h"} {
				if strings.Contains(raw, mouse) {
					t.Error("the mouse was taken from the terminal: nothing can be selected with it")
				}
			}
		})
	}
}

// TestDumbTerminal: nothing but lines, and an end.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	term := kind{term: "dumb", lang: "LANG=C.UTF-8", width: 80, height: 24}.open(t)
	term.see("saasconnect", "SaaSAssure")
	term.press("\x03")
	<-term.ended
	if raw := term.written(); strings.Contains(raw, "\x1b") {
		t.Errorf("an escape sequence for a terminal without any: %q", raw)
	}
}

// TestLookFollowsTheBackground: dark where the terminal keeps silent, light where it says
// that its background is.
func TestLookFollowsTheBackground(t *testing.T) {
	const accentOnDark, accentOnLight = "38;2;87;157;255", "38;2;11;97;217"
	for name, c := range map[string]struct {
		silent       bool
		ground       string
		want, absent string
	}{
		"silent": {true, "", accentOnDark, accentOnLight},
		"dark":   {false, "#1D2125", accentOnDark, accentOnLight},
		"light":  {false, "#FFFFFF", accentOnLight, "-"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := kind{term: "xterm-256color", lang: "LANG=C.UTF-8", color: "COLORTERM=truecolor", width: 80, height: 24, silent: true}.openOn(t, c.silent, c.ground)
			term.see("Connect Jira")
			term.sees(func(raw string) bool { return strings.Contains(raw, c.want) }, "the color "+c.want)
			if strings.Contains(term.written(), c.absent) {
				t.Errorf("the color %s is of the other theme", c.absent)
			}
			term.press("q")
			term.exit(0)
		})
	}
}

// openOn starts it on a background, which an answering terminal tells.
func (k kind) openOn(t *testing.T, silent bool, ground string) *terminal {
	t.Helper()
	k.silent = silent
	term := k.open(t)
	if ground != "" {
		term.mu.Lock()
		term.screen.SetBackgroundColor(lipgloss.Color(ground))
		term.mu.Unlock()
	}
	return term
}

// TestLinkOverSSH: no browser is tried, the link is whole at 40 columns, and c sends it to
// the terminal's clipboard.
func TestLinkOverSSH(t *testing.T) {
	t.Parallel()
	const link = "https://id.atlassian.com/manage-profile/security/api-tokens"
	dir := t.TempDir()
	opener := filepath.Join(dir, "xdg-open")
	if err := os.WriteFile(opener, []byte("#!/bin/sh\n: > "+filepath.Join(dir, "opened")+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(binDir, "saasconnect"), "practice")
	cmd.Env = []string{
		"HOME=" + t.TempDir(), "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + dir + ":" + os.Getenv("PATH"), "DISPLAY=:0",
		"SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22", "SSH_TTY=/dev/pts/9",
	}
	term := startIn(t, cmd, true, 40, 12)
	term.see("Connect Jira")
	term.press("\x1b[B\x1b[B\r") // only read how
	term.see("1 of 8")
	if strings.Contains(term.text(), "open page") {
		t.Errorf("a browser is offered over SSH:\n%s", term.text())
	}
	for i := 0; i < 100 && !strings.Contains(term.text(), "api-tokens"); i++ {
		term.press("\x1b[B") // the wheel, and a loaded machine may not follow it
		time.Sleep(20 * time.Millisecond)
	}
	term.see("api-tokens")
	if whole := strings.Join(strings.Fields(strings.ReplaceAll(term.text(), "\n", " ")), ""); !strings.Contains(whole, link) {
		t.Errorf("the link is not whole:\n%s", term.text())
	}
	term.press("oc")
	term.sees(func(raw string) bool { return strings.Contains(raw, ansi.SetSystemClipboard(link)) }, "the link on its way to the clipboard")
	term.press("\x03")
	term.exit(130)
	if _, err := os.Stat(filepath.Join(dir, "opened")); err == nil {
		t.Error("a browser was started over SSH")
	}
}

// TestImportFromTheWizard: a file is named in the wizard, the command looks at it in the terminal
// itself, and asks; then the wizard is there again.
func TestImportFromTheWizard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "customers.csv")
	if err := os.WriteFile(file, []byte("product,site,email,token_env\njira,acme,mia@example.com,TOKEN\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(binDir, "saasconnect"))
	cmd.Env = []string{"HOME=" + dir, "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=disabled:"}
	term := startIn(t, cmd, true, 80, 24)
	term.see("Connect Jira")
	term.press("\x1b[B\x1b[B\x1b[B\x1b[B\r")
	term.see("Import connectors from a file")
	term.see("File name")
	term.press("\r")
	term.see("Enter a file name")
	term.press("~/nothing.csv\r")
	term.see("doesn't exist")
	term.see("Press Enter to go back")
	term.press("\r")
	term.see("Import connectors from a file")
	term.see("~/nothing.csv") // which may be mistyped
	time.Sleep(300 * time.Millisecond)
	term.press("\x15~/customers.csv\r")
	term.see("WOULD BE")
	term.see("Import them? [y/N]")
	term.press("n\r")
	term.see("Press Enter to go back")
	term.press("\r")
	term.see("Connect Jira")
	time.Sleep(300 * time.Millisecond)
	term.press("q")
	term.exit(0)
}

// TestExportFromTheWizard: what is there is written over only if that is wanted, also what can't be
// read; and what ends with an interrupt says so once.
func TestExportFromTheWizard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{
		"HOME=" + dir, "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=disabled:",
		"HTTPS_PROXY=http://127.0.0.1:1", "TOKEN=" + fakecloud.Situations()[0].Seed.Token,
	}
	add := exec.Command(filepath.Join(binDir, "saasconnect"), "add", "jira", "--site", "acme", "--email", "mia@example.com", "--token-env", "TOKEN",
		"--keep-in", "reference", "--role", "global-admin", "--keep-failing", "--no-input")
	add.Env = env
	if out, err := add.CombinedOutput(); !strings.Contains(string(out), "acme-jira") {
		t.Fatalf("%v: %s", err, out)
	}
	file := filepath.Join(dir, "there.csv")
	if err := os.WriteFile(file, bytes.Repeat([]byte("precious "), 3<<20), 0o200); err != nil { // far too large to be read, and not for reading
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(binDir, "saasconnect"))
	cmd.Env = env
	term := startIn(t, cmd, true, 80, 24)
	term.see("acme-jira")
	term.see("1 unknown")
	time.Sleep(300 * time.Millisecond) // keys that were on their way when a screen opened are not for it
	term.press("E")
	term.see("Export connectors to a file")
	time.Sleep(300 * time.Millisecond)
	term.press("~/there.csv\r")
	term.see("already exists")
	term.see("[y/N]")
	term.press("n\r")
	term.see("Press Enter to go back")
	if info, err := os.Stat(file); err != nil || info.Size() != 27<<20 {
		t.Errorf("%v, %v", info, err)
	}
	term.press("\r")
	term.see("acme-jira")
	term.see("1 unknown")
	time.Sleep(300 * time.Millisecond)
	term.press("E")
	term.see("Export connectors to a file")
	time.Sleep(300 * time.Millisecond)
	term.press("~/new.csv\r")
	term.see("wrote 1 connector to")
	if data, err := os.ReadFile(filepath.Join(dir, "new.csv")); err != nil || !strings.Contains(string(data), "acme-jira") {
		t.Errorf("%s, %v", data, err)
	}
	term.press("\x03")
	term.exit(130)
	if n := strings.Count(term.written(), "interrupted"); n != 1 {
		t.Errorf("it says %d times that it was interrupted", n)
	}
}
