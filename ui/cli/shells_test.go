package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The scripts that shells read, judged by the shells.

// needed is a program's path; without it the test is skipped, and .ci/run allows no skip.
func needed(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not here to judge it", name)
	}
	return path
}

func TestCompletionScriptsParse(t *testing.T) {
	for shell, look := range map[string][]string{"bash": {"-n"}, "zsh": {"-n"}, "fish": {"--no-execute"}} {
		t.Run(shell, func(t *testing.T) {
			path := needed(t, shell)
			script, err := program(t, "completion", shell).Output()
			if err != nil || len(script) < 1000 {
				t.Fatalf("%d bytes, %v", len(script), err)
			}
			file := filepath.Join(t.TempDir(), "script")
			if err := os.WriteFile(file, script, 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.CommandContext(t.Context(), path, append(look, file)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	t.Run("powershell", func(t *testing.T) {
		script, err := program(t, "completion", "powershell").Output()
		if err != nil || !strings.Contains(string(script), "Register-ArgumentCompleter -CommandName 'saasconnect'") ||
			strings.Count(string(script), "{") != strings.Count(string(script), "}") {
			t.Errorf("%v: %s", err, script)
		}
	})
}

// A shell with the script completes for real: what the person at it would see.
func TestShellsComplete(t *testing.T) {
	for shell, script := range map[string]string{
		"fish": "saasconnect completion fish | source; complete --do-complete 'saasconnect practice not-ad'",
		"bash": `source <(saasconnect completion bash)
			_get_comp_words_by_ref() { words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; }
			__ltrim_colon_completions() { :; }
			COMP_WORDS=(saasconnect practice not-ad); COMP_CWORD=2; COMP_LINE='saasconnect practice not-ad'; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
			__start_saasconnect; printf '%s\n' "${COMPREPLY[@]}"`,
	} {
		t.Run(shell, func(t *testing.T) {
			cmd := program(t)
			cmd.Path, cmd.Args = needed(t, shell), []string{shell, "-c", script}
			cmd.Env = append(cmd.Env, "PATH="+binDir+string(os.PathListSeparator)+os.Getenv("PATH"))
			if out, err := cmd.Output(); err != nil || !strings.HasPrefix(string(out), "not-admin") {
				t.Errorf("%v: %q", err, out)
			}
		})
	}
}
