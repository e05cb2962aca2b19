package ui_test

import (
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/uitest"
)

// BenchmarkKey is what a key costs on each screen, from the message to the frame, in a window of 200 by
// 60 on a home of 1,000 connectors: `go test ./ui -run '^$' -bench Key`. The list has more of it
// (BenchmarkListKey, in the package of the list).
func BenchmarkKey(b *testing.B) {
	for _, p := range ui.Places() {
		if p == ui.ScreenPractice {
			continue // a nested wizard: its home is measured as Begin
		}
		b.Run(string(p), func(b *testing.B) {
			uitest.Press(b, appAt(b, p, 1000), uitest.Keys("down", "down", "up", "pgdown"))
		})
	}
}

// appAt is the wizard at a place, with everything a screen may want to show.
func appAt(tb testing.TB, p ui.ScreenID, n int) *ui.App {
	tb.Helper()
	entries := uitest.Entries(tb, n)
	entries[1].Site, entries[1].Email = entries[0].Site, entries[0].Email // its site has others
	saved := entries[0].Connector
	token, receipt := atlassian.ReadToken("ATATT3xFfGF0-canary-in-a-setup-0123456789")
	s := ui.Setup{
		Draft: setup.For(setup.Edit, entries[0]), Saved: saved,
		Storages:  []connector.StorageStatus{{Kind: connector.StorageKeyring, State: connector.StorageReady}, {Kind: connector.StorageFile, State: connector.StorageNew}},
		Unlocking: connector.StorageLocked, SaveError: &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyFull},
		Text: "Dear admin,\n\nplease.\n", TextTitle: "A message",
	}
	switch p {
	case ui.ScreenSuccess, ui.ScreenForm, ui.ScreenSaving, ui.ScreenDuplicate:
		s.Draft = setup.New(connector.Jira)
		f := s.Draft.Facts()
		f.Site, f.Email = "acme", "mia@example.com"
		s.Draft.Set(f)
	case ui.ScreenOtherAccount, ui.ScreenSharing, ui.ScreenReplaced:
		s.Draft = setup.For(setup.Replace, entries[0])
	case ui.ScreenEditSeveral:
		s.Selected = []connector.Connector{entries[0].Connector, entries[1].Connector}
	}
	s.Draft.SetToken(token, receipt, uitest.Noon())
	s.Draft.SetReport(entries[0].Reports[0])
	deps := ui.Deps{Version: "test", Now: uitest.Noon, Store: uitest.Store{Entries: entries}, User: func() string { return "mia" }, Timeout: time.Second}
	a := ui.NewApp(deps, ui.Start{}, screens())
	a.Desk(p, s, entries)
	return a
}
