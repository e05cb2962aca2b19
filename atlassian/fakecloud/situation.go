package fakecloud

import (
	"slices"
	"time"
)

// Situation is one state of the pretend world.
type Situation struct {
	Name    string // "ok", "not-admin", "tls-untrusted": what `practice NAME` takes
	Code    string // the diagnosis a check of the seed ends in
	Product string // "jira" or "confluence"
	Title   string // what is pretended, one sentence
	Seed    Seed

	faults faults
}

// Seed is what to type in a situation, and what the rest of the program starts from.
type Seed struct {
	Site         string // "acme"
	Email        string
	Token        string // a pretend token with a checksum that fits, unless the situation is about that
	Expires      string // recorded last day, relative to today ("-3d", "20d"), "" for none
	Saw          int    // what the last good check of a saved connector saw, 0 for none
	StorageFault string // "": none; "missing", "locked": the fault of practice's storage
	Cure         Cure
}

// Cure is what to type after a situation was met. Its three values are all set, or none
// is: then nothing that can be typed would help, and How says what would.
type Cure struct {
	How   string // one sentence
	Site  string
	Email string
	Token string
}

// faults is what differs from a good day.
type faults struct {
	fault fault // of the line; "" for none
	rules []rule
	// clearsAfter is how long after they were first met the rules end; 0 means never.
	clearsAfter time.Duration
	// slow is added before each answer.
	slow time.Duration
}

// Situations lists all of them, "ok" first.
func Situations() []Situation {
	return slices.Concat(typedSituations(), answerSituations(), lineSituations())
}

// Find is the situation of that name.
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
