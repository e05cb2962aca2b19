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
	ID      string         `json:"id"` // a random UUID, assigned by the store
	Name    string         `json:"name"`
	Product Product        `json:"product"`
	Site    atlassian.Site `json:"site"`
	Email   string         `json:"email"`
	// Account is the SaaSAssure account that the connector is for; "" where it isn't set.
	Account string `json:"account,omitempty"`
	// CloudID is the site's id at Atlassian, from the last check.
	CloudID  string    `json:"cloud_id,omitempty"`
	Identity *Identity `json:"identity,omitempty"`

	KeptIn    StorageKind `json:"kept_in"`
	Reference *Reference  `json:"reference,omitempty"`

	// Expires is the token's expiry date as a person set it; zero where it isn't set.
	Expires Date `json:"expires"`
	// TokenSince is when this token was stored here. The token expires at most one year later.
	TokenSince time.Time `json:"token_since"`

	Added Stamp `json:"added"`
	// Edited and Replaced say who last changed its facts and its token; zero where that never
	// happened.
	Edited   Stamp `json:"edited,omitzero"`
	Replaced Stamp `json:"replaced,omitzero"`
	// Entered says who entered it in SaaSAssure; zero where no one said so.
	Entered Stamp `json:"entered,omitzero"`
}

// Where returns where the token is stored, inside a sentence: "the system keyring", "an external
// source: the environment variable ACME_TOKEN".
func (c Connector) Where() string { return StorageName(c.KeptIn) + c.Reference.Words() }

// Equal reports whether two connectors are saved as the same JSON. Comparing the JSON makes a time
// equal to itself after it was written to a file and read back.
func (c Connector) Equal(other Connector) bool {
	one, errOne := json.Marshal(c)
	another, errOther := json.Marshal(other)
	return errOne == nil && errOther == nil && bytes.Equal(one, another)
}

// Differs names the fields in which two states of a connector differ, inside a sentence: "account
// and expiry date"; "" where all of these fields are equal.
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

// Words returns when, who and in which role: "23 Nov 2026 by mia as Global Admin"; "" for the zero
// Stamp.
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

// Identity is the Atlassian account that a token belongs to, as a check found it.
type Identity struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"` // "" where hidden by the person's privacy settings
}

// Words returns the name and email: "Mia Krystof, mia@example.com"; "" for nil.
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

// Entry is a saved connector with the results of its checks.
type Entry struct {
	Connector
	// Last is the outcome of the newest check; nil where it was never checked.
	Last *Outcome
	// Reports are the reports of its last checks, the newest first. They are loaded only where they
	// are needed; a list doesn't need them.
	Reports []Report
}

// Is reports whether the newest check ended in this verdict.
func (e Entry) Is(v Verdict) bool { return e.Last != nil && e.Last.Verdict == v }

// Outcome is the part of a report that lists show.
type Outcome struct {
	Verdict  Verdict   `json:"verdict"`
	Code     Code      `json:"code"`
	Title    string    `json:"title"`
	At       time.Time `json:"at"`
	Coverage *Coverage `json:"coverage,omitempty"` // nil: not determined
}

// Outcome returns the report's outcome; nil for a nil report.
func (r *Report) Outcome() *Outcome {
	if r == nil {
		return nil
	}
	return &Outcome{r.Verdict, r.Code, r.Title, r.At, r.Coverage}
}

// LastGood returns the coverage of the last good check and its day; nil without one. Where the
// newest check was not good it needs e.Reports (see [Entry.LastNeedsReports]).
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

// VerifiedHere reports whether a check found the current token good, as far as e.Last and
// e.Reports tell.
func (e Entry) VerifiedHere() bool {
	good := func(v Verdict, at time.Time) bool { return v.Good() && !at.Before(e.TokenSince) }
	if e.Last != nil && good(e.Last.Verdict, e.Last.At) {
		return true
	}
	return slices.ContainsFunc(e.Reports, func(r Report) bool { return r.Site == e.Site && good(r.Verdict, r.At) })
}

// LastNeedsReports reports whether [Entry.LastGood] needs e.Reports: the newest check was not
// good.
func (e Entry) LastNeedsReports() bool { return e.Last != nil && !e.Last.Verdict.Good() }

// AddReport adds a report as the newest.
func (e *Entry) AddReport(r Report) {
	e.Last, e.Reports = r.Outcome(), append([]Report{r}, e.Reports...)
}

// Person returns the account that the token belonged to at the last check that determined it; nil
// where none did.
func (e Entry) Person() *Identity {
	for _, r := range e.Reports {
		if r.Identity != nil {
			return r.Identity
		}
	}
	return e.Identity
}

// Write is one connector to be saved: a new one, or a change of a saved one.
type Write struct {
	// Before is the saved connector that the change was made from; its ID is "" for a new one.
	Before Connector
	After  Connector
	// Token is the token to store; zero where a saved connector keeps its token.
	Token atlassian.Token
	// Report is the report of its check, saved with it; nil for none.
	Report *Report
}

// Written is the result of a [Write]: the connector as it is saved now, or why it was not written.
type Written struct {
	Connector Connector
	Err       error
}

// DefaultName returns the name of a connector for which none was chosen: "acme-jira".
func DefaultName(c Connector) string { return c.Site.Name() + "-" + string(c.Product) }

// UniqueName returns name if it is free, else name with the first free number appended: acme-jira,
// acme-jira-2. taken reports whether a name is in use.
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
