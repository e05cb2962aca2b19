package setup_test

import (
	"strings"
	"testing"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Each task validates what it can change, in the order of the form, and nothing else.
func TestProblems(t *testing.T) {
	jira, wiki := entry("acme-jira", connector.Jira, connector.StorageFile), entry("acme-confluence", connector.Confluence, connector.StorageReference)
	jira.Expires = connector.DateOf(noon().AddDate(0, 1, 0))
	wiki.Reference = &connector.Reference{Env: "TOKEN"}
	k := setup.Known{Now: noon(), Entries: []connector.Entry{jira, wiki}}
	token := newer("mia@example.com")
	with := func(d setup.Draft, change func(*setup.Facts)) setup.Draft {
		f := d.Facts()
		change(&f)
		d.Set(f)
		return d
	}
	everythingWrong := func(f *setup.Facts) {
		*f = setup.Facts{Product: "teams", Site: "10.0.0.1", Email: "mia", Name: "a name", Account: strings.Repeat("x", 101), Expiry: "soon"}
	}
	for name, c := range map[string]struct {
		draft setup.Draft
		want  string
	}{
		"nothing was said":        {setup.New(""), "product site email token"},
		"everything is wrong":     {with(setup.New(""), everythingWrong), "product site email token name account expires"},
		"all is well":             {full(setup.Add, jira, token), ""},
		"a name that is taken":    {with(full(setup.Add, jira, token), func(f *setup.Facts) { f.Name = "ACME-Jira" }), "name"},
		"its own name":            {with(full(setup.Edit, jira, token), func(f *setup.Facts) { f.Name = "ACME-Jira" }), ""},
		"no name":                 {with(full(setup.Edit, jira, token), func(f *setup.Facts) { f.Name = "" }), "name"},
		"no token":                {setup.For(setup.Replace, jira), "token"},
		"an edit needs none":      {setup.For(setup.Edit, jira), ""},
		"nor does a move":         {with(setup.For(setup.Move, jira), everythingWrong), ""},
		"a token from elsewhere":  {full(setup.Replace, wiki, token), "token"},
		"no expiry date":          {with(full(setup.Add, jira, token), func(f *setup.Facts) { f.Expiry = "None" }), ""},
		"further than a year":     {with(full(setup.Add, jira, token), func(f *setup.Facts) { f.Expiry = "400d" }), "expires"},
		"the date that it has":    {with(full(setup.Edit, jira, token), func(f *setup.Facts) { f.Account = "Other" }), ""},
		"one before the token":    {with(full(setup.Edit, jira, token), func(f *setup.Facts) { f.Expiry = "2020-01-01" }), ""},
		"what can be read anyhow": {with(full(setup.Add, jira, token), func(f *setup.Facts) { f.Site, f.Email = " https://ACME.atlassian.net/x ", "mia@example.com " }), ""},
	} {
		var got []string
		for _, p := range setup.Problems(c.draft, k) {
			got = append(got, string(p.Field))
			if words := setup.ProblemWith(c.draft, k, p.Field); words == "" || words != p.Words {
				t.Errorf("%s: %s is %q and %q", name, p.Field, p.Words, words)
			}
			if !strings.HasSuffix(p.Words, ".") && !strings.Contains(p.Words, ": ") && !strings.HasSuffix(p.Words, "?") {
				t.Errorf("%s: %s is no sentence: %q", name, p.Field, p.Words)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if words := setup.ProblemWith(full(setup.Replace, wiki, token), k, setup.FieldToken); !strings.Contains(words, "the environment variable TOKEN") {
		t.Errorf("a token from elsewhere: %q", words)
	}
	if got := setup.Problems(full(setup.Add, jira, token), setup.Known{Now: noon()}); len(got) > 0 {
		t.Errorf("nothing saved: %v", got)
	}
}
