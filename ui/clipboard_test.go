package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/ui"
)

// TestCtrlV is the key on a terminal that does not take it for itself: what was copied
// arrives as a paste does, in the token's line even where it was pressed in another.
func TestCtrlV(t *testing.T) {
	ctrlV := tea.KeyPressMsg{Code: 'v', Mod: tea.ModCtrl}
	for name, c := range map[string]struct {
		clipboard func(w testWorld) func(context.Context) (string, error)
		want      string
	}{
		"a token": {func(w testWorld) func(context.Context) (string, error) {
			return func(context.Context) (string, error) { return w.seedToken + "\r\n", nil }
		}, "192 characters"},
		"a site": {func(testWorld) func(context.Context) (string, error) {
			return func(context.Context) (string, error) { return "https://acme.atlassian.net/jira", nil }
		}, "https://acme.atlassian.net/jira"},
		"nothing": {func(testWorld) func(context.Context) (string, error) {
			return func(context.Context) (string, error) { return "", nil }
		}, "Ctrl+Shift+V"},
		"no answer": {func(testWorld) func(context.Context) (string, error) {
			return func(ctx context.Context) (string, error) { <-ctx.Done(); return "", errors.New("the display") }
		}, "Ctrl+Shift+V"},
		"no clipboard": {func(testWorld) func(context.Context) (string, error) { return nil }, "Ctrl+Shift+V"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				set := settingsOf(t, "role global-admin")
				w := openTestWorld(t, set)
				w.world.Clipboard = c.clipboard(w)
				s := &actor{t: t, world: w, answers: make(chan tea.Msg, 1024)}
				s.app = ui.NewApp(w.world, ui.Start{}, screens())
				defer s.end()
				s.send(set.size)
				s.run(s.app.Init())
				s.settle()
				s.press("s")
				s.frames = func(frame string) { s.inspect(frame) }
				s.send(ctrlV)
				time.Sleep(3 * time.Second)
				s.settle()
				if !strings.Contains(s.frame(), c.want) {
					t.Errorf("the form lacks %q:\n%s", c.want, s.frame())
				}
				s.take(ctrlV)
				s.press("esc") // the answer comes to a screen that is gone
				s.settle()
			})
		})
	}
}
