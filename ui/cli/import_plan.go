package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui/cli/roster"
)

// What is to be done with each row of a file: which saved connector it is about, and what
// it changes there. Nothing here reads or asks.

// importRow is one row and what is to be done with it, and then what came of it.
type importRow struct {
	row     roster.Row
	old     *connector.Entry // the saved connector, nil where it is to be added
	draft   setup.Draft
	facts   []string     // of a saved one: those that change
	check   bool         // also where nothing changes
	source  *tokenSource // where its token comes from; nil for the one that is stored
	storage string       // what is wrong with the one that its token is in; "" for nothing

	is      connector.Connector // as it is to be, and once it is saved as it is
	did     action
	needs   string  // what is open about it that the file and the flags don't answer
	done    checked // zero where it was not checked
	checked bool
	refused *importRow // not tried: this one's token, the same, was refused
	notKept string     // why it is not saved although it was checked
}

// action is what came of a row.
type action string

const (
	added     action = "added"
	updated   action = "updated"
	unchanged action = "unchanged"
	failed    action = "failed"
	skipped   action = "skipped" // not tried
)

// name is what a row is called, also before it is saved.
func (s *importRow) name() string {
	if s.is.Name != "" {
		return s.is.Name
	}
	return connector.DefaultName(s.is)
}

// planned is what would come of it if all is well.
func (s *importRow) planned() action {
	switch {
	case s.old == nil:
		return added
	case len(s.facts) > 0:
		return updated
	}
	return unchanged
}

// idle: there is nothing to do.
func (s *importRow) idle() bool { return s.planned() == unchanged && !s.check }

// saved: it is stored as the row has it.
func (s *importRow) saved() bool { return s.did == added || s.did == updated || s.did == unchanged }

// tried: there is a report of it, be it that of the row whose token is the same.
func (s *importRow) tried() bool { return s.did != skipped || s.refused != nil }

// productSite is what tells connectors apart where their names do not.
type productSite struct {
	product connector.Product
	site    atlassian.Site
}

// planner finds the saved connector of each row.
type planner struct {
	known         setup.Known
	recheck       bool
	byName        map[string]int
	byProductSite map[productSite][]int
	assigned      map[int]roster.Row
	problems      []roster.Problem
}

func newPlanner(known setup.Known, recheck bool) *planner {
	p := &planner{known: known, recheck: recheck, byName: map[string]int{}, byProductSite: map[productSite][]int{}, assigned: map[int]roster.Row{}}
	for i, e := range known.Entries {
		p.byName[strings.ToLower(e.Name)] = i
		at := productSite{e.Product, e.Site}
		p.byProductSite[at] = append(p.byProductSite[at], i)
	}
	return p
}

// plan makes an importRow of each row. Names are looked at first: what a row names can't be
// another row's.
func (p *planner) plan(rows []roster.Row) []*importRow {
	olds := make([]int, len(rows))
	for i, row := range rows {
		olds[i] = -1
		if at, there := p.byName[strings.ToLower(row.Name)]; there && row.Name != "" {
			if words := p.otherOne(row, p.known.Entries[at]); words != "" {
				p.addProblem(row, "name", words)
				continue
			}
			olds[i] = at
			p.assigned[at] = row
		}
	}
	planned := make([]*importRow, len(rows))
	for i, row := range rows {
		if olds[i] < 0 {
			olds[i] = p.findByAccount(row)
		}
		planned[i] = p.rowFor(row, olds[i])
	}
	return planned
}

func (p *planner) addProblem(row roster.Row, field, words string) {
	p.problems = append(p.problems, roster.Problem{Line: row.Line, Index: row.Index, Field: field, Words: words})
}

// otherOne says why the saved connector of a row's name is not the row's: it is for another
// product, or neither its site nor its named account are the row's. A file must not make a
// connector into another customer's by a name that happens to be the same.
func (p *planner) otherOne(row roster.Row, e connector.Entry) string {
	sameAccount := row.Account != "" && connector.SameAccount(row.Account, e.Account)
	if e.Product == row.Product && (e.Site == row.Site || sameAccount) {
		return ""
	}
	words := fmt.Sprintf("%s is the name of another connector: %s on %s", e.Name, connector.ProductTitle(e.Product), e.Site.Host())
	if e.Account != "" {
		words += " for " + e.Account
	}
	return words + ". Use another name, or leave it out."
}

