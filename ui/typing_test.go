package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// What comes in faster or in another shape than a person types: a password manager, a
// terminal that marks no pastes, a paste of several lines.

// typed are the keys of a text, \n being Enter and \t the Tab key.
func typed(t *testing.T, text string) (keys []tea.Msg) {
	t.Helper()
	for _, r := range text {
		switch r {
		case '\n':
			keys = append(keys, keyNamed(t, "enter"))
		case '\t':
			keys = append(keys, keyNamed(t, "tab"))
		default:
			keys = append(keys, tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return keys
}

// atOnce sends keys between which no time passes and no command runs.
func (s *actor) atOnce(keys []tea.Msg) {
	for _, k := range keys {
		s.take(k)
	}
	s.settle()
}

// checks are how often Atlassian was asked who this is.
func (s *actor) checks() (n int) {
	for _, r := range s.world.cloud.Requests() {
		if strings.HasSuffix(r.Path, "/myself") {
			n++
		}
	}
	return n
}

// TestTypedInOneBurst: every value lands in its line, and one Enter too many or a storage that
// is still being tried changes nothing: it is checked once.
func TestTypedInOneBurst(t *testing.T) {
	for name, keys := range map[string]string{
		"enter after each":   "acme\nmia@example.com\n@token\n\n",
		"tab between":        "acme\tmia@example.com\t@token\t\n",
		"two enters":         "acme\nmia@example.com\n@token\n\n\n",
		"tab to the button":  "acme\tmia@example.com\t@token\t\t\n",
		"blanks around them": " acme.atlassian.net \n mia@example.com \n@token\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := newStage(t, asAdmin)
				defer s.end()
				s.frames = func(frame string) { s.inspect(frame) }
				s.atOnce(append([]tea.Msg{keyNamed(t, "s")}, typed(t, strings.ReplaceAll(keys, "@token", s.world.seedToken))...))
				s.wait("2s")
				if !strings.Contains(s.frame(), "verified and saved") || s.checks() != 1 {
					t.Errorf("%d checks, and then:\n%s", s.checks(), s.frame())
				}
			})
		})
	}
}

// TestPastesEndInANewline: what follows the value is neither an Enter nor a blank in it.
func TestPastesEndInANewline(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r", " \n", "\n\n"} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			s := newStage(t, asAdmin)
			defer s.end()
			s.press("s")
			for field, value := range []string{"acme", "mia@example.com", s.world.seedToken} {
				s.sendPaste(value + end)
				if s.app.Place() != "form" {
					t.Fatalf("a paste with %q at its end submitted the form", end)
				}
				if field == 2 {
					break
				}
				s.press("x")
				if !strings.Contains(s.frame(), value+"x") {
					t.Errorf("a blank is glued to %q:\n%s", value, s.frame())
				}
				s.press("backspace")
				s.press("enter")
			}
			if !strings.Contains(s.frame(), "192 characters, complete") {
				t.Errorf("%q harms the token:\n%s", end, s.frame())
			}
			s.press("enter")
			s.press("enter")
			s.wait("2s")
			if !strings.Contains(s.frame(), "verified and saved") || s.checks() != 1 {
				t.Errorf("%d checks, and then:\n%s", s.checks(), s.frame())
			}
		})
	}
}

// TestLinesArePastedIntoTheirFields, in any order, without submitting.
func TestLinesArePastedIntoTheirFields(t *testing.T) {
	for _, order := range []string{"@site\nmia@example.com\n@token\n", "@token\r\n@site\r\nmia@example.com", "\nmia@example.com\n\n  @token\n"} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			s := newStage(t, asAdmin)
			defer s.end()
			s.frames = func(frame string) { s.inspect(frame) }
			s.press("s")
			s.sendPaste(strings.NewReplacer("@token", s.world.seedToken, "@site", "https://acme.atlassian.net/jira").Replace(order))
			wanted := []string{"mia@example.com", "192 characters, complete", "went into its own"}
			if strings.Contains(order, "@site") {
				wanted = append(wanted, "https://acme.atlassian.net exists")
			}
			for _, want := range wanted {
				if !strings.Contains(s.frame(), want) {
					t.Errorf("%q lacks %q:\n%s", order, want, s.frame())
				}
			}
			if s.checks() != 0 {
				t.Error("a paste submitted the form")
			}
		})
	}
}

// TestLineFeedsAreEnter, where a terminal pastes them as they are.
func TestLineFeedsAreEnter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, asAdmin)
		defer s.end()
		keys := typed(t, "acme\nmia@example.com\n"+s.world.seedToken+"\n\n")
		for i, k := range keys {
			if press, ok := k.(tea.KeyPressMsg); ok && press.Code == tea.KeyEnter {
				keys[i] = tea.KeyPressMsg{Code: 'j', Mod: tea.ModCtrl}
			}
		}
		s.press("s")
		s.atOnce(keys)
		s.wait("2s")
		if !strings.Contains(s.frame(), "verified and saved") {
			t.Errorf("line feeds went astray:\n%s", s.frame())
		}
	})
}

// TestAnOpenFieldMasksATokenAtOnce: of one that is typed into the wrong line, what tells a
// token from a name is all that is ever seen.
func TestAnOpenFieldMasksATokenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, asAdmin)
		defer s.end()
		for _, line := range []string{"", "tab"} {
			s.press("esc")
			s.press("s")
			if line != "" {
				s.press(line)
			}
			s.frames = func(frame string) {
				if strings.Contains(frame, s.world.seedToken[:9]) {
					t.Fatalf("the token is to be seen:\n%s", s.frame())
				}
			}
			s.atOnce(typed(t, s.world.seedToken))
			s.frames = nil
			s.press("ctrl+u")
		}
	})
}

// TestKeysDuringACheckPressNothing: what was typed while it ran, or is in flight when the
// result appears, chooses nothing there.
func TestKeysDuringACheckPressNothing(t *testing.T) {
	for _, situation := range []string{"ok", "not-admin"} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			way := "situation " + situation + "\nlatency 200ms\n" + asAdmin + filledIn
			s := newStage(t, way)
			defer s.end()
			s.follow(way+"wait 1s\n", func(string) {})
			s.take(keyNamed(t, "enter"))
			for range 60 {
				s.take(keyNamed(t, "enter"))
				s.take(keyNamed(t, "down"))
				time.Sleep(20 * time.Millisecond)
				if place := s.app.Place(); place == "success" || place == "diagnosis" {
					s.take(keyNamed(t, "enter"))
					break
				}
				s.settle()
			}
			s.settle()
			if place := s.app.Place(); place != "success" && place != "diagnosis" {
				t.Errorf("%s: a key that was in flight led on to %s:\n%s", situation, place, s.frame())
			}
			if s.checks() != 1 {
				t.Errorf("%s: %d checks", situation, s.checks())
			}
		})
	}
}

// TestPassphraseInOneBurst is chosen and repeated before any command has run.
func TestPassphraseInOneBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		way := asAdmin + "safes new-file\npress s enter\n"
		s := newStage(t, way)
		defer s.end()
		s.follow(way, func(string) {})
		s.atOnce(typed(t, "correct horse battery\ncorrect horse battery\n"))
		s.wait("1s")
		if !strings.Contains(s.frame(), "the encrypted file ✓") {
			t.Errorf("the passphrase was not taken:\n%s", s.frame())
		}
	})
}
