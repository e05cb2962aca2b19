package connector

import (
	"strings"
	"time"

	"saasconnect/atlassian"
)

// Facts summarize the observations before anything is concluded: each call's answer gets one
// class. Diagnoses look at facts only, so the tests can go through every combination of classes.

// facts is what a diagnosis may look at.
type facts struct {
	q     CheckRequest
	by    map[atlassian.Call]atlassian.Observation // by call: its answer, without first attempts that were repeated
	cls   map[atlassian.Call]class                 // by call: the class of its answer
	again map[atlassian.Call]atlassian.Observation // by call: the answer to a first attempt that was repeated
}

func newFacts(q CheckRequest, seen []atlassian.Observation) *facts {
	f := &facts{
		q: q, by: map[atlassian.Call]atlassian.Observation{}, cls: map[atlassian.Call]class{},
	}
	for _, o := range seen {
		if o.Again {
			if f.again == nil {
				f.again = map[atlassian.Call]atlassian.Observation{}
			}
			f.again[o.Call] = o
			continue
		}
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

// of returns the class of a call's answer; classNone where it was not made.
func (f *facts) of(call atlassian.Call) class {
	if c, ok := f.cls[call]; ok {
		return c
	}
	return classNone
}

// What several classes say together.

func (f *facts) identity() class { return f.of(atlassian.CallIdentity) }

// signedIn reports whether the product's own identity call named an account, with no sign of a
// failed login in its answer or in those of the calls after it.
func (f *facts) signedIn() bool {
	return f.identity() == classAccepted && f.of(atlassian.CallPermissions) != classAnonymous &&
		f.of(atlassian.CallCoverage) != classAnonymous
}

// refused reports whether Atlassian itself did not accept email and token at the site.
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

// jiraRefused reports whether Jira refused the token during a check of Confluence. Confluence
// answers 403 both to a wrong token and to an account without a license; Jira on the same site
// tells which.
func (f *facts) jiraRefused() bool {
	c := f.of(atlassian.CallJiraIdentity)
	return c == classRefused || c == classAnonymous
}

// undecided reports whether Confluence's 403 can't be explained, since the site has no Jira to
// ask.
func (f *facts) undecided() bool {
	return f.q.Product == Confluence && f.identity() == classForbidden && f.of(atlassian.CallJiraIdentity) == classMissing
}

// person returns the account that an identity call named; nil where none did.
func (f *facts) person() *atlassian.Person {
	for _, call := range []atlassian.Call{atlassian.CallIdentity, atlassian.CallJiraIdentity, atlassian.CallGateway} {
		if f.of(call) == classAccepted {
			return f.by[call].Person
		}
	}
	return nil
}

// admin returns whether the account has the admin right; nil where that was not determined.
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

func (f *facts) inactive() bool {
	p := f.person()
	return f.signedIn() && p.Active != nil && !*p.Active
}

// deciding returns the call whose answer the diagnosis depends on: the identity call until the
// account is signed in, then Jira's permissions; after Confluence's 403 Jira's identity call.
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

// fault returns the fault of the deciding call; nil where that call was answered.
func (f *facts) fault() *atlassian.Fault {
	if f.of(f.deciding()) != classFault || f.siteMissing() {
		return nil
	}
	return f.by[f.deciding()].Fault
}

// siteMissing reports whether Atlassian says that the site doesn't exist and no other answer
// contradicts that.
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

// moved returns the call that was redirected to another Atlassian site; "" for none.
func (f *facts) moved() atlassian.Call {
	for _, call := range []atlassian.Call{atlassian.CallIdentity, atlassian.CallTenant, atlassian.CallFront} {
		if f.of(call) == classMoved && !f.signedIn() {
			return call
		}
	}
	return ""
}

func (f *facts) host() string { return f.q.Site.Host() }

func (f *facts) product() string { return ProductTitle(f.q.Product) }

// What else can be said about a connection that works.

// emailDiffers reports whether the account has another email than the typed one; false where
// privacy settings hide the account's email.
func (f *facts) emailDiffers() bool {
	p := f.person()
	return f.verified() && p.Email != "" && f.q.Email != "" && !strings.EqualFold(p.Email, f.q.Email)
}

// serviceAccount reports whether the account is an app's or a service's, not a person's. The
// tokens of such accounts normally have scopes.
func (f *facts) serviceAccount() bool {
	p := f.person()
	return f.verified() && (p.Kind == "app" || p.App == "service" || p.App == "agent")
}

// coverage returns what the account can see; nil where that was not determined.
func (f *facts) coverage() *Coverage {
	if !f.signedIn() || f.of(atlassian.CallCoverage) != classAccepted {
		return nil
	}
	c := &Coverage{Coverage: *f.by[atlassian.CallCoverage].Coverage}
	listed := f.by[atlassian.CallListed].Coverage
	if f.of(atlassian.CallListed) != classAccepted || !f.isAdmin() || c.AtLeast || listed.AtLeast || listed.Count < c.Count {
		return c // no comparison: an administrator is listed at least what it can open
	}
	c.Listed = &listed.Count
	c.HiddenKeys = f.hiddenKeys(listed.Count - c.Count)
	return c
}

// hiddenKeys returns the keys of projects that are listed to the account and that it can't open,
// at most mostHiddenKeys. hidden is how many there are.
//
// Both lists are sorted by key, so the first pages of projects that can be opened contain all of
// those among the first pages of listed projects. It returns nil where one of these pages is
// missing, since its projects would look hidden.
func (f *facts) hiddenKeys(hidden int) []string {
	open := map[string]bool{}
	if f.by[atlassian.CallCoverage].Coverage.Count > 0 && f.of(atlassian.OpenKeys(0)) != classAccepted {
		return nil
	}
	for _, call := range atlassian.KeyCalls() {
		if o, made := f.by[call]; made && call.IsOpenKeys() {
			if f.of(call) != classAccepted {
				return nil
			}
			for _, key := range o.Keys {
				open[key] = true
			}
		}
	}
	var keys []string
	for _, call := range atlassian.KeyCalls() {
		if call.IsOpenKeys() || f.of(call) != classAccepted {
			continue
		}
		for _, key := range f.by[call].Keys {
			if !open[key] {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) > hidden {
		return nil // the lists changed between the calls
	}
	return keys[:min(len(keys), mostHiddenKeys)]
}

// mostHiddenKeys is how many hidden projects are named; the others are only counted.
const mostHiddenKeys = 10

// seesNothing reports whether the account works but sees nothing, so that a backup made with its
// token would be empty.
func (f *facts) seesNothing() bool {
	c := f.coverage()
	return f.verified() && c != nil && c.Count == 0 && !c.AtLeast
}

// seesPart reports whether Jira lists more projects to the administrator than the account can
// open.
func (f *facts) seesPart() bool {
	c := f.coverage()
	return f.verified() && c != nil && c.Count > 0 && c.Hidden() > 0
}

// seesLess reports whether the account sees fewer than half as many as at the last good check, or
// fewer than that check's minimum where it did not count all.
func (f *facts) seesLess() bool {
	now, before := f.coverage(), f.q.Before
	if !f.verified() || now == nil || before == nil || now.AtLeast {
		return false
	}
	return 2*now.Count < before.Count || before.AtLeast && now.Count < before.Count
}

// defaultWarn is how long before its expiry date a token is worth a warning unless a check asks
// otherwise.
const defaultWarn = 30 * 24 * time.Hour

// expiresSoon reports whether the expiry date that was set, or else the latest possible one, is
// near or past.
func (f *facts) expiresSoon() bool {
	day := f.lastDay()
	if !f.verified() || day.IsZero() {
		return false
	}
	warn := f.q.Warn
	if warn <= 0 {
		warn = defaultWarn
	}
	return day.DaysFrom(DateOf(f.q.Now)) <= int(warn.Hours()/24)
}

// lastDay returns the expiry date that was set, else the latest possible one; zero for neither.
func (f *facts) lastDay() Date {
	if !f.q.Expires.IsZero() {
		return f.q.Expires
	}
	return f.q.ExpiresBy
}