// findByAccount finds the saved connector of a row's product, site and account, -1 for none.
// A row that names no account means any; a saved one without an account can be given one.
func (p *planner) findByAccount(row roster.Row) int {
	var exact, loose []int
	for _, i := range p.byProductSite[productSite{row.Product, row.Site}] {
		if _, taken := p.assigned[i]; taken {
			continue
		}
		switch e := p.known.Entries[i]; {
		case connector.SameAccount(e.Account, row.Account):
			exact = append(exact, i)
		case row.Account == "" || e.Account == "":
			loose = append(loose, i)
		}
	}
	found := exact
	if len(found) == 0 {
		found = loose
	}
	if len(found) > 1 {
		found = p.sameEmail(row, found)
	}
	switch len(found) {
	case 0:
		return -1
	case 1:
		p.assigned[found[0]] = row
		return found[0]
	}
	p.addProblem(row, "name", fmt.Sprintf("There are %d saved connectors for this product, site and account. Enter the name of the one you mean.", len(found)))
	return -1
}

func (p *planner) sameEmail(row roster.Row, of []int) []int {
	var same []int
	for _, i := range of {
		if strings.EqualFold(p.known.Entries[i].Email, row.Email) {
			same = append(same, i)
		}
	}
	if len(same) == 1 {
		return same
	}
	return of
}

// rowFor is what a row means for the saved connector at an index of the list, -1 for none.
func (p *planner) rowFor(row roster.Row, at int) *importRow {
	s := &importRow{row: row}
	if at < 0 {
		s.draft, s.check = setup.New(row.Product), true
		s.draft.Set(row.Facts())
	} else {
		old := p.known.Entries[at]
		s.old, s.draft = &old, setup.For(setup.Edit, old)
		s.draft.Set(s.changed(s.draft.Facts()))
		s.check = p.recheck || s.draft.Readdresses() || old.Last == nil || !old.Last.Verdict.Good()
	}
	s.show(connector.Stamp{At: p.known.Now})
	return s
}

// changed are a saved connector's facts with those that the row changes, which it notes. An empty
// cell changes nothing.
func (s *importRow) changed(f setup.Facts) setup.Facts {
	row, old := s.row, s.old
	change := func(fact string, differs bool, is *string, becomes string) {
		if differs {
			s.facts = append(s.facts, fact)
			*is = becomes
		}
	}
	change("name", row.Name != "" && !strings.EqualFold(row.Name, old.Name), &f.Name, row.Name)
	change("site", row.Site != old.Site, &f.Site, row.Site.Host())
	change("email", !strings.EqualFold(row.Email, old.Email), &f.Email, row.Email)
	change("account", row.Account != "" && row.Account != strings.TrimSpace(old.Account), &f.Account, row.Account)
	change("expires", row.NoExpiry && !old.Expires.IsZero() || !row.Expires.IsZero() && row.Expires != old.Expires, &f.Expiry, row.Expires.String())
	return f
}

// show notes the connector as it is to be, by whom.
func (s *importRow) show(by connector.Stamp) {
	if s.draft.Changes() {
		s.is = s.draft.Connector(by)
	} else {
		s.is = s.draft.Saved().Connector
	}
}

// setToken puts the token into the Draft that was read from the row's source. Where it replaces the
// one that is stored, the expiry date there was the old one's.
func (s *importRow) setToken(given token, replaces bool, by connector.Stamp) {
	if replaces {
		f := s.draft.Facts()
		if s.old.KeptIn != connector.StorageReference { // which most often only moves
			f.Expiry = s.row.Expires.String()
		}
		kind, tested := s.draft.Storage()
		s.draft = setup.For(setup.Replace, *s.old)
		s.draft.Set(f)
		s.draft.SetStorage(kind, tested)
	}
	if given.source != nil {
		s.draft.SetReference(given.source, given.token, given.receipt, by.At)
	} else {
		s.draft.SetToken(given.token, given.receipt, by.At)
	}
	s.show(by)
}

// knownIn tells that a saved connector has a text in a field.
func knownIn(entries []connector.Entry) func(field, text string) bool {
	known := map[[2]string]bool{}
	for _, e := range entries {
		known[[2]string{"name", e.Name}] = true
		known[[2]string{"account", strings.TrimSpace(e.Account)}] = true
		known[[2]string{"expires", e.Expires.String()}] = true
	}
	return func(field, text string) bool { return text != "" && known[[2]string{field, text}] }
}

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

