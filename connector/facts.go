package connector

import (
	"strings"
	"time"

	"saasconnect/atlassian"
)

// Facts are what the observations come down to, before anything is concluded: each
// call's answer gets one class. Concluding reads facts only, so the enumeration in the
// tests can go through every combination of classes there is.

// facts is everything a diagnosis may look at.
type facts struct {
	q     CheckRequest
	by    map[atlassian.Call]atlassian.Observation
	cls   map[atlassian.Call]class
	again map[atlassian.Call]atlassian.Observation // what a first attempt met
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

// of is a call's class; classNone where it was not made.
func (f *facts) of(call atlassian.Call) class {
	if c, ok := f.cls[call]; ok {
		return c
	}
	return classNone
}

// ── what the classes say together ──────────────────────────────────────────────

func (f *facts) identity() class { return f.of(atlassian.CallIdentity) }

// signedIn: the product's own identity call named an account, with no sign of a failed
// login on it or on what was asked after it.
func (f *facts) signedIn() bool {
	return f.identity() == classAccepted && f.of(atlassian.CallPermissions) != classAnonymous &&
		f.of(atlassian.CallCoverage) != classAnonymous
}

// refused: Atlassian itself did not accept email and token at the site.
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
// without a license alike; Jira on the same site says which.
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
	for _, call := range []atlassian.Call{atlassian.CallIdentity, atlassian.CallTenant, atlassian.CallFront} {
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

// What holds besides, of a connection that works.

// emailDiffers: the account has another email than the typed one. Privacy settings may
// hide it; then nothing is known and nothing is said.
func (f *facts) emailDiffers() bool {
	p := f.person()
	return f.verified() && p.Email != "" && f.q.Email != "" && !strings.EqualFold(p.Email, f.q.Email)
}

// serviceAccount: not a person's account. Its tokens are normally made with scopes.
func (f *facts) serviceAccount() bool {
	p := f.person()
	return f.verified() && (p.Kind == "app" || p.App == "service" || p.App == "agent")
}

// coverage is what the account can see; nil where that was not found out.
func (f *facts) coverage() *Coverage {
	if !f.signedIn() || f.of(atlassian.CallCoverage) != classAccepted {
		return nil
	}
	c := &Coverage{Coverage: *f.by[atlassian.CallCoverage].Coverage}
	listed := f.by[atlassian.CallListed].Coverage
	if f.of(atlassian.CallListed) != classAccepted || !f.isAdmin() || c.AtLeast || listed.AtLeast || listed.Count < c.Count {
		return c // an administrator is listed no fewer than it can open
	}
	c.Listed = &listed.Count
	c.HiddenKeys = f.hiddenKeys(listed.Count - c.Count)
	return c
}

// hiddenKeys are the keys of listed projects that are not among those that can be opened: at
// most so many, the first of them. Both lists have the same order, so the pages that were
// asked for of one hold all that can be opened of the same pages of the other. None is named
// where a page of what can be opened is missing: it would look hidden.
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

// mostHiddenKeys are named; the rest is counted.
const mostHiddenKeys = 10

// seesNothing: the account works, and a backup made with its token would be empty.
func (f *facts) seesNothing() bool {
	c := f.coverage()
	return f.verified() && c != nil && c.Count == 0 && !c.AtLeast
}

// seesPart: Jira lists more to the administrator than the account can open.
func (f *facts) seesPart() bool {
	c := f.coverage()
	return f.verified() && c != nil && c.Count > 0 && c.Hidden() > 0
}

// seesLess: fewer than half of what the last good check saw, or fewer than it saw at least.
func (f *facts) seesLess() bool {
	now, before := f.coverage(), f.q.Before
	if !f.verified() || now == nil || before == nil || now.AtLeast {
		return false
	}
	return 2*now.Count < before.Count || before.AtLeast && now.Count < before.Count
}

// defaultWarn is how long before its expiry date a token is worth a warning.
const defaultWarn = 30 * 24 * time.Hour

// expiresSoon: the recorded expiry date, or else the latest possible one, is near or past.
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

// lastDay is the recorded expiry date, else the latest possible one.
func (f *facts) lastDay() Date {
	if !f.q.Expires.IsZero() {
		return f.q.Expires
	}
	return f.q.ExpiresBy
}
