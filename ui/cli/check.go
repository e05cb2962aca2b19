package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

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
	t := checkSummary{name: c.of.Name, verdict: c.report.Verdict, title: c.report.Title, remedy: c.report.FirstStep()}
	t.locked = c.of.KeptIn == connector.StorageFile && c.report.Code == connector.CodeTokenLocked
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
		landed(i, checked{of: entries[i].Connector, before: c.Before, report: c.Report, gone: c.Gone})
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

// The JSON of one check, version 1. Fields may be added, never renamed or dropped; a list
// is never null.

// results is what check and add print.
type results struct {
	Version     int      `json:"version"`
	Results     []result `json:"results"`
	Saved       *bool    `json:"saved,omitempty"`       // add and replace-token only
	Replaced    []string `json:"replaced,omitempty"`    // replace-token only: who has the new token now
	InForce     []string `json:"in_force,omitempty"`    // replace-token only: those, and who had it already
	Gone        []string `json:"gone,omitempty"`        // check only: the names of those that were removed before their turn
	Interrupted bool     `json:"interrupted,omitempty"` // there would have been more
}

type result struct {
	ID         string             `json:"id"` // "" for what is not saved
	Name       string             `json:"name"`
	Product    connector.Product  `json:"product"`
	Site       string             `json:"site"`
	Email      string             `json:"email"`
	Account    string             `json:"account"`
	CheckedAt  string             `json:"checked_at"`
	TookMS     int64              `json:"took_ms"`
	Verdict    connector.Verdict  `json:"verdict"`
	Code       connector.Code     `json:"code"`
	Also       []connector.Code   `json:"also"`
	Title      string             `json:"title"`
	Why        string             `json:"why"`
	Remedies   []connector.Remedy `json:"remedies"`
	Stages     []stageJSON        `json:"stages"`
	Identity   *identityJSON      `json:"identity"`
	Admin      *bool              `json:"admin"`
	Coverage   map[string]any     `json:"coverage"`
	Token      tokenJSON          `json:"token"`
	HTTP       *httpJSON          `json:"http"`
	Changed    *changed           `json:"changed"`
	NewSite    string             `json:"new_site,omitempty"`
	RetryAfter int64              `json:"retry_after_s,omitempty"`
}

type stageJSON struct {
	Stage   connector.Stage   `json:"stage"`
	Verdict connector.Verdict `json:"verdict"`
	Detail  string            `json:"detail"`
	MS      int64             `json:"ms"`
}

type identityJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type tokenJSON struct {
	Kind      atlassian.TokenKind   `json:"kind"`
	KeptIn    connector.StorageKind `json:"kept_in"`
	Expires   *string               `json:"expires"`
	ExpiresBy *string               `json:"expires_by"`
	DaysLeft  *int                  `json:"days_left"`
}

type httpJSON struct {
	Call    string `json:"call"`
	Host    string `json:"host"`
	Status  int    `json:"status"`
	TraceID string `json:"trace_id"`
	Reason  string `json:"reason,omitempty"` // Atlassian's own sentence, where it said one
	// Attempts is how often the call was sent: 2 after a retry.
	Attempts int `json:"attempts"`
}

// changed says what the verdict was before, and when it was seen for the last time.
type changed struct {
	From  connector.Code `json:"from"`
	Since string         `json:"since"`
	Words string         `json:"words"`
}

// checked is one finished check, with all that is said about it.
type checked struct {
	of     connector.Connector // only what is known of it: an ad hoc check has no ID
	report connector.Report
	before []connector.Report // newest first, without this one
	gone   bool               // it was removed before its turn came: the report says nothing
}

