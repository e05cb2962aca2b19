package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// What is longer than the window: who moves it, and when its top is shown again.

// scrolls moves long content, where it is longer than the window. Arrows do it too where
// they have nothing to choose, and with them the wheel: terminals send it as arrows while
// a program has the whole screen and leaves the mouse alone.
func (a *App) scrolls(msg tea.KeyPressMsg) bool {
	if a.scroll.TotalLineCount() <= a.scroll.Height() {
		return false
	}
	switch {
	case key.Matches(msg, a.keys.pageUp):
		a.scroll.HalfPageUp()
	case key.Matches(msg, a.keys.pageDown):
		a.scroll.HalfPageDown()
	case key.Matches(msg, a.keys.up) && a.reading():
		a.scroll.ScrollUp(1)
	case key.Matches(msg, a.keys.down) && a.reading():
		a.scroll.ScrollDown(1)
	default:
		return false
	}
	a.paged = true
	return true
}

// reading reports whether this is only to be read: no line of it is in focus.
func (a *App) reading() bool {
	if s, ok := a.screen.(interface{ Reading() bool }); ok && s.Reading() {
		return true
	}
	_, focus := a.content()
	return focus < 0
}

// page is which of its pages a screen with several shows: each is read from its top.
func (a *App) page() int {
	if s, ok := a.screen.(interface{ Page() int }); ok {
		return s.Page()
	}
	return 0
}
