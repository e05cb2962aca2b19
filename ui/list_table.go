package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
)

// How the list's table is laid out: the first columns always, more where the window has
// room for them. Whatever a window is too narrow for stands below the table, for the row
// that is chosen.

// column is one column: its title, its width, and what it shows.
type column struct {
	title string
	width int
	cell  func(e connector.Entry, chosen bool) string
}

// rows lays out the table: for another size, or for other connectors.
func (l *listScreen) rows() {
	l.laid = [2]int{l.look.width, l.look.rows}
	l.drawn = l.columns()
	heads := make([]table.Column, len(l.drawn))
	for i, c := range l.drawn {
		heads[i] = table.Column{Title: c.title, Width: c.width}
	}
	l.table = table.New(table.WithFocused(true), table.WithColumns(heads), table.WithWidth(l.look.width),
		table.WithStyles(table.Styles{Header: l.look.faint.PaddingRight(1), Cell: l.look.plain.PaddingRight(1), Selected: l.look.accent.Bold(true)}),
		table.WithHeight(max(min(len(l.shown)+1, l.look.rows-4), 2)))
	l.choose(l.at)
}

// choose puts the pointer on one of the shown.
func (l *listScreen) choose(at int) {
	l.at = max(min(at, len(l.shown)-1), 0)
	l.sight()
}

// step moves the pointer, by the table's own keys.
func (l *listScreen) step(msg tea.KeyPressMsg) {
	page := l.table.Height()
	for _, way := range []struct {
		keys key.Binding
		by   int
	}{
		{l.table.KeyMap.LineUp, -1},
		{l.table.KeyMap.LineDown, 1},
		{l.table.KeyMap.HalfPageUp, -page / 2},
		{l.table.KeyMap.HalfPageDown, page / 2},
		{l.table.KeyMap.PageUp, -page},
		{l.table.KeyMap.PageDown, page},
		{l.table.KeyMap.GotoTop, -len(l.shown)},
		{l.table.KeyMap.GotoBottom, len(l.shown)},
	} {
		if key.Matches(msg, way.keys) {
			l.choose(l.at + way.by)
			return
		}
	}
}

// sight gives the table the rows that are in sight and no others: it draws each row it
// has twice over, and a thousand of them would be a wait with each key. The chosen row
// bears a pointer, since a colour alone is no mark.
func (l *listScreen) sight() {
	height := l.table.Height()
	l.top = max(min(l.top, l.at, len(l.shown)-height), l.at-height+1, 0)
	rows := l.table.Rows()
	n := min(height, len(l.shown)-l.top)
	same := len(rows) == n
	if !same {
		rows = make([]table.Row, n)
	}
	for i := range rows {
		rows[i] = cells(l.drawn, l.shown[l.top+i], l.top+i == l.at)
	}
	if !same {
		l.table.SetRows(rows)
	}
	l.table.SetCursor(l.at - l.top) // draws them
}

// tableText is the table as it is drawn. Where the first column is as narrow as it can
// be, the rest goes beyond the window.
func (l *listScreen) tableText() string {
	text, width := l.table.View(), len(l.drawn)
	for _, c := range l.drawn {
		width += c.width
	}
	if width <= l.look.width {
		return text
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], l.look.width, "")
	}
	return strings.Join(lines, "\n")
}

// cells are one row. The chosen one is drawn in one style, which a colour inside would end.
func cells(columns []column, e connector.Entry, chosen bool) table.Row {
	row := make(table.Row, len(columns))
	for i, c := range columns {
		row[i] = c.cell(e, chosen)
	}
	return row
}

// columns are as many as fit, the first ones always.
func (l *listScreen) columns() []column {
	today := connector.DateOf(l.world.Now())
	name := column{"  name", 28, func(e connector.Entry, chosen bool) string {
		if chosen {
			return l.look.mark.pointer + " " + e.Name
		}
		return strings.Repeat(" ", ansi.StringWidth(l.look.mark.pointer)+1) + e.Name
	}}
	verdict := column{"  last check", 18, l.verdict}
	product := column{"product", 10, func(e connector.Entry, _ bool) string { return connector.ProductTitle(e.Product) }}
	ends := column{"token ends", 17, func(e connector.Entry, chosen bool) string {
		if e.Ends(today) == connector.EndsLater || chosen {
			return e.EndsWords(today)
		}
		return l.look.warn.Render(e.EndsWords(today))
	}}
	whose := column{"site", 14, func(e connector.Entry, _ bool) string { return e.Site.Name() }}
	if slices.ContainsFunc(l.session.entries, func(e connector.Entry) bool { return e.Account != "" }) {
		whose = column{"account", 14, func(e connector.Entry, _ bool) string { return e.Account }}
	}
	all := []column{name, verdict, product, whose, ends}
	switch w := l.look.width; {
	case w < 60:
		all = []column{name, verdict}
	case w < 80:
		all = []column{name, verdict, product, ends}
	}
	left := l.look.width - len(all)
	for _, c := range all[1:] {
		left -= c.width
	}
	all[0].width = max(left, 10)
	return all
}

// verdict is the last one and when it was, or that it is being asked for.
func (l *listScreen) verdict(e connector.Entry, chosen bool) string {
	mark := l.look.verdictMark
	if chosen {
		mark = l.look.plainMark
	}
	switch last := e.Last(); {
	case l.testing[e.ID]:
		return l.look.mark.dot + " asking " + l.look.ellipsis()
	case last != nil:
		return mark(last.Verdict) + " " + string(last.Verdict) + " " + shortAgo(l.world.Now().Sub(last.At))
	}
	return l.look.mark.dot + " never checked"
}

// chosen is all of the chosen row that the table has no room for.
func (l *listScreen) chosen() string {
	e, ok := l.selected()
	if !ok {
		return ""
	}
	dot := " " + l.look.mark.dot + " "
	facts := []string{connector.ProductTitle(e.Product), e.Site.Origin()}
	if e.Account != "" {
		facts = append(facts, e.Account)
	}
	facts = append(facts, e.Email)
	first := clip(strings.Join(facts, dot), l.look.width)
	second := "never checked"
	if last := e.Last(); last != nil {
		second = last.Title
	}
	today := connector.DateOf(l.world.Now())
	if near := e.Ends(today); near != connector.EndsLater {
		second = strings.Replace("token ends "+strings.TrimLeft(e.EndsWords(today), "! "), "ends ended", "ended", 1) + dot + second
	} else if l.look.width < 60 {
		second = "token ends " + e.EndsWords(today) + dot + second
	}
	return l.look.faint.Render(first) + "\n" + l.look.faint.Render(clip(second, l.look.width))
}
