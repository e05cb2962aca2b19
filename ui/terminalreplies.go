package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// The terminal's replies. At its start Bubble Tea asks it for its modes 2026 and 2027
// (DECRQM) and, with the first frame, for its keyboard (CSI ? u); the App asks for its
// background (OSC 11). Over a slow line the answers come late. If the wizard were over by
// then, the shell would get them, as if they had been typed: "2026;2$y" (Bubble Tea's issue
// 1590). So the wizard keeps the terminal, and reads on, until the answers are there.
//
// Many terminals answer only some of the questions. That all answers are there is known
// from one more question, which is asked last: the primary device attributes (DA1, CSI c).
// Every kind of terminal since the VT100 answers that, and all of them answer in the order
// in which they were asked (kitty's keyboard protocol rests on the same; xterm's ctlseqs and
// ECMA-48 for the forms).
//
// What a person types while the terminal is kept is lost, as it always was between q and
// the wizard's end: it can't be put back into the terminal.

const (
	// longestWait is how long an answer may take. A terminal that has not answered by then is
	// one that never does, or so far away that no one would wait for it.
	longestWait = time.Second
	// lastWait is how much of that a person who leaves is made to wait.
	lastWait = 500 * time.Millisecond
	// lastQuestion is when the last question is asked: on the second beat, the first frame
	// and its question are out.
	lastQuestion = 2 * time.Second / framesPerSecond
)

// replies is what the terminal has been asked and has not answered yet.
type replies struct {
	asked, answered int
	leave           tea.Cmd // what gives the terminal away, once all is answered
}

// silentMsg: those of the first so many questions that are not answered will never be.
type silentMsg struct{ asked int }

// ask asks for the background, and then for a sign that all answers are there.
func (o *replies) ask() tea.Cmd {
	o.asked++
	return tea.Batch(
		tea.Sequence(tea.RequestBackgroundColor, tea.Tick(lastQuestion, func(time.Time) tea.Msg {
			return tea.RawMsg{Msg: ansi.RequestPrimaryDeviceAttributes}
		})),
		o.forget(longestWait))
}

// forget stops waiting, after a while, for what has been asked up to now.
func (o *replies) forget(after time.Duration) tea.Cmd {
	silent := silentMsg{o.asked}
	return tea.Tick(after, func(time.Time) tea.Msg { return silent })
}

// take takes what it is told, and reports whether the message was its own. The command is
// the one that waited for it.
func (o *replies) take(msg tea.Msg) (cmd tea.Cmd, mine bool) {
	switch msg := msg.(type) {
	case uv.PrimaryDeviceAttributesEvent:
		o.answered = min(o.answered+1, o.asked)
	case silentMsg:
		o.answered = max(o.answered, msg.asked)
	default:
		return nil, false
	}
	if o.answered == o.asked {
		cmd, o.leave = o.leave, nil
	}
	return cmd, true
}

// before keeps a command that gives the terminal away until all is answered. The last one
// counts: who leaves for good does not stop first.
func (o *replies) before(leave tea.Cmd) tea.Cmd {
	if o.answered == o.asked {
		return leave
	}
	waiting := o.leave != nil
	o.leave = leave
	if waiting {
		return nil
	}
	return o.forget(lastWait)
}
