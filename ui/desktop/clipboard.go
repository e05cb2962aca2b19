package desktop

import (
	"context"
	"errors"

	"github.com/atotto/clipboard"
)

// Clipboard reads what was copied last, or is nil where that can't be read: over SSH the
// clipboard is on the other machine, and X11 and Wayland need a program (xclip, xsel,
// wl-paste) that may not be there. It is for Ctrl+V, which a terminal that does not take it
// for itself hands on as a key: the consoles of Windows do.
func Clipboard(getenv func(string) string) func(context.Context) (string, error) {
	if overSSH(getenv) || clipboard.Unsupported {
		return nil
	}
	return func(ctx context.Context) (string, error) { return bounded(ctx, clipboard.ReadAll) }
}

// largestClip is far more than any field takes.
const largestClip = 64 << 10

// bounded gives a read up with the context: the program behind it may wait for a display.
// Errors are our own, since those of a program could hold what it read.
func bounded(ctx context.Context, read func() (string, error)) (string, error) {
	type clip struct {
		text string
		err  error
	}
	done := make(chan clip, 1)
	go func() {
		text, err := read()
		done <- clip{text, err}
	}()
	select {
	case c := <-done:
		switch {
		case c.err != nil:
			return "", errors.New("the clipboard can't be read")
		case len(c.text) > largestClip:
			return "", errors.New("the clipboard holds far too much")
		}
		return c.text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
