package ui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// savingScreen keeps the connector and its token, and waits for the safe. It says what
// is being waited for, since a desktop may be asking for its keyring's password.
type savingScreen struct {
	stage
	keys   keyMap
	spin   spinner.Model
	saving pending
}

func newSaving(on stage) screen {
	return &savingScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look)}
}

func (s *savingScreen) Title() (string, string) {
	switch s.setup.task() {
	case setup.Edit:
		return "Saving " + s.setup.Saved.Name, ""
	case setup.Move:
		return s.setup.title(), ""
	case setup.Add, setup.Replace:
	}
	return "Keeping the token", whereabouts(s.look, 3)
}

func (s *savingScreen) Keys() []key.Binding {
	return s.saving.keys(s.keys)
}

// Escape asks the store to give up. What it did until then is known by its answer alone.
func (s *savingScreen) Escape() event {
	s.saving.giveUp()
	return still
}

// Busy: its end is the answer of the store.
func (s *savingScreen) Busy() bool { return true }

func (s *savingScreen) Leave() { s.saving.end() }

func (s *savingScreen) Init() tea.Cmd {
	return tea.Batch(s.spin.Tick, save(s.saving.begin(saveLimit), s.world.Service(), s.setup.Draft, s.session.settings.Role, s.ticket))
}

func (s *savingScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		s.spin, cmd = s.spin.Update(msg)
		return still, cmd
	case savedMsg:
		if msg.ticket != s.ticket {
			return still, nil
		}
		return s.end(msg), nil
	}
	return still, nil
}

func (s *savingScreen) end(msg savedMsg) event {
	if msg.err == nil || slices.Contains(msg.saved.Took, msg.saved.First.Name) {
		return s.kept(msg.saved)
	}
	s.setup.Trouble = msg.err
	s.rebase(msg.saved)
	if s.mustUnlock(msg.err) {
		return locked
	}
	return notKept
}

// rebase makes it a change of what is saved now, after it was refused: it may be tried again, on top
// of what others changed meanwhile, or of the expiry date that was set beside a token that is stored
// already.
func (s *savingScreen) rebase(saved setup.Saved) {
	for _, e := range saved.Also {
		s.session.put(e.Connector, e.Reports[0])
	}
	if saved.Now.ID == "" {
		return
	}
	s.setup.Dated = saved.Now.Expires != s.setup.Saved.Expires && isSame(s.setup.Trouble)
	s.session.facts([]connector.Connector{saved.Now.Connector})
	s.setup.Saved = saved.Now.Connector
	s.setup.Draft.Rebase(s.entry())
}

// kept takes over what is saved now.
func (s *savingScreen) kept(saved setup.Saved) event {
	report, before := s.report(), s.setup.Saved
	s.setup.Trouble = nil
	s.setup.Saved, s.setup.Before, s.setup.adding = saved.First, nil, nil
	for _, e := range saved.Also {
		s.session.put(e.Connector, e.Reports[0])
	}
	if _, checked := s.setup.Draft.Report(); checked {
		s.session.put(saved.First, report)
	} else {
		s.session.facts([]connector.Connector{saved.First})
	}
	switch s.setup.task() {
	case setup.Replace:
		s.setup.Siblings, s.setup.LeftOut = nil, saved.LeftOut
		for _, e := range saved.Also {
			s.setup.Siblings = append(s.setup.Siblings, e.Connector)
		}
		return replaced
	case setup.Edit, setup.Move:
		_, checked := s.setup.Draft.Report()
		moved := before.KeptIn != saved.First.KeptIn
		s.setup.open(s.entry())
		switch {
		case moved:
			s.setup.Notice = "The token was moved to " + connector.StorageName(saved.First.KeptIn) + ", and read back there."
		case checked:
			s.setup.Notice = "Saved, and checked."
		default:
			s.setup.Notice = "Saved."
		}
		return edited
	case setup.Add:
	}
	s.setup.Siblings = append(s.setup.Siblings, saved.First)
	s.session.saved = saved.First
	return kept
}

func (s *savingScreen) View() (string, int) {
	if s.saving.given {
		return finishing(s.look, s.spin), -1
	}
	if s.setup.task() == setup.Edit && !s.setup.Draft.Readdresses() {
		return s.look.accent.Render(s.spin.View()) + " Saving " + s.look.ellipsis(), -1
	}
	if s.setup.task() == setup.Move {
		return hang(s.look.accent.Render(s.spin.View()), "Moving the token to "+connector.StorageName(s.setup.storage())+" "+s.look.ellipsis(), s.look.width) +
			"\n" + s.look.faint.Render(wrap(desktopAsks, s.look.width)), -1
	}
	text := hang(s.look.accent.Render(s.spin.View()), "Keeping the token in "+connector.StorageName(s.setup.storage())+" "+s.look.ellipsis(), s.look.width)
	if s.setup.storage() == connector.StorageKeyring {
		text += "\n\n" + s.look.faint.Render(wrap("Your desktop may be asking for the keyring's password in a window of its own.", s.look.width))
	}
	return text, -1
}
