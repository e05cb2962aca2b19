package connector_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Fuzzing Conclude with whole sets of calls, each built from bytes: answers and combinations that
// the enumeration in laws_test.go doesn't have. The laws hold for all.

// fuzzedCalls are the calls, in the order in which the bytes describe them.
var fuzzedCalls = []atlassian.Call{
	atlassian.CallTenant, atlassian.CallIdentity, atlassian.CallPermissions, atlassian.CallCoverage, atlassian.CallGateway, atlassian.CallJiraIdentity,
}

// eachTakes is the number of bytes that describe one call's answer.
const eachTakes = 10

// chosen builds an answer from bytes; ok is false where the call was not made.
func chosen(call atlassian.Call, product connector.Product, b []byte, text string) (o atlassian.Observation, ok bool) {
	o = atlassian.Observation{Call: call, Method: "GET", Host: "acme.atlassian.net", Path: pathOf(call, product), At: noon, Attempts: 1 + int(b[9])%2, RetryAfter: -1}
	switch kinds := atlassian.FaultKinds(); {
	case b[0] < 40:
		return o, false
	case b[0] < 80:
		o.Fault = &atlassian.Fault{Kind: kinds[int(b[1])%len(kinds)], Issuer: text, Subject: text, Proxy: text, ProxyStatus: 400 + int(b[2])}
		return o, true
	case b[0] < 160:
		o.Status = 200
	default:
		o.Status = []int{201, 204, 301, 302, 307, 400, 401, 403, 404, 407, 418, 429, 500, 502, 503, 504, 599, 600, 999, 100 + int(b[1])}[int(b[2])%20]
	}
	bit := func(n int) bool { return b[3]>>n&1 == 1 }
	o.Edge, o.MissingTenant = bit(0), bit(1) && bit(2) && bit(3)
	o.LoginReason = pick(b[4], "", "", "", "OK", "OUT", "AUTHENTICATED_FAILED", "authenticated_failed", "AUTHORISATION_FAILED", "OK, AUTHENTICATION_DENIED", text)
	o.DeniedReason = pick(b[5], "", "", "", "", "CAPTCHA_CHALLENGE", text)
	o.FailureCategory = pick(b[5]/16, "", "", "FAILURE_CLIENT_TCS", "FAILURE_CLIENT_SCOPE_CHECK", text)
	o.Challenge = pick(b[6], "", "", "oauth", "negotiate", text)
	o.Body = pick(b[7], atlassian.BodyNone, atlassian.BodyJSON, atlassian.BodyText, atlassian.BodyHTML, atlassian.BodyXML, atlassian.BodyBroken, atlassian.BodyHuge)
	o.Phrase = pick(b[8], atlassian.PhraseNone, atlassian.PhraseNone, atlassian.PhraseNone, atlassian.PhraseMustAuthenticate, atlassian.PhrasePassword, atlassian.PhraseBearer,
		atlassian.PhraseIPRejected, atlassian.PhraseScope, atlassian.PhraseUnavailable, atlassian.PhraseNoConfluence, atlassian.PhraseFront, atlassian.PhraseTomcat401)
	if o.Status >= 300 && o.Status <= 399 {
		o.Redirect, o.RedirectPath = pick(b[6]/8, "", "acme-new.atlassian.net", "login.hotel.example", "id.atlassian.com", text), text
	}
	if o.Status == 429 || o.Status == 503 {
		o.RetryAfter = time.Duration(int(b[1])-1) * time.Minute
	}
	if o.Status == 200 {
		decoded(&o, b, bit, text)
	}
	return o, true
}

// decoded adds the fields that a body may have had.
func decoded(o *atlassian.Observation, b []byte, bit func(int) bool, text string) {
	yes, no := true, false
	o.Admin = pick(b[1], &yes, &yes, &no, nil)
	if bit(4) {
		o.CloudID = cloudID
	}
	if bit(5) {
		o.Coverage = &atlassian.Coverage{Count: int(b[1]), AtLeast: bit(0)}
	}
	if !bit(6) {
		o.Person = &atlassian.Person{
			ID: pick(b[2], "5b10", "5b10", "5b10", "", text), Name: text, Email: pick(b[2]/8, "", "mia@example.com", text), Active: pick(b[1]/4, nil, &yes, &no),
			Anonymous: bit(7) && bit(5), Kind: pick(b[9], "", "atlassian", "app", "customer", text), App: pick(b[9]/8, "", "", "service", "agent", text),
		}
	}
}

func pick[T any](by byte, of ...T) T { return of[int(by)%len(of)] }

