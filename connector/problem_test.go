package connector_test

import (
	"encoding/json"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestNamesAreNoTokens: what people call their sites, connectors, accounts and variables is
// taken, also where it begins as a token does or is as long as one, and a saved one is read
// back.
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
