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
	Trouble      error                  // why it could not be saved, until that is tried again
	Dated        bool                   // it was not, since the token is stored already, and its expiry date was set

	// Before is the Setup as it was when the other product was begun: back in the success
	// screen without having come to an end, it is what holds.
	Before *Setup
	// adding is the Draft of a new connector, before it was turned to replacing the token of the
	// one that is there.
	adding *setup.Draft

	Proven []connector.Product // with this token, in this run
	// Siblings are other connectors that got this very token in this run.
	Siblings []connector.Connector
	// Entering is which of the connectors the hand-over is at, from 0.
	Entering int
	// Several are the connectors that were selected in the list, to be edited, removed or
	// entered in SaaSAssure.
	Several []connector.Connector
	// LeftOut are the connectors whose token was to be replaced too, and was not.
	LeftOut []setup.LeftOut
	// Intent is what was chosen before a role had to be asked for.
	Intent connector.Remedy
	Notice string // one line to show once on the detail screen

	Text, TextTitle string // for the message screen
}

// open makes a Setup about a saved connector.
func (s *Setup) open(e connector.Entry) { *s = EditSetup(e) }

// ReplaceSetup is the Setup for another token of a saved connector.
func ReplaceSetup(e connector.Entry) Setup {
	return Setup{Draft: setup.For(setup.Replace, e), Saved: e.Connector, Focus: connector.FieldToken}
}

// EditSetup is the Setup for other facts of a saved connector.
func EditSetup(e connector.Entry) Setup {
	return Setup{Draft: setup.For(setup.Edit, e), Saved: e.Connector}
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

// isSaved: there is a connector already.
func (s *Setup) isSaved() bool { return s.Saved.ID != "" }

// change changes facts of the task.
func (s *Setup) change(by func(*setup.Facts)) {
	f := s.Draft.Facts()
	by(&f)
	s.Draft.Set(f)
}

// addAgain turns back to adding, where that was turned to replacing a token on the way.
func (s *Setup) addAgain() {
	if s.adding != nil {
		s.Draft, s.Saved, s.adding = *s.adding, connector.Connector{}, nil
	}
}

// product is what it connects.
func (s *Setup) product() connector.Product { return s.Draft.Facts().Product }

// token is the one at hand; zero where there is none.
func (s *Setup) token() atlassian.Token {
	token, _ := s.Draft.Token()
	return token
}

// storage is where the token goes; "" until that is chosen.
func (s *Setup) storage() connector.StorageKind {
	kind, _ := s.Draft.Storage()
	return kind
}

// task is what it is about.
func (s *Setup) task() setup.Task { return s.Draft.Task() }

// title says what is being done, for the frame.
func (s *Setup) title() string {
	switch s.task() {
	case setup.Replace:
		return "Replace the token of " + s.Saved.Name
	case setup.Edit:
		return "Edit " + s.Saved.Name
	case setup.Move:
		return "Move the token of " + s.Saved.Name
	case setup.Add:
	}
	return "Connect " + connector.ProductTitle(s.product())
}

// What screens do with it.

// known is what is known besides the task.
func (s stage) known() setup.Known {
	return setup.Known{Now: s.world.Now(), Role: s.session.settings.Role, Entries: s.session.entries, Storages: s.setup.Storages, KeyFile: s.world.KeyFile}
}

// problem is what is wrong with a fact, offline; "" for nothing.
func (s *stage) problem(with setup.Field) string {
	return setup.ProblemWith(s.setup.Draft, s.known(), with)
}

// entry is the saved connector with its past, as far as that was asked for.
func (s *stage) entry() connector.Entry {
	was := s.setup.Draft.Saved()
	e := s.session.entry(s.setup.Saved.ID)
	if e.ID == "" {
		e = was
	}
	if len(e.Reports) == 0 && was.ID == e.ID {
		e.Reports = was.Reports
	}
	e.Connector = s.setup.Saved
	return e
}

// report is what the task's check came to, or else the newest one of the saved connector.
func (s *stage) report() connector.Report {
	if r, checked := s.setup.Draft.Report(); checked {
		return r
	}
	if s.setup.isSaved() {
		return newestReport(s.entry())
	}
	return connector.Report{}
}

// edit turns the Setup to its saved connector's facts.
func (s *stage) edit(focus connector.Field) {
	s.setup.Draft, s.setup.Focus = setup.For(setup.Edit, s.entry()), focus
}

// replace turns the Setup to another token for its saved connector. What was typed about
// the site stays: it may be what the new token has to be checked for.
func (s *stage) replace(otherEmail bool) {
	typed := s.setup.Draft.Facts()
	s.setup.Draft = setup.For(setup.Replace, s.entry())
	s.setup.change(func(f *setup.Facts) { f.Site, f.Email = typed.Site, typed.Email })
	s.setup.OtherEmail, s.setup.Focus = otherEmail, connector.FieldToken
	if otherEmail {
		s.setup.Focus = connector.FieldEmail
	}
	s.setup.Walked, s.setup.Step, s.setup.Tries, s.setup.StorageAsked = false, 0, 0, false
	s.setup.Siblings, s.setup.LeftOut, s.setup.adding = nil, nil, nil
}
