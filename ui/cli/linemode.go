package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Line mode: the wizard's tasks line by line, for screen readers, serial lines, logs, and
// terminals without screen control. What is open about a task is asked of setup.Next; here are
// the menus that lead to the tasks. The rules:
//
//   - Nothing is repainted, and nothing is said while a line is being typed.
//   - No spinner, no color, no picture; marks are words ("OK:", "Problem:").
//   - Choices are numbered. Enter takes the first.
//   - What is hidden says so, and is asked for with the echo off. What looks like a token in
//     a line that was shown is dropped.
//   - The end of the input and Ctrl+C end the program: what is saved stays saved, and what is
//     not is dropped whole.

// lineMode is one run of it, with the real dependencies or with those of practice.
type lineMode struct {
	r            *run // its store, its clock and its printer
	prompt       *prompter
	saying       sync.Mutex     // for say: waiting says something by the way
	clipboard    func(string)   // hands a text to the terminal's clipboard; nil where it has none
	role         connector.Role // RoleUnknown until it is asked
	currentTitle string         // what is being done
	help         string         // what ? says about it, besides the keys
	lastChoices  string         // the choices that were said last
	entries      []connector.Entry

	storages []connector.StorageStatus // as they were found; nil: not looked at yet
	added    connector.Connector       // the last one that this run added
	copied   atomic.Int64              // of a token, to the clipboard
}

// hasLines reports whether line mode can ask here: it was wanted, or the terminal has no screen
// control, and a person sits at it.
func (r *run) hasLines() bool {
	_, ok := r.stdio.In.(Terminal)
	return ok && r.stdio.InIsTerminal && !r.flags.noInput && (r.isPlain() || r.isDumb() && r.stdio.OutIsTerminal)
}

func (r *run) isDumb() bool { return r.stdio.getenv("TERM") == "dumb" }

// runLines runs line mode with these dependencies until it ends, and returns what the run saved. Errors are
// those of the asker, and of the context.
func (r *run) runLines(ctx context.Context, w ui.Deps, start ui.Start) (summary string, err error) {
	own := *r
	own.deps = &w
	from, _ := r.stdio.In.(Terminal) // hasLines
	m := &lineMode{r: &own, role: start.Role, prompt: &prompter{from: from, to: r.stdout, width: r.stdio.Width, lines: true}}
	own.prompt = m.prompt
	if r.stdio.OutIsTerminal && !r.isDumb() {
		m.clipboard = own.sendToClipboard
	}
	m.say("Line by line: answer each question and press Enter. b goes back, q quits, ? shows help; where you enter text, use :back, :quit and :help. Ctrl+C ends the program.")
	m.banner()
	go m.tidy(ctx)
	if err = ignoreBack(m.begin(ctx, start)); err == nil {
		err = m.home(ctx)
	}
	if errors.Is(err, errLineQuit) {
		err = nil
	}
	return m.summary(), err
}

// tidy deletes what a crash may have left, in the background. What can't be deleted stays noted.
func (m *lineMode) tidy(ctx context.Context) {
	defer atlassian.Catch(func(*atlassian.PanicError) {})
	ctx, cancel := context.WithTimeout(ctx, lineTidyLimit)
	defer cancel()
	_, _ = m.service().Tidy(ctx)
}

const (
	lineTidyLimit = 30 * time.Second
	lineLoadLimit = 10 * time.Second
)

func (m *lineMode) deps() *ui.Deps { return m.r.deps }

func (m *lineMode) service() setup.Service { return m.r.deps.Service() }

func (m *lineMode) now() time.Time { return m.r.deps.Now() }

func (m *lineMode) today() connector.Date { return connector.DateOf(m.now()) }

// summary is what was saved, for the end.
func (m *lineMode) summary() string {
	c := m.added
	switch {
	case m.deps().Practice != nil:
		return ""
	case m.r.unanswered:
		return "Interrupted while saving, so the change may or may not be saved. To check: saasconnect list"
	case c.ID == "":
		return ""
	}
	return fmt.Sprintf("%s: %s on %s, stored in %s.\nCheck it any time: saasconnect check %s",
		c.Name, connector.ProductTitle(c.Product), c.Site.Origin(), connector.StorageName(c.KeptIn), c.Name)
}

// banner says that this is practice.
func (m *lineMode) banner() {
	if p := m.deps().Practice; p != nil {
		m.say("")
		m.say("PRACTICE: nothing here is real. " + connector.Capitalize(p.Title))
	}
}

