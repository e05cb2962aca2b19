package atlassian_test

import (
	"net/http"
	"strings"
	"testing"

	"saasconnect/connector"
)

// Answers that look like one cause and have another. Each of them once led to a wrong diagnosis.

// TestCloudIDIsNoPath: only a UUID becomes part of a path at the gateway.
func TestCloudIDIsNoPath(t *testing.T) {
	for _, id := range []string{
		`"../../../evil"`, `"` + fakeCloudID + `/../../x"`, `"` + fakeCloudID + `?x="`, `"` + fakeCloudID + `\n"`, `"%2e%2e%2f"`, `"` + fakeCloudID[:35] + `g"`, `"{` + fakeCloudID + `}"`,
		`["` + fakeCloudID + `"]`, `17`, `null`, `""`, `"` + strings.ReplaceAll(fakeCloudID, "-", "") + `"`, `"` + strings.Repeat(fakeCloudID, 1000) + `"`,
	} {
		for product, call := range map[connector.Product]string{jira: jiraCall, confluence: confluenceCall} {
			w := newWorld(t, nil)
			w.answer(tenantCall, reply(200, nil, `{"cloudId":`+id+`}`))
			w.answer(call, reply(401, nil, mustSignIn))
			if got := w.check(t, product, who(t, wrongToken)); got.Code != "token-refused" {
				t.Errorf("%.60s: %s", id, got.Code)
			}
			for _, a := range w.requests {
				if a.host == gatewayHost {
					t.Errorf("%.60s: %s was asked at the gateway", id, a.path)
				}
			}
		}
	}
}