func FuzzCalls(f *testing.F) {
	good := []byte{100, 0, 0, 0x31, 0, 0, 0, 1, 0, 0}
	f.Add(true, 0, "Mia", slices.Concat(good, good, good, good))
	f.Add(false, -3, "mia@example.com", slices.Concat(good, []byte{200, 0, 7, 1, 0, 0, 2, 1, 9, 0}, good, good, good, good))
	f.Add(true, 20, "evil.example", slices.Concat(good, []byte{200, 0, 6, 0, 5, 0, 3, 3, 0, 1}, good, good, []byte{200, 0, 6, 1, 0, 0, 0, 1, 7, 0}))
	f.Add(false, 0, "", slices.Concat([]byte{50, 4, 0, 0, 0, 0, 0, 0, 0, 0}, []byte{60, 9, 0, 0, 0, 0, 0, 0, 0, 1}))
	f.Fuzz(func(t *testing.T, jira bool, days int, text string, bytes []byte) {
		q := connector.CheckRequest{Product: connector.Confluence, Site: acme(t), Email: "mia@example.com", Now: noon}
		if jira {
			q.Product = connector.Jira
		}
		if days != 0 {
			q.Expires = connector.DateOf(noon.AddDate(0, 0, days%400))
		}
		text = atlassian.Clean(text, 100)
		var seen []atlassian.Observation
		for i, call := range fuzzedCalls {
			if at := i * eachTakes; at+eachTakes <= len(bytes) {
				if o, made := chosen(call, q.Product, bytes[at:at+eachTakes], text); made {
					seen = append(seen, o)
				}
			}
		}
		r := connector.Conclude(q, seen)
		if law := fuzzedLaw(q, seen, r); law != "" {
			t.Fatalf("%s: %s\n%+v\n%+v", r.Code, law, r, seen)
		}
		turned := slices.Clone(seen)
		slices.Reverse(turned)
		if again := connector.Conclude(q, turned); !reflect.DeepEqual(r, again) {
			t.Fatalf("the order of landing changed the report:\n%+v\n%+v", r, again)
		}
		for i := range seen {
			connector.ProgressOf(q, seen[:i])
		}
		for _, said := range append(textsOf(r), connector.Message(r), connector.RedactedReport(r)) {
			if strings.Contains(said, "%!") || strings.ContainsFunc(said, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
				t.Fatalf("%q is said", said)
			}
		}
	})
}

// fuzzedLaw returns a law that a report breaks; "" for none.
func fuzzedLaw(q connector.CheckRequest, seen []atlassian.Observation, r connector.Report) string {
	by := map[atlassian.Call]atlassian.Observation{}
	refusal := false // some answer may be a refusal of Atlassian's
	for _, o := range seen {
		by[o.Call] = o
		refusal = refusal || o.Fault == nil && (o.Status == 200 || o.Status == 401 || o.Status == 403)
		failed := strings.Contains(strings.ToUpper(o.LoginReason), "AUTHENTICATED_FAILED") && o.Status == 200 && o.Call != atlassian.CallGateway && o.Call != atlassian.CallTenant && o.Call != atlassian.CallJiraIdentity
		if failed && r.Good() && (o.Call != atlassian.CallPermissions || q.Product == connector.Jira) {
			return "good, and a login failed"
		}
	}
	identity, right := by[atlassian.CallIdentity], by[atlassian.CallIdentity]
	if q.Product == connector.Jira {
		right = by[atlassian.CallPermissions]
	}
	proven := identity.Fault == nil && identity.Status == 200 && identity.Person != nil && identity.Person.ID != "" && !identity.Person.Anonymous &&
		right.Status == 200 && right.Admin != nil && *right.Admin && !strings.Contains(strings.ToUpper(identity.LoginReason+right.LoginReason), "FAILED")
	bad := 0
	for _, s := range r.Stages {
		if s.Verdict == connector.Failing || s.Verdict == connector.Unknown {
			bad++
		}
		if s.Verdict == connector.Waiting {
			return "a finished report waits"
		}
	}
	switch {
	case r.Code == "" || r.Title == "" || r.Why == "":
		return "no diagnosis, or none in words"
	case r.Good() && !proven:
		return "good without proof"
	case r.Verdict != connector.Working && len(r.Remedies) == 0:
		return "no remedy"
	case r.Good() && bad > 0, !r.Good() && bad != 1:
		return "the stages do not end as the report does"
	case (r.Code == connector.CodeTokenRefused || r.Code == connector.CodeTokenExpired || r.Code == connector.CodeTokenScoped) && (!refusal || identity.Fault != nil):
		return "the token is blamed, and nothing refused it"
	case identity.Fault != nil && r.Verdict == connector.Failing && r.Code != connector.CodeNoSuchSite && r.Code != connector.CodeSiteRenamed:
		return "failing, and the identity call had no answer"
	case slices.Contains(r.Also, r.Code), len(r.Stages) != len(connector.Stages()):
		return "also, or the stages, are wrong"
	}
	return ""
}
