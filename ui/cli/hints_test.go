package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestOtherWordsLeadToCommands(t *testing.T) {
	for _, typed := range strings.Fields("login auth rename delete status update-token rotate verify view browse entered move run demo") {
		words := strings.Fields(otherWord(typed))
		at := slices.Index(words, "saasconnect")
		if at < 0 {
			t.Fatalf("%s: %q", typed, words)
		}
		name := strings.TrimRight(words[at+1], ",:")
		if c, _, err := Commands().Find([]string{name}); err != nil || c.Name() != name {
			t.Errorf("%s leads to %q: %v", typed, name, err)
		}
	}
	for _, c := range Commands().Commands() {
		if words := otherWord(c.Name()); words != "" {
			t.Errorf("%s is a command, and stands for %q", c.Name(), words)
		}
	}
}
