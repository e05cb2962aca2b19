package ui

import (
	"context"
	"errors"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// Giving up a change at the store: it may have been made by then, and only the store's answer
// tells. So the answer is waited for a while, and where it does not come that is said.

const (
	// lateLimit is how much longer an answer still brings the list up to date.
	lateLimit = 5 * time.Minute
)

// lateMsg: the store has answered after all, or never will.
type lateMsg struct{}

// finished is what do answers, also where ctx has ended meanwhile. Where nothing comes within
// connector.UnansweredAfter of that end it is unanswered, and a lateMsg once the answer is there.
func finished(ctx context.Context, do func() tea.Msg, unanswered tea.Msg) tea.Msg {
	reading, stop := context.WithCancel(context.Background())
	landing := stream(reading, func(send func(tea.Msg)) { send(do()) })
	select {
	case msg := <-landing:
		stop()
		return msg
	case <-ctx.Done():
	}
	if msg := within(connector.UnansweredAfter, landing); msg != nil {
		stop()
		return msg
	}
	return tea.BatchMsg{
		func() tea.Msg { return unanswered },
		func() tea.Msg {
			defer stop()
			if crash, thrown := within(lateLimit, landing).(crashMsg); thrown {
				return crash
			}
			return lateMsg{}
		},
	}
}

// within is what lands in time, nil for nothing.
func within(limit time.Duration, landing <-chan tea.Msg) tea.Msg {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case msg := <-landing:
		return msg
	case <-timer.C:
		return nil
	}
}

// pending is a change that a screen waits for.
type pending struct {
	cancel context.CancelFunc // nil: there is none
	given  bool               // up
}

// begin is the context of a change.
func (p *pending) begin(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	p.cancel, p.given = cancel, false
	return ctx
}

// waits: there is no answer yet.
func (p *pending) waits() bool { return p.cancel != nil }

// giveUp asks the store to give up. Its answer is still to come.
func (p *pending) giveUp() {
	p.cancel()
	p.given = true
}

// end is the answer, or the end of the program.
func (p *pending) end() {
	if p.cancel != nil {
		p.cancel()
	}
	p.cancel, p.given = nil, false
}

// words are what is being done, or that it was given up.
func (p *pending) words(l *look, doing string) string {
	if p.given {
		doing = finishingWords(l)
	} else {
		doing += " " + l.ellipsis()
	}
	return wrap(doing, l.width)
}

// keys are those that work meanwhile.
func (p *pending) keys(k keyMap) []key.Binding {
	if p.given {
		return nil
	}
	return []key.Binding{named(k.esc, "give up")}
}

// unanswered leads to the list, which tells what is in force, where an answer did not come.
func (s *stage) unanswered(err error) bool {
	if !errors.Is(err, connector.ErrUnanswered) {
		return false
	}
	s.session.notice = unansweredWords()
	return true
}

func unansweredWords() string {
	t := connector.TroubleOf(connector.ErrUnanswered)
	return t.Title + ". " + t.Why
}

// finishing says that something was given up and may have been done all the same.
func finishing(l *look, spin spinner.Model) string {
	return hang(l.accent.Render(spin.View()), finishingWords(l), l.width)
}

func finishingWords(l *look) string {
	return "Finishing " + l.ellipsis() + " What was done by then is shown next."
}
