package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// Run shows the wizard until it ends, and returns what is worth saying once the screen
// is gone ("" for nothing). in and out must be a terminal's two ends; env is its
// environment. An interrupt is context.Canceled, a fault of the program itself a *Crash.
func Run(ctx context.Context, w Deps, start Start, screens Screens, in io.Reader, out io.Writer, env []string) (string, error) {
	safe := &guard{begin: func() *App { return NewApp(w, start, screens) }}
	// A context that ends is told to the App, which ends in order. Where that does not
	// happen, Bubble Tea is ended.
	last, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	program := tea.NewProgram(safe,
		tea.WithContext(last), tea.WithInput(in), tea.WithOutput(out), tea.WithEnvironment(plainNoColor(env)),
		tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond))
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(2*lastWait, kill)
		program.Send(interruptMsg{})
	})()
	_, err := program.Run()
	summary, interrupted := "", ctx.Err() != nil || errors.Is(err, tea.ErrProgramKilled) || errors.Is(err, tea.ErrInterrupted)
	if app := safe.app; app != nil { // else it never began
		summary, interrupted = app.Summary(), interrupted || app.interrupted
	}
	switch {
	case safe.crash != nil:
		return summary, safe.crash
	case interrupted:
		return summary, context.Canceled
	case err != nil:
		return summary, fmt.Errorf("show the wizard: %w", err)
	}
	return summary, nil
}

// plainNoColor turns any NO_COLOR into the one value that Bubble Tea's colors understand:
// who sets it to "yes" means it (no-color.org).
func plainNoColor(env []string) []string {
	out := slices.Clone(env)
	for i, pair := range out {
		if value, is := strings.CutPrefix(pair, "NO_COLOR="); is && value != "" {
			out[i] = "NO_COLOR=1"
		}
	}
	return out
}

// framesPerSecond halves the wait for the first frame: it is drawn on the first beat
// (measured 14 ms at 120, 24 ms at Bubble Tea's 60).
const framesPerSecond = 120

// Summary is what this run saved, or may have saved, for the terminal that stays behind.
func (a *App) Summary() string {
	if a.deps.Practice == nil && (a.at == ScreenSaving || a.at == ScreenNotSaved && errors.Is(a.setup.SaveError, connector.ErrUnanswered)) {
		return "The wizard ended while saving, so it may or may not be saved. See what is: saasconnect list"
	}
	if !a.session.SavedAny() || a.deps.Practice != nil {
		return "" // what was practiced is forgotten
	}
	c := a.session.LastSaved
	return fmt.Sprintf("%s: %s on %s, token stored in %s.\nCheck it again at any time: saasconnect check %s",
		c.Name, connector.ProductTitle(c.Product), c.Site.Origin(), connector.StorageName(c.KeptIn), c.Name)
}
