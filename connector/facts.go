package connector

import (
	"strings"

	"saasconnect/atlassian"
)

// Facts are what the observations come down to, before anything is concluded: each
// call's answer gets one class. Concluding reads facts only, so the enumeration in the
// tests can go through every combination of classes there is.

// class is what kind of answer a call got.
type class string

// The classes. Those of an identity call come first; most hold for every call.
const (
	classNone      class = "none"      // not asked, or given up
	classFault     class = "fault"     // no usable answer: see Observation.Fault
	classAccepted  class = "accepted"  // 200, an account id, no sign of a failed login
	classAnonymous class = "anonymous" // 200, and yet nobody is signed in
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

// facts is everything a diagnosis may look at.
type facts struct {
	q   Question
	by  map[atlassian.Call]atlassian.Observation
	cls map[atlassian.Call]class
}

func newFacts(q Question, seen []atlassian.Observation) *facts {
	f := &facts{q: q, by: map[atlassian.Call]atlassian.Observation{}, cls: map[atlassian.Call]class{}}
	for _, o := range seen {
		if _, twice := f.by[o.Call]; !twice {
			f.by[o.Call] = o
		}
	}
	proven := isSite(f.by[atlassian.CallTenant])
	for call, o := range f.by {
		f.cls[call] = classify(o, proven)
	}
	return f
}

// of is a call's class; classNone where it was not made.
func (f *facts) of(call atlassian.Call) class {
	if c, ok := f.cls[call]; ok {
		return c
	}
	return classNone
}

// isSite reports whether the tenant answer proves that an Atlassian site is there.
func isSite(tenant atlassian.Observation) bool {
	return tenant.Fault == nil && tenant.Status == 200 && tenant.CloudID != ""
}

// classify puts one answer into its class. atSite is true where the site's own
// tenant answer came from Atlassian: then a refusal without marks is Atlassian's too.
func classify(o atlassian.Observation, atSite bool) class {
	switch {
	case o.Fault != nil && o.Fault.Kind == atlassian.FaultCancelled:
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
		return redirected(o)
	}
	if o.Call == atlassian.CallTenant {
		return classifyTenant(o)
	}
	ours := o.Edge || o.Phrase != atlassian.PhraseNone || atSite
	if !ours && o.Status != 200 {
		return classForeign
	}
	return classifyStatus(o)
}

// explained is the class of an answer that gives its own reason, whatever its status.
func explained(o atlassian.Observation) class {
	switch {
	case strings.Contains(o.LoginReason, "AUTHENTICATION_DENIED") || strings.Contains(o.DeniedReason, "CAPTCHA"):
		return classCaptcha
	case o.Phrase == atlassian.PhraseIPRejected:
		return classIP
	case o.Phrase == atlassian.PhrasePassword || o.Phrase == atlassian.PhraseBearer:
		return classPassword
	case o.Phrase == atlassian.PhraseScope:
		return classScope
	case strings.Contains(o.LoginReason, "AUTHENTICATED_FAILED") && o.Status == 200:
		return classAnonymous
	case o.MissingTenant && (o.Status == 404 || o.Status == 503),
		o.Phrase == atlassian.PhraseUnavailable && (o.Status == 404 || o.Status == 503):
		return classMissing
	}
	return ""
}

// redirected: to another Atlassian site the site was renamed; to anywhere else it was
// not the API that answered.
func redirected(o atlassian.Observation) class {
	if _, _, err := atlassian.ParseSite(o.Redirect); err == nil && o.Redirect != o.Host {
		return classMoved
	}
	if strings.HasSuffix(o.Redirect, ".atlassian.com") || o.Redirect == "" && o.Edge {
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
	case o.Status >= 500 && o.Edge:
		return classTrouble
	case o.Edge:
		return classOdd
	}
	return classForeign
}

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
	case o.Status >= 500:
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
	case atlassian.CallCoverage:
		if o.Coverage != nil {
			return classAccepted
		}
	case atlassian.CallTenant:
	}
	if o.Edge && o.Body != atlassian.BodyHTML {
		return classOdd
	}
	return classForeign
}

// ── what the classes say together ──────────────────────────────────────────────

func (f *facts) identity() class { return f.of(atlassian.CallIdentity) }

