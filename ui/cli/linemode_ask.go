package cli

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// How line mode says and asks.

var (
	// errLineBack leads to what was before.
	errLineBack = errors.New("back")
	// errLineDone ends a task, or the menu after it.
	errLineDone = errors.New("done")
	// errLineQuit ends line mode, or the practice inside it.
	errLineQuit = errors.New("quit")
	// errLineAgain: a command was done, and the question is asked again.
	errLineAgain = errors.New("ask again")
)

// lineEnd is nil for what only leads back to the menu.
func lineEnd(err error) error {
	if errors.Is(err, errLineBack) || errors.Is(err, errLineDone) {
		return nil
	}
	return err
}

// say writes a paragraph with nothing in it that a terminal would act upon. "" is an empty line.
func (m *lineMode) say(text string) {
	m.saying.Lock()
	defer m.saying.Unlock()
	if text == "" {
		m.r.out.blank()
		return
	}
	for line := range strings.Lines(text) {
		m.r.out.paragraph(0, strings.Map(linePrintable, line))
	}
}

// quiet switches the echo off while nothing is asked, until restore is called: what is typed ahead
// may be the token, whose question is still to come.
func (m *lineMode) quiet() (restore func()) {
	if off := m.r.stdio.Quiet; off != nil {
		return off(int(m.ask.from.Fd()))
	}
	return func() {}
}

// lineLull is how long nothing is heard of Atlassian before that is said.
const lineLull = 3 * time.Second

// waiting does something that waits for Atlassian, and says so once where that takes long.
func (m *lineMode) waiting(do func()) {
	defer m.quiet()()
	said := make(chan struct{})
	timer := time.AfterFunc(lineLull, func() {
		m.say("Still waiting for Atlassian. Ctrl+C ends the program.")
		close(said)
	})
	do()
	if !timer.Stop() {
		<-said
	}
}

func linePrintable(r rune) rune {
	if unicode.IsPrint(r) && r != unicode.ReplacementChar {
		return r
	}
	return -1
}

// title says what is being done; help is what ? says about it.
func (m *lineMode) title(what, help string) {
	m.titled, m.help, m.offered = what, help, ""
	m.say("")
	m.say("== " + what + " ==")
}

// lineMark is a verdict as a word: a screen reader says "heavy check mark" to its sign.
func lineMark(v connector.Verdict) string {
	switch v {
	case connector.Working:
		return "OK:"
	case connector.Failing:
		return "Problem:"
	case connector.Attention, connector.Unknown:
		return "Note:"
	case connector.Skipped, connector.Waiting:
	}
	return "-"
}

// trouble says what the store answered instead of doing what was asked.
func (m *lineMode) trouble(err error) {
	t := connector.Explain(err)
	m.say("Problem: " + t.Title + ". " + t.Why + " What helps: " + connector.Inside(t.Remedy) + ".")
}

// line asks for a line that is shown. What looks like a token is dropped, and asked for again.
func (m *lineMode) line(ctx context.Context, question string) (string, error) {
	for {
		text, err := m.ask.line(ctx, m.r.out.plain(question))
		if err != nil || !atlassian.LooksSecret(text) {
			return text, err
		}
		m.say("Note: That looked like a token, so it was dropped. It stands on this screen now: clear it, and revoke the token if somebody else can read it. The token has a question of its own, which does not show it.")
	}
}

// answer asks for a number, a letter or a word. b, q and ? mean the same everywhere.
func (m *lineMode) answer(ctx context.Context, question string) (string, error) {
	text, err := m.line(ctx, question)
	switch {
	case err != nil:
		return "", err
	case text == "b" || text == ":back":
		return "", errLineBack
	case text == "q" || text == ":quit":
		return "", errLineQuit
	case text == "?" || text == ":help":
		m.explain()
		return "", errLineAgain
	}
	return text, nil
}

// explain is what ? says. The choices are said again after it.
func (m *lineMode) explain() {
	m.offered = ""
	if m.help != "" {
		m.say(m.help)
	}
	m.say("A number takes the choice with that number, Enter alone the first one, or what stands in brackets. b goes back, q quits, Ctrl+C ends the program. Where a text is asked for, commands have a colon before them: :back, :clear, :storage, :quit.")
}

