package fakecloud_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
)

const (
	acme    = "https://acme.atlassian.net"
	myself  = acme + "/rest/api/3/myself"
	current = acme + "/wiki/rest/api/user/current?expand=operations"
	gateway = "https://api.atlassian.com/ex/"
	cloudID = "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63"
)

// pairOf returns what to type in a situation, as a request's credentials.
func pairOf(t *testing.T, situation string) option {
	t.Helper()
	s, known := fakecloud.Find(situation)
	if !known {
		t.Fatalf("no situation %q", situation)
	}
	return basic(s.Seed.Email, s.Seed.Token)
}

// The answers of the real service, call by call; their sources are at the fake's answers. "has"
// must be in the body; a header that should be "" must be missing.
func TestAnswers(t *testing.T) {
	var (
		good    = pairOf(t, "ok")
		revoked = pairOf(t, "token-refused")
		scoped  = pairOf(t, "token-scoped")
		wiki    = pairOf(t, "token-scoped-confluence")
		narrow  = pairOf(t, "scope-missing")
		html    = header("Accept", "text/html")
	)
	bearer := func(r *http.Request) {
		_, token, _ := r.BasicAuth()
		r.Header.Set("Authorization", "Bearer "+token)
	}
	raw := func(value string) option {
		return header("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(value)))
	}
	failed := map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
	for name, want := range map[string]struct {
		address string
		options []option
		status  int
		has     string
		headers map[string]string
	}{
		"site":                {acme + "/_edge/tenant_info", nil, 200, `{"cloudId":"` + cloudID + `"}`, map[string]string{"Server": "AtlassianEdge", "Content-Type": "application/json"}},
		"no site":             {"https://nobody.atlassian.net/_edge/tenant_info", nil, 404, "", map[string]string{"Content-Length": "0"}},
		"no site, JSON":       {"https://nobody.atlassian.net/rest/api/3/myself", []option{good}, 404, `"Site temporarily unavailable"`, map[string]string{"Atl-Missing-Tcs": "true", "Server": "AtlassianEdge"}},
		"no site, page":       {"https://nobody.atlassian.net/wiki/", []option{html}, 404, "Page Unavailable", map[string]string{"Atl-Missing-Tcs": "true", "Content-Type": "text/html"}},
		"renamed":             {"https://acme-old.atlassian.net/rest/api/3/myself?expand=groups", []option{good}, 302, "", map[string]string{"Location": myself + "?expand=groups"}},
		"renamed, tenant":     {"https://acme-old.atlassian.net/_edge/tenant_info", nil, 302, "", nil},
		"renamed quietly":     {"https://acme-2019.atlassian.net/_edge/tenant_info", nil, 200, cloudID, nil},
		"no Jira":             {"https://acme-wiki.atlassian.net/rest/api/3/myself", []option{good}, 404, "", map[string]string{"Atl-Missing-Tcs": "true"}},
		"no Confluence":       {"https://acme-desk.atlassian.net/wiki/rest/api/user/current", []option{good}, 404, "", map[string]string{"Atl-Missing-Tcs": "true"}},
		"no Jira, tenant":     {"https://acme-wiki.atlassian.net/_edge/tenant_info", nil, 200, "cloudId", nil},
		"address not listed":  {"https://acme-vault.atlassian.net/rest/api/3/myself", []option{good}, 403, "The IP address has been rejected", nil},
		"root":                {acme + "/", nil, 302, "", nil},
		"dead link":           {acme + "/foo", nil, 404, "dead link", map[string]string{"Content-Type": "text/html;charset=utf-8"}},
		"no endpoint":         {acme + "/rest/api/3/nopesuchroute", nil, 404, `"No endpoint GET /rest/api/3/nopesuchroute."`, map[string]string{"Content-Type": "application/problem+json;charset=UTF-8"}},
		"me":                  {myself, []option{good}, 200, `"emailAddress":"mia@example.com"`, map[string]string{"X-Seraph-LoginReason": ""}},
		"me, hidden":          {myself, []option{pairOf(t, "ok-hidden-email")}, 200, `"displayName":"Olga Berg"`, nil},
		"no credentials":      {myself, nil, 401, "Client must be authenticated to access this resource.", map[string]string{"X-Seraph-LoginReason": "", "WWW-Authenticate": `OAuth realm="https%3A%2F%2Facme.atlassian.net"`}},
		"wrong, JSON":         {myself, []option{revoked}, 401, "Client must be authenticated", map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED", "Content-Type": "application/json", "Content-Length": "53"}},
		"wrong, anything":     {myself, []option{revoked, header("Accept", "*/*")}, 401, "Client must be", map[string]string{"Content-Type": "text/html;charset=UTF-8"}},
		"wrong, unasked":      {myself, []option{revoked, func(r *http.Request) { r.Header.Del("Accept") }}, 401, "Client must be", map[string]string{"Content-Type": "text/plain"}},
		"unreadable":          {myself, []option{raw("mia@example.com:")}, 401, "Client must be", map[string]string{"X-Seraph-LoginReason": ""}},
		"password":            {myself, []option{pairOf(t, "not-an-api-token")}, 401, "Basic authentication with passwords is deprecated.", nil},
		"bearer":              {acme + "/rest/api/3/serverInfo", []option{good, bearer}, 403, "Failed to parse Connect Session Auth Token", nil},
		"scoped at the site":  {myself, []option{scoped}, 401, "Client must be", failed},
		"blocked":             {myself, []option{pairOf(t, "tokens-blocked")}, 401, "Client must be", failed},
		"silent permissions":  {acme + "/rest/api/3/mypermissions?permissions=ADMINISTER", []option{revoked}, 200, `"havePermission":false`, failed},
		"silent projects":     {acme + "/rest/api/3/project/search?maxResults=1", []option{revoked}, 200, `"total":0`, failed},
		"silent server":       {acme + "/rest/api/3/serverInfo", []option{revoked}, 200, `"deploymentType":"Cloud"`, failed},
		"permissions":         {acme + "/rest/api/3/mypermissions?permissions=ADMINISTER,SYSTEM_ADMIN", []option{good}, 200, `"havePermission":true`, map[string]string{"X-Seraph-LoginReason": ""}},
		"permissions, sam":    {acme + "/rest/api/3/mypermissions?permissions=ADMINISTER", []option{pairOf(t, "not-admin")}, 200, `"havePermission":false`, nil},
		"permissions, none":   {acme + "/rest/api/3/mypermissions", []option{good}, 400, `{"errorMessages":["The 'permissions' query parameter is required."],"errors":{}}`, nil},
		"permissions, wrong":  {acme + "/rest/api/3/mypermissions?permissions=LAUNCH_ROCKETS", []option{good}, 400, `{"errorMessages":[],"errors":{"LAUNCH_ROCKETS":"Unrecognized permission"}}`, nil},
		"projects":            {acme + "/rest/api/3/project/search?maxResults=1", []option{good}, 200, `"total":41`, nil},
		"wiki":                {current, []option{good}, 200, `{"operation":"administer","targetType":"application"}`, map[string]string{"X-Seraph-LoginReason": ""}},
		"wiki, wrong":         {current, []option{revoked}, 403, `403 FORBIDDEN \"Request rejected because caller cannot access Confluence\"`, map[string]string{"Content-Length": "190", "X-Seraph-LoginReason": ""}},
		"wiki, no license":    {current, []option{pairOf(t, "no-product-access")}, 403, "caller cannot access Confluence", nil},
		"wiki, two colons":    {current, []option{raw("mia@example.com:a:b")}, 401, "HTTP Status 401 – Unauthorized", map[string]string{"WWW-Authenticate": `OAuth realm="https%3A%2F%2Facme.atlassian.net%2Fwiki"`}},
		"wiki, not base64":    {current, []option{header("Authorization", "Basic !!")}, 401, "HTTP Status 401", nil},
		"wiki, scoped":        {current, []option{wiki}, 401, "HTTP Status 401", nil},
		"wiki, anyone":        {"https://acme-public.atlassian.net/wiki/rest/api/user/current", []option{revoked}, 200, `"type":"anonymous"`, nil},
		"spaces":              {acme + "/wiki/api/v2/spaces?limit=5", []option{good}, 200, `"next":"/wiki/api/v2/spaces?limit=5\u0026cursor=5"`, map[string]string{"Link": `</wiki/api/v2/spaces?limit=5&cursor=5>; rel="next"`}},
		"spaces, all":         {acme + "/wiki/api/v2/spaces?limit=250", []option{good}, 200, `"key":"S23"`, map[string]string{"Link": ""}},
		"spaces, limit":       {acme + "/wiki/api/v2/spaces?limit=251", []option{good}, 400, `"status":400`, nil},
		"spaces, wrong":       {acme + "/wiki/api/v2/spaces", []option{revoked}, 404, `{"errors":[{"code":"NOT_FOUND","detail":null,"status":404,"title":"Not Found"}]}`, nil},
		"gateway, unscoped":   {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{good}, 200, "Mia Krystof", nil},
		"gateway, scoped":     {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{scoped}, 200, "Mia Krystof", nil},
		"gateway, wiki":       {gateway + "confluence/" + cloudID + "/wiki/rest/api/user/current", []option{wiki}, 200, "Mia Krystof", nil},
		"gateway, other app":  {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{wiki}, 401, "Unauthorized; scope does not match", nil},
		"gateway, narrow":     {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{narrow}, 401, `{"code":401,"message":"Unauthorized; scope does not match"}`, map[string]string{"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"}},
		"gateway, wrong":      {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{revoked}, 401, `{"code":401,"message":"Unauthorized"}`, map[string]string{"X-Failure-Category": ""}},
		"gateway, no tenant":  {gateway + "jira/11111111-1111-4111-8111-111111111111/rest/api/3/myself", []option{good}, 404, `"message":"No message available"`, map[string]string{"X-Failure-Category": "FAILURE_CLIENT_TCS"}},
		"gateway, bearer":     {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{pairOf(t, "token-scoped-service"), bearer}, 200, `"appType":"service"`, nil},
		"gateway, no bearer":  {gateway + "jira/" + cloudID + "/rest/api/3/myself", []option{good, bearer}, 401, `"Unauthorized"`, nil},
		"gateway, not listed": {gateway + "jira/5a7d31e8-c20b-4e96-b4f0-9d6c18e372fb/rest/api/3/myself", []option{good}, 403, "IP address", nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t, "ok").get(want.address, want.options...)
			if a.StatusCode != want.status || !strings.Contains(a.body, want.has) {
				t.Errorf("%s %s", a.Status, a.body)
			}
			for name, value := range want.headers {
				if got := a.Header.Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
			if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(a.Header.Get("Atl-Traceid")) || a.Header.Get("Server") != "AtlassianEdge" {
				t.Errorf("not marked as Atlassian's: %v", a.Header)
			}
		})
	}
}

func TestOperationsMustBeAskedFor(t *testing.T) {
	w := open(t, "ok")
	pair := basic(w.seed.Email, w.seed.Token)
	if a := w.get(acme+"/wiki/rest/api/user/current", pair); a.StatusCode != 200 || strings.Contains(a.body, "administer") {
		t.Errorf("%s %s", a.Status, a.body)
	}
	if a := w.get(current, pairOf(t, "not-admin-confluence")); strings.Contains(a.body, "administer") || !strings.Contains(a.body, `"operation":"use"`) {
		t.Errorf("sam: %s", a.body)
	}
	if a := w.get(myself, pairOf(t, "ok-hidden-email")); strings.Contains(a.body, "emailAddress") {
		t.Errorf("a hidden email: %s", a.body)
	}
}

// Answers that aren't Atlassian's bear none of its marks.
func TestForeignAnswersAreUnmarked(t *testing.T) {
	for name, status := range map[string]int{"not-atlassian": 200, "captive-portal": 302, "sso-page": 302} {
		w := open(t, name)
		for _, address := range []string{acme + "/_edge/tenant_info", myself, gateway + "jira/x/y"} {
			a := w.get(address)
			if a.StatusCode != status || a.Header.Get("Server") == "AtlassianEdge" || a.Header.Get("Atl-Traceid") != "" {
				t.Errorf("%s, %s: %s %v", name, address, a.Status, a.Header)
			}
		}
	}
}

func TestWeatherAnswers(t *testing.T) {
	for name, want := range map[string]struct {
		status  int
		has     string
		headers map[string]string
	}{
		"rate-limited":          {429, "rate-limited", map[string]string{"Retry-After": "20", "RateLimit-Reason": "jira-burst-based", "X-RateLimit-Remaining": "0"}},
		"rate-limited-silently": {429, "", map[string]string{"Retry-After": "", "X-Failure-Category": "FAILURE CLIENT RATE LIMITED"}},
		"captcha":               {401, "", map[string]string{"X-Seraph-LoginReason": "AUTHENTICATION_DENIED", "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=" + acme + "/login.jsp"}},
		"atlassian-trouble":     {500, "Internal server error", nil},
		"bad-gateway":           {502, "502", map[string]string{"X-Cache": "Error from cloudfront"}},
		"maintenance":           {503, "Site temporarily unavailable", nil},
		"silent-anonymous":      {200, "Anonymous", map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}},
		"unrecognised":          {410, "", nil},
		"unrecognised-json":     {200, `"displayName":`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, name)
			if a := w.get(acme + "/_edge/tenant_info"); a.StatusCode != 200 {
				t.Errorf("the look-up before the check: %s", a.Status)
			}
			a := w.get(myself, basic(w.seed.Email, w.seed.Token))
			if a.StatusCode != want.status || !strings.Contains(a.body, want.has) {
				t.Errorf("%s %s", a.Status, a.body)
			}
			for name, value := range want.headers {
				if got := a.Header.Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
		})
	}
}

