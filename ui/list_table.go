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
	cell  func(e *connector.Entry) string
}

// layout is what the table was made for: another one needs another table.
type layout struct {
	width, rows int
	dark, few   bool
	shown       int
}

func (l *listScreen) layout() layout {
	return layout{l.look.width, l.look.rows, l.look.dark, l.look.few, len(l.shown)}
}

// draw writes the rows of all connectors, whatever is shown of them.
func (l *listScreen) draw() {
	l.columns = l.fitting()
	l.rows = make([]table.Row, len(l.sorted))
	for i, e := range l.sorted {
		l.rows[i] = l.cells(e)
	}
	l.narrow()
}

// show gives the table the rows of what is shown. The pointer stays in its row, and what is
// in sight stays there unless there are more or fewer rows, or the table looks different.
func (l *listScreen) show(rows []table.Row) {
	heads := make([]table.Column, len(l.columns))
	for i, c := range l.columns {
		heads[i] = table.Column{Title: c.title, Width: c.width + 1} // a blank before the next one
	}
	if l.laid == l.layout() && slices.Equal(heads, l.table.Columns()) {
		l.table.SetRows(rows)
		return
	}
	l.laid = l.layout()
	height := max(min(len(rows), l.look.rows-5), 1)
	at := l.table.Cursor()
	l.table = table.New(table.WithFocused(true), table.WithColumns(heads), table.WithRows(rows),
		table.WithWidth(l.look.width), table.WithHeight(height+1),
		table.WithStyles(table.Styles{Header: l.look.faint, Selected: l.look.chosen.Transform(l.pointed)}))
	l.choose(at)
}

// choose puts the pointer on one of the shown and brings it into sight, which SetCursor
// of bubbles' table does not.
func (l *listScreen) choose(at int) {
	if len(l.shown) > 0 {
		l.table.GotoTop()
		l.table.MoveDown(max(at, 0))
	}
}

// cells are a row of the table. The name leaves room for the pointer.
func (l *listScreen) cells(e *connector.Entry) table.Row {
	row := make(table.Row, len(l.columns))
	for i, c := range l.columns {
		row[i] = l.look.clip(c.cell(e), c.width)
	}
	return row
}

// pointed is a drawn row with the pointer: a color alone is no mark.
func (l *listScreen) pointed(row string) string {
	return l.look.mark.pointer + strings.TrimPrefix(row, " ")
}

// fitting are as many columns as fit, the first ones always.
func (l *listScreen) fitting() []column {
	today := connector.DateOf(l.world.Now())
	name := column{"  name", 28, func(e *connector.Entry) string { return "  " + e.Name }}
	verdict := column{"  last check", 18, l.verdict}
	product := column{"product", 10, func(e *connector.Entry) string { return connector.ProductTitle(e.Product) }}
	ends := column{"token ends", 17, func(e *connector.Entry) string {
		if e.Ends(today) == connector.EndsLater {
			return e.EndsWords(today)
		}
		return l.look.warn.Render(e.EndsWords(today))
	}}
	whose := column{"site", 14, func(e *connector.Entry) string { return e.Site.Name() }}
	if slices.ContainsFunc(l.session.entries, func(e connector.Entry) bool { return e.Account != "" }) {
		whose = column{"account", 14, func(e *connector.Entry) string { return e.Account }}
	}
	all := []column{name, verdict, product, whose, ends}
	switch w := l.look.width; {
	case w < 60:
		all = []column{name, verdict}
	case w < 80:
		all = []column{name, verdict, product, ends}
	}
	// What has no room stands below, for the chosen row. Most names tell the product.
	for _, fewer := range [][]column{{name, verdict, whose, ends}, {name, verdict, product, ends}} {
		if len(all) > 2 && room(all, l.look.width) < l.longestName() && l.look.width >= 80 {
			all = fewer
		}
	}
	all[0].width = max(room(all, l.look.width), 10)
	return all
}

// room is what the other columns leave to the first.
func room(all []column, width int) int {
	for _, c := range all[1:] {
		width -= c.width
	}
	return width - len(all)
}

// longestName is how wide the widest name is, its pointer included.
func (l *listScreen) longestName() int {
	longest := 0
	for _, e := range l.session.entries {
		longest = max(longest, ansi.StringWidth(e.Name)+2)
	}
	return longest
}

// verdict is the last one and when it was, or that it is being asked for.
func (l *listScreen) verdict(e *connector.Entry) string {
	switch last := e.Last; {
	case l.testing[e.ID]:
		return l.look.mark.dot + " asking " + l.look.ellipsis()
	case last != nil:
		return l.look.verdictMark(last.Verdict) + " " + string(last.Verdict) + " " + connector.ShortAgo(l.world.Now().Sub(last.At))
	}
	return l.look.mark.dot + " never checked"
}

// chosen is all of the chosen row that the table has no room for.
func (l *listScreen) chosen() string {
	e := l.selected()
	if e == nil {
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
	if last := e.Last; last != nil {
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
