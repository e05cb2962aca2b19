package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/table"
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

// rows lays out the table for the look's width.
func (l *listScreen) rows() {
	l.laid = [2]int{l.look.width, l.look.rows}
	columns := l.columns()
	heads := make([]table.Column, len(columns))
	for i, c := range columns {
		heads[i] = table.Column{Title: c.title, Width: c.width}
	}
	rows := make([]table.Row, len(l.shown))
	for i, e := range l.shown {
		rows[i] = l.cells(columns, e, false)
	}
	l.drawn = columns
	s := table.DefaultStyles()
	s.Header, s.Cell, s.Selected = l.look.faint.PaddingRight(1), l.look.plain.PaddingRight(1), l.look.accent.Bold(true)
	l.table.SetStyles(s)
	at := l.table.Cursor()
	l.table.SetRows(nil) // rows must never be wider than the columns
	l.table.SetColumns(heads)
	l.table.SetRows(rows)
	l.table.SetWidth(l.look.width)
	l.table.SetHeight(max(min(len(rows)+1, l.look.rows-4), 2))
	l.table.SetCursor(max(min(at, len(rows)-1), 0))
	l.point()
}

// cells are one row. The chosen one is drawn in one style, which a colour inside would end.
func (l *listScreen) cells(columns []column, e connector.Entry, chosen bool) table.Row {
	row := make(table.Row, len(columns))
	for i, c := range columns {
		row[i] = l.look.clip(c.cell(e, chosen), c.width) // the table's own cut is outside ASCII
	}
	return row
}

// point marks the chosen row, since a colour alone is no mark.
func (l *listScreen) point() {
	rows := l.table.Rows()
	for _, i := range []int{l.pointed, l.table.Cursor()} {
		if i < 0 || i >= len(rows) {
			continue
		}
		rows[i] = l.cells(l.drawn, l.shown[i], i == l.table.Cursor())
	}
	l.pointed = l.table.Cursor()
	l.table.UpdateViewport()
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
	first := l.look.clip(strings.Join(facts, dot), l.look.width)
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
	return l.look.faint.Render(first) + "\n" + l.look.faint.Render(l.look.clip(second, l.look.width))
}
