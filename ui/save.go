package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// Saving as a command: a new connector, another token, or other facts. Each connector is
// all or nothing; of several that get the same new token, those that could not take it are
// named.

// savedMsg is the answer of save.
type savedMsg struct {
	ticket ticket
	saved  connector.Connector
	// also are the other connectors that took the new token, with the reports that proved
	// it; leftOut says of which others it was not taken, and why.
	also        []connector.Connector
	alsoReports []connector.Report
	leftOut     []string
	err         error
}

// save keeps what the Setup holds. It gets a copy: the screen may change its own meanwhile.
// A context that ends asks the store to give up; what it did is told all the same.
func save(ctx context.Context, w *World, setup Setup, role connector.Role, t ticket) tea.Cmd {
	world, c := *w, setup.connector(w, role)
	keep := func() tea.Msg {
		msg := savedMsg{ticket: t, saved: c}
		switch setup.Task {
		case Replacing:
			if msg.saved, msg.err = world.Store.Replace(ctx, setup.Saved, c, setup.Token); msg.err == nil {
				_ = world.Store.Remember(ctx, c.ID, setup.Report) // best effort: the token is what counts
				saveShared(ctx, world.Store, setup, c, &msg)
			}
		case Editing:
			if msg.saved, msg.err = world.Store.Edit(ctx, setup.Saved, c); msg.err == nil {
				_ = world.Store.Remember(ctx, c.ID, setup.Report) // likewise
			}
		case Adding: // the store remembers the first report
			msg.saved, msg.err = world.Store.Add(ctx, c, setup.Token, setup.Report)
		}
		_ = world.Store.SaveOutcomes(ctx) // likewise
		return msg
	}
	return func() tea.Msg { return finished(ctx, keep, savedMsg{ticket: t, saved: c, err: errUnanswered}) }
}

// saveShared gives the new token to the other connectors that were proven with it.
func saveShared(ctx context.Context, store Store, setup Setup, first connector.Connector, msg *savedMsg) {
	for _, e := range setup.Shared {
		c, report := e.Connector, newestReport(e)
		c.Email, c.Expires, c.TokenSince, c.Replaced = first.Email, first.Expires, first.TokenSince, first.Replaced
		c.CloudID, c.Identity = report.CloudID, report.Identity
		c, err := store.Replace(ctx, e.Connector, c, setup.Token)
		if isSame(err) {
			c, err = e.Connector, nil // it had been given the new one before
		}
		if err != nil {
			msg.leftOut = append(msg.leftOut, c.Name+": "+connector.Inside(connector.TroubleOf(err).Title))
			continue
		}
		_ = store.Remember(ctx, c.ID, report) // best effort
		msg.also, msg.alsoReports = append(msg.also, c), append(msg.alsoReports, report)
	}
	msg.leftOut = append(msg.leftOut, setup.LeftOut...)
}

// isSame: the token is the one that is kept already.
func isSame(err error) bool {
	var safe *connector.SafeError
	return errors.As(err, &safe) && safe.Why == connector.SafeWhySame
}

// connector is what will be saved.
func (s *Setup) connector(w *World, role connector.Role) connector.Connector {
	now := w.Now()
	since, by := s.Pasted, connector.Stamp{By: w.User(), Role: role, At: now}
	if since.IsZero() {
		since = now
	}
	switch c := s.Saved; s.Task {
	case Replacing:
		c.Site, c.Email, c.KeptIn, c.Reference = s.site(), s.email(), s.Keep, s.reference()
		c.CloudID, c.Identity = s.Report.CloudID, s.Report.Identity
		c.Expires, c.TokenSince, c.Replaced = s.Expires, since, by
		return c
	case Editing:
		c.Name, c.Site, c.Email, c.Account = s.Name, s.site(), s.email(), s.Account
		c.CloudID, c.Identity, c.Edited = s.Report.CloudID, s.Report.Identity, by
		return c
	case Adding:
	}
	return connector.Connector{
		Name: s.Name, Product: s.Product, Site: s.site(), Email: s.email(), Account: s.Account,
		CloudID: s.Report.CloudID, Identity: s.Report.Identity, KeptIn: s.Keep, Reference: s.reference(),
		Expires: s.Expires, TokenSince: since, Added: by,
	}
}

// reference is where the token is, if it is kept elsewhere.
func (s *Setup) reference() *connector.Reference {
	if s.Keep != connector.SafeReference {
		return nil
	}
	return s.Reference
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
	case s.setup.Task == Replacing && s.isStranger():
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

// isStranger: the new token turned out to be another person's than the old one was.
func (s *stage) isStranger() bool {
	before, now := s.person(), s.setup.Report.Identity
	return before != nil && now != nil && before.ID != now.ID
}

// person is whom the saved token belongs to, as far as that was ever found out.
func (s *stage) person() *connector.Identity {
	if p := s.session.entry(s.setup.Saved.ID).Person(); p != nil {
		return p
	}
	return s.setup.Saved.Identity
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
