package ui

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
)

// listScreen is home once there are connectors: what needs attention first, each one
// click from its details, and checked on the spot, rows flipping as answers land.
type listScreen struct {
	stage
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
	// dropping: a token was pasted or typed into the words; what follows is dropped too, up to the
	// next key that is no letter.
	dropping bool
	only     listFilter
	order    listOrder
	picked   map[string]bool // the ids of what is selected
	marking  pending
	deed     connector.Action // what the role is asked for
	spin     spinner.Model
	testing  map[string]bool
	total    int
	failing  int
	landed   map[connector.Verdict]int
	unread   int                // whose token could not be read
	why      string             // it could not
	hidden   int                // how many were not shown at the last check of all
	sought   []*connector.Entry // to be checked once the encrypted file was looked at
	began    time.Time          // of the check
	outcome  string             // of the last check, or of what was done last, in words
	landing  <-chan tea.Msg
	cancel   context.CancelFunc
}

// listKeys are the keys of the list.
type listKeys struct {
	keyMap
	one, all, find, add, guide, practise, unlock           key.Binding
	pick, pickAll, entered, notEntered, order, filter, was key.Binding
	replace, edit, handover, remove, first, last           key.Binding
	imports, exports                                       key.Binding
	numbers                                                [filters]key.Binding
}

func newListKeys() listKeys {
	k := listKeys{
		keyMap: newKeys(), one: bind("r", "check", "r"), all: bind("R", "check all", "R"), find: bind("/", "find", "/"),
		add: bind("a", "add", "a"), guide: bind("i", "token instructions", "i"), practise: bind("p", "practice", "p"),
		unlock: bind("u", "unlock the encrypted file", "u"),
		pick:   bind("space", "select", "space"), pickAll: bind("*", "select all shown, or none", "*", "A"),
		entered:    bind("d", "mark as entered in SaaSAssure", "d"),
		notEntered: bind("D", "mark as not entered", "D"), order: bind("s", "sort", "s"),
		filter: bind("f", "filter", "f"), was: bind("F", "filter before", "F"),
		replace: bind("t", "replace token", "t"), edit: bind("e", "edit", "e"),
		handover: bind("h", "enter it in SaaSAssure", "h"), remove: bind("x", "remove", "x"),
		imports: bind("I", "import from a file", "I"), exports: bind("E", "export to a file", "E"),
		first: bind("g", "first row", "g", "home"), last: bind("G", "last row", "G", "end"),
	}
	for f := range filters {
		n := strconv.Itoa(int(f))
		k.numbers[f] = bind(n, "only "+f.words(), n)
	}
	k.numbers[showAll] = named(k.numbers[showAll], "all of them")
	return k
}

func newList(on stage) screen {
	was := on.session.listed
	l := &listScreen{stage: on, spin: newSpinner(on.look), testing: map[string]bool{}, keys: newListKeys(), above: headLines,
		filter: was.words, only: listFilter(was.filter), order: listOrder(was.order), picked: maps.Clone(was.selected), outcome: was.outcome}
	l.lay()
	l.chooseID(was.id)
	return l
}

// headLines are above the table: the tally, and what is shown of it.
const headLines = 2

func (l *listScreen) waits() bool { return l.cancel != nil || l.sought != nil || l.marking.waits() }

// Wide: the table takes all of the window.
func (l *listScreen) Wide() bool { return true }

// Busy: something is being written.
func (l *listScreen) Busy() bool { return l.marking.waits() }

// Init goes on with what the encrypted file had to be unlocked for.
func (l *listScreen) Init() tea.Cmd {
	ids := l.session.resume
	l.session.resume = nil
	var entries []*connector.Entry
	for _, e := range l.sorted {
		if l.left.by(Unlock) && slices.Contains(ids, e.ID) {
			entries = append(entries, e)
		}
	}
	deed := l.session.listed.deed
	l.session.listed.deed = ""
	if deed != "" && l.left.by(Role) {
		return func() tea.Msg { return deedMsg{l.ticket, deed} }
	}
	return l.retest(entries)
}

func (l *listScreen) Title() (string, string) { return "SaaSAssure connectors", l.world.Version }

func (l *listScreen) Typing() bool { return l.finding }

func (l *listScreen) Help() string {
	return "Your saved connectors, what needs attention first. A check asks Atlassian again whether each still works; it reads the token from its safe and changes nothing. Several can be selected: then r, d, D, t, e, h and x mean all of these."
}

