package manage

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/table"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/ui/widget"
)

// How the list's table is laid out: name and status always, more where the window has room for
// them. What it is too narrow for stands below the table, for the row that is chosen.

// column is one column: its title, its width, and what it shows in that width.
type column struct {
	title string
	order listOrder // that its title shows
	width int
	cell  func(e *connector.Entry, width int) string
}

// layout is what the table was made for: another one needs another table.
type layout struct {
	width, rows  int
	dark, few    bool
	shown, above int
	order        listOrder
}

func (l *listScreen) layout() layout {
	return layout{l.Theme.Width, l.Theme.Rows, l.Theme.Dark, l.Theme.FewColors, len(l.shown), l.above, l.order}
}

// draw writes the rows of all connectors, whatever is shown of them.
func (l *listScreen) draw() {
	l.columns, l.gap = l.fitting()
	l.rows, l.texts = make([]table.Row, len(l.sorted)), make([]string, len(l.sorted))
	for i, e := range l.sorted {
		l.rows[i], l.texts[i] = table.Row{l.line(e)}, e.SearchText(connector.DateOf(l.Deps.Now()))
	}
	l.narrow()
}

// redraw writes the row of one connector again. The table has the same row.
func (l *listScreen) redraw(at int) {
	l.rows[at][0], l.texts[at] = l.line(l.sorted[at]), l.sorted[at].SearchText(connector.DateOf(l.Deps.Now()))
}

// compact: the window is so low that every line has to be a row.
func (l *listScreen) compact() bool { return l.Theme.Rows < 12 }

// show gives the table the rows of what is shown. The pointer stays in its row, and what is
// in sight stays there unless there are more or fewer rows, or the table looks different.
// A row is one cell: the table would draw each cell of its own at a high price.
func (l *listScreen) show(rows []table.Row) {
	heads := l.heads()
	if l.laid == l.layout() && l.table.Columns()[0].Title == heads {
		l.table.SetRows(rows)
		return
	}
	l.laid = l.layout()
	below := 3
	if l.compact() {
		below = 1
	}
	height := max(min(len(rows), l.Theme.Rows-l.above-1-below), 1)
	at := l.table.Cursor()
	l.table = table.New(table.WithFocused(true), table.WithColumns([]table.Column{{Title: heads, Width: l.Theme.Width}}),
		table.WithRows(rows), table.WithWidth(l.Theme.Width), table.WithHeight(height+1), table.WithKeyMap(l.moves()),
		table.WithStyles(table.Styles{Header: l.Theme.Faint, Selected: l.Theme.Chosen.Transform(l.pointed)}))
	l.choose(at)
}

// moves are the keys that move the pointer. The table has others, whose letters mean something else
// here.
func (l *listScreen) moves() table.KeyMap {
	return table.KeyMap{
		LineUp: l.keys.Up, LineDown: l.keys.Down, PageUp: l.keys.PageUp, PageDown: l.keys.PageDown,
		HalfPageUp: widget.Bind("ctrl+u", "half a page up", "ctrl+u"), HalfPageDown: widget.Bind("ctrl+d", "half a page down", "ctrl+d"),
		GotoTop: l.keys.first, GotoBottom: l.keys.last,
	}
}

// choose puts the pointer on one of the shown and brings it into sight, which SetCursor
// of bubbles' table does not.
func (l *listScreen) choose(at int) {
	if len(l.shown) > 0 && (at > 0 || l.table.Cursor() > 0) {
		l.table.GotoTop()
		l.table.MoveDown(max(at, 0))
	}
}

// chooseID puts it on a connector, where that is shown.
func (l *listScreen) chooseID(id string) {
	for i := range l.shown {
		if l.shown[i].ID == id {
			l.choose(i)
		}
	}
}

// line is a row of the table.
func (l *listScreen) line(e *connector.Entry) string {
	return l.joined(func(c column) string { return c.cell(e, c.width) })
}

// heads is the line above them. It shows by which column they are sorted.
func (l *listScreen) heads() string {
	return l.joined(func(c column) string {
		if c.order == l.order && c.order != unordered {
			return c.title + " " + l.Theme.Marks.More
		}
		return c.title
	})
}

// joined is a line of cells.
func (l *listScreen) joined(cell func(c column) string) string {
	var b strings.Builder
	for i, c := range l.columns {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", l.gap))
		}
		b.WriteString(widget.PadTo(l.Theme.Clip(cell(c), c.width), c.width))
	}
	return b.String()
}

