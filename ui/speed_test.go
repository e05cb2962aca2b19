package ui

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

// What a key costs, from the message to the frame: `go test ./ui -run '^$' -bench Key`.
// The frames are those of a window of 200 by 60 on a home of 1,000 connectors.

// deskStore has connectors and a role, and nothing else is asked of it.
type deskStore struct {
	Store
	entries []connector.Entry
}

func (s deskStore) Load(context.Context) ([]connector.Entry, error) { return s.entries, nil }

func (deskStore) Settings(context.Context) (connector.Settings, error) {
	return connector.Settings{Role: connector.RoleGlobalAdmin}, nil
}

func (deskStore) Notices() []string { return nil }

// many are n connectors with a past.
func many(tb testing.TB, n int) []connector.Entry {
	tb.Helper()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
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
		all[i].Note(connector.PastReport(c, now.AddDate(0, 0, -9)))
		all[i].Note(connector.PastReport(c, now.Add(-time.Hour)))
	}
	return all
}

// deskApp is the wizard at a place, with everything a screen may want to show.
func deskApp(tb testing.TB, p Place, n int) *App {
	tb.Helper()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	entries := many(tb, n)
	a := NewApp(World{Version: "test", Now: func() time.Time { return now }, Store: deskStore{entries: entries}, Timeout: time.Second}, Start{}, allScreens())
	a.take(sessionMsg{of: a.session, entries: entries, settings: connector.Settings{Role: connector.RoleGlobalAdmin}})
	saved := entries[0].Connector
	token, receipt := atlassian.ReadToken("ATATT3xFfGF0-canary-in-a-setup-0123456789")
	a.setup = &Setup{
		Draft: setup.For(setup.Edit, entries[0]), Saved: saved,
		Storages:  []connector.StorageStatus{{Kind: connector.StorageKeyring, State: connector.StorageReady}, {Kind: connector.StorageFile, State: connector.StorageNew}},
		Unlocking: connector.StorageLocked, Trouble: &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyFull},
		Text: "Dear admin,\n\nplease.\n", TextTitle: "A message",
	}
	switch p {
	case Success, Form, Saving, Account:
		a.setup.Draft = setup.New(connector.Jira)
		a.setup.change(func(f *setup.Facts) { f.Site, f.Email = "acme", "mia@example.com" })
	case Person, Sharing, Replaced:
		a.setup.Draft = setup.For(setup.Replace, entries[0])
	}
	a.setup.Draft.SetToken(token, receipt, now)
	a.setup.Draft.SetReport(entries[0].Reports[0])
	if p == Sharing { // its site has others
		a.session.entries[1].Site, a.session.entries[1].Email = saved.Site, saved.Email
	}
	a.open(p)
	a.resize(200, 60)
	return a
}

// keysOf are key presses by their names.
func keysOf(names ...string) []tea.Msg {
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

// BenchmarkKey is one key press on each screen, Update and View.
func BenchmarkKey(b *testing.B) {
	for _, p := range places() {
		if p == Practise {
			continue // a nested wizard: its home is measured as Begin
		}
		b.Run(string(p), func(b *testing.B) { pressing(b, deskApp(b, p, 1000), keysOf("down", "down", "up", "pgdown")) })
	}
}

// BenchmarkListKey is a key on a list of 1,000 connectors: moving, paging, finding, and a
// report landing while all are checked. The yardstick is bubbles' table alone with the
// same rows.
func BenchmarkListKey(b *testing.B) {
	moving := keysOf("j", "j", "k", "pgdown", "j", "pgup", "G", "k", "g")
	b.Run("table", func(b *testing.B) {
		t := deskApp(b, Home, 1000).screen.(*listScreen).table
		timing(b, moving, func(msg tea.Msg) string {
			t, _ = t.Update(msg)
			return t.View()
		})
	})
	b.Run("moving", func(b *testing.B) { pressing(b, deskApp(b, Home, 1000), moving) })
	b.Run("finding", func(b *testing.B) {
		a := deskApp(b, Home, 1000)
		a.Update(tea.KeyPressMsg{Code: '/', Text: "/"})
		pressing(b, a, keysOf("c", "u", "s", "backspace", "backspace", "backspace"))
	})
	b.Run("landing", func(b *testing.B) {
		a := deskApp(b, Home, 1000)
		l := a.screen.(*listScreen)
		_, l.cancel = context.WithCancel(b.Context())
		l.total, l.landed = 1000, map[connector.Verdict]int{}
		var landings []tea.Msg
		for _, e := range l.session.entries {
			l.testing[e.ID] = true
			landings = append(landings, retestedMsg{l.ticket, e.ID, e.Reports[0]})
		}
		pressing(b, a, landings)
	})
}

func pressing(b *testing.B, a *App, msgs []tea.Msg) {
	b.Helper()
	timing(b, msgs, func(msg tea.Msg) string {
		a.Update(msg)
		return a.View().Content
	})
}

// timing answers b.N messages, and reports how long 99 of 100 took at most.
func timing(b *testing.B, msgs []tea.Msg, answer func(tea.Msg) string) {
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
