package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"saasconnect/atlassian"
)

// Connector is a saved, named link of product + site + email. It never holds the token.
type Connector struct {
	ID      string         `json:"id"` // a random UUID, given by the store
	Name    string         `json:"name"`
	Product Product        `json:"product"`
	Site    atlassian.Site `json:"site"`
	Email   string         `json:"email"`
	// Account is the SaaSAssure account it is for; "" where not said.
	Account string `json:"account,omitempty"`
	// CloudID is the site's id at Atlassian, as the check found it.
	CloudID  string    `json:"cloud_id,omitempty"`
	Identity *Identity `json:"identity,omitempty"`

	KeptIn    StorageKind `json:"kept_in"`
	Reference *Reference  `json:"reference,omitempty"`

	// Expires is the token's expiry date as a person recorded it; zero where not.
	Expires Date `json:"expires"`
	// TokenSince is when this token was put here: it can't outlive that day by more than a year.
	TokenSince time.Time `json:"token_since"`

	Added Stamp `json:"added"`
	// Edited and Replaced say who last changed its facts and its token; zero for no one.
	Edited   Stamp `json:"edited,omitzero"`
	Replaced Stamp `json:"replaced,omitzero"`
	// Entered says who entered it in SaaSAssure; zero where no one said so.
	Entered Stamp `json:"entered,omitzero"`
}

// Where says where the token is, inside a sentence: "the system keyring", "a place of your
// own: the environment variable ACME_TOKEN".
func (c Connector) Where() string { return StorageName(c.KeptIn) + c.Reference.Words() }

// Equal reports whether two connectors are the same in everything that is saved of them. They are
// compared as they are written, so that a time that was read back from a file equals the one that
// was written there.
func (c Connector) Equal(other Connector) bool {
	one, errOne := json.Marshal(c)
	another, errOther := json.Marshal(other)
	return errOne == nil && errOther == nil && bytes.Equal(one, another)
}

// Differs names what differs between two states of a connector, inside a sentence: "account and
// expiry date"; "" where nothing does that a person knows.
func Differs(a, b Connector) string {
	var all []string
	for _, one := range []struct {
		name string
		same bool
	}{
		{"name", a.Name == b.Name}, {"site", a.Site == b.Site}, {"email", a.Email == b.Email}, {"account", a.Account == b.Account},
		{"token", a.Replaced.At.Equal(b.Replaced.At)}, {"storage", a.KeptIn == b.KeptIn && a.Reference.Equal(b.Reference)}, {"expiry date", a.Expires == b.Expires},
	} {
		if !one.same {
			all = append(all, one.name)
		}
	}
	return And(all)
}

// Stamp says who did something, in which role, and when.
type Stamp struct {
	By   string    `json:"by"` // the operating system's user name
	Role Role      `json:"role"`
	At   time.Time `json:"at"`
}

// Words say who, when and in which role: "23 Nov 2026 by mia as Global Admin"; "" for no one.
func (s Stamp) Words() string {
	if s.At.IsZero() {
		return ""
	}
	words := DateOf(s.At).Words()
	if s.By != "" {
		words += " by " + s.By
	}
	if s.Role.MaySave() {
		words += " as " + s.Role.Title()
	}
	return words
}

// Identity is the Atlassian person whom a token turned out to belong to.
type Identity struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"` // "" where hidden by the person's privacy settings
}

// Words name the person: "Mia Krystof, mia@example.com"; "" where there is none.
func (i *Identity) Words() string {
	switch {
	case i == nil:
		return ""
	case i.Name == "" && i.Email == "":
		return "account " + i.ID
	case i.Name == "":
		return i.Email
	case i.Email == "":
		return i.Name
	}
	return i.Name + ", " + i.Email
}

// Entry is a saved connector and what is remembered of its checks.
type Entry struct {
	Connector
	// Last is what the newest check came to; nil where it was never checked.
	Last *Outcome
	// Reports are its last checks, the newest first, where they were asked for: a list of
	// many does without them.
	Reports []Report
}

// Is reports whether the newest check came to a verdict.
func (e Entry) Is(v Verdict) bool { return e.Last != nil && e.Last.Verdict == v }

// Outcome is what one check came to, as far as a list shows it.
type Outcome struct {
	Verdict  Verdict   `json:"verdict"`
	Code     Code      `json:"code"`
	Title    string    `json:"title"`
	At       time.Time `json:"at"`
	Coverage *Coverage `json:"coverage,omitempty"` // nil: not found out
}

// Outcome is what the report came to; nil for none.
func (r *Report) Outcome() *Outcome {
	if r == nil {
		return nil
	}
	return &Outcome{r.Verdict, r.Code, r.Title, r.At, r.Coverage}
}

// LastGood is what the last good check saw, and its day; nil where there was none. It looks
// at the reports where the newest check was not good, so they should have been asked for then.
func (e Entry) LastGood() (*Coverage, Date) {
	if last := e.Last; last != nil && last.Verdict.Good() && last.Coverage != nil {
		return last.Coverage, DateOf(last.At)
	}
	for _, r := range e.Reports {
		if r.Good() && r.Coverage != nil {
			return r.Coverage, DateOf(r.At)
		}
	}
	return nil, Date{}
}

// VerifiedHere reports whether a check found the token that the connector has now good, as far
// as its newest outcome and its reports tell.
func (e Entry) VerifiedHere() bool {
	good := func(v Verdict, at time.Time) bool { return v.Good() && !at.Before(e.TokenSince) }
	if e.Last != nil && good(e.Last.Verdict, e.Last.At) {
		return true
	}
	return slices.ContainsFunc(e.Reports, func(r Report) bool { return r.Site == e.Site && good(r.Verdict, r.At) })
}

// LastNeedsReports reports whether LastGood has to look at reports: the newest check was not good.
func (e Entry) LastNeedsReports() bool { return e.Last != nil && !e.Last.Verdict.Good() }

// AddReport puts a new report in front of an entry's.
func (e *Entry) AddReport(r Report) {
	e.Last, e.Reports = r.Outcome(), append([]Report{r}, e.Reports...)
}

// Person is whom the token was last found to belong to; nil where that was never found out.
func (e Entry) Person() *Identity {
	for _, r := range e.Reports {
		if r.Identity != nil {
			return r.Identity
		}
	}
	return e.Identity
}

// Write is one connector that is to be written: a new one, or a saved one as it is to be.
type Write struct {
	// Before is the saved connector that the change was made from; its ID is "" for a new one.
	Before Connector
	After  Connector
	// Token is the one to store; zero where a saved connector keeps the one that it has.
	Token atlassian.Token
	// Report is what its check came to, to be remembered with it; nil for none.
	Report *Report
}

// Written is what became of a Write: the connector as it is saved now, or why it was not written.
type Written struct {
	Connector Connector
	Err       error
}

// DefaultName is the name a connector gets where none was chosen: "acme-jira".
func DefaultName(c Connector) string { return c.Site.Name() + "-" + string(c.Product) }

// UniqueName is the name itself where it is free, else with the first free number behind
// it: acme-jira, acme-jira-2. taken says which names there are.
func UniqueName(name string, taken func(string) bool) string {
	if !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s-%d", name, n); !taken(next) {
			return next
		}
	}
}