func TestCutOff(t *testing.T) {
	w := open(t, "cut-off")
	if a, err := w.try(t.Context(), myself, basic(w.seed.Email, w.seed.Token)); err == nil {
		t.Errorf("a whole answer: %s %s", a.Status, a.body)
	}
}

// The cloud also answers on the test's own sockets, whatever the port.
func TestServeHTTPAlone(t *testing.T) {
	s, _ := fakecloud.Find("ok")
	cloud := fakecloud.Open(s, time.Now, 0)
	defer cloud.Close()
	r := httptest.NewRequest(http.MethodGet, "https://Acme.atlassian.net:8443/rest/api/3/myself", nil)
	r.SetBasicAuth(s.Seed.Email, s.Seed.Token)
	w := httptest.NewRecorder()
	cloud.ServeHTTP(w, r)
	if w.Code != 200 || len(cloud.Requests()) != 1 || cloud.Requests()[0].Host != "acme.atlassian.net" || cloud.Connections() != 0 {
		t.Errorf("%d %+v", w.Code, cloud.Requests())
	}
}

// The same call gets the same trace id in every run, so that pictures are reproducible.
func TestTraceIDsRepeat(t *testing.T) {
	first, second := open(t, "ok"), open(t, "ok")
	address := acme + "/_edge/tenant_info"
	one, two := first.get(address).Header.Get("Atl-Traceid"), second.get(address).Header.Get("Atl-Traceid")
	if one == "" || one != two || first.get(address).Header.Get("Atl-Traceid") == one {
		t.Errorf("%s, then %s", one, two)
	}
}
