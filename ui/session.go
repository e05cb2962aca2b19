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
	known := make(map[string][]connector.Report, len(s.entries))
	for i := range s.entries {
		known[s.entries[i].ID] = s.entries[i].Reports
	}
	for i := range msg.entries { // what was recalled of one stays
		e := &msg.entries[i]
		e.Reports = follow(e.Reports, known[e.ID])
	}
	s.entries, s.settings, s.loadErr, s.loaded = msg.entries, msg.settings, msg.loadErr, true
	if msg.mended != "" {
		s.notice = msg.mended
	}
	if s.given != connector.RoleUnknown {
		s.settings.Role = s.given
	}
}

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
	s.entries = append(s.entries, connector.Entry{Connector: c, Reports: []connector.Report{r}})
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
		if e.ID == id && (len(e.Reports) == 0 || !e.Reports[0].At.Equal(r.At)) {
			e.Reports = append([]connector.Report{r}, e.Reports...)
		}
	}
}

// recall puts a connector's past, as it is kept, behind what was found out since.
func (s *session) recall(id string, past []connector.Report) {
	for i := range s.entries {
		e := &s.entries[i]
		if e.ID != id || len(past) == 0 {
			continue
		}
		since := slices.IndexFunc(e.Reports, func(r connector.Report) bool { return !r.At.After(past[0].At) })
		if since < 0 {
			since = len(e.Reports)
		}
		e.Reports = follow(e.Reports[:since], past)
	}
}

// follow is reports, and behind them those of a past that are older. Both have their newest
// first.
func follow(reports, past []connector.Report) []connector.Report {
	for i, r := range past {
		if len(reports) == 0 || r.At.Before(reports[len(reports)-1].At) {
			return append(slices.Clip(reports), past[i:]...)
		}
	}
	return reports
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

// historian is a store that can tell the newest report of each connector from the past of
// one: home needs the former, of a thousand perhaps, and a connector's own page the latter.
type historian interface {
	// Recent is List with the newest report of each alone.
	Recent(ctx context.Context) ([]connector.Entry, error)
	// History is the reports of one, the newest first.
	History(ctx context.Context, id string) []connector.Report
}

// recalledMsg is the past of one connector.
type recalledMsg struct {
	ticket ticket
	id     string
	past   []connector.Report
}

// recall asks for the past of one connector; nil where it is known.
func recall(store Store, id string, to ticket) tea.Cmd {
	h, ok := store.(historian)
	if !ok {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		return recalledMsg{to, id, h.History(ctx, id)}
	}
}

// loadSession asks the store what it remembers. It reads no token and touches no safe.
func loadSession(store Store) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), loadLimit)
		defer cancel()
		var msg sessionMsg
		msg.settings, msg.loadErr = store.Settings(ctx)
		list := store.List
		if h, ok := store.(historian); ok {
			list = h.Recent
		}
		entries, err := list(ctx)
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

// tidyLimit bounds the sweeping at the start.
const tidyLimit = 30 * time.Second

// tidy sweeps once a run what a crash may have left, as far as no safe has to be unlocked for
// it. What can't be swept stays noted, so there is nothing to tell.
func tidy(store Store) tea.Cmd {
	sweeper, ok := store.(interface {
		Tidy(context.Context) (connector.TidyReport, error)
	})
	if !ok {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
		defer cancel()
		_, _ = sweeper.Tidy(ctx)
		return nil
	}
}

// loadLimit bounds reading connectors.json, the wait for its lock included.
const loadLimit = 10 * time.Second

// byAttention are the places of the connectors in their list, of those that need a person
// first first, within that by name.
func byAttention(entries []connector.Entry, today connector.Date) []int {
	urgency := make([]int, len(entries))
	for i := range entries {
		urgency[i] = entries[i].Urgency(today)
	}
	return connector.Order(len(entries), func(i, j int) int {
		if d := urgency[i] - urgency[j]; d != 0 {
			return d
		}
		return strings.Compare(entries[i].Name, entries[j].Name)
	})
}
