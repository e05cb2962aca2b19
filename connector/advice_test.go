package connector_test

import (
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestAnOrganizationAdminIsHelpedFirst: the person who reads that the right is missing can often
// grant it themselves, on a page that is the same for all products. That page comes first, the
// older pages after it.
func TestAnOrganizationAdminIsHelpedFirst(t *testing.T) {
	pages := table
	jira := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
	wiki := jira
	wiki.Product = connector.Confluence
	for name, c := range map[string]struct {
		q     connector.CheckRequest
		seen  []*atlassian.Observation
		code  connector.Code
		where []string // of the message, in this order
	}{
		"not-admin, Jira": {jira, []*atlassian.Observation{pages[atlassian.CallIdentity]["mia"], pages[atlassian.CallPermissions]["no-admin"]},
			connector.CodeNotAdmin, []string{"Directory > Users", "Grant access", "App admin", "Jira Administration", "Global permissions"}},
		"not-admin, Confluence": {wiki, []*atlassian.Observation{pages[atlassian.CallIdentity]["no-admin"]},
			connector.CodeNotAdmin, []string{"Directory > Users", "Grant access", "App admin", "Confluence Administration", "Global permissions"}},
		"no-product-access": {wiki, []*atlassian.Observation{pages[atlassian.CallIdentity]["forbidden"], pages[atlassian.CallJiraIdentity]["mia"]},
			connector.CodeNoProductAccess, []string{"Directory > Users", "Grant access", "App admin"}},
	} {
		t.Run(name, func(t *testing.T) {
			seen := []atlassian.Observation{*pages[atlassian.CallTenant]["there"]}
			for _, o := range c.seen {
				seen = append(seen, *o)
			}
			r := connector.Conclude(c.q, seen)
			if r.Code != c.code {
				t.Fatalf("concluded %s", r.Code)
			}
			first := r.Remedies[0]
			if first.Action != connector.ActOpen || first.URL != "https://admin.atlassian.com" || !strings.Contains(first.Do, "organization admin") {
				t.Errorf("the first remedy is %+v", first)
			}
			inOrder(t, r.Why, "admin.atlassian.com > Directory > Users", "Grant access")
			inOrder(t, connector.Message(r), c.where...)
			if strings.Contains(connector.Message(r), "Add products") {
				t.Error("the button has another name now")
			}
		})
	}
}

// inOrder reports an error unless text has all parts, in this order.
func inOrder(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("%q is not where it belongs in: %s", part, text)
			return
		}
		rest = after
	}
}

// TestANameThatIsNotResolved: the network admin is asked for what the cause needs.
func TestANameThatIsNotResolved(t *testing.T) {
	q := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
	for kind, want := range map[atlassian.FaultKind]string{
		atlassian.FaultName: "fix the name lookup (DNS) of acme.atlassian.net and api.atlassian.com", atlassian.FaultRefusedConn: "allow TLS connections (port 443) to acme.atlassian.net",
	} {
		o := *table[atlassian.CallIdentity]["timeout"]
		o.Fault = &atlassian.Fault{Kind: kind}
		inOrder(t, connector.Message(connector.Conclude(q, []atlassian.Observation{o})), "The connection from my computer fails", want)
	}
}

