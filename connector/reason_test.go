package connector_test

import (
	"testing"
	"time"

	"saasconnect/connector"
)

// TestEveryCodeHasAShortReason that fits into its column and differs from all others.
func TestEveryCodeHasAShortReason(t *testing.T) {
	of := map[string]connector.Code{}
	for _, code := range connector.Codes() {
		words := connector.ShortReason(code)
		switch before, twice := of[words]; {
		case words == string(code) && code != connector.CodeOK:
			t.Errorf("%s has no short reason", code)
		case len(words) > connector.LongestReason:
			t.Errorf("%s: %q is longer than its column", code, words)
		case twice:
			t.Errorf("%s and %s are both %q", before, code, words)
		}
		of[words] = code
	}
	if got := connector.ShortReason("of-another-version"); got != "of-another-version" {
		t.Errorf("a code that is not known is said as %q", got)
	}
}

func TestShortEntered(t *testing.T) {
	day := func(month time.Month, n int) time.Time { return time.Date(2026, month, n, 12, 0, 0, 0, time.UTC) }
	c := connector.Connector{TokenSince: day(time.May, 1)}
	entered := c
	entered.Entered = connector.Stamp{By: "mia", At: day(time.October, 3)}
	again := entered
	again.TokenSince = day(time.November, 1)
	for want, c := range map[string]connector.Connector{"not yet": c, "since 3 Oct": entered, "enter again": again} {
		if got := c.ShortEntered(connector.DateOf(day(time.November, 20))); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := entered.ShortEntered(connector.DateOf(day(time.November, 20).AddDate(1, 0, 0))); got != "since Oct 2026" {
		t.Errorf("a year later: %q", got)
	}
}
