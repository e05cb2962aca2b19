package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/ui/widget"
)

// What is written for people. A mark always stands beside its word,
// color is only ever added to a mark, and only on a terminal without NO_COLOR
// (no-color.org); where the locale has no UTF-8, marks and dashes are ASCII.

// printer is one of the program's outputs, for people.
type printer struct {
	to    io.Writer
	color bool
	ascii bool
	words bool // marks are words, as line mode has them
	width int
}

// widest is the longest line that is still comfortable to read.
const widest = 100

// unwrapped is a width that no line reaches.
const unwrapped = 1 << 20

func newPrinter(to io.Writer, color, ascii bool, width int) *printer {
	if width <= 0 {
		width = 80
	}
	return &printer{to: to, color: color, ascii: ascii, width: min(max(width, 20), widest)}
}

// wantsASCII looks at the locale as POSIX orders it: LC_ALL, LC_CTYPE, LANG.
func wantsASCII(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	// Windows has none of them and writes UTF-8 since its consoles can.
	return getenv("SystemRoot") == ""
}

// asciiWords has a stand-in for each character outside ASCII that our own words use.
var asciiWords = strings.NewReplacer("…", "...", "·", "|", "–", "-", "—", "-", "→", "->", "‘", "'", "’", "'", "“", `"`, "”", `"`)

// plain is text in ASCII where the locale has no UTF-8.
func (p *printer) plain(text string) string {
	if p.ascii {
		return asciiWords.Replace(text)
	}
	return text
}

// line writes one line as it is, without wrapping: for tables and addresses.
func (p *printer) line(text string) { fmt.Fprintln(p.to, p.plain(text)) }

// blank writes an empty line.
func (p *printer) blank() { fmt.Fprintln(p.to) }

// paragraph writes wrapped text, indented by n blanks.
func (p *printer) paragraph(n int, text string) { p.marked(n, strings.Repeat(" ", n), text) }

// marked writes wrapped text behind a first part; later lines are indented by n blanks.
func (p *printer) marked(n int, first, text string) {
	before := strings.Repeat("\u00a0", max(ansi.StringWidth(first)-n, 0)) // as wide as first is beyond n, and no place to break
	body := strings.TrimPrefix(widget.WrapWords(before+p.plain(text), max(p.width-n, 10)), before)
	pad := "\n" + strings.Repeat(" ", n)
	fmt.Fprintln(p.to, strings.TrimRight(first+strings.ReplaceAll(body, "\n", pad), " "))
}

// mark is a verdict's sign, or the word for it.
func (p *printer) mark(v connector.Verdict) string {
	if p.words {
		return lineMark(v)
	}
	sign, ascii, color := "·", ".", ""
	switch v {
	case connector.Working:
		sign, ascii, color = "✓", "+", "32"
	case connector.Failing:
		sign, ascii, color = "✗", "x", "31"
	case connector.Attention:
		sign, ascii, color = "!", "!", "33"
	case connector.Unknown:
		sign, ascii, color = "?", "?", "33"
	case connector.Skipped, connector.Waiting:
	}
	if p.ascii {
		sign = ascii
	}
	if p.color && color != "" {
		return "\x1b[" + color + "m" + sign + "\x1b[m"
	}
	return sign
}

// grid is rows in columns as wide as their widest cell. The first row is the head; a
// column with nothing in it is left out.
type grid struct {
	rows   [][]string // as the printer prints them
	cells  []int      // the width of each cell, row by row
	widths []int      // of each column; 0 for one that is left out
	above  []string   // a line before each row, "" for none; nil for none at all
}

func (p *printer) grid(rows [][]string) grid {
	g := grid{rows: rows, widths: make([]int, len(rows[0]))}
	used := make([]bool, len(rows[0]))
	for r, row := range rows {
		for i, cell := range row {
			row[i] = p.plain(cell)
			width := ansi.StringWidth(row[i])
			g.cells, g.widths[i] = append(g.cells, width), max(g.widths[i], width)
			used[i] = used[i] || r > 0 && cell != ""
		}
	}
	for i := range used {
		if !used[i] {
			g.widths[i] = 0
		}
	}
	return g
}

// width is how many columns a terminal needs for it.
func (g grid) width() int {
	w := -2
	for _, width := range g.widths {
		if width > 0 {
			w += width + 2
		}
	}
	return w
}

// leastCell is how much of a cell has to be left of it where it is cut.
const leastCell = 8

// cutTo cuts the widest columns of rows until they fit a width; false where less than leastCell would be
// left of one, unless they have to fit all the same.
func (p *printer) cutTo(rows [][]string, width int, must bool) (g grid, fits bool) {
	g = p.grid(rows)
	widths := slices.Clone(g.widths)
	for over := g.width() - width; over > 0; over-- {
		widest := slices.Index(widths, slices.Max(widths))
		if widths[widest] <= leastCell && !must || widths[widest] <= 1 {
			return g, must
		}
		widths[widest]--
	}
	for _, row := range rows {
		for i := range row {
			row[i] = ansi.Truncate(row[i], widths[i], p.plain("…"))
		}
	}
	return p.grid(rows), true
}

// table writes a grid in full, however wide: a name that is cut can't be copied.
func (p *printer) table(g grid) {
	var all strings.Builder
	for r, row := range g.rows {
		if g.above != nil && g.above[r] != "" {
			all.WriteString(g.above[r] + "\n")
		}
		var line strings.Builder
		for i, cell := range row {
			if g.widths[i] > 0 {
				line.WriteString(cell + strings.Repeat(" ", g.widths[i]-g.cells[r*len(row)+i]+2))
			}
		}
		all.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, _ = io.WriteString(p.to, all.String()) // as all for people: where stdout is gone no one reads it
}