// begin does the task that a command named, before the menu is shown.
func (m *lineMode) begin(ctx context.Context, start ui.Start) error {
	if start.Place == "" {
		return nil
	}
	if !m.load(ctx) {
		return nil
	}
	t := &lineTask{draft: start.Setup.Draft}
	switch start.Place {
	case ui.ScreenGuide:
		return m.replace(ctx, m.entry(ctx, start.Setup.Saved.ID))
	case ui.ScreenEdit:
		return m.edit(ctx, m.entry(ctx, start.Setup.Saved.ID))
	case ui.ScreenAdd:
		p, err := m.askProduct(ctx)
		if err != nil {
			return err
		}
		f := t.draft.Facts()
		f.Product = p
		t.draft.Set(f)
	}
	return m.add(ctx, t)
}

func (m *lineMode) askProduct(ctx context.Context) (connector.Product, error) {
	m.title("Connect", "")
	products := []connector.Product{connector.Jira, connector.Confluence}
	n, err := m.choose(ctx, connector.ProductTitle(products[0]), connector.ProductTitle(products[1]))
	return products[n], err
}

// load reads what is saved, those that need someone first, and what role is remembered. It says
// what went wrong, and reports whether nothing did.
func (m *lineMode) load(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, lineLoadLimit)
	defer cancel()
	entries, err := m.deps().Store.Load(ctx)
	settings, settingsErr := m.deps().Store.Settings(ctx)
	for _, words := range m.deps().Store.Notices() {
		m.say("Note: " + words)
	}
	m.role = cmp.Or(m.role, settings.Role)
	if err = cmp.Or(err, settingsErr); err != nil {
		m.showError(err)
		return false
	}
	today := m.today()
	slices.SortStableFunc(entries, func(a, b connector.Entry) int { return connector.CompareUrgency(a, b, today) })
	m.entries = entries
	if m.added.ID != "" {
		m.added = m.entry(ctx, m.added.ID).Connector // as it is now; none where it was removed
	}
	return true
}

// entry is a saved connector as it is now, with its reports; the zero Entry where it is gone.
func (m *lineMode) entry(ctx context.Context, id string) connector.Entry {
	for _, e := range m.entries {
		if e.ID == id {
			e.Reports = m.deps().Store.Reports(ctx, id)
			return e
		}
	}
	return connector.Entry{}
}

// lineOption is a choice, and what it leads to.
type lineOption struct {
	words string
	do    func(context.Context) error
}

// lineGoOn goes on with what is open.
func lineGoOn(context.Context) error { return nil }

// lineDone ends a task, or the menu after it.
func lineDone(context.Context) error { return errLineDone }

// lineLeave is the way out of a task.
func lineLeave() lineOption { return lineOption{"Leave without saving", lineDone} }

// menu asks for one of the options and does it.
func (m *lineMode) menu(ctx context.Context, options []lineOption) error {
	n, err := m.pick(ctx, options)
	if err != nil {
		return err
	}
	return options[n].do(ctx)
}

// pick asks for one of the options.
func (m *lineMode) pick(ctx context.Context, options []lineOption) (int, error) {
	words := make([]string, len(options))
	for i, o := range options {
		words[i] = o.words
	}
	return m.choose(ctx, words...)
}

// home is the main menu, until the person quits.
func (m *lineMode) home(ctx context.Context) error {
	for {
		m.title(strings.TrimRight("SaaSAssure connectors, "+m.deps().Version, ", "), "Nothing is sent to SaaSAssure from here; you enter a connector there in its own form.")
		if m.load(ctx) && len(m.entries) == 0 {
			m.say("No connectors yet. A connector lets SaaSAssure back up one Jira or Confluence site. You need: the Global Admin or Account Admin role in SaaSAssure, and an Atlassian account with admin permission.")
		}
		options := m.homeOptions()
		n, err := m.pick(ctx, options)
		if errors.Is(err, errLineBack) {
			m.say("This is the main menu: q quits.")
			continue
		}
		if err == nil {
			err = ignoreBack(options[n].do(ctx))
		}
		if err != nil {
			return err
		}
	}
}

