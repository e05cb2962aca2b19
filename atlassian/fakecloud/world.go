package fakecloud

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// World is a pretend world to practice in: one situation, or the saved connectors of many customers.
type World struct {
	Situation
	// Many: it is about the connectors that are saved in it, each in a situation of its own.
	Many  bool
	saved []Customer
}

// customerCount is how many connectors the world of a service provider has.
const customerCount = 50

// Worlds are all there are: one for each situation, "ok" first, and the one of many customers.
func Worlds() []World {
	var all []World
	for _, s := range Situations() {
		w := World{Situation: s}
		if s.Seed.Saw > 0 { // only a saved connector has a check before
			w.saved = []Customer{{Site: s.Seed.Site, Situation: s, TokenAge: 30, Good: []int{1}}}
		}
		all = append(all, w)
	}
	many := World{Situation: Situations()[0], Many: true, saved: Customers(customerCount)}
	many.Name, many.Title = "customers", "Fifty saved connectors of a service provider, half of which need attention."
	return append(all, many)
}

// FindWorld is the world of that name; "" is the one where all is well.
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

// Open starts the world's cloud, whose answers take latency.
func (w World) Open(now func() time.Time, latency time.Duration) *Cloud {
	if w.Many {
		return OpenMany(Sites(w.saved), now, latency)
	}
	return Open(w.Situation, now, latency)
}

// Saved is a connector that is saved in a world before anyone comes.
type Saved struct {
	Product, Site, Account string
	Email, Token           string
	PersonID, PersonName   string    // of the account, "" where Atlassian has none by that email
	TokenSince             time.Time // when the token was put in
	Expires                time.Time // the recorded expiry date; zero for none
	Saw                    int       // what its checks saw, 0 where that is not said
	Checks                 []time.Time
}

// Saved are the connectors that are saved in it.
func (w World) Saved(now time.Time) []Saved {
	all := make([]Saved, len(w.saved))
	for i, c := range w.saved {
		all[i] = c.Saved(now)
	}
	return all
}

// Saved is the customer's connector, with checks that all found it working, the oldest first.
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
		s.TokenSince = now // what was checked was the token before it: this one never worked here
	}
	return s
}

// ExpiresOn is the recorded expiry date of a seed's token; zero for none.
func (s Seed) ExpiresOn(now time.Time) time.Time {
	days, err := strconv.Atoi(strings.TrimSuffix(s.Expires, "d"))
	if err != nil {
		return time.Time{}
	}
	return now.AddDate(0, 0, days)
}
