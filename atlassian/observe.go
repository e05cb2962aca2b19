package atlassian

// This file holds the order of the calls. The rules: as few rounds as can be, and a
// wrong token costs at most two refused sign-ins, since failures add up to a CAPTCHA.
//
//	1  tenant and identity, side by side
//	2  signed in: the admin right and what is listed (Jira), and the coverage, side by side
//	3  an administrator of Jira is listed more than it can open: which, by key
//	3  refused, and the answer does not say why: one more sign-in elsewhere
//	4  refused at the site and accepted at the gateway: has the token scopes, or the site
//	   another name?
//
// Where that sign-in goes: a token with scopes gets 401 at the site of either product, and
// is accepted at the gateway. Confluence's 403 is what it says to a wrong token and to
// an account without a license alike, and never to a token with scopes, so there
// Jira's /myself is asked, and the gateway would add nothing but a third refusal.

import (
	"context"
	"net/http"
	"strings"
)

// Lookup asks, without credentials, whether the site exists (CallTenant). Its connection
// is kept for a minute for the Observe that is likely to follow.
func (c *Client) Lookup(ctx context.Context, site Site) Observation {
	seen := c.observe(ctx, Target{Site: site}, Token{}, nil, true)
	if len(seen) == 0 {
		return Observation{Call: CallTenant, RetryAfter: -1, Fault: &Fault{Kind: FaultUnspecified}}
	}
	return seen[0]
}

// Observe makes the calls of one check, in as few rounds as can be, and returns what
// they showed in the order in which they landed; emit (which may be nil) gets each as it
// lands, and before that one with Again set for a call that is about to be sent a second
// time; never two at once, and never after the return. It ends at once with its context,
// and within the line's limit; the calls still open then are returned with
// FaultCanceled or FaultTimeout. Without a token only the tenant is asked; without a
// site nothing is. What one of them throws is thrown here, as a *PanicError.
func (c *Client) Observe(ctx context.Context, ask Target, token Token, emit func(Observation)) []Observation {
	return c.observe(ctx, ask, token, emit, false)
}

func (c *Client) observe(ctx context.Context, ask Target, token Token, emit func(Observation), keep bool) []Observation {
	if ask.Site.IsZero() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.line.Timeout)
	defer cancel()
	w := c.take(ask.Site)
	var landed []Observation
	defer func() { c.give(ask.Site, w, keep && !w.spoiled.Load()) }()

	// Each call says at most two things, so no answer ever waits for its reader: what is
	// late ends with the context and is dropped with the channel.
	const calls = 9 + 2*keyPages
	answers, thrown := make(chan Observation, 2*calls), make(chan *PanicError, calls)
	until := c.line.Now().Add(c.line.Timeout)
	var open []Observation
	asked := map[Call]bool{}
	land := func(o Observation) {
		rest := without(open, o.Call)
		if len(rest) == len(open) {
			return // landed already, as given up: its own end came a moment later
		}
		if !o.Again {
			open, landed = rest, append(landed, o)
		}
		if emit != nil {
			emit(o)
		}
	}
	for {
		for _, call := range wanted(ask, token, landed) {
			if asked[call] {
				continue
			}
			asked[call] = true
			q := requestFor(ask, call, cloudIDOf(landed))
			open = append(open, q.begun(c.line.Now()))
			go func() {
				defer Catch(func(t *PanicError) { thrown <- t })
				c.put(ctx, until, answers, func() Observation { return c.send(ctx, w, ask, token, q) })
			}()
		}
		if len(open) == 0 {
			return landed
		}
		select {
		case o := <-answers:
			land(o)
		case t := <-thrown:
			panic(t)
		case <-ctx.Done():
			w.spoiled.Store(true)
			for len(open) > 0 {
				select {
				case o := <-answers:
					land(o)
				default:
					o := open[0]
					o.Attempts, o.Took = 1, c.line.Now().Sub(o.At)
					proxy, unused := c.proxyTo(o.Host)
					o.Fault = &Fault{Kind: ended(ctx), Proxy: proxyName(proxy), Unused: unused}
					o.Fault.Unshaken = w.shaking.Load() && o.Fault.Kind == FaultTimeout
					land(o)
				}
			}
			return landed
		}
	}
}

