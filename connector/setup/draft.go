// Package setup decides what is still to be done for one task: adding a connector, replacing its
// token, changing its facts, moving its token to another storage. The wizard, the command line,
// line mode and import only ask and show; the decisions are here.
//
// A [Draft] is a task in progress, [Problems] validates it offline, [Next] returns the open
// [Question], and a [Service] checks and saves it.
package setup

import (
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Task is the kind of task that a Draft is for.
type Task int

// The tasks.
const (
	Add     Task = iota // a new connector
	Replace             // another token for a saved one
	Edit                // other facts of a saved one, checked with its token
	Move                // the token of a saved one goes to another storage
)

// Facts are what a person enters about a connector, as typed.
type Facts struct {
	Product connector.Product
	Site    string
	Email   string
	Name    string // "": the default name
	Account string // "": not set
	Expiry  string // the token's expiry date; "" and "none": not set
}

// Draft is one task in progress: facts, the token, answers to questions, and the report of a
// check. It is a value; copies are independent. A change drops the report and the answers that
// depended on the old state, since a report is about exactly these facts and this token. The zero
// Draft adds a connector.
type Draft struct {
	task  Task
	saved connector.Entry // the connector that the task is about; zero for Add
	facts Facts

	token     atlassian.Token
	receipt   atlassian.Receipt
	since     time.Time            // when the token was entered
	reference *connector.Reference // the external source of the token; nil for a token that is stored here

	storage connector.StorageKind // where the token will be stored; "" until it is chosen
	tested  bool                  // storage was tested and works

	report  connector.Report // zero until it is checked
	checked bool

	otherAccount bool     // accepted: the token is another account's
	duplicate    bool     // accepted: a second connector like another one
	keepFailing  bool     // accepted: save it although it doesn't work
	also         []string // ids of connectors on other sites that get the token as well
	shares       []Share
	shared       bool // the question about sharing was answered
}

// Share is another connector that had the old token, with the report of its check with the new
// one.
type Share struct {
	Entry  connector.Entry
	Report connector.Report // zero: it was not checked and keeps the old token
}

// New returns a Draft for a new connector. p may be "" where the product is not known yet.
func New(p connector.Product) Draft { return Draft{facts: Facts{Product: p}} }

// For returns a Draft for a task about a saved connector, with its facts. Replace begins without
// the expiry date, which was the old token's. Replace and Edit keep the storage.
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

// ForThat returns a Draft that replaces the token of e, which exists already, where d would have
// added a second connector like it. It has d's email, token, expiry date and storage.
func (d Draft) ForThat(e connector.Entry) Draft {
	r := For(Replace, e)
	r.facts.Email, r.facts.Expiry = d.facts.Email, d.facts.Expiry
	r.token, r.receipt, r.since, r.reference = d.token, d.receipt, d.since, d.reference
	r.storage, r.tested = d.storage, d.tested
	return r
}

// factsOf returns a saved connector's facts as a person would type them.
func factsOf(c connector.Connector) Facts {
	return Facts{Product: c.Product, Site: c.Site.Host(), Email: c.Email, Name: c.Name, Account: c.Account, Expiry: c.Expires.String()}
}

// Task returns the kind of task.
func (d Draft) Task() Task { return d.task }

// Saved returns the connector that the task is about; zero for Add.
func (d Draft) Saved() connector.Entry { return d.saved }

// Facts returns the current facts.
func (d Draft) Facts() Facts { return d.facts }

// Set changes the facts. If they differ, the Draft is to be checked again, and if that could make
// it a duplicate, that question is asked again.
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

// Rebase applies the Draft's changes to now, the saved connector after another program changed it.
// Facts that the Draft didn't change are taken from now. The report is kept unless the site or
// email differs.
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

// uncheck drops the report and the answers that depend on it.
func (d *Draft) uncheck() {
	d.report, d.checked, d.otherAccount, d.keepFailing, d.shares, d.shared = connector.Report{}, false, false, false, nil, false
}

// Token returns the entered token and its receipt; zero where there is none.
func (d Draft) Token() (atlassian.Token, atlassian.Receipt) { return d.token, d.receipt }

// SetToken sets a token that was typed or pasted at a time. It drops the report unless the token
// is the same.
func (d *Draft) SetToken(token atlassian.Token, receipt atlassian.Receipt, at time.Time) {
	if same := !token.IsZero() && d.token.Equal(token); same && d.reference == nil {
		return
	}
	d.token, d.receipt, d.since, d.reference = token, receipt, at, nil
	d.uncheck()
}

// Reference returns the external source of the token; nil where it is stored here.
func (d Draft) Reference() *connector.Reference { return d.reference }

// SetReference sets a token that was read from an external source. Whether it will be read from
// there again or stored here is decided by [Draft.SetStorage].
func (d *Draft) SetReference(from *connector.Reference, token atlassian.Token, receipt atlassian.Receipt, at time.Time) {
	d.token, d.receipt, d.since, d.reference = token, receipt, at, from
	d.uncheck()
}

// Storage returns where the token will be stored, "" until it is chosen, and whether that was
// tested.
func (d Draft) Storage() (kind connector.StorageKind, tested bool) { return d.storage, d.tested }

// SetStorage chooses where the token will be stored. A reference needs no test.
func (d *Draft) SetStorage(kind connector.StorageKind, tested bool) {
	d.storage, d.tested = kind, tested || kind == connector.StorageReference
}

// Report returns the report of the check; false where the Draft was not checked as it is now.
func (d Draft) Report() (connector.Report, bool) { return d.report, d.checked }

// SetReport sets the report of a check of exactly this Draft.
func (d *Draft) SetReport(r connector.Report) {
	d.uncheck()
	d.report, d.checked = r, true
}

// Uncheck drops the report and the answers that depend on it, so that the Draft is checked again.
func (d *Draft) Uncheck() { d.uncheck() }

// AcceptOtherAccount accepts that the new token belongs to another account than the old one.
func (d *Draft) AcceptOtherAccount() { d.otherAccount = true }

// AcceptDuplicate accepts a second connector like another one.
func (d *Draft) AcceptDuplicate() { d.duplicate = true }

// SaveFailing accepts saving it although it doesn't work. It has an effect only where
// [Draft.CanSaveFailing].
func (d *Draft) SaveFailing() { d.keepFailing = true }

// Share answers which of the connectors that had the old token get the new one. Without arguments
// only this connector gets it.
func (d *Draft) Share(with ...Share) { d.shares, d.shared = with, true }

// AlsoFor names connectors of the same account, on any site, that get the new token as well. They
// are asked about together with those of the same site.
func (d *Draft) AlsoFor(ids ...string) { d.also = ids }

// Also returns the ids given to AlsoFor.
func (d Draft) Also() []string { return d.also }

// Shares returns what was given to Share.
func (d Draft) Shares() []Share { return d.shares }

// Site returns the typed address as a site; zero where it is not valid.
func (d Draft) Site() atlassian.Site {
	site, _, err := atlassian.ParseSite(d.facts.Site)
	if err != nil {
		return atlassian.Site{}
	}
	return site
}

// Email returns the typed email, trimmed as it will be sent; "" where it is not valid.
func (d Draft) Email() string {
	email, _ := atlassian.CheckEmail(d.facts.Email)
	return email
}

// Expires returns the typed expiry date; zero where there is none or it is not valid. Forms like
// 90d count from now.
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
		return known, "" // not validated again: it was valid when it was set
	}
	day, err := connector.ParseExpiry(text, connector.DateOf(now), connector.DateOf(d.tokenSince(now)))
	if err != nil {
		return connector.Date{}, connector.Capitalize(strings.TrimSuffix(err.Error(), ".")) + "."
	}
	return day, ""
}

