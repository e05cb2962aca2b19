package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestVerdictsAreMarkAndWord: without color the screen says the same, with and without
// Unicode.
func TestVerdictsAreMarkAndWord(t *testing.T) {
	for charset, marks := range map[string][]string{
		"":        {"✓ working", "✗ no admin right", "! expires soon", "? unknown: rate limited"},
		"ascii\n": {"+ working", "x no admin right", "! expires soon", "? unknown: rate limited"},
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			script := charset + asAdmin + "saved 40\nsize 160x100\npress R\nwait 40s\n"
			s := newStage(t, script)
			defer s.end()
			s.follow(script, func(string) {})
			for _, mark := range marks {
				if !strings.Contains(s.frame(), mark) {
					t.Errorf("no row says %q", mark)
				}
			}
			if t.Failed() {
				t.Log(s.frame())
			}
		})
	}
}
