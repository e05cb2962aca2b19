package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Running checks: of saved connectors side by side, of one that is not saved, and what
// is told meanwhile on a terminal.

// question asks about a connector, saved or not.
func question(c connector.Connector, receipt atlassian.Receipt, warn time.Duration, now time.Time) connector.Question {
	return connector.Question{
		Product: c.Product, Site: c.Site, Email: c.Email, Receipt: receipt,
		Expires: c.Expires, ExpiresBy: c.ExpiresBy(), Warn: warn, Saved: c.ID != "", Now: now,
	}
}

// savedQuestion is what is asked about a saved connector. Its reports should have been asked
// for where its newest check was not good.
func savedQuestion(e connector.Entry, warn time.Duration, now time.Time) connector.Question {
	q := question(e.Connector, atlassian.Receipt{}, warn, now)
	q.Before, q.BeforeAt = e.LastGood()
	q.ProvenHere = e.ProvenHere()
	return q
}

// checkDraft checks what is not saved. A cancelled context is an interrupt.
func (r *run) checkDraft(ctx context.Context, w *ui.World, c connector.Connector, given token, warn time.Duration) (checked, error) {
	return r.checkGiven(ctx, w, question(c, given.receipt, warn, w.Now()), c, given)
}

// checkGiven checks with a token that was given, as it is asked.
func (r *run) checkGiven(ctx context.Context, w *ui.World, q connector.Question, c connector.Connector, given token) (checked, error) {
	r.note("checking " + c.Site.Host() + " …")
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
	done.report = connector.CheckFrom(ctx, w.Observer, w.Now, w.Timeout, connector.Asked{
		Question: savedQuestion(e, warn, w.Now()),
		Token:    func(ctx context.Context) (atlassian.Token, error) { return w.Store.Token(ctx, e.ID) },
	}, nil)
	return done
}

// checks is how a run over several connectors ended.
type checks struct {
	told    []told    // in the order asked for, without those that were not finished
	results []result  // the same for scripts, where they are to be printed at the end
	whole   []checked // the same with all that is known, where there is no more than one
	gone    []string  // the names of those that were removed before their turn
	notKept error     // a report could not be remembered
	stopped bool      // interrupted before all were done
}

// told is what the end of a run over several still says of each. A report is let go of
// once it was noted and told: a thousand of them, and their past, are many megabytes.
type told struct {
	name          string
	verdict       connector.Verdict
	title, remedy string
	locked        bool // its token is in the encrypted file, which did not open
}

// tell is what is still said of a check.
func (c checked) tell() told {
	t := told{name: c.of.Name, verdict: c.report.Verdict, title: c.report.Title}
	t.locked = c.of.KeptIn == connector.SafeFile && c.report.Code == connector.CodeTokenLocked
	if len(c.report.Remedies) > 0 {
		t.remedy = c.report.Remedies[0].Do
	}
	return t
}

// locked is how many tokens could not be read since the encrypted file did not open, and
// what the first of them said.
func (all checks) locked() (n int, title string) {
	for _, t := range all.told {
		if !t.locked {
			continue
		}
		if n++; n == 1 {
			title = t.title
		}
	}
	return n, title
}

// rememberLimit bounds noting a report.
const rememberLimit = 10 * time.Second

// checkAll checks the entries, at most parallel sites at a time, and remembers each
// report. landed gets each as it lands and which of the entries it is about, never two at
// once. It holds none of them.
func (r *run) checkAll(ctx context.Context, w *ui.World, entries []connector.Entry, parallel int, warn time.Duration, landed func(int, checked)) (notKept error) {
	tokens := sync.OnceValues(func() (connector.TokenReader, error) { return w.Store.Tokens(ctx) })
	asked, gone := make([]connector.Asked, len(entries)), make([]bool, len(entries))
	for i, e := range entries {
		id := e.ID
		if e.LastNeedsReports() {
			e.Reports = w.Store.Reports(ctx, id)
		}
		asked[i] = connector.Asked{
			Question: savedQuestion(e, warn, w.Now()),
			Token: func(ctx context.Context) (atlassian.Token, error) {
				read, err := tokens()
				if err != nil {
					return atlassian.Token{}, err
				}
				token, err := read(ctx, id)
				var shelf *connector.ShelfError
				gone[i] = errors.As(err, &shelf) && shelf.Why == connector.ShelfNotFound
				return token, err
			},
		}
	}
	finished, failing := 0, 0
	connector.CheckAll(ctx, w.Observer, w.Now, connector.Bounds{Sites: parallel, Limit: w.Timeout}, asked, func(i int, report connector.Report) {
		c := checked{of: entries[i].Connector, kind: atlassian.KindUnknown, before: w.Store.Reports(ctx, entries[i].ID), report: report, gone: gone[i]}
		notKept = cmp.Or(remember(ctx, w.Store, c), notKept)
		finished++
		if report.Verdict == connector.Failing {
			failing++
		}
		r.progress(finished, len(entries), failing)
		landed(i, c)
	})
	r.progressDone(len(entries))
	return cmp.Or(saveOutcomes(ctx, w.Store), notKept)
}

// remember notes a report, also after an interrupt: what is known is kept. One whose token
// could not be read says nothing of its connector, so it changes no history; nor does one
// of a connector that is gone. What is noted is what the usual window of warning says.
func remember(ctx context.Context, store ui.Store, c checked) error {
	if c.gone || c.report.Code == connector.CodeTokenLocked {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
	defer cancel()
	return store.Remember(ctx, c.of.ID, c.report.Usual())
}

// saveOutcomes lets lists know of what was remembered, also after an interrupt.
func saveOutcomes(ctx context.Context, store ui.Store) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
	defer cancel()
	return store.SaveOutcomes(ctx)
}

// progress rewrites one line on a terminal; a screen reader or a log gets none.
func (r *run) progress(done, of, failing int) {
	if r.stdio.ErrIsTerminal && of > 1 && !r.isPlain() {
		fmt.Fprint(r.stdio.Err, barLine(done, of, failing))
	}
}

// progressDone takes the line away: carriage return, erase in line (ECMA-48 EL).
func (r *run) progressDone(of int) {
	if r.stdio.ErrIsTerminal && of > 1 && !r.isPlain() {
		fmt.Fprint(r.stdio.Err, "\r\x1b[K")
	}
}

// What is told on a terminal while many are checked: one line that is written over, with a
// bar where there are enough for one. It says in figures what the bar shows.

// barWidth is how many characters a bar has, barFrom from how many on there is one.
const (
	barWidth = 24
	barFrom  = 20
)

// barLine is "[#####...................] 210 of 1000 checked, 3 failing ".
func barLine(done, of, failing int) string {
	bar := ""
	if of >= barFrom {
		full := done * barWidth / of
		bar = "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "] "
	}
	return fmt.Sprintf("\r%s%d of %d checked, %d failing ", bar, done, of, failing)
}
