package ui

import (
	"context"
	"errors"
	"saasconnect/ui/widget"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// The clipboard: this computer's own where it is there; else by OSC 52, which the program writes
// and the terminal at the far end of every SSH and multiplexer takes. It never answers, so
// no one can know whether it did.

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

// CopyLimit bounds putting a text there: a program behind it may wait for a display.
const CopyLimit = 3 * time.Second

// CopiedMsg is the answer of copy: which text (what it is, not the text), and whether it is known
// to be on the clipboard. Else it was sent to the terminal.
type CopiedMsg struct {
	Request RequestID
	What    string
	Known   bool
}

// Copy puts a text on the clipboard; what names it at the beginning of a sentence ("URL").
func (s *Base) Copy(what, text string) tea.Cmd {
	t, put, limit := s.Request, s.Deps.Copy, CopyLimit
	send := tea.Batch(s.toTerminal(text), func() tea.Msg { return CopiedMsg{t, what, false} })
	if put == nil {
		return send
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if put(ctx, text) != nil {
			return send()
		}
		return CopiedMsg{t, what, true}
	}
}

// toTerminal sends a text to the terminal's clipboard. A multiplexer keeps it for itself unless
// it is told to pass it on: tmux 3.3 by its set-clipboard or, wrapped, by its allow-passthrough;
// screen always passes on what is wrapped.
func (s *Base) toTerminal(text string) tea.Cmd {
	plain := tea.SetClipboard(text)
	switch {
	case s.Session.multiplexer == inTmux:
		return tea.Batch(plain, tea.Raw(ansi.TmuxPassthrough(ansi.SetSystemClipboard(text))))
	case s.Session.multiplexer == inScreen:
		return tea.Batch(plain, tea.Raw(ansi.ScreenPassthrough(ansi.SetSystemClipboard(text), screenChunk)))
	}
	return plain
}

// Note is a line about what was just done, and how it went.
type Note struct {
	Text string
	Kind NoteKind
}

// NoteKind decides the mark of what is said.
type NoteKind int

const (
	NoteInfo NoteKind = iota // known neither way
	NoteDone
	NoteFailed
)

// View draws it behind its mark; "" where nothing is said.
func (n Note) View(l *widget.Theme) string {
	mark := map[NoteKind]string{NoteInfo: l.Faint.Render(l.Marks.Arrow), NoteDone: l.Good.Render(l.Marks.Ok), NoteFailed: l.Bad.Render(l.Marks.Bad)}[n.Kind]
	if n.Text == "" {
		return ""
	}
	return widget.WithMark(mark, n.Text, l.Width)
}

// CopiedNote says where a text is now, or where it was sent, and what to do if it is not there.
func (s *Base) CopiedNote(msg CopiedMsg, otherwise string) Note {
	if msg.Known {
		return Note{"Copied " + msg.What + " (system clipboard).", NoteDone}
	}
	if s.Session.multiplexer == inTmux {
		otherwise += " The help says what tmux needs."
	}
	return Note{"Sent " + msg.What + " to your terminal's clipboard (OSC 52). If pasting doesn't work, " + otherwise, NoteInfo}
}

// SelectIt is what helps where a text is on the screen.
const SelectIt = "select it on the screen with the mouse."

// clipboardHelp says what copying needs, on screens that copy.
func (a *App) clipboardHelp(keys []key.Binding) string {
	copies := false
	for _, k := range keys {
		copies = copies || strings.HasPrefix(k.Help().Desc, "copy")
	}
	switch {
	case !copies:
		return ""
	case a.deps.Copy != nil:
		return "What is copied goes to this computer's clipboard."
	case a.session.multiplexer == inTmux:
		return "Inside tmux, run this first to copy: tmux set -g set-clipboard on"
	case a.session.multiplexer == inScreen:
		return "Inside GNU screen, copying works where the terminal itself allows it."
	}
	return "Copying needs a terminal that allows it (OSC 52). Where it does not, select the text with the mouse."
}

// Ctrl+V. A terminal that takes it for itself pastes, and this program sees a paste; one
// that does not (the consoles of Windows, most of Linux and macOS) hands the key on. Then
// the clipboard is read here and arrives as a paste does, so that what looks after pastes
// (a token in the wrong line, a second one) looks after it too. bubbles would read it by
// itself and put it where the focus then is.

// ClipboardLimit bounds reading it: a program behind it may wait for a display.
const ClipboardLimit = 2 * time.Second

// ClipboardMsg is the answer of readClipboard, for the screen that was open.
type ClipboardMsg struct {
	on   Screen
	text string
	err  error
}

var errNoClipboard = errors.New("the clipboard can't be read from here")

func readClipboard(read func(context.Context) (string, error), on Screen) tea.Cmd {
	return func() tea.Msg {
		if read == nil {
			return ClipboardMsg{on: on, err: errNoClipboard}
		}
		ctx, cancel := context.WithTimeout(context.Background(), ClipboardLimit)
		defer cancel()
		text, err := read(ctx)
		return ClipboardMsg{on, text, err}
	}
}

// takeClipboard makes a paste of it, unless its screen is gone. An empty one is no paste.
func (a *App) takeClipboard(msg ClipboardMsg) tea.Cmd {
	switch {
	case msg.on != a.screen:
		return nil
	case msg.err != nil || msg.text == "":
		return a.pass(msg, true)
	}
	return a.pass(tea.PasteMsg{Content: msg.text}, true)
}

// ClipboardWords say why Ctrl+V did nothing, and what will.
const ClipboardWords = "Ctrl+V brought nothing. Paste with the terminal's own key: Ctrl+Shift+V, Shift+Insert, Cmd+V, or a click with the right button."
