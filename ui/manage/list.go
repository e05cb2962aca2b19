package manage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// listScreen is home once there are connectors: what needs attention first, each one
// click from its details, and checked on the spot, rows flipping as answers land.
type listScreen struct {
	ui.Base
	keys    listKeys
	sorted  []*connector.Entry // the session's connectors, in the list's order
	rows    []table.Row        // of these
	texts   []string           // of these, what words are looked for in
	shown   []*connector.Entry // of these, what is shown: a row of the table each
	table   table.Model
	columns []column
	gap     int    // blanks between them
	laid    layout // what the table was made for
	above   int    // lines above the table
	filter  string // words that are looked for
	finding bool
	// pointedAt is the id of the connector that had the pointer when what is shown changed last.
	pointedAt string
	// dropping: a token was pasted or typed into the words; what follows is dropped too, up to the
	// next key that is no letter.
	dropping bool
	only     listFilter
	order    listOrder
	picked   map[string]bool // the ids of what is selected
	marking  ui.Pending
	action   connector.Action // what the role is asked for
	spin     spinner.Model
	testing  map[string]bool
	total    int
	failing  int
	landed   map[connector.Verdict]int
	unread   int                // whose token could not be read
	why      string             // it could not
	waiting  int                // that Atlassian asked to wait for
	hidden   int                // how many were not shown at the last check of all
	sought   []*connector.Entry // to be checked once the encrypted file was looked at
	began    time.Time          // of the check
	outcome  string             // of the last check, or of what was done last, in words
	landing  <-chan tea.Msg
	cancel   context.CancelFunc
}

// listKeys are the keys of the list.
type listKeys struct {
	widget.KeyMap
	one, all, find, add, guide, demo, unlock               key.Binding
	pick, pickAll, entered, notEntered, order, filter, was key.Binding
	replace, edit, remove, first, last                     key.Binding
	imports, exports                                       key.Binding
	numbers                                                [filters]key.Binding
}

func newListKeys() listKeys {
	k := listKeys{
		KeyMap: widget.NewKeys(), one: widget.Bind("r", "check", "r"), all: widget.Bind("R", "check all", "R"), find: widget.Bind("/", "find", "/"),
		add: widget.Bind("a", "add", "a"), guide: widget.Bind("i", "token instructions", "i"), demo: widget.Bind("p", "practice", "p"),
		unlock: widget.Bind("u", "unlock the encrypted file", "u"),
		pick:   widget.Bind("space", "select", "space"), pickAll: widget.Bind("*", "select all shown, or none", "*", "A"),
		entered:    widget.Bind("d", "mark as entered in SaaSAssure", "d"),
		notEntered: widget.Bind("D", "mark as not entered", "D"), order: widget.Bind("s", "sort", "s"),
		filter: widget.Bind("f", "filter", "f"), was: widget.Bind("F", "previous filter", "F"),
		replace: widget.Bind("t", "replace token", "t"), edit: widget.Bind("e", "edit", "e"),
		remove:  widget.Bind("x", "remove", "x"),
		imports: widget.Bind("I", "import from a file", "I"), exports: widget.Bind("E", "export to a file", "E"),
		first: widget.Bind("g", "first row", "g", "home"), last: widget.Bind("G", "last row", "G", "end"),
	}
	for f := range filters {
		n := strconv.Itoa(int(f))
		k.numbers[f] = widget.Bind(n, "only "+f.words(), n)
	}
	k.numbers[showAll] = widget.Named(k.numbers[showAll], "all of them")
	return k
}

func newList(on ui.Base) ui.Screen {
	was := on.Session.List
	l := &listScreen{Base: on, spin: widget.NewSpinner(on.Theme), testing: map[string]bool{}, keys: newListKeys(), above: headLines,
		filter: was.Words, only: listFilter(was.Filter), order: listOrder(was.Order), picked: maps.Clone(was.Selected), outcome: was.Outcome}
	l.lay()
	l.chooseID(was.Next)
	l.chooseID(was.Id)
	return l
}

// headLines are above the table: the tally, and what is shown of it.
const headLines = 2

func (l *listScreen) waits() bool { return l.cancel != nil || l.sought != nil || l.marking.Waits() }

// Wide: the table takes all of the window.
func (l *listScreen) Wide() bool { return true }

// Busy: something is being written.
func (l *listScreen) Busy() bool { return l.marking.Waits() }

