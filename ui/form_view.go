package ui

import (
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// How the form looks: each field, and under it what came of it.

func (f *formScreen) View() (string, int) {
	var b strings.Builder
	focus := 0
	for i := fieldSite; i <= fieldToken; i++ {
		if i == f.at {
			focus = strings.Count(b.String(), "\n")
		}
		b.WriteString(f.line(i) + "\n")
		if under := f.under(i); under != "" || f.roomy() {
			b.WriteString(indent(under, titleWidth) + "\n")
		}
	}
	b.WriteString(padTo("Kept in", titleWidth) + behind(wrap(f.keptIn(), f.look.width-titleWidth), titleWidth) + "\n\n")
	if f.at == theButton {
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString(f.button() + "\n")
	if f.note != "" {
		b.WriteString("\n" + hang(f.look.warn.Render(f.look.mark.warn), f.note, f.look.width) + "\n")
	}
	if p := f.world.Practice; p != nil {
		b.WriteString("\n" + f.look.faint.Render(wrap(p.hint(f.setup, "ctrl+t"), f.look.width)))
	}
	return b.String(), focus
}

// line is a field, or its value where it can't be changed.
func (f *formScreen) line(i int) string {
	if !f.closed(i) {
		return f.fields.view(i)
	}
	name, value := "Site URL", f.setup.site().Origin()
	switch i {
	case fieldEmail:
		name, value = "Email", f.setup.Email
	case fieldToken:
		name, value = "API token", "read from"+strings.TrimPrefix(f.setup.Reference.Words(), ":")
	}
	return f.look.faint.Render(f.look.label(name, titleWidth)) + f.look.clip(value, f.look.width-titleWidth)
}

// roomy reports whether the window has room for an empty line where an answer will
// stand, so that nothing moves when it comes.
func (f *formScreen) roomy() bool { return f.look.rows >= 14 }

func (f *formScreen) button() string {
	text := "[ Continue ]"
	if f.at >= fieldToken {
		return f.look.chosen.Render(text)
	}
	return f.look.faint.Render(text)
}

// under is the line below a field: its complaint, else what is known about its value.
func (f *formScreen) under(i int) string {
	w := f.look.width - titleWidth
	if f.closed(i) && i != fieldToken {
		return ""
	}
	if c := f.complaints[i]; c != "" {
		return hang(f.look.bad.Render(f.look.mark.bad), c, w)
	}
	switch i {
	case fieldSite:
		return f.underSite(w)
	case fieldToken:
		return f.underToken(w)
	}
	return ""
}

func (f *formScreen) underSite(w int) string {
	site, changes, err := atlassian.ParseSite(f.fields.value(fieldSite))
	if err != nil {
		return ""
	}
	address := site.Origin()
	if len(address)+2 > w {
		address = site.Host()
	}
	if site.Host() != f.looked {
		return hang(f.look.faint.Render(f.look.mark.arrow), address+changeWords(changes), w)
	}
	if f.looking {
		return hang(f.look.accent.Render(f.spin.View()), address+" "+f.look.faint.Render("being looked up "+f.look.ellipsis()), w)
	}
	words := f.found.Detail
	if f.found.Verdict == connector.Unknown {
		words = address + ": " + words // what will be asked stays in sight
	}
	if f.found.Verdict == connector.Working {
		words = address + " exists"
	}
	return hang(f.look.verdictMark(f.found.Verdict), words, w)
}

// changeWords says what was changed of what was pasted, where it matters.
func changeWords(changes []atlassian.SiteChange) string {
	for _, c := range changes {
		if c == atlassian.ChangeHTTPS {
			return " (https, since a token never travels in clear)"
		}
	}
	return ""
}

// underToken is the receipt: what arrived, and none of it.
func (f *formScreen) underToken(w int) string {
	receipt := f.setup.Receipt
	if text := f.fields.value(fieldToken); strings.TrimSpace(text) != "" {
		_, receipt = atlassian.ReadToken(text)
	} else if f.setup.Token.IsZero() {
		return ""
	} else if words := f.refusal(); words != "" {
		return hang(f.look.bad.Render(f.look.mark.bad), words, w)
	}
	words, doubt := connector.ReceiptWords(receipt)
	if doubt {
		return hang(f.look.warn.Render(f.look.mark.warn), words, w)
	}
	return hang(f.look.good.Render(f.look.mark.ok), words, w)
}

// refusal is what was said of the very token at hand, where a check ended against it.
func (f *formScreen) refusal() string {
	r := f.setup.Report
	refused := r.Code == connector.CodeScopeMissing || slices.ContainsFunc(r.Stages, func(s connector.Finding) bool {
		return s.Stage == connector.StageSignIn && s.Verdict == connector.Failing
	})
	if !refused || f.setup.Judged.IsZero() || !f.setup.Token.Equal(f.setup.Judged) {
		return ""
	}
	return "At the last check: " + connector.Inside(r.Title)
}

// keptIn says where the token will be, before it is typed.
func (f *formScreen) keptIn() string {
	if f.waiting {
		return f.look.faint.Render("looking for a safe " + f.look.ellipsis())
	}
	if !f.saves() {
		return f.look.faint.Render("nowhere: your role checks without saving")
	}
	name := connector.SafeName(f.setup.Keep)
	switch f.safe {
	case safeLooking:
		return f.look.faint.Render("looking for a safe " + f.look.ellipsis())
	case safeTrying:
		words := ", being tried " + f.look.ellipsis()
		if f.setup.Keep == connector.SafeKeyring {
			words += " Your desktop may be asking for its password."
		}
		return name + f.look.faint.Render(words)
	case safeUndecided:
		return f.look.warn.Render(f.look.mark.warn) + " not decided: " + f.chooser() + " chooses"
	case safeProven:
	}
	return name + " " + f.look.good.Render(f.look.mark.ok)
}

// chooser is what leads to the choice of the safe.
func (f *formScreen) chooser() string {
	if f.look.spoken {
		return ":safe"
	}
	return f.keys.safe.Help().Key
}

// complain validates a field offline.
func (f *formScreen) complain(i int) {
	f.complaints[i] = ""
	switch i {
	case fieldSite:
		f.complaints[i] = connector.SiteProblem(f.fields.value(fieldSite))
	case fieldEmail:
		f.complaints[i] = connector.EmailProblem(f.fields.value(fieldEmail))
	case fieldToken:
		receipt := f.setup.Receipt
		if f.setup.Token.IsZero() && !f.filled(fieldToken) {
			_, receipt = atlassian.ReadToken("")
		}
		f.complaints[i] = connector.TokenProblem(receipt)
	}
}
