package ui_test

import (
	"testing"

	"saasconnect/ui/widget"
)

// What is copied from a terminal is never broken in two.
func TestWrapWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"saasconnect add --token-stdin":    "saasconnect\nadd\n--token-stdin",
		"see https://acme.atlassian.net x": "see\nhttps://acme.atlassian.net\nx",
		"a-b-c-d-e-f-g-h":                  "a-b-c-d-e-f-g-h",
		"twelve\u00a0chars":                "twelve\u00a0chars", "日本語 日本語": "日本語\n日本語",
	} {
		if got := widget.WrapWords(text, 12); got != want {
			t.Errorf("%q is wrapped as %q, want %q", text, got, want)
		}
	}
}

// What is read as one stays on one line, where it fits into one.
func TestWrapKeepsTogether(t *testing.T) {
	for text, want := range map[string]string{
		"it answered in 19 ms":            "it answered in\n19 ms",
		"the token ends 23 Nov 2027 now":  "the token ends\n23 Nov 2027 now",
		"the token: 30 days.":             "the token:\n30 days.",
		"check it (--warn 30d) again":     "check it\n(--warn 30d)\nagain",
		"then: saasconnect list":          "then:\nsaasconnect list",
		"run saasconnect completion it":   "run saasconnect\ncompletion it", // too long for a line
		"\x1b[1mall of this: 19 ms\x1b[m": "\x1b[1mall of this:\n19 ms\x1b[m",
	} {
		if got := widget.WrapWords(text, 16); got != want {
			t.Errorf("%q is wrapped as %q, want %q", text, got, want)
		}
	}
}

// A command between backquotes is copied in one piece: it stays on one line where there is
// one that is long enough, and a longer one is broken no earlier than that.
func TestWrapKeepsCommandsWhole(t *testing.T) {
	command := "`(read -rs P; printf %s \"$P\") | gnome-keyring-daemon --replace --unlock`"
	text := "Run this in bash: " + command + ", and look again"
	for width, want := range map[int]string{
		78: "Run this in bash:\n" + command + ", and\nlook again",
		46: "Run this in bash:\n`(read -rs P; printf %s \"$P\") |\ngnome-keyring-daemon --replace --unlock`, and\nlook again",
	} {
		if got := widget.WrapWords(text, width); got != want {
			t.Errorf("at %d:\n%s", width, got)
		}
	}
}
