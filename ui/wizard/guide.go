package wizard

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/progress"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// guideScreen walks through making a token, one step a page: a picture of the page with
// the thing to click marked on it, since people look rather than read.
type guideScreen struct {
	ui.Base
	keys  widget.KeyMap
	steps []connector.Step
	at    int
	note  ui.Note
}

func newGuide(on ui.Base) ui.Screen {
	g := &guideScreen{Base: on, keys: widget.NewKeys(), steps: connector.Walkthrough(on.Setup.Product(), on.Setup.Draft.Site())}
	g.at = min(max(on.Setup.Step, 0), len(g.steps)-1)
	return g
}

// reading reports whether the guide was opened just to be read, from home.
func (g *guideScreen) reading() bool { return g.Setup.Product() == "" }

func (g *guideScreen) Title() (string, string) {
	where := fmt.Sprintf("%s  step %d of %d", g.dots(), g.at+1, len(g.steps))
	if g.Theme.Width < 60 {
		where = fmt.Sprintf("%d of %d", g.at+1, len(g.steps))
	}
	switch {
	case g.reading():
		return "Create a token", where
	case g.Theme.Width < 60:
		return g.Setup.Title(), where
	}
	return g.Setup.Title() + " " + g.Theme.Marks.Dot + " create a token", where
}

// Page is the step.
func (g *guideScreen) Page() int { return g.at }

// dots are how far the walkthrough has come, drawn by the progress bar with a dot a step.
func (g *guideScreen) dots() string {
	full, empty := []rune(g.Theme.Marks.Full)[0], []rune(g.Theme.Marks.Empty)[0]
	bar := progress.New(progress.WithWidth(len(g.steps)), progress.WithoutPercentage(), progress.WithFillCharacters(full, empty),
		progress.WithColors(g.Theme.Accent.GetForeground()))
	bar.EmptyColor = g.Theme.Faint.GetForeground()
	return bar.ViewAs(float64(g.at+1) / float64(len(g.steps)))
}

func (g *guideScreen) Help() string {
	return "You create the token in your browser, on Atlassian's pages. If a page looks different from the picture here, follow the words on the buttons. The first step has the address of your token page, which is step 6."
}

func (g *guideScreen) Keys() []key.Binding {
	next := g.keys.Next
	if g.last() {
		next = widget.Named(next, "I have copied it")
		if g.reading() {
			next = widget.Named(next, "done")
		}
	}
	keys := []key.Binding{next}
	if g.at > 0 {
		keys = append(keys, g.keys.Prev)
	}
	link := g.steps[g.at].Link != ""
	if link && g.Deps.Browse != nil {
		keys = append(keys, g.keys.Open)
	}
	if link {
		keys = append(keys, g.keys.Copy)
	}
	if !g.reading() {
		keys = append(keys, g.keys.Skip)
	}
	if g.at == connector.StepCreate {
		keys = append(keys, g.keys.Draft)
	}
	return append(keys, g.keys.Leave)
}

func (g *guideScreen) last() bool { return g.at == len(g.steps)-1 }

func (g *guideScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.OpenedMsg:
		if msg.Request == g.Request {
			g.note = msg.Note()
			g.atTheTokens(msg.Err == nil)
		}
	case ui.CopiedMsg:
		if msg.Request == g.Request {
			g.note = g.CopiedNote(msg, ui.SelectIt)
			g.atTheTokens(true)
		}
	case tea.KeyPressMsg:
		return g.press(msg)
	}
	return ui.None, nil
}

func (g *guideScreen) press(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	g.note = ui.Note{}
	link := g.steps[g.at].Link
	switch {
	case key.Matches(msg, g.keys.Next):
		return g.forward(), nil
	case key.Matches(msg, g.keys.Prev):
		g.turn(max(g.at-1, 0))
	case key.Matches(msg, g.keys.Skip) && !g.reading():
		return ui.Done, nil
	case key.Matches(msg, g.keys.Open) && link != "" && g.Deps.Browse != nil:
		return ui.None, g.Browse(link)
	case key.Matches(msg, g.keys.Copy) && link != "":
		return ui.None, g.Copy("link", link)
	case key.Matches(msg, g.keys.Draft) && g.at == connector.StepCreate:
		g.Setup.TextTitle = "Ask an admin to allow API tokens"
		g.Setup.Text = connector.BlockedMessage(g.Setup.Product(), g.Setup.Draft.Site())
		return ui.WriteMessage, nil
	}
	return ui.None, nil
}

