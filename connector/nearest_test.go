package connector_test

import (
	"strings"
	"testing"

	"saasconnect/connector"
)

func TestNearest(t *testing.T) {
	among := strings.Fields("acme-jira acme-confluence beta-jira add list check Jürgen-wiki")
	for typed, want := range map[string]string{
		"acme-jra": "acme-jira", "ACME-JIRA2": "acme-jira", "acme-con": "acme-confluence", "beta": "beta-jira", "chekc": "check",
		"jurgen-wiki": "Jürgen-wiki", "lsit": "list", "ad": "add",
		"zzzzzz": "", "": "", "x": "", "qq": "", "remove": "", strings.Repeat("acme-jira", 50): "",
	} {
		if got := connector.Nearest(typed, among...); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}