// invalidFile is a file that can't be imported as it is, and what is wrong with the flags.
func invalidFile(file string, rows []roster.Problem, flags []problem) *failure {
	f := input(flags)
	f.hint = "see saasconnect import --help"
	if len(rows) == 0 {
		return f
	}
	for _, p := range flags {
		f.fileProblems = append(f.fileProblems, fileProblem{p.Field, lineProblem{Field: p.Field, Message: p.Message}})
	}
	for _, p := range rows {
		f.fileProblems = append(f.fileProblems, fileProblem{p.Where(), lineProblem{p.Line, p.Column, p.Index, p.Field, p.Words}})
	}
	all := len(f.fileProblems)
	f.message = connector.Plural(all, "problem")
	if all >= roster.MaxProblems {
		f.message += " and more"
	}
	f.message += " in " + cleaned(file) + ": nothing was asked, sent or saved"
	if all > mostProblems {
		f.fileProblems = f.fileProblems[:mostProblems]
		f.message += fmt.Sprintf("; the first %d are", mostProblems)
	}
	return f
}

// fileProblem is a problem and where it is, for people.
type fileProblem struct {
	where string
	lineProblem
}

func (f *failure) lineProblems() []lineProblem {
	all := make([]lineProblem, len(f.fileProblems))
	for i, p := range f.fileProblems {
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
	// Saved: it is saved as the row has it.
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

func (s *importRow) asPlan(did action) plannedResult {
	c := s.is
	return plannedResult{s.row.Line, s.row.Index, did, notNull(s.facts), false, s.name(), c.Product, c.Site.Origin(), c.Email, c.Account, s.tokenWords(), s.needs}
}

// tokenWords say where a row's token comes from.
func (s *importRow) tokenWords() string {
	switch {
	case !s.check:
		return "not needed"
	case s.source == nil:
		return "as stored"
	case s.source.from != nil:
		return cleanedText(strings.TrimPrefix(s.source.from.Words(), ": "))
	case s.source.email == "":
		return "standard input"
	}
	return "prompted for"
}

// tallied counts what came of the rows. One that was not reached is skipped.
func (in *importRun) tallied() map[action]int {
	n := map[action]int{added: 0, updated: 0, unchanged: 0, failed: 0, skipped: 0}
	for _, s := range in.rows {
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
				words = "not checked"
			case failed: // failing or not found out: each says which below
				words = "not saved"
			}
			parts = append(parts, strconv.Itoa(n[a])+" "+words)
		}
	}
	return strings.Join(parts, ", ")
}

// planWords is "Would add 12, update 1 and leave 2 unchanged."
func planWords(n map[action]int) string {
	var parts []string
	if n[added] > 0 {
		parts = append(parts, fmt.Sprintf("add %d", n[added]))
	}
	if n[updated] > 0 {
		parts = append(parts, fmt.Sprintf("update %d", n[updated]))
	}
	if n[unchanged] > 0 {
		parts = append(parts, fmt.Sprintf("leave %d unchanged", n[unchanged]))
	}
	return "Would " + connector.And(parts) + "."
}

// showPlan says what would be done.
func (r *run) showPlan(in *importRun) error {
	n := map[action]int{added: 0, updated: 0, unchanged: 0}
	var plans []plannedResult
	for _, s := range in.rows {
		n[s.planned()]++
		plans = append(plans, s.asPlan(s.planned()))
	}
	switch {
	case in.jsonl:
		for _, p := range plans {
			_ = writeJSONLine(r.stdout, p)
		}
		return nil
	case in.json:
		r.printJSON(struct {
			Version int             `json:"version"`
			DryRun  bool            `json:"dry_run"`
			Summary map[action]int  `json:"summary"`
			Results []plannedResult `json:"results"`
		}{1, true, n, plans})
		return nil
	}
	words := cleaned(in.file) + " is valid. " + planWords(n) + " Nothing was sent or saved."
	if r.stdio.OutIsTerminal {
		r.out.paragraph(0, words)
	} else {
		r.out.line(words)
	}
	r.out.blank()
	rows := [][]string{{"ROW", "WOULD BE", "NAME", "PRODUCT", "SITE", "ACCOUNT", "TOKEN", "CHANGES"}}
	for _, s := range in.rows {
		rows = append(rows, []string{s.row.Where(), string(s.planned()), s.name(), connector.ProductTitle(s.is.Product), s.is.Site.Host(),
			cleanedText(s.is.Account), s.tokenWords(), strings.Join(s.facts, ", ")})
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
		g, fits = r.out.cutTo(selectColumns(rows, columns), width, n < 3)
	}
	r.out.table(g)
	if g.width() < full.width() {
		r.out.blank()
		r.out.paragraph(0, "The terminal is too narrow for the whole table. To see all of it, pipe the output: saasconnect import FILE --dry-run | cat")
	}
}

