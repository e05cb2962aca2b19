package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/ui"
)

// TestClearingTheClipboard: a copied token is taken off after a minute, wherever the person is by
// then, and nothing else is.
func TestClearingTheClipboard(t *testing.T) {
	for name, c := range map[string]struct {
		script string // after the token was copied
		fails  string // how nothing can be put there any more: "said", or "silent"
		want   string // on the clipboard; "token" is the token
		says   string
	}{
		"on the page":       {"wait 61s", "", "", "The clipboard was cleared."},
		"not yet":           {"wait 50s", "", "token", "in one minute"},
		"elsewhere":         {"press esc esc\nwait 61s", "", "", "acme-jira"},
		"copied meanwhile":  {"copied a note\nwait 61s", "", "a note", "no longer has the token"},
		"the URL meanwhile": {"press u\nwait 61s", "", "https://acme.atlassian.net", "Copied URL"},
		"copied again":      {"wait 40s\npress t t\nwait 40s", "", "token", "in one minute"},
		"and then cleared":  {"wait 40s\npress t t\nwait 61s", "", "", "The clipboard was cleared."},
		"it can't be":       {"wait 61s", "said", "token", "it can't be cleared from here"},
		"it is there again": {"wait 61s", "silent", "token", "it can't be cleared from here"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				set := settingsOf(t, "role global-admin\nsaved acme\nclipboard")
				w := openTestWorld(t, set)
				put := w.world.Copy
				w.world.Copy = func(ctx context.Context, text string) error {
					switch {
					case c.fails == "said" && text == "":
						return errors.New("no display")
					case c.fails == "silent" && text == "":
						return nil // as a clipboard manager does that puts the last entry back
					}
					return put(ctx, text)
				}
				s := stageIn(t, set, w)
				defer s.end()
				s.frames = func(frame string) { s.inspect(frame) }
				s.follow("press enter h t t\n"+c.script, func(string) {})
				if got := strings.Replace(w.clip.get(), w.seedToken, "token", 1); got != c.want {
					t.Error("the clipboard has something else")
				}
				s.has(c.says)
			})
		})
	}
}

// TestSaaSAssureAddress: only what a browser can open safely is taken.
func TestSaaSAssureAddress(t *testing.T) {
	for configured, want := range map[string]string{
		"https://app.example.com":         "https://app.example.com",
		" https://app.example.com/a?b=c ": "https://app.example.com/a?b=c",
		"http://app.example.com":          "",
		"app.example.com":                 "",
		"https://":                        "",
		"https://mia:pw@app.example.com":  "",
		"https:app.example.com":           "",
		"https://a.example.com\nx":        "",
		"":                                "",
	} {
		if got := ui.SaaSAssureAddress(configured); got != want {
			t.Errorf("%q: %q", configured, got)
		}
	}
}
