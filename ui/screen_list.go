package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// listScreen is home once there are connectors: what needs attention first, each one
// click from its details, and re-tested on the spot, rows flipping as answers land.
type listScreen struct {
	stage
	keys    listKeys
	sorted  []*connector.Entry // the session's connectors, what needs attention first
	rows    []table.Row        // of these
	shown   []*connector.Entry // of these, what is looked for: a row of the table each
	table   table.Model
	columns []column
	laid    layout // what the table was made for
	filter  string
	finding bool
	spin    spinner.Model
	testing map[string]bool
	total   int
	failing int
	landed  map[connector.Verdict]int
	unread  int                // whose token could not be read
	why     string             // it could not
	hidden  int                // how many a search hid from the last re-test of all
	sought  []*connector.Entry // to be checked once the encrypted file was looked at
	began   time.Time          // of the re-test
	outcome string             // of the last re-test, in words
	landing <-chan tea.Msg
	cancel  context.CancelFunc
}

// listKeys are the keys of the list.
type listKeys struct {
	keyMap
	one, all, find, add, guide, practise, unlock key.Binding
}

func newList(on stage) screen {
	l := &listScreen{stage: on, spin: newSpinner(on.look), testing: map[string]bool{}, keys: listKeys{
		keyMap: newKeys(), one: bind("r", "re-test", "r"), all: bind("R", "re-test all", "R"), find: bind("/", "find", "/"),
		add: bind("a", "add", "a"), guide: bind("i", "token instructions", "i"), practise: bind("p", "practise", "p"),
		unlock: bind("u", "unlock the encrypted file", "u"),
	}}
	l.filter = on.session.listed.filter
	l.lay()
	for i := range l.shown {
		if l.shown[i].ID == on.session.listed.id {
			l.choose(i)
		}
	}
	return l
}

// listPlace is what was chosen and looked for when the list was left.
type listPlace struct{ id, filter string }

func (l *listScreen) waits() bool { return l.cancel != nil || l.sought != nil }

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
	return l.retest(entries)
}

func (l *listScreen) Title() (string, string) { return "SaaSAssure connectors", l.world.Version }

func (l *listScreen) Typing() bool { return l.finding }

func (l *listScreen) Help() string {
	return "Your saved connectors, what needs attention first. Re-testing asks Atlassian again whether each still works; it reads the token from its safe and changes nothing."
}

func (l *listScreen) Escape() event {
	switch {
	case l.finding || l.filter != "":
		l.finding, l.filter = false, ""
		l.narrow()
	case l.sought != nil:
		l.sought = nil
	case l.cancel != nil:
		l.stop()
	case l.world.Practice != nil && l.world.Practice.Nested:
		return quit
	}
	return still
}

func (l *listScreen) Leave() {
	if e := l.selected(); e != nil {
		l.session.listed = listPlace{e.ID, l.filter}
	}
	if l.cancel != nil {
		l.session.notice = "The re-test was stopped: " + l.summary() + "."
	}
	l.stop()
}

