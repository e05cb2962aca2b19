package connector

import (
	"strings"

	"saasconnect/atlassian"
)

// What kind of answer a call got, judged from that answer alone (and from whether an
// Atlassian site is known to be there). What several answers say together is in facts.go.

// class is what kind of answer a call got.
type class string

// The classes. Those of an identity call come first; most hold for every call.
const (
	classNone      class = "none"      // not asked, or given up
	classFault     class = "fault"     // no usable answer: see Observation.Fault
	classAccepted  class = "accepted"  // 200, an account id, no sign of a failed login
	classAnonymous class = "anonymous" // 200, and yet no one is signed in
	classRefused   class = "refused"   // 401 by Atlassian
	classForbidden class = "forbidden" // 403 by Atlassian, without a reason that is known
	classScope     class = "scope"     // the gateway: a token with scopes, and not this one
	classCaptcha   class = "captcha"
	classIP        class = "ip"
	classPassword  class = "password" // another kind of secret than an API token
	classMissing   class = "missing"  // Atlassian's edge: nothing here
	classMoved     class = "moved"    // redirected to another Atlassian site
	classThrottled class = "throttled"
	classTrouble   class = "trouble" // 5xx by Atlassian
	classForeign   class = "foreign" // something else than Atlassian answered
	classOdd       class = "odd"     // Atlassian, in a way that is not known
)

// isSite reports whether the tenant answer proves that an Atlassian site is there.
func isSite(tenant atlassian.Observation) bool {
	return tenant.Fault == nil && tenant.Status == 200 && tenant.CloudID != ""
}

// classify puts one answer into its class. atSite is true where the site's own
// tenant answer came from Atlassian: then a refusal without marks is Atlassian's too.
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
			return classTrouble // the site is there: its maintenance page, not an empty address
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

// gated: a refusal without a mark of Atlassian's, as a web page or with a demand of another
// kind than Atlassian's. A filter or a company's gate lets the look-up of the site through,
// which carries no credentials, and stops what does.
func gated(o atlassian.Observation) bool {
	page := o.Body == atlassian.BodyHTML || o.Body == atlassian.BodyHuge
	return (o.Status == 401 || o.Status == 403) && (page || o.Challenge != "" && o.Challenge != "oauth")
}

// explained is the class of an answer that gives its own reason, whatever its status.
func explained(o atlassian.Observation) class {
	reason := strings.ToUpper(o.LoginReason)
	switch {
	case strings.Contains(reason, "AUTHENTICATION_DENIED") || strings.Contains(strings.ToUpper(o.DeniedReason), "CAPTCHA"):
		return classCaptcha
	case o.Phrase == atlassian.PhraseFront:
		return classTrouble // not a refusal, whatever its status: the service was not asked
	case o.Phrase == atlassian.PhraseIPRejected:
		return classIP
	case o.Phrase == atlassian.PhrasePassword || o.Phrase == atlassian.PhraseBearer:
		return classPassword
	case o.Phrase == atlassian.PhraseScope:
		return classScope
	case strings.Contains(reason, "AUTHENTICATED_FAILED") && o.Status == 200:
		return classAnonymous
	case strings.Contains(reason, "FAILED") && o.Status == 200:
		return classOdd // AUTHORISATION_FAILED: somebody, and not signed in
	case o.MissingTenant && (o.Status == 404 || o.Status == 503),
		o.Phrase == atlassian.PhraseUnavailable && (o.Status == 404 || o.Status == 503):
		return classMissing
	}
	return ""
}

// redirected: to another Atlassian site the site was renamed; to anywhere else it was
// not the API that answered.
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

// isTrouble: HTTP has no status above 599 (RFC 9110, section 15).
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

// classify200: a 200 alone proves nothing. Jira answers 200 as anonymous to a dead
// token, and a captive portal answers 200 to everything.
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
