package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"saasconnect/ui/cli"
)

// The scripts that shells read, and the manual page, judged by the programs that read them.

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

func TestManualPage(t *testing.T) {
	page, err := program(t, "man").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range cli.DocumentedLines() {
		if command := strings.TrimPrefix(d.Command, "saasconnect "); !strings.Contains(string(page), "\n.SS \"saasconnect "+strings.ReplaceAll(command, "-", `\-`)) && command != "saasconnect" {
			t.Errorf("%s is not in it", d.Command)
		}
	}
	if i := slices.IndexFunc(page, func(b byte) bool { return b >= 0x80 }); i >= 0 {
		t.Errorf("a byte that groff would take for Latin-1, in %q", page[max(0, i-20):min(len(page), i+20)])
	}
	file := filepath.Join(t.TempDir(), "saasconnect.1")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("groff", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), needed(t, "groff"), "-man", "-Tutf8", "-wall", "-z", file)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v: %s", err, out)
		}
	})
	t.Run("man", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), needed(t, "man"), "--warnings", "-l", file)
		cmd.Env = append(cmd.Environ(), "MANWIDTH=80", "LC_ALL=C.UTF-8", "MANPAGER=cat", "GROFF_NO_SGR=1")
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		if err != nil || complaints.Len() > 0 || !strings.Contains(string(out), `printf %s "$TOKEN" | saasconnect add`) {
			t.Errorf("%v: %s%s", err, complaints.String(), out)
		}
	})
}

// Every variable that the sources read is on the page.
func TestManualPageKnowsTheEnvironment(t *testing.T) {
	page, err := program(t, "man").Output()
	if err != nil {
		t.Fatal(err)
	}
	read := regexp.MustCompile(`(?i)(?:getenv|xdg|env)\("([A-Z][A-Z_]{3,})"`)
	for _, pattern := range []string{"../../main.go", "../*.go", "*.go", "../desktop/*.go", "../../store/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range read.FindAllStringSubmatch(string(source), -1) {
				if name := found[1]; !strings.HasSuffix(file, "_test.go") && !notOurs(name) && !strings.Contains(string(page), strings.ToUpper(name)) {
					t.Errorf("%s reads %s, which is not on the page", file, name)
				}
			}
		}
	}
}

// notOurs are the variables that the system sets and nobody changes for this program.
func notOurs(name string) bool {
	return slices.Contains(strings.Fields("TERM HOME USER LOGNAME USERNAME DISPLAY WAYLAND_DISPLAY SystemRoot AppData LocalAppData SSH_CONNECTION SSH_TTY TMUX DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR"), name)
}
