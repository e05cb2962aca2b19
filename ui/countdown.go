package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Countdown draws a screen again each second while its report says to wait before the next check. The
// words are connector.Report's, and what they say depends on the clock alone.
type Countdown struct{ running bool }

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

// Take is the next second, where msg is the screen's own.
func (c *Countdown) Take(on *Base, msg CountdownMsg) tea.Cmd {
	if msg.Request != on.Request {
		return nil
	}
	c.running = false
	return c.Run(on)
}
