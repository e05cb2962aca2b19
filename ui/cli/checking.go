package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Running checks: of saved connectors side by side, of one that is not saved, and what
// is told meanwhile on a terminal.

// question asks about a connector, saved or not.
func question(c connector.Connector, kind atlassian.TokenKind, warn time.Duration, now time.Time) connector.Question {
	return connector.Question{
		Product: c.Product, Site: c.Site, Email: c.Email, Kind: kind,
		Expires: c.Expires, ExpiresBy: c.ExpiresBy(), Warn: warn, Saved: isSaved(c), Now: now,
	}
}

// checkDraft checks what is not saved. A cancelled context is an interrupt.
func (r *run) checkDraft(ctx context.Context, w *ui.World, c connector.Connector, given token, warn time.Duration) (checked, error) {
	r.note("checking " + c.Site.Host() + " …")
	q := question(c, given.receipt.Kind, warn, w.Now())
	report := connector.Check(ctx, w.Observer, w.Now, q, given.token, nil)
	if ctx.Err() != nil {
		return checked{}, interrupted()
	}
	return checked{of: c, kind: given.receipt.Kind, report: report}, nil
}

// checkSaved checks one saved connector: its token is read from its safe, and what the
// safe answers instead is a diagnosis of its own.
func checkSaved(ctx context.Context, w *ui.World, e connector.Entry, warn time.Duration) checked {
	done := checked{of: e.Connector, kind: atlassian.KindUnknown, before: e.Reports}
	given, err := w.Store.Token(ctx, e.ID)
	if ctx.Err() != nil {
		return done
	}
	q := question(e.Connector, done.kind, warn, w.Now())
	if err != nil {
		done.report = connector.ConcludeSafe(q, err)
		return done
	}
	done.report = connector.Check(ctx, w.Observer, w.Now, q, given, nil)
	return done
}

// checks is how a run over several connectors ended.
type checks struct {
	done    []checked // in the order asked for, without those that were not finished
	notKept error     // a report could not be remembered
	stopped bool      // interrupted before all were done
}

// checkAll checks the entries, at most parallel at a time, and remembers each report.
// landed gets each as it lands, never two at once.
func (r *run) checkAll(ctx context.Context, w *ui.World, entries []connector.Entry, parallel int, warn time.Duration, landed func(checked)) checks {
	var mu sync.Mutex
	var all checks
	var crash *ui.Crash
	slots := make([]*checked, len(entries))
	finished, failing := 0, 0
	var group errgroup.Group
	group.SetLimit(parallel)
	for i, e := range entries {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			defer func() {
				if thrown := recover(); thrown != nil {
					mu.Lock()
					defer mu.Unlock()
					crash = ui.CrashOf(thrown)
				}
			}()
			c := checkSaved(ctx, w, e, warn)
			if ctx.Err() != nil {
				return nil // what came back is not a conclusion
			}
			err := w.Store.Remember(ctx, e.ID, c.report)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && ctx.Err() == nil {
				all.notKept = err
			}
			slots[i] = &c
			finished++
			if c.report.Verdict == connector.Failing {
				failing++
			}
			r.progress(finished, len(entries), failing)
			landed(c)
			return nil
		})
	}
	_ = group.Wait() // no goroutine returns an error
	if crash != nil {
		panic(crash) // in the goroutine whose guard tells it
	}
	r.progressDone(len(entries))
	for _, c := range slots {
		if c != nil {
			all.done = append(all.done, *c)
		}
	}
	all.stopped = ctx.Err() != nil
	return all
}

// progress rewrites one line on a terminal; a screen reader or a log gets none.
func (r *run) progress(done, of, failing int) {
	if r.stdio.ErrIsTerminal && of > 1 && !r.isPlain() {
		fmt.Fprint(r.stdio.Err, r.series.barLine(done, of, failing))
	}
}

// progressDone takes the line away: carriage return, erase in line (ECMA-48 EL).
func (r *run) progressDone(of int) {
	if r.stdio.ErrIsTerminal && of > 1 && !r.isPlain() {
		fmt.Fprint(r.stdio.Err, "\r\x1b[K")
	}
}
