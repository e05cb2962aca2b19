package atlassian

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Fuzz targets for typed values and for headers. Those for sites, tokens, bodies and cleaning are
// in the files of their tests.

func FuzzCheckEmail(f *testing.F) {
	for _, seed := range []string{
		"mia@example.com", "mailto:mia@example.com", "\u200bmia@example.com\u00a0", "<mia@example.com>", "mia@example.com:ATATT3xFfGF0", "a@b@c", "@", "mia@",
		"ATATT3xFfGF0abcdefghijklmnopqrstuvwxyz", "https://acme.atlassian.net", "mia@exämple.com", "\xff@example.com", "mia@example.com\x1b[31m",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		email, problem := CheckEmail(typed)
		if (email == "") != (problem != EmailOK) {
			t.Fatalf("%q: %q and %q", typed, email, problem)
		}
		if problem != EmailOK {
			return
		}
		if strings.ContainsAny(email, ": \t\r\n") || strings.Count(email, "@") != 1 || len(email) > 254 || email != Clean(email, 254) {
			t.Fatalf("%q was taken as %q", typed, email)
		}
		if again, still := CheckEmail(email); again != email || still != EmailOK {
			t.Fatalf("%q is taken as %q, and that as %q, %q", typed, email, again, still)
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add(302, "https://login.hotel.example/welcome?token=x", "-5", "AUTHENTICATED_FAILED", "AtlassianEdge", "41aa")
	f.Add(302, "//acme-new.atlassian.net:8443/\x1b[2J", "Wed, 21 Oct 2099 07:28:00 GMT", "\x1b]0;x\x07", "", "")
	f.Add(429, "", "99999999999999999999", "", "atlassianedge/1", "\u202e")
	f.Add(303, "%zz", "1.5", "OK", "", strings.Repeat("a", 4096))
	f.Fuzz(func(t *testing.T, status int, location, wait, reason, server, trace string) {
		from := &url.URL{Scheme: "https", Host: "acme.atlassian.net", Path: "/rest/api/3/myself"}
		o := Observation{Call: CallIdentity, Host: from.Host}
		o.readHeader(&http.Response{StatusCode: status, Request: &http.Request{URL: from}, Header: http.Header{
			"Location": {location}, "Retry-After": {wait}, "X-Seraph-Loginreason": {reason}, "Server": {server}, "Atl-Traceid": {trace},
			"X-Authentication-Denied-Reason": {reason}, "X-Failure-Category": {trace}, "Www-Authenticate": {server, reason},
		}}, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
		for _, text := range []string{o.LoginReason, o.DeniedReason, o.FailureCategory, o.TraceID, o.Challenge, o.Redirect, o.RedirectPath} {
			if text != Clean(text, 253) {
				t.Fatalf("%q is not clean", text)
			}
		}
		if strings.Contains(o.Redirect+o.RedirectPath, "?") && !strings.Contains(location, "%3") {
			t.Fatalf("a query was kept: %q %q", o.Redirect, o.RedirectPath)
		}
		if o.RetryAfter < -1 || o.RetryAfter > 30*24*time.Hour {
			t.Fatalf("%q waits %v", wait, o.RetryAfter)
		}
		if pause, again := worthAnother(o); again && pause > longestWait {
			t.Fatalf("another try after %v", pause)
		}
	})
}