func (m *lineMode) homeOptions() []lineOption {
	quit := "Quit"
	if m.deps().Practice != nil {
		quit = "Exit practice"
	}
	connect := func(p connector.Product) lineOption {
		return lineOption{"Connect " + connector.ProductTitle(p), func(ctx context.Context) error { return m.add(ctx, &lineTask{draft: setup.New(p)}) }}
	}
	var options []lineOption
	if n := len(m.entries); n > 0 {
		words := connector.Plural(n, "connector")
		if needs := m.stateWords(connector.Failing, connector.Attention, connector.Unknown); needs != "" {
			words += ": " + needs
		}
		options = append(options, lineOption{"List and open connectors (" + words + ")", m.list}, lineOption{"Check connectors", m.checkMany})
	}
	options = append(options, connect(connector.Jira), connect(connector.Confluence))
	if m.deps().OpenPractice != nil {
		options = append(options, lineOption{"Practice on a demo site", m.practice})
	}
	options = append(options, lineOption{"Read how to create the API token", func(ctx context.Context) error {
		return m.walkthrough(ctx, connector.Jira, atlassian.Site{}, 0, true)
	}})
	if m.deps().Practice == nil {
		options = append(options, lineOption{"Import connectors from a file", m.importFile})
		if len(m.entries) > 0 {
			options = append(options, lineOption{"Export connectors to a file", m.exportFile})
		}
	}
	if m.role != connector.RoleUnknown {
		options = append(options, lineOption{"Change your role (now: " + m.role.Title() + ")", m.askRole})
	}
	return append(options, lineOption{quit, func(context.Context) error { return errLineQuit }})
}

// practice runs line mode with the demo site, and comes back.
func (m *lineMode) practice(ctx context.Context) error {
	w, err := m.deps().OpenPractice("")
	if err != nil {
		m.say("Problem: Practice could not be started.")
		return nil
	}
	if w.Close != nil {
		defer w.Close()
	}
	w.Practice.Nested = true
	own := *m.r
	own.deps = &w
	inner := &lineMode{r: &own, prompt: m.prompt, clipboard: m.clipboard}
	inner.banner()
	if err := inner.home(ctx); !errors.Is(err, errLineQuit) {
		return err
	}
	m.say("")
	m.say("Practice ended.")
	return nil
}

// The list of line mode: which of the saved connectors are said, and what is done with several of them.

// lineRows is how many connectors are said at a time.
const lineRows = 20

// lineFilter narrows the list as flags narrow a command.
type lineFilter struct {
	words string
	only  filter
}

// lineFilters are those that can be chosen; the first one is all.
func lineFilters() []lineFilter {
	return []lineFilter{
		{"All", filter{}},
		{"Failing", filter{failing: true}},
		{"Needs attention", filter{attention: true}},
		{"Unknown or not checked", filter{unknown: true}},
		{"Expires in 30 days, or has expired", filter{expiring: "30d"}},
		{"Not entered in SaaSAssure", filter{notEntered: true}},
	}
}

// lineList is the list as far as it was said.
type lineList struct {
	by       lineFilter
	text     string // what is looked for; "" for anything
	shown    []connector.Entry
	numbered int // how many of them were said: these have a number
}

// filtered are the connectors that a filter has and that all words of a text are said of, in the order of
// the list.
func (m *lineMode) filtered(by lineFilter, text string) []connector.Entry {
	all, _ := by.only.apply(m.entries, m.now()) // what is wrong with flags was typed
	return slices.DeleteFunc(all, func(e connector.Entry) bool { return !connector.Matches(e.SearchText(m.today()), text) })
}

// stateWords count the connectors in these states: "1 failing, 2 need attention"; "" for none.
func (m *lineMode) stateWords(states ...connector.Verdict) string {
	n := map[connector.Verdict]int{}
	for _, e := range m.entries {
		n[e.State(m.today())]++
	}
	var parts []string
	for _, state := range states {
		words := string(state)
		switch {
		case n[state] == 0:
			continue
		case state == connector.Attention && n[state] == 1:
			words = "needs attention"
		case state == connector.Attention:
			words = "need attention"
		case state == connector.Unknown:
			words = "unknown or not checked"
		}
		parts = append(parts, fmt.Sprintf("%d %s", n[state], words))
	}
	return strings.Join(parts, ", ")
}

