package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Running checks: of saved connectors side by side, of one that is not saved, and what
// is told meanwhile on a terminal.

// checks is how a run over several connectors ended.
type checks struct {
	saved   int       // how many connectors there are
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
	t.locked = c.of.KeptIn == connector.StorageFile && c.report.Code == connector.CodeTokenLocked
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

// checkAll checks the entries, at most parallel sites at a time, and remembers each
// report. landed gets each as it lands and which of the entries it is about, never two at
// once. It holds none of them.
func (r *run) checkAll(ctx context.Context, w *ui.Deps, entries []connector.Entry, parallel int, warn time.Duration, landed func(int, checked)) (notKept error) {
	finished, failing := 0, 0
	o := setup.CheckOptions{Parallel: parallel, Past: true, Warn: warn}
	notKept = w.Service().CheckSaved(ctx, entries, o, func(i int, c setup.Recheck) {
		finished++
		if c.Report.Verdict == connector.Failing {
			failing++
		}
		r.progress(finished, len(entries), failing)
		landed(i, checked{of: entries[i].Connector, kind: atlassian.KindUnknown, before: c.Before, report: c.Report, gone: c.Gone})
	})
	r.progressDone(len(entries))
	return notKept
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
