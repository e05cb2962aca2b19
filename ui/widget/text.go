package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks text into lines of at most width cells: at blanks, and inside a word only
// where that is longer than a line. It knows styled text and wide characters.
func Wrap(text string, width int) string { return atBlanks(ansi.Wrap, text, width) }

// WrapWords is wrap for what is copied from a terminal: a word that is longer than a line
// stays whole, since half an address or half a flag is of no use.
func WrapWords(text string, width int) string { return atBlanks(ansi.Wordwrap, text, width) }

// atBlanks wraps text without breaking it at hyphens, which ansi does: addresses, names and
// flags have some; nor at a blank inside what is read as one.
func atBlanks(wrap func(text string, width int, breakpoints string) string, text string, width int) string {
	width = max(width, 1)
	text = wrap(strings.ReplaceAll(together(text, width), "-", "\u2011"), width, "")
	return strings.NewReplacer("\u2011", "-", noBreak, " ").Replace(text)
}

// noBreak stands for a blank that is not to be broken at: a character of private use, one
// cell wide, since no-break spaces of the text's own stay as they are.
const noBreak = "\ue000"

// together puts noBreak into a text: between a number and its unit, a day, its month and its
// year, a flag and its value, this program's name and its command, and in a command between
// backquotes. What would be longer than a line stays breakable.
func together(text string, width int) string {
	words := strings.Split(text, " ")
	var b strings.Builder
	held := 0       // cells of what stays together so far
	quoted := false // whether it is between backquotes
	for i, word := range words {
		n := ansi.StringWidth(word)
		switch {
		case i == 0:
		case held+1+n <= width && (quoted || belong(ansi.Strip(words[i-1]), ansi.Strip(word))):
			n += held + 1
			b.WriteString(noBreak)
		default:
			b.WriteByte(' ')
		}
		held = n
		quoted = quoted != (strings.Count(word, "`")%2 == 1)
		b.WriteString(word)
	}
	return b.String()
}

// belong reports whether two words that follow each other are read as one.
func belong(first, second string) bool {
	first = strings.TrimLeft(first, "(\"'")
	unit := strings.TrimRight(second, ".,;:)\"'")
	if first == "" || unit == "" {
		return false
	}
	switch {
	case isDigit(first[0]) && isDigit(first[len(first)-1]):
		return isLetter(unit[0]) && (len(unit) <= 3 || strings.Contains(" seconds minutes hours days months years ", " "+strings.TrimSuffix(unit, "s")+"s "))
	case len(first) == 3 && strings.Contains("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", first):
		return len(unit) == 4 && isDigit(unit[0])
	case strings.HasPrefix(first, "--"):
		return !strings.ContainsAny(first, "=,.;:)") && second[0] != '-'
	}
	return first == "saasconnect" && (isLetter(unit[0]) || unit[0] == '-')
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// Indent puts n blanks before every line.
func Indent(text string, n int) string {
	pad := strings.Repeat(" ", max(n, 0))
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = pad + l
		}
	}
	return strings.Join(lines, "\n")
}

// WithMark wraps text so that its second and later lines stand under the first one's text,
// behind a mark: "✓ text".
func WithMark(mark, text string, width int) string {
	w := ansi.StringWidth(mark) + 1
	body := Wrap(text, width-w)
	return mark + " " + IndentRest(body, w)
}

// IndentRest indents the second and later lines of text by n blanks: its first line stands
// behind something of that width.
func IndentRest(text string, n int) string {
	return strings.TrimPrefix(Indent(text, n), strings.Repeat(" ", n))
}

// PadTo fills a line with blanks up to a width.
func PadTo(line string, width int) string {
	return line + strings.Repeat(" ", max(0, width-ansi.StringWidth(line)))
}

// Terminals without Unicode. What the wizard draws itself has marks of its own for them
// (style.go). What others wrote, sentences of package connector and names that a site
// gave, is spelled here, and nothing outside ASCII ever leaves the frame: such a terminal
// would show each byte as a letter, and every column after it would be wrong.

// Spell writes a text with the letters this terminal has, before it is laid out.
func (l *Theme) Spell(text string) string {
	if !l.Ascii {
		return text
	}
	return strings.NewReplacer("…", "...", " · ", " "+l.Marks.Dot+" ", "→", "->", "–", "-", "•", "*").Replace(text)
}

// Clip cuts one line to a width, and says so where something was cut.
func (l *Theme) Clip(line string, width int) string {
	return ansi.Truncate(line, max(width, 0), l.Ellipsis())
}

// PlainASCII is the last look at a frame: what is still no ASCII is a question mark for each
// of its columns, so that all others stay where they are.
func (l *Theme) PlainASCII(frame string) string {
	if !l.Ascii {
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
