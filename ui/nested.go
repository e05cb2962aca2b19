package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// The nested wizard: the very same App, on the practice world, under a bar that says so.
// It has a Setup, a trail and a store of its own; nothing leaves it.

// practiceOpened is the answer of openPractice.
type practiceOpened struct {
	world World
	err   error
}

func openPractice(open func(string) (World, error)) tea.Cmd {
	if open == nil {
		return nil
	}
	return func() tea.Msg {
		w, err := open("")
		return practiceOpened{w, err}
	}
}

func (a *App) openPractice(msg practiceOpened) tea.Cmd {
	if msg.err != nil {
		a.session.notice = "The practice world could not be opened."
		a.open(Home)
		return nil
	}
	if msg.world.Practice != nil {
		msg.world.Practice.Nested = true
	}
	a.inner = NewApp(msg.world, Start{ASCII: a.look.ascii, spoken: a.look.spoken})
	a.inner.look.mute, a.inner.look.few = a.look.mute, a.look.few
	a.inner.look.paint(a.look.dark)
	a.inner.session.within = a.session.within
	a.inner.resize(a.width, a.height)
	return a.inner.Init()
}

func (a *App) tellInner(msg tea.Msg) {
	if a.inner != nil {
		a.inner.Update(msg)
	}
}

// innerTake gives everything to the nested wizard; when it ends, this one is back home.
// ctrl+c leaves both.
func (a *App) innerTake(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, a.keys.interrupt) {
		a.interrupted = true
		return a.end()
	}
	_, cmd := a.inner.Update(msg)
	if !a.inner.over {
		return cmd
	}
	a.inner = nil
	a.setup, a.trail = &Setup{}, nil
	a.open(Home)
	return tea.Batch(a.screen.Init(), loadSession(a.world.Store))
}
