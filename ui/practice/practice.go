// Package practice opens the pretend worlds of fakecloud for the wizard and the command line: the
// client that asks one, the connectors that are saved in it, and what a person types there. It is the
// only package of ui that knows fakecloud.
package practice

import (
	"fmt"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Options say which world is opened, and what it takes from outside.
type Options struct {
	Situation string        // its name; "" is where all is well
	Latency   time.Duration // that each answer takes
	Timeout   time.Duration // of one check
	UserAgent string
	User      func() string // who added what is saved in it; called only where something is
	Now       func() time.Time
}

// World is an open one. Close ends it.
type World struct {
	Client *atlassian.Client
	Saved  []Saved
	// Storages are the storages of its computer; nil where memory is the only one.
	Storages []connector.StorageStatus
	// Fault is how the storage of what is saved fails: its token is missing, or it is locked. "" for
	// not at all.
	Fault  connector.StorageWhy
	Values *ui.Practice // what is pretended, and what to type
	Close  func()
}

// Saved is a connector that is saved in a world before anyone comes, with its checks, and its token.
type Saved struct {
	Entry connector.Entry
	Token atlassian.Token
}

// Open opens a world. It does no I/O.
func Open(o Options) (World, error) {
	of, known := fakecloud.FindWorld(o.Situation)
	if !known {
		return World{}, fmt.Errorf("there is no situation %q", o.Situation)
	}
	var w World
	for _, s := range of.Saved(o.Now()) {
		saved, err := Save(s, o.User())
		if err != nil {
			return World{}, err
		}
		w.Saved = append(w.Saved, saved)
	}
	if w.Fault = connector.StorageWhy(of.Seed.StorageFault); w.Fault == connector.StorageWhyLocked {
		w.locked(o.Now())
	}
	cloud := of.Open(o.Now, o.Latency)
	w.Client = atlassian.NewClient(atlassian.ClientConfig{
		Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: o.Now, Timeout: o.Timeout, UserAgent: o.UserAgent,
	})
	w.Close = func() { w.Client.Close(); cloud.Close() }
	seed, cure := of.Seed, of.Seed.Cure
	w.Values = &ui.Practice{
		Situation: of.Name, Title: of.Title, Seed: ui.NewPracticeValues(seed.Site, seed.Email, seed.Token),
		Fixed: ui.NewPracticeValues(cure.Site, cure.Email, cure.Token), FixedHow: cure.How,
		Newer: func(email string) (atlassian.Token, atlassian.Receipt) {
			return atlassian.ReadToken(fakecloud.NewerToken(email))
		},
	}
	if of.Code == string(connector.CodeOK) {
		w.Values.FixedHow = "" // there is nothing to fix
	}
	w.Values.Seed.Expires = day(seed.ExpiresOn(o.Now()))
	return w, nil
}

// locked has what is saved in the encrypted file, whose passphrase a check just now, as a scheduled one,
// did not have.
func (w *World) locked(now time.Time) {
	w.Storages = []connector.StorageStatus{{Kind: connector.StorageFile, State: connector.StorageReady}}
	for i := range w.Saved {
		e := &w.Saved[i].Entry
		e.KeptIn = connector.StorageFile
		asked := connector.CheckRequest{Product: e.Product, Site: e.Site, Email: e.Email, Saved: true, Now: now}
		e.AddReport(connector.ConcludeStorage(asked, &connector.StorageError{Kind: e.KeptIn, Why: w.Fault}))
	}
}

// Save is a saved connector of fakecloud's as this program knows it: added by the user of that name,
// its token in memory.
func Save(s fakecloud.Saved, by string) (Saved, error) {
	site, _, err := atlassian.ParseSite(s.Site)
	if err != nil {
		return Saved{}, fmt.Errorf("the site of a pretend connector: %w", err)
	}
	c := connector.Connector{
		Product: connector.Product(s.Product), Site: site, Email: s.Email, Account: s.Account, KeptIn: connector.StorageMemory,
		TokenSince: s.TokenSince, Expires: day(s.Expires),
		Added: connector.Stamp{By: by, Role: connector.RoleGlobalAdmin, At: s.Checks[0]},
	}
	if s.PersonID != "" {
		c.Identity = &connector.Identity{ID: s.PersonID, Name: s.PersonName, Email: s.Email}
	}
	saved := Saved{Entry: connector.Entry{Connector: c}}
	saved.Token, _ = atlassian.ReadToken(s.Token)
	for _, at := range s.Checks {
		report := connector.PastReport(c, at)
		if s.Saw > 0 {
			report.Coverage = &connector.Coverage{Coverage: atlassian.Coverage{Count: s.Saw}}
		}
		saved.Entry.AddReport(report)
	}
	return saved, nil
}

// day is the date of a time, zero for none.
func day(at time.Time) connector.Date {
	if at.IsZero() {
		return connector.Date{}
	}
	return connector.DateOf(at)
}

// Situation is one state of the pretend world.
type Situation struct {
	Name    string
	Title   string // what is pretended, one sentence
	Product connector.Product
	Code    connector.Code // what a check of it ends in
	// Saw is what the last good check of the saved connector saw, 0 for none.
	Saw int
	// StorageFault is "", "missing" or "locked": how the storage of the saved connector fails.
	StorageFault string
	// Many: it is about many saved connectors, each in a situation of its own.
	Many bool
}

// Situations are all there are, the one where all is well first.
func Situations() []Situation {
	var all []Situation
	for _, w := range fakecloud.Worlds() {
		all = append(all, Situation{
			Name: w.Name, Title: w.Title, Product: connector.Product(w.Product), Code: connector.Code(w.Code),
			Saw: w.Seed.Saw, StorageFault: w.Seed.StorageFault, Many: w.Many,
		})
	}
	return all
}
