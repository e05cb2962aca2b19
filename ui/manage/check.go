package manage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/ui"
)

// Checking from the list: rows flip as answers land, and giving up keeps what is known.

// retestShown checks what is shown, and remembers how much a filter hides.
func (l *listScreen) retestShown() tea.Cmd {
	l.hidden = len(l.sorted) - len(l.shown)
	return l.begin(l.shown)
}

// begin checks, after a look at the encrypted file where a token is in it: its passphrase is
// asked for once, and before.
func (l *listScreen) begin(entries []*connector.Entry) tea.Cmd {
	entries = l.due(entries)
	if len(entries) == 0 {
		return nil
	}
	if !l.Session.MayBeLocked(entries...) {
		return l.retest(entries)
	}
	l.sought = entries
	ctx, cancel := context.WithTimeout(context.Background(), ui.ProbeLimit)
	probe := ui.ProbeStorages(ctx, l.Deps.Store, l.Request)
	return tea.Batch(l.spin.Tick, func() tea.Msg { defer cancel(); return probe() })
}

// due are those that Atlassian has not asked to wait for any longer: a check of the others would be
// refused, and begin their wait again. The outcome says how long that is where it is all of them.
func (l *listScreen) due(entries []*connector.Entry) (due []*connector.Entry) {
	left := ""
	for _, e := range entries {
		if wait := ui.NewestReport(*e).RetryLeft(l.Deps.Now()); wait != "" {
			left = wait
			continue
		}
		due = append(due, e)
	}
	l.waiting = len(entries) - len(due)
	if len(due) == 0 && left != "" {
		l.outcome = "Not checked: Atlassian asked to wait. Check again in " + left
	}
	return due
}

// looked goes on once that is known.
func (l *listScreen) looked(msg ui.StoragesMsg) (ui.Event, tea.Cmd) {
	entries := l.sought
	l.sought = nil
	if !l.Session.IsLocked(msg) {
		return ui.None, l.retest(entries)
	}
	for _, e := range entries {
		l.Session.Recheck = append(l.Session.Recheck, e.ID)
	}
	l.Setup.Unlocking = connector.StorageLocked
	return ui.NeedsUnlock, nil
}

func (l *listScreen) retest(entries []*connector.Entry) tea.Cmd {
	if len(entries) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel, l.total, l.failing, l.unread, l.landed = cancel, len(entries), 0, 0, map[connector.Verdict]int{}
	l.began = l.Deps.Now()
	for _, e := range entries {
		l.testing[e.ID] = true
	}
	l.landing = ui.Recheck(ctx, l.Deps.Service(), entries, l.Request)
	l.lay()
	return tea.Batch(l.spin.Tick, ui.Await(l.landing))
}

// land puts a report into its row. Rows keep their places while a check runs.
func (l *listScreen) land(msg ui.RecheckedMsg) {
	delete(l.testing, msg.Id)
	if ui.TokenUnread(msg.Report) {
		l.unread++
		l.why = msg.Report.Title
	} else {
		l.landed[msg.Report.Verdict]++
	}
	if msg.Report.Verdict == connector.Failing {
		l.failing++
	}
	for i := range l.Session.Entries {
		e := &l.Session.Entries[i]
		if e.ID != msg.Id {
			continue
		}
		if !ui.TokenUnread(msg.Report) {
			e.AddReport(msg.Report)
		}
		if at := slices.Index(l.sorted, e); at >= 0 {
			l.redraw(at)
			l.table.UpdateViewport()
		}
	}
}

// running is how far it has come.
func (l *listScreen) running() string {
	words := fmt.Sprintf("%d of %d done, %d failing", l.total-len(l.testing), l.total, l.failing)
	if l.Theme.Width < 60 {
		return words
	}
	return "checking, " + words + " so far"
}

// summary is how a check ended: "12 of 12 checked: 10 working, 2 failing".
func (l *listScreen) summary() string {
	var parts []string
	for _, v := range []connector.Verdict{connector.Failing, connector.Attention, connector.Unknown, connector.Working} {
		if n := l.landed[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	words := fmt.Sprintf("%d of %d checked", l.total-len(l.testing)-l.unread, l.total+l.waiting)
	if len(parts) > 0 {
		words += ": " + strings.Join(parts, ", ")
	}
	if l.hidden > 0 {
		words += fmt.Sprintf("; the %d not shown weren't", l.hidden)
	}
	if l.waiting > 0 {
		words += fmt.Sprintf("; %d not yet: rate limited", l.waiting)
	}
	if l.unread > 0 {
		words += fmt.Sprintf("; %d not: %s", l.unread, connector.Inside(l.why))
	}
	return words
}

// stop ends a check; what is known is kept.
func (l *listScreen) stop() {
	if l.cancel != nil {
		l.cancel()
		l.outcome = l.summary()
	}
	l.cancel, l.testing = nil, map[string]bool{}
	if l.total > 1 && l.table.Cursor() == 0 {
		l.lay() // of many, what needs a person first is on top now
		return
	}
	l.layAgain()
}