// lineNumber is a number from 1 to n as it was typed, 1 for nothing; 0 for anything else.
func lineNumber(text string, n int) int {
	if text == "" && n > 0 {
		return 1
	}
	if i, err := strconv.Atoi(text); err == nil && i >= 1 && i <= n {
		return i
	}
	return 0
}

// choose asks for one of several, counted from 0. Choices that were said last are not said again.
func (m *lineMode) choose(ctx context.Context, choices ...string) (int, error) {
	question := fmt.Sprintf("1 to %d, Enter for 1:", len(choices))
	if len(choices) == 1 {
		question = "Enter for 1:"
	}
	for {
		if offered := strings.Join(choices, "\n"); m.offered != offered {
			m.offered = offered
			for i, c := range choices {
				m.r.out.marked(3, fmt.Sprintf("%d. ", i+1), strings.Map(linePrintable, c))
			}
		}
		text, err := m.answer(ctx, question)
		switch {
		case errors.Is(err, errLineAgain):
			continue
		case err != nil:
			return 0, err
		}
		if n := lineNumber(text, len(choices)); n > 0 {
			return n - 1, nil
		}
		if len(choices) == 1 {
			m.say("That is none of the answers here: Enter, b, q, ?.")
			continue
		}
		m.say(fmt.Sprintf("That is none of the answers here: Enter, a number from 1 to %d, b, q, ?.", len(choices)))
	}
}

// text says a text that is ready to be sent, and copies it where that is possible.
func (m *lineMode) text(ctx context.Context, title, text string) error {
	m.title(title, "Send this text by mail or chat. It holds no token.")
	for line := range strings.Lines(text) {
		m.say(strings.TrimRight(line, "\n"))
	}
	if !m.copies() {
		return nil
	}
	m.say("")
	n, err := m.choose(ctx, "Done", "Copy it")
	if err == nil && n == 1 {
		m.copy(ctx, "the text", text, "it is in the lines above.")
	}
	return lineEnd(err)
}

// copies reports whether there is any clipboard.
func (m *lineMode) copies() bool { return m.clip != nil || m.world().Copy != nil }

// lineCopyLimit bounds putting a text on the clipboard.
const lineCopyLimit = 3 * time.Second

// copy puts a text on this computer's clipboard, else sends it to the terminal's. here: it is known to
// be on this computer's.
func (m *lineMode) copy(ctx context.Context, what, text, otherwise string) (here bool) {
	if put := m.world().Copy; put != nil {
		ctx, cancel := context.WithTimeout(ctx, lineCopyLimit)
		defer cancel()
		if put(ctx, text) == nil {
			m.say("OK: Copied " + what + " (system clipboard).")
			return true
		}
	}
	if m.clip == nil {
		m.say("Problem: The clipboard did not take it.")
		return false
	}
	m.clip(text)
	m.say("Sent " + what + " to your terminal's clipboard (OSC 52). If pasting doesn't work, " + otherwise)
	return false
}

// sendToClipboard hands a text to the terminal's clipboard (OSC 52, xterm's control sequences).
// It moves no cursor and paints nothing.
func (r *run) sendToClipboard(text string) {
	fmt.Fprintf(r.answers, "\x1b]52;c;%s\x07", base64.StdEncoding.EncodeToString([]byte(text)))
}

const lineChangeLimit = 130 * time.Second // a person may have to answer their desktop

// change does something at the store, and waits a while for its answer after the context ended
// as well: only that tells what is in force. connector.ErrUnanswered where none came.
func (m *lineMode) change(parent context.Context, do func(context.Context)) error {
	defer m.quiet()()
	ctx, cancel := context.WithTimeout(parent, lineChangeLimit)
	defer cancel()
	done := make(chan *atlassian.PanicError, 1)
	go func() {
		defer close(done)
		defer atlassian.Catch(func(t *atlassian.PanicError) { done <- t })
		do(ctx)
	}()
	late := make(<-chan time.Time)
	ended := ctx.Done()
	for {
		select {
		case t := <-done:
			if t != nil {
				panic(t)
			}
			return nil
		case <-ended:
			ended, late = nil, time.After(connector.UnansweredAfter)
		case <-late:
			m.lost = parent.Err() != nil
			return connector.ErrUnanswered
		}
	}
}
