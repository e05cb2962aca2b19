package connector_test

import (
	"testing"

	"saasconnect/connector"
)

func TestInside(t *testing.T) {
	for from, to := range map[string]string{
		"The proxy wants you to sign in": "the proxy wants you to sign in", "Atlassian refused this": "Atlassian refused this",
		"Atlassian's answer was odd": "Atlassian's answer was odd", "Confluence refused": "Confluence refused",
		"HTTPS_PROXY names it": "HTTPS_PROXY names it", "A": "a", "": "", "acme.atlassian.net did not answer": "acme.atlassian.net did not answer",
		"Éclair": "Éclair",
	} {
		if got := connector.Inside(from); got != to {
			t.Errorf("%q goes on as %q, want %q", from, got, to)
		}
	}
}
