// Package setup decides what is still to be done for one task: adding a connector, replacing its
// token, changing its facts, moving its token. It is the one home of each of them: the wizard,
// the command line, line mode and import only ask and show.
//
// A [Draft] is the task as far as it has come, [Problems] says offline what is wrong with it,
// [Next] which [Question] is open, and a [Service] checks and saves it.
package setup

import (
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Task is what a Draft is about.
type Task int

// The tasks.
const (
	Add     Task = iota // a new connector
	Replace             // another token for a saved one
	Edit                // other facts of a saved one, checked with the token it has
	Move                // the token of a saved one goes to another storage
)

// Facts are what a person can say about a connector, as they were typed.
type Facts struct {
	Product connector.Product
	Site    string
	Email   string
	Name    string // "": the default one
	Account string // "": not said
	Expiry  string // the token's expiry date; "" and "none": not known
}

// Draft is one task, as far as it has come: facts, and the answers to questions about them. It is
// a value: a copy is a Draft of its own. What is changed drops what was found out or answered
// about it as it was before: a report is about exactly these facts and this token. The zero Draft
// adds a connector.
type Draft struct {
	task  Task
	saved connector.Entry // what the task is about; zero for Add
	facts Facts

	token     atlassian.Token
	receipt   atlassian.Receipt
	since     time.Time            // when the token was put in
	reference *connector.Reference // where it can be read again, for a token that is not stored here

	storage connector.StorageKind // where the token goes; "" until it is chosen
	tested  bool                  // and it was found to keep a token

	report  connector.Report // zero until it is checked
	checked bool

	otherAccount bool     // the token may be another account's
	duplicate    bool     // a second connector like another one is meant
	keepFailing  bool     // it may be saved although it doesn't work
	also         []string // the ids of connectors on other sites that the token is for as well
	shares       []Share
	shared       bool // the question about sharing is answered
}

// Share is another connector that had the old token, and what came of checking the new one for it.
type Share struct {
	Entry  connector.Entry
	Report connector.Report // zero: it keeps the old one
}

// New is a Draft for a new connector. The product may be unknown yet.
func New(p connector.Product) Draft { return Draft{facts: Facts{Product: p}} }

// For is a Draft for a task about a saved connector, with its facts. Replacing begins without an
// expiry date, which was the old token's; everything but a move stays in the same storage.
func For(task Task, e connector.Entry) Draft {
	d := Draft{task: task, saved: e, facts: factsOf(e.Connector)}
	switch task {
	case Replace:
		d.facts.Expiry = ""
		d.storage = e.KeptIn
	case Edit:
		d.storage = e.KeptIn
	case Add, Move:
	}
	return d
}

// ForThat is a Draft for another token of a connector that is there already, where d would have
// added a second one like it: with the token, the email, the expiry date and the storage of d.
func (d Draft) ForThat(e connector.Entry) Draft {
	r := For(Replace, e)
	r.facts.Email, r.facts.Expiry = d.facts.Email, d.facts.Expiry
	r.token, r.receipt, r.since, r.reference = d.token, d.receipt, d.since, d.reference
	r.storage, r.tested = d.storage, d.tested
	return r
}

// factsOf are a saved connector's facts, as a person would type them.
func factsOf(c connector.Connector) Facts {
	return Facts{Product: c.Product, Site: c.Site.Host(), Email: c.Email, Name: c.Name, Account: c.Account, Expiry: c.Expires.String()}
}

// Task is what it is about.
func (d Draft) Task() Task { return d.task }

// Saved is the connector it is about; zero where it adds one.
func (d Draft) Saved() connector.Entry { return d.saved }

// Facts are those it has now.
func (d Draft) Facts() Facts { return d.facts }

// Set changes the facts. Where they differ it is to be checked again, and a second connector is
// asked about again.
func (d *Draft) Set(f Facts) {
	if f == d.facts {
		return
	}
	before := d.facts
	d.facts = f
	if before.Product != f.Product || before.Account != f.Account || !sameTyped(before.Site, f.Site) || !sameTyped(before.Email, f.Email) {
		d.duplicate = false
	}
	d.uncheck()
}

// Rebase makes it a change of the saved connector as it is now, where that was changed meanwhile:
// what was not given otherwise is as it is now. What it was checked for stays checked.
func (d *Draft) Rebase(now connector.Entry) {
	f, was, is := d.facts, factsOf(d.saved.Connector), factsOf(now.Connector)
	for _, one := range []struct{ typed, was, is *string }{
		{&f.Name, &was.Name, &is.Name}, {&f.Site, &was.Site, &is.Site}, {&f.Email, &was.Email, &is.Email},
		{&f.Account, &was.Account, &is.Account}, {&f.Expiry, &was.Expiry, &is.Expiry},
	} {
		if *one.typed == *one.was {
			*one.typed = *one.is
		}
	}
	d.saved = now
	if sameTyped(f.Site, d.facts.Site) && sameTyped(f.Email, d.facts.Email) {
		d.facts = f
		return
	}
	d.Set(f)
}

func sameTyped(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// uncheck drops the report, and what was answered about it.
func (d *Draft) uncheck() {
	d.report, d.checked, d.otherAccount, d.keepFailing, d.shares, d.shared = connector.Report{}, false, false, false, nil, false
}

// Token is the token at hand and what was known of it when it was put in; zero where there is none.
func (d Draft) Token() (atlassian.Token, atlassian.Receipt) { return d.token, d.receipt }

// SetToken takes a token that was typed or pasted. It drops the report where it is another one.
func (d *Draft) SetToken(token atlassian.Token, receipt atlassian.Receipt, at time.Time) {
	if same := !token.IsZero() && d.token.Equal(token); same && d.reference == nil {
		return
	}
	d.token, d.receipt, d.since, d.reference = token, receipt, at, nil
	d.uncheck()
}

// Reference is where the token is read each time; nil where it is to be stored here.
func (d Draft) Reference() *connector.Reference { return d.reference }

// SetReference takes a token that was read from a place where it stays and can be read again.
// Whether it stays there or is stored here is for SetStorage to say.
func (d *Draft) SetReference(from *connector.Reference, token atlassian.Token, receipt atlassian.Receipt, at time.Time) {
	d.token, d.receipt, d.since, d.reference = token, receipt, at, from
	d.uncheck()
}

// Storage is where the token goes, and whether that was tested; "" until it is chosen.
func (d Draft) Storage() (kind connector.StorageKind, tested bool) { return d.storage, d.tested }

// SetStorage chooses where the token goes. A reference needs no test.
func (d *Draft) SetStorage(kind connector.StorageKind, tested bool) {
	d.storage, d.tested = kind, tested || kind == connector.StorageReference
}

// Report is what its check came to; false until it is checked as it is now.
func (d Draft) Report() (connector.Report, bool) { return d.report, d.checked }

// SetReport takes what a check of exactly this came to.
func (d *Draft) SetReport(r connector.Report) {
	d.uncheck()
	d.report, d.checked = r, true
}

// Uncheck drops the report and what was answered about it: it is to be checked again.
func (d *Draft) Uncheck() { d.uncheck() }

// AcceptOtherAccount: the token is meant to be another account's than the old one was.
func (d *Draft) AcceptOtherAccount() { d.otherAccount = true }

// AcceptDuplicate: a second connector for the same account is meant.
func (d *Draft) AcceptDuplicate() { d.duplicate = true }

// SaveFailing: it is to be saved although it doesn't work, where its report allows that.
func (d *Draft) SaveFailing() { d.keepFailing = true }

// Share says which of the connectors that had the old token were checked with the new one, and
// what came of it. None: only this one gets the new token.
func (d *Draft) Share(with ...Share) { d.shares, d.shared = with, true }

// AlsoFor names connectors of the same account, on this site or on others, whose token is to be
// replaced by the same one. They are asked about with those that share the site.
func (d *Draft) AlsoFor(ids ...string) { d.also = ids }

// Also are the ids that AlsoFor named.
func (d Draft) Also() []string { return d.also }

// Shares are the connectors that had the old token, as Share was told.
func (d Draft) Shares() []Share { return d.shares }

// Site is the site as it was parsed; zero where what was typed is none.
func (d Draft) Site() atlassian.Site {
	site, _, err := atlassian.ParseSite(d.facts.Site)
	if err != nil {
		return atlassian.Site{}
	}
	return site
}

// Email is the email as it will be sent.
func (d Draft) Email() string {
	email, _ := atlassian.CheckEmail(d.facts.Email)
	return email
}

// Expires is the expiry date that was typed; zero where there is none. now is for 90d and 1y.
func (d Draft) Expires(now time.Time) connector.Date {
	day, _ := d.expiry(now)
	return day
}

func (d Draft) expiry(now time.Time) (day connector.Date, words string) {
	text := strings.TrimSpace(d.facts.Expiry)
	if text == "" || strings.EqualFold(text, "none") {
		return connector.Date{}, ""
	}
	if known := d.saved.Expires; !known.IsZero() && text == known.String() {
		return known, "" // as it is: it was right when it was set
	}
	day, err := connector.ParseExpiry(text, connector.DateOf(now), connector.DateOf(d.tokenSince(now)))
	if err != nil {
		return connector.Date{}, connector.Capitalize(strings.TrimSuffix(err.Error(), ".")) + "."
	}
	return day, ""
}

// tokenSince is when the token that it is about was put in.
func (d Draft) tokenSince(now time.Time) time.Time {
	switch {
	case d.task == Edit || d.task == Move:
		return d.saved.TokenSince
	case d.since.IsZero():
		return now
	}
	return d.since
}

// Changes reports whether it changes anything that is saved: an Edit may be there only to check.
func (d Draft) Changes() bool { return d.task != Edit || d.facts != factsOf(d.saved.Connector) }

// Readdresses reports whether the token would go to another site, or with another email, than
// the saved connector's does: then it has to be checked.
func (d Draft) Readdresses() bool {
	return d.Site() != d.saved.Site || d.Email() != d.saved.Email
}

// Connector is what will be saved, by whom: the facts, and what the report found out.
func (d Draft) Connector(by connector.Stamp) connector.Connector {
	c := d.saved.Connector
	now := by.At
	switch d.task {
	case Add:
		c = connector.Connector{Name: d.facts.Name, Product: d.facts.Product, Account: d.facts.Account, Added: by}
	case Edit:
		c.Name, c.Account, c.Expires, c.Edited = d.facts.Name, d.facts.Account, d.Expires(now), by
		if d.Readdresses() { // else what a check of the same facts found changes nothing
			c.Site, c.Email, c.Entered = d.Site(), d.Email(), connector.Stamp{} // what stands in SaaSAssure is another
			if d.checked {
				c.CloudID, c.Identity = d.report.CloudID, d.report.Identity
			}
		}
		return c
	case Move:
		c.KeptIn, c.Reference = d.storage, nil
		return c
	case Replace:
		c.Name, c.Account, c.Replaced = d.facts.Name, d.facts.Account, by
	}
	c.Site, c.Email, c.Expires, c.TokenSince = d.Site(), d.Email(), d.Expires(now), d.tokenSince(now)
	c.CloudID, c.Identity = d.report.CloudID, d.report.Identity
	c.KeptIn, c.Reference = d.storage, nil
	if d.storage == connector.StorageReference {
		c.Reference = d.reference
	}
	return c
}

// sharedConnector is another connector as it will be with the same new token.
func (d Draft) sharedConnector(s Share, first connector.Connector) connector.Connector {
	c := s.Entry.Connector
	c.Email, c.Expires, c.TokenSince, c.Replaced = first.Email, first.Expires, first.TokenSince, first.Replaced
	c.CloudID, c.Identity = s.Report.CloudID, s.Report.Identity
	return c
}
