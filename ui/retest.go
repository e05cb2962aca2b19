package ui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// Checks of several connectors side by side: bounded, streamed, and ended with the screen
// that asked.

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

// patience is how long nothing may land before it is said what may be waited for.
const patience = 3 * time.Second

// waitingWords say it, where a token is in the keyring.
func waitingWords(l *look, waited time.Duration, entries ...connector.Connector) string {
	for _, c := range entries {
		if c.KeptIn == connector.SafeKeyring && waited >= patience {
			return l.faint.Render(wrap(l.desktopAsks(), l.width)) + "\n"
		}
	}
	return ""
}

// desktopAsks says what may be waited for outside this window.
func (l *look) desktopAsks() string {
	key := "Esc"
	if l.spoken {
		key = "Ctrl+C"
	}
	return "Your desktop may be asking for the keyring's password. " + key + " gives up."
}

// probe is one check of several.
type probe struct {
	id   string
	ask  connector.Question
	from tokenSource
	keep bool // note the report
}

// retests are the probes of saved connectors, each with its own token.
func retests(w *World, entries []connector.Entry) []probe {
	var all []probe
	for _, e := range entries {
		all = append(all, probe{id: e.ID, from: keptToken(w.Store, e.ID), keep: true, ask: connector.Question{
			Product: e.Product, Site: e.Site, Email: e.Email, Expires: e.Expires, ExpiresBy: e.ExpiresBy(), Saved: true, Now: w.Now(),
		}})
	}
	return all
}

// startProbes checks side by side and returns where the reports land. A context that ends
// keeps what is known.
func startProbes(ctx context.Context, w *World, probes []probe, t ticket) <-chan tea.Msg {
	landing := make(chan tea.Msg)
	send := func(msg tea.Msg) {
		select {
		case landing <- msg:
		case <-ctx.Done():
		}
	}
	world := *w
	places := make(chan struct{}, atOnce)
	go func() {
		defer close(landing)
		defer tellCrash(send)
		var wait sync.WaitGroup
		for _, p := range probes {
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				wait.Wait()
				return
			}
			wait.Go(func() {
				defer func() { <-places }()
				defer tellCrash(send)
				if report, told := p.run(ctx, world); told {
					send(retestedMsg{t, p.id, report})
				}
			})
		}
		wait.Wait()
		send(retestDone{t})
	}()
	return landing
}

// run checks one; told is false where it was given up.
func (p probe) run(ctx context.Context, w World) (r connector.Report, told bool) {
	r = runCheck(ctx, w, p.ask, p.from, nil)
	if ctx.Err() != nil {
		return r, false
	}
	if p.keep {
		noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
		defer cancel()
		_ = w.Store.Remember(noting, p.id, r) // the report on the screen is what counts
	}
	return r, true
}