// list says the connectors, those that need someone first, and opens one by its number or by words that
// are said of it. f narrows the list, and d does something with all that are shown.
func (m *lineMode) list(ctx context.Context) error {
	l := &lineList{by: lineFilters()[0]}
	m.showList(l)
	for {
		text, err := m.answer(ctx, "A number, or words to find it; Enter for 1:")
		if errors.Is(err, errLineAgain) {
			continue
		}
		repeat := false
		if err == nil {
			repeat, err = m.answerList(ctx, l, text)
		}
		switch {
		case errors.Is(err, errLineBack):
			return err
		case ignoreBack(err) != nil || len(m.entries) == 0:
			return ignoreBack(err)
		case repeat || !slices.Equal(ids(l.shown, true), ids(m.filtered(l.by, l.text), true)):
			m.showList(l)
		}
	}
}

// answerList does what was answered to the list. repeat: the list is to be said again.
func (m *lineMode) answerList(ctx context.Context, l *lineList, text string) (repeat bool, err error) {
	if n := lineNumber(text, l.numbered); n > 0 {
		return false, ignoreBack(m.connectorMenu(ctx, l.shown[n-1].ID))
	}
	switch {
	case text == "m" && l.numbered < len(l.shown):
		m.showMore(l)
		return false, nil
	case text == "f":
		repeat, err = m.chooseFilter(ctx, l)
	case text == "d":
		err = m.doWith(ctx, l.shown)
		repeat = !slices.Equal(ids(l.shown, false), ids(m.filtered(l.by, l.text), false)) // else the numbers hold
	default:
		repeat, err = m.find(ctx, l, text)
	}
	return repeat, ignoreBack(err)
}

// ids are those of entries, in their order or sorted.
func ids(entries []connector.Entry, sorted bool) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.ID
	}
	if sorted {
		slices.Sort(all)
	}
	return all
}

// showList says how the connectors are, and the first of those that are shown.
func (m *lineMode) showList(l *lineList) {
	m.title("Connectors", "Connectors with problems come first. Type words to search names, products, sites, accounts, emails and status; all words must match. f filters: failing, needs attention, unknown, expires in 30 days, not entered. m lists more. d checks, marks or removes all connectors shown, including those not listed yet.")
	if l.shown = m.filtered(l.by, l.text); len(l.shown) == 0 { // it was about what changed
		l.by, l.text = lineFilters()[0], ""
		l.shown = m.filtered(l.by, l.text)
	}
	if len(m.entries) > 1 {
		m.say(connector.Plural(len(m.entries), "connector") + ": " + m.stateWords(connector.Failing, connector.Attention, connector.Unknown, connector.Working) + ".")
	}
	count, matching := fmt.Sprintf("%d of %d", len(l.shown), len(m.entries)), ""
	if l.text != "" {
		matching = ", matching " + quoted(l.text)
	}
	switch {
	case l.by.only.given():
		m.say(l.by.words + ": " + count + matching + ".")
	case l.text != "":
		m.say("Shown: " + count + matching + ".")
	}
	l.numbered = 0
	m.showMore(l)
	if len(m.entries) > 1 {
		m.say("f filters them, d checks, marks or removes all that are shown.")
	}
}

// showMore says the next ones.
func (m *lineMode) showMore(l *lineList) {
	for _, e := range l.shown[l.numbered:min(l.numbered+lineRows, len(l.shown))] {
		l.numbered++
		m.r.out.marked(3, fmt.Sprintf("%d. ", l.numbered), strings.Map(linePrintable, m.row(e)))
	}
	if more := len(l.shown) - l.numbered; more > 0 {
		m.say(fmt.Sprintf("%d more: m lists them.", more))
	}
}

// chooseFilter asks which connectors are shown. Those that have none are not offered.
func (m *lineMode) chooseFilter(ctx context.Context, l *lineList) (repeat bool, err error) {
	m.title("Filter", "A filter clears the search; words then search what it shows.")
	var filters []lineFilter
	var words []string
	for _, f := range lineFilters() {
		if n := len(m.filtered(f, "")); n > 0 {
			filters, words = append(filters, f), append(words, fmt.Sprintf("%s (%d)", f.words, n))
		}
	}
	n, err := m.choose(ctx, words...)
	if err != nil {
		return false, ignoreBack(err)
	}
	l.by, l.text = filters[n], ""
	return true, nil
}

