package ui_test

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// How a storyboard's script is followed: storyboard_test.go says its words.

// follow does what a script says, and hands its shots on.
func (s *actor) follow(script string, shot func(name string)) {
	s.t.Helper()
	for n, line := range strings.Split(script, "\n") {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "", "#", "situation", "role", "size", "ascii", "latency", "safes", "fails", "saved", "slow", "clipboard", "saasassure":
		case "press":
			for _, k := range strings.Fields(rest) {
				s.press(k)
			}
		case "type":
			for _, r := range rest {
				s.send(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
		case "paste":
			s.send(tea.PasteMsg{Content: s.paste(rest)})
		case "resize":
			s.send(sizeOf(s.t, rest))
		case "wait":
			s.wait(rest)
		case "outside": // another window or command changes a connector's account, or removes it
			s.world.outside(s.t, rest)
		case "copied":
			s.world.clip.set(rest)
		case "heal":
			for method := range settingsOf(s.t, script).fails {
				s.world.fails.heal(method)
			}
		case "shot":
			shot(rest)
		default:
			s.t.Fatalf("line %d: unknown word %q", n+1, verb)
		}
	}
}

// wait lets time pass.
func (s *actor) wait(words string) {
	s.t.Helper()
	d, err := time.ParseDuration(words)
	if err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(d); time.Now().Before(end); s.settle() {
		time.Sleep(20 * time.Millisecond)
	}
}
