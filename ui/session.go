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

// SessionMsg is the answer of loadSession.
type SessionMsg struct {
	of        *Session // whose: the practice has another one
	entries   []connector.Entry
	settings  connector.Settings
	loadErr   error
	recovered string // what had to be recovered while reading, for the person to know
}

func (s *Session) take(msg SessionMsg) {
	known := make(map[string]*connector.Entry, len(s.Entries))
	for i := range s.Entries {
		known[s.Entries[i].ID] = &s.Entries[i]
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
	s.Entries, s.Settings, s.LoadErr, s.Loaded = msg.entries, msg.settings, msg.loadErr, true
	if msg.recovered != "" {
		s.Notice = msg.recovered
	}
	if s.given != connector.RoleUnknown {
		s.Settings.Role = s.given
	}
}

// SetRole takes the role that the person picked, which goes before the one that was given, and before
// the remembered one, which may be asked for before this one is remembered.
func (s *Session) SetRole(role connector.Role) { s.Settings.Role, s.given = role, role }

// PutSaved takes over a connector as it was just saved, and the report that proved it.
func (s *Session) PutSaved(c connector.Connector, r connector.Report) {
	s.Entries = slices.Clone(s.Entries)
	for i := range s.Entries {
		if e := &s.Entries[i]; e.ID == c.ID {
			e.Connector = c
			s.AddReport(c.ID, r)
			return
		}
	}
	e := connector.Entry{Connector: c}
	e.AddReport(r)
	s.Entries = append(s.Entries, e)
}

// UpdateFacts takes over connectors whose facts were changed.
func (s *Session) UpdateFacts(changed []connector.Connector) {
	s.Entries = slices.Clone(s.Entries)
	for i := range s.Entries {
		for _, c := range changed {
			if s.Entries[i].ID == c.ID {
				s.Entries[i].Connector = c
			}
		}
	}
}

// AddReport puts a report in front of a connector's, unless it stands there already.
func (s *Session) AddReport(id string, r connector.Report) {
	for i := range s.Entries {
		e := &s.Entries[i]
		if e.ID == id && (e.Last == nil || !e.Last.At.Equal(r.At)) {
			e.AddReport(r)
		}
	}
}

// SetReports takes over a connector's reports as the store has them. One that could not be
// remembered stays in front of them.
func (s *Session) SetReports(id string, past []connector.Report) {
	for i := range s.Entries {
		e := &s.Entries[i]
		if e.ID != id || len(past) == 0 {
			continue
		}
		if len(e.Reports) > 0 && e.Reports[0].At.After(past[0].At) {
			past = append([]connector.Report{e.Reports[0]}, past...)
		}
		e.Last, e.Reports = past[0].Outcome(), past
	}
}

// Entry is a connector by its id; the zero Entry where it is not known.
func (s *Session) Entry(id string) connector.Entry {
	for _, e := range s.Entries {
		if e.ID == id {
			return e
		}
	}
	return connector.Entry{}
}

// Forget drops a connector that was removed.
func (s *Session) Forget(id string) {
	s.Entries = slices.DeleteFunc(slices.Clone(s.Entries), func(e connector.Entry) bool { return e.ID == id })
}

// ReloadedMsg is one connector as it is saved now, zero where that can't be told, and its past.
type ReloadedMsg struct {
	Request RequestID
	Id      string
	Now     connector.Connector
	Past    []connector.Report
}

// Reload asks for one connector and its past: it may have been changed elsewhere.
func Reload(store Store, id string, to RequestID) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		msg := ReloadedMsg{Request: to, Id: id, Past: store.Reports(ctx, id)}
		entries, _ := store.Load(ctx) // what can't be read is as it was
		for _, e := range entries {
			if e.ID == id {
				msg.Now = e.Connector
			}
		}
		return msg
	}
}

// loadSession asks the store what it remembers. It reads no token and touches no storage.
func (a *App) loadSession() tea.Cmd {
	store, of := a.deps.Store, a.session
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		msg := SessionMsg{of: of}
		msg.settings, msg.loadErr = store.Settings(ctx)
		entries, err := store.Load(ctx)
		msg.entries = entries
		if err != nil {
			msg.loadErr = err
		}
		msg.recovered = strings.Join(store.Notices(), " ")
		return msg
	}
}

// tidyLimit bounds collecting at the start.
const tidyLimit = 30 * time.Second

// tidy collects once a run what a crash may have left, as far as no storage has to be unlocked for
// it. What can't be collected stays noted in the connectors file, so there is nothing to tell.
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

// SortByUrgency returns the entries, not copied, with those that need a person first, within
// that by name.
func SortByUrgency(entries []connector.Entry, today connector.Date) []*connector.Entry {
	sorted := make([]*connector.Entry, len(entries))
	for i := range entries {
		sorted[i] = &entries[i]
	}
	slices.SortStableFunc(sorted, func(a, b *connector.Entry) int {
		return connector.CompareUrgency(*a, *b, today)
	})
	return sorted
}
