package ui

import (
	"context"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// pastStore counts whose reports are asked for.
type pastStore struct {
	deskStore
	asked *[]string
}

func (s pastStore) Load(context.Context) ([]connector.Entry, error) {
	all := slices.Clone(s.entries)
	for i := range all {
		all[i].Reports = nil
	}
	return all, nil
}

func (s pastStore) Reports(_ context.Context, id string) []connector.Report {
	*s.asked = append(*s.asked, id)
	for _, e := range s.entries {
		if e.ID == id {
			return e.Reports
		}
	}
	return nil
}

// TestThePastIsAskedForWhereItIsShown: home holds the newest outcome of each; the past is
// asked for on a connector's own page, which says nothing about it before.
func TestThePastIsAskedForWhereItIsShown(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	entries, asked := many(t, 3), []string(nil)
	a := NewApp(World{Version: "test", Now: func() time.Time { return now }, Store: pastStore{deskStore{entries: entries}, &asked}, Timeout: time.Second}, Start{}, allScreens())
	a.Update(a.loadSession()())
	for _, e := range a.session.entries {
		if len(e.Reports) != 0 || e.Last == nil {
			t.Fatalf("home holds %d reports of %s", len(e.Reports), e.ID)
		}
	}
	a.setup.open(a.session.entries[1])
	a.open(Detail)
	d := a.screen.(*detailScreen)
	msgs := commands(d.Init())
	if before := d.history(); before != "" || !d.waits() {
		t.Errorf("said before the past is known: %q", before)
	}
	for _, msg := range msgs {
		a.Update(msg)
	}
	if got := d.past(); len(got) != 2 || d.waits() || d.history() == "" || !slices.Equal(asked, []string{"id-1"}) {
		t.Errorf("%d reports, asked for %v", len(got), asked)
	}
	a.Update(a.loadSession()())
	if got := d.past(); len(got) != 2 {
		t.Errorf("%d reports after another look at all", len(got))
	}
}

// commands are the messages of a command, and of all that it consists of.
func commands(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var all []tea.Msg
		for _, one := range msg {
			all = append(all, commands(one)...)
		}
		return all
	default:
		return []tea.Msg{msg}
	}
}

// TestRecall: the store's reports take the place of what is known; one that could not be
// remembered stays in front.
func TestRecall(t *testing.T) {
	for _, c := range []struct{ known, kept, want []int }{
		{nil, []int{8, 7}, []int{8, 7}},
		{[]int{8}, []int{9, 8, 7}, []int{9, 8, 7}},
		{[]int{10, 8}, []int{9, 8, 7}, []int{10, 9, 8, 7}},
		{[]int{8}, nil, []int{8}},
	} {
		s := session{entries: []connector.Entry{{Connector: connector.Connector{ID: "a"}, Reports: reportsOf(c.known)}}}
		s.recall("a", reportsOf(c.kept))
		if got := daysOf(s.entries[0].Reports); !slices.Equal(got, c.want) {
			t.Errorf("%v with %v kept: %v, want %v", c.known, c.kept, got, c.want)
		}
	}
}

// reportsOf are reports of these days.
func reportsOf(days []int) (all []connector.Report) {
	for _, d := range days {
		all = append(all, connector.Report{At: time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC)})
	}
	return all
}

func daysOf(reports []connector.Report) (days []int) {
	for _, r := range reports {
		days = append(days, r.At.Day())
	}
	return days
}
