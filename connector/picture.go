package connector

import (
	"strings"
	"unicode/utf8"
)

// Picture is a web page drawn as a box of text, with the one thing to click marked. Its characters
// are one cell wide each, so that counting runes gives its width.
type Picture struct {
	Page   string   // the page's address or heading, in the top edge
	Lines  []string // the page's content; the text after a tab is aligned to the right edge
	Target string   // the text in Lines to click; its first occurrence counts
}

// Drawn is a [Picture] as lines of text. The target is marked in the text; its position is for
// screens that color it as well.
type Drawn struct {
	Lines          []string
	Line, From, To int // the target is runes From to To of Lines[Line]; Line is -1 without one
}

// widest is the largest width, in cells, inside the box.
const widest = 60

// Draw returns the picture in at most width columns (but at least 12). The target is put between marks
// and an arrow points at it from below. With ascii, only ASCII characters are used for the box.
func (p Picture) Draw(width int, ascii bool) Drawn {
	inside := min(max(width-4, 10), widest)
	b := boxOf(ascii)
	d := Drawn{Line: -1}
	title := cut(" "+p.Page+" ", inside)
	d.Lines = append(d.Lines, b.topLeft+title+strings.Repeat(b.flat, inside-utf8.RuneCountInString(title))+b.topRight)
	for _, line := range stacked(p.Lines, inside) {
		if ascii {
			line = strings.ReplaceAll(line, "•", "*")
		}
		at := strings.Index(line, p.Target)
		if d.Line >= 0 || at < 0 {
			d.Lines = append(d.Lines, b.side+fill(line, inside)+b.side)
			continue
		}
		from := utf8.RuneCountInString(line[:at])
		to := from + utf8.RuneCountInString(p.Target)
		d.Line, d.From, d.To = len(d.Lines), from+1, min(to, inside)+1
		d.Lines = append(d.Lines, b.side+fill(mark(line, at, p.Target, b), inside)+b.side)
		d.Lines = append(d.Lines, b.side+fill(pointer(from, to, inside, b), inside)+b.side)
	}
	d.Lines = append(d.Lines, b.lowLeft+strings.Repeat(b.flat, inside)+b.lowRight)
	return d
}

// stacked puts texts that are side by side below each other where they don't fit into the width
// inside: two buttons may differ only at their ends, so neither may be cut.
func stacked(lines []string, inside int) []string {
	var out []string
	for _, line := range lines {
		if left, right, ends := strings.Cut(line, "\t"); ends { // the text after the tab is aligned to the right
			gap := inside - utf8.RuneCountInString(left) - utf8.RuneCountInString(right)
			line = left + strings.Repeat(" ", max(gap, 3)) + right
		}
		for utf8.RuneCountInString(line) > inside {
			left := strings.TrimRight(line, " ")
			gap := strings.LastIndex(left, "   ")
			if gap <= 0 || strings.TrimSpace(left[:gap]) == "" {
				break
			}
			out = append(out, stacked([]string{left[:gap] + " "}, inside)...)
			line = "  " + strings.TrimLeft(left[gap:], " ") + " "
		}
		out = append(out, line)
	}
	return out
}

type box struct {
	topLeft, topRight, lowLeft, lowRight, flat, side, open, shut, arrow string
}

func boxOf(ascii bool) box {
	if ascii {
		return box{"+", "+", "+", "+", "-", "|", "[", "]", "^ here"}
	}
	return box{"┌", "┐", "└", "┘", "─", "│", "▐", "▌", "▲ here"}
}

// mark puts marks around the target. If the target begins and ends with a space, the marks take
// their place, so that the rest of the line doesn't move.
func mark(line string, at int, target string, b box) string {
	inner := target
	if strings.HasPrefix(target, " ") && strings.HasSuffix(target, " ") {
		inner = b.open + strings.TrimSpace(target) + b.shut
	}
	return line[:at] + inner + line[at+len(target):]
}

func pointer(from, to, inside int, b box) string {
	at := from + (to-from)/2 - 1
	if at+utf8.RuneCountInString(b.arrow) > inside {
		at = inside - utf8.RuneCountInString(b.arrow)
	}
	return strings.Repeat(" ", max(at, 0)) + b.arrow
}

func fill(s string, n int) string {
	s = cut(s, n)
	return s + strings.Repeat(" ", n-utf8.RuneCountInString(s))
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
