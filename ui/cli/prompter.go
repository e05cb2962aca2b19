package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"saasconnect/connector"
)

// Questions, asked line by line of the terminal the person sits at. huh's accessible mode
// is not used for them: Ctrl+C at its password leaves the echo off, and the end of the
// input is swallowed (huh 2.0.3).
//
// The rules: the question goes where stderr goes or to the terminal itself, never to
// stdout; what is hidden says so; Ctrl+C ends the wait with the echo switched on again;
// the end of the input is an error; a wrong answer is asked for again three times.

// prompter asks a person.
type prompter struct {
	from  Terminal
	to    io.Writer
	width int // of the terminal; 0 where it is not known
	// lines: it asks as line mode does. Choices are numbered, yes and no too; b and q are
	// errLineBack and errLineQuit, and so are :back and :quit where the line is hidden.
	lines bool
	// typed outlives a question that was given up: the read behind it can't be ended.
	typed chan typed
}

type typed struct {
	text string
	err  error
}

// tries is how often a question is asked before it is given up.
const tries = 3

var errNoMoreInput = errors.New("end of input")

// errTooManyTries: what was answered was never one of the answers.
var errTooManyTries = errors.New("no valid answer")

// line asks for one line that may be seen.
func (a *prompter) line(ctx context.Context, question string) (string, error) {
	fmt.Fprintf(a.to, "%s ", question)
	text, err := a.wait(ctx, func() (string, error) { return readLine(a.from) })
	if err != nil {
		fmt.Fprintln(a.to)
	}
	return strings.TrimSpace(text), err
}

// secret asks for one line that is not shown. The echo is off before the question stands
// there, so that nothing typed or pasted early is shown: with x/term's ReadPassword the
// question would come first. Ctrl+C arrives as a key meanwhile.
func (a *prompter) secret(ctx context.Context, question string) (string, error) {
	fd := int(a.from.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("switch off the terminal's echo: %w", err)
	}
	fmt.Fprintf(a.to, "%s (not shown while you type) ", question)
	text, err := a.wait(ctx, func() (string, error) { return readHidden(a.from) })
	if restored := term.Restore(fd, before); err == nil && restored != nil {
		err = fmt.Errorf("switch on the terminal's echo: %w", restored)
	}
	fmt.Fprintln(a.to)
	switch {
	case err == nil && a.lines && text == ":back":
		err = errLineBack
	case err == nil && a.lines && text == ":quit":
		err = errLineQuit
	}
	return text, err
}

// complain says what is wrong with an answer.
func (a *prompter) complain(words string) {
	if a.lines {
		words = lineMark(connector.Failing) + " " + words
	}
	newPrinter(a.to, false, false, a.width).paragraph(0, words)
}

// wait runs a read that can't be ended, and gives up waiting for it with the context.
func (a *prompter) wait(ctx context.Context, read func() (string, error)) (string, error) {
	a.typed = make(chan typed, 1)
	go func(done chan<- typed) {
		text, err := read()
		done <- typed{text, err}
	}(a.typed)
	select {
	case t := <-a.typed:
		return t.text, t.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// choose asks for one of several, by number. Enter takes the first.
func (a *prompter) choose(ctx context.Context, question string, choices []string) (int, error) {
	page := newPrinter(a.to, false, false, a.width)
	page.paragraph(0, question)
	for i, c := range choices {
		if a.lines {
			page.marked(3, fmt.Sprintf("%d. ", i+1), c)
			continue
		}
		page.marked(5, fmt.Sprintf("  %d  ", i+1), c)
	}
	for range tries {
		text, err := a.line(ctx, fmt.Sprintf("1 to %d, Enter for 1:", len(choices)))
		if err != nil {
			return 0, err
		}
		n, err := strconv.Atoi(text)
		switch {
		case text == "":
			return 0, nil
		case a.lines && text == "b":
			return 0, errLineBack
		case a.lines && text == "q":
			return 0, errLineQuit
		case err == nil && n >= 1 && n <= len(choices):
			return n - 1, nil
		}
		fmt.Fprintf(a.to, "Enter a number from 1 to %d.\n", len(choices))
	}
	return 0, errTooManyTries
}

// yes asks for a yes; anything else, Enter too, is a no.
func (a *prompter) yes(ctx context.Context, question string) (bool, error) {
	if a.lines {
		n, err := a.choose(ctx, question, []string{"No", "Yes"})
		return n == 1, err
	}
	text, err := a.line(ctx, question+" [y/N]")
	text = strings.ToLower(text)
	return text == "y" || text == "yes", err
}

// readHidden reads a line key by key from a terminal in raw mode, with the few keys that
// edit what can't be seen. Other control characters and escape sequences are dropped: an
// arrow key is not part of a passphrase.
func readHidden(r io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	escape := 0 // 1 after ESC, 2 inside ESC [ … or ESC O
	for len(line) < hiddenMax {
		if n, err := r.Read(one); n == 0 && err != nil {
			if errors.Is(err, io.EOF) {
				err = errNoMoreInput
			}
			return "", err
		} else if n == 0 {
			continue
		}
		key := one[0]
		switch {
		case escape == 1 && (key == '[' || key == 'O'):
			escape = 2
		case escape == 1:
			escape = 0
		case escape == 2:
			if key >= 0x40 && key <= 0x7e {
				escape = 0
			}
		case key == 0x1b:
			escape = 1
		case key == '\r' || key == '\n':
			return string(line), nil
		case key == 0x03: // Ctrl+C
			return "", context.Canceled
		case key == 0x04 && len(line) == 0: // Ctrl+D
			return "", errNoMoreInput
		case key == 0x15: // Ctrl+U
			line = line[:0]
		case key == 0x7f || key == 0x08: // backspace
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case key < 0x20:
		default:
			line = append(line, key)
		}
	}
	return "", errors.New("the line is too long")
}

// hiddenMax is far more than any token or passphrase has.
const hiddenMax = 64 << 10

// readLine reads up to a line feed, byte by byte so that nothing behind it is taken away
// from a later question. 4096 bytes are the most a terminal's line holds.
func readLine(r io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < 4096 {
		n, err := r.Read(one)
		switch {
		case n > 0 && one[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		case n > 0:
			line = append(line, one[0])
		case errors.Is(err, io.EOF):
			return "", errNoMoreInput
		case err != nil:
			return "", err
		}
	}
	return "", errors.New("the line is too long")
}
