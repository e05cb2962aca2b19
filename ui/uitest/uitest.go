// Package uitest has what the tests of the wizard's packages share: a home of many connectors, keys by
// their names, and a clock for benchmarks. Nothing but tests imports it.
package uitest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Noon is when the tests' clock stands.
func Noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// Store has connectors and a Global Admin, and nothing else is asked of it.
type Store struct {
	setup.Store
	Entries []connector.Entry
}

// Load is the connectors.
func (s Store) Load(context.Context) ([]connector.Entry, error) { return s.Entries, nil }

// Settings is the role.
func (Store) Settings(context.Context) (connector.Settings, error) {
	return connector.Settings{Role: connector.RoleGlobalAdmin}, nil
}

// Notices has none.
func (Store) Notices() []string { return nil }

// Tidy has nothing to collect.
func (Store) Tidy(context.Context) (connector.TidyReport, error) { return connector.TidyReport{}, nil }

// Reports is the past of a connector.
func (s Store) Reports(_ context.Context, id string) []connector.Report {
	for _, e := range s.Entries {
		if e.ID == id {
			return e.Reports
		}
	}
	return nil
}

// Entries are n connectors with a past.
func Entries(tb testing.TB, n int) []connector.Entry {
	tb.Helper()
	now := Noon()
	all := make([]connector.Entry, n)
	for i := range all {
		site, _, err := atlassian.ParseSite(fmt.Sprintf("customer-%d", i))
		if err != nil {
			tb.Fatal(err)
		}
		c := connector.Connector{
			ID: fmt.Sprintf("id-%d", i), Name: fmt.Sprintf("customer-%d-jira", i), Product: connector.Jira, Site: site, Email: "mia@example.com",
			Account: fmt.Sprintf("Customer %d Ltd", i), KeptIn: connector.StorageKeyring, TokenSince: now.AddDate(0, 0, -i%360),
		}
		if i%3 == 0 {
			c.Product = connector.Confluence
		}
		all[i].Connector = c
		all[i].AddReport(connector.PastReport(c, now.AddDate(0, 0, -9)))
		all[i].AddReport(connector.PastReport(c, now.Add(-time.Hour)))
	}
	return all
}

// Keys are key presses by their names: "j", "down", "pgup".
func Keys(names ...string) []tea.Msg {
	special := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace}
	keys := make([]tea.Msg, len(names))
	for i, name := range names {
		keys[i] = tea.KeyPressMsg{Code: rune(name[0]), Text: name}
		if code, ok := special[name]; ok {
			keys[i] = tea.KeyPressMsg{Code: code}
		}
	}
	return keys
}

// Messages are what a command answers, and all that it consists of, one after the other.
func Messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var all []tea.Msg
		for _, one := range msg {
			all = append(all, Messages(one)...)
		}
		return all
	default:
		return []tea.Msg{msg}
	}
}

// Press gives a model b.N messages, one after the other from the beginning again, and draws it after
// each.
func Press(b *testing.B, m tea.Model, msgs []tea.Msg) {
	b.Helper()
	Time(b, msgs, func(msg tea.Msg) string {
		m.Update(msg)
		return m.View().Content
	})
}

// Time answers b.N messages with a frame, and reports how long 99 of 100 took at most.
func Time(b *testing.B, msgs []tea.Msg, answer func(tea.Msg) string) {
	b.Helper()
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		began := time.Now()
		if answer(msgs[i%len(msgs)]) == "" {
			b.Fatal("an empty frame")
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "ms-p50")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "ms-p99")
}
