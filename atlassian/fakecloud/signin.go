package fakecloud

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// Evaluating the Authorization header.

// credential is what a request signs in with.
type credential struct {
	sent       bool
	bearer     bool
	unreadable bool // not a name and a secret with a single colon between them
	named      bool // a valid Basic value with a user name
	password   bool // the account's password instead of a token
	person     *person
	token      issued // meaningless where person is nil
}

// caller is the account that a product answers; its person is nil for an anonymous caller.
type caller struct {
	*person
	failed bool // a user was named and not accepted
}

func credentialOf(r *http.Request) credential {
	header := r.Header.Get("Authorization")
	scheme, value, _ := strings.Cut(header, " ")
	switch {
	case header == "":
		return credential{}
	case strings.EqualFold(scheme, "Bearer"):
		return bearerCredential(value)
	case strings.EqualFold(scheme, "Basic"):
		return basicCredential(value)
	}
	return credential{sent: true, unreadable: true}
}

func basicCredential(value string) credential {
	c := credential{sent: true}
	decoded, err := base64.StdEncoding.DecodeString(value)
	name, secret, found := strings.Cut(string(decoded), ":")
	// An empty half or a second colon makes the value unreadable.
	// Source: measured by github.com/brekkylab/backlot, backlot/auth.py.
	if err != nil || !found || name == "" || secret == "" || strings.Contains(secret, ":") {
		c.unreadable = true
		return c
	}
	c.named = true
	p := personOf(name)
	if p == nil {
		return c
	}
	if p.password != "" && secret == p.password {
		c.password = true
		return c
	}
	for _, t := range p.tokens {
		if t.text == secret && !p.blocked {
			c.person, c.token = p, t
		}
	}
	return c
}

// bearerCredential accepts only a service account's token, which works as a Bearer at the gateway
// only. Source: support.atlassian.com, service accounts.
func bearerCredential(value string) credential {
	c := credential{sent: true, bearer: true}
	for _, p := range people() {
		for _, t := range p.tokens {
			if t.text == value && p.email == robot {
				c.person, c.token = &p, t
			}
		}
	}
	return c
}

// atSite returns the caller at a site, where tokens with scopes are not accepted. Source:
// support.atlassian.com, "Manage API tokens for your Atlassian account".
func (c credential) atSite() caller {
	if c.person == nil || c.bearer || c.token.scoped() {
		return caller{failed: c.named}
	}
	return caller{person: c.person}
}
