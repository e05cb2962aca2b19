package ui

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/ui/widget"
)

// The one frame of every screen: a title line, a rule, the content, a rule, and the
// footer made from the screen's own keys. It never jumps: content that is longer than
// the window scrolls inside, and says so in the lower rule.

const (
	maxContent = 84 // columns of content at most
	maxFrame   = 90 // columns of the frame at most
	wideFrom   = 140
	minHeight  = 12
)

// resize fits the look to the window. Sizes of nothing and less are taken as the
// smallest window.
func (a *App) resize(width, height int) {
	a.width, a.height = max(width, 1), max(height, 1)
	a.fit()
	if a.inner != nil {
		a.inner.resize(width, height)
		a.inner.layout()
	}
	if a.screen != nil {
		a.layout()
	}
}

// fit gives the screen its room: text is read in a block, and what has many columns takes the whole
// width of the window.
func (a *App) fit() {
	a.theme.Width = max(a.frameWidth()-2*a.margin(), 1)
	if !a.wide() {
		a.theme.Width = min(maxContent, a.theme.Width)
	}
	a.theme.Rows = max(a.height-a.chrome(), 1)
	a.scroll.SetWidth(a.theme.Width)
	a.scroll.SetHeight(a.theme.Rows)
}

// wide reports whether the screen takes the whole width of the window.
func (a *App) wide() bool { return a.screen != nil && a.screen.Wide() }

func (a *App) frameWidth() int {
	if a.wide() {
		return a.width
	}
	return min(a.width, maxFrame)
}

// margin is the blank columns on either side of the content.
func (a *App) margin() int {
	if a.width < 60 {
		return 1
	}
	return 3
}

// chrome is the lines that are not content.
func (a *App) chrome() int {
	if a.deps.Practice != nil {
		return 5
	}
	return 4
}

// layout puts the screen's content into the scrolling window and keeps its focus in sight.
func (a *App) layout() {
	content, focus := a.content()
	lines := strings.Split(strings.TrimRight(content, "\n"), "\n")
	for i := range lines {
		lines[i] = a.theme.Clip(lines[i], a.theme.Width)
	}
	a.scroll.SetContentLines(lines)
	a.focus = focus
	if focus < 0 || a.paged || !a.touched && !a.screen.Typing() {
		return
	}
	top, height := a.scroll.YOffset(), a.scroll.Height()
	switch {
	case focus < height/2 && focus < top:
		a.scroll.SetYOffset(0)
	case focus < top:
		a.scroll.SetYOffset(focus)
	case focus >= top+height-1:
		a.scroll.SetYOffset(min(focus-height+2, max(len(lines)-height, 0)))
	}
}

// content is the screen's, or the help that lies over it.
func (a *App) content() (string, int) {
	if a.helping {
		return a.helpText(), -1
	}
	return a.screen.View()
}

// View draws the frame. It is pure: everything in it was laid out by Update.
func (a *App) View() tea.View {
	if a.inner != nil {
		return a.inner.View()
	}
	if a.over {
		return blank()
	}
	return onScreen(a.theme.PlainASCII(a.frame()))
}

// blank is the wiped screen: GNU screen and the Linux console have no second one to leave.
func blank() tea.View { return onScreen(" ") }

// onScreen is a text on the terminal's other screen. Leaving that before the end would make
// Bubble Tea ask for the keyboard once more.
func onScreen(text string) tea.View {
	v := tea.NewView(text)
	v.AltScreen = true
	v.MouseMode = tea.MouseModeNone // selecting with the mouse, to copy a link, stays the terminal's
	return v
}

func (a *App) frame() string {
	if a.width < widget.MinWidth || a.height < minHeight {
		return widget.Wrap("This window is too small. At least 40 columns by 12 lines are needed.", a.width)
	}
	width := a.frameWidth()
	var out []string
	if p := a.deps.Practice; p != nil {
		bar := " PRACTICE: nothing here is real "
		if width >= 60 { // less would leave half a word of what is pretended
			bar = a.theme.Clip(bar+a.theme.Marks.Dot+" "+p.Title, width)
		}
		out = append(out, a.theme.Bar.Render(widget.PadTo(bar, width)))
	}
	rule := " " + a.theme.Faint.Render(strings.Repeat(a.theme.Marks.Rule, width-2))
	out = append(out, a.titleLine(width), rule)
	out = append(out, strings.Split(widget.Indent(a.scroll.View(), a.margin()), "\n")...)
	out = append(out, a.lowerRule(width), " "+a.footer(width-2))
	text := strings.Join(out, "\n")
	if a.width >= wideFrom {
		text = widget.Indent(text, (a.width-width)/2)
	}
	return text
}

func (a *App) titleLine(width int) string {
	what, where := a.screen.Title()
	if ansi.StringWidth(what)+2+ansi.StringWidth(where) > width-2 {
		where = "" // half a word says nothing
	}
	left := a.theme.Clip(what, width-2-ansi.StringWidth(where)-1)
	gap := max(width-2-ansi.StringWidth(left)-ansi.StringWidth(where), 1)
	return " " + a.theme.Bold.Render(left) + strings.Repeat(" ", gap) + a.theme.Faint.Render(where)
}

// lowerRule says how much lies below the window.
func (a *App) lowerRule(width int) string {
	hidden := a.scroll.TotalLineCount() - a.scroll.YOffset() - a.scroll.Height()
	note := ""
	if hidden > 0 || a.scroll.YOffset() > 0 {
		note = " pgup/pgdn "
		if hidden > 0 {
			note = " " + a.theme.Marks.More + " " + connector.Plural(hidden, "more line") + " " + a.theme.Marks.Dot + " pgdn "
		}
	}
	line := strings.Repeat(a.theme.Marks.Rule, max(width-2-ansi.StringWidth(note)-2, 0))
	if note == "" {
		return " " + a.theme.Faint.Render(line+strings.Repeat(a.theme.Marks.Rule, 2))
	}
	return " " + a.theme.Faint.Render(line+note+strings.Repeat(a.theme.Marks.Rule, 2))
}

