package fakecloud

import (
	"net/http"
	"time"
)

// Answers that the cloud gives only where something is wrong.

// rule answers some requests in place of the cloud.
type rule struct {
	path     string // the end of the path; "" for every path
	signedIn bool   // only requests that carry credentials
	site     bool   // only at sites, not at the gateway
	answer   func(exchange)
}

// edge makes it an answer of Atlassian's own.
func (x exchange) edge() { writeProxyHeaders(x.w, x.r, x.nth) }

// tooMany: Source: developer.atlassian.com/cloud/jira/platform/rate-limiting; the body is
// as reported by users.
func tooMany(x exchange) {
	x.edge()
	h := x.w.Header()
	h.Set("Retry-After", "20")
	h.Set("X-RateLimit-Limit", "350")
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", x.cloud.now().Add(20*time.Second).UTC().Format(time.RFC3339))
	h.Set("RateLimit-Reason", "jira-burst-based")
	sendJSON(x.w, http.StatusTooManyRequests, jiraJSON, map[string]any{
		"errorMessages": []string{"The request has been rate-limited. Please try again later."}, "errors": map[string]string{}, "status": 429,
	})
}

// tooManyAtGateway has no Retry-After and no body to speak of.
// Source: developer.status.atlassian.com/incidents/bb38p4wdd7mz; that a site answers so
// as well is invented.
func tooManyAtGateway(x exchange) {
	x.edge()
	x.w.Header().Set("X-Failure-Category", "FAILURE CLIENT RATE LIMITED")
	x.w.Header().Set("X-Ratelimit-Limit", "360000")
	x.w.Header().Set("X-Ratelimit-Remaining", "0")
	x.w.WriteHeader(http.StatusTooManyRequests)
}

// tokensBlocked: Source: users' reports of 2026; the sentence is Atlassian's.
func tokensBlocked(x exchange) {
	x.edge()
	sendJSON(x.w, http.StatusForbidden, "application/json", gatewayError{http.StatusForbidden,
		"Your admin has blocked API token access for external users. Contact your admin to find out why."})
}

// internalError is invented but for its shape, the specification's ErrorCollection.
func internalError(x exchange) {
	x.edge()
	jiraError(x.w, http.StatusInternalServerError, "Internal server error")
}

// badGateway is invented; CloudFront stands before Atlassian's edge.
func badGateway(x exchange) {
	x.edge()
	x.w.Header().Set("X-Cache", "Error from cloudfront")
	send(x.w, http.StatusBadGateway, "text/html", "<html><head><title>502 Bad Gateway</title></head><body></body></html>")
}

// busyForAMoment asks for one second. Source of the header with a 503: RFC 9110, 10.2.3;
// that Jira sends it is invented.
func busyForAMoment(x exchange) {
	x.edge()
	x.w.Header().Set("Retry-After", "1")
	jiraError(x.w, http.StatusServiceUnavailable, "Service Unavailable")
}

// maintenance is the page of an outage, with 503: so reported by users in April 2022.
func maintenance(x exchange) {
	x.edge()
	x.w.Header().Set("Retry-After", "600")
	pageUnavailable(x.w, x.r, http.StatusServiceUnavailable)
}

// captcha: Sources: github.com/AtlassianPS/JiraPS, Test-Captcha; user reports. The
// gateway's part in it is invented.
func captcha(x exchange) {
	x.edge()
	if x.host == gatewayHost {
		refusedAtGateway(x.w)
		return
	}
	x.w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
	x.w.Header().Set("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=https://"+x.host+"/login.jsp")
	s, _ := x.cloud.siteAt(x.host)
	mustAuthenticate(x.w, x.r, s)
}

// silentAnonymous is a 200 for no one, where a refusal is expected. On routes that anyone
// may ask it is the rule (github.com/MrRefactoring/jira.js, issue 418); on /myself it is
// invented, as the worst that could come. Whoever may sign in is answered as always.
func silentAnonymous(x exchange) {
	x.edge()
	if s, known := x.cloud.siteAt(x.host); known && credentialOf(x.r).atSite().person != nil {
		serveSite(x.w, x.r, s)
		return
	}
	x.w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	sendJSON(x.w, http.StatusOK, jiraJSON, map[string]any{
		"self": "https://" + x.host + "/rest/api/3/user", "accountType": "unknown", "displayName": "Anonymous", "active": true,
	})
}

// noPermissions is a permission answer without the keys that were asked for: invented.
func noPermissions(x exchange) {
	x.edge()
	sendJSON(x.w, http.StatusOK, jiraJSON, map[string]any{"permissions": map[string]any{}})
}

// noOperations is a Confluence that ignores expand=operations: invented.
func noOperations(x exchange) {
	who := credentialOf(x.r).atSite()
	s, known := x.cloud.siteAt(x.host)
	x.edge()
	if who.person == nil || !known {
		cannotAccess(x.w)
		return
	}
	sendJSON(x.w, http.StatusOK, "application/json", who.confluenceUser(s, false))
}

// gone is a status that means nothing here: invented.
func gone(x exchange) {
	x.edge()
	jiraError(x.w, http.StatusGone, "This API has been removed.")
}

// brokenJSON begins as the right answer and is none: invented.
func brokenJSON(x exchange) {
	x.edge()
	send(x.w, http.StatusOK, jiraJSON, `{"accountId":"5b10a2844c20165700ede21g","displayName":`)
}

// The next three are no answers of Atlassian's, and bear none of its marks. Invented.

// loginPage is a company's page with 200 for every address.
func loginPage(x exchange) {
	x.w.Header().Set("Server", "nginx")
	send(x.w, http.StatusOK, "text/html; charset=utf-8", "<!DOCTYPE html><html><head><title>Example Corp · Sign in</title></head><body><form method=post><input name=user></form></body></html>")
}

// captivePortal sends everyone to a hotel's page.
func captivePortal(x exchange) {
	x.w.Header().Set("Location", "http://login.hotel.example/welcome?from="+x.host)
	send(x.w, http.StatusFound, "text/html", "<html><head><title>Welcome</title></head><body>Accept our terms</body></html>")
}

// ssoPage sends every request to a company's sign-in.
func ssoPage(x exchange) {
	x.w.Header().Set("Location", "https://sso.example.com/saml?relay="+x.host)
	x.w.WriteHeader(http.StatusFound)
}

// silence never answers, until no one waits any more.
func silence(x exchange) {
	x.hang()
	panic(http.ErrAbortHandler) // net/http's way to end without an answer
}

// endless begins an answer and never ends it.
func endless(x exchange) {
	x.edge()
	x.begin()
	x.hang()
	panic(http.ErrAbortHandler)
}

// cutOff begins an answer and then the connection is gone.
func cutOff(x exchange) {
	x.edge()
	x.begin()
	panic(http.ErrAbortHandler)
}

// begin sends the headers and the first bytes of a longer answer.
func (x exchange) begin() {
	x.w.Header().Set("Content-Type", jiraJSON)
	x.w.WriteHeader(http.StatusOK)
	_, _ = x.w.Write([]byte(`{"accountId":"5b10a2844c20165700ede21g",`)) // the client is gone
	_ = http.NewResponseController(x.w).Flush()                          // likewise
}

func (x exchange) hang() {
	select {
	case <-x.r.Context().Done():
	case <-x.cloud.closed.Done():
	}
}
