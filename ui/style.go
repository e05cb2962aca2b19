package ui

import (
	"charm.land/bubbles/v2/spinner"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
)

// The look: one accent, a few meanings, built once for a dark and once for a light
// background. A colour is never the only bearer of a meaning: each mark has a shape, and
// a word beside it. The hues (hues.go) have a contrast of 4.5 and more on their ground.

// look is how things are drawn, and how wide. Screens share one; App alone changes it.
type look struct {
	dark  bool
	ascii bool
	few   bool // the terminal has 16 colours
	width int  // columns of content
	rows  int  // lines of content

	accent, good, bad, warn, faint, bold lipgloss.Style
	key, link, target, bar, chosen       lipgloss.Style

	mark   marks
	fields *huh.Styles // how huh draws
}

// marks are the shapes that stand for a verdict and the like.
type marks struct {
	ok, bad, warn, dot, pointer, bullet, full, empty, rule, star, more, arrow, dash, picked string
	spin                                                                                    []string
}

func unicodeMarks() marks {
	return marks{
		ok: "✓", bad: "✗", warn: "!", dot: "·", pointer: "❯", bullet: "•", full: "●", empty: "○",
		rule: "─", star: "•", more: "↓", arrow: "→", dash: "–", picked: "●",
		spin: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	}
}

func asciiMarks() marks {
	return marks{
		ok: "+", bad: "x", warn: "!", dot: ".", pointer: ">", bullet: "-", full: "#", empty: ".",
		rule: "-", star: "*", more: "v", arrow: "->", dash: "-", picked: "*",
		spin: []string{"|", "/", "-", "\\"},
	}
}

func newLook(ascii bool) *look {
	l := &look{ascii: ascii, width: 76, rows: 20, mark: unicodeMarks()}
	if ascii {
		l.mark = asciiMarks()
	}
	l.paint(true)
	return l
}

// paint makes the styles for a dark or a light background.
func (l *look) paint(dark bool) {
	l.dark = dark
	h := huesFor(dark, l.few)
	s := lipgloss.NewStyle
	l.accent = s().Foreground(h.accent)
	l.good = s().Foreground(h.good)
	l.bad = s().Foreground(h.bad)
	l.warn = s().Foreground(h.warn)
	l.faint = s().Foreground(h.faint)
	l.bold = s().Bold(true)
	l.key = s().Foreground(h.key)
	l.chosen = l.accent.Bold(true)
	l.link = s().Foreground(h.accent).Underline(true)
	l.target = s().Bold(true).Reverse(true).Foreground(h.accent)
	l.bar = s().Bold(true).Foreground(h.onBar).Background(h.bar)
	l.fields = l.fieldStyles()
}

// theme is the look for huh's fields. It closes over the look, since huh tells only the
// selected group when the background turns out to be light. huh asks for it many times a
// frame, so the styles are made in paint.
func (l *look) theme() huh.Theme {
	return huh.ThemeFunc(func(bool) *huh.Styles { return l.fields })
}

func (l *look) fieldStyles() *huh.Styles {
	t := huh.ThemeBase(l.dark)
	t.Focused.Base = lipgloss.NewStyle()
	t.Focused.Title = l.accent.Bold(true).Width(titleWidth)
	t.Focused.SelectSelector = l.accent.Bold(true).SetString(l.mark.pointer + " ")
	t.Focused.Option = lipgloss.NewStyle()
	t.Focused.SelectedOption = l.accent.Bold(true)
	t.Focused.UnselectedOption = lipgloss.NewStyle()
	t.Focused.TextInput.Placeholder = l.faint
	t.Focused.TextInput.Prompt = l.accent
	t.Focused.TextInput.Cursor = l.accent
	t.Blurred = t.Focused
	t.Blurred.Title = lipgloss.NewStyle().Width(titleWidth)
	t.Blurred.TextInput.Prompt = lipgloss.NewStyle()
	return t
}

// minWidth is the columns of the smallest window.
const minWidth = 40

// titleWidth is the width of the labels before the form's fields.
const titleWidth = 12

// hyperlink is an address that terminals which know OSC 8 open on a click; the address
// itself stays in sight for all others.
func (l *look) hyperlink(url string) string {
	return l.link.Hyperlink(url).Render(url)
}

// ellipsis ends a sentence about something that is going on.
func (l *look) ellipsis() string {
	if l.ascii {
		return "..."
	}
	return "…"
}

// verdictMark is a verdict's mark. A word always stands beside it.
func (l *look) verdictMark(v connector.Verdict) string {
	switch v {
	case connector.Working:
		return l.good.Render(l.mark.ok)
	case connector.Attention:
		return l.warn.Render(l.mark.warn)
	case connector.Failing:
		return l.bad.Render(l.mark.bad)
	case connector.Unknown:
		return l.warn.Render("?")
	case connector.Skipped, connector.Waiting:
	}
	return l.faint.Render(l.mark.dot)
}

// ansiLink is an address on lines of its own, whole in any window.
func ansiLink(l *look, url string) string { return ansi.Hardwrap(l.hyperlink(url), l.width, false) }

// newSpinner has no colour of its own: whether the ground is dark is often known only after
// a screen was opened, so each screen renders it in the look as it is then.
func newSpinner(l *look) spinner.Model {
	return spinner.New(spinner.WithSpinner(spinner.Spinner{Frames: l.mark.spin, FPS: spinner.Dot.FPS}))
}
