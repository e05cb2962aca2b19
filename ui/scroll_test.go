package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestArrowsScrollWhatIsOnlyRead: a terminal sends the wheel as arrows while a program has
// the whole screen. Where arrows choose nothing they move the content.
func TestArrowsScrollWhatIsOnlyRead(t *testing.T) {
	for name, way := range map[string]string{
		"guide":    asAdmin + "size 40x12\npress enter enter\n",
		"handover": "size 40x12\n" + toSuccess + "press enter\n",
		"help":     asAdmin + "size 40x12\npress enter enter ?\n",
		"message":  "size 40x12\nsituation not-admin\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down enter\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := newStage(t, way)
				defer s.end()
				s.follow(way, func(string) {})
				before, top := s.app.Place(), s.frame()
				if !strings.Contains(top, "more line") {
					t.Fatalf("nothing to scroll here:\n%s", top)
				}
				for range 60 {
					s.press("down")
				}
				if end := s.frame(); strings.Contains(end, "more line") || end == top || s.app.Place() != before {
					t.Errorf("the end is not in sight:\n%s", end)
				}
				for range 60 {
					s.press("up")
				}
				if s.frame() != top {
					t.Errorf("the top is not in sight again:\n%s", s.frame())
				}
			})
		})
	}
}

// TestPagingStays: what a person pages to stays in sight, whatever lands meanwhile, until
// they press a key that means something else.
func TestPagingStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		way := asAdmin + "size 40x12\nsaved acme\npress enter down down down down down down\n"
		s := newStage(t, way)
		defer s.end()
		s.follow(way, func(string) {})
		chosen := s.frame()
		for range 9 {
			s.press("pgup")
		}
		top := s.frame()
		if !strings.Contains(top, "Confluence connection verified") {
			t.Fatalf("the top is not in sight:\n%s", top)
		}
		s.take(tea.BackgroundColorMsg{})
		if s.frame() != top {
			t.Errorf("an answer of the terminal moved the window:\n%s", s.frame())
		}
		s.press("down")
		s.press("up")
		if got := s.frame(); got != chosen && !strings.Contains(got, "❯") {
			t.Errorf("the choice is not in sight again:\n%s", got)
		}
	})
}

// TestHelpCloses by any key that does not move it.
func TestHelpCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, asAdmin+"size 40x12")
		defer s.end()
		for _, key := range []string{"esc", "x", "enter"} {
			s.press("?")
			s.press("pgdown")
			if !strings.Contains(s.frame(), "close help") {
				t.Fatalf("paging closed the help:\n%s", s.frame())
			}
			if s.press(key); !strings.Contains(s.frame(), "SaaSAssure connectors") || strings.Contains(s.frame(), "close help") {
				t.Fatalf("%s did not close it:\n%s", key, s.frame())
			}
		}
	})
}

// TestSuspendDuringACheck: a check that the job's stop would have let time out is begun
// again, and nothing of the first one counts.
func TestSuspendDuringACheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		way := "latency 4s\n" + asAdmin + filledIn
		s := newStage(t, way)
		defer s.end()
		s.follow(way, func(string) {})
		s.wait("10s") // the look at the site
		s.press("enter")
		s.press("enter")
		s.press("ctrl+z")
		s.wait("60s") // the shell has the terminal
		if !strings.Contains(s.frame(), "Checking acme.atlassian.net") {
			t.Fatalf("the stopped check ended:\n%s", s.frame())
		}
		s.take(s.app.Resumed())
		s.settle()
		s.wait("14s")
		if !strings.Contains(s.frame(), "verified and saved") {
			t.Errorf("the check did not go on:\n%s", s.frame())
		}
	})
}

// TestSuspendKeepsWhatIsTyped, and does nothing where no shell continues jobs.
func TestSuspendKeepsWhatIsTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, asAdmin)
		defer s.end()
		s.follow("press s\ntype acm\npress ctrl+z\ntype e\n", func(string) {})
		s.take(s.app.Resumed())
		if !strings.Contains(s.frame(), "Site URL    acme") {
			t.Errorf("what was typed is gone:\n%s", s.frame())
		}
	})
}

// TestPagesAreReadFromTheirTop: the next step of the walkthrough, and what follows the
// question after the role.
func TestPagesAreReadFromTheirTop(t *testing.T) {
	for way, want := range map[string]string{
		"role global-admin\nsize 40x12\npress enter enter down down down down right": "Choose 'Account settings'",
		"size 40x12\npress enter down up enter":                                      "as Global Admin",
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			s := newStage(t, way)
			defer s.end()
			s.follow(way, func(string) {})
			if !strings.Contains(s.frame(), want) {
				t.Errorf("%s: the top is not in sight:\n%s", way, s.frame())
			}
		})
	}
}
