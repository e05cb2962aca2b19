package ui_test

import (
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// TestPracticeOffersWhatFits: what is typed for a person is of the account that the task is about,
// and nothing is offered where nothing fits.
func TestPracticeOffersWhatFits(t *testing.T) {
	values := func(email string) ui.PracticeValues {
		return ui.PracticeValues{Site: "acme", Email: email, Token: atlassian.NewToken("of " + email)}
	}
	p := ui.Practice{Seed: values("mia@example.com"), Newer: func(email string) (atlassian.Token, atlassian.Receipt) {
		return atlassian.NewToken("newer of " + email), atlassian.Receipt{}
	}}
	cured := p
	cured.Fixed = values("olga@example.com")
	saved := connector.Entry{Connector: connector.Connector{ID: "1", Product: connector.Jira, Email: "tomas@example.com"}}
	add, replace, edit := setup.New(connector.Jira), setup.For(setup.Replace, saved), setup.For(setup.Edit, saved)
	for name, c := range map[string]struct {
		p     ui.Practice
		d     setup.Draft
		tries int
		other bool
		email string // whose token is typed; "" for none
		hint  bool
	}{
		"a new one":                            {cured, add, 0, false, "mia@example.com", true},
		"after a failure":                      {cured, add, 1, false, "olga@example.com", true},
		"another token":                        {cured, replace, 0, false, "newer of tomas@example.com", true},
		"another account's":                    {cured, replace, 0, true, "olga@example.com", true},
		"another account's, and there is none": {p, replace, 0, true, "", false},
		"other facts":                          {cured, edit, 0, false, "mia@example.com", false},
	} {
		want := atlassian.Token{}
		if c.email != "" {
			want = atlassian.NewToken(map[bool]string{false: "of "}[strings.HasPrefix(c.email, "newer")] + c.email)
		}
		if got := c.p.ToType(c.d, c.tries, c.other); !got.Token.Equal(want) {
			t.Errorf("%s: another token is typed", name)
		}
		if hint := c.p.Hint(c.d, c.tries, c.other, "KEY"); (hint != "") != c.hint || c.hint && !strings.Contains(hint, "KEY") {
			t.Errorf("%s: %q", name, hint)
		}
	}
}