// wanted are the calls that what has landed asks for, those already made included.
func wanted(ask Target, token Token, landed []Observation) []Call {
	calls := []Call{CallTenant}
	if token.IsZero() || ask.Email == "" {
		return calls
	}
	calls = append(calls, CallIdentity)
	identity, ok := find(landed, CallIdentity)
	switch {
	case !ok || identity.Fault != nil:
	case signedIn(identity):
		if ask.Product == Jira {
			calls = append(calls, CallPermissions, CallListed)
		}
		calls = append(append(calls, CallCoverage), hiddenCalls(landed)...)
	case !refused(identity) || explained(identity):
	case ask.Product == Confluence && identity.Status != http.StatusUnauthorized:
		calls = append(calls, CallJiraIdentity)
	case identity.Status == http.StatusForbidden:
		// Jira says 401 to a token with scopes. The gateway takes one without scopes as
		// well, so its yes would prove nothing here.
	case cloudIDOf(landed) != "":
		calls = append(calls, CallGateway)
		if gateway, ok := find(landed, CallGateway); ok && gateway.Fault == nil && signedIn(gateway) {
			calls = append(calls, CallScopes, CallFront)
		}
	}
	return calls
}

// hiddenCalls are the pages of keys in which what an administrator is listed and can't open
// has to be looked for: none where that is nothing. Both lists are ordered by key, so what can
// be opened of the first pages of one stands in as many pages of the other.
func hiddenCalls(landed []Observation) []Call {
	opened, _ := find(landed, CallCoverage)
	listed, _ := find(landed, CallListed)
	permissions, _ := find(landed, CallPermissions)
	if opened.Coverage == nil || listed.Coverage == nil || permissions.Admin == nil || !*permissions.Admin ||
		opened.Coverage.AtLeast || listed.Coverage.Count <= opened.Coverage.Count {
		return nil
	}
	var calls []Call
	for page := range keyPages {
		if page*keysPerPage < opened.Coverage.Count {
			calls = append(calls, OpenKeys(page))
		}
		if page*keysPerPage < listed.Coverage.Count {
			calls = append(calls, ListedKeys(page))
		}
	}
	return calls
}

// signedIn reports a proven identity: a 200 alone proves nothing, since many calls answer
// wrong credentials as if none had been sent.
func signedIn(o Observation) bool {
	return o.Status == http.StatusOK && o.Person != nil && o.Person.ID != "" && !o.Person.Anonymous && !loginFailed(o)
}

// refused reports an identity call that did not sign in: 401, 403, an anonymous 200, or any
// answer with a failed X-Seraph-LoginReason.
func refused(o Observation) bool {
	anonymous := o.Status == http.StatusOK && o.Person != nil && (o.Person.Anonymous || o.Person.ID == "")
	return o.Status == http.StatusUnauthorized || o.Status == http.StatusForbidden || anonymous || loginFailed(o)
}

// loginFailed reads X-Seraph-LoginReason, which may be a list: AUTHENTICATED_FAILED,
// AUTHENTICATION_DENIED, AUTHORISATION_FAILED, against OK and OUT.
func loginFailed(o Observation) bool {
	reason := strings.ToUpper(o.LoginReason)
	return strings.Contains(reason, "FAILED") || strings.Contains(reason, "DENIED")
}

// explained reports a refusal whose answer says why: another sign-in would only cost one.
func explained(o Observation) bool {
	switch o.Phrase {
	case PhraseIPRejected, PhrasePassword, PhraseBearer, PhraseUnavailable, PhraseFront:
		return true
	}
	return o.DeniedReason != "" || strings.Contains(strings.ToUpper(o.LoginReason), "DENIED")
}

func cloudIDOf(landed []Observation) string {
	tenant, _ := find(landed, CallTenant)
	return tenant.CloudID
}

func find(landed []Observation, call Call) (Observation, bool) {
	for _, o := range landed {
		if o.Call == call {
			return o, true
		}
	}
	return Observation{}, false
}

func without(open []Observation, call Call) []Observation {
	for i, o := range open {
		if o.Call == call {
			return append(open[:i:i], open[i+1:]...)
		}
	}
	return open
}
