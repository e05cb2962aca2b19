package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// What the store remembers, asked for after the first frame and whenever home is entered.

// sessionMsg is the answer of loadSession.
type sessionMsg struct {
	of       *session // whose: the practice has another one
	entries  []connector.Entry
	settings connector.Settings
	loadErr  error
	mended   string // what had to be mended while reading, for the person to know
}

func (s *session) take(msg sessionMsg) {
	known := make(map[string]*connector.Entry, len(s.entries))
	for i := range s.entries {
		known[s.entries[i].ID] = &s.entries[i]
	}
	for i := range msg.entries { // what was found out or recalled of one in this run stays
		e := &msg.entries[i]
		before := known[e.ID]
		if before == nil {
			continue
		}
		e.Reports = before.Reports
		if before.Last != nil && (e.Last == nil || before.Last.At.After(e.Last.At)) {
			e.Last = before.Last
		}
	}
	s.entries, s.settings, s.loadErr, s.loaded = msg.entries, msg.settings, msg.loadErr, true
	if msg.mended != "" {
		s.notice = msg.mended
	}
	if s.given != connector.RoleUnknown {
		s.settings.Role = s.given
	}
}

// choose takes the role that the person picked, which goes before the one that was given, and before
// the remembered one, which may be asked for before this one is remembered.
func (s *session) choose(role connector.Role) { s.settings.Role, s.given = role, role }

// put takes over a connector as it was just saved, and the report that proved it.
func (s *session) put(c connector.Connector, r connector.Report) {
	s.entries = slices.Clone(s.entries)
	for i := range s.entries {
		if e := &s.entries[i]; e.ID == c.ID {
			e.Connector = c
			s.note(c.ID, r)
			return
		}
	}
	e := connector.Entry{Connector: c}
	e.Note(r)
	s.entries = append(s.entries, e)
}

// facts takes over connectors whose facts were changed.
func (s *session) facts(changed []connector.Connector) {
	s.entries = slices.Clone(s.entries)
	for i := range s.entries {
		for _, c := range changed {
			if s.entries[i].ID == c.ID {
				s.entries[i].Connector = c
			}
		}
	}
}

// note puts a report in front of a connector's, unless it stands there already.
func (s *session) note(id string, r connector.Report) {
	for i := range s.entries {
		e := &s.entries[i]
		if e.ID == id && (e.Last == nil || !e.Last.At.Equal(r.At)) {
			e.Note(r)
		}
	}
}

// recall takes over a connector's reports as the store has them. One that could not be
// remembered stays in front of them.
func (s *session) recall(id string, past []connector.Report) {
	for i := range s.entries {
		e := &s.entries[i]
		if e.ID != id || len(past) == 0 {
			continue
		}
		if len(e.Reports) > 0 && e.Reports[0].At.After(past[0].At) {
			past = append([]connector.Report{e.Reports[0]}, past...)
		}
		e.Last, e.Reports = past[0].Outcome(), past
	}
}

// entry is a connector by its id; the zero Entry where it is not known.
func (s *session) entry(id string) connector.Entry {
	for _, e := range s.entries {
		if e.ID == id {
			return e
		}
	}
	return connector.Entry{}
}

// forget drops a connector that was removed.
func (s *session) forget(id string) {
	s.entries = slices.DeleteFunc(slices.Clone(s.entries), func(e connector.Entry) bool { return e.ID == id })
}

// recalledMsg is one connector as it is saved now, zero where that can't be told, and its past.
type recalledMsg struct {
	ticket ticket
	id     string
	now    connector.Connector
	past   []connector.Report
}

// recall asks for one connector and its past: it may have been changed elsewhere.
func recall(store Store, id string, to ticket) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		msg := recalledMsg{ticket: to, id: id, past: store.Reports(ctx, id)}
		entries, _ := store.Load(ctx) // what can't be read is as it was
		for _, e := range entries {
			if e.ID == id {
				msg.now = e.Connector
			}
		}
		return msg
	}
}

// loadSession asks the store what it remembers. It reads no token and touches no safe.
func (a *App) loadSession() tea.Cmd {
	store, of := a.world.Store, a.session
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		msg := sessionMsg{of: of}
		msg.settings, msg.loadErr = store.Settings(ctx)
		entries, err := store.Load(ctx)
		msg.entries = entries
		if err != nil {
			msg.loadErr = err
		}
		msg.mended = strings.Join(store.Notices(), " ")
		return msg
	}
}

// tidyLimit bounds the sweeping at the start.
const tidyLimit = 30 * time.Second

// tidy sweeps once a run what a crash may have left, as far as no safe has to be unlocked for
// it. What can't be swept stays noted, so there is nothing to tell.
func tidy(service setup.Service) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
		defer cancel()
		_, _ = service.Tidy(ctx)
		return nil
	}
}

// loadLimit bounds reading connectors.json, the wait for its lock included.
const loadLimit = 10 * time.Second

// byAttention returns the entries, not copied, with those that need a person first, within
// that by name.
func byAttention(entries []connector.Entry, today connector.Date) []*connector.Entry {
	sorted := make([]*connector.Entry, len(entries))
	for i := range entries {
		sorted[i] = &entries[i]
	}
	slices.SortStableFunc(sorted, func(a, b *connector.Entry) int {
		return connector.CompareUrgency(*a, *b, today)
	})
	return sorted
}
