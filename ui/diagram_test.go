package ui

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDiagram: the README's diagram of the wizard is the table itself. -update draws it anew.
func TestDiagram(t *testing.T) {
	const file, begin, end = "../README.md", "```mermaid\n", "```\n"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	old, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatal("the README has no diagram")
	}
	if drawn := flag.Lookup("update"); drawn != nil && drawn.Value.String() == "true" {
		if err := os.WriteFile(file, []byte(before+begin+diagram()+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != diagram() {
		t.Error("the README's diagram is not the flow any more: go test ./ui -run Diagram -update")
	}
}

// diagram is the flow as Mermaid draws it: one arrow a pair of places, with its events.
func diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n  [*] --> home\n")
	for _, from := range places() {
		ways := map[Place][]string{}
		for ev, to := range flow()[from] {
			if to != backwards {
				ways[to] = append(ways[to], string(ev))
			}
		}
		for _, to := range slices.Sorted(maps.Keys(ways)) {
			slices.Sort(ways[to])
			target := string(to)
			if to == leave {
				target = "[*]"
			}
			fmt.Fprintf(&b, "  %s --> %s: %s\n", from, target, strings.Join(ways[to], ", "))
		}
	}
	return b.String()
}