// pointed is a drawn row with the pointer: a color alone is no mark.
func (l *listScreen) pointed(row string) string {
	return l.Theme.Marks.Pointer + strings.TrimPrefix(row, " ")
}

// What a column is as wide as, unless what it shows is longer or shorter.
const (
	narrowStatus, wideStatus = 24, 34
	shortName, longName      = 24, 32 // as short as that where only so the expiry has room
	widestGap                = 4
	roomyFrom                = 100 // two blanks between columns
)

// fitting are as many columns as fit, and the blanks between them.
func (l *listScreen) fitting() (columns []column, gap int) {
	today := connector.DateOf(l.Deps.Now())
	name := column{title: "   name", order: orderName, width: l.longest(func(e *connector.Entry) string { return "   " + e.Name }, longestSearch), cell: l.name}
	status := column{title: "status", order: orderStatus, width: narrowStatus, cell: l.status}
	plain := func(title string, order listOrder, most int, text func(e *connector.Entry) string) column {
		least := len(title)
		if order != unordered {
			least += 2 // for the mark behind it
		}
		return column{title: title, order: order, width: max(l.longest(text, most), least), cell: func(e *connector.Entry, _ int) string { return text(e) }}
	}
	account := plain("account", unordered, 30, func(e *connector.Entry) string { return e.Account })
	product := plain("product", unordered, 10, func(e *connector.Entry) string { return connector.ProductTitle(e.Product) })
	expires := plain("expires", orderExpiry, 24, func(e *connector.Entry) string { return e.ExpiryShort(today) })
	expires.cell = func(e *connector.Entry, _ int) string {
		if e.ExpiryLevel(today) == connector.ExpiresLater {
			return e.ExpiryShort(today)
		}
		return l.Theme.Warn.Render(e.ExpiryShort(today))
	}
	entered := plain("in SaaSAssure", unordered, 14, func(e *connector.Entry) string { return e.ShortEntered(today) })
	site := plain("site", unordered, 48, func(e *connector.Entry) string { return e.Site.Host() })
	email := plain("email", unordered, 48, func(e *connector.Entry) string { return e.Email })

	gap = 1
	if l.Theme.Width >= roomyFrom {
		gap = 2
	}
	longest := name.width
	name.width = min(longest, longName)
	spare := l.Theme.Width - name.width - gap - status.width
	if spare < 0 { // halves
		status.width = min(narrowStatus, (l.Theme.Width-2)/2)
		name.width = min(longest, l.Theme.Width-gap-status.width)
		spare = 0
	}
	has := map[string]bool{}
	for _, c := range []column{expires, account, entered, product, site, email} {
		if c.title == "account" && !l.hasAccounts() {
			continue
		}
		if want := c.width + gap - spare; c.title == "expires" && want > 0 && name.width-want >= shortName {
			name.width, spare = name.width-want, spare+want
		}
		if c.width+gap <= spare {
			has[c.title] = true
			spare -= c.width + gap
		}
	}
	wider := min(spare, longest-name.width)
	name.width, spare = name.width+wider, spare-wider
	wider = min(spare, wideStatus-status.width)
	status.width, spare = status.width+wider, spare-wider
	columns = []column{name}
	for _, c := range []column{account, product, status, expires, entered, site, email} {
		if has[c.title] || c.title == "status" {
			columns = append(columns, c)
		}
	}
	return columns, min(gap+spare/(len(columns)-1), widestGap)
}

// hasColumn reports whether the table has room for a column.
func (l *listScreen) hasColumn(title string) bool {
	for _, c := range l.columns {
		if c.title == title {
			return true
		}
	}
	return false
}

// hasAccounts reports whether any connector says for which account it is.
func (l *listScreen) hasAccounts() bool {
	for i := range l.Session.Entries {
		if l.Session.Entries[i].Account != "" {
			return true
		}
	}
	return false
}

// longest is how wide the widest text is, and no wider than most.
func (l *listScreen) longest(text func(e *connector.Entry) string, most int) int {
	longest := 0
	for i := range l.Session.Entries {
		longest = max(longest, ansi.StringWidth(text(&l.Session.Entries[i])))
	}
	return min(longest, most)
}

// name stands behind the pointer's place and the mark of what is selected.
func (l *listScreen) name(e *connector.Entry, _ int) string {
	mark := " "
	if l.picked[e.ID] {
		mark = l.Theme.Accent.Render(l.Theme.Marks.Picked)
	}
	return " " + mark + " " + e.Name
}

