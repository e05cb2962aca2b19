//go:build !windows

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"saasconnect/atlassian/fakecloud"
	"saasconnect/ui/cli"
)

// Every line that a --help shows is run as it stands there, by a shell, on two saved
// connectors and the pretend Atlassian. The programs that the lines name (op, jira, uvx,
// curl) are stand-ins that look whether they got what they need.

// run says how a line is run where sh and exit code 0 are not what belongs to it.
type run struct {
	why    string
	shell  []string // in place of sh -c
	before string   // what the line expects to be there, a line of the shell
	code   int      // the exit code, when it is not 0
	sees   string   // it opens the wizard: on a terminal, until these words are there
	types  string   // then this is typed, ctrl+c where it is ""
	as     string   // this is run in its place
	keyAt  bool     // with no key file: a person has to be asked
}

// How the lines are run that are not simply run. A line that is no longer there fails.
func unusual() map[string]run {
	const wizard = "it opens the wizard, which needs a terminal"
	bash := []string{"bash", "--norc", "-c"}
	return map[string]run{
		"saasconnect":                                         {why: wizard, sees: "2 connectors"},
		"saasconnect practice":                                {why: wizard, sees: "PRACTICE"},
		"saasconnect practice not-admin":                      {why: wizard, sees: "PRACTICE"},
		"saasconnect practice token-refused --json":           {why: "the situation's verdict is failing", code: 1},
		"saasconnect add":                                     {why: wizard, sees: "Read the token instructions"},
		"saasconnect replace-token acme-jira":                 {why: wizard, sees: "step 1 of 8"},
		"saasconnect remove acme-jira":                        {why: "it asks whether that is meant", sees: "from this computer?", types: "y\n"},
		"saasconnect change-passphrase":                       {why: "it asks for passphrases", sees: "not shown while you type", keyAt: true},
		"saasconnect edit acme-jira --site acme-group --json": {why: "the pretend Atlassian has no site acme-group: proven to be wrong", code: 1},
		"saasconnect export --home old | saasconnect import - --format csv --home new":                            {why: "tokens are in no file: a person prompted for them, and none is there", code: 6},
		"saasconnect move-token acme-jira --to keyring":                                                           {why: "no keyring belongs to a test: said, and nothing is moved", code: 4},
		"source <(saasconnect completion bash)":                                                                   {why: "a line for bash", shell: bash},
		"source <(saasconnect completion zsh)":                                                                    {why: "a line for zsh, whose start file loads the completions", shell: []string{"zsh", "-f", "-c"}, before: "autoload -U compinit && compinit -u"},
		"saasconnect completion fish | source":                                                                    {why: "a line for fish", shell: []string{"fish", "--no-config", "-c"}},
		"$env:TOKEN | saasconnect add jira --site acme --email mia@example.com --token-stdin --role global-admin": {why: "a line for PowerShell: sh has the same with a variable of its own", as: `printf %s "$TOKEN" | saasconnect add jira --site acme --email mia@example.com --token-stdin --role global-admin`},
		"$env:TOKEN | saasconnect replace-token acme-jira --token-stdin --shared --expires 1y":                    {why: "the same", as: `printf %s "$TOKEN" | saasconnect replace-token acme-jira --token-stdin --shared --expires 1y`},
		"saasconnect completion powershell | Out-String | Invoke-Expression":                                      {why: "no PowerShell for Linux comes with Debian", as: "saasconnect completion powershell"},
	}
}