// tokenSince returns when the Draft's token was entered; now where it has none yet.
func (d Draft) tokenSince(now time.Time) time.Time {
	switch {
	case d.task == Edit || d.task == Move:
		return d.saved.TokenSince
	case d.since.IsZero():
		return now
	}
	return d.since
}

// Changes reports whether saving would change anything. An Edit without changes is only for
// checking.
func (d Draft) Changes() bool { return d.task != Edit || d.facts != factsOf(d.saved.Connector) }

// Readdresses reports whether the site or the email differs from the saved connector's. The token
// is then sent elsewhere, so it has to be checked.
func (d Draft) Readdresses() bool {
	return d.Site() != d.saved.Site || d.Email() != d.saved.Email
}

// Connector returns the connector to be saved: the facts, and what the report determined. by is
// who saves it.
func (d Draft) Connector(by connector.Stamp) connector.Connector {
	c := d.saved.Connector
	now := by.At
	switch d.task {
	case Add:
		c = connector.Connector{Name: d.facts.Name, Product: d.facts.Product, Account: d.facts.Account, Added: by}
	case Edit:
		c.Name, c.Account, c.Expires, c.Edited = d.facts.Name, d.facts.Account, d.Expires(now), by
		if d.Readdresses() { // else the report changes nothing that is saved
			c.Site, c.Email, c.Entered = d.Site(), d.Email(), connector.Stamp{} // Entered: SaaSAssure has the old values
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

// sharedConnector returns another connector as it will be saved with the same new token; first is
// the Draft's own.
func (d Draft) sharedConnector(s Share, first connector.Connector) connector.Connector {
	c := s.Entry.Connector
	c.Email, c.Expires, c.TokenSince, c.Replaced = first.Email, first.Expires, first.TokenSince, first.Replaced
	c.CloudID, c.Identity = s.Report.CloudID, s.Report.Identity
	return c
}
