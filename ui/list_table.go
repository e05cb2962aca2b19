package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
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

// painter is bubbles' table, with a single row. The table draws every row it has with each
// key: a thousand of them would be a wait, and even those in sight take a millisecond. So
// a row is drawn once, when it comes into sight, and its line is kept until it changes.
type painter struct{ table table.Model }

// newPainter makes one for these columns; selected is the style of its row as a whole.
func (l *listScreen) newPainter(selected lipgloss.Style) painter {
	heads := make([]table.Column, len(l.drawn))
	for i, c := range l.drawn {
		heads[i] = table.Column{Title: c.title, Width: c.width}
	}
	styles := table.Styles{Header: l.look.faint.PaddingRight(1), Cell: l.look.plain.PaddingRight(1), Selected: selected}
	return painter{table.New(table.WithColumns(heads), table.WithRows([]table.Row{nil}), table.WithStyles(styles),
		table.WithWidth(l.look.width), table.WithHeight(2))}
}

// paint draws a row, below the heads. Where the first column is as narrow as it can be,
// the rest would go beyond the window.
func (p *painter) paint(row table.Row) (head, line string) {
	p.table.Rows()[0] = row
	p.table.UpdateViewport()
	head, line, _ = strings.Cut(p.table.View(), "\n")
	width := p.table.Width()
	return ansi.Truncate(head, width, ""), ansi.Truncate(line, width, "")
}

// rows lays out the table: for another size, or for other connectors.
func (l *listScreen) rows() {
	l.laid = [2]int{l.look.width, l.look.rows}
	l.drawn = l.columns()
	l.plainRow, l.chosenRow = l.newPainter(*l.look.plain.Style), l.newPainter(l.look.accent.Bold(true))
	l.heads, _ = l.plainRow.paint(nil)
	l.lines = make([]string, len(l.session.entries))
	l.fit()
}

// fit gives the rows that are shown as much room as they need and there is.
func (l *listScreen) fit() {
	l.height = max(min(len(l.shown), l.look.rows-5), 1)
	l.choose(l.at)
}

// choose puts the pointer on one of the shown, and brings it into sight.
func (l *listScreen) choose(at int) {
	l.at = max(min(at, len(l.shown)-1), 0)
	l.top = max(min(l.top, l.at, len(l.shown)-l.height), l.at-l.height+1, 0)
}

// step moves the pointer, by the table's own keys.
func (l *listScreen) step(msg tea.KeyPressMsg) {
	for _, way := range []struct {
		keys key.Binding
		by   int
	}{
		{l.moves.LineUp, -1},
		{l.moves.LineDown, 1},
		{l.moves.HalfPageUp, -l.height / 2},
		{l.moves.HalfPageDown, l.height / 2},
		{l.moves.PageUp, -l.height},
		{l.moves.PageDown, l.height},
		{l.moves.GotoTop, -len(l.shown)},
		{l.moves.GotoBottom, len(l.shown)},
	} {
		if key.Matches(msg, way.keys) {
			l.choose(l.at + way.by)
			return
		}
	}
}

// tableText is the heads and the rows in sight. The chosen one bears a pointer, since a
// colour alone is no mark.
func (l *listScreen) tableText() string {
	lines := []string{l.heads}
	for i := l.top; i < min(l.top+l.height, len(l.shown)); i++ {
		line := l.lines[l.places[i]]
		switch {
		case i == l.at:
			_, line = l.chosenRow.paint(l.cells(l.drawn, l.shown[i], true))
		case line == "":
			_, line = l.plainRow.paint(l.cells(l.drawn, l.shown[i], false))
			l.lines[l.places[i]] = line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// cells are one row. The chosen one is drawn in one style, which a colour inside would end.
func (l *listScreen) cells(columns []column, e connector.Entry, chosen bool) table.Row {
	row := make(table.Row, len(columns))
	for i, c := range columns {
		row[i] = l.look.clip(c.cell(e, chosen), c.width) // the table's own cut is outside ASCII
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
