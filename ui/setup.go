package ui

import (
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Task is what a run of the wizard is about.
type Task int

// The tasks.
const (
	Adding    Task = iota // a new connector
	Replacing             // another token for a saved one
	Editing               // other facts of a saved one, proven with the token it has
)

// Setup is what one run of the wizard carries from screen to screen, and drops at its end.
type Setup struct {
	Task    Task
	Product connector.Product
	// What was typed, as it was typed.
	Site, Email string
	Account     string
	Name        string
	Expiry      string
	// Expires is the day that Expiry names; zero where it names none.
	Expires connector.Date

	Token   atlassian.Token
	Receipt atlassian.Receipt
	// Pasted is when the token was put in: it can't outlive that day by more than a year.
	Pasted time.Time

	Focus  connector.Field // the field the form opens in
	Step   int             // the step the walkthrough opens at, from 0
	Walked bool            // the walkthrough was gone through: the token is of today

	Reference  *connector.Reference // where it is, for a token that is kept elsewhere
	Moving     bool                 // a saved token is to go to another safe
	Keep       connector.SafeKind   // where to keep it; "" until decided
	KeepChosen bool                 // and tried: it is known to keep a token
	Safes      []connector.SafeStatus
	SafeAsked  bool                // the safe screen has opened by itself once
	Unlocking  connector.SafeState // what the unlock screen is about: locked, or new

	Report  connector.Report
	Judged  atlassian.Token // the token that Report is about
	Tries   int             // checks that ended in a diagnosis
	Saved   connector.Connector
	IsSaved bool
	// KeepFailing: the person asked to keep a connector that does not work yet.
	KeepFailing bool
	Trouble     error
	// Recheck: the screen that is come back to begins with a check.
	Recheck bool
	// Resume: what was interrupted by a locked safe was the saving.
	Resume bool

	// Before is the Setup as it was when the other product was begun: back in the success
	// screen without having come to an end, it is what holds.
	Before *Setup

	was connector.Entry // the saved connector with its past, as it was opened

	Proven []connector.Product // with this token, in this run

	// OtherPerson: the new token is another account's, whose e-mail has to be typed too.
	OtherPerson bool
	// TwinFine: a second connector for the same product and account is what is wanted.
	TwinFine bool
	// Shares are the other connectors that had the old token, with what came of checking the new one.
	Shares []setup.Share
	// Siblings are other connectors that got this very token in this run.
	Siblings []connector.Connector
	// LeftOut says of which connectors the token was to be replaced too, and was not.
	LeftOut []setup.LeftOut
	// Intent is what was chosen before a role had to be asked for.
	Intent connector.Remedy
	Notice string // one line to show once on the detail screen

	Text, TextTitle string // for the message screen
}

// open makes a Setup about a saved connector.
func (s *Setup) open(e connector.Entry) {
	*s = Setup{
		Product: e.Product, Site: e.Site.Host(), Email: e.Email, Name: e.Name, Account: e.Account,
		Saved: e.Connector, IsSaved: true, Keep: e.KeptIn, Report: newestReport(e), was: e,
	}
	s.expires(e.Expires)
}

// newestReport is an entry's newest report, or what is known of it where the reports were
// not asked for.
func newestReport(e connector.Entry) connector.Report {
	if len(e.Reports) > 0 {
		return e.Reports[0]
	}
	r := connector.Report{Product: e.Product, Site: e.Site, Email: e.Email}
	if last := e.Last; last != nil {
		r.Verdict, r.Code, r.Title, r.At, r.Coverage = last.Verdict, last.Code, last.Title, last.At, last.Coverage
	}
	return r
}

// replace turns the Setup to another token for its saved connector. What was typed about
// the site stays: it may be what the new token has to be proven for.
func (s *Setup) replace(otherPerson bool) {
	s.Task, s.OtherPerson = Replacing, otherPerson
	s.Token, s.Receipt, s.Pasted = atlassian.Token{}, atlassian.Receipt{}, time.Time{}
	s.expires(connector.Date{})
	s.Walked, s.Step = false, 0
	s.Keep, s.KeepChosen, s.SafeAsked = s.Saved.KeptIn, false, false
	s.Shares, s.Siblings, s.LeftOut, s.Tries = nil, nil, nil, 0
	s.Focus = connector.FieldToken
	if otherPerson {
		s.Focus = connector.FieldEmail
	}
}

// expires takes a day over, whatever was typed.
func (s *Setup) expires(day connector.Date) { s.Expiry, s.Expires = day.String(), day }

// replaceIn turns a Setup whose token was checked for a new connector to replacing the token
// of the one that is there.
func (s *Setup) replaceIn(e connector.Entry) {
	s.Task, s.Saved, s.IsSaved, s.was = Replacing, e.Connector, true, e
	s.Shares, s.Siblings, s.LeftOut = nil, nil, nil
}

// edit turns the Setup to its saved connector's facts.
func (s *Setup) edit(focus connector.Field) { s.Task, s.Focus = Editing, focus }

// ReplaceSetup is the Setup for another token of a saved connector.
func ReplaceSetup(e connector.Entry) Setup {
	var s Setup
	s.open(e)
	s.replace(false)
	return s
}

// EditSetup is the Setup for other facts of a saved connector.
func EditSetup(e connector.Entry) Setup {
	var s Setup
	s.open(e)
	s.edit("")
	return s
}

// title says what is being done, for the frame.
func (s *Setup) title() string {
	switch s.Task {
	case Replacing:
		return "Replace the token of " + s.Saved.Name
	case Editing:
		return "Edit " + s.Saved.Name
	case Adding:
	}
	return "Connect " + connector.ProductTitle(s.Product)
}
