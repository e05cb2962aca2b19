package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// What the store remembers, asked for after the first frame and whenever home is entered.

// sessionMsg is the answer of loadSession.
type sessionMsg struct {
	session
}

func (s *session) take(msg sessionMsg) {
	notice := s.notice
	*s = msg.session
	s.notice = notice
	s.loaded = true
}

// loadSession asks the store what it remembers. It reads no token and touches no safe.
func loadSession(store Store) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		var msg sessionMsg
		msg.settings, msg.loadErr = store.Settings(ctx)
		entries, err := store.List(ctx)
		msg.entries = entries
		if err != nil {
			msg.loadErr = err
		}
		return msg
	}
}

// loadLimit bounds reading connectors.json, the wait for its lock included.
const loadLimit = 10 * time.Second
