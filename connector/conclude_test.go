package connector_test

import (
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// What combinations of answers mean, case by case, from support.atlassian.com's articles and from
// recorded answers.
func TestConclude(t *testing.T) {
	type seen = map[atlassian.Call]string
	const tenant, identity, permissions = atlassian.CallTenant, atlassian.CallIdentity, atlassian.CallPermissions
	const gateway, jira = atlassian.CallGateway, atlassian.CallJiraIdentity
	cases := []struct {
		name    string
		product connector.Product
		seen    seen
		code    connector.Code
	}{
		{"all is well", connector.Jira, seen{tenant: "there", identity: "mia", permissions: "admin"}, "ok"},
		{"all is well", connector.Confluence, seen{tenant: "there", identity: "mia"}, "ok"},
		{"the tenant call hangs, and the identity proves the site", connector.Jira, seen{tenant: "timeout", identity: "mia", permissions: "admin"}, "ok"},
		{"a 401 of a proxy's own", connector.Jira, seen{tenant: "timeout", identity: "proxy-401"}, "not-atlassian"},
		{"a scoped token", connector.Jira, seen{tenant: "there", identity: "refused", gateway: "mia"}, "token-scoped"},
		{"a scoped token with other scopes", connector.Confluence, seen{tenant: "there", identity: "refused", gateway: "scope"}, "scope-missing"},
		{"refused everywhere", connector.Jira, seen{tenant: "there", identity: "refused", gateway: "refused"}, "token-refused"},
		{"the gateway is silent", connector.Jira, seen{tenant: "there", identity: "refused", gateway: "timeout"}, "token-refused"},
		{"no Confluence, said as 401", connector.Confluence, seen{tenant: "there", identity: "refused", gateway: "not-here"}, "product-missing"},
		{"403 and Jira knows the person", connector.Confluence, seen{tenant: "there", identity: "forbidden", jira: "mia"}, "no-product-access"},
		{"403 and Jira refuses", connector.Confluence, seen{tenant: "there", identity: "forbidden", jira: "refused"}, "token-refused"},
		{"403 and no Jira", connector.Confluence, seen{tenant: "there", identity: "forbidden", jira: "missing"}, "token-refused"},
		{"403 and Jira hangs", connector.Confluence, seen{tenant: "there", identity: "forbidden", jira: "timeout"}, "timed-out"},
		{"200 with a failed login", connector.Jira, seen{tenant: "there", identity: "failed-login"}, "token-refused"},
		{"the permissions are answered as if no one were signed in", connector.Jira, seen{tenant: "there", identity: "mia", permissions: "anonymous"}, "token-refused"},
		{"no such site", connector.Jira, seen{tenant: "missing", identity: "missing"}, "no-such-site"},
		{"no such site, and the rest hangs", connector.Jira, seen{tenant: "missing", identity: "timeout"}, "no-such-site"},
		{"no Jira", connector.Jira, seen{tenant: "there", identity: "missing"}, "product-missing"},
		{"renamed", connector.Jira, seen{tenant: "moved", identity: "moved"}, "site-renamed"},
		{"no admin", connector.Jira, seen{tenant: "there", identity: "mia", permissions: "no-admin"}, "not-admin"},
		{"the right is not said", connector.Jira, seen{tenant: "there", identity: "mia", permissions: "empty"}, "admin-unknown"},
		{"the right is not answered", connector.Jira, seen{tenant: "there", identity: "mia", permissions: "timeout"}, "timed-out"},
		{"given up", connector.Jira, seen{tenant: "canceled", identity: "canceled"}, "unrecognised"},
	}
	for _, c := range cases {
		t.Run(string(c.product)+": "+c.name, func(t *testing.T) {
			q := connector.CheckRequest{Product: c.product, Site: acme(t), Email: "mia@example.com", Now: noon}
			var seen []atlassian.Observation
			for call, name := range c.seen {
				o, known := table[call][name]
				if !known {
					t.Fatalf("%s has no answer %q", call, name)
				}
				seen = append(seen, *o)
			}
			if r := connector.Conclude(q, seen); r.Code != c.code {
				t.Errorf("%s, want %s: %s", r.Code, c.code, r.Why)
			}
		})
	}
}

// TestExpiresSoon: the date that was set counts, else the latest possible one, which is never
// given as a number of days.
func TestExpiresSoon(t *testing.T) {
	today := connector.DateOf(noon)
	ask := func(expires, by string) connector.Report {
		q := connector.CheckRequest{Product: connector.Confluence, Site: acme(t), Email: "mia@example.com", Now: noon}
		if expires != "" {
			q.Expires, _ = connector.ParseExpiry(expires, today, connector.Date{})
		}
		if by != "" {
			q.ExpiresBy, _ = connector.ParseExpiry(by, today, connector.Date{})
		}
		return connector.Conclude(q, []atlassian.Observation{*table[atlassian.CallTenant]["there"], *table[atlassian.CallIdentity]["mia"]})
	}
	for _, c := range []struct{ expires, by, title string }{
		{"", "", ""}, {"31d", "", ""}, {"", "90d", ""}, {"90d", "10d", ""},
		{"30d", "", "expires in 30 days"}, {"1d", "90d", "expires in 1 day"}, {"0d", "", "expires today"}, {"2026-11-01", "", "although 1 Nov 2026"},
		{"", "10d", "expires by 3 Dec 2026"},
	} {
		r := ask(c.expires, c.by)
		if (r.Code == connector.CodeExpiresSoon) != (c.title != "") || !strings.Contains(r.Title, c.title) {
			t.Errorf("recorded %q, at the latest %q: %s, %q", c.expires, c.by, r.Code, r.Title)
		}
	}
}

func TestParseExpiry(t *testing.T) {
	today := connector.DateOf(noon)
	for text, want := range map[string]string{"2027-01-31": "2027-01-31", "90d": "2027-02-21", "1y": "2027-11-23", " 1Y ": "2027-11-23", "2020-01-01": "2020-01-01", "0d": "2026-11-23",
		"31.03.2027": "2027-03-31", "31. 3. 2027": "2027-03-31", "1.2.2027": "2027-02-01", "March 31, 2027": "2027-03-31", "march 31 2027": "2027-03-31", "Mar 31, 2027": "2027-03-31", "31 Mar 2027": "2027-03-31",
		"31. March 2027": "2027-03-31", "31-Mar-2027": "2027-03-31", "31 march  2027": "2027-03-31", "2027-03-31 00:00:00": "2027-03-31", "2027/03/31": "2027-03-31", "31/03/2027": "2027-03-31", "3/31/2027": "2027-03-31", "5/5/2027": "2027-05-05"} {
		if got, err := connector.ParseExpiry(text, today, connector.Date{}); err != nil || got.String() != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "90", "1m", "soon", "2027-13-01", "-3d", "99999999999d", "90dd", "1yd", "3/4/2027", "31/31/2027", "0001-01-01", "31.03.27", "2027-02-30", "30.02.2027"} {
		if got, err := connector.ParseExpiry(text, today, connector.Date{}); err == nil {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
	// A date in a file follows the same rules, except that it can't be a span. No error repeats a
	// token.
	for text, want := range map[string]string{
		"31.03.2027": "", "90d": `invalid date "90d": use 2027-11-23 or none`, "3/4/2027": `"3/4/2027" is 3 Apr 2027 or 4 Mar 2027: use 2027-04-03 or 2027-03-04`,
		"": "no date: use 2027-11-23 or none", "ATAT" + "T3xFfGF0": "that looks like a token: use 2027-11-23 or none",
	} {
		if _, err := connector.ParseDay(text); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}
