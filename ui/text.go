package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// wrap breaks text into lines of at most width cells, at blanks where it can. It knows
// styled text and wide characters.
func wrap(text string, width int) string {
	if width < 1 {
		width = 1
	}
	whole := strings.NewReplacer("-", "\u2011") // a hyphen is no place to break an address or a name
	text = ansi.Wrap(whole.Replace(text), width, "")
	return strings.ReplaceAll(text, "\u2011", "-")
}

// indent puts n blanks before every line.
func indent(text string, n int) string {
	pad := strings.Repeat(" ", max(n, 0))
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = pad + l
		}
	}
	return strings.Join(lines, "\n")
}

// hang wraps text so that its second and later lines stand under the first one's text,
// behind a mark: "✓ text".
func hang(mark, text string, width int) string {
	w := ansi.StringWidth(mark) + 1
	body := wrap(text, width-w)
	return mark + " " + strings.TrimPrefix(indent(body, w), strings.Repeat(" ", w))
}

// padTo fills a line with blanks up to a width.
func padTo(line string, width int) string {
	return line + strings.Repeat(" ", max(0, width-ansi.StringWidth(line)))
}
