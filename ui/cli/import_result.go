package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui/cli/roster"
)

// What import says: the sum first, then each row that needs someone, with its line.

// mostProblems is how many problems of a file are printed: a file of the wrong kind has
// thousands, and they are all the same.
const mostProblems = 50

// lineProblem is a problem of a file for scripts.
type lineProblem struct {
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Index   int    `json:"index,omitempty"` // JSON: which connector, the first being 1
	Field   string `json:"field"`
	Message string `json:"message"`
}

// notRight is a file that can't be imported as it is, and what is wrong with the flags.
func notRight(file string, rows []roster.Problem, flags []problem) *failure {
	f := input(flags)
	f.hint = "see saasconnect import --help"
	if len(rows) == 0 {
		return f
	}
	for _, p := range flags {
		f.places = append(f.places, placed{p.Field, lineProblem{Field: p.Field, Message: p.Message}})
	}
	for _, p := range rows {
		f.places = append(f.places, placed{p.Where(), lineProblem{p.Line, p.Column, p.Index, p.Field, p.Words}})
	}
	all := len(f.places)
	f.message = connector.Plural(all, "problem")
	if all >= roster.MaxProblems {
		f.message += " and more"
	}
	f.message += " in " + cleaned(file) + ": nothing was asked, sent or saved"
	if all > mostProblems {
		f.places = f.places[:mostProblems]
		f.message += fmt.Sprintf("; here are the first %d", mostProblems)
	}
	return f
}

// placed is a problem and where it is, for people.
type placed struct {
	where string
	lineProblem
}

func (f *failure) lineProblems() []lineProblem {
	all := make([]lineProblem, len(f.places))
	for i, p := range f.places {
		all[i] = p.lineProblem
	}
	return all
}

// importResult is that of a check, with its row.
type importResult struct {
	Line   int      `json:"line"`
	Index  int      `json:"index,omitempty"` // JSON: which connector, the first being 1
	Action action   `json:"action"`
	Facts  []string `json:"changed_facts"` // of a saved connector: what the row changes
	// Saved: it is kept as the row has it.
	Saved   bool   `json:"saved"`
	NotKept string `json:"not_kept,omitempty"` // why it is not, although it was checked
	Needs   string `json:"needs,omitempty"`    // what is open about it, and what answers it
	result
}

// plannedResult is a row that was not checked.
type plannedResult struct {
	Line    int               `json:"line"`
	Index   int               `json:"index,omitempty"`
	Action  action            `json:"action"`
	Facts   []string          `json:"changed_facts"`
	Saved   bool              `json:"saved"`
	Name    string            `json:"name"`
	Product connector.Product `json:"product"`
	Site    string            `json:"site"`
	Email   string            `json:"email"`
	Account string            `json:"account"`
	Token   string            `json:"token"` // where it will come from
	Needs   string            `json:"needs,omitempty"`
}

func (s *step) asPlan(did action) plannedResult {
	c := s.is
	return plannedResult{s.row.Line, s.row.Index, did, notNull(s.facts), false, s.name(), c.Product, c.Site.Origin(), c.Email, c.Account, s.tokenWords(), s.needs}
}

// tokenWords say where a row's token comes from.
func (s *step) tokenWords() string {
	switch {
	case !s.check:
		return "is not needed"
	case s.source == nil:
		return "as it is kept"
	case s.source.from != nil:
		return shown(strings.TrimPrefix(s.source.from.Words(), ": "))
	case s.source.email == "":
		return "standard input"
	}
	return "is asked for"
}

// tallied counts what came of the rows. One that was not reached is skipped.
func (in *importRun) tallied() map[action]int {
	n := map[action]int{added: 0, updated: 0, unchanged: 0, failed: 0, skipped: 0}
	for _, s := range in.steps {
		if s.did == "" {
			s.did = skipped
		}
		n[s.did]++
	}
	return n
}

