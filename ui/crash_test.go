package ui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// A fault of the program itself, wherever it happens: the wizard ends, the terminal is
// given back, and nothing that is said holds a value.

const thrown = "ATATT3xFfGF0-thrown-with-the-panic"

// faultyStore panics in one method.
type faultyStore struct {
	ui.Store
	in string
}

func (s faultyStore) Load(ctx context.Context) ([]connector.Entry, error) {
	if s.in == "a command" {
		panic(thrown)
	}
	return s.Store.Load(ctx)
}

func (s faultyStore) Tokens(context.Context) (connector.TokenReader, error) { return s.Token, nil }

func (s faultyStore) Token(ctx context.Context, id string) (atlassian.Token, error) {
	if s.in == "a goroutine" {
		panic(thrown)
	}
	return s.Store.Token(ctx, id)
}

func TestCrashes(t *testing.T) {
	for _, in := range []string{"a command", "a goroutine", "the clock"} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			w := openTestWorld(t, settingsOf(t, "role global-admin\nsaved acme"))
			defer w.close()
			w.world.Store = faultyStore{w.world.Store, in}
			if in == "the clock" { // which View and Update ask
				began := time.Now()
				w.world.Now = func() time.Time {
					if time.Since(began) > 100*time.Millisecond {
						panic(thrown)
					}
					return time.Now()
				}
			}
			keys, typed := io.Pipe()
			go func() {
				for range 50 { // R re-tests all, which reads the tokens
					time.Sleep(20 * time.Millisecond)
					if _, err := typed.Write([]byte("R")); err != nil {
						return
					}
				}
				_ = typed.Close()
			}()
			defer keys.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			var out bytes.Buffer
			_, err := ui.Run(ctx, w.world, ui.Start{}, screens(), keys, &out, []string{"TERM=xterm-256color"})
			var crash *ui.PanicError
			if !errors.As(err, &crash) || !strings.Contains(crash.Stack, "goroutine") {
				t.Fatalf("ended with %v", err)
			}
			for _, said := range []string{out.String(), crash.Error(), crash.What, crash.Stack} {
				if strings.Contains(said, "thrown-with") {
					t.Errorf("what was thrown is said:\n%s", said)
				}
			}
		})
	}
}
