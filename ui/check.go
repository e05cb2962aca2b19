package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
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

// checkSlack is what a check may take beyond its own limit before it is given up from
// outside: concluding takes no time worth naming.
const checkSlack = 2 * time.Second

// startCheck begins a check and returns where its answers land. The channel is closed
// at the end. The context ends with the screen, and drops what is still to come; the
// check has a limit of its own, so that a slow screen never loses the report.
func startCheck(ctx context.Context, w *World, q connector.Question, token atlassian.Token, t ticket) <-chan tea.Msg {
	landing := make(chan tea.Msg)
	observer, now, limit := w.Observer, w.Now, w.Timeout+checkSlack
	send := func(msg tea.Msg) {
		select {
		case landing <- msg:
		case <-ctx.Done():
		}
	}
	go func() {
		defer close(landing)
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		report := connector.Check(limited, observer, now, q, token, func(p connector.Progress) {
			send(progressMsg{t, p})
		})
		send(reportMsg{t, report})
	}()
	return landing
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

// site is the site as it was parsed; the zero Site where what was typed is none.
func (s *Setup) site() atlassian.Site {
	site, _, err := atlassian.ParseSite(s.Site)
	if err != nil {
		return atlassian.Site{}
	}
	return site
}

// email is the e-mail as it will be sent.
func (s *Setup) email() string {
	email, _ := atlassian.CheckEmail(s.Email)
	return email
}

// question is what the check is asked.
func (s *Setup) question(now time.Time) connector.Question {
	pasted := s.Pasted
	if pasted.IsZero() {
		pasted = now
	}
	return connector.Question{
		Product: s.Product, Site: s.site(), Email: s.email(), Kind: s.Receipt.Kind,
		Expires:   s.Expires,
		ExpiresBy: connector.Connector{TokenSince: pasted}.ExpiresBy(),
		Now:       now,
	}
}
