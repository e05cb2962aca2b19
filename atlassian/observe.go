package atlassian

// The order of the calls: as few rounds as possible, and at most two refused sign-ins for a wrong
// token, since failed sign-ins lead to a CAPTCHA.
//
//	1  tenant and identity, in parallel
//	2  signed in: the admin right and the count of listed projects (Jira), and the coverage, in parallel
//	3  Jira lists more projects to an administrator than it can open: their keys
//	3  refused without a reason: one more sign-in elsewhere
//	4  refused at the site and accepted at the gateway: does the token have scopes, or was the site
//	   renamed?
//
// Where the sign-in of round 3 goes: a token with scopes gets 401 at the site of either product,
// and is accepted at the gateway. Confluence answers 403 both to a wrong token and to an account
// without a license, but never to a token with scopes, so after a 403 Jira's /myself is called
// instead; the gateway would only add a third refused sign-in.

import (
	"context"
	"net/http"
	"strings"
)

// Lookup reports, without credentials, whether the site exists (CallTenant). It keeps the
// connection open for a minute, since an Observe is likely to follow.
func (c *Client) Lookup(ctx context.Context, site Site) Observation {
	seen := c.observe(ctx, Target{Site: site}, Token{}, nil, true)
	if len(seen) == 0 {
		return Observation{Call: CallTenant, RetryAfter: -1, Fault: &Fault{Kind: FaultUnspecified}}
	}
	return seen[0]
}

// Observe makes the calls of one check and returns their observations in the order of arrival.
// Without a token only CallTenant is made; without a site none.
//
// emit (may be nil) gets each observation as it arrives, and before a call is repeated the first
// attempt's with Again set; never two at once, and never after the return.
//
// Observe returns as soon as ctx ends or the configured timeout has passed; calls without an
// answer then are returned with FaultCanceled or FaultTimeout. A panic in a call is raised again
// here, as a *PanicError.
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

	// Each call sends at most two observations, so sending never blocks: late ones are dropped with
	// the channel.
	const calls = 9 + 2*keyPages
	answers, thrown := make(chan Observation, 2*calls), make(chan *PanicError, calls)
	until := c.line.Now().Add(c.line.Timeout)
	var open []Observation
	asked := map[Call]bool{}
	land := func(o Observation) {
		rest := without(open, o.Call)
		if len(rest) == len(open) {
			return // reported already, as canceled or timed out
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

// wanted returns the calls that the observations so far require, including those made already.
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
		// Jira answers 401 to a token with scopes. The gateway accepts tokens without scopes as well, so
		// its answer would prove nothing after a 403.
	case cloudIDOf(landed) != "":
		calls = append(calls, CallGateway)
		if gateway, ok := find(landed, CallGateway); ok && gateway.Fault == nil && signedIn(gateway) {
			calls = append(calls, CallScopes, CallFront)
		}
	}
	return calls
}

// hiddenCalls returns the calls for the keys of projects that are listed to an administrator and
// that it can't open; none where there is no such project. Both lists are sorted by key, so the
// first pages of projects that can be opened contain all of those among the first pages of listed
// projects.
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

// signedIn reports whether the answer proves an identity. A 200 alone doesn't, since many calls
// answer wrong credentials as if none had been sent.
func signedIn(o Observation) bool {
	return o.Status == http.StatusOK && o.Person != nil && o.Person.ID != "" && !o.Person.Anonymous && !loginFailed(o)
}

// refused reports whether an identity call did not sign in: 401, 403, an anonymous 200, or any
// answer with a failed X-Seraph-LoginReason.
func refused(o Observation) bool {
	anonymous := o.Status == http.StatusOK && o.Person != nil && (o.Person.Anonymous || o.Person.ID == "")
	return o.Status == http.StatusUnauthorized || o.Status == http.StatusForbidden || anonymous || loginFailed(o)
}

// loginFailed reports whether X-Seraph-LoginReason, which may be a list, has a failure:
// AUTHENTICATED_FAILED, AUTHENTICATION_DENIED or AUTHORISATION_FAILED. OK and OUT are none.
func loginFailed(o Observation) bool {
	reason := strings.ToUpper(o.LoginReason)
	return strings.Contains(reason, "FAILED") || strings.Contains(reason, "DENIED")
}

// explained reports whether a refusal's answer gives the reason, so that another sign-in would
// tell nothing more.
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
