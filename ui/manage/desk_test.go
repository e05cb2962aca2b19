package manage

import (
	"context"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/uitest"
)

// openList is the wizard at its list of saved connectors, and that list.
func openList(tb testing.TB, entries []connector.Entry) (*ui.App, *listScreen) {
	tb.Helper()
	var list *listScreen
	a := openAt(tb, uitest.Store{Entries: entries}, ui.Screens{
		ui.ScreenHome: func(on ui.Base) ui.Screen { list = newList(on).(*listScreen); return list },
		ui.ScreenList: func(on ui.Base) ui.Screen { list = newList(on).(*listScreen); return list },
	}, ui.Start{})
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	return a, list
}

// openAt is the wizard as it begins, with what it asks its store for.
func openAt(tb testing.TB, store setup.Store, screens ui.Screens, start ui.Start) *ui.App {
	tb.Helper()
	a := ui.NewApp(ui.Deps{Version: "test", Now: uitest.Noon, Store: store, User: func() string { return "mia" }, Timeout: time.Second}, start, screens)
	for _, msg := range uitest.Messages(a.Init()) {
		a.Update(msg)
	}
	return a
}

// BenchmarkListKey is a key on a list of 1,000 connectors: moving, paging, finding, and a
// report landing while all are checked. The yardstick is bubbles' table alone with the
// same rows.
func BenchmarkListKey(b *testing.B) {
	moving := uitest.Keys("j", "j", "k", "pgdown", "j", "pgup", "G", "k", "g")
	b.Run("table", func(b *testing.B) {
		_, l := openList(b, uitest.Entries(b, 1000))
		t := l.table
		uitest.Time(b, moving, func(msg tea.Msg) string {
			t, _ = t.Update(msg)
			return t.View()
		})
	})
	b.Run("moving", func(b *testing.B) {
		a, _ := openList(b, uitest.Entries(b, 1000))
		uitest.Press(b, a, moving)
	})
	b.Run("finding", func(b *testing.B) {
		a, _ := openList(b, uitest.Entries(b, 1000))
		a.Update(tea.KeyPressMsg{Code: '/', Text: "/"})
		uitest.Press(b, a, uitest.Keys("c", "u", "s", "backspace", "backspace", "backspace"))
	})
	b.Run("landing", func(b *testing.B) {
		a, l := openList(b, uitest.Entries(b, 1000))
		_, l.cancel = context.WithCancel(b.Context())
		l.total, l.landed = 1000, map[connector.Verdict]int{}
		var landings []tea.Msg
		for _, e := range l.Session.Entries {
			l.testing[e.ID] = true
			landings = append(landings, ui.RecheckedMsg{Request: l.Request, Id: e.ID, Report: *newReport(e)})
		}
		uitest.Press(b, a, landings)
	})
}

// newReport is the last report of one of uitest's connectors.
func newReport(e connector.Entry) *connector.Report {
	r := connector.PastReport(e.Connector, uitest.Noon())
	return &r
}

// pastStore counts whose reports are asked for, and loads none of them with the connectors.
type pastStore struct {
	uitest.Store
	asked *[]string
}

func (s pastStore) Load(context.Context) ([]connector.Entry, error) {
	all := slices.Clone(s.Entries)
	for i := range all {
		all[i].Reports = nil
	}
	return all, nil
}

func (s pastStore) Reports(ctx context.Context, id string) []connector.Report {
	*s.asked = append(*s.asked, id)
	return s.Store.Reports(ctx, id)
}

// TestThePastIsAskedForWhereItIsShown: home holds the newest outcome of each; the past is
// asked for on a connector's own page, which says nothing about it before.
func TestThePastIsAskedForWhereItIsShown(t *testing.T) {
	asked := []string(nil)
	var list *listScreen
	var page *detailScreen
	a := openAt(t, pastStore{uitest.Store{Entries: uitest.Entries(t, 3)}, &asked}, ui.Screens{
		ui.ScreenHome:   func(on ui.Base) ui.Screen { list = newList(on).(*listScreen); return list },
		ui.ScreenList:   func(on ui.Base) ui.Screen { list = newList(on).(*listScreen); return list },
		ui.ScreenDetail: func(on ui.Base) ui.Screen { page = newDetail(on).(*detailScreen); return page },
	}, ui.Start{})
	for _, e := range list.Session.Entries {
		if len(e.Reports) != 0 || e.Last == nil {
			t.Fatalf("home holds %d reports of %s", len(e.Reports), e.ID)
		}
	}
	_, cmd := a.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if before := page.history(); before != "" || !page.waits() {
		t.Errorf("said before the past is known: %q", before)
	}
	for _, msg := range uitest.Messages(cmd) {
		a.Update(msg)
	}
	if got := page.past(); len(got) != 2 || page.waits() || page.history() == "" || !slices.Equal(asked, []string{page.Setup.Saved.ID}) {
		t.Errorf("%d reports, asked for %v", len(got), asked)
	}
	for _, msg := range uitest.Messages(a.Init()) { // all is looked at once more
		a.Update(msg)
	}
	if got := page.past(); len(got) != 2 {
		t.Errorf("%d reports after another look at all", len(got))
	}
}