// tallyWords is "96 added, 2 unchanged, 2 not saved".
func tallyWords(n map[action]int) string {
	var parts []string
	for _, a := range []action{added, updated, unchanged, failed, skipped} {
		if n[a] > 0 {
			words := string(a)
			switch a {
			case skipped:
				words = "not tried"
			case failed: // failing or not found out: each says which below
				words = "not saved"
			}
			parts = append(parts, strconv.Itoa(n[a])+" "+words)
		}
	}
	return strings.Join(parts, ", ")
}

// tellPlan says what would be done.
func (r *run) tellPlan(in *importRun) error {
	n := map[action]int{added: 0, updated: 0, unchanged: 0}
	var plans []plannedResult
	for _, s := range in.steps {
		n[s.planned()]++
		plans = append(plans, s.asPlan(s.planned()))
	}
	switch {
	case in.jsonl:
		for _, p := range plans {
			_ = writeJSONLine(r.answers, p)
		}
		return nil
	case in.json:
		r.answer(struct {
			Version int             `json:"version"`
			DryRun  bool            `json:"dry_run"`
			Summary map[action]int  `json:"summary"`
			Results []plannedResult `json:"results"`
		}{1, true, n, plans})
		return nil
	}
	words := cleaned(in.file) + " is right. It would be: " + tallyWords(n) + ". Nothing was sent or saved."
	if r.stdio.OutIsTerminal {
		r.out.paragraph(0, words)
	} else {
		r.out.line(words)
	}
	r.out.blank()
	rows := [][]string{{"ROW", "WOULD BE", "NAME", "PRODUCT", "SITE", "ACCOUNT", "TOKEN", "CHANGES"}}
	for _, s := range in.steps {
		rows = append(rows, []string{s.row.Where(), string(s.planned()), s.name(), connector.ProductTitle(s.is.Product), s.is.Site.Host(),
			shown(s.is.Account), s.tokenWords(), strings.Join(s.facts, ", ")})
	}
	r.planTable(rows)
	return nil
}

// The columns of what an import would do.
const (
	planRow = iota
	planWouldBe
	planName
	planProduct
	planSite
	planAccount
	planToken
	planChanges
)

// planTable writes the rows in full where no terminal has to wrap them. On a terminal that is too narrow
// the product, the account and the site are left out first, which the name mostly says; then the widest
// columns are cut. It says so, since where a token comes from should be read in full.
func (r *run) planTable(rows [][]string) {
	if !r.stdio.OutIsTerminal {
		r.out.table(r.out.grid(rows))
		return
	}
	width, least := r.tableWidth(), []int{planRow, planWouldBe, planName, planToken, planChanges}
	full := r.out.grid(rows)
	g, fits := r.fullest(rows, width, [][]int{
		{planRow, planWouldBe, planName, planProduct, planSite, planAccount, planToken, planChanges},
		{planRow, planWouldBe, planName, planSite, planAccount, planToken, planChanges},
		{planRow, planWouldBe, planName, planSite, planToken, planChanges},
		least,
	})
	for n := len(least); !fits; n-- {
		columns := least[:n]
		if n < 3 {
			columns = []int{planWouldBe, planName}
		}
		g, fits = r.out.cutTo(only(rows, columns), width, n < 3)
	}
	r.out.table(g)
	if g.width() < full.width() {
		r.out.blank()
		r.out.paragraph(0, "This terminal is too narrow for the whole table: saasconnect import FILE --dry-run has all of it where it is piped.")
	}
}

// shown is a text of the file's that is no name or address, without what would act on a
// terminal.
func shown(text string) string { return atlassian.Clean(text, 200) }

// asJSON is a row that was looked at.
func (s *step) asJSON(now time.Time) any {
	if !s.tried() {
		return s.asPlan(skipped)
	}
	one := s.done.asJSON(now)
	if one.Name == "" {
		one.Name = s.name() // what it would have been called
	}
	return importResult{s.row.Line, s.row.Index, s.did, notNull(s.facts), s.saved(), s.notKept, s.needs, one}
}

