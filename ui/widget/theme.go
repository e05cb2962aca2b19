package widget

import (
	"charm.land/bubbles/v2/spinner"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
)

// The look: one accent, a few meanings, built once for a dark and once for a light
// background. A color is never the only bearer of a meaning: each mark has a shape, and
// a word beside it. The hues (hues.go) have a contrast of 4.5 and more on their ground.

// Theme is how things are drawn, and how wide. Screens share one; App alone changes it.
type Theme struct {
	Dark      bool
	Ascii     bool
	FewColors bool // the terminal has 16 colors
	Width     int  // columns of content
	Rows      int  // lines of content

	Accent, Good, Bad, Warn, Faint, Bold lipgloss.Style
	Key, link, Target, Bar, Chosen       lipgloss.Style

	Marks     marks
	huhStyles *huh.Styles // how huh draws
}

// marks are the shapes that stand for a verdict and the like.
type marks struct {
	Ok, Bad, Warn, Dot, Pointer, Bullet, Full, Empty, Rule, Star, More, Arrow, Dash, Picked string
	spin                                                                                    []string
}

func unicodeMarks() marks {
	return marks{
		Ok: "✓", Bad: "✗", Warn: "!", Dot: "·", Pointer: "❯", Bullet: "•", Full: "●", Empty: "○",
		Rule: "─", Star: "•", More: "↓", Arrow: "→", Dash: "–", Picked: "●",
		spin: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	}
}

func asciiMarks() marks {
	return marks{
		Ok: "+", Bad: "x", Warn: "!", Dot: ".", Pointer: ">", Bullet: "-", Full: "#", Empty: ".",
		Rule: "-", Star: "*", More: "v", Arrow: "->", Dash: "-", Picked: "*",
		spin: []string{"|", "/", "-", "\\"},
	}
}

func NewTheme(ascii bool) *Theme {
	l := &Theme{Ascii: ascii, Width: 76, Rows: 20, Marks: unicodeMarks()}
	if ascii {
		l.Marks = asciiMarks()
	}
	l.SetDark(true)
	return l
}

// SetDark makes the styles for a dark or a light background.
func (l *Theme) SetDark(dark bool) {
	l.Dark = dark
	h := paletteFor(dark, l.FewColors)
	s := lipgloss.NewStyle
	l.Accent = s().Foreground(h.accent)
	l.Good = s().Foreground(h.good)
	l.Bad = s().Foreground(h.bad)
	l.Warn = s().Foreground(h.warn)
	l.Faint = s().Foreground(h.faint)
	l.Bold = s().Bold(true)
	l.Key = s().Foreground(h.key)
	l.Chosen = l.Accent.Bold(true)
	l.link = s().Foreground(h.accent).Underline(true)
	l.Target = s().Bold(true).Reverse(true).Foreground(h.accent)
	l.Bar = s().Bold(true).Foreground(h.onBar).Background(h.bar)
	l.huhStyles = l.fieldStyles()
}

// theme is the look for huh's fields. It closes over the look, since huh tells only the
// selected group when the background turns out to be light. huh asks for it many times a
// frame, so the styles are made in paint.
func (l *Theme) theme() huh.Theme {
	return huh.ThemeFunc(func(bool) *huh.Styles { return l.huhStyles })
}

func (l *Theme) fieldStyles() *huh.Styles {
	t := huh.ThemeBase(l.Dark)
	t.Focused.Base = lipgloss.NewStyle()
	t.Focused.Title = l.Accent.Bold(true).Width(TitleWidth)
	t.Focused.SelectSelector = l.Accent.Bold(true).SetString(l.Marks.Pointer + " ")
	t.Focused.Option = lipgloss.NewStyle()
	t.Focused.SelectedOption = l.Accent.Bold(true)
	t.Focused.UnselectedOption = lipgloss.NewStyle()
	t.Focused.TextInput.Placeholder = l.Faint
	t.Focused.TextInput.Prompt = l.Accent
	t.Focused.TextInput.Cursor = l.Accent
	t.Blurred = t.Focused
	t.Blurred.Title = lipgloss.NewStyle().Width(TitleWidth)
	t.Blurred.TextInput.Prompt = lipgloss.NewStyle()
	return t
}

// MinWidth is the columns of the smallest window.
const MinWidth = 40

// TitleWidth is the width of the labels before the form's fields.
const TitleWidth = 12

// Hyperlink is an address that terminals which know OSC 8 open on a click; the address
// itself stays in sight for all others.
func (l *Theme) Hyperlink(url string) string {
	return l.link.Hyperlink(url).Render(url)
}

// Ellipsis ends a sentence about something that is going on.
func (l *Theme) Ellipsis() string {
	if l.Ascii {
		return "..."
	}
	return "…"
}

// VerdictMark is a verdict's mark. A word always stands beside it.
func (l *Theme) VerdictMark(v connector.Verdict) string {
	switch v {
	case connector.Working:
		return l.Good.Render(l.Marks.Ok)
	case connector.Attention:
		return l.Warn.Render(l.Marks.Warn)
	case connector.Failing:
		return l.Bad.Render(l.Marks.Bad)
	case connector.Unknown:
		return l.Warn.Render("?")
	case connector.Skipped, connector.Waiting:
	}
	return l.Faint.Render(l.Marks.Dot)
}

// LinkLines is an address on lines of its own, whole in any window.
func LinkLines(l *Theme, url string) string { return ansi.Hardwrap(l.Hyperlink(url), l.Width, false) }

// NewSpinner has no color of its own: whether the ground is dark is often known only after
// a screen was opened, so each screen renders it in the look as it is then.
func NewSpinner(l *Theme) spinner.Model {
	return spinner.New(spinner.WithSpinner(spinner.Spinner{Frames: l.Marks.spin, FPS: spinner.Dot.FPS}))
}
