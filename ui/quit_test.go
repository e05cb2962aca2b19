package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestQuitAndHelpWorkEverywhere: q ends the program on every screen that takes no letters, and not
// while work is under way; help opens on all.
func TestQuitAndHelpWorkEverywhere(t *testing.T) {
	busy := map[string]bool{"checking": true, "list, marking": true, "sharing, asking": true}
	for _, tr := range tours() {
		if strings.HasSuffix(tr.name, "help") {
			continue // any key closes it
		}
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := tr.take(t, "")
				defer s.end()
				frame := s.frame()
				letters := strings.Contains(frame, "f1 help")
				s.press("f1")
				s.has("close help")
				s.press("esc")
				if s.frame() != frame && !busy[tr.name] { // which goes on meanwhile
					t.Errorf("the help changed it:\n%s\n%s", frame, s.frame())
				}
				s.press("q")
				ended := s.app.Over()
				if strings.HasPrefix(tr.name, "practice") {
					ended = !strings.Contains(s.frame(), "PRACTICE")
				}
				if want := !letters && !busy[tr.name]; ended != want {
					t.Errorf("q ended it: %v, want %v:\n%s", ended, want, s.frame())
				}
			})
		})
	}
}
