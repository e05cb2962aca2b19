package ui

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// Re-testing saved connectors: bounded, streamed, and ended with the screen that asked.

// retestedMsg is one connector's new report.
type retestedMsg struct {
	ticket ticket
	id     string
	report connector.Report
}

// retestDone comes after the last one.
type retestDone struct{ ticket ticket }

const (
	// atOnce is how many sites are asked at once: enough to hide their latency, few enough
	// to be no burden to anyone.
	atOnce = 8
	// rememberLimit bounds noting a report.
	rememberLimit = 10 * time.Second
)

// startRetest checks connectors side by side and returns where their reports land. Each
// is remembered as it lands; a context that ends keeps what is known.
func startRetest(ctx context.Context, w *World, entries []connector.Entry, t ticket) <-chan tea.Msg {
	landing := make(chan tea.Msg)
	send := func(msg tea.Msg) {
		select {
		case landing <- msg:
		case <-ctx.Done():
		}
	}
	world, entries := *w, slices.Clone(entries)
	places := make(chan struct{}, atOnce)
	go func() {
		defer close(landing)
		var wait sync.WaitGroup
		for _, e := range entries {
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				wait.Wait()
				return
			}
			wait.Go(func() {
				defer func() { <-places }()
				report, told := retestOne(ctx, world, e)
				if told {
					send(retestedMsg{t, e.ID, report})
				}
			})
		}
		wait.Wait()
		send(retestDone{t})
	}()
	return landing
}

// retestOne checks one saved connector; told is false where it was given up.
func retestOne(ctx context.Context, w World, e connector.Entry) (r connector.Report, told bool) {
	q := connector.Question{
		Product: e.Product, Site: e.Site, Email: e.Email, Expires: e.Expires, ExpiresBy: e.ExpiresBy(), Saved: true, Now: w.Now(),
	}
	token, err := w.Store.Token(ctx, e.ID)
	var safe *connector.SafeError
	switch {
	case ctx.Err() != nil:
		return r, false
	case errors.As(err, &safe):
		r = connector.ConcludeSafe(q, safe)
	case err != nil:
		r = connector.ConcludeSafe(q, &connector.SafeError{Kind: e.KeptIn, Why: connector.SafeWhyUnavailable, Err: err})
	default:
		limited, cancel := context.WithTimeout(ctx, w.Timeout+checkSlack)
		r = connector.Check(limited, w.Observer, w.Now, q, token, nil)
		cancel()
	}
	if ctx.Err() != nil {
		return r, false
	}
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
	defer cancel()
	_ = w.Store.Remember(noting, e.ID, r) // the report on the screen is what counts
	return r, true
}