// Escape ends one thing at a time, what was begun last first.
func (l *listScreen) Escape() event {
	switch {
	case l.finding:
		l.finding, l.filter = false, ""
		l.narrow()
	case l.marking.waits():
		l.marking.giveUp()
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
	case l.world.Practice != nil && l.world.Practice.Nested:
		return quit
	}
	return still
}

func (l *listScreen) Leave() {
	was := listState{words: l.filter, filter: int(l.only), order: int(l.order), selected: l.picked, deed: l.deed}
	if e := l.selected(); e != nil {
		was.id = e.ID
	}
	l.session.listed = was
	if l.cancel != nil {
		l.session.notice = "The check was stopped: " + l.summary() + "."
	}
	l.marking.end()
	l.stop()
}

func (l *listScreen) Keys() []key.Binding {
	last := l.keys.quit
	if l.world.Practice != nil {
		last = named(last, "end the practice")
	}
	one, all := l.keys.one, l.keys.all
	if n := len(l.picked); n > 0 {
		one = named(one, fmt.Sprintf("check %d selected", n))
	}
	all = named(all, fmt.Sprintf("check all %d", len(l.shown)))
	if l.narrowed() {
		all = named(all, all.Help().Desc+" shown")
	}
	showAll := named(l.keys.esc, "show all")
	switch {
	case l.finding:
		return []key.Binding{named(l.keys.enter, "keep"), showAll}
	case l.marking.waits():
		return l.marking.keys(l.keys.keyMap)
	case l.cancel != nil || l.sought != nil:
		return []key.Binding{named(l.keys.enter, "open"), named(l.keys.esc, "stop"), last}
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
		showAll = named(l.keys.esc, "select none")
	}
	if len(l.picked) > 0 {
		return append(keys, one, named(l.keys.entered, "mark as entered"), l.keys.remove, showAll, l.keys.pick, last)
	}
	keys = append(keys, named(l.keys.enter, "open"), one)
	if len(l.shown) > 1 {
		keys = append(keys, all)
	}
	return append(keys, l.keys.find, l.keys.filter, l.keys.add, l.keys.pick, l.keys.order, last)
}

// locked reports whether a token could not be read since the encrypted file is locked.
func (l *listScreen) locked() bool { return !l.session.opened && len(l.lockedOut()) > 0 }

// lockedOut are the connectors whose last check could not read their token for that.
func (l *listScreen) lockedOut() (ids []string) {
	for i := range l.session.entries {
		e := &l.session.entries[i]
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
		named(l.keys.one, "check this one, or what is selected"), named(l.keys.all, "check all that are shown"),
		named(l.keys.find, "find by words: name, account, site, product, email, status"),
		named(l.keys.filter, "the next filter (F: the one before)"),
	}
	more = append(more, l.keys.numbers[:]...)
	more = append(more, named(l.keys.order, "sort by status, expiry or name"), named(l.keys.pick, "select, or no longer"), bind("* or A", l.keys.pickAll.Help().Desc, "*"),
		l.keys.entered, named(l.keys.notEntered, "mark as not entered there"), l.keys.handover, l.keys.replace, l.keys.edit, l.keys.remove, named(l.keys.add, "add a connector"),
		bind("j, k", "down, up", "j"), bind("g, G", "first row, last row (home, end)", "g"), bind("pgdn, pgup", "a page down, up", "pgdown"),
		l.keys.guide)
	if l.world.ImportFile != nil {
		more = append(more, l.keys.imports, l.keys.exports)
	}
	if l.world.OpenPractice != nil {
		more = append(more, l.keys.practise)
	}
	return more
}

func (l *listScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if !l.waits() {
			return still, nil
		}
		var cmd tea.Cmd
		l.spin, cmd = l.spin.Update(msg)
		return still, cmd
	case retestedMsg:
		if msg.ticket != l.ticket || l.cancel == nil {
			return still, nil
		}
		l.land(msg)
		return still, await(l.landing)
	case storagesMsg:
		if msg.ticket == l.ticket && l.sought != nil {
			return l.looked(msg)
		}
	case retestDone:
		if msg.ticket == l.ticket && l.cancel != nil {
			l.stop()
		}
	case markedMsg:
		if msg.ticket == l.ticket && l.marking.waits() {
			l.marked(msg)
		}
	case deedMsg:
		if msg.ticket == l.ticket {
			return l.goOn(msg.deed)
		}
	case sessionMsg:
		l.layAnew()
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
	return still, nil
}

