package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/ui"
)

// What is written for people: plain, aligned, calm. A mark always stands beside its word,
// colour is only ever added to a mark, and only on a terminal without NO_COLOR
// (no-color.org); where the locale has no UTF-8, marks and dashes are ASCII.

// paper is one of the program's outputs, for people.
type paper struct {
	to     io.Writer
	colour bool
	ascii  bool
	width  int
}

// widest is the longest line that is still comfortable to read.
const widest = 100

// unwrapped is a width that no line reaches.
const unwrapped = 1 << 20

func newPaper(to io.Writer, colour, ascii bool, width int) *paper {
	if width <= 0 {
		width = 80
	}
	return &paper{to: to, colour: colour, ascii: ascii, width: min(max(width, 20), widest)}
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

// plain is text as this paper takes it.
func (p *paper) plain(text string) string {
	if p.ascii {
		return asciiWords.Replace(text)
	}
	return text
}

// line writes one line as it is, without wrapping: for tables and addresses.
func (p *paper) line(text string) { fmt.Fprintln(p.to, p.plain(text)) }

// blank writes an empty line.
func (p *paper) blank() { fmt.Fprintln(p.to) }

// para writes wrapped text, indented by n blanks.
func (p *paper) para(n int, text string) { p.hang(n, strings.Repeat(" ", n), text) }

// hang writes wrapped text behind a first part; later lines are indented by n blanks.
func (p *paper) hang(n int, first, text string) {
	before := strings.Repeat("\u00a0", max(ansi.StringWidth(first)-n, 0)) // as wide as first is beyond n, and no place to break
	body := strings.TrimPrefix(ui.WrapWords(before+p.plain(text), max(p.width-n, 10)), before)
	pad := "\n" + strings.Repeat(" ", n)
	fmt.Fprintln(p.to, strings.TrimRight(first+strings.ReplaceAll(body, "\n", pad), " "))
}

// mark is a verdict's sign.
func (p *paper) mark(v connector.Verdict) string {
	sign, ascii, colour := "·", ".", ""
	switch v {
	case connector.Working:
		sign, ascii, colour = "✓", "+", "32"
	case connector.Failing:
		sign, ascii, colour = "✗", "x", "31"
	case connector.Attention:
		sign, ascii, colour = "!", "!", "33"
	case connector.Unknown:
		sign, ascii, colour = "?", "?", "33"
	case connector.Skipped, connector.Waiting:
	}
	if p.ascii {
		sign = ascii
	}
	if p.colour && colour != "" {
		return "\x1b[" + colour + "m" + sign + "\x1b[m"
	}
	return sign
}

// columns is how wide a text is. Nearly all are plain ASCII with our own signs: those are
// counted by hand, since a list of a thousand has seven thousand of them.
func columns(text string) int {
	n := 0
	for i := 0; i < len(text); n++ {
		if b := text[i]; b >= ' ' && b <= '~' {
			i++
			continue
		}
		sign := 0 // its length; what could join it is neither, and has the rules asked
		for _, s := range [...]string{"✓", "✗", "·", "…"} {
			if strings.HasPrefix(text[i:], s) {
				sign = len(s)
			}
		}
		if i += sign; sign == 0 {
			return ansi.StringWidth(text)
		}
	}
	return n
}

// grid is rows in columns as wide as their widest cell. The first row is the head; a
// column with nothing in it is left out.
type grid struct {
	rows   [][]string // as the paper takes them
	taken  []int      // the width of each cell, row by row
	widths []int
	used   []bool
}

func (p *paper) grid(rows [][]string) grid {
	n := len(rows[0])
	g := grid{rows, make([]int, 0, n*len(rows)), make([]int, n), make([]bool, n)}
	for r, row := range rows {
		for i, cell := range row {
			w := 0
			if r > 0 && cell == rows[r-1][i] { // as it often is
				w = g.taken[len(g.taken)-n]
			} else {
				row[i] = p.plain(cell)
				w = columns(row[i])
			}
			g.taken = append(g.taken, w)
			g.widths[i] = max(g.widths[i], w)
			g.used[i] = g.used[i] || (r > 0 && cell != "")
		}
	}
	return g
}

// width is how many columns a terminal needs for it.
func (g grid) width() int {
	w := -2
	for i, used := range g.used {
		if used {
			w += g.widths[i] + 2
		}
	}
	return w
}

// table writes a grid in full, however wide: a name that is cut can't be copied. Many
// lines are written at once: a call for each of a thousand takes as long as all the rest.
func (p *paper) table(g grid) {
	const enough = 16 << 10
	all := make([]byte, 0, enough+1<<10)
	flush := func() { _, _ = p.to.Write(all); all = all[:0] } // as all for people: where stdout is gone nobody reads
	for r, row := range g.rows {
		if len(all) > enough {
			flush()
		}
		began := len(all)
		for i, cell := range row {
			if !g.used[i] {
				continue
			}
			all = append(all, cell...)
			for range g.widths[i] - g.taken[r*len(row)+i] + 2 {
				all = append(all, ' ')
			}
		}
		for len(all) > began && all[len(all)-1] == ' ' {
			all = all[:len(all)-1]
		}
		all = append(all, '\n')
	}
	flush()
}