// signedIn: the product's own identity call named an account, with no sign of a failed
// login on it or on what was asked after it.
func (f *facts) signedIn() bool {
	return f.identity() == classAccepted && f.of(atlassian.CallPermissions) != classAnonymous &&
		f.of(atlassian.CallCoverage) != classAnonymous
}

// refused: Atlassian itself did not accept e-mail and token at the site.
func (f *facts) refused() bool {
	switch f.identity() {
	case classRefused, classAnonymous:
		return !f.noConfluenceHere()
	case classAccepted:
		return !f.signedIn()
	case classForbidden:
		return f.q.Product == Confluence && (f.jiraRefused() || f.of(atlassian.CallJiraIdentity) == classMissing)
	case classNone, classFault, classScope, classCaptcha, classIP, classPassword, classMissing, classMoved,
		classThrottled, classTrouble, classForeign, classOdd:
	}
	return false
}

// jiraRefused: the second opinion. Confluence says 403 to a wrong token and to a person
// without a licence alike; Jira on the same site says which.
func (f *facts) jiraRefused() bool {
	c := f.of(atlassian.CallJiraIdentity)
	return c == classRefused || c == classAnonymous
}

// undecided: Confluence's 403 where no Jira is there to tell what it means.
func (f *facts) undecided() bool {
	return f.q.Product == Confluence && f.identity() == classForbidden && f.of(atlassian.CallJiraIdentity) == classMissing
}

// person is the account that was named; nil where none was.
func (f *facts) person() *atlassian.Person {
	for _, call := range []atlassian.Call{atlassian.CallIdentity, atlassian.CallJiraIdentity, atlassian.CallGateway} {
		if f.of(call) == classAccepted {
			return f.by[call].Person
		}
	}
	return nil
}

// admin is the admin right; nil where it was not found out.
func (f *facts) admin() *bool {
	if !f.signedIn() {
		return nil
	}
	if f.q.Product == Confluence {
		return f.by[atlassian.CallIdentity].Admin
	}
	if f.of(atlassian.CallPermissions) != classAccepted {
		return nil
	}
	return f.by[atlassian.CallPermissions].Admin
}

func (f *facts) isAdmin() bool { a := f.admin(); return a != nil && *a }

// inactive: the account was switched off.
func (f *facts) inactive() bool {
	p := f.person()
	return f.signedIn() && p.Active != nil && !*p.Active
}

// deciding is the call on whose answer everything after it depends: the identity call
// until someone is signed in, then the permissions; where Confluence's 403 needs a
// second opinion, that one.
func (f *facts) deciding() atlassian.Call {
	switch {
	case f.signedIn() && f.q.Product == Jira:
		return atlassian.CallPermissions
	case f.q.Product == Confluence && f.identity() == classForbidden:
		return atlassian.CallJiraIdentity
	case f.identity() == classNone && f.of(atlassian.CallTenant) != classNone && f.of(atlassian.CallTenant) != classAccepted:
		return atlassian.CallTenant
	}
	return atlassian.CallIdentity
}

// fault is the fault that kept the deciding call from an answer; nil where it had one.
func (f *facts) fault() *atlassian.Fault {
	if f.of(f.deciding()) != classFault || f.siteMissing() {
		return nil
	}
	return f.by[f.deciding()].Fault
}

// siteMissing: Atlassian says that there is no such site, and nothing speaks against it.
func (f *facts) siteMissing() bool {
	tenant, identity := f.of(atlassian.CallTenant), f.identity()
	switch identity {
	case classNone, classFault, classMissing, classOdd:
		return tenant == classMissing || identity == classMissing && tenant != classAccepted && tenant != classMoved
	case classAccepted, classAnonymous, classRefused, classForbidden, classScope, classCaptcha, classIP, classPassword,
		classMoved, classThrottled, classTrouble, classForeign:
	}
	return false
}

// moved is the call that was redirected to another Atlassian site, "" for none.
func (f *facts) moved() atlassian.Call {
	for _, call := range []atlassian.Call{atlassian.CallIdentity, atlassian.CallTenant} {
		if f.of(call) == classMoved && !f.signedIn() {
			return call
		}
	}
	return ""
}

// host is the site's host name, for words.
func (f *facts) host() string { return f.q.Site.Host() }

// product is the product's title, for words.
func (f *facts) product() string { return ProductTitle(f.q.Product) }
