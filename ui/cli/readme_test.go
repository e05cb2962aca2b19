package cli_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"saasconnect/ui/cli"
)

// TestReadmeNamesWhatExists: each command that the README and the pages for its readers name is
// one, and each flag is one of a command's.
func TestReadmeNamesWhatExists(t *testing.T) {
	var readme []byte
	for _, file := range []string{"README.md", ".github/AUTOMATION.md", ".github/BULK.md"} {
		data, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		readme = append(readme, data...)
	}
	root := cli.Commands()
	flags := root.PersistentFlags()
	commands := append(root.Commands(), root)
	for _, c := range commands {
		flags.AddFlagSet(c.Flags())
	}
	seen := 0
	for _, m := range regexp.MustCompile("(?m)(?:^|[`(]|\\| )saasconnect ([a-z][a-z-]*)").FindAllStringSubmatch(string(readme), -1) {
		if c, _, err := root.Find(m[1:]); (err != nil || c == root) && m[1] != "help" {
			t.Errorf("unknown command %s", m[1])
		}
		seen++
	}
	const systemd = "--unit --wait --pipe" // of systemd-run
	for _, m := range regexp.MustCompile("(?m)(?:^|[^A-Za-z-])--([a-z][a-z-]*)").FindAllStringSubmatch(string(readme), -1) {
		if flags.Lookup(m[1]) == nil && !strings.Contains(systemd, m[1]) {
			t.Errorf("there is no flag --%s", m[1])
		}
		seen++
	}
	if seen < 70 {
		t.Errorf("only %d were looked at", seen)
	}
}
