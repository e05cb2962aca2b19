package fakecloud

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Atlassian's edge, which is in front of every product.

// ServeHTTP answers as Atlassian, for tests that use their own sockets.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := hostOf(r)
	nth := c.note(r, host)
	if !c.pause(r.Context(), c.latency+c.placeOf(r, host).faults.slow) {
		return
	}
	if rule := c.ruleFor(r, host); rule != nil {
		rule.answer(exchange{w, r, host, nth, c})
		return
	}
	writeProxyHeaders(w, r, nth)
	switch s, known := c.siteAt(host); {
	case host == gatewayHost:
		c.serveGateway(w, r)
	case !known:
		missingTenant(w, r)
	case s.refusesCalls && r.URL.Path != "/":
		staleName(w, r, s)
	case s.movedTo != "" && !(s.movedQuietly && r.URL.Path == tenantPath):
		moved(w, r, s)
	default:
		serveSite(w, r, s)
	}
}

// exchange is one request that a rule answers.
type exchange struct {
	w     http.ResponseWriter
	r     *http.Request
	host  string
	nth   int
	cloud *Cloud
}

// hostOf returns the host that a request is for, in lower case and without its port.
func hostOf(r *http.Request) string {
	host, _, _ := strings.Cut(r.Host, ":")
	return strings.ToLower(host)
}

const tenantPath = "/_edge/tenant_info"

func serveSite(w http.ResponseWriter, r *http.Request, s site) {
	path := r.URL.Path
	switch {
	case path == tenantPath:
		// Source: github.com/mozilla/markfluence, docs/confluence/api.md;
		// support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id.
		sendJSON(w, http.StatusOK, "application/json", map[string]string{"cloudId": s.cloudID})
	case strings.HasPrefix(path, "/wiki/"):
		serveConfluence(w, r, s)
	default:
		serveJira(w, r, s)
	}
}

// writeProxyHeaders writes the headers of every answer of Atlassian's. The trace id depends only
// on the host, the path and nth, so that pictures of screens are reproducible. Source: headers
// posted in github.com/MrRefactoring/jira.js, issue 418.
func writeProxyHeaders(w http.ResponseWriter, r *http.Request, nth int) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", r.Host, r.URL.Path, nth))
	trace := fmt.Sprintf("%x", sum[:16])
	h := w.Header()
	h.Set("Server", "AtlassianEdge")
	h.Set("Atl-Traceid", trace)
	h.Set("Atl-Request-Id", trace)
	h.Set("Cache-Control", "no-cache, no-store, no-transform")
	h.Set("Timing-Allow-Origin", "*")
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Xss-Protection", "1; mode=block")
}

// missingTenant sends the answer for a site that doesn't exist, or doesn't have the product.
// Sources: github.com/Alknoma/minutehand, tests/providers/jira/data/observed/site_unknown.http
// (the page and its headers); github.com/matcra587/jira-cli (the JSON, whose "temporarily"
// misleads); tenant_info's empty 404 was reported by users only.
func missingTenant(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == tenantPath {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Atl-Missing-Tcs", "true")
	pageUnavailable(w, r, http.StatusNotFound)
}

// pageUnavailable sends the edge's page for a site that doesn't answer, which is used in outages
// too.
func pageUnavailable(w http.ResponseWriter, r *http.Request, status int) {
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		sendJSON(w, status, "application/json", map[string]string{
			"errorCode": "OTHER", "errorMessage": "Site temporarily unavailable",
		})
		return
	}
	send(w, status, "text/html", `<!DOCTYPE html><html><head><title>Atlassian Cloud Notifications - Page Unavailable</title></head>`+
		`<body><h1>Page unavailable</h1><p>Your Atlassian Cloud site is currently unavailable. Please check `+
		`<a href="https://status.atlassian.com">Atlassian Status</a> for known problems.</p></body></html>`)
}

// moved sends the answer of a renamed site's old name. Source: jira.atlassian.com/browse/AX-715
// (302 to the new name). Whether tenant_info is redirected as well is not known, so there is a
// site of either kind.
func moved(w http.ResponseWriter, r *http.Request, s site) {
	w.Header().Set("Location", "https://"+s.movedTo+suffix+r.URL.RequestURI())
	w.WriteHeader(http.StatusFound)
}

// staleName answers for an old name that still exists: tenant_info as usual, API calls with 401.
// Source: support.atlassian.com, "Update an app URL subdomain"; the type of the answer was
// reported by users.
func staleName(w http.ResponseWriter, r *http.Request, s site) {
	if r.URL.Path == tenantPath {
		serveSite(w, r, s)
		return
	}
	send(w, http.StatusUnauthorized, "text/html;charset=UTF-8", "Client must be authenticated to access this resource.")
}

// send writes an answer with its length.
func send(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // an error means that the client has gone
}

// sendJSON writes value as JSON. value must be one that can be encoded.
func sendJSON(w http.ResponseWriter, status int, kind string, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, nil
	}
	send(w, status, kind, string(body))
}