// asJSON is a check as scripts see it. now decides how many days are left.
func (c checked) asJSON(now time.Time) result {
	r := c.report
	out := result{
		ID: c.of.ID, Name: c.of.Name, Product: c.of.Product, Site: c.of.Site.Origin(),
		Email: c.of.Email, Account: c.of.Account,
		CheckedAt: timestamp(r.At), TookMS: r.Took.Milliseconds(),
		Verdict: r.Verdict, Code: r.Code, Also: notNull(r.Also), Title: r.Title, Why: r.Why,
		Remedies: notNull(r.Remedies), Stages: make([]stageJSON, 0, len(r.Stages)), Admin: r.Admin,
		Token:      tokenOf(c.of, cmp.Or(r.TokenKind, atlassian.KindUnknown), now),
		Changed:    c.changed(),
		NewSite:    r.NewSite.Origin(),
		RetryAfter: int64(r.RetryAfter / time.Second),
	}
	for _, f := range r.Stages {
		out.Stages = append(out.Stages, stageJSON{f.Stage, f.Verdict, f.Detail, f.Took.Milliseconds()})
	}
	if r.Identity != nil {
		out.Identity = &identityJSON{r.Identity.ID, r.Identity.Name, r.Identity.Email}
	}
	if r.Coverage != nil {
		out.Coverage = coverageJSON(c.of.Product, *r.Coverage)
	}
	if r.Evidence != nil {
		out.HTTP = &httpJSON{r.Evidence.Call, r.Evidence.Host, r.Evidence.Status, r.Evidence.TraceID, r.Evidence.Reason, max(r.Evidence.Attempts, 1)}
	}
	return out
}

// coverageJSON keeps the names of the first version: projects in Jira, spaces in Confluence.
func coverageJSON(p connector.Product, c connector.Coverage) map[string]any {
	name := "projects"
	if p == connector.Confluence {
		name = "spaces"
	}
	out := map[string]any{name: c.Count}
	if c.AtLeast {
		out["at_least"] = true
	}
	if c.Listed != nil {
		out["listed"], out["hidden"] = *c.Listed, c.Hidden()
	}
	if len(c.HiddenKeys) > 0 {
		out["hidden_keys"] = c.HiddenKeys
	}
	return out
}

func tokenOf(c connector.Connector, kind atlassian.TokenKind, now time.Time) tokenJSON {
	t := tokenJSON{Kind: kind, KeptIn: c.KeptIn, Expires: dateJSON(c.Expires), ExpiresBy: dateJSON(c.ExpiresBy())}
	if !c.Expires.IsZero() {
		left := c.Expires.DaysFrom(connector.DateOf(now))
		t.DaysLeft = &left
	}
	return t
}

// changed compares with the report before this one; nil where nothing changed.
func (c checked) changed() *changed {
	if c.report.Code == connector.CodeTokenLocked {
		return nil // it says nothing of the connector
	}
	ch := connector.ChangeOf(append([]connector.Report{c.report}, c.before...))
	if ch == nil || !ch.Latest {
		return nil
	}
	return &changed{From: ch.From, Since: timestamp(ch.Since), Words: ch.Words}
}

// dateJSON is a day, or null.
func dateJSON(d connector.Date) *string {
	if d.IsZero() {
		return nil
	}
	s := d.String()
	return &s
}

func notNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// writeJSON writes one object on lines of its own, readable and without HTML escapes.
func writeJSON(to io.Writer, v any) error { return encodeJSON(to, v, "  ") }

// writeJSONLine writes one object on one line.
func writeJSONLine(to io.Writer, v any) error { return encodeJSON(to, v, "") }

// encodeJSON writes in one go. What a terminal would obey or hide is escaped: in JSON that
// is the same text.
func encodeJSON(to io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	text := b.Bytes()
	if bytes.ContainsFunc(text, unseen) {
		text = escaped(text)
	}
	_, err := to.Write(text)
	return err
}

// unseen reports a character that a terminal obeys or shows nothing for.
func unseen(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }

// escaped is JSON with each such character as JSON escapes it.
func escaped(text []byte) []byte {
	var b []byte
	for _, c := range string(text) {
		if !unseen(c) {
			b = utf8.AppendRune(b, c)
			continue
		}
		for _, half := range utf16.Encode([]rune{c}) {
			b = fmt.Appendf(b, "\\u%04x", half)
		}
	}
	return b
}

// timestamp is a moment for JSON: UTC, whole seconds, RFC 3339.
func timestamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// Reports for people: what is true, how it is known, the stages, what to do.

