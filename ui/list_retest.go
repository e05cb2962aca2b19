package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
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
	if len(entries) == 0 {
		return nil
	}
	if !l.session.mayBeLocked(entries...) {
		return l.retest(entries)
	}
	l.sought = entries
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	probe := probeStorages(ctx, l.world.Store, l.ticket)
	return tea.Batch(l.spin.Tick, func() tea.Msg { defer cancel(); return probe() })
}

// looked goes on once that is known.
func (l *listScreen) looked(msg storagesMsg) (event, tea.Cmd) {
	entries := l.sought
	l.sought = nil
	if !l.session.isLocked(msg) {
		return still, l.retest(entries)
	}
	for _, e := range entries {
		l.session.resume = append(l.session.resume, e.ID)
	}
	l.setup.Unlocking = connector.StorageLocked
	return locked, nil
}

func (l *listScreen) retest(entries []*connector.Entry) tea.Cmd {
	if len(entries) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel, l.total, l.failing, l.unread, l.landed = cancel, len(entries), 0, 0, map[connector.Verdict]int{}
	l.began = l.world.Now()
	for _, e := range entries {
		l.testing[e.ID] = true
	}
	l.landing = recheck(ctx, l.world.Service(), entries, l.ticket)
	l.lay()
	return tea.Batch(l.spin.Tick, await(l.landing))
}

// land puts a report into its row. Rows keep their places while a check runs.
func (l *listScreen) land(msg retestedMsg) {
	delete(l.testing, msg.id)
	if unread(msg.report) {
		l.unread++
		l.why = msg.report.Title
	} else {
		l.landed[msg.report.Verdict]++
	}
	if msg.report.Verdict == connector.Failing {
		l.failing++
	}
	for i := range l.session.entries {
		e := &l.session.entries[i]
		if e.ID != msg.id {
			continue
		}
		if !unread(msg.report) {
			e.Note(msg.report)
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
	if l.look.width < 60 {
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
	words := fmt.Sprintf("%d of %d checked", l.total-len(l.testing)-l.unread, l.total)
	if len(parts) > 0 {
		words += ": " + strings.Join(parts, ", ")
	}
	if l.hidden > 0 {
		words += fmt.Sprintf("; the %d not shown weren't", l.hidden)
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
	l.layAnew()
}
