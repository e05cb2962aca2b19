package ui_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// TestRandomWalks presses keys as a cat would: nothing panics, no frame is larger than
// the window or holds the token, and home can always be reached by Esc.
func TestRandomWalks(t *testing.T) {
	keys := strings.Fields("t e h enter enter enter enter down down up tab shift+tab esc esc left right pgdown pgup s c o r q ? f1 u e t ctrl+t ctrl+o ctrl+u R a i p / x . 1 y backspace space d n")
	situations := []string{"ok", "not-admin", "token-refused", "no-such-site"}
	sizes := []string{"80x24", "40x12", "200x60", "39x11", "1x1"}
	for seed := range uint64(32) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				rnd := rand.New(rand.NewPCG(seed, 0))
				script := "situation " + situations[seed%4] + "\nrole global-admin"
				if seed%8 > 3 {
					script += "\nsaved acme"
				}
				s := newStage(t, script)
				defer s.end()
				s.frames = func(frame string) { s.inspect(frame) }
				for range 120 {
					switch n := rnd.IntN(20); {
					case n == 0:
						s.send(sizeOf(t, sizes[rnd.IntN(len(sizes))]))
					case n == 1:
						s.send(tea.PasteMsg{Content: s.world.seedToken})
					case n == 2:
						s.send(tea.PasteMsg{Content: s.paste([]string{"acme", "@new", "@olga", "olga@example.com"}[rnd.IntN(4)])})
					case s.app.Over():
						return
					default:
						if k := keys[rnd.IntN(len(keys))]; k != "q" {
							s.press(k)
						}
					}
				}
				s.goHome()
			})
		})
	}
}

// inspect holds what is true of every frame.
func (s *actor) inspect(frame string) {
	s.t.Helper()
	for _, secret := range []string{s.world.seedToken, s.world.cureToken, s.world.newToken, s.world.olgaToken} {
		if len(secret) > 24 && (strings.Contains(frame, secret) || strings.Contains(frame, secret[12:32])) {
			s.t.Fatalf("the token is on the screen:\n%s", ansi.Strip(frame))
		}
	}
	if strings.Contains(frame, "%!") {
		s.t.Fatalf("a format went wrong:\n%s", ansi.Strip(frame))
	}
}

// goHome presses Esc until home is there.
func (s *actor) goHome() {
	s.t.Helper()
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	for range 12 {
		if strings.Contains(s.frame(), "SaaSAssure connectors") {
			return
		}
		s.press("esc")
	}
	s.t.Fatalf("Esc does not lead home from here:\n%s", s.frame())
}

// TestKeysThatOutrunTheScreen sends Enter and a paste as one batch, as a terminal does
// when someone types ahead: the token must land in its own line, whatever huh's focus does.
func TestKeysThatOutrunTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, "role global-admin")
		defer s.end()
		s.frames = func(frame string) { s.inspect(frame) }
		s.press("s")
		for _, msg := range []tea.Msg{
			tea.PasteMsg{Content: "acme"}, keyNamed(t, "enter"),
			tea.PasteMsg{Content: "mia@example.com"}, keyNamed(t, "enter"),
			tea.PasteMsg{Content: s.world.seedToken + "\n"},
		} {
			s.take(msg) // no time passes, and no command has run yet
		}
		s.settle()
		for _, want := range []string{"https://acme.atlassian.net", "mia@example.com", "192 characters"} {
			if !strings.Contains(s.frame(), want) {
				t.Errorf("the form lacks %q:\n%s", want, s.frame())
			}
		}
	})
}

// TestAnEnterTooManyReplacesNothing: the question about a second connector comes at once, and
// its first choice is no one's who has not seen it.
func TestAnEnterTooManyReplacesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, "role global-admin\nsaved acme")
		defer s.end()
		s.follow("press a s\npaste acme\npress enter\npaste @email\npress enter\npaste @new\npress enter", func(string) {})
		for range 3 {
			s.take(keyNamed(t, "enter"))
		}
		s.settle()
		s.has("Replace the token of acme-jira with this one")
	})
}

// TestTokenInTheWrongLine types and pastes a token where it does not belong: it is
// never to be seen.
func TestTokenInTheWrongLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, "role global-admin")
		defer s.end()
		s.press("s")
		s.frames = func(frame string) { s.inspect(frame) }
		s.send(tea.PasteMsg{Content: s.world.seedToken})
		if !strings.Contains(s.frame(), "192 characters") {
			t.Errorf("a token pasted into the site's line did not reach its own:\n%s", s.frame())
		}
		for _, r := range s.world.seedToken[:60] {
			s.take(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
		s.settle()
		if strings.Contains(s.frame(), s.world.seedToken[6:20]) {
			t.Errorf("a token typed into the site's line is to be seen:\n%s", s.frame())
		}
	})
}