// TestDoubts sends them while CallTenant's answer is Atlassian's own, which makes them hard to
// distinguish.
func TestDoubts(t *testing.T) {
	type bent = map[string]http.HandlerFunc
	html := "text/html; charset=iso-8859-1"
	// CloudFront, which is in front of Atlassian's services and sometimes answers in their place:
	// https://github.com/n8n-io/n8n/issues/14153,
	// https://github.com/guilhemmarchand/TA-jira-service-desk-simple-addon/issues/200.
	front := func(status int) http.HandlerFunc {
		return reply(status, map[string]string{"Server": "CloudFront", "X-Cache": "Error from cloudfront", "Content-Type": html},
			"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\" \"http://www.w3.org/TR/html4/loose.dtd\">\n<HTML><HEAD>"+
				"<TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2></BODY></HTML>")
	}
	// A company's filter that lets CallTenant through and blocks calls with credentials.
	filter := func(status int) http.HandlerFunc {
		return reply(status, map[string]string{"Server": "", "Content-Type": html}, "<html><head><title>Web Page Blocked</title></head><body>Your organization's policy</body></html>")
	}
	gate := func(challenge string) http.HandlerFunc {
		return reply(401, map[string]string{"Server": "", "WWW-Authenticate": challenge, "Content-Type": ""}, "")
	}
	wiki := `{"type":"known","accountId":"5b10","displayName":"Mia","operations":[{"operation":"administer","targetType":"application"}]`
	person := `{"accountId":"5b10","displayName":"Mia","active":true`
	said := func(reason, body string) http.HandlerFunc {
		return reply(200, map[string]string{"X-Seraph-LoginReason": reason}, body+"}")
	}
	for _, c := range []struct {
		name    string
		product connector.Product
		typed   string
		bent    bent
		code    connector.Code
		says    string
	}{
		{"the front of Confluence alone", confluence, good, bent{confluenceCall: front(403)}, "atlassian-trouble", "in front of"},
		{"the front of Jira", jira, good, bent{jiraCall: front(403)}, "atlassian-trouble", "in front of"},
		{"the front, with 400", jira, good, bent{jiraCall: front(400)}, "atlassian-trouble", "in front of"},
		{"the front, with 404", confluence, good, bent{confluenceCall: front(404)}, "atlassian-trouble", "in front of"},
		{"the front of the permissions", jira, good, bent{permissionsCall: front(403)}, "atlassian-trouble", "Sign-in worked"},
		{"the front of all", jira, good, bent{tenantCall: front(403), jiraCall: front(403)}, "atlassian-trouble", ""},
		{"the front of the second opinion", confluence, noLicense, bent{jiraCall: front(403)}, "atlassian-trouble", ""},
		{"the front of the gateway", jira, wrongToken, bent{jiraGateway: front(403)}, "token-refused", "be checked"},

		{"a filter that forbids", jira, good, bent{jiraCall: filter(403)}, "not-atlassian", "web page"},
		{"a filter that forbids Confluence alone", confluence, good, bent{confluenceCall: filter(403)}, "not-atlassian", "web page"},
		{"a filter that wants a sign-in", jira, good, bent{jiraCall: filter(401)}, "not-atlassian", "web page"},
		{"a filter that wants a sign-in, Confluence", confluence, good, bent{confluenceCall: filter(401)}, "not-atlassian", "web page"},
		{"a filter before the second opinion", confluence, noLicense, bent{jiraCall: filter(401)}, "not-atlassian", ""},
		{"a filter before the permissions", jira, good, bent{permissionsCall: filter(403)}, "not-atlassian", "Sign-in worked"},
		{"a gate of a domain", jira, good, bent{jiraCall: gate("Negotiate")}, "not-atlassian", ""},
		{"a gate of NTLM", confluence, good, bent{confluenceCall: gate("NTLM")}, "not-atlassian", ""},
		{"a gate that wants a password", jira, good, bent{jiraCall: gate(`Basic realm="Corp"`)}, "not-atlassian", ""},
		{"Atlassian's own challenge, without a mark", jira, wrongToken, bent{jiraCall: gate(`OAuth realm="https%3A%2F%2Facme.atlassian.net"`)}, "token-refused", ""},

		{"a login that was not authorised", jira, good, bent{jiraCall: said("AUTHORISATION_FAILED", person)}, "unrecognised", ""},
		{"a login that was not authorised, Confluence", confluence, good, bent{confluenceCall: said("AUTHORISATION_FAILED", wiki)}, "unrecognised", ""},
		{"a failed login in small letters", confluence, good, bent{confluenceCall: said("authenticated_failed", wiki)}, "token-refused", ""},
		{"a failed login after a good one", confluence, good, bent{confluenceCall: said("OK, AUTHENTICATED_FAILED", wiki)}, "token-refused", ""},
		{"a denied login in small letters", confluence, good, bent{confluenceCall: said("authentication_denied", wiki)}, "captcha", ""},
		{"a right that was not authorized", jira, good, bent{permissionsCall: said("AUTHORISATION_FAILED", `{"permissions":{"ADMINISTER":{"havePermission":true}}`)}, "admin-unknown", ""},

		{"an unknown status of an account", confluence, good, bent{confluenceCall: reply(200, nil, wiki+`,"accountStatus":"unknown"}`)}, "ok", ""},
		{"an account that is closed", confluence, good, bent{confluenceCall: reply(200, nil, wiki+`,"accountStatus":"closed"}`)}, "account-inactive", ""},
		{"anonymous in capitals", confluence, wrongToken, bent{confluenceCall: reply(200, nil, strings.Replace(wiki, "known", "ANONYMOUS", 1)+"}")}, "token-refused", ""},
		{"data as a page", jira, good, bent{jiraCall: reply(200, map[string]string{"Content-Type": html}, person+"}")}, "ok", ""},
		{"data as nothing in particular", confluence, good, bent{confluenceCall: reply(200, map[string]string{"Content-Type": "application/octet-stream"}, wiki+"}")}, "ok", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.bent = c.bent
			got := w.check(t, c.product, who(t, c.typed))
			if got.Code != c.code || !strings.Contains(got.Title+" "+got.Why, c.says) {
				t.Errorf("%s: %s %s\nwant %s with %q", got.Code, got.Title, got.Why, c.code, c.says)
			}
		})
	}
}