// tellImport says how it ended.
func (r *run) tellImport(in *importRun, end ending) error {
	n := in.tallied()
	var verdicts []connector.Verdict
	needs := false
	for _, s := range in.steps {
		if s.tried() {
			verdicts = append(verdicts, s.done.report.Verdict)
		}
		needs = needs || s.needs != ""
	}
	switch {
	case in.json:
		out := struct {
			Version     int            `json:"version"`
			Summary     map[action]int `json:"summary"`
			Results     []any          `json:"results"`
			Interrupted bool           `json:"interrupted,omitempty"`
		}{1, n, make([]any, 0, len(in.steps)), end.stopped}
		for _, s := range in.steps {
			out.Results = append(out.Results, s.asJSON(r.world.Now()))
		}
		r.answer(out)
	case in.jsonl:
		for _, s := range in.steps {
			if !s.tried() {
				_ = writeJSONLine(r.answers, s.asPlan(skipped))
			}
		}
	default:
		r.printImport(in, end, n)
	}
	exit := exitFor(verdicts, false, end.notKept, end.stopped)
	if needs && (exit == exitOK || exit == exitUnknown) {
		exit = exitWouldAsk
	}
	return ended(exit)
}

// needsSomeone: something is to be done about it. Those whose token was refused for another row are
// told there.
func (s *step) needsSomeone() bool {
	if s.needs != "" || s.notKept != "" {
		return true
	}
	return s.did != skipped && s.done.report.Verdict != connector.Working
}

// printImport is the sum, and each row that needs someone.
func (r *run) printImport(in *importRun, end ending, n map[action]int) {
	r.out.line(cleaned(in.file) + ": " + tallyWords(n) + ".")
	spared := map[*step][]*step{} // by whose token was refused
	for _, s := range in.steps {
		if s.refused != nil {
			spared[s.refused] = append(spared[s.refused], s)
		}
	}
	if slices.ContainsFunc(in.steps, (*step).needsSomeone) {
		r.out.blank()
	}
	for _, s := range in.steps {
		if !s.needsSomeone() {
			continue
		}
		r.printStep(s)
		if others := spared[s]; len(others) > 0 {
			r.out.paragraph(4, connector.Capitalize(linesOf(others))+": not tried, since the token is the same. Refused sign-ins lock an account.")
		}
	}
	r.out.blank()
	switch {
	case end.stopped:
		r.out.paragraph(0, "Interrupted: what is saved is kept. Run it again to go on with the rest.")
	case end.notKept:
		r.out.paragraph(0, "Not everything could be kept. Run it again once that is mended: what is saved is left alone.")
	case n[failed]+n[skipped] > 0:
		r.out.paragraph(0, "Mend what is named and run it again: what is saved is left alone.")
	default:
		r.out.paragraph(0, "Check them again at any time: saasconnect check --all")
	}
}

// printStep is one row that needs someone: what, why, and what to do first.
func (r *run) printStep(s *step) {
	rep := s.done.report
	title, mark := rep.Title, r.out.mark(rep.Verdict)
	switch {
	case s.needs != "":
		title, mark = "needs "+s.needs, r.out.mark(connector.Attention)
	case s.notKept != "":
		title, mark = "not saved: "+s.notKept, r.out.mark(connector.Failing)
	}
	r.out.marked(4, mark+" ", s.row.Where()+", "+s.name()+": "+title)
	if rep.Good() || s.needs != "" || s.notKept != "" {
		return
	}
	if rep.Why != "" {
		r.out.paragraph(4, rep.Why)
	}
	if len(rep.Remedies) > 0 {
		r.out.marked(6, "    - ", rep.Remedies[0].Do)
	}
}

// refusal is the report of a row that was not tried, since its token was refused already.
func (s *step) refusal() connector.Report {
	of := s.refused.done.report
	return connector.Report{
		Product: s.is.Product, Site: s.is.Site, Email: s.is.Email, At: of.At, Code: of.Code, Verdict: of.Verdict,
		Title:    "Not tried: the same token was refused for " + s.refused.row.Where(),
		Why:      of.Why + " Refused sign-ins lock an account, so this one was spared.",
		Remedies: of.Remedies,
	}
}
