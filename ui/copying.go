package ui

import (
	"strings"

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
