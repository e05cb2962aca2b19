package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestCopying: it is said where a value is now, and a tick stands only where that is known.
func TestCopying(t *testing.T) {
	var put []string
	for name, c := range map[string]struct {
		copy func(context.Context, string) error
		want string
	}{
		"this computer's clipboard": {func(_ context.Context, text string) error { put = append(put, text); return nil },
			"✓ Copied URL (system clipboard)."},
		"a terminal's": {nil, "→ Sent URL to your terminal's clipboard (OSC 52)."},
		"one that fails": {func(context.Context, string) error { return errors.New("no display") },
			"→ Sent URL to your terminal's clipboard (OSC 52)."},
		"one that hangs": {func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() },
			"→ Sent URL to your terminal's clipboard (OSC 52)."},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				put = nil
				set := settingsOf(t, "role global-admin\nsaved acme")
				w := openTestWorld(t, set)
				w.world.Copy = c.copy
				s := stageIn(t, set, w)
				defer s.end()
				s.frames = func(frame string) { s.inspect(frame) }
				for _, k := range []string{"enter", "h", "u"} {
					s.press(k)
				}
				s.wait("4s")
				s.has(c.want)
				s.press("t")
				s.press("t")
				s.wait("4s")
				s.has(strings.Replace(c.want, "URL", "token", 1))
				texts := strings.Join(append(put, s.clip...), " ")
				if !strings.Contains(texts, "https://acme.atlassian.net") || !strings.Contains(texts, w.seedToken) {
					t.Error("the values are on no clipboard")
				}
			})
		})
	}
}

// TestShowingTheToken: at the person's word, for ten seconds, and gone with the screen.
func TestShowingTheToken(t *testing.T) {
	for name, hide := range map[string]func(*actor){
		"by itself":  func(s *actor) { s.wait("10s") },
		"by the key": func(s *actor) { s.press("v") },
		"by leaving": func(s *actor) { s.press("esc") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := newStage(t, "role global-admin\nsaved acme")
				defer s.end()
				for _, k := range []string{"enter", "h", "v"} {
					s.press(k)
				}
				if whole := strings.NewReplacer("\n", "", " ", "").Replace(s.frame()); !strings.Contains(whole, s.world.seedToken) {
					t.Fatalf("the token is not shown:\n%s", s.frame())
				}
				s.wait("8s")
				if !strings.Contains(s.frame(), s.world.seedToken[:24]) {
					t.Fatalf("it is hidden after 8 s:\n%s", s.frame())
				}
				hide(s)
				s.inspect(s.frame())
				s.press("f1") // whatever is drawn next
				s.inspect(s.frame())
			})
		})
	}
}
