package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// The clipboard, by OSC 52: the program writes, the terminal at the far end of every SSH
// and multiplexer takes. It never answers, so nobody can know whether it did.

// multiplexer is what stands between this program and the terminal.
type multiplexer int

const (
	noMultiplexer multiplexer = iota
	inTmux
	inScreen
)

// multiplexerOf looks for one in the environment of the terminal.
func multiplexerOf(env tea.EnvMsg) multiplexer {
	switch {
	case env.Getenv("TMUX") != "":
		return inTmux
	case env.Getenv("STY") != "":
		return inScreen
	}
	return noMultiplexer
}

// screenChunk is what GNU screen takes in one piece at most.
const screenChunk = 512

// toClipboard sends a text there. A multiplexer keeps it for itself unless it is told to
// pass it on: tmux 3.3 by its set-clipboard or, wrapped, by its allow-passthrough; screen
// always passes on what is wrapped.
func (s *stage) toClipboard(text string) tea.Cmd {
	plain := tea.SetClipboard(text)
	switch s.session.within {
	case inTmux:
		return tea.Batch(plain, tea.Raw(ansi.TmuxPassthrough(ansi.SetSystemClipboard(text))))
	case inScreen:
		return tea.Batch(plain, tea.Raw(ansi.ScreenPassthrough(ansi.SetSystemClipboard(text), screenChunk)))
	case noMultiplexer:
	}
	return plain
}

// sent says what was asked of the terminal.
func (s *stage) sent(what string) string {
	words := what + " was sent to the clipboard."
	if s.session.within == inTmux {
		words += " If pasting brings something else, see the help for what tmux needs."
	}
	return words
}

// clipboardHelp says what copying needs, on screens that copy.
func (a *App) clipboardHelp(keys []key.Binding) string {
	copies := false
	for _, k := range keys {
		copies = copies || strings.HasPrefix(k.Help().Desc, "copy")
	}
	switch {
	case !copies:
		return ""
	case a.session.within == inTmux:
		return "Inside tmux, copying works once tmux is told: tmux set -g set-clipboard on"
	case a.session.within == inScreen:
		return "Inside GNU screen, copying works where the terminal itself allows it."
	}
	return "Copying needs a terminal that allows it (OSC 52). Where it does not, select the text with the mouse."
}

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

// sentToClipboard says what was asked of the terminal. Whether it did it can't be known:
// OSC 52 has no answer, and some terminals have it switched off.
func sentToClipboard(l *look, what string) string {
	return hang(l.good.Render(l.mark.ok), what+" was sent to the clipboard. If pasting brings something else, this terminal does not allow it: copy from the screen.", l.width)
}
