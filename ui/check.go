package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// The check as commands: a goroutine that asks, a channel, and a command that waits for
// the next thing to land. The context ends all three.

// progressMsg is a checklist that grew.
type progressMsg struct {
	ticket   ticket
	progress connector.Progress
}

// reportMsg is the conclusion.
type reportMsg struct {
	ticket ticket
	report connector.Report
}

// startCheck begins a check and returns where its answers land. The channel is closed
// at the end. The context ends with the screen, and drops what is still to come; the
// check has a limit of its own, so that a slow screen never loses the report.
func startCheck(ctx context.Context, service setup.Service, d setup.Draft, t ticket) <-chan tea.Msg {
	return stream(ctx, func(send func(tea.Msg)) {
		send(reportMsg{t, service.Check(ctx, d, func(p connector.Progress) { send(progressMsg{t, p}) })})
	})
}

// await waits for the next answer; nil when there is none any more.
func await(landing <-chan tea.Msg) tea.Cmd {
	return func() tea.Msg {
		msg, open := <-landing
		if !open {
			return nil
		}
		return msg
	}
}
