package atlassian_test

import (
	"net/http"
	"testing"

	"saasconnect/connector"
)

// TestDecisions is a table of answers and the diagnosis that an engineer would make by hand. Each
// row is checked over real sockets, for both products where both can meet it. Faults of
// connections are in line_test.go.
func TestDecisions(t *testing.T) {
	type bent = map[string]http.HandlerFunc
	gone := reply(404, nil, "")
	refuse := reply(401, map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, mustSignIn)
	jiraPerson := func(more string) http.HandlerFunc {
		return reply(200, nil, `{"accountId":"5b10","displayName":"Mia Krystof","active":true`+more+`}`)
	}
	wikiPerson := func(more string) http.HandlerFunc {
		return reply(200, nil, `{"type":"known","accountId":"5b10","displayName":"Mia Krystof","operations":[{"operation":"administer","targetType":"application"}]`+more+`}`)
	}
	page := reply(200, map[string]string{"Server": "nginx", "Content-Type": "text/html"}, "<html><title>Sign in</title></html>")
	for _, row := range []struct {
		seen    string
		product connector.Product
		typed   string
		bent    bent
		code    connector.Code
	}{
		{"tenant_info 404", jira, good, bent{tenantCall: gone, jiraCall: noSuchSite()}, "no-such-site"},
		{"tenant_info 404", confluence, good, bent{tenantCall: gone, confluenceCall: noSuchSite()}, "no-such-site"},
		{"a redirect to another site", jira, good, bent{jiraCall: reply(302, map[string]string{"Location": "https://acme-new.atlassian.net/"}, "")}, "site-renamed"},
		{"a redirect to another site", confluence, good, bent{confluenceCall: reply(307, map[string]string{"Location": "https://acme-new.atlassian.net/"}, "")}, "site-renamed"},
		{"a redirect of tenant_info alone", jira, good, bent{tenantCall: reply(301, map[string]string{"Location": "https://acme-new.atlassian.net/"}, ""), jiraCall: noSuchSite()}, "site-renamed"},
		{"404 with Atl-Missing-Tcs, and the site is there", jira, good, bent{jiraCall: noSuchSite()}, "product-missing"},
		{"404 with Atl-Missing-Tcs, and the site is there", confluence, good, bent{confluenceCall: noSuchSite()}, "product-missing"},
		{"503 with the same page, and the site is there", jira, good, bent{jiraCall: reply(503, nil, `{"errorMessage":"Site temporarily unavailable"}`)}, "atlassian-trouble"},
		{"401, and the gateway accepts", jira, scopedJira, nil, "token-scoped"},
		{"401, and the gateway accepts", confluence, scopedWiki, nil, "token-scoped"},
		{"401, and the gateway misses a scope", jira, "scope-missing", nil, "scope-missing"},
		{"401, and the gateway misses a scope", confluence, "scope-missing-confluence", nil, "scope-missing"},
		{"401, and the gateway too", jira, wrongToken, nil, "token-refused"},
		{"401, and the gateway too", confluence, scopedWiki, bent{confluenceGateway: reply(401, nil, json401)}, "token-refused"},
		{"401, and the gateway is not to be reached", jira, wrongToken, bent{jiraGateway: reply(502, nil, "")}, "token-refused"},
		{"200 and a failed login in the header", jira, wrongToken, bent{jiraCall: reply(200, map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, `{"accountId":"5b10"}`)}, "token-refused"},
		{"a CAPTCHA", jira, wrongToken, bent{jiraCall: reply(401, map[string]string{"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE"}, "")}, "captcha"},
		{"a denied login in a list of reasons", jira, wrongToken, bent{jiraCall: reply(401, map[string]string{"X-Seraph-LoginReason": "OUT, AUTHENTICATION_DENIED"}, "")}, "captcha"},
		{"passwords are deprecated", jira, "not-an-api-token", nil, "not-an-api-token"},
		{"passwords are deprecated", confluence, "not-an-api-token", nil, "not-an-api-token"},
		{"the address is not on the list", jira, good, bent{jiraCall: reply(403, nil, `{"errorMessages":["The IP address has been rejected because it is not on the allowed list."]}`)}, "ip-blocked"},
		{"the address is not on the list", confluence, good, bent{confluenceCall: reply(403, nil, `{"message":"The IP address has been rejected because it is not on the allowed list."}`)}, "ip-blocked"},
		{"Confluence 403, Jira knows the account", confluence, noLicense, nil, "no-product-access"},
		{"Confluence 403, Jira 401", confluence, wrongToken, nil, "token-refused"},
		{"Confluence 403, no Jira", confluence, wrongToken, bent{jiraCall: noSuchSite()}, "token-refused"},
		{"Confluence 403, Jira in trouble", confluence, wrongToken, bent{jiraCall: reply(500, nil, "")}, "atlassian-trouble"},
		{"signed in, and no administrator", jira, "not-admin", nil, "not-admin"},
		{"signed in, and no administrator", confluence, "not-admin-confluence", nil, "not-admin"},
		{"an app's account", jira, good, bent{jiraCall: jiraPerson(`,"accountType":"app"`)}, "service-account"},
		{"a service account", jira, good, bent{jiraCall: jiraPerson(`,"accountType":"atlassian","appType":"service"`)}, "service-account"},
		{"an app's account", confluence, good, bent{confluenceCall: wikiPerson(`,"accountType":"app"`)}, "service-account"},
		{"a service account's token", jira, "token-scoped-service", nil, "token-scoped"},
		{"another email", jira, "email-differs", nil, "email-differs"},
		{"another email", confluence, good, bent{confluenceCall: wikiPerson(`,"email":"somebody@example.com"`)}, "email-differs"},
		{"the same email in capitals", jira, good, bent{jiraCall: jiraPerson(`,"emailAddress":"MIA@EXAMPLE.COM"`)}, "ok"},
		{"no email", jira, good, bent{jiraCall: jiraPerson(`,"emailAddress":null`)}, "ok"},
		{"no email", confluence, good, bent{confluenceCall: wikiPerson(`,"email":""`)}, "ok"},
		{"a deactivated account", jira, "account-inactive", nil, "account-inactive"},
		{"a deactivated account", confluence, good, bent{confluenceCall: wikiPerson(`,"accountStatus":"deactivated"`)}, "account-inactive"},
		{"429", jira, good, bent{jiraCall: reply(429, map[string]string{"Retry-After": "60"}, "")}, "rate-limited"},
		{"500", confluence, good, bent{confluenceCall: reply(500, nil, "")}, "atlassian-trouble"},
		{"503 of the right call alone", jira, good, bent{permissionsCall: reply(503, nil, "")}, "atlassian-trouble"},
		{"HTML with 200", jira, good, bent{tenantCall: page, jiraCall: page}, "not-atlassian"},
		{"HTML with 200", confluence, good, bent{tenantCall: page, confluenceCall: page}, "not-atlassian"},
		{"HTML with 200 for the right alone", jira, good, bent{permissionsCall: page}, "not-atlassian"},
		{"a refusal of something else than Atlassian", jira, good, bent{tenantCall: page, jiraCall: reply(401, map[string]string{"Server": "squid"}, "no")}, "not-atlassian"},
		{"a refusal by IP of something else than Atlassian", confluence, good, bent{tenantCall: page, confluenceCall: reply(403, map[string]string{"Server": "squid"}, "Blocked")}, "not-atlassian"},
		{"a refused token, and the look-up hidden", jira, wrongToken, bent{tenantCall: reply(500, map[string]string{"Server": "x"}, ""), jiraCall: refuse}, "token-refused"},
	} {
		t.Run(row.seen+"/"+string(row.product), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.bent = row.bent
			seed := who(t, row.typed)
			if got := w.check(t, row.product, seed); got.Code != row.code {
				t.Errorf("%s; want %s\n%s", got.Code, row.code, connector.RedactedReport(got))
			}
		})
	}
}
