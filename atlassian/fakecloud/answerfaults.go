package fakecloud

import (
	"net/http"
	"time"
)

// Answers that the cloud sends only in situations where something is wrong.

// rule answers some requests instead of the cloud.
type rule struct {
	path     string // the end of the path; "" for every path
	signedIn bool   // only requests that carry credentials
	site     bool   // only at sites, not at the gateway
	answer   func(exchange)
}

// edge sets the headers of Atlassian's own answers.
func (x exchange) edge() { writeProxyHeaders(x.w, x.r, x.nth) }

// tooMany sends 429. Source: developer.atlassian.com/cloud/jira/platform/rate-limiting; the body
// is as reported by users.
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

// tooManyAtGateway sends 429 without Retry-After and without a body. Source:
// developer.status.atlassian.com/incidents/bb38p4wdd7mz; that a site answers like this as well is
// invented.
func tooManyAtGateway(x exchange) {
	x.edge()
	x.w.Header().Set("X-Failure-Category", "FAILURE CLIENT RATE LIMITED")
	x.w.Header().Set("X-Ratelimit-Limit", "360000")
	x.w.Header().Set("X-Ratelimit-Remaining", "0")
	x.w.WriteHeader(http.StatusTooManyRequests)
}

// tokensBlocked sends 403 with Atlassian's own sentence. Source: users' reports of 2026.
func tokensBlocked(x exchange) {
	x.edge()
	sendJSON(x.w, http.StatusForbidden, "application/json", gatewayError{http.StatusForbidden,
		"Your admin has blocked API token access for external users. Contact your admin to find out why."})
}

// internalError sends 500. It is invented, except for its shape, the specification's
// ErrorCollection.
func internalError(x exchange) {
	x.edge()
	jiraError(x.w, http.StatusInternalServerError, "Internal server error")
}

// badGateway sends CloudFront's 502, which is in front of Atlassian's edge: invented.
func badGateway(x exchange) {
	x.edge()
	x.w.Header().Set("X-Cache", "Error from cloudfront")
	send(x.w, http.StatusBadGateway, "text/html", "<html><head><title>502 Bad Gateway</title></head><body></body></html>")
}

// busyForAMoment sends 503 and asks for one second. Source of the header with a 503: RFC 9110,
// section 10.2.3; that Jira sends it is invented.
func busyForAMoment(x exchange) {
	x.edge()
	x.w.Header().Set("Retry-After", "1")
	jiraError(x.w, http.StatusServiceUnavailable, "Service Unavailable")
}

// maintenance sends the page of an outage, with 503. Source: users' reports of April 2022.
func maintenance(x exchange) {
	x.edge()
	x.w.Header().Set("Retry-After", "600")
	pageUnavailable(x.w, x.r, http.StatusServiceUnavailable)
}

// captcha sends the answer that asks for a CAPTCHA. Sources: github.com/AtlassianPS/JiraPS,
// Test-Captcha; user reports. The gateway's answer is invented.
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

// silentAnonymous sends 200 without an account where a refusal is expected; a valid token is
// answered as usual. It is documented for routes that allow anonymous access
// (github.com/MrRefactoring/jira.js, issue 418), and invented for /myself, as the worst case.
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

// noPermissions sends a permission answer without the requested keys: invented.
func noPermissions(x exchange) {
	x.edge()
	sendJSON(x.w, http.StatusOK, jiraJSON, map[string]any{"permissions": map[string]any{}})
}

// noOperations answers as a Confluence that ignores expand=operations: invented.
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

// gone sends a status that has no meaning for these calls: invented.
func gone(x exchange) {
	x.edge()
	jiraError(x.w, http.StatusGone, "This API has been removed.")
}

// brokenJSON sends a correct answer that is cut off: invented.
func brokenJSON(x exchange) {
	x.edge()
	send(x.w, http.StatusOK, jiraJSON, `{"accountId":"5b10a2844c20165700ede21g","displayName":`)
}

// The next three don't come from Atlassian and bear none of its marks. Invented.

// loginPage sends a company's sign-in page with 200 for every address.
func loginPage(x exchange) {
	x.w.Header().Set("Server", "nginx")
	send(x.w, http.StatusOK, "text/html; charset=utf-8", "<!DOCTYPE html><html><head><title>Example Corp · Sign in</title></head><body><form method=post><input name=user></form></body></html>")
}

// captivePortal redirects every request to a hotel's page.
func captivePortal(x exchange) {
	x.w.Header().Set("Location", "http://login.hotel.example/welcome?from="+x.host)
	send(x.w, http.StatusFound, "text/html", "<html><head><title>Welcome</title></head><body>Accept our terms</body></html>")
}

// ssoPage redirects every request to a company's sign-in.
func ssoPage(x exchange) {
	x.w.Header().Set("Location", "https://sso.example.com/saml?relay="+x.host)
	x.w.WriteHeader(http.StatusFound)
}

func silence(x exchange) {
	x.hang()
	panic(http.ErrAbortHandler) // how a handler of net/http ends without an answer
}

// endless begins an answer and never finishes it.
func endless(x exchange) {
	x.edge()
	x.begin()
	x.hang()
	panic(http.ErrAbortHandler)
}

// cutOff begins an answer and closes the connection.
func cutOff(x exchange) {
	x.edge()
	x.begin()
	panic(http.ErrAbortHandler)
}

// begin sends the headers and the first bytes of an answer.
func (x exchange) begin() {
	x.w.Header().Set("Content-Type", jiraJSON)
	x.w.WriteHeader(http.StatusOK)
	_, _ = x.w.Write([]byte(`{"accountId":"5b10a2844c20165700ede21g",`)) // an error means that the client has gone
	_ = http.NewResponseController(x.w).Flush()                          // likewise
}

func (x exchange) hang() {
	select {
	case <-x.r.Context().Done():
	case <-x.cloud.closed.Done():
	}
}
