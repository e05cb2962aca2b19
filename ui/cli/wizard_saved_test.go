//go:build !windows

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// Coming back, as a person has it: connectors in the real store, the real program in a
// real terminal, and a pretend Atlassian behind a real proxy.

// comeBack saves both products of one site in the encrypted file, and returns the
// environment in which they are, and the line.
func comeBack(t *testing.T) ([]string, *line) {
	t.Helper()
	line, err := newLine("ok")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(line.close)
	dir := t.TempDir()
	ca, key := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "key")
	if err := os.WriteFile(ca, line.authority, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeKey(key); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"SAASCONNECT_HOME=" + filepath.Join(dir, "home"), "SAASCONNECT_KEY_FILE=" + key, "SAASCONNECT_KEEP_IN=file", "SAASCONNECT_ROLE=global-admin",
		"HTTPS_PROXY=http://" + line.address, "SSL_CERT_FILE=" + ca, "TOKEN=" + line.seed.Token,
	}
	for _, product := range []string{"jira", "confluence"} {
		add := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), "add", product, "--site", line.seed.Site, "--email", line.seed.Email,
			"--token-env", "TOKEN", "--role", "global-admin")
		add.Env = append(env, "HOME="+dir, "DBUS_SESSION_BUS_ADDRESS=disabled:", "LANG=C.UTF-8")
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return env, line
}

// pressAfterGrace: keys that are in flight when a result appears are swallowed on purpose.
func (term *terminal) pressAfterGrace(keys string) {
	term.t.Helper()
	time.Sleep(300 * time.Millisecond)
	term.press(keys)
}

// TestWizardAddsAnother begins to add beside connectors that are saved: with the choice of what to
// add, or with the product that was named.
func TestWizardAddsAnother(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	term := openTerminalIn(t, false, env, "add", "--site", line.seed.Site)
	term.see("Connect Confluence")
	term.see("s I have a token")
	term.press("s")
	term.see("Connect Jira · connection")
	term.see("https://" + line.seed.Site + ".atlassian.net exists")
	term.press("\x1b")
	term.see("I have a token")
	term.press("\x1b")
	term.see("Read the token instructions")
	term.pressAfterGrace("\x1b")
	term.see("2 connectors")
	term.press("q")
	term.exit(0)
	term = openTerminalIn(t, false, env, "add", "confluence")
	term.see("Connect Confluence · connection")
	term.press("\x03")
	term.exit(130)
}

// TestWizardReplacesAToken walks from the command to the walkthrough, and replaces the
// token in both connectors that have it.
func TestWizardReplacesAToken(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	newer := fakecloud.NewerToken(line.seed.Email)
	term := openTerminalIn(t, false, env, "replace-token", line.seed.Site+"-jira")
	term.see("step 1 of 8")
	term.press("s")
	term.see("paste it here")
	term.see("the encrypted file \u2713")
	term.press(bracketed(newer + "\n"))
	term.see("192 characters, complete")
	term.press("\r\r")
	term.see("uses the same account on this site")
	term.pressAfterGrace("\r")
	term.see("now used by acme-jira and acme-confluence")
	term.see("https://id.atlassian.com/manage-profile/security/api-tokens")
	term.pressAfterGrace("\x1b")
	term.see("Replaced ")
	term.press("\x1b")
	term.see("2 connectors")
	term.press("R")
	term.see("2 of 2 checked: 2 working")
	term.press("q")
	term.exit(0)
	term.hides(newer)
	term.hides(line.seed.Token)
}

// TestPlainReplacesAToken does the same line by line.
func TestPlainReplacesAToken(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	newer := fakecloud.NewerToken(line.seed.Email)
	term := openTerminalIn(t, true, env, "replace-token", line.seed.Site+"-jira", "--plain")
	term.talk(
		"2. I have a token", "2\n",
		"(not shown while you type)", newer+"\n",
		"Expiry date (optional", "\n",
		"1. Check and replace it in acme-confluence too", "1\n",
		"verified and in use in acme-jira and acme-confluence", "b\n",
		"1. List and open connectors (2 connectors)", "2\n",
		"1. All of them", "1\n",
		"2 checked: 2 working", "q\n",
	)
	term.exit(0)
	term.hides(newer)
	term.hides(line.seed.Token)
}

// TestLinesReplaceAToken does it with stdout going elsewhere, so that there is no wizard of
// any kind: the token prompted for hidden, and the other connector with a question.
func TestLinesReplaceAToken(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	newer := fakecloud.NewerToken(line.seed.Email)
	term := startTerminal(t, 24, false, env, exec.Command("sh", "-c", `"$@" | cat`, "sh",
		filepath.Join(binDir, "saasconnect"), "replace-token", line.seed.Site+"-jira"))
	term.see("not shown while you type")
	term.press(newer + "\r")
	term.see("Replace it there too? [y/N]")
	term.press("y\n")
	term.see("The new token is in use in acme-jira and acme-confluence")
	term.exit(0)
	term.hides(newer)
}

// TestWizardEdits opens the edit from the command line, renames, and comes home.
func TestWizardEdits(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	term := openTerminalIn(t, false, env, "edit", line.seed.Site+"-jira")
	term.see("Edit acme-jira")
	term.press("\x15main\r\r\rAcme Ltd\r")
	term.see("Saved.")
	term.pressAfterGrace("\x1b")
	term.see("2 connectors")
	term.see("main")
	term.pressAfterGrace("j")
	term.see("· Acme Ltd ·")
	term.press("q")
	term.exit(0)
}