// printReport shows one check in full.
func (r *run) printReport(c checked) {
	p, rep := r.out, c.report
	title := rep.Title
	if c.of.Name != "" {
		title = c.of.Name + ": " + title
	}
	p.marked(2, p.mark(rep.Verdict)+" ", title+" ("+string(rep.Verdict)+", "+string(rep.Code)+")")
	if rep.Why != "" {
		p.paragraph(2, rep.Why)
	}
	if ch := c.changed(); ch != nil {
		p.paragraph(2, "Changed: "+ch.Words+".")
	}
	p.blank()
	r.printStages(rep.Stages)
	if len(rep.Remedies) > 0 {
		p.blank()
		p.line("  What to do:")
		for _, remedy := range rep.Remedies {
			step := remedy.Step()
			if remedy.Action == connector.ActReport && c.of.ID != "" {
				step = remedy.Do + ": saasconnect show " + c.of.Name + " --redacted"
			}
			if step == "" {
				continue
			}
			p.marked(4, "  - ", step)
			if remedy.URL != "" {
				p.line("    " + remedy.URL)
			}
		}
	}
	if s := rep.Evidence; s != nil && !rep.Good() {
		p.blank()
		p.paragraph(2, "Technical details: "+evidenceWords(*s))
	}
}

// stageWidth is the widest stage title and two blanks.
const stageWidth = 10

func (r *run) printStages(stages []connector.Finding) {
	p := r.out
	for _, f := range stages {
		title := f.Stage.Title()
		text := f.Detail
		if text == "" {
			text = string(f.Verdict)
		}
		if t := connector.Took(f.Took); t != "" && f.Verdict != connector.Skipped {
			text += strings.Repeat(" ", max(2, 54-ansi.StringWidth(text))) + t
			if ansi.StringWidth(text) > p.width-4-stageWidth {
				text = strings.Join(strings.Fields(text), " ")
			}
		}
		first := "  " + p.mark(f.Verdict) + " " + title + strings.Repeat(" ", max(1, stageWidth-len(title)))
		p.marked(4+stageWidth, first, text)
	}
}

// evidenceWords is the call that decided a report.
func evidenceWords(s connector.Evidence) string {
	return strings.Join(append(s.Words(), s.At.UTC().Format("15:04:05")+" UTC"), " · ")
}

// printChecks shows the results of check: one in full, several a line each with what to
// do first, and the sum.
func (r *run) printChecks(all checks) {
	if len(all.summaries) == 0 && len(all.gone) == 0 && all.saved == 0 {
		r.out.line("No connectors yet. Add one: saasconnect add")
		return
	}
	if len(all.whole) == 1 && !all.stopped {
		r.printReport(all.whole[0])
		return
	}
	widest := 0
	shown := slices.DeleteFunc(slices.Clone(all.summaries), func(t checkSummary) bool { return t.locked }) // one line says it of all of them
	for _, t := range shown {
		widest = max(widest, ansi.StringWidth(t.name))
	}
	for _, t := range shown {
		name := t.name + strings.Repeat(" ", widest-ansi.StringWidth(t.name))
		verdict := string(t.verdict) + strings.Repeat(" ", len(connector.Attention)-len(t.verdict))
		n := 2 + widest + 2 + len(connector.Attention) + 2
		r.out.marked(n, r.out.mark(t.verdict)+" "+name+"  "+verdict+"  ", t.title)
		if t.verdict != connector.Working && t.remedy != "" {
			r.out.marked(n+2, strings.Repeat(" ", n)+"- ", t.remedy)
		}
	}
	if len(shown) > 0 {
		r.out.blank()
	}
	r.out.line(sumWords(all))
}

// sumWords is "12 checked: 10 working, 2 failing".
func sumWords(all checks) string {
	n := map[connector.Verdict]int{}
	for _, t := range all.summaries {
		n[t.verdict]++
	}
	var parts []string
	for _, v := range []connector.Verdict{connector.Working, connector.Attention, connector.Failing, connector.Unknown} {
		if n[v] > 0 {
			parts = append(parts, strconv.Itoa(n[v])+" "+string(v))
		}
	}
	words := strconv.Itoa(len(all.summaries)) + " checked"
	if len(parts) > 0 {
		words += ": " + strings.Join(parts, ", ")
	}
	if all.stopped {
		words += " (interrupted)"
	}
	return words
}
