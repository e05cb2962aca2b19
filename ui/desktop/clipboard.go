package desktop

import (
	"context"
	"errors"
	"runtime"

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

// Copier puts a text on this computer's clipboard, or is nil where the user's is another one:
// over SSH, and on Linux where there is no display or no program that does it (wl-copy, xclip,
// xsel; clip.exe under WSL).
func Copier(getenv func(string) string) func(context.Context, string) error {
	if overSSH(getenv) || clipboard.Unsupported || !hasDisplay(runtime.GOOS, getenv) {
		return nil
	}
	return func(ctx context.Context, text string) error {
		_, err := bounded(ctx, func() (string, error) { return "", clipboard.WriteAll(text) })
		return err
	}
}

// hasDisplay reports whether a clipboard can be there at all.
func hasDisplay(system string, getenv func(string) string) bool {
	if system == "windows" || system == "darwin" {
		return true
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "TERMUX_VERSION"} {
		if getenv(name) != "" {
			return true
		}
	}
	return false
}

// largestClip is far more than any field takes.
const largestClip = 64 << 10

// bounded gives reading or writing up with the context: the program behind it may wait for a
// display. Errors are our own, since those of a program could hold what it read or wrote; what
// a library throws is one of them.
func bounded(ctx context.Context, do func() (string, error)) (string, error) {
	type clip struct {
		text string
		err  error
	}
	done := make(chan clip, 1)
	go func() {
		c := clip{err: errors.New("the clipboard library failed")}
		defer func() {
			_ = recover() // without its text, which could hold a value
			done <- c
		}()
		c.text, c.err = do()
	}()
	select {
	case c := <-done:
		switch {
		case c.err != nil:
			return "", errors.New("the clipboard can't be used")
		case len(c.text) > largestClip:
			return "", errors.New("the clipboard's content is too large")
		}
		return c.text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
