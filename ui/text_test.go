package ui_test

import (
	"testing"

	"saasconnect/ui"
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
		if got := ui.WrapWords(text, 12); got != want {
			t.Errorf("%q is wrapped as %q, want %q", text, got, want)
		}
	}
}
