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

// atHand is a token that was put in just now.
func atHand(token atlassian.Token) connector.TokenSource {
	return func(context.Context) (atlassian.Token, error) { return token, nil }
}

// keptToken is a saved connector's token, out of its safe.
func keptToken(store Store, id string) connector.TokenSource {
	return func(ctx context.Context) (atlassian.Token, error) { return store.Token(ctx, id) }
}

// startCheck begins a check and returns where its answers land. The channel is closed
// at the end. The context ends with the screen, and drops what is still to come; the
// check has a limit of its own, so that a slow screen never loses the report.
func startCheck(ctx context.Context, w *World, q connector.Question, from connector.TokenSource, t ticket) <-chan tea.Msg {
	world := *w
	return stream(ctx, func(send func(tea.Msg)) {
		report := connector.CheckFrom(ctx, world.Observer, world.Now, world.Timeout, connector.Asked{Question: q, Token: from},
			func(p connector.Progress) { send(progressMsg{t, p}) })
		send(reportMsg{t, report})
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

// question is what the check is asked. Other facts of a saved connector are proven with
// the token it has; anything else with the one at hand.
func (s *Setup) question(now time.Time) connector.Question {
	q := connector.Question{
		Product: s.Product, Site: s.site(), Email: s.email(), Receipt: s.Receipt, Expires: s.Expires, Now: now,
	}
	since := s.Pasted
	switch {
	case s.Task == Editing:
		q.Saved, since, q.Receipt = true, s.Saved.TokenSince, atlassian.Receipt{}
	case since.IsZero():
		since = now
	}
	if s.IsSaved && q.Site == s.Saved.Site && q.Product == s.Saved.Product {
		q.Before, q.BeforeAt = s.Seen, s.SeenAt
	}
	q.ExpiresBy = connector.Connector{TokenSince: since}.ExpiresBy()
	return q
}

// source is where the check's token comes from.
func (s *Setup) source(store Store) connector.TokenSource {
	if s.Task == Editing {
		return keptToken(store, s.Saved.ID)
	}
	return atHand(s.Token)
}
