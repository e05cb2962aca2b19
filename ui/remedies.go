package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Remedies are ways on: each leads to the very field, page, person or try that helps. What
// an action means depends on whether the connector is a new one or a saved one.

// canFollow reports whether the remedy can be chosen here and now. Those that can't are
// shown as words.
func (s *stage) canFollow(r connector.Remedy) bool {
	saved := s.setup.isSaved()
	switch r.Action {
	case connector.ActNone:
		return false
	case connector.ActKeep:
		return !saved && s.report().Keepable && s.session.settings.Role.MaySave()
	case connector.ActOtherProduct:
		return !saved
	case connector.ActUnlock:
		return saved
	case connector.ActReplace:
		return saved && s.mayChange()
	case connector.ActExpiry:
		return !saved || s.mayChange()
	case connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken, connector.ActEditAll, connector.ActReread:
		return !saved || s.mayChange()
	case connector.ActOpen, connector.ActRetry, connector.ActMessage, connector.ActReport:
	}
	return true
}

// unlocks: what is locked is the encrypted file, whose passphrase is asked for here.
func (s *stage) unlocks() bool {
	return s.setup.Saved.KeptIn == connector.StorageFile && !s.session.opened
}

// mayChange: the role may change saved connectors, or was not asked for yet.
func (s *stage) mayChange() bool {
	role := s.session.settings.Role
	return role.MaySave() || role == connector.RoleUnknown
}

// onlyAdmins is said to others.
const onlyAdmins = "Only a Global Admin or an Account Admin of SaaSAssure can do that."

// follow does what a remedy says, and names the way on.
func (s *stage) follow(r connector.Remedy) (event, tea.Cmd) {
	switch r.Action {
	case connector.ActRetry:
		return retry, nil
	case connector.ActMessage:
		s.setup.TextTitle, s.setup.Text = "A message that is ready to send", connector.Message(s.report())
		return message, nil
	case connector.ActReport:
		return still, s.copy("the redacted report", connector.RedactedReport(s.report()))
	case connector.ActOpen:
		return still, s.browse(r.URL)
	case connector.ActUnlock:
		if !s.unlocks() { // the desktop asks for it while the token is read
			return retry, nil
		}
		s.setup.Unlocking = connector.StorageLocked
		return locked, nil
	case connector.ActKeep:
		s.setup.Draft.KeepFailing()
		return answered, nil
	case connector.ActOtherProduct:
		s.setup.change(func(f *setup.Facts) { f.Product = connector.OtherProduct(f.Product) })
		return answered, nil
	case connector.ActExpiry:
		return expiry, nil
	case connector.ActNone, connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken, connector.ActEditAll,
		connector.ActReread, connector.ActReplace:
	}
	if s.setup.isSaved() && s.setup.task() != setup.Replace {
		return s.followSaved(r), nil
	}
	return s.followTyped(r), nil
}

// followTyped leads back to what was typed.
func (s *stage) followTyped(r connector.Remedy) event {
	switch r.Action {
	case connector.ActEditSite:
		s.setup.Focus = connector.FieldSite
		if to := s.report().NewSite; !to.IsZero() {
			s.setup.change(func(f *setup.Facts) { f.Site = to.Host() })
		} else if s.setup.task() == setup.Replace {
			s.edit(connector.FieldSite)
			return edits
		}
	case connector.ActEditEmail, connector.ActEditAll:
		s.setup.Focus, s.setup.OtherEmail = connector.FieldEmail, true
	case connector.ActReread:
		s.setup.Step = connector.StepFor(s.report().Code)
		return reread
	case connector.ActEditToken, connector.ActReplace:
		s.setup.Focus = connector.FieldToken
	default:
		return still
	}
	return edit
}

// followSaved leads from a saved connector to other facts or to another token.
func (s *stage) followSaved(r connector.Remedy) event {
	switch r.Action {
	case connector.ActEditSite:
		to := s.report().NewSite
		s.editTyped(connector.FieldSite)
		if !to.IsZero() {
			s.setup.change(func(f *setup.Facts) { f.Site = to.Host() })
		}
		return edits
	case connector.ActEditEmail:
		if s.useNamedEmail() {
			return answered
		}
		s.editTyped(connector.FieldEmail)
		return edits
	case connector.ActEditAll:
		s.replace(true)
		return edit
	case connector.ActReread:
		s.replace(false)
		s.setup.Step = connector.StepFor(s.report().Code)
		return reread
	case connector.ActReplace, connector.ActEditToken:
		s.replace(false)
		return reread
	default:
		return still
	}
}

// editTyped turns to the saved connector's facts, with what was typed of other ones so far.
func (s *stage) editTyped(focus connector.Field) {
	if s.setup.Focus = focus; s.setup.task() != setup.Edit {
		s.edit(focus)
	}
}

// namedEmail is the email that Atlassian names, where the connector has another one, "" where
// it has not. Known only once the connector's reports are.
func (s *stage) namedEmail() string { return s.report().NamedEmail() }

// useNamedEmail turns the Setup to taking that email over, which is checked before it is saved.
func (s *stage) useNamedEmail() bool {
	named := s.namedEmail()
	if named == "" {
		return false
	}
	s.editTyped(connector.FieldEmail)
	s.setup.change(func(f *setup.Facts) { f.Email = named })
	return true
}

// stayWords is what a remedy that stays on this screen has to say at once.
func stayWords(r connector.Remedy) said {
	if r.Action == connector.ActOpen {
		return said{"Open this page: " + r.URL, noted}
	}
	return said{}
}

// stayed takes the answer to such a remedy.
func (s *stage) stayed(msg tea.Msg) (note said, is bool) {
	switch msg := msg.(type) {
	case openedMsg:
		return msg.said(), msg.ticket == s.ticket
	case copiedMsg:
		return s.copied(msg, "run: saasconnect show NAME --redacted"), msg.ticket == s.ticket
	}
	return said{}, false
}

// browseLimit bounds starting a browser; the browser itself is not waited for.
const browseLimit = 5 * time.Second

// openedMsg is the answer of browse.
type openedMsg struct {
	ticket ticket
	url    string
	err    error
}

// said is how opening a page went, with its address in any case.
func (m openedMsg) said() said {
	if m.err != nil {
		return said{"No browser could be started here. Open this page yourself: " + m.url, failing}
	}
	return said{"Opened in your browser: " + m.url, went}
}

// browse opens a page in the person's browser. Where none can open it does nothing: the
// address is on the screen in any case.
func (s *stage) browse(url string) tea.Cmd {
	open, t := s.world.Browse, s.ticket
	if open == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), browseLimit)
		defer cancel()
		return openedMsg{t, url, open(ctx, url)}
	}
}

// What can be done besides the remedies of a report. They are this screen's own.
const (
	actHandover connector.Action = "hand-over"
	actEdit     connector.Action = "edit"
	actRemove   connector.Action = "remove"
	actRole     connector.Action = "role"
	actAsk      connector.Action = "ask-an-admin"
	actMove     connector.Action = "move"
)

// actEntered marks a connector as entered in SaaSAssure, or takes that back.
const actEntered connector.Action = "entered"

// actNotEntered takes that back, in the list.
const actNotEntered connector.Action = "not-entered"
