package cli

import (
	"context"
	"fmt"
	"time"

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
	done.report = connector.CheckFrom(ctx, w.Observer, w.Now, w.Timeout, asks(w, e, warn), nil)
	return done
}

// asks is the check of a saved connector.
func asks(w *ui.World, e connector.Entry, warn time.Duration) connector.Asked {
	return connector.Asked{
		Question: question(e.Connector, atlassian.KindUnknown, warn, w.Now()),
		Token:    func(ctx context.Context) (atlassian.Token, error) { return w.Store.Token(ctx, e.ID) },
	}
}

// checks is how a run over several connectors ended.
type checks struct {
	done    []checked // in the order asked for, without those that were not finished
	notKept error     // a report could not be remembered
	stopped bool      // interrupted before all were done
}

// rememberLimit bounds noting a report.
const rememberLimit = 10 * time.Second

// checkAll checks the entries, at most parallel sites at a time, and remembers each
// report. landed gets each as it lands, never two at once.
func (r *run) checkAll(ctx context.Context, w *ui.World, entries []connector.Entry, parallel int, warn time.Duration, landed func(checked)) checks {
	var all checks
	asked := make([]connector.Asked, len(entries))
	for i, e := range entries {
		asked[i] = asks(w, e, warn)
	}
	slots := make([]*checked, len(entries))
	finished, failing := 0, 0
	connector.CheckAll(ctx, w.Observer, w.Now, connector.Bounds{Sites: parallel, Limit: w.Timeout}, asked, func(i int, report connector.Report) {
		c := checked{of: entries[i].Connector, kind: atlassian.KindUnknown, before: entries[i].Reports, report: report}
		slots[i] = &c
		if err := remember(ctx, w.Store, c); err != nil {
			all.notKept = err
		}
		finished++
		if report.Verdict == connector.Failing {
			failing++
		}
		r.progress(finished, len(entries), failing)
		landed(c)
	})
	r.progressDone(len(entries))
	for _, c := range slots {
		if c != nil {
			all.done = append(all.done, *c)
		}
	}
	all.stopped = ctx.Err() != nil
	return all
}

// remember notes a report, also after an interrupt: what is known is kept.
func remember(ctx context.Context, store ui.Store, c checked) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
	defer cancel()
	return store.Remember(ctx, c.of.ID, c.report)
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