// find opens the one connector that words are said of, or whose name they are, and shows several.
func (m *lineMode) find(ctx context.Context, l *lineList, text string) (repeat bool, err error) {
	for _, e := range m.entries {
		if strings.EqualFold(e.Name, text) {
			return false, m.connectorMenu(ctx, e.ID)
		}
	}
	switch found := m.filtered(l.by, text); {
	case len(found) == 0 && len(m.filtered(lineFilters()[0], text)) > 0:
		m.say("None of the connectors shown matches " + quoted(text) + ". f shows all again.")
	case len(found) == 0:
		m.say("No connector matches " + quoted(text) + ".")
	case len(found) == 1:
		return false, m.connectorMenu(ctx, found[0].ID)
	default:
		l.text = text
		return true, nil
	}
	return false, nil
}

// row is a connector in one sentence.
func (m *lineMode) row(e connector.Entry) string {
	facts := []string{connector.ProductTitle(e.Product), e.Site.Name()}
	if e.Account != "" {
		facts = append(facts, e.Account)
	}
	last := connector.NotChecked
	if o := e.Last; o != nil {
		last = string(o.Verdict) + " " + connector.Ago(m.now().Sub(o.At))
	}
	if ends := e.ExpirySentence(m.today()); ends != "" {
		last += "; token " + ends
	}
	return e.Name + ": " + strings.Join(facts, ", ") + "; " + last
}

// doWith does something with several connectors at once. One alone is opened.
func (m *lineMode) doWith(ctx context.Context, shown []connector.Entry) error {
	var entries []connector.Entry // as they are now
	for _, e := range shown {
		if now := m.entry(ctx, e.ID); now.ID != "" {
			entries = append(entries, now)
		}
	}
	if len(entries) == 1 {
		return m.connectorMenu(ctx, entries[0].ID)
	}
	m.title("With these "+connector.Plural(len(entries), "connector"), "Applies to all connectors shown. b goes back to the list.")
	m.say(connector.AndMore(names(entries), mostNames) + ".")
	lack := func(entered bool) []connector.Entry {
		return slices.DeleteFunc(slices.Clone(entries), func(e connector.Entry) bool { return e.IsMarked(entered) })
	}
	options := []lineOption{{"Check them", func(ctx context.Context) error { return m.checkThese(ctx, entries) }}}
	if not := lack(true); len(not) > 0 {
		options = append(options, lineOption{fmt.Sprintf("Mark as entered in SaaSAssure (%d)", len(not)), func(ctx context.Context) error { return m.mark(ctx, true, not...) }})
	}
	if are := lack(false); len(are) > 0 {
		options = append(options, lineOption{fmt.Sprintf("Mark as not entered in SaaSAssure (%d)", len(are)), func(ctx context.Context) error { return m.mark(ctx, false, are...) }})
	}
	options = append(options, lineOption{"Remove them from this computer", func(ctx context.Context) error { return m.remove(ctx, entries...) }})
	err := m.menu(ctx, options)
	m.load(ctx)
	return err
}

// checkMany checks all, or those that a filter has.
func (m *lineMode) checkMany(ctx context.Context) error {
	m.title("Check connectors", "To check a single connector, open it from the list.")
	var options []lineOption
	for _, f := range lineFilters() {
		entries := m.filtered(f, "")
		words := fmt.Sprintf("%s (%d)", f.words, len(entries))
		switch {
		case !f.only.given():
			words = "All of them"
		case len(entries) == 0 || len(entries) == len(m.entries) || f.only.notEntered: // which no check tells
			continue
		}
		options = append(options, lineOption{words, func(ctx context.Context) error { return m.checkThese(ctx, entries) }})
	}
	return m.menu(ctx, options)
}

