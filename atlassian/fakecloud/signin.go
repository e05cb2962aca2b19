package fakecloud

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// What an Authorization header turns out to be worth.

// credential is what was sent to sign in with.
type credential struct {
	sent       bool
	bearer     bool
	unreadable bool // not one name and one secret with a single colon between them
	named      bool // a readable Basic value named a user
	password   bool // the account's password, where a token belongs
	person     *person
	token      issued // meaningless where person is nil
}

// caller is the person a product deals with; nil is no one.
type caller struct {
	*person
	failed bool // a user was named, and not let in
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

// bearerCredential: only a service account's token is worth something as a Bearer, and
// only at the gateway. Source: support.atlassian.com, service accounts.
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

// atSite is whom a site lets in: a token with scopes counts for nothing there.
// Source: support.atlassian.com, "Manage API tokens for your Atlassian account".
func (c credential) atSite() caller {
	if c.person == nil || c.bearer || c.token.scoped() {
		return caller{failed: c.named}
	}
	return caller{person: c.person}
}
