package ui

import "saasconnect/connector"

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

// twin is the connector that a new one for the same product and account would stand
// beside, nil where there is none or the person knows.
func (s *stage) twin() *connector.Entry {
	if s.setup.TwinFine {
		return nil
	}
	return connector.Twin(connector.Connector{Product: s.setup.Product, Account: s.setup.Account}, s.session.entries)
}