// Init goes on with what the encrypted file had to be unlocked for.
func (l *listScreen) Init() tea.Cmd {
	ids := l.Session.Recheck
	l.Session.Recheck = nil
	var entries []*connector.Entry
	for _, e := range l.sorted {
		if l.Closed.By(ui.ScreenUnlock) && slices.Contains(ids, e.ID) {
			entries = append(entries, e)
		}
	}
	deed := l.Session.List.Action
	l.Session.List.Action = ""
	if deed != "" && l.Closed.By(ui.ScreenRole) {
		return func() tea.Msg { return actionMsg{l.Request, deed} }
	}
	return l.retest(entries)
}

func (l *listScreen) Title() (string, string) { return "SaaSAssure connectors", l.Deps.Version }

func (l *listScreen) Typing() bool { return l.finding }

func (l *listScreen) Help() string {
	return "Your saved connectors, what needs attention first. A check asks Atlassian whether each one works now; it reads the stored token and changes nothing. Space selects a row and moves to the next; then r, d, D, t, e, h and x mean all that are selected, until Esc deselects them."
}

// Escape ends one thing at a time, what was begun last first.
func (l *listScreen) Escape() ui.Event {
	l.Session.Notice = "" // it was read
	switch {
	case l.finding:
		l.finding, l.filter = false, ""
		l.narrowAgain()
	case l.marking.Waits():
		l.marking.GiveUp()
	case l.sought != nil:
		l.sought = nil
	case l.cancel != nil:
		l.stop()
	case l.narrowed():
		l.filter = ""
		l.filterBy(showAll)
	case len(l.picked) > 0:
		l.picked = nil
		l.lay()
	case l.Deps.Practice != nil && l.Deps.Practice.Nested:
		return ui.Quit
	}
	return ui.None
}

func (l *listScreen) Leave() {
	was := ui.ListState{Words: l.filter, Filter: int(l.only), Order: int(l.order), Selected: l.picked, Action: l.action}
	if e := l.selected(); e != nil {
		was.Id, was.Next = e.ID, l.next()
	}
	l.Session.List = was
	if l.cancel != nil {
		l.Session.Notice = "Check stopped: " + l.summary() + "."
	}
	l.marking.End()
	l.stop()
}

func (l *listScreen) Keys() []key.Binding {
	last := l.keys.Quit
	if l.Deps.Practice != nil {
		last = widget.Named(last, "exit practice")
	}
	one, all := l.keys.one, l.keys.all
	if n := len(l.picked); n > 0 {
		one = widget.Named(one, fmt.Sprintf("check %d selected", n))
	}
	all = widget.Named(all, fmt.Sprintf("check all %d", len(l.shown)))
	if l.narrowed() {
		all = widget.Named(all, all.Help().Desc+" shown")
	}
	showAll := widget.Named(l.keys.Esc, "show all")
	switch {
	case l.finding:
		return []key.Binding{widget.Named(l.keys.Enter, "apply"), widget.Named(l.keys.Esc, "clear")}
	case l.marking.Waits():
		return l.marking.Keys(l.keys.KeyMap)
	case l.cancel != nil || l.sought != nil:
		return []key.Binding{widget.Named(l.keys.Enter, "open"), widget.Named(l.keys.Esc, "stop"), last}
	case len(l.shown) == 0:
		return []key.Binding{showAll, l.keys.find, l.keys.filter, last}
	}
	var keys []key.Binding
	if l.locked() {
		keys = append(keys, l.keys.unlock)
	}
	switch {
	case l.narrowed() && len(l.picked) == 0:
		keys = append(keys, showAll)
	case !l.narrowed():
		showAll = widget.Named(l.keys.Esc, "deselect all")
	}
	if len(l.picked) > 0 {
		return append(keys, one, widget.Named(l.keys.entered, "mark as entered"), l.keys.remove, showAll, l.keys.pick, last)
	}
	keys = append(keys, widget.Named(l.keys.Enter, "open"), one)
	if len(l.shown) > 1 {
		keys = append(keys, all)
	}
	return append(keys, l.keys.find, l.keys.filter, l.keys.add, l.keys.pick, l.keys.order, last)
}

// locked reports whether a token could not be read since the encrypted file is locked.
func (l *listScreen) locked() bool { return !l.Session.FileUnlocked && len(l.lockedOut()) > 0 }

