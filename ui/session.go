package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// What the store remembers, asked for after the first frame and whenever home is entered.

// sessionMsg is the answer of loadSession.
type sessionMsg struct {
	entries  []connector.Entry
	settings connector.Settings
	loadErr  error
	mended   string // what had to be mended while reading, for the person to know
}

func (s *session) take(msg sessionMsg) {
	s.entries, s.settings, s.loadErr, s.loaded = msg.entries, msg.settings, msg.loadErr, true
	if msg.mended != "" {
		s.notice = msg.mended
	}
	if s.given != connector.RoleUnknown {
		s.settings.Role = s.given
	}
}

// forget drops a connector that was removed.
func (s *session) forget(id string) {
	s.entries = slices.DeleteFunc(slices.Clone(s.entries), func(e connector.Entry) bool { return e.ID == id })
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
		if s, ok := store.(interface{ Notices() []string }); ok {
			msg.mended = strings.Join(s.Notices(), " ")
		}
		return msg
	}
}

// loadLimit bounds reading connectors.json, the wait for its lock included.
const loadLimit = 10 * time.Second
