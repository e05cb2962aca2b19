package connector

import (
	"strings"

	"saasconnect/atlassian"
)

// This file classifies each answer by itself; only atSite, which depends on CallTenant's answer,
// comes from elsewhere. What several answers say together is in facts.go.

// class is the kind of answer that a call got.
type class string

// The classes. Those of an identity call come first; most apply to every call.
const (
	classNone      class = "none"      // not called, or canceled
	classFault     class = "fault"     // no usable answer: see Observation.Fault
	classAccepted  class = "accepted"  // 200, an account id, no sign of a failed login
	classAnonymous class = "anonymous" // 200, but no one is signed in
	classRefused   class = "refused"   // 401 by Atlassian
	classForbidden class = "forbidden" // 403 by Atlassian, without a known reason
	classScope     class = "scope"     // the gateway: the token has scopes, but not the required one
	classCaptcha   class = "captcha"
	classIP        class = "ip"
	classPassword  class = "password" // another kind of secret than an API token
	classMissing   class = "missing"  // Atlassian's edge: no site or product here
	classMoved     class = "moved"    // redirected to another Atlassian site
	classThrottled class = "throttled"
	classTrouble   class = "trouble" // 5xx by Atlassian
	classForeign   class = "foreign" // something other than Atlassian answered
	classOdd       class = "odd"     // Atlassian answered, in an unknown way
)

// isSite reports whether the answer of CallTenant proves that the Atlassian site exists.
func isSite(tenant atlassian.Observation) bool {
	return tenant.Fault == nil && tenant.Status == 200 && tenant.CloudID != ""
}

// classify returns the class of one answer. atSite is true where CallTenant's answer came from
// Atlassian: then a refusal without Atlassian's marks counts as Atlassian's as well.
func classify(o atlassian.Observation, atSite bool) class {
	switch {
	case o.Fault != nil && o.Fault.Kind == atlassian.FaultCanceled:
		return classNone
	case o.Fault != nil:
		return classFault
	case o.Status == 0:
		return classNone
	}
	if c := explained(o); c != "" {
		if c == classMissing && o.Status == 503 && atSite && o.Call != atlassian.CallTenant {
			return classTrouble // the site exists, so this is its maintenance page
		}
		return c
	}
	if o.Status >= 300 && o.Status < 400 {
		return redirected(o, atSite)
	}
	if o.Call == atlassian.CallTenant {
		return classifyTenant(o)
	}
	ours := o.Edge || o.Phrase != atlassian.PhraseNone || atSite && !gated(o)
	if !ours && o.Status != 200 {
		return classForeign
	}
	return classifyStatus(o)
}

// gated reports whether a 401 or 403 most likely comes from a filter or gateway of a company: it
// is a web page, or asks for another kind of sign-in than Atlassian does. Such gateways may let
// CallTenant through, which carries no credentials, and block the calls that do.
func gated(o atlassian.Observation) bool {
	page := o.Body == atlassian.BodyHTML || o.Body == atlassian.BodyHuge
	return (o.Status == 401 || o.Status == 403) && (page || o.Challenge != "" && o.Challenge != "oauth")
}

// explained returns the class of an answer that gives its own reason, whatever its status; ""
// otherwise.
func explained(o atlassian.Observation) class {
	reason := strings.ToUpper(o.LoginReason)
	switch {
	case strings.Contains(reason, "AUTHENTICATION_DENIED") || strings.Contains(strings.ToUpper(o.DeniedReason), "CAPTCHA"):
		return classCaptcha
	case o.Phrase == atlassian.PhraseFront:
		return classTrouble // CloudFront's page: the service behind it was not reached, so this is no refusal
	case o.Phrase == atlassian.PhraseIPRejected:
		return classIP
	case o.Phrase == atlassian.PhrasePassword || o.Phrase == atlassian.PhraseBearer:
		return classPassword
	case o.Phrase == atlassian.PhraseScope:
		return classScope
	case strings.Contains(reason, "AUTHENTICATED_FAILED") && o.Status == 200:
		return classAnonymous
	case strings.Contains(reason, "FAILED") && o.Status == 200:
		return classOdd // AUTHORISATION_FAILED: a known account, but not signed in
	case o.MissingTenant && (o.Status == 404 || o.Status == 503),
		o.Phrase == atlassian.PhraseUnavailable && (o.Status == 404 || o.Status == 503):
		return classMissing
	}
	return ""
}

// redirected returns the class of a 3xx: a redirect to another Atlassian site means that the site
// was renamed; one to any other host means that the API did not answer.
func redirected(o atlassian.Observation, atSite bool) class {
	if _, _, err := atlassian.ParseSite(o.Redirect); err == nil && o.Redirect != o.Host {
		return classMoved
	}
	if strings.HasSuffix(o.Redirect, ".atlassian.com") || o.Redirect == "" && (o.Edge || atSite) {
		return classOdd
	}
	return classForeign
}

func classifyTenant(o atlassian.Observation) class {
	switch {
	case isSite(o):
		return classAccepted
	case o.Status == 404 && o.Body != atlassian.BodyHTML, o.Status == 404 && o.Edge:
		return classMissing
	case o.Status == 429:
		return classThrottled
	case isTrouble(o.Status) && o.Edge:
		return classTrouble
	case o.Edge:
		return classOdd
	}
	return classForeign
}

// isTrouble reports whether status is a server error. HTTP has none above 599 (RFC 9110, section
// 15).
func isTrouble(status int) bool { return status >= 500 && status <= 599 }

func classifyStatus(o atlassian.Observation) class {
	switch {
	case o.Status == 200:
		return classify200(o)
	case o.Status == 401:
		return classRefused
	case o.Status == 403:
		return classForbidden
	case o.Status == 429:
		return classThrottled
	case isTrouble(o.Status):
		return classTrouble
	}
	return classOdd
}

// classify200 returns the class of a 200, which by itself proves nothing: Jira returns 200 as
// anonymous for an invalid token, and a captive portal returns 200 for everything.
func classify200(o atlassian.Observation) class {
	switch o.Call {
	case atlassian.CallIdentity, atlassian.CallGateway, atlassian.CallJiraIdentity:
		switch {
		case o.Person != nil && o.Person.Anonymous:
			return classAnonymous
		case o.Person != nil && o.Person.ID != "":
			return classAccepted
		}
	case atlassian.CallPermissions:
		if o.Admin != nil {
			return classAccepted
		}
	case atlassian.CallCoverage, atlassian.CallListed:
		if o.Coverage != nil {
			return classAccepted
		}
	case atlassian.CallScopes:
		if o.Body == atlassian.BodyJSON {
			return classAccepted
		}
	case atlassian.CallTenant, atlassian.CallFront:
	default: // a page of keys
		if o.Keys != nil {
			return classAccepted
		}
	}
	if o.Edge && o.Body != atlassian.BodyHTML {
		return classOdd
	}
	return classForeign
}
