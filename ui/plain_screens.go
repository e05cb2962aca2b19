package ui

import (
	"fmt"
	"strings"

	"saasconnect/connector"
)

// The screens that are drawn for the eye, told for the ear: a table as sentences, a picture
// as its words, a checklist as it fills. All others are told as they are drawn.

// Tell is what the form knows of its lines; the lines themselves are asked for.
func (f *formScreen) Tell() string {
	var lines []string
	for i := fieldSite; i <= f.last(); i++ {
		if f.closed(i) {
			lines = append(lines, f.line(i))
		}
		if i != fieldSite || !f.looking {
			lines = append(lines, f.under(i))
		}
	}
	lines = append(lines, f.tellSafe())
	if f.note != "" {
		lines = append(lines, f.look.mark.warn+" "+f.note)
	}
	if p := f.world.Practice; p != nil {
		lines = append(lines, p.hint(f.setup, ":practise"))
	}
	return strings.Join(lines, "\n")
}

// tellSafe says where the token will be, once that is known.
func (f *formScreen) tellSafe() string {
	label := f.look.label("Kept in", titleWidth)
	switch {
	case !f.saves() || f.safe == safeUndecided || f.pressed:
		return label + f.keptIn()
	case f.safe == safeProven:
		return label + connector.SafeName(f.setup.storage()) + ", which was tried just now"
	}
	return ""
}

// Field is the line to ask for; none where only Continue is left.
func (f *formScreen) Field() (*inputs, int) {
	if f.at == theButton {
		return nil, 0
	}
	return f.fields, f.at
}

// Waits: Continue was pressed before the safe was tried.
func (f *formScreen) Waits() bool {
	return f.pressed && (f.waiting || f.safe == safeLooking || f.safe == safeTrying)
}

// Tell is a step without its picture: the words name the thing to click.
func (g *guideScreen) Tell() string {
	step := g.steps[g.at]
	var lines []string
	if g.at == 0 {
		lines = append(lines, g.lead()+" "+step.Link, "By hand, in eight steps:")
	}
	lines = append(append(lines, fmt.Sprintf("Step %d of %d. %s", g.at+1, len(g.steps), step.Title)), step.Words...)
	if step.Note != "" {
		lines = append(lines, g.look.mark.warn+" "+step.Note)
	}
	if g.at == connector.StepCreate {
		lines = append(lines, "This page: "+step.Link)
	}
	lines = append(lines, g.note.view(g.look))
	return strings.Join(lines, "\n")
}

// Round and News: a step that is turned back to is said again.
func (g *guideScreen) Round() int { return g.at }

func (g *guideScreen) News() string { return g.Tell() }