// cleanedText is a text of the file's that is no name or address, without what would act on a
// terminal.
func cleanedText(text string) string { return atlassian.Clean(text, 200) }

// asJSON is a row that was looked at.
func (s *importRow) asJSON(now time.Time) any {
	if !s.tried() {
		return s.asPlan(skipped)
	}
	one := s.done.asJSON(now)
	if one.Name == "" {
		one.Name = s.name() // what it would have been called
	}
	return importResult{s.row.Line, s.row.Index, s.did, notNull(s.facts), s.saved(), s.notKept, s.needs, one}
}

// showImport says how it ended.
func (r *run) showImport(in *importRun, end ending) error {
	n := in.tallied()
	var verdicts []connector.Verdict
	needs := false
	for _, s := range in.rows {
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
		}{1, n, make([]any, 0, len(in.rows)), end.stopped}
		for _, s := range in.rows {
			out.Results = append(out.Results, s.asJSON(r.deps.Now()))
		}
		r.printJSON(out)
	case in.jsonl:
		for _, s := range in.rows {
			if !s.tried() {
				_ = writeJSONLine(r.stdout, s.asPlan(skipped))
			}
		}
	default:
		r.printImport(in, end, n)
	}
	exit := exitFor(verdicts, false, end.notKept, end.stopped)
	if needs && (exit == exitOK || exit == exitUnknown) {
		exit = exitWouldAsk
	}
	return exitWith(exit)
}

// needsSomeone: something is to be done about it. Rows whose token was rejected for another row are
// printed there.
func (s *importRow) needsSomeone() bool {
	if s.needs != "" || s.notKept != "" {
		return true
	}
	return s.did != skipped && s.done.report.Verdict != connector.Working
}

// printImport is the sum, and each row that needs someone.
func (r *run) printImport(in *importRun, end ending, n map[action]int) {
	r.out.line(cleaned(in.file) + ": " + tallyWords(n) + ".")
	spared := map[*importRow][]*importRow{} // by whose token was refused
	for _, s := range in.rows {
		if s.refused != nil {
			spared[s.refused] = append(spared[s.refused], s)
		}
	}
	if slices.ContainsFunc(in.rows, (*importRow).needsSomeone) {
		r.out.blank()
	}
	for _, s := range in.rows {
		if !s.needsSomeone() {
			continue
		}
		r.printRow(s)
		if others := spared[s]; len(others) > 0 {
			r.out.paragraph(4, connector.Capitalize(linesOf(others))+": not checked, since the token is the same. Repeated failed sign-ins can lock an account.")
		}
	}
	r.out.blank()
	switch {
	case end.stopped:
		r.out.paragraph(0, "Interrupted. What is saved stays saved; run it again to continue.")
	case end.notKept:
		r.out.paragraph(0, "Some connectors could not be saved. Fix the cause and run it again; what is saved is left alone.")
	case n[failed]+n[skipped] > 0:
		r.out.paragraph(0, "Fix the errors above and run it again; what is saved is left alone.")
	default:
		r.out.paragraph(0, "Check them any time: saasconnect check --all")
	}
}

// printRow is one row that needs someone: what, why, and what to do first.
func (r *run) printRow(s *importRow) {
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
	if step := rep.FirstStep(); step != "" {
		r.out.marked(6, "    - ", step)
	}
}

// refusal is the report of a row that was not tried, since its token was refused already.
func (s *importRow) refusal() connector.Report {
	of := s.refused.done.report
	return connector.Report{
		Product: s.is.Product, Site: s.is.Site, Email: s.is.Email, At: of.At, Code: of.Code, Verdict: of.Verdict,
		Title:    "Not checked: the same token was rejected for " + s.refused.row.Where(),
		Why:      of.Why + " Repeated failed sign-ins can lock an account, so this row was skipped.",
		Remedies: of.Remedies, TokenKind: of.TokenKind,
	}
}
