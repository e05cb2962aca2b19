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

// CanFollow reports whether the remedy can be chosen here and now. Those that can't are
// shown as words.
func (s *Base) CanFollow(r connector.Remedy) bool {
	saved := s.Setup.IsSaved()
	switch r.Action {
	case connector.ActNone:
		return false
	case connector.ActKeep:
		return !saved && s.Report().Keepable && s.Session.Settings.Role.MaySave()
	case connector.ActOtherProduct:
		return !saved
	case connector.ActUnlock:
		return saved
	case connector.ActReplace:
		return saved && s.MayChange()
	case connector.ActExpiry:
		return !saved || s.MayChange()
	case connector.ActEditToken, connector.ActReread: // replacing the saved token leads there too
		return !saved || s.Setup.Task() == setup.Replace && s.MayChange()
	case connector.ActEditSite, connector.ActEditEmail, connector.ActEditAll:
		return !saved || s.MayChange()
	case connector.ActOpen, connector.ActRetry, connector.ActMessage, connector.ActReport:
	}
	return true
}

// Unlocks: what is locked is the encrypted file, whose passphrase is asked for here.
func (s *Base) Unlocks() bool {
	return s.Setup.Saved.KeptIn == connector.StorageFile && !s.Session.FileUnlocked
}

// MayChange: the role may change saved connectors, or was not asked for yet.
func (s *Base) MayChange() bool {
	role := s.Session.Settings.Role
	return role.MaySave() || role == connector.RoleUnknown
}

// OnlyAdmins is said to others.
const OnlyAdmins = "Only a Global Admin or an Account Admin of SaaSAssure can do that."

// Follow does what a remedy says, and names the way on.
func (s *Base) Follow(r connector.Remedy) (Event, tea.Cmd) {
	switch r.Action {
	case connector.ActRetry:
		return Retry, nil
	case connector.ActMessage:
		s.Setup.TextTitle, s.Setup.Text = "Message to send", connector.Message(s.Report())
		return WriteMessage, nil
	case connector.ActReport:
		return None, s.Copy("the redacted report", connector.RedactedReport(s.Report()))
	case connector.ActOpen:
		return None, s.Browse(r.URL)
	case connector.ActUnlock:
		if !s.Unlocks() { // the desktop asks for it while the token is read
			return Retry, nil
		}
		s.Setup.Unlocking = connector.StorageLocked
		return NeedsUnlock, nil
	case connector.ActKeep:
		s.Setup.Draft.SaveFailing()
		return Answered, nil
	case connector.ActOtherProduct:
		s.Setup.Change(func(f *setup.Facts) { f.Product = connector.OtherProduct(f.Product) })
		return Answered, nil
	case connector.ActExpiry:
		return SetExpiry, nil
	case connector.ActNone, connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken, connector.ActEditAll,
		connector.ActReread, connector.ActReplace:
	}
	if s.Setup.IsSaved() && s.Setup.Task() != setup.Replace {
		return s.followSaved(r), nil
	}
	return s.followTyped(r), nil
}

// followTyped leads back to what was typed.
func (s *Base) followTyped(r connector.Remedy) Event {
	switch r.Action {
	case connector.ActEditSite:
		s.Setup.Focus = connector.FieldSite
		if to := s.Report().NewSite; !to.IsZero() {
			s.Setup.Change(func(f *setup.Facts) { f.Site = to.Host() })
		} else if s.Setup.Task() == setup.Replace {
			s.Edit(connector.FieldSite)
			return EditFacts
		}
	case connector.ActEditEmail, connector.ActEditAll:
		s.Setup.Focus, s.Setup.OtherEmail = connector.FieldEmail, true
	case connector.ActReread:
		s.Setup.Step = connector.StepFor(s.Report().Code)
		return RereadGuide
	case connector.ActEditToken, connector.ActReplace:
		s.Setup.Focus = connector.FieldToken
	default:
		return None
	}
	return EditForm
}

