package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// defaultParallel hides the latency of sites without loading any of them.
const defaultParallel = 8

// checkFlags are what check takes.
type checkFlags struct {
	only        filter      // its site and product are those of facts, too
	facts       setup.Facts // of an unsaved connection
	token       tokenFlags
	all         bool
	parallel    int
	strict      bool
	warn        string
	json, jsonl bool
}

func (r *run) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:     "check [NAME…]",
		Aliases: []string{"test"},
		Short:   "Check saved connectors, or a connection without saving it",
		Long: "Check saved connectors by name or glob, or all of them. Flags narrow the selection;\n" +
			"without names they apply to all connectors. Or, with --site, --email, --product and\n" +
			"a token, check a connection without saving anything. 'saasconnect help names'\n" +
			"explains globs.\n\n" +
			"Exit codes: 0 all good, 1 at least one failing, 3 none failing but at least one\n" +
			"unknown, 4 results could not be stored, 130 interrupted.",
		Example: "  saasconnect check acme-jira\n" +
			"  saasconnect check --all --strict --warn 14d --json\n" +
			"  saasconnect check --all --jsonl\n" +
			"  saasconnect check 'acme-*' --failing\n" +
			"  saasconnect check --failing --attention --account 'Acme*'\n" +
			"  saasconnect check --unknown\n" +
			"  saasconnect check --expiring 14d --product jira\n" +
			"  saasconnect check --site acme --email mia@example.com --product jira --token-env ACME_TOKEN",
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.check(cmd.Context(), f, args)
		},
	}
	fs := c.Flags()
	fs.BoolVar(&f.all, "all", false, "check every saved connector")
	fs.IntVar(&f.parallel, "parallel", defaultParallel, "how many to check at a time, 1 to 64")
	fs.BoolVar(&f.strict, "strict", false, "count attention as failing in the exit code, and nothing to check as unknown")
	fs.StringVar(&f.warn, "warn", "30d", "warn when a token expires within this `PERIOD`")
	fs.BoolVar(&f.json, "json", false, "print the results as one JSON object")
	fs.BoolVar(&f.jsonl, "jsonl", false, "print each result as one line of JSON as it completes")
	f.only.register(fs)
	fs.Lookup("site").Usage += "; with --email, the one to check"
	fs.Lookup("product").Usage += "; with --email, the one to check"
	fs.StringVar(&f.facts.Email, "email", "", "check without saving: the `EMAIL` of the Atlassian account that created the token")
	f.token.register(fs)
	fs.StringVar(&f.facts.Expiry, "expires", "", "the token's expiry `DATE`, when checking without saving")
	return c
}

func (r *run) check(ctx context.Context, f checkFlags, names []string) error {
	warn, err := parseSpan(f.warn)
	adHoc := f.facts != (setup.Facts{}) || f.token.given() > 0
	isSaved := f.all || len(names) > 0 || f.only.failing || f.only.attention || f.only.unknown || f.only.expiring != "" || f.only.account != ""
	switch {
	case err != nil:
		return usage("", "--warn: %v", err)
	case warn == 0:
		warn = time.Nanosecond // 0 would mean the default, and 0d was asked for
	}
	switch {
	case f.parallel < 1 || f.parallel > 64:
		return usage("", "--parallel must be from 1 to 64")
	case f.json && f.jsonl:
		return usage("", "choose one of --json and --jsonl")
	case adHoc && isSaved:
		return usage("", "names, --all, --failing, --attention, --unknown, --expiring and --account check saved connectors; --email, --expires and a token check an unsaved connection: choose one")
	case f.all && len(names) > 0:
		return usage("", "choose one of --all and names")
	case adHoc:
		f.facts.Site, f.facts.Product = f.only.site, connector.Product(f.only.product)
		return r.checkUnsaved(ctx, f, warn)
	case !f.all && len(names) == 0 && !f.only.given():
		return usage("to check all of them: saasconnect check --all", "name a connector to check, or use --all")
	}
	w, entries, err := r.entries(ctx)
	if err != nil {
		return err
	}
	saved := len(entries)
	if len(names) > 0 {
		if entries, err = pick(entries, names); err != nil {
			return err
		}
	}
	if entries, err = f.only.apply(entries, w.Now()); err != nil {
		return err
	}
	switch {
	case saved == 0:
		r.warn("no connectors to check: is --home correct?")
	case len(entries) == 0:
		r.warn("none of the " + connector.Plural(saved, "connector") + " matches: nothing was checked")
	}
	if err := r.unlockFor(ctx, entries); err != nil {
		return err
	}
	if len(entries) == 1 {
		r.note("checking " + entries[0].Site.Host() + " …")
	}
	all := r.checkThem(ctx, w, entries, f, warn)
	all.saved = saved
	return r.showChecks(f, all)
}

// checkThem checks several, and returns what is printed of each at the end.
func (r *run) checkThem(ctx context.Context, w *ui.Deps, entries []connector.Entry, f checkFlags, warn time.Duration) (all checks) {
	slots := make([]checkSummary, len(entries))
	var results []result
	if f.json {
		results = make([]result, len(entries))
	}
	all.notKept = r.checkAll(ctx, w, entries, f.parallel, warn, func(i int, c checked) {
		if c.gone {
			all.gone = append(all.gone, c.of.Name)
			return
		}
		slots[i] = c.summary()
		switch {
		case f.jsonl:
			_ = writeJSONLine(r.stdout, c.asJSON(w.Now()))
		case f.json:
			results[i] = c.asJSON(w.Now())
		case len(entries) == 1:
			all.whole = []checked{c}
		}
	})
	for i, t := range slots {
		if t.verdict == "" {
			continue // it did not land
		}
		all.summaries = append(all.summaries, t)
		if f.json {
			all.results = append(all.results, results[i])
		}
	}
	all.stopped = ctx.Err() != nil
	return all
}

