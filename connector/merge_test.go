package connector_test

import (
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Every pair of changes: of different facts both stay, of the same fact to two ends it is
// said, of the same fact to the same end nothing is wrong.
func TestMergeEveryPair(t *testing.T) {
	acme, _, _ := atlassian.ParseSite("acme")
	beta, _, _ := atlassian.ParseSite("beta")
	gamma, _, _ := atlassian.ParseSite("gamma")
	before := connector.Connector{ID: "1", Name: "a", Product: connector.Jira, Site: acme, Email: "a@example.com", Account: "A", KeptIn: connector.StorageKeyring}
	facts := map[string]func(c *connector.Connector, second bool){
		"name": func(c *connector.Connector, second bool) { c.Name = map[bool]string{false: "b", true: "c"}[second] },
		"site": func(c *connector.Connector, second bool) {
			c.Site = map[bool]atlassian.Site{false: beta, true: gamma}[second]
		},
		"email": func(c *connector.Connector, second bool) {
			c.Email = map[bool]string{false: "b@example.com", true: "c@example.com"}[second]
		},
		"account": func(c *connector.Connector, second bool) { c.Account = map[bool]string{false: "B", true: "C"}[second] },
		"kept in": func(c *connector.Connector, second bool) {
			c.KeptIn = map[bool]connector.StorageKind{false: connector.StorageFile, true: connector.StorageMemory}[second]
		},
		"expires": func(c *connector.Connector, second bool) {
			c.Expires = connector.DateOf(day(map[bool]string{false: "2027-01-01", true: "2027-02-02"}[second]))
		},
		"reference": func(c *connector.Connector, second bool) {
			c.Reference = &connector.Reference{Env: map[bool]string{false: "B", true: "C"}[second]}
		},
	}
	for one, change := range facts {
		for other, second := range facts {
			now, after := before, before
			change(&now, false)
			second(&after, true)
			merged, ok := connector.Merge(now, before, after)
			if ok == (one == other) {
				t.Errorf("%s, then %s: merged %v", one, other, ok)
			}
			if one == other {
				continue
			}
			want := now
			second(&want, true)
			if merged.Name != want.Name || merged.Site != want.Site || merged.Email != want.Email || merged.Account != want.Account ||
				merged.KeptIn != want.KeptIn || merged.Expires != want.Expires || (merged.Reference == nil) != (want.Reference == nil) {
				t.Errorf("%s, then %s: %+v", one, other, merged)
			}
		}
		same := before
		change(&same, false)
		if merged, ok := connector.Merge(same, before, same); !ok || merged.Name != same.Name {
			t.Errorf("%s twice to the same end: %v", one, ok)
		}
		if merged, ok := connector.Merge(same, before, before); !ok || merged.Name != same.Name || merged.Account != same.Account {
			t.Errorf("no change at all took %s back", one)
		}
	}
}
