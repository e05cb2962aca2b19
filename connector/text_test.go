package connector_test

import (
	"testing"
	"time"

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

func TestCapitalize(t *testing.T) {
	for from, to := range map[string]string{"": "", "a": "A", "the keyring": "The keyring", "A": "A", "9 days": "9 days", "éclair": "éclair"} {
		if got := connector.Capitalize(from); got != to {
			t.Errorf("Capitalize(%q) = %q, want %q", from, got, to)
		}
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 lines", 1: "1 line", 2: "2 lines", -1: "-1 lines"} {
		if got := connector.Plural(n, "line"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestAnd(t *testing.T) {
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := connector.And(names); got != want {
			t.Errorf("And(%q) = %q, want %q", names, got, want)
		}
	}
}

func TestSpans(t *testing.T) {
	const day = 24 * time.Hour
	for d, want := range map[time.Duration][3]string{
		-time.Hour:             {"just now", "now", ""},
		59 * time.Second:       {"just now", "now", ""},
		time.Minute:            {"1 minute ago", "1 min", "1 minute"},
		59*time.Minute + 59e9:  {"59 minutes ago", "59 min", "59 minutes"},
		time.Hour:              {"1 hour ago", "1 h", "1 hour"},
		day - time.Second:      {"23 hours ago", "23 h", "23 hours"},
		day:                    {"1 day ago", "1 d", "1 day"},
		400*day + 23*time.Hour: {"400 days ago", "400 d", "400 days"},
	} {
		if got := [2]string{connector.Ago(d), connector.ShortAgo(d)}; got != [2]string(want[:2]) {
			t.Errorf("%v ago is %q, want %q", d, got, want[:2])
		}
		if got := connector.Span(d); want[2] != "" && got != want[2] {
			t.Errorf("Span(%v) = %q, want %q", d, got, want[2])
		}
	}
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "", 0: "", time.Microsecond: "1 ms", 84 * time.Millisecond: "84 ms", time.Second: "1.0 s", 1240 * time.Millisecond: "1.2 s",
	} {
		if got := connector.Took(d); got != want {
			t.Errorf("Took(%v) = %q, want %q", d, got, want)
		}
	}
}
