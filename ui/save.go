package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Saving as a command: a new connector, another token, or other facts. Each connector is
// all or nothing; of several that get the same new token, those that could not take it are
// named.

// savedMsg is the answer of save.
type savedMsg struct {
	ticket ticket
	saved  setup.Saved // what is in force, also beside an error
	err    error
}

// save saves a Draft. A context that ends asks the store to give up; what it did is told all
// the same.
func save(ctx context.Context, service setup.Service, d setup.Draft, role connector.Role, t ticket) tea.Cmd {
	keep := func() tea.Msg {
		saved, err := service.Save(ctx, d, role)
		return savedMsg{t, saved, err}
	}
	return func() tea.Msg { return finished(ctx, keep, savedMsg{ticket: t, err: errUnanswered}) }
}

// isSame: the token is the one that is kept already.
func isSame(err error) bool {
	var safe *connector.SafeError
	return errors.As(err, &safe) && safe.Why == connector.SafeWhySame
}

// draft is the Setup as the task that it is.
func (s *stage) draft() setup.Draft {
	from := s.setup
	facts := setup.Facts{Product: from.Product, Site: from.Site, Email: from.Email, Name: from.Name, Account: from.Account, Expiry: from.Expires.String()}
	d := setup.New(from.Product)
	switch from.Task {
	case Replacing:
		d = setup.For(setup.Replace, s.entry())
	case Editing:
		d = setup.For(setup.Edit, s.entry())
		facts.Expiry = d.Facts().Expiry
	case Adding:
	}
	d.Set(facts)
	if from.Task != Editing {
		since := from.Pasted
		if since.IsZero() {
			since = s.world.Now()
		}
		if from.Keep == connector.SafeReference {
			d.SetReference(from.Reference, from.Token, from.Receipt, since)
		} else {
			d.SetToken(from.Token, from.Receipt, since)
		}
		d.SetStorage(from.Keep, from.KeepChosen)
	}
	d.SetReport(from.Report)
	d.Share(from.Shares...)
	return d
}

// entry is the saved connector with its past, as far as that was asked for.
func (s *stage) entry() connector.Entry {
	e := s.session.entry(s.setup.Saved.ID)
	if e.ID == "" {
		e = s.setup.was
	}
	if len(e.Reports) == 0 {
		e.Reports = s.setup.was.Reports
	}
	e.Connector = s.setup.Saved
	return e
}

// rebinds: an edit changes what the token in its safe is bound to.
func (s *Setup) rebinds() bool { return s.Saved.Site != s.site() || s.Saved.Email != s.email() }

// adopt takes over a connector that was just added: its facts as they were saved, and that
// it got the token at hand, for what is true of the token.
func (s *Setup) adopt(c connector.Connector) {
	s.Name, s.Site, s.Email, s.Account = c.Name, c.Site.Host(), c.Email, c.Account
	for _, known := range s.Siblings {
		if known.ID == c.ID {
			return
		}
	}
	s.Siblings = append(s.Siblings, c)
}

// saveLimit leaves a person time to answer their desktop.
const saveLimit = 130 * time.Second

// What stands between a connection that is proven, or may be kept, and the saving of it:
// the questions that only a person can answer.

// proceed is the way on from a proven connection.
func (s *stage) proceed() event {
	switch {
	case s.setup.Task == Replacing && s.draft().IsOtherAccount():
		return stranger
	case s.setup.Task == Replacing:
		return s.proceedReplacing()
	case s.setup.Task == Adding && s.twin() != nil:
		return twin
	}
	return passed
}

// proceedReplacing is the way on once it is clear whose token it is.
func (s *stage) proceedReplacing() event {
	if len(s.sharing()) > 0 {
		return shared
	}
	return passed
}

// sharing are the connectors that had the old token as well.
func (s *stage) sharing() []connector.Entry {
	return connector.Sharing(s.setup.Saved, s.session.entries)
}

// same is the connector that the new one would double, nil where there is none or the person
// knows.
func (s *stage) same() *connector.Entry {
	if s.setup.TwinFine {
		return nil
	}
	return connector.Same(connector.Connector{Product: s.setup.Product, Site: s.setup.site(), Email: s.setup.email()}, s.session.entries)
}

// twin is that, or the connector that a new one for the same product and account would stand
// beside.
func (s *stage) twin() *connector.Entry {
	if s.setup.TwinFine {
		return nil
	}
	if same := s.same(); same != nil {
		return same
	}
	return connector.Twin(connector.Connector{Product: s.setup.Product, Account: s.setup.Account}, s.session.entries)
}
