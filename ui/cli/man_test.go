package cli_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra/doc"

	"saasconnect/ui/cli"
)

// The manual pages are written by this test and not by the program, so that it does not
// have to carry cobra's generator: .ci/pages, or
//
//	go test ./ui/cli -run ManualPages -man FOLDER -source 'saasconnect 1.2.0'
//
// The date on them is SOURCE_DATE_EPOCH, the generator's own variable.
var (
	manDir    = flag.String("man", "", "write the manual pages into this folder")
	manSource = flag.String("source", "saasconnect", "the program and its version, for the manual pages")
)

// TestManualPages writes a page a command, and lets groff read them. The help topics are
// sections of the page saasconnect(1).
func TestManualPages(t *testing.T) {
	dir := *manDir
	if dir == "" {
		dir = t.TempDir()
	}
	root := cli.Commands()
	root.DisableAutoGenTag = true
	want := []string{"saasconnect.1"}
	for _, c := range root.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			root.Long += "\n\n# " + strings.ToUpper(strings.ReplaceAll(c.Name(), "-", " ")) + "\n" + markdown(c.Long)
			continue
		}
		if c.Hidden {
			continue
		}
		c.Long = markdown(c.Long)
		want = append(want, "saasconnect-"+c.Name()+".1")
	}
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: *manSource, Manual: "User Commands"}, dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range want {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), "\n.SH DESCRIPTION") {
			t.Errorf("%s: %v: %s", name, err, text)
		}
	}
	t.Run("groff", func(t *testing.T) {
		groff := needed(t, "groff")
		for _, name := range want {
			out, err := exec.CommandContext(t.Context(), groff, "-man", "-Kutf8", "-Tutf8", "-wall", "-z", filepath.Join(dir, name)).CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("%s: %v: %s", name, err, out)
			}
		}
	})
}

// markdown is a help text as the generator reads it: paragraphs that are indented stand as
// they are.
func markdown(long string) string {
	paragraphs := strings.Split(long, "\n\n")
	for i, p := range paragraphs {
		if strings.HasPrefix(p, "  ") {
			paragraphs[i] = "```\n" + p + "\n```"
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// Every variable that the sources read is in `help environment`.
func TestHelpKnowsTheEnvironment(t *testing.T) {
	page, err := program(t, "help", "environment").Output()
	if err != nil {
		t.Fatal(err)
	}
	read := regexp.MustCompile(`(?i)(?:getenv|xdg|env)\("([A-Z][A-Z_]{3,})"`)
	for _, pattern := range []string{"../../main.go", "../*.go", "*.go", "../desktop/*.go", "../../store/*.go", "../../store/*/*.go"} {
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
					t.Errorf("%s reads %s, which is not in it", file, name)
				}
			}
		}
	}
}

// notOurs reports whether the system sets a variable, and no one changes it for this program.
func notOurs(name string) bool {
	return slices.Contains(strings.Fields("TERM HOME USER LOGNAME USERNAME DISPLAY WAYLAND_DISPLAY SystemRoot AppData LocalAppData SSH_CONNECTION SSH_TTY TMUX DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR"), name)
}
