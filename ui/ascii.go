package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Terminals without Unicode. What the wizard draws itself has marks of its own for them
// (style.go). What others wrote, sentences of the connector room and names that a site
// gave, is spelled here, and nothing outside ASCII ever leaves the frame: such a terminal
// would show each byte as a letter, and every column after it would be wrong.

// spell writes a text with the letters this terminal has, before it is laid out.
func (l *look) spell(text string) string {
	if !l.ascii {
		return text
	}
	return strings.NewReplacer("…", "...", " · ", " "+l.mark.dot+" ", "→", "->", "–", "-", "•", "*").Replace(text)
}

// clip cuts one line to a width, and says so where something was cut.
func (l *look) clip(line string, width int) string {
	return ansi.Truncate(line, max(width, 0), l.ellipsis())
}

// plainly is the last look at a frame: what is still no ASCII is a question mark for each
// of its columns, so that all others stay where they are.
func (l *look) plainly(frame string) string {
	if !l.ascii {
		return frame
	}
	var b strings.Builder
	for _, r := range frame {
		if r < 0x7f {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Repeat("?", ansi.StringWidth(string(r))))
	}
	return b.String()
}
