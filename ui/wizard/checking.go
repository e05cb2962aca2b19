package wizard

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// checkingScreen shows a check while it runs: a checklist that fills as answers land.
// Leaving it ends the check at once.
type checkingScreen struct {
	ui.Base
	keys     widget.KeyMap
	spin     spinner.Model
	draft    setup.Draft
	progress connector.Progress
	landing  <-chan tea.Msg
	began    time.Time
	cancel   context.CancelFunc
}

func newChecking(on ui.Base) ui.Screen {
	c := &checkingScreen{Base: on, keys: widget.NewKeys()}
	c.spin = widget.NewSpinner(on.Theme)
	c.draft = on.Setup.Draft
	c.progress = connector.ProgressOf(on.Deps.Service().CheckRequest(c.draft), nil)
	return c
}

func (c *checkingScreen) Title() (string, string) {
	return "Checking " + c.Setup.Draft.Site().Host(), ui.StepsLine(c.Theme, 3)
}

func (c *checkingScreen) Help() string {
	return "Atlassian is asked who this token belongs to, whether that account administers the product, and what it can see. The token goes to the site's own address and nowhere else."
}

func (c *checkingScreen) Keys() []key.Binding { return []key.Binding{c.keys.Cancel} }

func (c *checkingScreen) Init() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel, c.began = cancel, c.Deps.Now()
	c.landing = startCheck(ctx, c.Deps.Service(), c.draft, c.Request)
	return tea.Batch(c.spin.Tick, ui.Await(c.landing))
}

// Busy: what was typed for it is worth more than a key too many.
func (c *checkingScreen) Busy() bool { return true }

func (c *checkingScreen) Leave() {
	if c.cancel != nil {
		c.cancel()
	}
}

func (c *checkingScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		c.spin, cmd = c.spin.Update(msg)
		return ui.None, cmd
	case progressMsg:
		if msg.Request != c.Request {
			return ui.None, nil
		}
		c.progress = msg.progress
		return ui.None, ui.Await(c.landing)
	case reportMsg:
		if msg.Request != c.Request {
			return ui.None, nil
		}
		return c.conclude(msg.report), nil
	}
	return ui.None, nil
}

func (c *checkingScreen) conclude(r connector.Report) ui.Event {
	c.Setup.Draft.SetReport(r)
	c.Setup.Diagnosed = nil
	if r.Good() {
		c.Setup.Typed = nil
	}
	switch {
	case !r.Good():
		c.Setup.Tries++
	case !c.Session.Settings.Role.MaySave():
		c.Setup.Before = nil
	}
	return ui.Answered
}

func (c *checkingScreen) View() (string, int) {
	return checklist(c.Theme, c.progress, c.Theme.Accent.Render(c.spin.View())), -1
}

// checklist draws one line a stage: mark, name, what is known, how long it took.
func checklist(l *widget.Theme, progress connector.Progress, spin string) string {
	const nameWidth = 10
	var lines []string
	for _, f := range progress {
		mark := l.VerdictMark(f.Verdict)
		if f.Verdict == connector.Waiting && f.Detail != "" {
			mark = spin
		}
		time := connector.Took(f.Took)
		detail := l.Spell(f.Detail)
		if f.Verdict == connector.Skipped || f.Verdict == connector.Waiting {
			detail = l.Faint.Render(detail)
		}
		room := l.Width - nameWidth - 2 - len(time) - 1
		line := mark + " " + widget.PadTo(f.Stage.Title(), nameWidth) + widget.PadTo(l.Clip(detail, room), room)
		lines = append(lines, strings.TrimRight(line+" "+l.Faint.Render(time), " "))
	}
	return strings.Join(lines, "\n")
}

// The check as commands: a goroutine that asks, a channel, and a command that waits for
// the next thing to land. The context ends all three.

// progressMsg is a checklist that grew.
type progressMsg struct {
	Request  ui.RequestID
	progress connector.Progress
}

// reportMsg is the conclusion.
type reportMsg struct {
	Request ui.RequestID
	report  connector.Report
}

// startCheck begins a check and returns where its answers land. The channel is closed
// at the end. The context ends with the screen, and drops what is still to come; the
// check has a limit of its own, so that a slow screen never loses the report.
func startCheck(ctx context.Context, service setup.Service, d setup.Draft, t ui.RequestID) <-chan tea.Msg {
	return ui.Stream(ctx, func(send func(tea.Msg)) {
		send(reportMsg{t, service.Check(ctx, d, func(p connector.Progress) { send(progressMsg{t, p}) })})
	})
}
