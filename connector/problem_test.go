package connector_test

import (
	"encoding/json"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestNamesAreNoTokens: names of sites, connectors, accounts and variables are accepted even if
// they begin like a token or are as long as one, and a saved one can be read back.
func TestNamesAreNoTokens(t *testing.T) {
	for _, name := range []string{
		"internationalconsultants", "InternationalConsulting1", "abcdefghij0123456789abcd", "ATTACHMENTS-SOLUTIONS-GROUP", "ATTACHED-INC", "ATTALUS2026FOODSANDDRINKS",
		"ATOALL-LOGISTICS-OF-EUROPE", "attachments-of-the-world-2026", "PATATTES-FRITES", "patatt3-foods", "ATBBQ-SUPPLIES-NORTH-AMERICA", "ATCTRANSPORTS",
	} {
		if words := connector.SiteProblem(name); words != "" {
			t.Errorf("site %q: %s", name, words)
		}
		site, _, _ := atlassian.ParseSite(name + ".atlassian.net")
		var again atlassian.Site
		if data, err := json.Marshal(site); err != nil || site.IsZero() || json.Unmarshal(data, &again) != nil || again != site {
			t.Errorf("site %q is written as %s and read as %v", name, data, again)
		}
		for what, words := range map[string]string{
			"name": connector.NameProblem(strings.ToLower(name) + "-jira"), "account": connector.AccountProblem(strings.ReplaceAll(name, "-", " ")),
			"email": connector.EmailProblem("mia@" + name + ".com"), "local part": connector.EmailProblem(name + "@example.com"),
		} {
			if words != "" {
				t.Errorf("%s %q: %s", what, name, words)
			}
		}
		for _, from := range []connector.Source{connector.SourceEnv, connector.SourceFile, connector.SourceCommand} {
			if _, words := connector.ParseReference(from, strings.ReplaceAll(name, "-", "_")+"_TOKEN"); words != "" {
				t.Errorf("%s %q: %s", from, name, words)
			}
		}
	}
}

// TestRedactedIsNotTorn: a person's short name and an email are masked as whole words only; longer
// words that contain the same letters stay.
func TestRedactedIsNotTorn(t *testing.T) {
	site, _, _ := atlassian.ParseSite("acme")
	text := connector.RedactedReport(connector.Report{
		Product: connector.Jira, Site: site, Email: "a@b.co", Identity: &connector.Identity{Name: "an", Email: "jö@b.co"},
		Title: "An answer: an, an@b.co", Why: "can an administrator scan? (an) an. a@b.co; ma@b.com, a@b.com and a@b.co's; jö@b.co",
	})
	for _, want := range []string{
		"title:    An answer: the account, the account@b.co\n",
		"why:      can the account administrator scan? (the account) the account. a…@b.co; ma@b.com, a@b.com and a…@b.co's; j…@b.co\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nwant %s", text, want)
		}
	}
}