func TestDocumentedLinesRun(t *testing.T) {
	t.Parallel()
	env, line := comeBack(t)
	bin := standIns(t, line)
	env = append(env, "ACME_TOKEN="+line.seed.Token, "ATLASSIAN_TOKEN="+line.seed.Token, "NEW_TOKEN="+fakecloud.NewerToken(line.seed.Email), "OLGAS_TOKEN="+fakecloud.NewerToken("olga@example.com"),
		"PATH="+bin+string(os.PathListSeparator)+binDir+string(os.PathListSeparator)+os.Getenv("PATH"), "SAASCONNECT_ROLE=global-admin")
	special, used := unusual(), map[string]bool{}
	lines := cli.DocumentedLines()
	if len(lines) < 40 {
		t.Fatalf("only %d lines were found", len(lines))
	}
	for _, d := range lines {
		how := special[d.Line]
		used[d.Line] = true
		t.Run(d.Line, func(t *testing.T) {
			t.Parallel()
			if how.sees != "" {
				runOnTerminal(t, ownHome(t, env, line), d.Line, how)
				return
			}
			own := ownHome(t, env, line)
			if strings.Contains(d.Line, "saasconnect add ") { // what is there already is asked about
				own = append(own, "SAASCONNECT_HOME="+filepath.Join(valueOf(own, "HOME"), "empty"))
			}
			runInShell(t, own, d.Line, how)
		})
	}
	for line, how := range special {
		if !used[line] {
			t.Errorf("no --help has this line any more (%s): %s", how.why, line)
		}
	}
}

// runInShell runs a line as a person's shell does.
func runInShell(t *testing.T, env []string, line string, how run) {
	t.Helper()
	shell := how.shell
	if shell == nil {
		shell = []string{"sh", "-c"}
	}
	if _, err := exec.LookPath(shell[0]); err != nil {
		t.Skipf("the line is for %s, which is not here", shell[0])
	}
	if how.as != "" {
		line = how.as
	}
	if how.before != "" {
		line = how.before + "\n" + line
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), shell[0], append(shell[1:], line)...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, valueOf(env, "HOME"), &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != how.code {
		t.Errorf("exit code %d, want %d: %s", got, how.code, &out)
	}
}

// runOnTerminal runs a line that shows the wizard or asks.
func runOnTerminal(t *testing.T, env []string, line string, how run) {
	t.Helper()
	if how.keyAt {
		env = append(env, "SAASCONNECT_KEY_FILE=")
	}
	term := openTerminalIn(t, false, env, strings.Fields(line)[1:]...)
	term.see(how.sees)
	if how.types != "" {
		term.press(how.types)
		term.exit(how.code)
		return
	}
	term.press("\x03")
	term.exit(130)
}

// ownHome is the environment on a copy of the prepared home, since the lines change it.
func ownHome(t *testing.T, env []string, line *line) []string {
	t.Helper()
	home := t.TempDir()
	if err := os.CopyFS(filepath.Join(home, "sc"), os.DirFS(valueOf(env, "SAASCONNECT_HOME"))); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(home, "old"), os.DirFS(valueOf(env, "SAASCONNECT_HOME"))); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"customers.csv":  "product,site,email\njira," + line.seed.Site + "," + line.seed.Email + "\n",
		"customers.json": `[{"product":"jira","site":"` + line.seed.Site + `","email":"` + line.seed.Email + `","token_env":"ACME_TOKEN"}]`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeKey(filepath.Join(home, "new.key")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(home, "sc"), 0o700); err != nil {
		t.Fatal(err)
	}
	return append(append([]string{}, env...), "HOME="+home, "SAASCONNECT_HOME="+filepath.Join(home, "sc"),
		"DBUS_SESSION_BUS_ADDRESS=disabled:", "LANG=C.UTF-8", "TERM=xterm-256color")
}

// valueOf is a variable's value; the last one counts.
func valueOf(env []string, name string) (value string) {
	for _, pair := range env {
		if k, v, _ := strings.Cut(pair, "="); k == name {
			value = v
		}
	}
	return value
}

// standIns are the programs that the lines name.
func standIns(t *testing.T, line *line) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range map[string]string{
		"op":       "cat " + filepath.Join(dir, "token"),
		"jira":     `test -n "$JIRA_API_TOKEN" && test "$*" = "issue list"`,
		"uvx":      `test -n "$CONFLUENCE_API_TOKEN" && test "$*" = mcp-atlassian`,
		"xdg-open": "exit 0",
		"curl":     `test "$3" = "$ATLASSIAN_EMAIL:$ATLASSIAN_API_TOKEN" && test "$4" = "$ATLASSIAN_URL/rest/api/3/myself"`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte(line.seed.Token), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
