package wizard

import (
	"slices"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// savingScreen keeps the connector and its token, and waits for the storage. It says what
// is being waited for, since a desktop may be asking for its keyring's password.
type savingScreen struct {
	ui.Base
	keys   widget.KeyMap
	spin   spinner.Model
	saving ui.Pending
}

func newSaving(on ui.Base) ui.Screen {
	return &savingScreen{Base: on, keys: widget.NewKeys(), spin: widget.NewSpinner(on.Theme)}
}

func (s *savingScreen) Title() (string, string) {
	switch s.Setup.Task() {
	case setup.Edit:
		return "Saving " + s.Setup.Saved.Name, ""
	case setup.Move:
		return s.Setup.Title(), ""
	case setup.Add, setup.Replace:
	}
	return "Storing the token", ui.StepsLine(s.Theme, 3)
}

func (s *savingScreen) Keys() []key.Binding {
	return s.saving.Keys(s.keys)
}

// Escape asks the store to give up. What it did until then is known by its answer alone.
func (s *savingScreen) Escape() ui.Event {
	s.saving.GiveUp()
	return ui.None
}

// Busy: its end is the answer of the store.
func (s *savingScreen) Busy() bool { return true }

func (s *savingScreen) Leave() { s.saving.End() }

func (s *savingScreen) Init() tea.Cmd {
	return tea.Batch(s.spin.Tick, ui.Save(s.saving.Begin(ui.SaveLimit), s.Deps.Service(), s.Setup.Draft, s.Session.Settings.Role, s.Request))
}

func (s *savingScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		s.spin, cmd = s.spin.Update(msg)
		return ui.None, cmd
	case ui.SavedMsg:
		if msg.Request != s.Request {
			return ui.None, nil
		}
		return s.end(msg), nil
	}
	return ui.None, nil
}

func (s *savingScreen) end(msg ui.SavedMsg) ui.Event {
	if msg.Err == nil || slices.Contains(msg.Saved.Took, msg.Saved.First.Name) {
		return s.kept(msg.Saved)
	}
	s.Setup.SaveError = msg.Err
	s.rebase(msg.Saved)
	if s.MustUnlock(msg.Err) {
		return ui.NeedsUnlock
	}
	return ui.NotSaved
}

// rebase makes it a change of what is saved now, after it was refused: it may be tried again, on top
// of what others changed meanwhile, or of the expiry date that was set beside a token that is stored
// already.
func (s *savingScreen) rebase(saved setup.Saved) {
	for _, e := range saved.Also {
		s.Session.PutSaved(e.Connector, e.Reports[0])
	}
	if saved.Now.ID == "" {
		return
	}
	s.Setup.Dated = saved.Now.Expires != s.Setup.Saved.Expires && ui.IsSame(s.Setup.SaveError)
	s.Session.UpdateFacts([]connector.Connector{saved.Now.Connector})
	s.Setup.Saved = saved.Now.Connector
	s.Setup.Draft.Rebase(s.Entry())
}

// kept takes over what is saved now.
func (s *savingScreen) kept(saved setup.Saved) ui.Event {
	report, before := s.Report(), s.Setup.Saved
	s.Setup.SaveError = nil
	s.Setup.Saved, s.Setup.Before, s.Setup.Adding = saved.First, nil, nil
	for _, e := range saved.Also {
		s.Session.PutSaved(e.Connector, e.Reports[0])
	}
	if _, checked := s.Setup.Draft.Report(); checked {
		s.Session.PutSaved(saved.First, report)
	} else {
		s.Session.UpdateFacts([]connector.Connector{saved.First})
	}
	switch s.Setup.Task() {
	case setup.Replace:
		s.Setup.SameToken, s.Setup.LeftOut = nil, saved.LeftOut
		for _, e := range saved.Also {
			s.Setup.SameToken = append(s.Setup.SameToken, e.Connector)
		}
		return ui.Replaced
	case setup.Edit, setup.Move:
		_, checked := s.Setup.Draft.Report()
		moved := before.KeptIn != saved.First.KeptIn
		s.Setup.Open(s.Entry())
		switch {
		case moved:
			s.Setup.Notice = "The token was moved to " + connector.StorageName(saved.First.KeptIn) + ", and read back there."
		case checked:
			s.Setup.Notice = "Saved, and checked."
		default:
			s.Setup.Notice = "Saved."
		}
		return ui.Edited
	case setup.Add:
	}
	s.Setup.SameToken = append(s.Setup.SameToken, saved.First)
	s.Session.LastSaved = saved.First
	return ui.Saved
}

func (s *savingScreen) View() (string, int) {
	if s.saving.Given {
		return ui.FinishingText(s.Theme, s.spin), -1
	}
	if s.Setup.Task() == setup.Edit && !s.Setup.Draft.Readdresses() {
		return s.Theme.Accent.Render(s.spin.View()) + " Saving " + s.Theme.Ellipsis(), -1
	}
	if s.Setup.Task() == setup.Move {
		return widget.WithMark(s.Theme.Accent.Render(s.spin.View()), "Moving the token to "+connector.StorageName(s.Setup.Storage())+" "+s.Theme.Ellipsis(), s.Theme.Width) +
			"\n" + s.Theme.Faint.Render(widget.Wrap(ui.DesktopAsks, s.Theme.Width)), -1
	}
	text := widget.WithMark(s.Theme.Accent.Render(s.spin.View()), "Storing the token in "+connector.StorageName(s.Setup.Storage())+" "+s.Theme.Ellipsis(), s.Theme.Width)
	if s.Setup.Storage() == connector.StorageKeyring {
		text += "\n\n" + s.Theme.Faint.Render(widget.Wrap("Your desktop may be asking for the keyring's password in another window.", s.Theme.Width))
	}
	return text, -1
}
