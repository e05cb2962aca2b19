package ui

import (
	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Setup is what one run of the wizard carries from screen to screen, and drops at its end.
type Setup struct {
	// Draft is the task, as far as it has come: facts, token, storage, report and answers. Where
	// a saved connector is only looked at, it is the beginning of editing it.
	Draft setup.Draft
	// Saved is the connector as it is now: the one that the task is about, or that it added.
	// Zero where there is none.
	Saved connector.Connector

	Focus      connector.Field // the field the form opens in
	OtherEmail bool            // another account's token is what the person set out for
	Step       int             // the step the walkthrough opens at, from 0
	Walked     bool            // the walkthrough was gone through: the token is of today
	Tries      int             // checks that ended in a diagnosis

	Storages     []connector.StorageStatus
	StorageAsked bool                   // the screen that chooses one has opened by itself once
	Unlocking    connector.StorageState // what the unlock screen is about: locked, or new
	SaveError    error                  // why it could not be saved, until that is tried again
	Dated        bool                   // it was not, since the token is stored already, and its expiry date was set

	// Before is the Setup as it was when the other product was begun: back in the success
	// screen without having come to an end, it is what holds.
	Before *Setup
	// Diagnosed is the Setup as it was when a remedy of a diagnosis led to the form, the facts or the
	// walkthrough: Esc there leads back to the diagnosis, where it is what holds. nil elsewhere.
	Diagnosed *Setup
	// Typed is what was typed there until then, for who goes on with it; nil for nothing.
	Typed *setup.Draft
	// Adding is the Draft of a new connector, before it was turned to replacing the token of the
	// one that is there.
	Adding *setup.Draft

	Verified []connector.Product // with this token, in this run
	// SameToken are other connectors that got this very token in this run.
	SameToken []connector.Connector
	// Entering is which of the connectors the hand-over is at, from 0.
	Entering int
	// Selected are the connectors that were selected in the list, to be edited, removed or
	// entered in SaaSAssure.
	Selected []connector.Connector
	// FromSelection: it was begun for what is selected in the list. The way back is the list, where the
	// keys mean the selection, and not one connector's page.
	FromSelection bool
	// LeftOut are the connectors whose token was to be replaced too, and was not.
	LeftOut []setup.LeftOut
	// Intent is what was chosen before a role had to be asked for.
	Intent connector.Remedy
	Notice string // one line to show once on the detail screen

	Text, TextTitle string // for the message screen
}

// Open makes a Setup about a saved connector.
func (s *Setup) Open(e connector.Entry) { *s = EditSetup(e) }

// ReplaceSetup is the Setup for another token of a saved connector.
func ReplaceSetup(e connector.Entry) Setup {
	return Setup{Draft: setup.For(setup.Replace, e), Saved: e.Connector, Focus: connector.FieldToken}
}

// EditSetup is the Setup for other facts of a saved connector.
func EditSetup(e connector.Entry) Setup {
	return Setup{Draft: setup.For(setup.Edit, e), Saved: e.Connector}
}

// NewestReport is an entry's newest report, or what is known of it where the reports were
// not asked for.
func NewestReport(e connector.Entry) connector.Report {
	if len(e.Reports) > 0 {
		return e.Reports[0]
	}
	r := connector.Report{Product: e.Product, Site: e.Site, Email: e.Email}
	if last := e.Last; last != nil {
		r.Verdict, r.Code, r.Title, r.At, r.Coverage = last.Verdict, last.Code, last.Title, last.At, last.Coverage
	}
	return r
}

// IsSaved: there is a connector already.
func (s *Setup) IsSaved() bool { return s.Saved.ID != "" }

// Change changes facts of the task.
func (s *Setup) Change(by func(*setup.Facts)) {
	f := s.Draft.Facts()
	by(&f)
	s.Draft.Set(f)
}

// LeaveDiagnosis notes how it was before a remedy of its diagnosis led elsewhere, and puts back what was
// typed before, unless the remedy itself changed the site.
func (s *Setup) LeaveDiagnosis(was Setup) {
	if s.Draft.Facts().Site == was.Draft.Facts().Site {
		s.Retype()
	}
	s.Diagnosed, s.Typed = &was, nil
}

// BackToDiagnosis makes it what it was when the diagnosis was left, if it was: its report is about the
// facts and the token of then. What was typed since is kept aside.
func (s *Setup) BackToDiagnosis() {
	if s.Diagnosed == nil {
		return
	}
	typed := s.Draft
	*s = *s.Diagnosed
	switch {
	case typed.Task() == setup.Edit: // its screen drops what was typed
		s.Typed = nil
	case typed.Task() == setup.Add && s.Adding != nil: // the form turned back to it
		s.Adding = &typed
	default:
		s.Typed = &typed
	}
}

// Retype puts back what was typed before the diagnosis was returned to.
func (s *Setup) Retype() {
	if s.Typed != nil && s.Typed.Task() == s.Task() {
		s.Draft, s.Typed = *s.Typed, nil
	}
}

// AddAgain turns back to adding, where that was turned to replacing a token on the way.
func (s *Setup) AddAgain() {
	if s.Adding != nil {
		s.Draft, s.Saved, s.Adding = *s.Adding, connector.Connector{}, nil
	}
}

// Product is what it connects.
func (s *Setup) Product() connector.Product { return s.Draft.Facts().Product }

// Token is the one at hand; zero where there is none.
func (s *Setup) Token() atlassian.Token {
	token, _ := s.Draft.Token()
	return token
}

// Storage is where the token goes; "" until that is chosen.
func (s *Setup) Storage() connector.StorageKind {
	kind, _ := s.Draft.Storage()
	return kind
}

// Task is what it is about.
func (s *Setup) Task() setup.Task { return s.Draft.Task() }

// Title says what is being done, for the frame.
func (s *Setup) Title() string {
	switch s.Task() {
	case setup.Replace:
		title := "Replace the token of " + s.Saved.Name
		if n := len(s.Draft.Also()); n > 0 {
			title += " and " + connector.Plural(n, "other")
		}
		return title
	case setup.Edit:
		return "Edit " + s.Saved.Name
	case setup.Move:
		return "Move the token of " + s.Saved.Name
	case setup.Add:
	}
	return "Connect " + connector.ProductTitle(s.Product())
}

// What screens do with it.

// Known is what is known besides the task.
func (s Base) Known() setup.Known {
	return setup.Known{Now: s.Deps.Now(), Role: s.Session.Settings.Role, Entries: s.Session.Entries, Storages: s.Setup.Storages, KeyFile: s.Deps.KeyFile}
}

// Problem is what is wrong with a fact, offline; "" for nothing.
func (s *Base) Problem(with setup.Field) string {
	return setup.ProblemWith(s.Setup.Draft, s.Known(), with)
}

// Entry is the saved connector with its past, as far as that was asked for.
func (s *Base) Entry() connector.Entry {
	was := s.Setup.Draft.Saved()
	e := s.Session.Entry(s.Setup.Saved.ID)
	if e.ID == "" {
		e = was
	}
	if len(e.Reports) == 0 && was.ID == e.ID {
		e.Reports = was.Reports
	}
	e.Connector = s.Setup.Saved
	return e
}

// Report is what the task's check came to, or else the newest one of the saved connector.
func (s *Base) Report() connector.Report {
	if r, checked := s.Setup.Draft.Report(); checked {
		return r
	}
	if s.Setup.IsSaved() {
		return NewestReport(s.Entry())
	}
	return connector.Report{}
}

// Edit turns the Setup to its saved connector's facts.
func (s *Base) Edit(focus connector.Field) {
	s.Setup.Draft, s.Setup.Focus = setup.For(setup.Edit, s.Entry()), focus
}

// Replace turns the Setup to another token for its saved connector. What was typed about
// the site stays: it may be what the new token has to be checked for.
func (s *Base) Replace(otherEmail bool) {
	typed := s.Setup.Draft.Facts()
	s.Setup.Draft = setup.For(setup.Replace, s.Entry())
	s.Setup.Change(func(f *setup.Facts) { f.Site, f.Email = typed.Site, typed.Email })
	s.Setup.OtherEmail, s.Setup.Focus = otherEmail, connector.FieldToken
	if otherEmail {
		s.Setup.Focus = connector.FieldEmail
	}
	s.Setup.Walked, s.Setup.Step, s.Setup.Tries, s.Setup.StorageAsked = false, 0, 0, false
	s.Setup.SameToken, s.Setup.LeftOut, s.Setup.Adding = nil, nil, nil
}
