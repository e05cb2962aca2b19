//go:build !windows

package cli_test

import (
	"errors"
	"os"
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
		"remove " + seed.Site + "-jira": "from this machine?",
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

// TestAnAnswerThatCanNotBeStored: settings that can't be written are named, and stand in
// nobody's way.
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
	term.see("The settings can't be stored in")
	term.exit(0)
}
