package atlassian_test

// Answers that were recorded from Atlassian's services, each with its source, and the diagnosis of
// each wherever a check can meet it: at the site and at the gateway, for Jira and for Confluence.
// Every other answer of the check is as usual.

import (
	"net/http"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// recorded is one recorded answer.
type recorded struct {
	id     string
	source string
	status int
	header map[string]string
	body   string
	met    []meeting
}

// meeting is a call that a recorded answer replaces.
type meeting struct {
	product connector.Product
	call    string // host and path
	typed   string // the situation whose seed is typed
	code    connector.Code
	besides map[string]http.HandlerFunc // other answers that differ from the usual ones
}

const (
	jira       = atlassian.Jira
	confluence = atlassian.Confluence

	good        = "ok"
	wrongToken  = "token-refused"
	scopedJira  = "token-scoped"
	scopedWiki  = "token-scoped-confluence"
	noLicense   = "no-product-access"
	mustSignIn  = "Client must be authenticated to access this resource."
	json401     = `{"code":401,"message":"Unauthorized"}`
	wikiRefused = `{"statusCode":403,"message":"com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN \"Request rejected because caller cannot access Confluence\""}`
)

// Sources that are used several times.
const (
	backlot     = "https://github.com/brekkylab/backlot, backlot/errors/atlassian.py: measured on live sites, September and October 2026"
	markfluence = "https://github.com/mozilla/markfluence, docs/confluence/api.md: measured on a live site, August 2026"
	minutehand  = "https://github.com/Alknoma/minutehand, tests/providers/jira/data/observed: recorded on 2026-10-08"
	limits      = "https://developer.atlassian.com/cloud/jira/platform/rate-limiting: Atlassian's own example"
)

func recordedAnswers() []recorded {
	realm := map[string]string{"WWW-Authenticate": `OAuth realm="https%3A%2F%2Facme.atlassian.net"`, "X-Seraph-LoginReason": "AUTHENTICATED_FAILED", "X-Frame-Options": "SAMEORIGIN"}
	plain := map[string]string{"WWW-Authenticate": realm["WWW-Authenticate"], "X-Seraph-LoginReason": "AUTHENTICATED_FAILED", "Content-Type": "text/plain"}
	html := map[string]string{"WWW-Authenticate": realm["WWW-Authenticate"], "X-Seraph-LoginReason": "AUTHENTICATED_FAILED", "Content-Type": "text/html;charset=UTF-8"}
	stranger := map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED", "Atl-Traceid": "41aa", "Content-Type": "application/json;charset=UTF-8"}
	tomcat := map[string]string{"WWW-Authenticate": `OAuth realm="https%3A%2F%2Facme.atlassian.net%2Fwiki"`, "Content-Type": "text/html"}
	jiraRefused := []meeting{{jira, jiraCall, wrongToken, "token-refused", nil}, {confluence, jiraCall, wrongToken, "token-refused", nil}}
	limited := func(after string) map[string]string {
		return map[string]string{"Retry-After": after, "X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-01-01T01:01:01Z", "RateLimit-Reason": "jira-burst-based"}
	}
	anyCall := []meeting{
		{jira, jiraCall, good, "rate-limited", nil}, {confluence, confluenceCall, good, "rate-limited", nil}, {jira, permissionsCall, good, "rate-limited", nil},
		{confluence, jiraCall, noLicense, "rate-limited", nil},
		// Without these calls the diagnosis stays the same.
		{jira, projectsCall, good, "ok", nil}, {confluence, spacesCall, good, "ok", nil}, {jira, tenantCall, good, "ok", nil},
		{jira, jiraGateway, wrongToken, "token-refused", nil}, {confluence, confluenceGateway, scopedWiki, "token-refused", nil},
	}
	return []recorded{
		{"jira-401-site", backlot, 401, realm, mustSignIn, jiraRefused},
		{"jira-401-site, as plain text", backlot, 401, plain, mustSignIn, jiraRefused},
		{"jira-401-site, as HTML", backlot, 401, html, mustSignIn, jiraRefused},
		{"jira-401-site, to a token with scopes", backlot, 401, realm, mustSignIn, []meeting{{jira, jiraCall, scopedJira, "token-scoped", nil}}},
		{"jira-401-site-json", "https://github.com/jira-node/node-jira-client/issues/255", 401, nil, `{"message":"` + mustSignIn + `","status-code":401}`, jiraRefused},
		{"jira-401-site-xml", "https://github.com/atlassian/gajira-login/issues/18", 401, map[string]string{"Content-Type": "application/xml"},
			`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><status><status-code>401</status-code><message>` + mustSignIn + `</message></status>`, jiraRefused},
		{"jira-anonymous-200", backlot, 200, stranger, `{"permissions":{"ADMINISTER":{"havePermission":false}}}`, []meeting{
			{jira, permissionsCall, good, "token-refused", nil}, {jira, projectsCall, good, "token-refused", nil}, {jira, jiraCall, wrongToken, "token-refused", nil}}},
		{"jira-200-expired-token-headers", "https://github.com/MrRefactoring/jira.js/issues/418, 2026-04-07", 200, map[string]string{
			"content-type": "application/json;charset=UTF-8", "server": "AtlassianEdge", "timing-allow-origin": "*", "x-arequestid": "e8f6", "x-seraph-loginreason": "AUTHENTICATED_FAILED",
			"set-cookie": "atlassian.xsrf.token=7067_lout; Path=/; SameSite=None; Secure", "vary": "Accept-Encoding", "content-encoding": "br", "atl-traceid": "41aa", "atl-request-id": "41aa"},
			"\x0b\x02\x80{}\x03", []meeting{{jira, jiraCall, wrongToken, "token-refused", nil}, {jira, permissionsCall, good, "token-refused", nil}, {confluence, jiraCall, wrongToken, "token-refused", nil}}},
		{"jira-403-bearer", backlot, 403, nil, `{"error":"Failed to parse Connect Session Auth Token"}`, []meeting{
			{jira, jiraCall, good, "not-an-api-token", nil}, {confluence, jiraCall, wrongToken, "not-an-api-token", nil}}},
		{"jira-404-path", backlot, 404, map[string]string{"Content-Type": "application/problem+json;charset=UTF-8"},
			`{"type":"about:blank","title":"Not Found","status":404,"detail":"No endpoint GET /rest/api/3/myself.","instance":"/rest/api/3/myself"}`, []meeting{
				{jira, jiraCall, good, "unrecognised", nil}, {jira, permissionsCall, good, "admin-unknown", nil}, {jira, projectsCall, good, "ok", nil}}},
		{"jira-site-404", backlot, 404, map[string]string{"Content-Type": "text/html;charset=utf-8"}, `<html><title>Oops, you've found a dead link.</title></html>`, []meeting{
			{jira, jiraCall, good, "unrecognised", nil}, {confluence, confluenceCall, good, "unrecognised", nil}, {jira, permissionsCall, good, "admin-unknown", nil}}},
		{"jira-root", backlot, 302, map[string]string{"Location": "https://acme.atlassian.net/login.jsp?os_destination=%2F"}, "", []meeting{
			{jira, jiraCall, good, "unrecognised", nil}, {confluence, confluenceCall, good, "unrecognised", nil}, {jira, permissionsCall, good, "admin-unknown", nil}}},
		{"confluence-403-a", markfluence, 403, nil, wikiRefused, []meeting{
			{confluence, confluenceCall, wrongToken, "token-refused", nil}, {confluence, confluenceCall, good, "no-product-access", nil},
			{confluence, confluenceCall, wrongToken, "token-refused", map[string]http.HandlerFunc{jiraCall: noSuchSite()}}}},
		{"confluence-403-b", backlot, 403, map[string]string{"Cache-Control": "no-cache, no-store, must-revalidate", "Expires": "Thu, 01 Jan 1970 00:00:00 GMT"},
			`{"message":"Current user not permitted to use Confluence","statusCode":403}`, []meeting{
				{confluence, confluenceCall, wrongToken, "token-refused", nil}, {confluence, confluenceCall, good, "no-product-access", nil}}},
		{"confluence-401-unreadable", backlot, 401, tomcat, "<html><head><title>HTTP Status 401 – Unauthorized</title></head></html>", []meeting{
			{confluence, confluenceCall, wrongToken, "token-refused", nil}}},
		{"confluence-401-scoped-at-site", markfluence, 401, map[string]string{"Content-Type": "text/html"},
			`<!doctype html><html lang="en"><head><title>HTTP Status 401 – Unauthorized</title></head></html>`, []meeting{
				{confluence, confluenceCall, scopedWiki, "token-scoped", nil}, {confluence, confluenceCall, wrongToken, "token-refused", nil}}},
		{"confluence-404-v2-refused", markfluence, 404, nil, `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}`, []meeting{
			{confluence, spacesCall, good, "ok", nil}, {confluence, confluenceCall, good, "unrecognised", nil}}},
		{"confluence-404-v2-genuine", markfluence, 404, nil, `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Cannot find a page with id [999999999999]"}]}`, []meeting{
			{confluence, spacesCall, good, "ok", nil}}},
		{"gateway-401-scope", "https://github.com/kovetskiy/mark/issues/917, 2026-08-26; markfluence", 401, map[string]string{"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"},
			`{"code":401,"message":"Unauthorized; scope does not match"}`, []meeting{
				{jira, jiraGateway, scopedJira, "scope-missing", nil}, {confluence, confluenceGateway, scopedWiki, "scope-missing", nil}}},
		{"gateway-401-basic", "probes of a tenant on 2026-03-08, on another path than /myself", 401, nil, json401, []meeting{
			{jira, jiraGateway, wrongToken, "token-refused", nil}, {confluence, confluenceGateway, scopedWiki, "token-refused", nil}}},
		{"gateway-404-tenant", minutehand, 404, map[string]string{"X-Failure-Category": "FAILURE_CLIENT_TCS"},
			`{"timestamp":"2026-10-08T09:41:07.312+00:00","status":404,"error":"Not Found","message":"No message available","path":"/ex/x"}`, []meeting{
				{jira, jiraGateway, wrongToken, "token-refused", nil}, {confluence, confluenceGateway, scopedWiki, "product-missing", nil}}},
		{"tenant-info", markfluence, 200, nil, `{"cloudId":"` + fakeCloudID + `"}`, []meeting{
			{jira, tenantCall, good, "ok", nil}, {confluence, tenantCall, good, "ok", nil}, {jira, tenantCall, scopedJira, "token-scoped", nil}}},
		{"site-unknown", minutehand, 404, map[string]string{"Content-Type": "text/html", "Atl-Missing-Tcs": "true"},
			"<html><title>Atlassian Cloud Notifications - Page Unavailable</title><h1>Page unavailable</h1></html>", []meeting{
				{jira, jiraCall, good, "product-missing", nil}, {confluence, confluenceCall, good, "product-missing", nil},
				{jira, jiraCall, good, "no-such-site", map[string]http.HandlerFunc{tenantCall: reply(404, nil, "")}},
				{confluence, confluenceCall, good, "no-such-site", map[string]http.HandlerFunc{tenantCall: reply(404, nil, "")}}}},
		{"jira-400-permissions", "quoted by two users; the envelope is the specification's ErrorCollection", 400, nil,
			`{"errorMessages":["The 'permissions' query parameter is required."],"errors":{}}`, []meeting{{jira, permissionsCall, good, "admin-unknown", nil}}},
		{"jira-serverinfo", "https://github.com/ankitpokhrel/jira-cli, pkg/jira/testdata/serverinfo.json", 200, nil,
			`{"baseUrl":"https://demo.atlassian.net","version":"1001.0.0-SNAPSHOT","versionNumbers":[1001,0,0],"deploymentType":"Cloud","buildNumber":100204,"serverTitle":"Jira"}`, []meeting{
				{jira, jiraCall, good, "unrecognised", nil}, {jira, permissionsCall, good, "admin-unknown", nil}}},
		{"jira-429-burst", limits, 429, limited("1"), "", anyCall},
		{"jira-429-quota", limits, 429, limited("1847"), "", anyCall},
		{"gateway-429", "https://developer.status.atlassian.com/incidents/bb38p4wdd7mz", 429, map[string]string{
			"X-Failure-Category": "FAILURE CLIENT RATE LIMITED", "X-Ratelimit-Limit": "360000", "X-Ratelimit-Remaining": "0"}, "", anyCall},
		{"confluence-current-operations", "Atlassian's own mock, in Atlaskit's xflow", 200, nil,
			`{"accountId":"5bffffffffffffffffffffff","accountType":"atlassian","email":"mia@example.com","publicName":"Foo Bar","displayName":"Foo Bar","operations":[` +
				`{"operation":"use","targetType":"application"},{"operation":"administer","targetType":"application"},{"operation":"create_space","targetType":"application"}]}`, []meeting{
				{confluence, confluenceCall, good, "ok", nil}}},
		{"password", "https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth", 401, map[string]string{"Content-Type": "text/plain"},
			"Basic authentication with passwords is deprecated.  For more information, see: https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/", []meeting{
				{jira, jiraCall, wrongToken, "not-an-api-token", nil}, {confluence, confluenceCall, wrongToken, "not-an-api-token", nil}, {confluence, jiraCall, wrongToken, "not-an-api-token", nil}}},
		{"ip-list", "Atlassian's knowledge base, page 1384133808", 403, nil,
			`{"errorMessages":["The IP address has been rejected because it is not on the allowed list. See your admin for more information."],"errors":{}}`, []meeting{
				{jira, jiraCall, good, "ip-blocked", nil}, {confluence, confluenceCall, good, "ip-blocked", nil}, {jira, permissionsCall, good, "ip-blocked", nil}, {confluence, jiraCall, noLicense, "ip-blocked", nil}}},
		{"captcha", "https://github.com/AtlassianPS/JiraPS, Test-Captcha", 403, map[string]string{
			"X-Seraph-LoginReason": "AUTHENTICATION_DENIED", "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://acme.atlassian.net/login.jsp"}, mustSignIn, []meeting{
			{jira, jiraCall, wrongToken, "captcha", nil}, {confluence, jiraCall, wrongToken, "captcha", nil}}},
		{"renamed", "https://jira.atlassian.com/browse/AX-715", 302, map[string]string{"Location": "https://acme-new.atlassian.net/rest/api/3/myself"}, "", []meeting{
			{jira, jiraCall, good, "site-renamed", nil}, {confluence, confluenceCall, good, "site-renamed", nil},
			{jira, tenantCall, wrongToken, "site-renamed", map[string]http.HandlerFunc{jiraCall: reply(404, map[string]string{"Atl-Missing-Tcs": "true"}, "")}}}},
		{"rate limit as a page", "https://github.com/apache/incubator-devlake/issues/2932", 429, map[string]string{"Content-Type": "text/html"}, "<html><title>Too Many Requests</title></html>", anyCall[:2]},
		{"open to anyone", "https://community.atlassian.com, 3039044, and the specification's UserAnonymous", 200, nil, `{"type":"anonymous","displayName":"Anonymous","operations":[{"operation":"use","targetType":"application"}]}`, []meeting{
			{confluence, confluenceCall, wrongToken, "token-refused", nil}}},
	}
}

func noSuchSite() http.HandlerFunc {
	return reply(404, map[string]string{"Atl-Missing-Tcs": "true"}, `{"errorCode":"OTHER","errorMessage":"Site temporarily unavailable"}`)
}

// TestRecordedAnswers sends each recorded answer from a real server in a whole check.
func TestRecordedAnswers(t *testing.T) {
	met := 0
	for _, r := range recordedAnswers() {
		if r.source == "" {
			t.Errorf("%s has no source", r.id)
		}
		for _, m := range r.met {
			met++
			t.Run(r.id+"/"+string(m.product)+" at "+strings.NewReplacer("/", "_", "acme.atlassian.net", "", "api.atlassian.com", "gateway").Replace(m.call), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, nil)
				for call, h := range m.besides {
					w.answer(call, h)
				}
				w.answer(m.call, reply(r.status, r.header, r.body))
				got := w.check(t, m.product, who(t, m.typed))
				if got.Code != m.code {
					t.Errorf("%s; want %s\n%s", got.Code, m.code, connector.RedactedReport(got))
				}
				if seen := got.Evidence; !got.Good() && (seen == nil || seen.Status == 0 || seen.Call == "" || seen.At.IsZero()) {
					t.Errorf("what was seen is not told: %+v", seen)
				}
			})
		}
	}
	t.Logf("%d recorded answers, met at %d places", len(recordedAnswers()), met)
}