func (l *listScreen) Keys() []key.Binding {
	if l.finding {
		return []key.Binding{named(l.keys.enter, "keep"), named(l.keys.esc, "all of them")}
	}
	if l.filter != "" && len(l.shown) == 0 {
		return []key.Binding{named(l.keys.esc, "all of them"), l.keys.find, l.keys.quit}
	}
	keys := []key.Binding{named(l.keys.enter, "open"), l.keys.one, l.keys.all, l.keys.find, l.keys.add}
	if l.cancel != nil || l.sought != nil {
		keys = []key.Binding{named(l.keys.enter, "open"), named(l.keys.esc, "stop")}
	}
	if l.filter != "" && l.cancel == nil {
		keys = append([]key.Binding{named(l.keys.esc, "all of them")}, keys...)
	}
	if l.locked() {
		keys = append([]key.Binding{l.keys.unlock}, keys...)
	}
	if l.world.Practice != nil {
		return append(keys, named(l.keys.quit, "end the practice"))
	}
	return append(keys, l.keys.quit)
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
	more := []key.Binding{l.keys.guide}
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
	case sessionMsg:
		l.lay()
	case tea.PasteMsg:
		if l.finding {
			l.lookFor(strings.TrimSpace(msg.Content))
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
	switch {
	case key.Matches(msg, l.keys.quit):
		return quit, nil
	case key.Matches(msg, l.keys.find):
		l.finding, l.filter, l.outcome = true, "", "" // another search, not more of the last one
		l.narrow()
	case key.Matches(msg, l.keys.unlock) && l.locked():
		l.session.resume = l.lockedOut()
		l.setup.Unlocking = connector.StorageLocked
		return locked, nil
	case key.Matches(msg, l.keys.add):
		return starts, nil
	case key.Matches(msg, l.keys.guide):
		return guide, nil
	case key.Matches(msg, l.keys.practise) && l.world.OpenPractice != nil:
		return practise, nil
	case key.Matches(msg, l.keys.one) && !l.waits():
		if e := l.selected(); e != nil {
			l.hidden = 0
			return still, l.begin([]*connector.Entry{e})
		}
	case key.Matches(msg, l.keys.all) && !l.waits():
		return still, l.retestShown()
	case key.Matches(msg, l.keys.enter):
		if e := l.selected(); e != nil {
			l.setup.open(*e)
			return opens, nil
		}
	default:
		var cmd tea.Cmd
		l.table, cmd = l.table.Update(msg)
		return still, cmd
	}
	return still, nil
}

// selected is the chosen connector, nil where nothing is shown.
func (l *listScreen) selected() *connector.Entry {
	if at := l.table.Cursor(); at >= 0 && at < len(l.shown) {
		return l.shown[at]
	}
	return nil
}

// asked are the connectors that a re-test waits for.
func (l *listScreen) asked() []connector.Connector {
	var all []connector.Connector
	for _, e := range l.shown {
		if l.testing[e.ID] {
			all = append(all, e.Connector)
		}
	}
	return all
}

// position is which row is chosen, of how many.
func (l *listScreen) position() string {
	if n := len(l.shown); n > 1 {
		return fmt.Sprintf("%s %s row %d", connector.Plural(n, "connector"), l.look.mark.dot, l.table.Cursor()+1)
	}
	return connector.Plural(len(l.session.entries), "connector")
}

func (l *listScreen) View() (string, int) {
	var b strings.Builder
	if l.laid != l.layout() {
		l.draw() // the window has another size, or another background
	}
	if n := l.session.notice; n != "" {
		b.WriteString(hang(l.look.warn.Render(l.look.mark.warn), n, l.look.width) + "\n\n")
	}
	switch {
	case l.sought != nil:
		b.WriteString(looking(l.look, l.spin) + "\n")
	case l.cancel != nil:
		b.WriteString(l.look.accent.Render(l.spin.View()) + " " + l.running() + "\n")
		if len(l.testing) == l.total {
			b.WriteString(waitingWords(l.look, l.world.Now().Sub(l.began), l.asked()...))
		}
	case l.finding || l.filter != "":
		words := fmt.Sprintf("  %d of %d", len(l.shown), len(l.session.entries))
		if l.outcome != "" {
			words += " " + l.look.mark.dot + " " + l.outcome
		}
		b.WriteString(l.look.clip(l.look.accent.Render("/")+l.filter+l.look.faint.Render(words), l.look.width) + "\n")
	case l.outcome != "":
		b.WriteString(l.look.faint.Render(l.look.clip(l.outcome, l.look.width)) + "\n")
	default:
		b.WriteString(l.look.faint.Render(l.position()) + "\n")
	}
	if len(l.shown) == 0 {
		return b.String() + "\n" + wrap("Nothing matches. Esc shows all of them.", l.look.width), -1
	}
	top := strings.Count(b.String(), "\n")
	b.WriteString(l.table.View() + "\n\n" + l.chosen())
	return b.String(), top + 1
}
