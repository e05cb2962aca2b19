package cli

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/ui"
)

// TestLinesClearTheClipboard: a token that line mode copied is taken off after a minute, and nothing
// else is.
func TestLinesClearTheClipboard(t *testing.T) {
	token, _ := atlassian.ReadToken("ATATT3xFfGF0-canary-in-a-setup-0123456789")
	for name, c := range map[string]struct {
		meanwhile string
		again     bool // it was copied once more, half a minute later
		want      string
	}{
		"the token":     {token.Reveal(), false, ""},
		"another text":  {"a note", false, "a note"},
		"copied again":  {token.Reveal(), true, token.Reveal()},
		"nothing there": {"", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				there := c.meanwhile
				m := &lineMode{r: &run{deps: &ui.Deps{
					Copy:      func(_ context.Context, text string) error { there = text; return nil },
					Clipboard: func(context.Context) (string, error) { return there, nil },
				}}}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go m.clearLater(ctx, token, m.copied.Add(1))
				time.Sleep(ui.ClearAfter / 2)
				if c.again {
					m.copied.Add(1)
				}
				time.Sleep(ui.ClearAfter)
				synctest.Wait()
				if there != c.want {
					t.Error("the clipboard has something else")
				}
			})
		})
	}
}
