package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
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
			Account: fmt.Sprintf("Customer %d Ltd", i), KeptIn: connector.SafeKeyring, TokenSince: now.AddDate(0, 0, -i%360),
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
	a := NewApp(World{Version: "test", Now: func() time.Time { return now }, Store: deskStore{entries: entries}, Timeout: time.Second}, Start{})
	a.take(sessionMsg{entries: entries, settings: connector.Settings{Role: connector.RoleGlobalAdmin}})
	saved := entries[0].Connector
	token, receipt := atlassian.ReadToken("ATATT3xFfGF0-canary-in-a-setup-0123456789")
	a.setup = &Setup{
		Product: connector.Jira, Site: "acme", Email: "mia@example.com", Token: token, Receipt: receipt, Saved: saved, IsSaved: true, Report: entries[0].Reports[0],
		Safes:     []connector.SafeStatus{{Kind: connector.SafeKeyring, State: connector.SafeReady}, {Kind: connector.SafeFile, State: connector.SafeNew}},
		Unlocking: connector.SafeLocked, Trouble: &connector.SafeError{Kind: connector.SafeKeyring, Why: connector.SafeWhyFull},
		Text: "Dear admin,\n\nplease.\n", TextTitle: "A message",
	}
	if p == Sharing { // its site has others
		a.session.entries[1].Site, a.session.entries[1].Email = saved.Site, saved.Email
		a.setup.Site, a.setup.Task = saved.Site.Host(), Replacing
	}
	a.open(p)
	a.resize(200, 60)
	return a
}

// typed are keys that every screen takes: moving, and letters where there is a field.
func typedKeys() []tea.Msg {
	return []tea.Msg{
		tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: tea.KeyUp}, tea.KeyPressMsg{Code: tea.KeyPgDown},
	}
}

// BenchmarkKey is one key press on each screen, Update and View.
func BenchmarkKey(b *testing.B) {
	for _, p := range places() {
		if p == Practise {
			continue // a nested wizard: its home is measured as Begin
		}
		b.Run(string(p), func(b *testing.B) { pressing(b, deskApp(b, p, 1000), typedKeys()) })
	}
}

// BenchmarkListMove is one step down in a list of so many connectors.
func BenchmarkListMove(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { pressing(b, deskApp(b, Home, n), []tea.Msg{tea.KeyPressMsg{Code: 'j', Text: "j"}}) })
	}
}

// BenchmarkListPage is one page down, onto rows that were never in sight.
func BenchmarkListPage(b *testing.B) {
	a := deskApp(b, Home, 5000)
	l := a.screen.(*listScreen)
	b.ReportAllocs()
	for b.Loop() {
		if l.at == len(l.shown)-1 {
			b.StopTimer()
			l.lay()
			l.choose(0)
			b.StartTimer()
		}
		a.Update(tea.KeyPressMsg{Code: tea.KeyPgDown})
		if a.View().Content == "" {
			b.Fatal("an empty frame")
		}
	}
}

// BenchmarkListFind is one letter of a search through 1,000 connectors, and one taken back.
func BenchmarkListFind(b *testing.B) {
	a := deskApp(b, Home, 1000)
	a.Update(tea.KeyPressMsg{Code: '/', Text: "/"})
	var keys []tea.Msg
	for _, r := range "cust" {
		keys = append(keys, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	for range 4 {
		keys = append(keys, tea.KeyPressMsg{Code: tea.KeyBackspace})
	}
	pressing(b, a, keys)
}

// BenchmarkListLand is one of 1,000 reports landing in the list that re-tests all.
func BenchmarkListLand(b *testing.B) {
	a := deskApp(b, Home, 1000)
	l := a.screen.(*listScreen)
	_, l.cancel = context.WithCancel(context.Background())
	l.total, l.landed = 1000, map[connector.Verdict]int{}
	var landings []tea.Msg
	for _, e := range l.session.entries {
		l.testing[e.ID] = true
		landings = append(landings, retestedMsg{l.ticket, e.ID, e.Reports[0]})
	}
	pressing(b, a, landings)
}

func pressing(b *testing.B, a *App, msgs []tea.Msg) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		a.Update(msgs[i%len(msgs)])
		if a.View().Content == "" {
			b.Fatal("an empty frame")
		}
	}
}
