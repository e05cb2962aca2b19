package manage

import (
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Finding in the list: in which order it stands, and what of it is shown: by a key, and by words,
// which narrow it while they are typed.

// listOrder is what the list is sorted by.
type listOrder int

// The orders, as the key goes through them.
const (
	orderStatus listOrder = iota // what needs a person first
	orderExpiry
	orderName
	unordered // no order's: a column that nothing is sorted by
)

func (o listOrder) words() string {
	return map[listOrder]string{orderStatus: "status", orderExpiry: "expiry", orderName: "name"}[o]
}

// listFilter is which connectors are shown.
type listFilter int

// The filters, as the key goes through them.
const (
	showAll listFilter = iota
	showFailing
	showAttention
	showUnknown
	showExpiring
	showNotEntered
	filters // how many there are
)

func (f listFilter) words() string {
	return [filters]string{"all", "failing", "attention", "unknown", "expiring in 30 days", "not entered"}[f]
}

// has reports whether the filter shows a connector.
func (f listFilter) has(e *connector.Entry, today connector.Date) bool {
	switch f {
	case showFailing:
		return e.State(today) == connector.Failing
	case showAttention:
		return e.State(today) == connector.Attention
	case showUnknown:
		return e.State(today) == connector.Unknown
	case showExpiring:
		return e.ExpiresWithin(30, today)
	case showNotEntered:
		return !e.IsMarked(true)
	case showAll, filters:
	}
	return true
}

// sorted returns the entries, not copied, in an order; within it by name.
func sorted(entries []connector.Entry, by listOrder, today connector.Date) []*connector.Entry {
	all := ui.SortByUrgency(entries, today)
	switch by {
	case orderExpiry:
		slices.SortStableFunc(all, func(a, b *connector.Entry) int {
			one, _ := a.ExpiryDate()
			another, _ := b.ExpiryDate()
			switch {
			case one.IsZero() != another.IsZero():
				if one.IsZero() {
					return 1
				}
				return -1
			case one.Before(another):
				return -1
			case another.Before(one):
				return 1
			}
			return connector.CompareNames(a.Name, b.Name)
		})
	case orderName:
		slices.SortStableFunc(all, func(a, b *connector.Entry) int {
			return connector.CompareNames(a.Name, b.Name)
		})
	case orderStatus, unordered:
	}
	return all
}

// lay sorts what there is, and chooses what is shown.
func (l *listScreen) lay() {
	l.sorted = sorted(l.Session.Entries, l.order, connector.DateOf(l.Deps.Now()))
	picked := map[string]bool{} // of those that are still there
	for _, e := range l.sorted {
		if l.picked[e.ID] {
			picked[e.ID] = true
		}
	}
	l.picked = picked
	l.draw()
}

// layAgain lays it after something changed. The pointer stays on its connector, so that the next key
// means the same one.
func (l *listScreen) layAgain() {
	was := l.selected()
	l.lay()
	if now := l.selected(); was != nil && now != nil && now.ID != was.ID {
		l.chooseID(was.ID)
	}
}

// narrow chooses what is shown: what the filter has, and all of the words are said of.
func (l *listScreen) narrow() {
	l.shown = nil
	var rows []table.Row
	today := connector.DateOf(l.Deps.Now())
	for i, e := range l.sorted {
		if l.only.has(e, today) && connector.Matches(l.texts[i], l.filter) {
			l.shown, rows = append(l.shown, e), append(rows, l.rows[i])
		}
	}
	l.show(rows)
}

// narrowed reports whether some may be hidden.
func (l *listScreen) narrowed() bool { return l.only != showAll || l.filter != "" }

// filterBy shows others.
func (l *listScreen) filterBy(f listFilter) {
	l.only, l.outcome = f, ""
	l.narrowAgain()
}

// narrowAgain chooses again what is shown, after the filter or the words changed. The pointer stays on
// its connector, or goes to the first row where that is hidden. Where nothing is shown in between, the
// last connector that had it has it again.
func (l *listScreen) narrowAgain() {
	if e := l.selected(); e != nil {
		l.pointedAt = e.ID
	}
	l.narrow()
	l.choose(0)
	l.chooseID(l.pointedAt)
}

// sortNext sorts by the next column.
func (l *listScreen) sortNext() {
	l.order, l.outcome = (l.order+1)%unordered, ""
	l.lay()
	l.choose(0)
}

// filterWords say what is shown of what there is.
func (l *listScreen) filterWords() string {
	words := ""
	if l.only != showAll {
		words = connector.Capitalize(l.only.words()) + ": "
	}
	return words + fmt.Sprintf("%d of %d", len(l.shown), len(l.sorted))
}

// find takes letters for the words.
func (l *listScreen) find(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	if msg.Text != "" && l.dropping {
		return ui.None, nil // the rest of a token that came as keys
	}
	l.dropping = false
	switch {
	case key.Matches(msg, l.keys.Enter):
		l.finding = false
	case key.Matches(msg, l.keys.Clear):
		l.filter = ""
	case msg.Code == tea.KeyBackspace:
		if r := []rune(l.filter); len(r) > 0 {
			l.filter = string(r[:len(r)-1])
		}
	case msg.Text != "":
		l.lookFor(msg.Text)
		return ui.None, nil
	default:
		var cmd tea.Cmd
		l.table, cmd = l.table.Update(msg)
		return ui.None, cmd
	}
	l.narrowAgain()
	return ui.None, nil
}

// longestSearch is more than any name has.
const longestSearch = 60

// trailingBlank keeps a blank that was just typed: the next word follows.
func trailingBlank(text string) string {
	if text == " " {
		return text
	}
	return ""
}

// lookFor adds to what is looked for. A token that was pasted by mistake is dropped: this
// line is shown.
func (l *listScreen) lookFor(text string) {
	l.filter = atlassian.Clean(l.filter+text, longestSearch) + trailingBlank(text)
	if atlassian.LooksSecret(l.filter) {
		l.filter, l.dropping = "", true
		l.Session.Notice = "That looked like a token, so it was dropped. Enter tokens only in the API token field."
	}
	l.narrowAgain()
}
