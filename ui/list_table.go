package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
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
	cell  func(e connector.Entry) string
}

// inColumns draws cells below each other's heads. bubbles' table draws twice the window's rows
// with each key, at a tenth of a millisecond each: a page of rows that were not in sight
// before would be a wait. What is drawn is the same to the column (TestRowsAreTheTables).
func (l *listScreen) inColumns(columns []column, cell func(column) string) string {
	var b strings.Builder
	for _, c := range columns {
		text := cell(c)
		wide := ansi.StringWidth(text)
		if wide > c.width {
			text = l.look.clip(text, c.width)
			wide = ansi.StringWidth(text)
		}
		b.WriteString(text)
		for range c.width - wide + 1 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// rows lays out the table: for another size, or for other connectors.
func (l *listScreen) rows() {
	l.laid = [2]int{l.look.width, l.look.rows}
	l.drawn = l.columns()
	l.heads = l.look.faint.Render(l.inColumns(l.drawn, func(c column) string { return c.title }))
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

// tableText is the heads and the rows in sight. All of a row but its name is drawn when it
// comes into sight, and kept until it changes. The chosen one bears a pointer, since a
// colour alone is no mark; the rest of it stays as it is, so that a step costs little on a
// slow line too.
func (l *listScreen) tableText() string {
	lines := []string{l.heads}
	for i := l.top; i < min(l.top+l.height, len(l.shown)); i++ {
		rest := &l.lines[l.places[i]]
		if *rest == "" {
			*rest = l.inColumns(l.drawn[1:], func(c column) string { return c.cell(l.shown[i]) })
		}
		name := l.inColumns(l.drawn[:1], func(c column) string { return l.pointed(i == l.at, c.cell(l.shown[i])) })
		if i == l.at {
			name = l.look.chosen.Render(name)
		}
		lines = append(lines, name+*rest)
	}
	return strings.Join(lines, "\n")
}

// pointed is a text behind the pointer, or behind as much room.
func (l *listScreen) pointed(at bool, text string) string {
	if at {
		return l.look.mark.pointer + " " + text
	}
	return strings.Repeat(" ", ansi.StringWidth(l.look.mark.pointer)+1) + text
}

// columns are as many as fit, the first ones always.
func (l *listScreen) columns() []column {
	today := connector.DateOf(l.world.Now())
	name := column{"  name", 28, func(e connector.Entry) string { return e.Name }}
	verdict := column{"  last check", 18, l.verdict}
	product := column{"product", 10, func(e connector.Entry) string { return connector.ProductTitle(e.Product) }}
	ends := column{"token ends", 17, func(e connector.Entry) string {
		if e.Ends(today) == connector.EndsLater {
			return e.EndsWords(today)
		}
		return l.look.warn.Render(e.EndsWords(today))
	}}
	whose := column{"site", 14, func(e connector.Entry) string { return e.Site.Name() }}
	if slices.ContainsFunc(l.session.entries, func(e connector.Entry) bool { return e.Account != "" }) {
		whose = column{"account", 14, func(e connector.Entry) string { return e.Account }}
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
func (l *listScreen) verdict(e connector.Entry) string {
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