func (l *listScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	l.session.notice = "" // it was read
	if l.arranged(msg) {
		return still, nil
	}
	if l.marking.waits() {
		return l.moved(msg)
	}
	switch {
	case key.Matches(msg, l.keys.unlock) && l.locked():
		l.session.resume = l.lockedOut()
		l.setup.Unlocking = connector.StorageLocked
		return locked, nil
	case key.Matches(msg, l.keys.add):
		return starts, nil
	case key.Matches(msg, l.keys.guide):
		return guide, nil
	case key.Matches(msg, l.keys.imports, l.keys.exports) && (l.world.ImportFile == nil || l.world.ExportFile == nil):
		l.outcome = "No files are imported or exported in practice"
	case key.Matches(msg, l.keys.imports):
		return imports, nil
	case key.Matches(msg, l.keys.exports):
		return exports, nil
	case key.Matches(msg, l.keys.practise) && l.world.OpenPractice != nil:
		return practise, nil
	case key.Matches(msg, l.keys.enter):
		if e := l.selected(); e != nil {
			l.setup.open(*e)
			return opens, nil
		}
	case key.Matches(msg, l.keys.replace):
		return l.replace()
	case key.Matches(msg, l.keys.edit):
		return l.edit()
	case key.Matches(msg, l.keys.handover):
		return l.handOver(), nil
	case key.Matches(msg, l.keys.remove):
		return l.remove()
	case l.waits():
		return l.moved(msg)
	case key.Matches(msg, l.keys.one):
		l.hidden = 0
		return still, l.begin(l.subjects())
	case key.Matches(msg, l.keys.all):
		return still, l.retestShown()
	case key.Matches(msg, l.keys.entered):
		return l.mark(actEntered)
	case key.Matches(msg, l.keys.notEntered):
		return l.mark(actNotEntered)
	}
	return l.moved(msg)
}

// moved moves the pointer.
func (l *listScreen) moved(msg tea.KeyPressMsg) (event, tea.Cmd) {
	var cmd tea.Cmd
	l.table, cmd = l.table.Update(msg)
	return still, cmd
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
		l.narrow()
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
	if n := l.session.notice; n != "" {
		head = hang(l.look.warn.Render(l.look.mark.warn), n, l.look.width) + "\n\n"
	}
	state := l.state()
	l.above = strings.Count(head+state, "\n") + 1
	if l.laid != l.layout() {
		l.draw() // the window has another size, or another background
	}
	if len(l.shown) == 0 {
		return head + l.tally("") + "\n" + state + "\n" + wrap("Nothing matches. Esc shows all of them.", l.look.width), -1
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
	dot, w := " "+l.look.mark.dot+" ", l.look.width
	switch {
	case l.marking.given:
		return l.look.clip(finishing(l.look, l.spin), w) + "\n"
	case l.marking.waits():
		return l.look.accent.Render(l.spin.View()) + " Saving " + l.look.ellipsis() + "\n"
	case l.sought != nil:
		return looking(l.look, l.spin) + "\n"
	case l.cancel != nil:
		words := l.look.clip(l.look.accent.Render(l.spin.View())+" "+l.running(), w) + "\n"
		if len(l.testing) == l.total {
			words += waitingWords(l.look, l.world.Now().Sub(l.began), l.asked()...)
		}
		return words
	}
	var parts []string
	if l.finding || l.filter != "" {
		parts = append(parts, l.look.accent.Render("/")+l.filter)
	}
	if l.narrowed() {
		parts = append(parts, l.look.faint.Render(l.filterWords()))
	}
	if words := l.pickedWords(); words != "" {
		parts = append(parts, l.look.accent.Render(words))
	}
	switch {
	case l.outcome != "":
		parts = append(parts, l.look.faint.Render(l.outcome))
	case l.narrowed():
		parts = append(parts, l.look.faint.Render("by "+l.order.words()))
	default:
		parts = append(parts, l.look.faint.Render(connector.Plural(len(l.sorted), "connector")+", by "+l.order.words()))
	}
	return l.look.clip(strings.Join(parts, l.look.faint.Render(dot)), w) + "\n"
}
