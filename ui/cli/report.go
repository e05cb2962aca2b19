package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
)

// Reports for people: what is true, how it is known, the stages, what to do.

// printReport shows one check in full.
func (r *run) printReport(c checked) {
	p, rep := r.out, c.report
	title := rep.Title
	if c.of.Name != "" {
		title = c.of.Name + ": " + title
	}
	p.marked(2, p.mark(rep.Verdict)+" ", title+" ("+string(rep.Verdict)+", "+string(rep.Code)+")")
	if rep.Why != "" {
		p.paragraph(2, rep.Why)
	}
	if ch := c.changed(); ch != nil {
		p.paragraph(2, "Changed: "+ch.Words+".")
	}
	p.blank()
	r.printStages(rep.Stages)
	if len(rep.Remedies) > 0 {
		p.blank()
		p.line("  What to do:")
		for _, remedy := range rep.Remedies {
			p.marked(4, "  - ", remedy.Do)
			if remedy.URL != "" {
				p.line("    " + remedy.URL)
			}
		}
	}
	if s := rep.Evidence; s != nil && !rep.Good() {
		p.blank()
		p.paragraph(2, "Seen: "+seenWords(*s))
	}
}

// stageWidth is the widest stage title and two blanks.
const stageWidth = 10

func (r *run) printStages(stages []connector.Finding) {
	p := r.out
	for _, f := range stages {
		title := f.Stage.Title()
		text := f.Detail
		if text == "" {
			text = string(f.Verdict)
		}
		if t := connector.Took(f.Took); t != "" && f.Verdict != connector.Skipped {
			text += strings.Repeat(" ", max(2, 54-ansi.StringWidth(text))) + t
			if ansi.StringWidth(text) > p.width-4-stageWidth {
				text = strings.Join(strings.Fields(text), " ")
			}
		}
		first := "  " + p.mark(f.Verdict) + " " + title + strings.Repeat(" ", max(1, stageWidth-len(title)))
		p.marked(4+stageWidth, first, text)
	}
}

// seenWords is the call that decided a report.
func seenWords(s connector.Evidence) string {
	return strings.Join(append(s.Words(), s.At.UTC().Format("15:04:05")+" UTC"), " · ")
}

// printChecks shows the results of check: one in full, several a line each with what to
// do first, and the sum.
func (r *run) printChecks(all checks) {
	if len(all.told) == 0 && len(all.gone) == 0 && all.saved == 0 {
		r.out.line("No connectors yet. Add one: saasconnect add")
		return
	}
	if len(all.whole) == 1 && !all.stopped {
		r.printReport(all.whole[0])
		return
	}
	widest := 0
	shown := slices.DeleteFunc(slices.Clone(all.told), func(t told) bool { return t.locked }) // one line says it of all of them
	for _, t := range shown {
		widest = max(widest, ansi.StringWidth(t.name))
	}
	for _, t := range shown {
		name := t.name + strings.Repeat(" ", widest-ansi.StringWidth(t.name))
		verdict := string(t.verdict) + strings.Repeat(" ", len(connector.Attention)-len(t.verdict))
		n := 2 + widest + 2 + len(connector.Attention) + 2
		r.out.marked(n, r.out.mark(t.verdict)+" "+name+"  "+verdict+"  ", t.title)
		if t.verdict != connector.Working && t.remedy != "" {
			r.out.marked(n+2, strings.Repeat(" ", n)+"- ", t.remedy)
		}
	}
	if len(shown) > 0 {
		r.out.blank()
	}
	r.out.line(sumWords(all))
}

// sumWords is "12 checked: 10 working, 2 failing".
func sumWords(all checks) string {
	n := map[connector.Verdict]int{}
	for _, t := range all.told {
		n[t.verdict]++
	}
	var parts []string
	for _, v := range []connector.Verdict{connector.Working, connector.Attention, connector.Failing, connector.Unknown} {
		if n[v] > 0 {
			parts = append(parts, strconv.Itoa(n[v])+" "+string(v))
		}
	}
	words := strconv.Itoa(len(all.told)) + " checked"
	if len(parts) > 0 {
		words += ": " + strings.Join(parts, ", ")
	}
	if all.stopped {
		words += " (interrupted before all were done)"
	}
	return words
}
