package connector_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Each connector is counted under one verdict. One that worked needs attention once its token
// expires soon.
func TestState(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	today := connector.DateOf(now)
	in := func(days int) connector.Date { return connector.DateOf(now.AddDate(0, 0, days)) }
	for _, c := range []struct {
		last    connector.Verdict // "" for never
		expires connector.Date
		want    connector.Verdict
	}{
		{"", connector.Date{}, connector.Unknown},
		{"", in(3), connector.Unknown},
		{connector.Unknown, in(3), connector.Unknown},
		{connector.Failing, in(-3), connector.Failing},
		{connector.Attention, connector.Date{}, connector.Attention},
		{connector.Working, connector.Date{}, connector.Working},
		{connector.Working, in(31), connector.Working},
		{connector.Working, in(30), connector.Attention},
		{connector.Working, in(-1), connector.Attention},
	} {
		e := connector.Entry{Connector: connector.Connector{Expires: c.expires}}
		if c.last != "" {
			e.Last = &connector.Outcome{Verdict: c.last}
		}
		if got := e.State(today); got != c.want {
			t.Errorf("last %q, expires %v: %s, not %s", c.last, c.expires, got, c.want)
		}
	}
	e := connector.Entry{Connector: connector.Connector{TokenSince: now.AddDate(0, 0, -360)}, Last: &connector.Outcome{Verdict: connector.Working}}
	if got := e.State(today); got != connector.Attention {
		t.Errorf("the latest possible day is near: %s", got)
	}
}

func TestMatches(t *testing.T) {
	today := connector.DateOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	e := connector.Entry{Connector: connector.Connector{Name: "Main", Product: connector.Jira, Site: site, Account: "Beta [DE]", Email: "mia@example.com"}}
	for text, want := range map[string]bool{
		"": true, "main": true, "JIRA acme": true, "beta mia@": true, "checked": true, "unknown": true, "confluence": false, "main wiki": false, "mainjira": false,
	} {
		if got := connector.Matches(e.SearchText(today), text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	e.Last, e.Expires = &connector.Outcome{Verdict: connector.Working, Code: connector.CodeOK}, today
	if !connector.Matches(e.SearchText(today), "working") || !connector.Matches(e.SearchText(today), "attention") || connector.Matches(e.SearchText(today), "checked") {
		t.Error("its status")
	}
	if !connector.Matches(e.SearchText(today), "not entered") || connector.Matches(e.SearchText(today), "expired") {
		t.Error("not entered, and not expired")
	}
	e.Entered, e.Expires = connector.Stamp{By: "mia", At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}, connector.DateOf(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if connector.Matches(e.SearchText(today), "not entered") || !connector.Matches(e.SearchText(today), "entered since") || !connector.Matches(e.SearchText(today), "expired") {
		t.Error("entered, and expired")
	}
}

func TestCompareNames(t *testing.T) {
	names := strings.Fields("beta Beta acme ZETA alpha BETA")
	slices.SortFunc(names, connector.CompareNames)
	if got := strings.Join(names, " "); got != "acme alpha BETA Beta beta ZETA" {
		t.Error(got)
	}
	today := connector.DateOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	fails := connector.Entry{Connector: connector.Connector{Name: "z"}, Last: &connector.Outcome{Verdict: connector.Failing}}
	if connector.CompareUrgency(fails, connector.Entry{Connector: connector.Connector{Name: "a"}}, today) >= 0 {
		t.Error("what fails comes first")
	}
}

func TestAndMore(t *testing.T) {
	for want, names := range map[string]string{"": "", "a": "a", "a, b and c": "a b c", "a, b, c and 1 more": "a b c d", "a, b, c and 3 more": "a b c d e f"} {
		if got := connector.AndMore(strings.Fields(names), 3); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
