package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Documented is a line that a --help shows as an example, and the command it belongs to.
type Documented struct{ Command, Line string }

// DocumentedLines are all of them, from the tree of commands that ships.
func DocumentedLines() []Documented {
	var lines []Documented
	for _, c := range commandsOf(Commands()) {
		for line := range strings.Lines(c.Example) {
			lines = append(lines, Documented{c.CommandPath(), strings.TrimSpace(line)})
		}
	}
	return lines
}

// Commands is the tree of commands that ships.
func Commands() *cobra.Command {
	return newRun(Stdio{Out: io.Discard, Err: io.Discard}, System{}).root()
}

// commandsOf is a command and all below it, help included.
func commandsOf(c *cobra.Command) []*cobra.Command {
	c.InitDefaultHelpCmd()
	all := []*cobra.Command{c}
	for _, below := range c.Commands() {
		all = append(all, commandsOf(below)...)
	}
	return all
}