// checkThese checks saved connectors again, and says each result as it lands.
func (m *lineMode) checkThese(ctx context.Context, entries []connector.Entry) error {
	if err := m.unlockFor(ctx, entries); err != nil {
		return err
	}
	m.say("Checking " + connector.Plural(len(entries), "connector") + ".")
	var all checks
	err := m.service().CheckSaved(ctx, entries, setup.CheckOptions{Parallel: defaultParallel}, func(i int, done setup.Recheck) {
		name, report := entries[i].Name, done.Report
		if done.Gone {
			m.say(name + " was removed in the meantime.")
			return
		}
		all.summaries = append(all.summaries, checked{of: entries[i].Connector, report: report}.summary())
		m.say(name + ": " + string(report.Verdict) + ". " + report.Title + ".")
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	m.say(sumWords(all) + ".")
	if err != nil {
		m.say("Note: the results could not be stored. " + connector.Explain(err).Title + ".")
	}
	return nil
}

// mark marks connectors as entered in SaaSAssure today, or takes that back, as the command does.
func (m *lineMode) mark(ctx context.Context, entered bool, entries ...connector.Entry) error {
	if may, err := m.allowed(ctx, entries[0], "enter "+theConnectors(entries)); !may {
		return err
	}
	_, err := m.runCommand(ctx, func(r *run) error { return r.markEntries(ctx, entries, markFlags{not: !entered, role: string(m.role)}) })
	return err
}

// remove removes connectors and their tokens here, as the command does.
func (m *lineMode) remove(ctx context.Context, entries ...connector.Entry) error {
	if may, err := m.allowed(ctx, entries[0], "remove "+theConnectors(entries)); !may {
		return err
	}
	f, what := removeFlags{role: string(m.role)}, entries[0].Name
	do := func(r *run) error { return r.removeOne(ctx, entries[0], f) }
	if len(entries) > 1 {
		what = connector.Plural(len(entries), "connector")
		do = func(r *run) error { return r.removeEntries(ctx, entries, f) }
	}
	m.title("Remove "+what, "")
	_, err := m.runCommand(ctx, do)
	return ignoreBack(err)
}

// Files in line mode: the commands import and export as they are, which ask and answer its way.

// importFile asks for a file, says what importing it would do, and does it if that is wanted.
func (m *lineMode) importFile(ctx context.Context) error {
	if may, err := m.allowed(ctx, connector.Entry{Connector: connector.Connector{Product: connector.Jira}}, "import connectors from a file"); !may {
		return err
	}
	m.title("Import connectors from a file", "Columns: product, site and email are required; name, account and expires are optional; token_env, token_command or token_file says where to read the token. A file never contains tokens. Nothing is sent or saved until you confirm.")
	m.say("The same as saasconnect import: the whole file is checked first, and you see what would be done before anything is sent or saved.")
	return m.withFile(ctx, "File name (customers.csv or customers.json):", func(r *run, path string) error {
		return r.importAsked(ctx, path, m.role)
	})
}

// exportFile asks for a file, and writes all connectors to it.
func (m *lineMode) exportFile(ctx context.Context) error {
	m.title("Export connectors to a file", "The file contains no tokens, only the variable, command or file that a token is read from. Import reads the file, here or on another computer.")
	m.say("The same as saasconnect export: all connectors, without tokens. A name ending in .json creates a JSON file, any other a CSV file.")
	return m.withFile(ctx, "File name (connectors.csv or connectors.json):", func(r *run, path string) error {
		return r.exportAsked(ctx, path)
	})
}

// withFile asks for a file's name until a command did with it what it is for, or the person goes back.
func (m *lineMode) withFile(ctx context.Context, question string, do func(r *run, path string) error) error {
	for {
		path, err := m.line(ctx, question)
		if err == nil {
			err = m.generalCommand(path)
		}
		switch {
		case errors.Is(err, errLineAgain):
			continue
		case err != nil:
			return err
		case path == "" || path == "-":
			m.say("Problem: Enter a file name.")
			continue
		case strings.HasPrefix(path, ":"):
			_ = m.noCommand(path) // it is asked again
			continue
		}
		done, err := m.runCommand(ctx, func(r *run) error { return do(r, r.named(path)) })
		if err != nil || done {
			return err
		}
	}
}

// runCommand does something as a command does it, says how it ended, and reports whether it ran to its
// end. The error is what leads back, or out of line mode.
func (m *lineMode) runCommand(ctx context.Context, do func(*run) error) (done bool, err error) {
	r := m.asCommand()
	err = do(r)
	m.storages = nil // one may have been opened
	m.r.unanswered = m.r.unanswered || r.unanswered
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case errors.Is(err, errLineBack), errors.Is(err, errLineQuit), errors.Is(err, errNoMoreInput):
		return false, err
	}
	return r.showEnd(ctx, err), nil
}

// asCommand is a run of a command as line mode does it, with the dependencies that it has: all of it goes to one
// output, questions are numbered, marks are words, and nothing is written over.
func (m *lineMode) asCommand() *run {
	own, page := *m.r, *m.r.out
	page.color, page.words = false, true
	own.inLineMode, own.flags.plain = true, true
	own.out, own.err = &page, &page
	own.stdio.Err, own.stdio.ErrIsTerminal = own.stdout, true
	return &own
}
