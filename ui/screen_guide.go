package ui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/progress"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
)

// guideScreen walks through making a token, one step a page: a picture of the page with
// the thing to click marked on it, since people look rather than read.
type guideScreen struct {
	stage
	keys  keyMap
	steps []connector.Step
	at    int
	note  said
}

func newGuide(on stage) screen {
	g := &guideScreen{stage: on, keys: newKeys(), steps: connector.Walkthrough(on.setup.product(), on.setup.Draft.Site())}
	g.at = min(max(on.setup.Step, 0), len(g.steps)-1)
	return g
}

// reading reports whether the guide was opened just to be read, from home.
func (g *guideScreen) reading() bool { return g.setup.product() == "" }

func (g *guideScreen) Title() (string, string) {
	where := fmt.Sprintf("%s  step %d of %d", g.dots(), g.at+1, len(g.steps))
	if g.look.width < 60 {
		where = fmt.Sprintf("%d of %d", g.at+1, len(g.steps))
	}
	switch {
	case g.reading():
		return "Create a token", where
	case g.look.width < 60:
		return g.setup.title(), where
	}
	return g.setup.title() + " " + g.look.mark.dot + " create a token", where
}

// Page is the step.
func (g *guideScreen) Page() int { return g.at }

// dots are how far the walkthrough has come, drawn by the progress bar with a dot a step.
func (g *guideScreen) dots() string {
	full, empty := []rune(g.look.mark.full)[0], []rune(g.look.mark.empty)[0]
	bar := progress.New(progress.WithWidth(len(g.steps)), progress.WithoutPercentage(), progress.WithFillCharacters(full, empty),
		progress.WithColors(g.look.accent.GetForeground()))
	bar.EmptyColor = g.look.faint.GetForeground()
	return bar.ViewAs(float64(g.at+1) / float64(len(g.steps)))
}

func (g *guideScreen) Help() string {
	return "The token is made in your browser, on Atlassian's pages. If a page looks different from its picture here, follow the words on the buttons. The page with your API tokens, whose address the first step has, is step 6."
}

func (g *guideScreen) Keys() []key.Binding {
	next := g.keys.next
	if g.last() {
		next = named(next, "I have copied it")
		if g.reading() {
			next = named(next, "done")
		}
	}
	keys := []key.Binding{next}
	if g.at > 0 {
		keys = append(keys, g.keys.prev)
	}
	link := g.steps[g.at].Link != ""
	if link && g.world.Browse != nil {
		keys = append(keys, g.keys.open)
	}
	if link {
		keys = append(keys, g.keys.copy)
	}
	if !g.reading() {
		keys = append(keys, g.keys.skip)
	}
	if g.at == connector.StepCreate {
		keys = append(keys, g.keys.draft)
	}
	return append(keys, g.keys.leave)
}

func (g *guideScreen) last() bool { return g.at == len(g.steps)-1 }

func (g *guideScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case openedMsg:
		if msg.ticket == g.ticket {
			g.note = msg.said()
			g.atTheTokens(msg.err == nil)
		}
	case copiedMsg:
		if msg.ticket == g.ticket {
			g.note = g.copied(msg, selectIt)
			g.atTheTokens(true)
		}
	case tea.KeyPressMsg:
		return g.press(msg)
	}
	return still, nil
}

func (g *guideScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	g.note = said{}
	link := g.steps[g.at].Link
	switch {
	case key.Matches(msg, g.keys.next):
		return g.forward(), nil
	case key.Matches(msg, g.keys.prev):
		g.turn(max(g.at-1, 0))
	case key.Matches(msg, g.keys.skip) && !g.reading():
		return done, nil
	case key.Matches(msg, g.keys.open) && link != "" && g.world.Browse != nil:
		return still, g.browse(link)
	case key.Matches(msg, g.keys.copy) && link != "":
		return still, g.copy("link", link)
	case key.Matches(msg, g.keys.draft) && g.at == connector.StepCreate:
		g.setup.TextTitle = "Ask an admin to allow API tokens"
		g.setup.Text = connector.BlockedMessage(g.setup.product(), g.setup.Draft.Site())
		return message, nil
	}
	return still, nil
}

// atTheTokens turns to the step for the page with the tokens, for who took the short way.
func (g *guideScreen) atTheTokens(there bool) {
	if there && g.at < connector.StepCreate {
		g.turn(connector.StepCreate)
	}
}

func (g *guideScreen) forward() event {
	switch {
	case !g.last():
		g.turn(g.at + 1)
		return still
	case g.reading():
		return done
	}
	g.setup.Walked = true
	return done
}

// turn remembers the page, for who comes back.
func (g *guideScreen) turn(to int) { g.at, g.setup.Step = to, to }

func (g *guideScreen) View() (string, int) {
	step, w := g.steps[g.at], g.look.width
	var b strings.Builder
	if note := g.note.view(g.look); note != "" { // on top: below a long step it would be out of sight
		b.WriteString(note + "\n\n")
	}
	if g.at == 0 {
		b.WriteString(g.look.bold.Render(wrap(g.lead(), w)) + "\n" + g.link(step.Link) + "\n\n" + g.look.faint.Render("By hand, in eight steps:") + "\n")
	}
	b.WriteString(g.look.bold.Render(wrap(step.Title, w)) + "\n")
	for i, words := range step.Words {
		if g.at == connector.StepCreate && i == len(step.Words)-1 { // the words about a blocked button
			words += " Press m to draft a message to them."
		}
		b.WriteString(wrap(words, w) + "\n")
	}
	b.WriteString("\n" + g.picture(step) + "\n")
	if step.Note != "" {
		b.WriteString(hang(g.look.warn.Render(g.look.mark.warn), step.Note, w) + "\n")
	}
	if g.at == connector.StepCreate {
		b.WriteString(g.link(step.Link) + "\n")
	}
	return b.String(), -1
}

// lead is the one thing to do first.
func (g *guideScreen) lead() string {
	if g.world.Browse != nil {
		return "Press o to open " + connector.Shortcut + ":"
	}
	return "Open " + connector.Shortcut + ":"
}

// link is the address, whole, however narrow the window is.
func (g *guideScreen) link(to string) string {
	return ansi.Hardwrap(g.look.hyperlink(to), g.look.width, false)
}

// picture draws the step's page, with the thing to click in the accent colour. Below a
// certain width it is as wide as the window.
func (g *guideScreen) picture(step connector.Step) string {
	d := step.Picture.Draw(g.look.width, g.look.ascii)
	for i, line := range d.Lines {
		if i == d.Line {
			r := []rune(line)
			to := min(d.To, len(r))
			from := min(d.From, to)
			d.Lines[i] = string(r[:from]) + g.marked(r[from:to]) + string(r[to:])
		}
		if pointer := strings.Trim(line, "│| "); i == d.Line+1 && d.Line >= 0 && pointer != "" {
			d.Lines[i] = strings.Replace(line, pointer, g.look.accent.Render(pointer), 1)
		}
	}
	return strings.Join(d.Lines, "\n")
}

// marked is the thing to click. A button's ends are half blocks: they carry the colour
// themselves, and reversed they would leave a gap between the end and the words.
func (g *guideScreen) marked(r []rune) string {
	if len(r) < 2 || r[0] != '▐' {
		return g.look.target.Render(string(r))
	}
	end := len(r) - 1
	return g.look.accent.Render(string(r[:1])) + g.look.target.Render(string(r[1:end])) + g.look.accent.Render(string(r[end:]))
}
