package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Countdown draws a screen again each second while its report says to wait before the next check. The
// words are connector.Report's, and what they say depends on the clock alone. A check that is asked for
// meanwhile would be refused, and begin the wait again: it is made when the wait is over.
type Countdown struct{ running, asked bool }

// Ask reports whether a check has to wait, and remembers that it was asked for.
func (c *Countdown) Ask(on *Base) (wait bool) {
	c.asked = on.Report().RetryIn(on.Deps.Now()) > 0
	return c.asked
}

// Words say when it may be checked again; "" where there was nothing to wait for, or Starts says it.
func (c *Countdown) Words(on *Base) string {
	if c.Starts(on) != "" {
		return ""
	}
	return on.Report().RetryWords(on.Deps.Now())
}

// Starts says when the check that was asked for is made, above the choices, which are in sight then; ""
// where none was.
func (c *Countdown) Starts(on *Base) string {
	if left := on.Report().RetryLeft(on.Deps.Now()); c.asked && left != "" {
		return "Atlassian asked to wait. The check starts in " + left + "."
	}
	return ""
}

// CountdownMsg is one second of it.
type CountdownMsg struct{ Request RequestID }

// Run goes on until there is nothing to wait for; nil where there is nothing, or it runs already.
func (c *Countdown) Run(on *Base) tea.Cmd {
	if c.running || on.Report().RetryIn(on.Deps.Now()) == 0 {
		return nil
	}
	c.running = true
	second := CountdownMsg{on.Request}
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return second })
}

// Take is the next second, where msg is the screen's own. due: a check was asked for, and the wait is
// over.
func (c *Countdown) Take(on *Base, msg CountdownMsg) (due bool, next tea.Cmd) {
	if msg.Request != on.Request {
		return false, nil
	}
	c.running = false
	next = c.Run(on)
	due = c.asked && next == nil
	return due, next
}