// TestReport8ASiteThatWorkedIsNotMisspelt: a site that worked before isn't reported as a typo,
// since a deactivated site answers as if it didn't exist.
func TestReport8ASiteThatWorkedIsNotMisspelt(t *testing.T) {
	gone := atlassian.Observation{
		Call: atlassian.CallIdentity, Method: "GET", Host: "acme.atlassian.net", Path: "/rest/api/3/myself", Status: 404, Attempts: 1,
		Edge: true, Body: atlassian.BodyJSON, MissingTenant: true, Phrase: atlassian.PhraseUnavailable, RetryAfter: -1,
	}
	saw := &connector.Coverage{Coverage: atlassian.Coverage{Count: 41}}
	for name, c := range map[string]struct {
		q      connector.CheckRequest
		worked bool
	}{
		"a new one":            {connector.CheckRequest{}, false},
		"saved, never good":    {connector.CheckRequest{Saved: true}, false},
		"this token was good":  {connector.CheckRequest{Saved: true, AcceptedHere: true}, true},
		"another token was":    {connector.CheckRequest{Saved: true, Before: saw}, true},
		"a newer one is tried": {connector.CheckRequest{Before: saw}, true},
	} {
		c.q.Product, c.q.Site, c.q.Email, c.q.Now = connector.Jira, acme(t), "mia@example.com", noon
		r := connector.Conclude(c.q, []atlassian.Observation{*table[atlassian.CallTenant]["missing"], gone})
		if r.Code != connector.CodeNoSuchSite {
			t.Fatalf("%s: concluded %s", name, r.Code)
		}
		said := r.Title + " " + r.Why
		if worked := r.Remedies[0].Action == connector.ActMessage; worked != c.worked || strings.Contains(said, "misspelled") == c.worked || strings.Contains(said, "deactivated") != c.worked {
			t.Errorf("%s: %s, first %+v", name, said, r.Remedies[0])
		}
		if c.worked {
			inOrder(t, said, "worked before", "limited time")
			inOrder(t, connector.Message(r), "deactivated", "limited time", "admin.atlassian.com > Billing")
		}
	}
}

// TestReport15ACustomDomainIsNamed: a redirect to the same path on a domain that isn't Atlassian's
// means a custom domain. A redirect to a sign-in page has another path.
func TestReport15ACustomDomainIsNamed(t *testing.T) {
	const where = "admin.atlassian.com > Apps > App URLs > Custom domains > Show details"
	for name, c := range map[string]struct {
		tenant, to, path string
		custom           bool
	}{
		"custom domain":                 {"there", "jira.acme.com", "/rest/api/3/myself", true},
		"a company's gate":              {"there", "sso.acme.com", "/login", false},
		"a network that fakes it all":   {"page", "jira.acme.com", "/rest/api/3/myself", false},
		"unknown whether a site exists": {"timeout", "jira.acme.com", "/rest/api/3/myself", false},
	} {
		moved := *table[atlassian.CallIdentity]["portal"]
		moved.Path, moved.Redirect, moved.RedirectPath = "/rest/api/3/myself", c.to, c.path
		q := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
		r := connector.Conclude(q, []atlassian.Observation{*table[atlassian.CallTenant][c.tenant], moved})
		if r.Code != connector.CodeNotAtlassian {
			t.Fatalf("%s: concluded %s", name, r.Code)
		}
		said := r.Title + " " + r.Why
		if strings.Contains(said, "custom domain") != c.custom || strings.Contains(said, where) != c.custom || strings.Contains(said, "sign-in page") == c.custom {
			t.Errorf("%s: %s", name, said)
		}
		if c.custom {
			inOrder(t, said, "jira.acme.com")
			if r.Remedies[0].Action != connector.ActEditSite {
				t.Errorf("the first remedy is %+v", r.Remedies[0])
			}
		}
	}
	if words := connector.SiteProblem("https://jira.acme.com/browse/X"); !strings.Contains(words, where) || !strings.Contains(words, "jira.acme.com") {
		t.Errorf("typed: %s", words)
	}
}

