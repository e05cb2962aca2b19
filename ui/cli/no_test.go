//go:build !windows

package cli_test

import (
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