// followSaved leads from a saved connector to other facts or to another token.
func (s *Base) followSaved(r connector.Remedy) Event {
	switch r.Action {
	case connector.ActEditSite:
		to := s.Report().NewSite
		s.editTyped(connector.FieldSite)
		if !to.IsZero() {
			s.Setup.Change(func(f *setup.Facts) { f.Site = to.Host() })
		}
		return EditFacts
	case connector.ActEditEmail:
		if s.UseNamedEmail() {
			return Answered
		}
		s.editTyped(connector.FieldEmail)
		return EditFacts
	case connector.ActEditAll:
		s.Replace(true)
		return EditForm
	case connector.ActReplace, connector.ActReread, connector.ActEditToken:
		step := connector.StepFor(s.Report().Code)
		s.Replace(false)
		s.Setup.Step = step
		return RereadGuide
	default:
		return None
	}
}

// editTyped turns to the saved connector's facts, with what was typed of other ones so far.
func (s *Base) editTyped(focus connector.Field) {
	if s.Setup.Focus = focus; s.Setup.Task() != setup.Edit {
		s.Edit(focus)
	}
}

// NamedEmail is the email that Atlassian names, where the connector has another one, "" where
// it has not. Known only once the connector's reports are.
func (s *Base) NamedEmail() string { return s.Report().NamedEmail() }

// UseNamedEmail turns the Setup to taking that email over, which is checked before it is saved.
func (s *Base) UseNamedEmail() bool {
	named := s.NamedEmail()
	if named == "" {
		return false
	}
	s.editTyped(connector.FieldEmail)
	s.Setup.Change(func(f *setup.Facts) { f.Email = named })
	return true
}

// StayNote is what a remedy that stays on this screen has to say at once. In practice there is no page
// to open: it says what would fix the situation instead.
func (s *Base) StayNote(r connector.Remedy) Note {
	switch p := s.Deps.Practice; {
	case r.Action != connector.ActOpen:
		return Note{}
	case p == nil:
		return Note{"Open this page: " + r.URL, NoteInfo}
	case p.FixedHow == "":
		return Note{"In practice this step can't be done.", NoteInfo}
	default:
		return Note{"In practice this step can't be done. What would fix this: " + p.FixedHow, NoteInfo}
	}
}

// StayedNote takes the answer to such a remedy.
func (s *Base) StayedNote(msg tea.Msg) (note Note, is bool) {
	switch msg := msg.(type) {
	case OpenedMsg:
		return msg.Note(), msg.Request == s.Request
	case CopiedMsg:
		otherwise := SelectIt
		if name := s.Setup.Saved.Name; name != "" {
			otherwise = "run `saasconnect show " + name + " --redacted`."
		}
		return s.CopiedNote(msg, otherwise), msg.Request == s.Request
	}
	return Note{}, false
}

// browseLimit bounds starting a browser; the browser itself is not waited for.
const browseLimit = 5 * time.Second

// OpenedMsg is the answer of browse.
type OpenedMsg struct {
	Request RequestID
	url     string
	Err     error
}

// Note is how opening a page went, with its address in any case.
func (m OpenedMsg) Note() Note {
	if m.Err != nil {
		return Note{"No browser could be started here. Open this page yourself: " + m.url, NoteFailed}
	}
	return Note{"Opened in your browser: " + m.url, NoteDone}
}

// Browse opens a page in the person's browser. Where none can open it does nothing: the
// address is on the screen in any case.
func (s *Base) Browse(url string) tea.Cmd {
	open, t := s.Deps.Browse, s.Request
	if open == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), browseLimit)
		defer cancel()
		return OpenedMsg{t, url, open(ctx, url)}
	}
}

// What can be done besides the remedies of a report. They are this screen's own.
const (
	ActHandover connector.Action = "hand-over"
	ActEdit     connector.Action = "edit"
	ActRemove   connector.Action = "remove"
	ActRole     connector.Action = "role"
	ActAsk      connector.Action = "ask-an-admin"
	ActMove     connector.Action = "move"
)

// ActEntered marks a connector as entered in SaaSAssure, or takes that back.
const ActEntered connector.Action = "entered"

// ActNotEntered takes that back, in the list.
const ActNotEntered connector.Action = "not-entered"
