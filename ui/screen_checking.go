package ui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// checkingScreen shows a check while it runs: a checklist that fills as answers land.
// Leaving it ends the check at once.
type checkingScreen struct {
	stage
	keys     keyMap
	spin     spinner.Model
	draft    setup.Draft
	progress connector.Progress
	landing  <-chan tea.Msg
	began    time.Time
	cancel   context.CancelFunc
}

func newChecking(on stage) screen {
	c := &checkingScreen{stage: on, keys: newKeys()}
	c.spin = newSpinner(on.look)
	c.draft = on.setup.Draft
	c.progress = connector.ProgressOf(on.world.Service().Question(c.draft), nil)
	return c
}

func (c *checkingScreen) Title() (string, string) {
	return "Checking " + c.setup.Draft.Site().Host(), whereabouts(c.look, 3)
}

func (c *checkingScreen) Help() string {
	return "Atlassian is asked who this token belongs to, whether that account administers the product, and what it can see. The token goes to the site's own address and nowhere else."
}

func (c *checkingScreen) Keys() []key.Binding { return []key.Binding{c.keys.cancel} }

func (c *checkingScreen) Init() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel, c.began = cancel, c.world.Now()
	c.landing = startCheck(ctx, c.world.Service(), c.draft, c.ticket)
	return tea.Batch(c.spin.Tick, await(c.landing))
}

// Busy: what was typed for it is worth more than a key too many.
func (c *checkingScreen) Busy() bool { return true }

func (c *checkingScreen) Leave() {
	if c.cancel != nil {
		c.cancel()
	}
}

func (c *checkingScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		c.spin, cmd = c.spin.Update(msg)
		return still, cmd
	case progressMsg:
		if msg.ticket != c.ticket {
			return still, nil
		}
		c.progress = msg.progress
		return still, await(c.landing)
	case reportMsg:
		if msg.ticket != c.ticket {
			return still, nil
		}
		return c.conclude(msg.report), nil
	}
	return still, nil
}

func (c *checkingScreen) conclude(r connector.Report) event {
	c.setup.Draft.SetReport(r)
	switch {
	case !r.Good():
		c.setup.Tries++
	case !c.session.settings.Role.MaySave():
		c.setup.Before = nil
	}
	return answered
}

func (c *checkingScreen) View() (string, int) {
	return checklist(c.look, c.progress, c.look.accent.Render(c.spin.View())), -1
}

// checklist draws one line a stage: mark, name, what is known, how long it took.
func checklist(l *look, progress connector.Progress, spin string) string {
	const nameWidth = 10
	var lines []string
	for _, f := range progress {
		mark := l.verdictMark(f.Verdict)
		if f.Verdict == connector.Waiting && f.Detail != "" {
			mark = spin
		}
		time := connector.Took(f.Took)
		detail := l.spell(f.Detail)
		if f.Verdict == connector.Skipped || f.Verdict == connector.Waiting {
			detail = l.faint.Render(detail)
		}
		room := l.width - nameWidth - 2 - len(time) - 1
		line := mark + " " + padTo(f.Stage.Title(), nameWidth) + padTo(l.clip(detail, room), room)
		lines = append(lines, strings.TrimRight(line+" "+l.faint.Render(time), " "))
	}
	return strings.Join(lines, "\n")
}
