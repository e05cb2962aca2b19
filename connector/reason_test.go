package connector_test

import (
	"testing"

	"saasconnect/connector"
)

// TestEveryCodeHasAShortReason, which fits into its column and tells it from all others.
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
