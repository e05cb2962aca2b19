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
	a.look.width = max(a.frameWidth()-2*a.margin(), 1)
	if !a.wide() {
		a.look.width = min(maxContent, a.look.width)
	}
	a.look.rows = max(a.height-a.chrome(), 1)
	a.scroll.SetWidth(a.look.width)
	a.scroll.SetHeight(a.look.rows)
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
	if a.world.Practice != nil {
		return 5
	}
	return 4
}

// layout puts the screen's content into the scrolling window and keeps its focus in sight.
func (a *App) layout() {
	content, focus := a.content()
	lines := strings.Split(strings.TrimRight(content, "\n"), "\n")
	for i := range lines {
		lines[i] = a.look.clip(lines[i], a.look.width)
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
	return onScreen(a.look.plainly(a.frame()))
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
	if a.width < minWidth || a.height < minHeight {
		return wrap("This window is too small: 40 columns by 12 lines are needed.", a.width)
	}
	width := a.frameWidth()
	var out []string
	if p := a.world.Practice; p != nil {
		bar := " PRACTICE, nothing here is real "
		if width >= 60 { // less would leave half a word of what is pretended
			bar = a.look.clip(bar+a.look.mark.dot+" "+p.Title, width)
		}
		out = append(out, a.look.bar.Render(padTo(bar, width)))
	}
	rule := " " + a.look.faint.Render(strings.Repeat(a.look.mark.rule, width-2))
	out = append(out, a.titleLine(width), rule)
	out = append(out, strings.Split(indent(a.scroll.View(), a.margin()), "\n")...)
	out = append(out, a.lowerRule(width), " "+a.footer(width-2))
	text := strings.Join(out, "\n")
	if a.width >= wideFrom {
		text = indent(text, (a.width-width)/2)
	}
	return text
}

func (a *App) titleLine(width int) string {
	what, where := a.screen.Title()
	if ansi.StringWidth(what)+2+ansi.StringWidth(where) > width-2 {
		where = "" // half a word says nothing
	}
	left := a.look.clip(what, width-2-ansi.StringWidth(where)-1)
	gap := max(width-2-ansi.StringWidth(left)-ansi.StringWidth(where), 1)
	return " " + a.look.bold.Render(left) + strings.Repeat(" ", gap) + a.look.faint.Render(where)
}

// lowerRule says how much lies below the window.
func (a *App) lowerRule(width int) string {
	hidden := a.scroll.TotalLineCount() - a.scroll.YOffset() - a.scroll.Height()
	note := ""
	if hidden > 0 || a.scroll.YOffset() > 0 {
		note = " pgup/pgdn "
		if hidden > 0 {
			note = " " + a.look.mark.more + " " + connector.Plural(hidden, "more line") + " " + a.look.mark.dot + " pgdn "
		}
	}
	line := strings.Repeat(a.look.mark.rule, max(width-2-ansi.StringWidth(note)-2, 0))
	if note == "" {
		return " " + a.look.faint.Render(line+strings.Repeat(a.look.mark.rule, 2))
	}
	return " " + a.look.faint.Render(line+note+strings.Repeat(a.look.mark.rule, 2))
}

// footer shows the screen's keys, as many as fit.
func (a *App) footer(width int) string {
	h := help.New()
	h.ShortSeparator = " " + a.look.mark.dot + " "
	h.Styles.ShortKey, h.Styles.ShortDesc = a.look.key, a.look.faint
	h.Styles.ShortSeparator, h.Styles.Ellipsis = a.look.faint, a.look.faint
	if a.look.ascii {
		h.Ellipsis = "..."
	}
	keys := append([]key.Binding{}, a.screen.Keys()...)
	if a.helping {
		keys = []key.Binding{bind("any key", "close help", "esc")}
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
	if !a.look.ascii {
		return keys
	}
	out := make([]key.Binding, len(keys))
	names := strings.NewReplacer("↑", "up", "↓", "down", "→", "right", "←", "left")
	for i, k := range keys {
		out[i] = bind(names.Replace(k.Help().Key), k.Help().Desc, k.Keys()...)
	}
	return out
}

// helpKeyWidth is the width of the keys in the help.
const helpKeyWidth = 11

// helpText lists what the keys of this screen do, and what the screen is for.
func (a *App) helpText() string {
	var b strings.Builder
	if about := a.screen.Help(); about != "" {
		b.WriteString(wrap(about, min(a.look.width, maxContent)) + "\n\n")
	}
	keys := slices.Concat(a.screen.Keys(), a.screen.More())
	more := map[string]string{} // what says more than the footer has room for
	for _, k := range a.screen.More() {
		more[k.Help().Key] = k.Help().Desc
	}
	copying := a.clipboardHelp(keys)
	keys = append(keys, bind("esc", "back", "esc"), a.keys.pageDown, a.keys.pageUp)
	if a.world.Suspend != nil {
		keys = append(keys, a.keys.suspend)
	}
	if !a.screen.Typing() {
		keys = append(keys, a.keys.quit)
	}
	keys = append(keys, a.keys.interrupt)
	seen := map[string]bool{}
	for _, k := range a.spelled(keys) {
		if h := k.Help(); !seen[h.Key] && h.Key != "" {
			seen[h.Key] = true
			desc := wrap(cmp.Or(more[h.Key], h.Desc), min(a.look.width, maxContent)-helpKeyWidth)
			b.WriteString(a.look.key.Render(padTo(h.Key, helpKeyWidth)) + behind(desc, helpKeyWidth) + "\n")
		}
	}
	if copying != "" {
		b.WriteString("\n" + wrap(copying, min(a.look.width, maxContent)) + "\n")
	}
	return b.String()
}

// whereabouts shows the four parts of connecting, and which one this is.
func whereabouts(l *look, at int) string {
	parts := []string{"Product", "Token", "Connection", "Check"}
	if l.width < 60 {
		return parts[at]
	}
	for i, p := range parts {
		if i == at {
			parts[i] = l.chosen.Render(p)
		} else {
			parts[i] = l.faint.Render(p)
		}
	}
	return strings.Join(parts, l.faint.Render(" "+l.mark.dot+" "))
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
	case key.Matches(msg, a.keys.pageUp):
		a.scroll.HalfPageUp()
	case key.Matches(msg, a.keys.pageDown):
		a.scroll.HalfPageDown()
	case key.Matches(msg, a.keys.up) && a.reading():
		a.scroll.ScrollUp(1)
	case key.Matches(msg, a.keys.down) && a.reading():
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
