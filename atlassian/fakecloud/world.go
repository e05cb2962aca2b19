package fakecloud

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// World is a cloud to practice in: one situation, or the saved connectors of many customers.
type World struct {
	Situation
	// Many is true where it is about saved connectors that are each in a situation of their own.
	Many  bool
	saved []Customer
}

const customerCount = 50

// Worlds returns all worlds: one for each situation, "ok" first, and the one of many customers.
func Worlds() []World {
	var all []World
	for _, s := range Situations() {
		w := World{Situation: s}
		if s.Seed.Saw > 0 || s.Seed.StorageFault != "" { // only a saved connector has an earlier check, or a stored token
			w.saved = []Customer{{Site: s.Seed.Site, Situation: s, TokenAge: 30, Good: []int{1}}}
		}
		all = append(all, w)
	}
	many := World{Situation: Situations()[0], Many: true, saved: Customers(customerCount)}
	many.Name, many.Title = "customers", "Fifty saved connectors of a service provider, half of which need attention."
	return append(all, many)
}

// FindWorld returns the world with a name; "" is the one where everything works. false for an
// unknown name.
func FindWorld(name string) (World, bool) {
	all := Worlds()
	at := 0
	if name != "" {
		at = slices.IndexFunc(all, func(w World) bool { return w.Name == name })
	}
	if at < 0 {
		return World{}, false
	}
	return all[at], true
}

// Open starts the world's cloud. latency is added before each answer.
func (w World) Open(now func() time.Time, latency time.Duration) *Cloud {
	if w.Many {
		return OpenMany(Sites(w.saved), now, latency)
	}
	return Open(w.Situation, now, latency)
}

// Saved is a connector that a world has from the beginning.
type Saved struct {
	Product, Site, Account string
	Email, Token           string
	PersonID, PersonName   string    // of the account; "" where no account has that email
	TokenSince             time.Time // when the token was stored
	Expires                time.Time // the expiry date; zero for none
	Saw                    int       // what its checks saw; 0 where that isn't set
	Checks                 []time.Time
}

// Saved returns the world's saved connectors.
func (w World) Saved(now time.Time) []Saved {
	all := make([]Saved, len(w.saved))
	for i, c := range w.saved {
		all[i] = c.Saved(now)
	}
	return all
}

// Saved returns the customer's connector, with checks that all found it working, the oldest first.
func (c Customer) Saved(now time.Time) Saved {
	seed := c.Situation.Seed
	s := Saved{
		Product: c.Situation.Product, Site: c.Site, Account: c.Account, Email: seed.Email, Token: seed.Token,
		TokenSince: now.AddDate(0, 0, -c.TokenAge), Expires: seed.ExpiresOn(now), Saw: seed.Saw,
	}
	s.PersonID, s.PersonName = Account(seed.Email)
	s.Checks = append(s.Checks, s.TokenSince)
	for _, days := range slices.Backward(c.Good) {
		s.Checks = append(s.Checks, now.AddDate(0, 0, -days))
	}
	if c.Situation.Code == "token-scoped" {
		s.TokenSince = now // the checks were of an earlier token: this one never worked here
	}
	return s
}

// ExpiresOn returns the expiry date of a seed's token; zero for none.
func (s Seed) ExpiresOn(now time.Time) time.Time {
	days, err := strconv.Atoi(strings.TrimSuffix(s.Expires, "d"))
	if err != nil {
		return time.Time{}
	}
	return now.AddDate(0, 0, days)
}
