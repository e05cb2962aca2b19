package ui_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Every screen in every window, with and without Unicode: it fits, its title and its
// footer are there, what is in focus is in sight, and what has to be copied is whole.

// windows are the sizes that are looked at; the last one is too small for anything.
func windows() []tea.WindowSizeMsg {
	return []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 40, Height: 12}, {Width: 300, Height: 100}, {Width: 60, Height: 15}, {Width: 120, Height: 40}, {Width: 200, Height: 60}, {Width: 1, Height: 1}}
}

// round is a way that goes from each size to each other one.
func round() []tea.WindowSizeMsg {
	all := windows()
	var way []tea.WindowSizeMsg
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			way = append(way, all[i], all[j])
		}
	}
	for i := len(way) - 1; i >= 0; i-- {
		way = append(way, way[i])
	}
	return way
}

func TestEveryScreenInEveryWindow(t *testing.T) {
	for _, tr := range tours() {
		for _, first := range []string{"size 80x24", "size 40x12", "size 200x60", "ascii"} {
			t.Run(tr.name+"/"+first, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					time.Sleep(time.Until(storyTime))
					s := tr.take(t, first+"\n")
					defer s.end()
					s.fits(settingsOf(t, first).size, first == "ascii")
					if first == "size 80x24" || first == "ascii" {
						s.resizeAround(first == "ascii")
					}
				})
			})
		}
	}
}

// TestSavingInEveryWindow opens the one screen that is left as soon as the store answers,
// and lets nothing answer.
func TestSavingInEveryWindow(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			s := newStage(t, asAdmin)
			defer s.end()
			keyring := setup.New(connector.Jira)
			keyring.SetStorage(connector.StorageKeyring, true)
			s.app = ui.NewApp(s.world.world, ui.Start{Place: ui.ScreenSaving, Setup: ui.Setup{Draft: keyring}, ASCII: ascii}, screens())
			s.resizeAround(ascii)
		})
	}
}

// TestWaitsInEveryWindow presses Enter, and lets nothing answer.
func TestWaitsInEveryWindow(t *testing.T) {
	for way, waits := range map[string]string{
		"safes keyring\npress s ctrl+o\n":                                         "Trying the system keyring",
		"safes new-file\npress s down enter enter\ntype ACME_TOKEN\n":             "Reading it",
		"safes locked-file\npress s enter\ntype swordfish\n":                      "Unlocking the file",
		"safes keyring\nsaved acme\npress enter down down down down down enter\n": "Trying the system keyring",
		"saved acme\npress enter x down\n":                                        "Removing",
	} {
		for _, charset := range []string{"", "ascii\n"} {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := newStage(t, charset+asAdmin+way)
				defer s.end()
				s.follow(way, func(string) {})
				s.app.Update(keyNamed(t, "enter"))
				if !strings.Contains(s.frame(), waits) {
					t.Fatalf("%q is not waited for:\n%s", waits, s.frame())
				}
				s.resizeAround(charset != "")
			})
		}
	}
}

// resizeAround goes through all windows, and looks that the screen comes back as it was:
// what was typed, what is chosen, which step.
func (s *actor) resizeAround(ascii bool) {
	s.t.Helper()
	way := round()
	if ascii {
		way = windows() // what depends on the order was seen with Unicode
	}
	wide := tea.WindowSizeMsg{Width: 200, Height: 60}
	s.take(wide)
	before := s.frame()
	for i, size := range way {
		if i%everyWindow != 0 {
			continue
		}
		s.take(size)
		s.fits(size, ascii)
	}
	s.take(wide)
	if after := s.frame(); after != before {
		s.t.Errorf("the window's sizes changed the screen:\n--- before\n%s\n--- after\n%s", before, after)
	}
}

// fits looks at one frame.
func (s *actor) fits(size tea.WindowSizeMsg, ascii bool) {
	s.t.Helper()
	raw := s.app.View().Content
	frame := ansi.Strip(raw)
	fail := func(format string, args ...any) {
		s.t.Helper()
		s.t.Errorf("%dx%d: %s:\n%s", size.Width, size.Height, fmt.Sprintf(format, args...), s.frame())
	}
	if ascii {
		for _, r := range raw {
			if r > 126 {
				fail("%q is not ASCII", r)
				break
			}
		}
	}
	lines := strings.Split(frame, "\n")
	for _, l := range lines {
		if w := ansi.StringWidth(l); w > size.Width {
			fail("a line has %d columns: %q", w, l)
		}
	}
	if size.Width < 40 || size.Height < 12 {
		return
	}
	if len(lines) != size.Height {
		fail("%d lines", len(lines))
	}
	title := 0
	if strings.Contains(lines[0], "PRACTICE") {
		title = 1
	}
	if strings.TrimSpace(lines[title]) == "" || strings.Trim(lines[title+1], " ─-") != "" {
		fail("no title with a rule below")
	}
	if last := lines[len(lines)-1]; !strings.Contains(last, "help") {
		fail("no footer")
	}
	s.keepsInSight(fail)
}

// keepsInSight looks that nothing is cut, and that what is in focus can be seen.
func (s *actor) keepsInSight(fail func(string, ...any)) {
	content, focus, width := s.app.Lines()
	from, to, follows := s.app.Window()
	lines := strings.Split(strings.TrimRight(content, "\n"), "\n")
	for _, l := range lines {
		if w := ansi.StringWidth(l); w > width {
			fail("a line of %d columns was cut to %d: %q", w, width, ansi.Strip(l))
		}
	}
	switch {
	case focus >= 0 && follows && (focus < from || focus >= to):
		fail("line %d is in focus, and %d to %d are in sight", focus, from, to)
	case focus >= 0 && !follows && from != 0:
		fail("nothing was pressed, and the top is not shown")
	}
	s.linksAreWhole(lines, fail)
}

// linksAreWhole looks that an address which has to be copied is on lines of its own from
// its first to its last letter.
func (s *actor) linksAreWhole(lines []string, fail func(string, ...any)) {
	const page = "https://id.atlassian.com/manage-profile/security/api-tokens"
	text := ansi.Strip(strings.Join(lines, "\n"))
	if !strings.Contains(text, "https://id.atlassian") {
		return
	}
	broken := regexp.MustCompile(`\n\s*`).ReplaceAllString(text, "")
	if !strings.Contains(broken, page) {
		fail("the link is not whole")
	}
}