// showChecks prints what is known, and ends with its exit code.
func (r *run) showChecks(f checkFlags, all checks) error {
	verdicts := make([]connector.Verdict, len(all.summaries))
	for i, t := range all.summaries {
		verdicts[i] = t.verdict
	}
	switch {
	case all.stopped && len(all.summaries) == 0:
		return interrupted()
	case f.json:
		r.printJSON(results{Version: 1, Results: notNull(all.results), Gone: all.gone, Interrupted: all.stopped})
	case !f.jsonl:
		r.printChecks(all)
	}
	for _, name := range all.gone {
		r.warn(name + " was removed in the meantime and not checked")
	}
	if n, title := all.locked(); n > 0 {
		r.warn(fmt.Sprintf("%d of %s not checked: %s. Set SAASCONNECT_KEY_FILE to a file that unlocks it", n, connector.Plural(len(all.summaries), "connector"), connector.Inside(title)))
	}
	if all.notKept != nil && !all.stopped {
		t := connector.Explain(all.notKept)
		r.warn("the results could not be stored: " + connector.Inside(t.Title))
	}
	if f.strict && len(verdicts) == 0 && !all.stopped {
		return exitWith(exitUnknown) // a schedule that checks nothing must not be reported as working
	}
	return exitWith(exitFor(verdicts, f.strict, all.notKept != nil, all.stopped))
}

func asResults(done []checked, now time.Time, stopped bool) results {
	out := results{Version: 1, Results: make([]result, 0, len(done)), Interrupted: stopped}
	for _, c := range done {
		out.Results = append(out.Results, c.asJSON(now))
	}
	return out
}

// unlockFor asks for the encrypted file's passphrase where one of the tokens is in it and it
// can prompt. Where it can't, the check says token-locked, and the other connectors are
// checked all the same.
func (r *run) unlockFor(ctx context.Context, entries []connector.Entry) error {
	if r.prompter() == nil || r.stdio.getenv("SAASCONNECT_KEY_FILE") != "" {
		return nil
	}
	for _, e := range entries {
		if e.KeptIn != connector.StorageFile {
			continue
		}
		storages, err := r.deps.Store.Storages(ctx)
		if err != nil {
			return storageFailure(ctx, err)
		}
		status := setup.Known{Storages: storages}.Storage(connector.StorageFile)
		if status.State != connector.StorageLocked {
			return nil // a new, absent or broken one has no passphrase that would help
		}
		return r.unlock(ctx, status)
	}
	return nil
}

// checkUnsaved checks a connection from flags, and saves nothing.
func (r *run) checkUnsaved(ctx context.Context, f checkFlags, warn time.Duration) error {
	o := r.options()
	o.Unsaved = true
	w, err := r.openWith(ctx, o)
	if err != nil {
		return err
	}
	facts, own := readFacts(f.facts)
	given, bad, err := f.token.read(ctx, r)
	if err != nil {
		return err
	}
	t := r.newTask(setup.New(facts.Product), nil, answerFlags{})
	t.draft.Set(facts)
	t.setToken(given)
	if err := invalidInput(t.problems(append(own, bad...)), "check"); err != nil {
		return err
	}
	q := w.Service().CheckRequest(t.draft)
	q.Warn = warn
	report, err := r.checkDraft(ctx, t.draft, q)
	if err != nil {
		return err
	}
	t.draft.SetReport(report)
	done := t.result()
	if f.jsonl {
		_ = writeJSONLine(r.stdout, done.asJSON(w.Now()))
	}
	return r.showChecks(f, checks{summaries: []checkSummary{done.summary()}, results: []result{done.asJSON(w.Now())}, whole: []checked{done}})
}

// parseSpan reads --warn: days (30d) or what Go takes for a duration (36h).
func parseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 3650 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
		return 0, fmt.Errorf("invalid number of days %q: use 30d", text)
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("invalid period %q: use 30d or 36h", text)
	}
	return d, nil
}

// Running checks: of saved connectors in parallel, of one that is not saved, and the progress
// on a terminal.

// checks is how a run over several connectors ended.
type checks struct {
	saved     int            // how many connectors there are
	summaries []checkSummary // in the order asked for, without those that were not finished
	results   []result       // the same for scripts, where they are to be printed at the end
	whole     []checked      // the same with all that is known, where there is no more than one
	gone      []string       // the names of those that were removed before their turn
	notKept   error          // a report could not be remembered
	stopped   bool           // interrupted before all were done
}

// checkSummary is what the end of a run over several still says of each. A report is let go of
// once it was stored and printed: a thousand of them, and their past, are many megabytes.
type checkSummary struct {
	name          string
	verdict       connector.Verdict
	title, remedy string
	locked        bool // its token is in the encrypted file, which did not open
}

// summary is what is still said of a check.
func (c checked) summary() checkSummary {
	t := checkSummary{name: c.of.Name, verdict: c.report.Verdict, title: c.report.Title}
	t.locked = c.of.KeptIn == connector.StorageFile && c.report.Code == connector.CodeTokenLocked
	if len(c.report.Remedies) > 0 {
		t.remedy = c.report.Remedies[0].Do
	}
	return t
}

// locked is how many tokens could not be read since the encrypted file did not open, and
// what the first of them said.
func (all checks) locked() (n int, title string) {
	for _, t := range all.summaries {
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