// lockedOut are the connectors whose last check could not read their token for that.
func (l *listScreen) lockedOut() (ids []string) {
	for i := range l.Session.Entries {
		e := &l.Session.Entries[i]
		if e.KeptIn == connector.StorageFile && e.Last != nil && e.Last.Code == connector.CodeTokenLocked {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// More are the keys that only the help lists.
func (l *listScreen) More() []key.Binding {
	if l.finding {
		return nil // they are letters now
	}
	more := []key.Binding{
		widget.Named(l.keys.one, "check this one, or the selection"), widget.Named(l.keys.all, "check all that are shown"),
		widget.Named(l.keys.find, "find by words: name, account, site, product, email, status, expiry, entered or not"),
		widget.Named(l.keys.filter, "next filter (F: previous)"),
	}
	more = append(more, l.keys.numbers[:]...)
	more = append(more, widget.Named(l.keys.order, "sort by status, expiry or name"), widget.Named(l.keys.pick, "select or deselect, and move to the next row"), widget.Bind("* or A", l.keys.pickAll.Help().Desc, "*"),
		l.keys.entered, widget.Named(l.keys.notEntered, "mark as not entered there"), l.keys.HandOver, l.keys.replace, l.keys.edit, l.keys.remove, widget.Named(l.keys.add, "add a connector"),
		widget.Bind("j, k", "down, up", "j"), widget.Bind("g, G", "first row, last row (home, end)", "g"), widget.Bind("pgdn, pgup", "a page down, up", "pgdown"),
		l.keys.guide)
	if l.Deps.ImportFile != nil {
		more = append(more, l.keys.imports, l.keys.exports)
	}
	if l.Deps.OpenPractice != nil {
		more = append(more, l.keys.demo)
	}
	return more
}

func (l *listScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if !l.waits() {
			return ui.None, nil
		}
		var cmd tea.Cmd
		l.spin, cmd = l.spin.Update(msg)
		return ui.None, cmd
	case ui.RecheckedMsg:
		if msg.Request != l.Request || l.cancel == nil {
			return ui.None, nil
		}
		l.land(msg)
		return ui.None, ui.Await(l.landing)
	case ui.StoragesMsg:
		if msg.Request == l.Request && l.sought != nil {
			return l.looked(msg)
		}
	case ui.RecheckDoneMsg:
		if msg.Request == l.Request && l.cancel != nil {
			l.stop()
		}
	case markedMsg:
		if msg.Request == l.Request && l.marking.Waits() {
			l.marked(msg)
		}
	case actionMsg:
		if msg.Request == l.Request {
			return l.goOn(msg.action)
		}
	case ui.SessionMsg:
		l.layAgain()
	case tea.PasteMsg:
		if l.finding {
			l.lookFor(strings.TrimSpace(msg.Content))
			l.dropping = false // all of it came at once
		}
	case tea.KeyPressMsg:
		if l.finding {
			return l.find(msg)
		}
		return l.press(msg)
	}
	return ui.None, nil
}

func (l *listScreen) press(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	l.Session.Notice = "" // it was read
	if l.arranged(msg) {
		return ui.None, nil
	}
	if l.marking.Waits() {
		return l.moved(msg)
	}
	switch {
	case key.Matches(msg, l.keys.unlock) && l.locked():
		l.Session.Recheck = l.lockedOut()
		l.Setup.Unlocking = connector.StorageLocked
		return ui.NeedsUnlock, nil
	case key.Matches(msg, l.keys.add):
		return ui.StartAdding, nil
	case key.Matches(msg, l.keys.guide):
		return ui.ReadGuide, nil
	case key.Matches(msg, l.keys.imports, l.keys.exports) && (l.Deps.ImportFile == nil || l.Deps.ExportFile == nil):
		l.outcome = "No files are imported or exported in practice"
	case key.Matches(msg, l.keys.imports):
		return ui.ImportFile, nil
	case key.Matches(msg, l.keys.exports):
		return ui.ExportFile, nil
	case key.Matches(msg, l.keys.demo) && l.Deps.OpenPractice != nil:
		return ui.TryPractice, nil
	case key.Matches(msg, l.keys.Enter):
		if e := l.selected(); e != nil {
			l.Setup.Open(*e)
			return ui.OpenConnector, nil
		}
	case key.Matches(msg, l.keys.replace):
		return l.replace()
	case key.Matches(msg, l.keys.edit):
		return l.edit()
	case key.Matches(msg, l.keys.HandOver):
		return l.handOver(), nil
	case key.Matches(msg, l.keys.remove):
		return l.remove()
	case l.waits():
		return l.moved(msg)
	case key.Matches(msg, l.keys.one):
		l.hidden = 0
		return ui.None, l.begin(l.subjects())
	case key.Matches(msg, l.keys.all):
		return ui.None, l.retestShown()
	case key.Matches(msg, l.keys.entered):
		return l.mark(ui.ActEntered)
	case key.Matches(msg, l.keys.notEntered):
		return l.mark(ui.ActNotEntered)
	}
	return l.moved(msg)
}

// moved moves the pointer.
func (l *listScreen) moved(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	var cmd tea.Cmd
	l.table, cmd = l.table.Update(msg)
	return ui.None, cmd
}

// arranged takes the keys that change what is shown, its order, and what is selected.
func (l *listScreen) arranged(msg tea.KeyPressMsg) bool {
	for f, k := range l.keys.numbers {
		if key.Matches(msg, k) {
			l.filterBy(listFilter(f))
			return true
		}
	}
	switch {
	case key.Matches(msg, l.keys.find):
		l.finding, l.dropping, l.filter, l.outcome = true, false, "", "" // another search, not more of the last one
		l.narrowAgain()
	case key.Matches(msg, l.keys.filter):
		l.filterBy((l.only + 1) % filters)
	case key.Matches(msg, l.keys.was):
		l.filterBy((l.only + filters - 1) % filters)
	case key.Matches(msg, l.keys.order):
		l.sortNext()
	case key.Matches(msg, l.keys.pick):
		l.pick()
	case key.Matches(msg, l.keys.pickAll):
		l.pickShown()
	default:
		return false
	}
	return true
}

// selected is the chosen connector, nil where nothing is shown.
func (l *listScreen) selected() *connector.Entry {
	if at := l.table.Cursor(); at >= 0 && at < len(l.shown) {
		return l.shown[at]
	}
	return nil
}

// next is the id of the first row from the pointer on that stays where what is selected is removed, or
// the chosen row where nothing is; else of the last one before it, "" for none.
func (l *listScreen) next() (id string) {
	at := l.table.Cursor()
	for i, e := range l.shown {
		if goes := l.picked[e.ID] || len(l.picked) == 0 && i == at; goes {
			continue
		}
		id = e.ID
		if i >= at {
			break
		}
	}
	return id
}

// asked are the connectors that a check waits for.
func (l *listScreen) asked() []connector.Connector {
	var all []connector.Connector
	for _, e := range l.sorted {
		if l.testing[e.ID] {
			all = append(all, e.Connector)
		}
	}
	return all
}

func (l *listScreen) View() (string, int) {
	head := ""
	if n := l.Session.Notice; n != "" {
		head = widget.WithMark(l.Theme.Warn.Render(l.Theme.Marks.Warn), n, l.Theme.Width) + "\n\n"
	}
	state := l.state()
	l.above = strings.Count(head+state, "\n") + 1
	if l.laid != l.layout() {
		l.draw() // the window has another size, or another background
	}
	if len(l.shown) == 0 {
		return head + l.tally("") + "\n" + state + "\n" + widget.Wrap("Nothing matches. Esc shows all of them.", l.Theme.Width), -1
	}
	drawn := l.table.View()
	heads, rows, _ := strings.Cut(drawn, "\n")
	text := head + l.tally(rows) + "\n" + state + heads + "\n" + rows
	focus := l.above + 1 + l.pointerLine(rows)
	if !l.compact() {
		text += "\n"
	}
	return text + "\n" + l.chosen(), focus
}

// state is what is going on, else what came of it, what is selected and what is shown; with the
// line's end.
func (l *listScreen) state() string {
	dot, w := " "+l.Theme.Marks.Dot+" ", l.Theme.Width
	switch {
	case l.marking.Given:
		return l.Theme.Clip(ui.FinishingText(l.Theme, l.spin), w) + "\n"
	case l.marking.Waits():
		return l.Theme.Accent.Render(l.spin.View()) + " Saving " + l.Theme.Ellipsis() + "\n"
	case l.sought != nil:
		return ui.LookingText(l.Theme, l.spin) + "\n"
	case l.cancel != nil:
		words := l.Theme.Clip(l.Theme.Accent.Render(l.spin.View())+" "+l.running(), w) + "\n"
		if len(l.testing) == l.total {
			words += ui.WaitingText(l.Theme, l.Deps.Now().Sub(l.began), l.asked()...)
		}
		return words
	}
	var parts []string
	if l.finding || l.filter != "" {
		parts = append(parts, l.Theme.Accent.Render("/")+l.filter)
	}
	if l.narrowed() {
		parts = append(parts, l.Theme.Faint.Render(l.filterWords()))
	}
	if words := l.pickedWords(); words != "" {
		parts = append(parts, l.Theme.Accent.Render(words))
	}
	switch {
	case l.outcome != "":
		parts = append(parts, l.Theme.Faint.Render(l.outcome))
	case l.narrowed():
		parts = append(parts, l.Theme.Faint.Render("by "+l.order.words()))
	default:
		parts = append(parts, l.Theme.Faint.Render(connector.Plural(len(l.sorted), "connector")+", by "+l.order.words()))
	}
	return l.Theme.Clip(strings.Join(parts, l.Theme.Faint.Render(dot)), w) + "\n"
}