// Tell is the checklist in its order, as far as it has come. What is still asked for is
// named once the answer takes its time; how many milliseconds it took is for the eye.
func (c *checkingScreen) Tell() string {
	slow := c.world.Now().Sub(c.began) >= lull
	var lines []string
	for _, f := range c.progress {
		asking := f.Verdict == connector.Waiting || strings.HasSuffix(f.Detail, "…")
		if asking && !slow {
			break
		}
		if asking && f.Detail == "" {
			continue
		}
		line := c.look.verdictMark(f.Verdict) + " " + f.Stage.Title() + ": " + f.Detail
		if asking {
			line = "Still waiting for " + f.Stage.Title() + ": " + strings.TrimRight(f.Detail, " …")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Tell is the text itself.
func (m *messageScreen) Tell() string {
	return m.setup.Text + "\n\n" + m.note.view(m.look)
}

// Tell says what is entered in SaaSAssure, and how the token gets there.
func (h *handoverScreen) Tell() string {
	var lines []string
	if words := h.doubt(); words != "" {
		lines = append(lines, h.look.mark.warn+" "+words, "")
	}
	for i, step := range h.steps() {
		lines = append(lines, fmt.Sprintf("Step %d: %s", i+1, step))
	}
	lines = append(lines, "", "URL: "+h.report().Site.Origin(), "Email: "+h.email())
	if h.look.mute {
		lines = append(lines, "API Token: it is not shown, and this terminal has no clipboard. To hand it to another program, run: saasconnect exec "+h.setup.Saved.Name+" -- COMMAND")
		return strings.Join(lines, "\n")
	}
	// what is written here stays in the terminal, so the token is shown on the screen alone
	lines = append(lines, "API Token: not shown line by line, since it would stay in the terminal's history; t copies it")
	switch {
	case h.asked:
		lines = append(lines, h.look.mark.warn+" The token would be on the clipboard in clear, where other programs can read it and a history may keep it. t once more copies it.")
	case !h.awaiting:
		lines = append(lines, h.note.view(h.look))
	}
	return strings.Join(lines, "\n")
}

// Tell is the list, what needs someone first; while it is re-tested, what has landed.
func (l *listScreen) Tell() string {
	var lines []string
	if n := l.session.notice; n != "" {
		lines = append(lines, l.look.mark.warn+" "+n)
	}
	if l.cancel != nil {
		words := "Re-testing " + connector.Plural(l.total, "connector")
		if l.hidden > 0 {
			words += fmt.Sprintf(", not the %d that were not found", l.hidden)
		}
		lines = append(lines, words+".")
		for _, e := range l.shown {
			if last := e.Last; !l.testing[e.ID] && last != nil {
				lines = append(lines, e.Name+": "+string(last.Verdict)+". "+last.Title+".")
			}
		}
		return strings.Join(lines, "\n")
	}
	if l.outcome != "" {
		lines = append(lines, connector.Capitalize(l.outcome)+".")
	}
	if l.filter != "" {
		lines = append(lines, fmt.Sprintf("%d of %d match %q.", len(l.shown), len(l.session.entries), l.filter))
	} else {
		lines = append(lines, connector.Plural(len(l.shown), "connector")+", what needs attention first. A number opens one.")
	}
	for i, e := range l.shown[:l.count()] {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, l.row(e)))
	}
	if more := len(l.shown) - l.count(); more > 0 {
		lines = append(lines, fmt.Sprintf("%d more: m tells the next, / finds.", more))
	}
	return strings.Join(lines, "\n")
}

// row is a connector in one sentence.
func (l *listScreen) row(e *connector.Entry) string {
	today := connector.DateOf(l.world.Now())
	facts := []string{connector.ProductTitle(e.Product), e.Site.Name()}
	if e.Account != "" {
		facts = append(facts, e.Account)
	}
	last := "never checked"
	if r := e.Last; r != nil {
		last = string(r.Verdict) + " " + connector.Ago(l.world.Now().Sub(r.At))
	}
	ends := strings.TrimLeft(e.EndsWords(today), "! ")
	if !strings.HasPrefix(ends, "ended") {
		ends = "ends " + ends
	}
	return e.Name + ": " + strings.Join(facts, ", ") + "; " + last + "; token " + ends
}

// Choices are the rows that were told.
func (l *listScreen) Choices() numbered {
	if l.cancel != nil || l.finding {
		return nil
	}
	return listRows{l}
}

// listRows are the rows that were told, as choices.
type listRows struct{ of *listScreen }

func (r listRows) count() int { return r.of.count() }

func (r listRows) point(i int) { r.of.choose(i) }

// count is how many rows were told.
func (l *listScreen) count() int { return min(len(l.shown), max(l.telling, shownRows)) }

// Round counts re-tests, begun and ended; News is what each of them brings.
func (l *listScreen) Round() int { return l.rounds }

func (l *listScreen) News() string { return l.Tell() }

// Round counts checks, begun and ended; News is what each of them brings.
func (d *detailScreen) Round() int { return d.rounds }

func (d *detailScreen) News() string {
	var b strings.Builder
	d.lastCheck(&b)
	return b.String()
}
