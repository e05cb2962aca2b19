package fakecloud

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Confluence. Paths, fields and types follow developer.atlassian.com/cloud/confluence (the OpenAPI
// documents of v1 and v2). Refusals follow measurements on live sites in 2026 by
// github.com/mozilla/markfluence, docs/confluence/api.md, and github.com/brekkylab/backlot,
// backlot/errors/atlassian.py.

func serveConfluence(w http.ResponseWriter, r *http.Request, s site) {
	switch cred := credentialOf(r); {
	case !s.confluence:
		// The page for a missing product. Reported by users, along with other answers.
		missingTenant(w, r)
	case s.listed:
		addressRejected(w)
	case cred.unreadable, cred.person != nil && !cred.bearer && cred.token.scoped():
		tomcat401(w, s)
	case cred.password:
		passwordDeprecated(w)
	default:
		// A Bearer token is answered like a wrong token: invented.
		confluenceAnswer(w, r, s, cred.atSite())
	}
}

// confluenceAnswer answers as Confluence, at the site or behind the gateway. It never sends
// X-Seraph-LoginReason.
func confluenceAnswer(w http.ResponseWriter, r *http.Request, s site, who caller) {
	v2 := strings.HasPrefix(r.URL.Path, "/wiki/api/v2/")
	anyone := who.person == nil && s.publicWiki
	switch {
	case !anyone && (who.person == nil || who.noWiki):
		// A wrong token and a missing license get the same answer.
		if v2 {
			hiddenV2(w)
			return
		}
		cannotAccess(w)
	case r.URL.Path == "/wiki/rest/api/user/current":
		user := anonymous(s)
		if who.person != nil {
			user = who.confluenceUser(s, expands(r, "operations"))
		}
		sendJSON(w, http.StatusOK, "application/json", user)
	case r.URL.Path == "/wiki/api/v2/spaces":
		spaces(w, r, s, who)
	case v2:
		hiddenV2(w)
	default:
		sendJSON(w, http.StatusNotFound, "application/json", map[string]any{"statusCode": 404, "message": "null for uri: " + r.URL.Path}) // invented
	}
}

// expands reports whether the expand parameter contains part.
func expands(r *http.Request, part string) bool {
	for _, list := range r.URL.Query()["expand"] {
		for name := range strings.SplitSeq(list, ",") {
			if name == part {
				return true
			}
		}
	}
	return false
}

// cannotAccess sends a 403, where a 401 would be expected. Sources: markfluence, backlot.
func cannotAccess(w http.ResponseWriter) {
	sendJSON(w, http.StatusForbidden, "application/json", confluenceError{http.StatusForbidden,
		`com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"`})
}

type confluenceError struct {
	StatusCode int    `json:"statusCode"`
	Message    string `json:"message"`
}

// hiddenV2 sends v2's answer to a refused sign-in: 404. Source: markfluence.
func hiddenV2(w http.ResponseWriter) {
	sendJSON(w, http.StatusNotFound, "application/json", map[string]any{
		"errors": []any{map[string]any{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": nil}},
	})
}

// tomcat401 sends the answer to a Basic value that can't be parsed, or to a token with scopes; it
// comes from the server in front of Confluence. Sources: backlot, markfluence.
func tomcat401(w http.ResponseWriter, s site) {
	w.Header().Set("WWW-Authenticate", fmt.Sprintf("OAuth realm=%q", url.QueryEscape(s.origin()+"/wiki")))
	send(w, http.StatusUnauthorized, "text/html;charset=utf-8", `<!doctype html><html lang="en"><head><title>HTTP Status 401 – Unauthorized</title></head>`+
		`<body><h1>HTTP Status 401 – Unauthorized</h1><p>The request has not been applied to the target resource because it lacks valid authentication credentials for that resource.</p></body></html>`)
}

// confluenceUser returns the account as Confluence's User; operations says whether to include
// them. Without them, an admin's answer is like any other. Sources: the specification's User; for
// an admin's operations Atlassian's own xflow mock (Atlaskit).
func (p *person) confluenceUser(s site, operations bool) map[string]any {
	email := p.email
	if p.hidden {
		email = ""
	}
	user := map[string]any{
		"type": "known", "accountId": p.id, "accountType": p.kind, "email": email,
		"publicName": p.name, "displayName": p.name, "timeZone": "Australia/Sydney",
		"isGuest": false, "isExternalCollaborator": false,
		"profilePicture": map[string]any{"path": "/wiki/aa-avatar/" + p.id, "width": 48, "height": 48, "isDefault": false},
		"_expandable":    map[string]string{"operations": "", "personalSpace": ""},
		"_links":         links(s),
	}
	if operations {
		may := []any{operation("use")}
		if p.wikiAdmin {
			may = append(may, operation("administer"), operation("create_space"))
		}
		user["operations"] = may
		user["_expandable"] = map[string]string{"personalSpace": ""}
	}
	return user
}

// anonymous returns the specification's UserAnonymous. A wrong token may be answered with it where
// Confluence allows anonymous access. Source: community.atlassian.com, 3039044.
func anonymous(s site) map[string]any {
	return map[string]any{
		"type": "anonymous", "displayName": "Anonymous", "operations": []any{operation("use")},
		"profilePicture": map[string]any{"path": "/wiki/images/icons/profilepics/anonymous.svg", "width": 48, "height": 48, "isDefault": true},
		"_links":         links(s),
	}
}

func operation(name string) map[string]string {
	return map[string]string{"operation": name, "targetType": "application"}
}

func links(s site) map[string]string {
	return map[string]string{"base": s.origin() + "/wiki", "context": "/wiki", "self": s.origin() + "/wiki/rest/api/user/current"}
}

// spaces sends a page of spaces as v2's MultiEntityResult: limit 1 to 250, a cursor, a Link
// header, no total.
func spaces(w http.ResponseWriter, r *http.Request, s site, who caller) {
	total := 1
	if who.person != nil {
		total = who.spaces
	}
	limit, start := number(r, "limit", 25), number(r, "cursor", 0)
	if limit < 1 || limit > 250 {
		sendJSON(w, http.StatusBadRequest, "application/json", map[string]any{
			"errors": []any{map[string]any{"status": 400, "code": "INVALID_REQUEST_PARAMETER", "title": "Provided value for 'limit' is not valid", "detail": nil}},
		}) // invented, except for its shape
		return
	}
	results := []any{}
	for n := start; n < min(start+limit, total); n++ {
		results = append(results, map[string]any{
			"id": fmt.Sprint(65536 + n), "key": fmt.Sprintf("S%d", n+1), "name": fmt.Sprintf("Space %d", n+1),
			"type": "global", "status": "current", "createdAt": "2024-05-02T08:15:00.000Z", "homepageId": fmt.Sprint(98304 + n),
			"_links": map[string]string{"webui": fmt.Sprintf("/spaces/S%d", n+1)},
		})
	}
	page := map[string]string{"base": s.origin() + "/wiki"}
	if next := start + len(results); next < total {
		page["next"] = fmt.Sprintf("/wiki/api/v2/spaces?limit=%d&cursor=%d", limit, next)
		w.Header().Set("Link", fmt.Sprintf("<%s>; rel=\"next\"", page["next"]))
	}
	sendJSON(w, http.StatusOK, "application/json", map[string]any{"results": results, "_links": page})
}
