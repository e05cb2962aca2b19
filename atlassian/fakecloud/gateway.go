package fakecloud

import (
	"net/http"
	"slices"
	"strings"
)

// The gateway, api.atlassian.com: the only place that accepts tokens with scopes.

func (c *Cloud) serveGateway(w http.ResponseWriter, r *http.Request) {
	// /ex/{product}/{cloudId}/…
	parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 4)
	if len(parts) < 4 || parts[0] != "ex" {
		noSuchTenant(w, r)
		return
	}
	product, path := parts[1], "/"+parts[3]
	s, known := c.siteOf(parts[2])
	if !known || !s.has(product) {
		noSuchTenant(w, r)
		return
	}
	cred := credentialOf(r)
	switch {
	case cred.person == nil:
		refusedAtGateway(w)
		return
	case s.listed:
		addressRejected(w)
		return
	case cred.token.scoped() && !allowed(path, cred.token.scopes):
		scopeDoesNotMatch(w)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path = path
	if product == confluence {
		confluenceAnswer(w, inner, s, caller{person: cred.person})
		return
	}
	jiraAnswer(w, inner, s, caller{person: cred.person})
}

// refusedAtGateway sends 401. Source: probes of a tenant on 2026-03-08 (another path than
// /myself).
func refusedAtGateway(w http.ResponseWriter) {
	sendJSON(w, http.StatusUnauthorized, "application/json", gatewayError{http.StatusUnauthorized, "Unauthorized"})
}

// scopeDoesNotMatch sends 401. Sources: github.com/kovetskiy/mark, issue 917;
// github.com/mozilla/markfluence, docs/confluence/api.md.
func scopeDoesNotMatch(w http.ResponseWriter) {
	w.Header().Set("X-Failure-Category", "FAILURE_CLIENT_SCOPE_CHECK")
	sendJSON(w, http.StatusUnauthorized, "application/json", gatewayError{http.StatusUnauthorized, "Unauthorized; scope does not match"})
}

type gatewayError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// noSuchTenant sends 404. Source: github.com/Alknoma/minutehand,
// tests/providers/jira/data/observed. That a product missing from the site is answered like this
// as well was reported by users.
func noSuchTenant(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Failure-Category", "FAILURE_CLIENT_TCS")
	sendJSON(w, http.StatusNotFound, "application/json", map[string]any{
		"timestamp": "2026-10-08T09:41:07.312+00:00", "status": 404, "error": "Not Found",
		"message": "No message available", "path": r.URL.Path,
	})
}

// allowed reports whether scopes are enough for a call: one of the path's sets must be held
// completely. The classic scopes don't cover Confluence's v2. Sources: developer.atlassian.com,
// the OpenAPI documents of both products; github.com/mozilla/markfluence, docs/confluence/api.md
// (v2).
func allowed(path string, scopes []string) bool {
	sets, known := map[string][][]string{
		"/rest/api/3/myself":          {{"read:jira-user"}, {"read:application-role:jira", "read:group:jira", "read:user:jira", "read:avatar:jira"}},
		"/rest/api/3/mypermissions":   {{"read:jira-work"}, {"read:permission:jira"}},
		"/rest/api/3/project/search":  {{"read:jira-work"}, {"read:project:jira"}},
		"/rest/api/3/serverInfo":      {{}},
		"/rest/api/3/permissions":     {{"manage:jira-configuration"}, {"read:permission:jira"}},
		"/wiki/rest/api/user/current": {{"read:confluence-user"}, {"read:content-details:confluence"}},
		"/wiki/api/v2/spaces":         {{"read:space:confluence"}},
	}[path]
	return known && slices.ContainsFunc(sets, func(set []string) bool {
		return !slices.ContainsFunc(set, func(scope string) bool { return !slices.Contains(scopes, scope) })
	})
}
