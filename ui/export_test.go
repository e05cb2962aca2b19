package ui

import (
	"saasconnect/connector"

	tea "charm.land/bubbletea/v2"
)

// What the tests may see of the App beyond its frames: where it is, and all of a screen's
// lines, also those that lie outside the window.

// Place is where the wizard is, the nested one where that is open.
func (a *App) Place() ScreenID {
	if a.inner != nil {
		return a.inner.Place()
	}
	return a.at
}

// Lines are the content as it was laid out for a width, before the window cut any of it;
// focus is the line that must be in sight, -1 where there is none.
func (a *App) Lines() (content string, focus, width int) {
	if a.inner != nil {
		return a.inner.Lines()
	}
	content, focus = a.content()
	return content, focus, a.theme.Width
}

// Window is which of the lines are in sight, and whether they follow the focus.
func (a *App) Window() (from, to int, follows bool) {
	if a.inner != nil {
		return a.inner.Window()
	}
	return a.scroll.YOffset(), a.scroll.YOffset() + a.scroll.Height(), a.touched || a.screen.Typing()
}

// Resumed is what the App gets when its job goes on.
func (a *App) Resumed() tea.Msg { return resumedMsg{} }

// Desk opens a place in a wide window, with what is known of connectors, and a task.
func (a *App) Desk(at ScreenID, task Setup, entries []connector.Entry) {
	a.take(SessionMsg{of: a.session, entries: entries, settings: connector.Settings{Role: connector.RoleGlobalAdmin}})
	a.setup = &task
	a.open(at)
	a.resize(200, 60)
}

// Places are all there are.
func Places() []ScreenID { return places() }

// Hidden reports whether the choice lies below the window, so that Enter only shows it.
func (a *App) Hidden() bool {
	if a.inner != nil {
		return a.inner.Hidden()
	}
	return a.hidden()
}
