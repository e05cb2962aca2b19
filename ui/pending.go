package ui

import (
	"context"
	"errors"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/ui/widget"
)

// Giving up a change at the store: it may have been made by then, and only the store's answer
// tells. So the answer is waited for a while, and where it does not come that is said.

const (
	// lateLimit is how much longer an answer still brings the list up to date.
	lateLimit = 5 * time.Minute
)

// lateMsg: the store has answered after all, or never will.
type lateMsg struct{}

// Finished is what do answers, also where ctx has ended meanwhile. Where nothing comes within
// connector.UnansweredAfter of that end it is unanswered, and a lateMsg once the answer is there.
func Finished(ctx context.Context, do func() tea.Msg, unanswered tea.Msg) tea.Msg {
	reading, stop := context.WithCancel(context.Background())
	landing := Stream(reading, func(send func(tea.Msg)) { send(do()) })
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
			if crash, thrown := within(lateLimit, landing).(panicMsg); thrown {
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

// Pending is a change that a screen waits for.
type Pending struct {
	cancel context.CancelFunc // nil: there is none
	Given  bool               // up
}

// Begin is the context of a change.
func (p *Pending) Begin(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	p.cancel, p.Given = cancel, false
	return ctx
}

// Waits: there is no answer yet.
func (p *Pending) Waits() bool { return p.cancel != nil }

// GiveUp asks the store to give up. Its answer is still to come.
func (p *Pending) GiveUp() {
	p.cancel()
	p.Given = true
}

// End is the answer, or the end of the program.
func (p *Pending) End() {
	if p.cancel != nil {
		p.cancel()
	}
	p.cancel, p.Given = nil, false
}

// Words are what is being done, or that it was given up.
func (p *Pending) Words(l *widget.Theme, doing string) string {
	if p.Given {
		doing = finishingWords(l)
	} else {
		doing += " " + l.Ellipsis()
	}
	return widget.Wrap(doing, l.Width)
}

// Keys are those that work meanwhile.
func (p *Pending) Keys(k widget.KeyMap) []key.Binding {
	if p.Given {
		return nil
	}
	return []key.Binding{widget.Named(k.Esc, "give up")}
}

// Unanswered leads to the list, which tells what is in force, where an answer did not come.
func (s *Base) Unanswered(err error) bool {
	if !errors.Is(err, connector.ErrUnanswered) {
		return false
	}
	s.Session.Notice = unansweredWords()
	return true
}

func unansweredWords() string {
	t := connector.Explain(connector.ErrUnanswered)
	return t.Title + ". " + t.Why
}

// FinishingText says that something was given up and may have been done all the same.
func FinishingText(l *widget.Theme, spin spinner.Model) string {
	return widget.WithMark(l.Accent.Render(spin.View()), finishingWords(l), l.Width)
}

func finishingWords(l *widget.Theme) string {
	return "Finishing " + l.Ellipsis() + " The next screen shows what was done."
}
