//go:build !windows

package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"saasconnect/atlassian/fakecloud"
)

// "No" to a question is one exit code in every command: what was asked for was not done.
func TestNoIsOneExitCode(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	env = append(env, "OLGAS="+fakecloud.NewerToken("olga@example.com"))
	seed := line.seed
	for args, sees := range map[string]string{
		"remove " + seed.Site + "-jira": "from this computer?",
		"remove --all":                  "Remove 2 connectors and their tokens from this computer? [y/N]",
		"add jira --site " + seed.Site + " --email " + seed.Email + " --token-env TOKEN":  "[y/N]",
		"add jira --site " + seed.Site + " --email olga@example.com --token-env OLGAS":    "[y/N]",
		"replace-token " + seed.Site + "-jira --email olga@example.com --token-env OLGAS": "[y/N]",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			term := openTerminalIn(t, false, ownHome(t, env, line), strings.Fields(args)...)
			term.see(sees)
			term.press("n\r")
			term.exit(2)
		})
	}
}

// TestAnAnswerThatCanNotBeStored: settings that can't be written are reported, and
// the command goes on.
func TestAnAnswerThatCanNotBeStored(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	env = slices.DeleteFunc(ownHome(t, env, line), func(pair string) bool { return strings.HasPrefix(pair, "SAASCONNECT_ROLE=") })
	settings := filepath.Join(valueOf(env, "SAASCONNECT_HOME"), "settings.json")
	if err := errors.Join(os.RemoveAll(settings), os.Mkdir(settings, 0o700)); err != nil {
		t.Fatal(err)
	}
	term := openTerminalIn(t, false, env, "edit", line.seed.Site+"-jira", "--account", "Acme Ltd")
	term.see("Enter for 1:") // an answer that comes before its line is echoed above it, and moves what follows
	term.press("1\r")
	term.see("The settings can't be saved in")
	term.exit(0)
}

// TestEveryQuestionInLines: with stdout going elsewhere there is no wizard of any kind, and each
// question is asked in lines: what is missing, the role, the storage, its passphrase, a duplicate.
func TestEveryQuestionInLines(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	env = slices.DeleteFunc(ownHome(t, env, line), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains([]string{"SAASCONNECT_HOME", "SAASCONNECT_ROLE", "SAASCONNECT_KEEP_IN", "SAASCONNECT_KEY_FILE"}, name)
	})
	env = append(env, "SAASCONNECT_HOME="+filepath.Join(t.TempDir(), "new"), "NEWER="+fakecloud.NewerToken(line.seed.Email), "OLGAS="+fakecloud.NewerToken("olga@example.com"))
	run := func(args ...string) *terminal {
		all := append([]string{"-c", `"$@" | cat`, "sh", filepath.Join(binDir, "saasconnect")}, args...)
		return startTerminal(t, 24, false, env, exec.Command("sh", all...))
	}
	term := run("add", "--email", line.seed.Email)
	term.talk(
		"Product, jira or confluence:", "Jira\n",
		"Site, like acme.atlassian.net:", line.seed.Site+"\n",
		"API token: (not shown", line.seed.Token+"\r",
		"1 to 3, Enter for 1:", "2\n",
		"1 to 2, Enter for 1:", "1\n",
		"Choose a passphrase", "short\r",
		"at least 12 characters", "four plain words here\r",
		"Repeat passphrase:", "four plain words here\r",
		"Saved as acme-jira", "",
	)
	term.exit(0)
	term.hides(line.seed.Token)

	term = run("add", "confluence", "--site", line.seed.Site, "--email", line.seed.Email, "--token-env", "TOKEN", "--keep-in", "file")
	term.talk("Passphrase of the encrypted file:", "not the right words\r", "Wrong passphrase", "four plain words here\r", "Saved as acme-confluence", "")
	term.exit(0)

	term = run("add", "confluence", "--site", line.seed.Site, "--email", line.seed.Email, "--token-env", "NEWER", "--keep-in", "file")
	term.talk("Save a second connector? [y/N]", "y\n", "Passphrase", "four plain words here\r", "Saved as acme-confluence-2", "")
	term.exit(0)

	term = run("replace-token", "acme-jira", "--email", "olga@example.com", "--token-env", "OLGAS")
	term.talk(
		"Passphrase", "four plain words here\r",
		"Sign in as Olga Berg from now on? [y/N]", "y\n",
		"acme-confluence and acme-confluence-2 have the same account", "y\n",
		"The new token is in use in acme-jira, acme-confluence and acme-confluence-2", "",
	)
	term.exit(0)
}