// atTheTokens turns to the step for the page with the tokens, for who took the short way.
func (g *guideScreen) atTheTokens(there bool) {
	if there && g.at < connector.StepCreate {
		g.turn(connector.StepCreate)
	}
}

func (g *guideScreen) forward() ui.Event {
	switch {
	case !g.last():
		g.turn(g.at + 1)
		return ui.None
	case g.reading():
		return ui.Done
	}
	g.Setup.Walked = true
	return ui.Done
}

// turn remembers the page, for who comes back.
func (g *guideScreen) turn(to int) { g.at, g.Setup.Step = to, to }

func (g *guideScreen) View() (string, int) {
	step, w := g.steps[g.at], g.Theme.Width
	var b strings.Builder
	if note := g.note.View(g.Theme); note != "" { // on top: below a long step it would be out of sight
		b.WriteString(note + "\n\n")
	}
	if g.at == 0 {
		b.WriteString(g.Theme.Bold.Render(widget.Wrap(g.lead(), w)) + "\n" + g.link(step.Link) + "\n\n" + g.Theme.Faint.Render("By hand, in eight steps:") + "\n")
	}
	b.WriteString(g.Theme.Bold.Render(widget.Wrap(step.Title, w)) + "\n")
	for i, words := range step.Words {
		if g.at == connector.StepCreate && i == len(step.Words)-1 { // the words about a blocked button
			words += " Press m to draft a message to them."
		}
		b.WriteString(widget.Wrap(words, w) + "\n")
	}
	b.WriteString("\n" + g.picture(step) + "\n")
	if step.Note != "" {
		b.WriteString(widget.WithMark(g.Theme.Warn.Render(g.Theme.Marks.Warn), step.Note, w) + "\n")
	}
	if g.at == connector.StepCreate {
		b.WriteString(g.link(step.Link) + "\n")
	}
	return b.String(), -1
}

// lead is the one thing to do first.
func (g *guideScreen) lead() string {
	if g.Deps.Browse != nil {
		return "Press o to open " + connector.Shortcut + ":"
	}
	return "Open " + connector.Shortcut + ":"
}

// link is the address, whole, however narrow the window is.
func (g *guideScreen) link(to string) string {
	return ansi.Hardwrap(g.Theme.Hyperlink(to), g.Theme.Width, false)
}

// picture draws the step's page, with the thing to click in the accent color. Below a
// certain width it is as wide as the window.
func (g *guideScreen) picture(step connector.Step) string {
	d := step.Picture.Draw(g.Theme.Width, g.Theme.Ascii)
	for i, line := range d.Lines {
		if i == d.Line {
			r := []rune(line)
			to := min(d.To, len(r))
			from := min(d.From, to)
			d.Lines[i] = string(r[:from]) + g.marked(r[from:to]) + string(r[to:])
		}
		if pointer := strings.Trim(line, "│| "); i == d.Line+1 && d.Line >= 0 && pointer != "" {
			d.Lines[i] = strings.Replace(line, pointer, g.Theme.Accent.Render(pointer), 1)
		}
	}
	return strings.Join(d.Lines, "\n")
}

// marked is the thing to click. A button's ends are half blocks: they carry the color
// themselves, and reversed they would leave a gap between the end and the words.
func (g *guideScreen) marked(r []rune) string {
	if len(r) < 2 || r[0] != '▐' {
		return g.Theme.Target.Render(string(r))
	}
	end := len(r) - 1
	return g.Theme.Accent.Render(string(r[:1])) + g.Theme.Target.Render(string(r[1:end])) + g.Theme.Accent.Render(string(r[end:]))
}
