package ui

import (
	"context"
	"errors"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// savingScreen keeps the connector and its token, and waits for the safe. It says what
// is being waited for, since a desktop may be asking for its keyring's password.
type savingScreen struct {
	stage
	keys   keyMap
	spin   spinner.Model
	cancel context.CancelFunc
}

func newSaving(on stage) screen {
	return &savingScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look)}
}

func (s *savingScreen) Title() (string, string) {
	return "Keeping the token", whereabouts(s.look, 3)
}

func (s *savingScreen) Keys() []key.Binding { return []key.Binding{named(s.keys.cancel, "give up")} }

func (s *savingScreen) Escape() event {
	s.setup.Trouble = context.Canceled
	return notKept
}

func (s *savingScreen) Leave() {
	if s.cancel != nil {
		s.cancel()
	}
}

// saveLimit leaves a person time to answer their desktop.
const saveLimit = 130 * time.Second

func (s *savingScreen) Init() tea.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), saveLimit)
	s.cancel = cancel
	return tea.Batch(s.spin.Tick, save(ctx, s.world, *s.setup, s.session.settings.Role, s.ticket))
}

// savedMsg is the answer of save.
type savedMsg struct {
	ticket ticket
	saved  connector.Connector
	err    error
}

// save keeps what the Setup holds. It gets a copy: the screen may change its own meanwhile.
func save(ctx context.Context, w *World, setup Setup, role connector.Role, t ticket) tea.Cmd {
	c := setup.connector(w, role)
	store, token, report := w.Store, setup.Token, setup.Report
	return func() tea.Msg {
		saved, err := store.Add(ctx, c, token, report)
		return savedMsg{t, saved, err}
	}
}

// connector is what will be saved.
func (s *Setup) connector(w *World, role connector.Role) connector.Connector {
	now := w.Now()
	since := s.Pasted
	if since.IsZero() {
		since = now
	}
	return connector.Connector{
		Name: s.Name, Product: s.Product, Site: s.site(), Email: s.email(), Account: s.Account,
		CloudID: s.Report.CloudID, Identity: s.Report.Identity, KeptIn: s.Keep,
		Expires: s.Expires, TokenSince: since,
		Added: connector.Stamp{By: w.User, Role: role, At: now},
	}
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
	var safe *connector.SafeError
	switch {
	case msg.err == nil:
		s.setup.Saved, s.setup.IsSaved, s.setup.Before = msg.saved, true, nil
		s.session.saved = msg.saved
		return kept
	case errors.As(msg.err, &safe) && safe.Why == connector.SafeWhyLocked && safe.Kind == connector.SafeFile:
		s.setup.Resume = true
		return locked
	}
	s.setup.Trouble = msg.err
	return notKept
}

func (s *savingScreen) View() (string, int) {
	text := s.spin.View() + " Keeping the token in " + connector.SafeName(s.setup.Keep) + " " + s.look.ellipsis()
	if s.setup.Keep == connector.SafeKeyring {
		text += "\n\n" + s.look.faint.Render(wrap("Your desktop may be asking for the keyring's password in a window of its own.", s.look.width))
	}
	return text, -1
}