// footer shows the screen's keys, as many as fit.
func (a *App) footer(width int) string {
	h := help.New()
	h.ShortSeparator = " " + a.theme.Marks.Dot + " "
	h.Styles.ShortKey, h.Styles.ShortDesc = a.theme.Key, a.theme.Faint
	h.Styles.ShortSeparator, h.Styles.Ellipsis = a.theme.Faint, a.theme.Faint
	if a.theme.Ascii {
		h.Ellipsis = "..."
	}
	keys := append([]key.Binding{}, a.screen.Keys()...)
	if a.helping {
		keys = []key.Binding{widget.Bind("any key", "close help", "esc")}
	}
	for i, k := range keys {
		if a.hidden() && k.Help() == a.keys.Enter.Help() {
			keys[i] = widget.Named(k, "choices") // which Enter brings into sight first
		}
	}
	var shown, last []key.Binding
	if !a.helping {
		last = []key.Binding{a.helpKey()}
	}
	h.SetWidth(0) // what does not fit is left out here, and never the way to the help
	text := func(more ...key.Binding) string {
		return h.ShortHelpView(a.spelled(slices.Concat(shown, more, last)))
	}
	rest := " " + h.Ellipsis
	for i, k := range keys {
		room := width - ansi.StringWidth(rest)
		if i == len(keys)-1 && len(shown) == i {
			room = width // all of them fit
		}
		if ansi.StringWidth(text(k)) <= room {
			shown = append(shown, k)
		}
	}
	if len(shown) == len(keys) {
		return ansi.Truncate(text(), width, "")
	}
	return ansi.Truncate(text()+h.Styles.Ellipsis.Render(rest), width, "")
}

// spelled writes arrows out where the terminal has none.
func (a *App) spelled(keys []key.Binding) []key.Binding {
	if !a.theme.Ascii {
		return keys
	}
	out := make([]key.Binding, len(keys))
	names := strings.NewReplacer("↑", "up", "↓", "down", "→", "right", "←", "left")
	for i, k := range keys {
		out[i] = widget.Bind(names.Replace(k.Help().Key), k.Help().Desc, k.Keys()...)
	}
	return out
}

// helpKeyWidth is the width of the keys in the help.
const helpKeyWidth = 11

// helpText lists what the keys of this screen do, and what the screen is for.
func (a *App) helpText() string {
	var b strings.Builder
	if about := a.screen.Help(); about != "" {
		b.WriteString(widget.Wrap(about, min(a.theme.Width, maxContent)) + "\n\n")
	}
	keys := slices.Concat(a.screen.Keys(), a.screen.More())
	more := map[string]string{} // what says more than the footer has room for
	for _, k := range a.screen.More() {
		more[k.Help().Key] = k.Help().Desc
	}
	copying := a.clipboardHelp(keys)
	keys = append(keys, widget.Bind("esc", "back", "esc"), a.keys.PageDown, a.keys.PageUp)
	if a.deps.Suspend != nil {
		keys = append(keys, a.keys.Suspend)
	}
	if !a.screen.Typing() {
		keys = append(keys, a.keys.Quit)
	}
	keys = append(keys, a.keys.Interrupt)
	seen := map[string]bool{}
	for _, k := range a.spelled(keys) {
		if h := k.Help(); !seen[h.Key] && h.Key != "" {
			seen[h.Key] = true
			desc := widget.Wrap(cmp.Or(more[h.Key], h.Desc), min(a.theme.Width, maxContent)-helpKeyWidth)
			b.WriteString(a.theme.Key.Render(widget.PadTo(h.Key, helpKeyWidth)) + widget.IndentRest(desc, helpKeyWidth) + "\n")
		}
	}
	if copying != "" {
		b.WriteString("\n" + widget.Wrap(copying, min(a.theme.Width, maxContent)) + "\n")
	}
	return b.String()
}

// StepsLine shows the four parts of connecting, and which one this is.
func StepsLine(l *widget.Theme, at int) string {
	parts := []string{"Product", "Token", "Connection", "Check"}
	if l.Width < 60 {
		return parts[at]
	}
	for i, p := range parts {
		if i == at {
			parts[i] = l.Chosen.Render(p)
		} else {
			parts[i] = l.Faint.Render(p)
		}
	}
	return strings.Join(parts, l.Faint.Render(" "+l.Marks.Dot+" "))
}

// What is longer than the window: who moves it, and when its top is shown again.

// scrolls moves long content, where it is longer than the window. Arrows do it too where
// they have nothing to choose, and with them the wheel: terminals send it as arrows while
// a program has the whole screen and leaves the mouse alone.
func (a *App) scrolls(msg tea.KeyPressMsg) bool {
	if a.scroll.TotalLineCount() <= a.scroll.Height() {
		return false
	}
	switch {
	case key.Matches(msg, a.keys.PageUp):
		a.scroll.HalfPageUp()
	case key.Matches(msg, a.keys.PageDown):
		a.scroll.HalfPageDown()
	case key.Matches(msg, a.keys.Up) && a.reading():
		a.scroll.ScrollUp(1)
	case key.Matches(msg, a.keys.Down) && a.reading():
		a.scroll.ScrollDown(1)
	default:
		return false
	}
	a.paged = true
	return true
}

// reading reports whether this is only to be read: no line of it is in focus.
func (a *App) reading() bool {
	if a.screen.Reading() {
		return true
	}
	_, focus := a.content()
	return focus < 0
}
