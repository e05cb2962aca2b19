//go:build !windows

package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// screen is what a terminal showed so far.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	grew chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	select {
	case s.grew <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// waitFor returns once the text was shown.
func (s *screen) waitFor(t *testing.T, text string) {
	t.Helper()
	for !strings.Contains(s.String(), text) {
		select {
		case <-s.grew:
		case <-t.Context().Done():
			t.Fatalf("never shown: %q in %q", text, s.String())
		}
	}
}

// person is an asker at a pseudo terminal: keys are written to the first result.
func person(t *testing.T) (*os.File, *screen, *prompter) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo terminal here: %v", err)
	}
	t.Cleanup(func() { master.Close(); tty.Close() })
	shown := &screen{grew: make(chan struct{}, 1)}
	go io.Copy(shown, master)
	return master, shown, &prompter{from: tty, to: tty}
}

func TestSecretIsNeverShown(t *testing.T) {
	keys, shown, a := person(t)
	go func() {
		shown.waitFor(t, "not shown")
		io.WriteString(keys, "wrong\x15pass\x1b[Aphrasx\x7fe é\r")
	}()
	got, err := a.secret(t.Context(), "Secret:")
	if got != "passphrase é" || err != nil {
		t.Errorf("secret = %q, %v", got, err)
	}
	// The terminal echoes again, and had not before.
	go io.WriteString(keys, "seen\r")
	if line, err := a.line(t.Context(), "Name:"); line != "seen" || err != nil {
		t.Errorf("line = %q, %v", line, err)
	}
	shown.waitFor(t, "seen")
	if strings.Contains(shown.String(), "pass\x1b") || strings.Contains(shown.String(), "phras") {
		t.Errorf("the secret was shown: %q", shown)
	}
}

func TestSecretEndsCleanly(t *testing.T) {
	for name, c := range map[string]struct {
		keys string
		want error
	}{
		"ctrl+c": {"half\x03", context.Canceled},
		"ctrl+d": {"\x04", errNoMoreInput},
		"cancel": {"", context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			keys, shown, a := person(t)
			before, err := term.GetState(int(a.from.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				shown.waitFor(t, "not shown")
				io.WriteString(keys, c.keys)
				if c.keys == "" {
					cancel()
				}
			}()
			if _, err := a.secret(ctx, "Passphrase:"); !errors.Is(err, c.want) {
				t.Errorf("secret: %v, want %v", err, c.want)
			}
			after, err := term.GetState(int(a.from.Fd()))
			if err != nil || *after != *before {
				t.Errorf("the terminal was left in another state (%v)", err)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	for keys, want := range map[string]int{"\r": 0, "2\r": 1, "7\rx\r2\r": 1} {
		in, shown, a := person(t)
		go func() {
			for answer := range strings.SplitAfterSeq(keys, "\r") {
				io.WriteString(in, answer)
			}
		}()
		got, err := a.choose(t.Context(), "Where?", []string{"here", "there"})
		if got != want || err != nil {
			t.Errorf("%q: %d, %v; want %d", keys, got, err, want)
		}
		shown.waitFor(t, "1  here")
	}
	in, _, a := person(t)
	go io.WriteString(in, "9\r9\r9\r")
	if _, err := a.choose(t.Context(), "Where?", []string{"here"}); !errors.Is(err, errTooManyTries) {
		t.Errorf("three wrong answers: %v", err)
	}
}
