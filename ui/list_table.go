package ui

import (
	"charm.land/bubbles/v2/table"

	"saasconnect/connector"
)

// How the list's table is laid out: the first columns always, more where the window has
// room for them.

// rows lays out the table for the look's width.
func (l *listScreen) rows() {
	l.laid = [2]int{l.look.width, l.look.rows}
	columns := l.columns()
	rows := make([]table.Row, len(l.shown))
	for i, e := range l.shown {
		rows[i] = l.row(e)[:len(columns)]
	}
	s := table.DefaultStyles()
	s.Header, s.Cell, s.Selected = l.look.faint.PaddingRight(1), l.look.plain.PaddingRight(1), l.look.accent.Bold(true)
	l.table.SetStyles(s)
	at := l.table.Cursor()
	l.table.SetRows(nil) // rows must never be wider than the columns
	l.table.SetColumns(columns)
	l.table.SetRows(rows)
	l.table.SetWidth(l.look.width)
	l.table.SetHeight(max(min(len(rows)+1, l.look.rows-2), 2))
	l.table.SetCursor(max(min(at, len(rows)-1), 0))
}

// columns are as many as fit, the first ones always.
func (l *listScreen) columns() []table.Column {
	w := l.look.width
	verdict := table.Column{Title: "  last check", Width: 28}
	if w < 60 {
		return []table.Column{{Title: "name", Width: max(w-19, 10)}, {Title: "  last check", Width: 17}}
	}
	rest := w - verdict.Width - 3
	if w >= 80 {
		name, ends := 20, 13
		return []table.Column{{Title: "name", Width: name}, verdict, {Title: "site", Width: w - name - verdict.Width - ends - 4}, {Title: "ends", Width: ends}}
	}
	return []table.Column{{Title: "name", Width: rest * 5 / 12}, verdict, {Title: "site", Width: rest - rest*5/12 - 1}}
}

func (l *listScreen) row(e connector.Entry) table.Row {
	mark, words := l.look.mark.dot, "never checked"
	switch last := e.Last(); {
	case l.testing[e.ID]:
		mark, words = l.look.mark.dot, "asking "+l.look.ellipsis()
	case last != nil:
		mark, words = l.look.plainMark(last.Verdict), string(last.Verdict)+", "+ago(l.world.Now().Sub(last.At))
	}
	ends := ""
	switch {
	case !e.Expires.IsZero():
		ends = e.Expires.Words()
	case !e.ExpiresBy().IsZero():
		ends = "by " + e.ExpiresBy().Month() // the day is only the latest possible one
	}
	return table.Row{e.Name, mark + " " + words, e.Site.Host(), ends}
}
