package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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

// took says a duration as the checklist shows it: "84 ms", "1.2 s".
func took(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// ago says how long something is past, in the largest unit that fits.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d.Minutes()), "minute") + " ago"
	case d < 24*time.Hour:
		return plural(int(d.Hours()), "hour") + " ago"
	}
	return plural(int(d.Hours()/24), "day") + " ago"
}

// shortAgo is ago for a column: "now", "5 min", "3 h", "12 d".
func shortAgo(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return strconv.Itoa(int(d.Hours()/24)) + " d"
}

// plural counts a noun: "1 line", "3 lines".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
