package fakecloud

import (
	"slices"
	"time"
)

// Situation is one state of the cloud, with what to type in it.
type Situation struct {
	Name    string // "ok", "not-admin", "tls-untrusted": the argument of the practice command
	Code    string // the diagnosis of a check of Seed
	Product string // "jira" or "confluence"
	Title   string // the situation in one sentence
	Seed    Seed

	faults faults
}

// Seed is what to type in a situation, and the state that the rest of the program starts with.
type Seed struct {
	Site         string // "acme"
	Email        string
	Token        string // a fake token with a valid checksum, unless the situation is about another kind of secret
	Expires      string // the expiry date, relative to today ("-3d", "20d"); "" for none
	Saw          int    // what the last good check of a saved connector saw; 0 for none
	StorageFault string // the fault of practice's storage: "missing" or "locked"; "" for none
	Cure         Cure
}

// Cure is what to type after a situation was met. Site, Email and Token are either all set or all
// empty; they are empty where no input helps, and How says what would.
type Cure struct {
	How   string // one sentence
	Site  string
	Email string
	Token string
}

// faults are the differences from a cloud where everything works.
type faults struct {
	fault fault // of the connection; "" for none
	rules []rule
	// clearsAfter is how long after their first use the rules end; 0 means never.
	clearsAfter time.Duration
	// slow is added before each answer.
	slow time.Duration
}

// Situations returns all situations, "ok" first.
func Situations() []Situation {
	return slices.Concat(typedSituations(), answerSituations(), lineSituations())
}

// Find returns the situation with a name; false for none.
func Find(name string) (Situation, bool) {
	all := Situations()
	at := slices.IndexFunc(all, func(s Situation) bool { return s.Name == name })
	if at < 0 {
		return Situation{}, false
	}
	return all[at], true
}

// The products a situation can be about.
const (
	jira       = "jira"
	confluence = "confluence"
)