// status is the last verdict with its reason and its age, or that it is being asked for. What is too
// long does without its age, and what is unknown without saying so: its mark does.
func (l *listScreen) status(e *connector.Entry, width int) string {
	last, dot := e.Last, " "+l.Theme.Marks.Dot+" "
	switch {
	case l.testing[e.ID]:
		return l.Theme.Marks.Dot + " checking " + l.Theme.Ellipsis()
	case last == nil:
		return l.Theme.Faint.Render(l.Theme.Marks.Dot) + " " + connector.NotChecked
	}
	reason, age := last.Reason(), dot+connector.ShortAgo(l.Deps.Now().Sub(last.At))
	words := reason + age
	if last.Verdict == connector.Unknown && ansi.StringWidth(words)+11 <= width {
		words = "unknown: " + words
	}
	if ansi.StringWidth(words)+2 > width {
		words = reason
	}
	return l.Theme.VerdictMark(last.Verdict) + " " + words
}

// tally counts all connectors by their state, and says which of the rows are in sight.
func (l *listScreen) tally(rows string) string {
	counts, today := map[connector.Verdict]int{}, connector.DateOf(l.Deps.Now())
	for i := range l.Session.Entries {
		counts[l.Session.Entries[i].State(today)]++
	}
	long, short := "", ""
	for _, v := range []connector.Verdict{connector.Failing, connector.Attention, connector.Unknown, connector.Working} {
		if n := counts[v]; n > 0 {
			long += fmt.Sprintf("%s %d %s  ", l.Theme.VerdictMark(v), n, v)
			short += fmt.Sprintf("%s %d  ", l.Theme.VerdictMark(v), n)
		}
	}
	where := l.position(rows)
	if ansi.StringWidth(long)+ansi.StringWidth(where) > l.Theme.Width {
		long = short
	}
	if ansi.StringWidth(long)+ansi.StringWidth(where) > l.Theme.Width {
		where = "" // the number stands in the next line
	}
	return widget.PadTo(long, l.Theme.Width-ansi.StringWidth(where)) + l.Theme.Faint.Render(where)
}

// position is which rows are in sight, of how many: "1–14 of 50".
func (l *listScreen) position(rows string) string {
	n := len(l.shown)
	switch n {
	case 0:
		return ""
	case 1:
		return "1 of 1"
	}
	from := l.table.Cursor() - l.pointerLine(rows)
	return fmt.Sprintf("%d%s%d of %d", from+1, l.Theme.Marks.Dash, min(from+l.table.Height(), n), n)
}

// pointerLine is on which line of the table's rows the pointer is.
func (l *listScreen) pointerLine(rows string) int {
	at := 0
	for line := range strings.Lines(rows) {
		if strings.Contains(line, l.Theme.Marks.Pointer) && strings.HasPrefix(ansi.Strip(line), l.Theme.Marks.Pointer) {
			return at
		}
		at++
	}
	return 0
}

// chosen is all of the chosen row that the table has no room for.
func (l *listScreen) chosen() string {
	e := l.selected()
	if e == nil {
		return ""
	}
	today, dot := connector.DateOf(l.Deps.Now()), " "+l.Theme.Marks.Dot+" "
	facts := []string{connector.ProductTitle(e.Product), e.Site.Origin()}
	if e.Account != "" {
		facts = append(facts, e.Account)
	}
	facts = append(facts, e.Email)
	second := []string{connector.Capitalize(connector.NotChecked)}
	if last := e.Last; last != nil {
		second = []string{last.Title}
	}
	if words := e.ExpirySentence(today); words != "" && !l.hasColumn("expires") {
		second = append(second, words)
		if e.ExpiryLevel(today) != connector.ExpiresLater {
			second[0], second[1] = connector.Capitalize(words), second[0]
		}
	}
	if !l.hasColumn("in SaaSAssure") {
		second = append(second, enteredWords(e, today))
	}
	line := func(parts []string) string {
		return l.Theme.Faint.Render(l.Theme.Clip(strings.Join(parts, dot), l.Theme.Width))
	}
	if l.compact() {
		return line(second)
	}
	return line(facts) + "\n" + line(second)
}

// enteredWords say inside a sentence whether it stands in SaaSAssure.
func enteredWords(e *connector.Entry, today connector.Date) string {
	switch e.EnteredState() {
	case connector.EnteredNow:
		return "in SaaSAssure " + e.ShortEntered(today)
	case connector.EnteredAgain:
		return "in SaaSAssure with the old token"
	case connector.EnteredNot:
	}
	return "not yet entered in SaaSAssure"
}
