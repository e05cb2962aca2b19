package ui

import (
	"context"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
)

// Plain mode: the same wizard line by line, for screen readers, serial lines, logs, and
// terminals without screen control. It is no second wizard: the very same App is driven,
// through the same screens, validators, words and table of ways. Only the two ends differ:
// what a screen shows is said once, and keys come from answered lines. The rules:
//
//   - Nothing is repainted. A line is said when it is new, and not again.
//   - No spinner, no colour, no picture; marks are words ("OK:", "Problem:").
//   - Choices are numbered. Enter takes the first, as on the screen.
//   - What is hidden says so, and is asked for with the echo off. What looks like a token in
//     a line that was shown is dropped.
//   - While a line is being typed nothing is said: answers wait for its end.
//   - The end of the input and Ctrl+C end the wizard as ctrl+c does on the screen: what is
//     saved stays saved, and what is not is dropped whole.

// Prompter is the person, at a terminal that is read and written line by line. Its errors
// mean that there will be no answer: a context that ended, or the end of the input.
type Prompter interface {
	// Say writes a paragraph, wrapped as the terminal needs it. "" is an empty line.
	Say(text string)
	// Line asks for a line that may be seen.
	Line(ctx context.Context, question string) (string, error)
	// Secret asks for a line that is not shown.
	Secret(ctx context.Context, question string) (string, error)
	// Copy puts a text on the person's clipboard; nil where there is none.
	Copy() func(text string)
}

// RunPlain drives the wizard line by line until it ends, and returns what Run returns.
// Errors of the Prompter come back as they are.
func RunPlain(ctx context.Context, w World, start Start, person Prompter) (string, error) {
	start.spoken = true
	app := NewApp(w, start)
	app.look.mute = person.Copy() == nil && w.Copy == nil
	t := &talk{app: app, guard: &guard{app: app}, person: person, answers: make(chan tea.Msg), told: map[string]bool{}, done: make(chan struct{})}
	defer close(t.done)
	err := t.run(ctx)
	if !app.over {
		app.end()
	}
	if t.guard.crash != nil {
		return app.Summary(), t.guard.crash
	}
	return app.Summary(), err
}

// talk is one run of the wizard in lines.
type talk struct {
	app    *App
	guard  *guard // the way into the App, made safe
	person Prompter

	answers chan tea.Msg
	pending int           // commands that have not answered yet
	done    chan struct{} // closed at the end: late answers have nobody to wait for

	round   int             // of its checks
	told    map[string]bool // lines of this screen that were said
	screen  screen          // whose lines they are
	opening bool            // the screen's first lines are still to come
	inside  *Practice       // the pretend world that was announced
	asked   string          // what keys were offered last, so as not to say it at each question
}

func (t *talk) run(ctx context.Context) error {
	t.person.Say("Line by line: answer each question and press Enter. ? explains, Ctrl+C ends the program.")
	t.start(t.app.loadSession())
	t.start(t.app.screen.Init())
	sweep := tidy(t.app.world.Service())
	background(func() { sweep() }, t.land, nil) // nobody waits for it
	for {
		if err := t.settle(ctx); err != nil || t.app.over || t.guard.crash != nil {
			return err
		}
		if err := t.turn(ctx); err != nil {
			return err
		}
	}
}

// open is the App whose screen is in front: the nested one while it is open.
func (t *talk) open() *App {
	if t.app.inner != nil {
		return t.app.inner
	}
	return t.app
}

// send gives a message to the App.
func (t *talk) send(msg tea.Msg) {
	t.open().arrived = time.Time{} // a line that was answered was meant for this screen
	_, cmd := t.guard.Update(msg)
	t.start(cmd)
}

// start runs a command, and those that it brings.
func (t *talk) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	t.pending++
	run := safely(cmd)
	background(func() { t.land(run()) }, t.land, nil)
}

// land brings an answer, unless the end was first.
func (t *talk) land(msg tea.Msg) {
	select {
	case t.answers <- msg:
	case <-t.done:
	}
}

const (
	// pause is how long an answer that nothing depends on is waited for before the next
	// question is asked: long enough for a look at a site.
	pause = time.Second
	// lull is how long nothing lands before it is said what is waited for.
	lull = 3 * time.Second
)

// settle takes answers until none is on its way that the next question has to wait for.
// What waits has limits of its own; Ctrl+C ends it.
func (t *talk) settle(ctx context.Context) error {
	quick := time.NewTimer(pause)
	defer quick.Stop()
	slow := time.NewTicker(lull)
	defer slow.Stop()
	for t.guard.crash == nil && !t.app.over {
		t.tell()
		waits := t.open().waits()
		if t.pending == 0 {
			return nil
		}
		idle := quick.C
		if waits {
			idle = nil
			quick.Reset(pause)
		}
		select {
		case msg := <-t.answers:
			t.pending--
			t.take(msg)
		case <-slow.C:
		case <-idle:
			return nil
		case <-ctx.Done():
			return context.Canceled
		}
	}
	return nil
}

// take gives the App what a command brought, but for what only a screen needs.
func (t *talk) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil, spinner.TickMsg, tea.QuitMsg:
	case tea.BatchMsg:
		for _, cmd := range msg {
			t.start(cmd)
		}
	case clipMsg:
		if put := t.person.Copy(); put != nil {
			put(string(msg))
		}
	default:
		_, cmd := t.guard.Update(msg)
		t.start(cmd)
	}
}

// waits reports whether the screen can't be answered before something has landed.
func (a *App) waits() bool {
	if !a.session.loaded {
		return true
	}
	s, ok := a.screen.(interface{ Waits() bool })
	return ok && s.Waits()
}

// clipMsg is a text for the clipboard, where the terminal is not Bubble Tea's.
type clipMsg string