// TestReport7LinksAreOfTheSitesCloud: a government cloud has its own pages, and its accounts don't
// exist on the commercial ones.
func TestReport7LinksAreOfTheSitesCloud(t *testing.T) {
	for suffix, cloud := range map[string]string{"-us-gov-mod.net": "atlassian-us-gov-mod.com", "-us-gov.net": "atlassian-us-gov.com"} {
		site, _, err := atlassian.ParseSite("acme.atlassian" + suffix)
		if err != nil {
			t.Fatal(err)
		}
		holds := func(what, text string) {
			for _, foreign := range []string{"id", "home", "admin", "api"} {
				if strings.Contains(text, foreign+".atlassian.com") {
					t.Errorf("%s leads to the commercial cloud: %s", what, text)
				}
			}
		}
		n := 0
		enumerate(t, func(c combination) {
			if n++; n%97 != 0 {
				return
			}
			c.q.Site = site
			for _, q := range []connector.CheckRequest{c.q, {Product: c.q.Product, Site: site, Email: c.q.Email, Now: noon, Saved: true, AcceptedHere: true}} {
				r := connector.Conclude(q, c.seen)
				holds("a report", r.Title+" "+r.Why+" "+connector.Message(r))
				for _, m := range r.Remedies {
					holds("a remedy", m.Do+" "+m.URL)
				}
			}
		})
		for _, step := range connector.Walkthrough(connector.Jira, site) {
			holds("a step", step.Link+" "+step.Picture.Page)
		}
		const path = "/manage-profile/security/api-tokens"
		if got := connector.TokenPageOf(site); got != "https://id."+cloud+path {
			t.Errorf("the token page is %s", got)
		}
		holds("a calendar", connector.Calendar([]connector.Connector{{Name: "x", Product: connector.Jira, Site: site, TokenSince: noon}}, noon))
	}
	if got := connector.TokenPageOf(atlassian.Site{}); got != connector.TokenPage {
		t.Errorf("without a site the token page is %s", got)
	}
}

// TestTheStepsSayWhatThePagesShow: each step mentions what can stop people on that page of
// Atlassian's.
func TestTheStepsSayWhatThePagesShow(t *testing.T) {
	steps := connector.Walkthrough(connector.Jira, atlassian.Site{})
	said := func(at int) string {
		return strings.Join(append(append([]string{steps[at].Title}, steps[at].Words...), steps[at].Note), " ")
	}
	inOrder(t, said(connector.StepCreate), "not 'Create API token with scopes'", "Continue despite", "deprecation", "no end date", "one-time code", "missing or gray", "tokens with scopes don't work there")
	inOrder(t, said(connector.StepCreate+1), "one year", "less if your organization limits it")
	inOrder(t, said(1), "Account settings", "'Profile'")
	inOrder(t, connector.GuideText(connector.Jira), "id.atlassian.com/manage-profile", "Or step by step", "1. ", "deprecation", "one-time code", "less if your organization")
	gov, _, err := atlassian.ParseSite("acme.atlassian-us-gov-mod.net")
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, connector.BlockedMessage(connector.Jira, gov), "Jira on acme.atlassian-us-gov-mod.net", "missing or gray", "Please allow API tokens", "admin.atlassian-us-gov-mod.com > Security", "User API tokens")
}

// TestReport9ACallWasRemoved: a status 410 advises to update this program, also where only the
// call that counts projects was removed.
func TestReport9ACallWasRemoved(t *testing.T) {
	gone := func(call atlassian.Call, name string) atlassian.Observation {
		o := *table[call][name]
		o.Status, o.Coverage, o.Reason = 410, nil, ""
		return o
	}
	q := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
	seen := []atlassian.Observation{*table[atlassian.CallTenant]["there"], *table[atlassian.CallIdentity]["mia"], *table[atlassian.CallPermissions]["admin"]}
	r := connector.Conclude(q, append(seen, gone(atlassian.CallCoverage, "some")))
	if r.Code != connector.CodeOK {
		t.Errorf("a count that is missing made it %s", r.Code)
	}
	for _, s := range r.Stages {
		if s.Stage == connector.StageCoverage && (s.Verdict != connector.Skipped || !strings.Contains(s.Detail, "update saasconnect")) {
			t.Errorf("the count: %+v", s)
		}
	}
	r = connector.Conclude(q, []atlassian.Observation{seen[0], gone(atlassian.CallIdentity, "forbidden")})
	if r.Code != connector.CodeUnrecognized || !strings.Contains(r.Title, "removed an API call") || !strings.Contains(r.Remedies[0].Do, "Update saasconnect") {
		t.Errorf("%s: %s, first %+v", r.Code, r.Title, r.Remedies[0])
	}
}
