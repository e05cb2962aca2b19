package ui

import (
	"context"
	"runtime"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// What happens when this program has a fault of its own: the terminal is given back, and
// what is said holds no value. Bubble Tea would print the panic's text, which could be
// anything, and knows nothing of goroutines that it did not start.

// PanicError is a fault of the program itself.
type PanicError struct {
	// What is the runtime's own words ("index out of range [3] with length 2"), which hold
	// no value of ours, or a way that the table of places lacks; "" where something else was
	// thrown.
	What string
	// Stack names functions and lines. Arguments are numbers in it, never texts.
	Stack string
}

// Error says that it happened, and nothing of it.
func (c *PanicError) Error() string { return "internal error in saasconnect" }

// PanicErrorOf makes a crash of what recover gave.
func PanicErrorOf(thrown any) *PanicError {
	if already, ok := thrown.(*PanicError); ok {
		return already
	}
	c := &PanicError{Stack: string(debug.Stack())}
	if t, ok := thrown.(*connector.PanicError); ok { // in another goroutine, whose stack counts
		thrown, c.Stack = t.What, string(t.Stack)
	}
	if r, ok := thrown.(runtime.Error); ok {
		c.What = r.Error()
	}
	return c
}

// panicMsg is a crash on its way to the event loop.
type panicMsg struct{ crash *PanicError }

// guard is the App, with every way into it made safe.
type guard struct {
	// begin makes the App, where it is not there yet. Bubble Tea starts the clock of its
	// frames before Init: what is done there costs the first frame nothing.
	begin func() *App
	app   *App
	crash *PanicError
}

// catch notes what was thrown. It must be deferred itself.
func (g *guard) catch(cmd *tea.Cmd) {
	if thrown := recover(); thrown != nil {
		g.fail(PanicErrorOf(thrown))
		*cmd = g.leave(nil)
	}
}

func (g *guard) fail(c *PanicError) {
	if g.crash == nil {
		g.crash = c
	}
}

// leave ends, as soon as the terminal owes nothing. The message may be its answer.
func (g *guard) leave(msg tea.Msg) tea.Cmd {
	if g.app == nil {
		return tea.Quit
	}
	g.app.replies.take(msg)
	return g.app.replies.before(tea.Quit)
}

func (g *guard) Init() (cmd tea.Cmd) {
	defer g.catch(&cmd)
	if g.begin != nil {
		g.app = g.begin()
	}
	return safely(g.app.Init())
}

func (g *guard) Update(msg tea.Msg) (model tea.Model, cmd tea.Cmd) {
	model = g // also where something is thrown: Bubble Tea draws what it gets
	defer g.catch(&cmd)
	if c, ok := msg.(panicMsg); ok {
		g.fail(c.crash)
	}
	if g.crash != nil {
		return g, g.leave(msg)
	}
	_, cmd = g.app.Update(msg)
	return g, safely(cmd)
}

// View is the last line of defense: an empty screen, until the next message ends it.
func (g *guard) View() (v tea.View) {
	defer func() {
		if thrown := recover(); thrown != nil {
			g.fail(PanicErrorOf(thrown))
			v = blank()
		}
	}()
	if g.crash != nil {
		return blank()
	}
	return g.app.View()
}

// safely makes a command, and those that it brings, answer with their crash.
func safely(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if thrown := recover(); thrown != nil {
				msg = panicMsg{PanicErrorOf(thrown)}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = safely(batch[i])
			}
		}
		return msg
	}
}

// background runs do in a goroutine of its own, and then after, which may be nil. What is
// thrown in it is sent as a crashMsg, so that the terminal is given back. Every goroutine of
// this package begins here.
func background(do func(), send func(tea.Msg), after func()) {
	go func() {
		if after != nil {
			defer after()
		}
		defer recoverTo(send)
		do()
	}()
}

// Stream runs do in the background, and returns where lands what it sends. The channel is
// closed at its end; a context that ends drops what is still to come.
func Stream(ctx context.Context, do func(send func(tea.Msg))) <-chan tea.Msg {
	landing := make(chan tea.Msg)
	send := func(msg tea.Msg) {
		select {
		case landing <- msg:
		case <-ctx.Done():
		}
	}
	background(func() { do(send) }, send, func() { close(landing) })
	return landing
}

// recoverTo sends what was thrown in a goroutine of a screen's to the event loop. It must
// be deferred itself.
func recoverTo(send func(tea.Msg)) {
	if thrown := recover(); thrown != nil {
		send(panicMsg{PanicErrorOf(thrown)})
	}
}

// Await waits for the next answer; nil when there is none any more.
func Await(landing <-chan tea.Msg) tea.Cmd {
	return func() tea.Msg {
		msg, open := <-landing
		if !open {
			return nil
		}
		return msg
	}
}
