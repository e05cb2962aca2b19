package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Ctrl+V. A terminal that takes it for itself pastes, and this program sees a paste; one
// that does not (the consoles of Windows, most of Linux and macOS) hands the key on. Then
// the clipboard is read here and arrives as a paste does, so that what looks after pastes
// (a token in the wrong line, a second one) looks after it too. bubbles would read it by
// itself and put it where the focus then is.

// clipboardLimit bounds reading it: a program behind it may wait for a display.
const clipboardLimit = 2 * time.Second

// clipboardMsg is the answer of readClipboard, for the screen that was open.
type clipboardMsg struct {
	on   screen
	text string
	err  error
}

var errNoClipboard = errors.New("the clipboard can't be read from here")

func readClipboard(read func(context.Context) (string, error), on screen) tea.Cmd {
	return func() tea.Msg {
		if read == nil {
			return clipboardMsg{on: on, err: errNoClipboard}
		}
		ctx, cancel := context.WithTimeout(context.Background(), clipboardLimit)
		defer cancel()
		text, err := read(ctx)
		return clipboardMsg{on, text, err}
	}
}

// takeClipboard makes a paste of it, unless its screen is gone. An empty one is no paste.
func (a *App) takeClipboard(msg clipboardMsg) tea.Cmd {
	switch {
	case msg.on != a.screen:
		return nil
	case msg.err != nil || msg.text == "":
		return a.pass(msg, true)
	}
	return a.pass(tea.PasteMsg{Content: msg.text}, true)
}

// clipboardWords say why Ctrl+V did nothing, and what will.
const clipboardWords = "Ctrl+V brought nothing. Paste with the terminal's own key: Ctrl+Shift+V, Shift+Insert, Cmd+V, or a click with the right button."
