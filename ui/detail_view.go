package ui

import (
	"cmp"
	"strings"

	"saasconnect/connector"
)

// How a saved connector looks: what to read first on top, then what can be done, then all
// that is known, then the past.

func (d *detailScreen) View() (string, int) {
	if d.recalling && d.look.spoken {
		return "", -1 // each line is said once, so all of it is waited for
	}
	var b strings.Builder
	d.report(&b)
	b.WriteString("\n")
	focus := d.menu.addTo(&b)
	b.WriteString("\n")
	if d.note != "" {
		b.WriteString("\n" + wrap(d.note, d.look.width) + "\n")
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString("\n")
	for _, f := range d.facts() {
		if f[1] != "" {
			first := d.look.faint.Render(d.look.label(f[0], titleWidth))
			b.WriteString(first + behind(wrap(f[1], d.look.width-titleWidth), titleWidth) + "\n")
		}
	}
	b.WriteString(d.history())
	return b.String(), focus
}

// report is the last check, and how it differs from the one before.
func (d *detailScreen) report(b *strings.Builder) {
	r, w := d.setup.Report, d.look.width
	switch {
	case d.cancel != nil:
		what := d.doing
		if what == "" {
			what = "Asking Atlassian"
		}
		b.WriteString(hang(d.look.accent.Render(d.spin.View()), what+" "+d.look.ellipsis(), w) + "\n")
		if d.doing == "" {
			b.WriteString(waitingWords(d.look, d.world.Now().Sub(d.began), d.setup.Saved))
		} else {
			b.WriteString(d.look.faint.Render(wrap(d.look.desktopAsks(), w)) + "\n")
		}
		return
	case r.Code == "":
		b.WriteString(d.look.faint.Render("Never checked") + "\n")
		return
	}
	when := d.look.faint.Render(" " + d.look.mark.dot + " checked " + connector.Ago(d.world.Now().Sub(r.At)))
	b.WriteString(hang(d.look.verdictMark(r.Verdict), d.look.bold.Render(r.Title)+when, w) + "\n")
	if near := d.setup.Saved.EndsWords(connector.DateOf(d.world.Now())); d.good() && strings.HasPrefix(near, "!") {
		words := "Its token ends " + strings.TrimLeft(near, "! ")
		b.WriteString(hang(d.look.warn.Render(d.look.mark.warn), strings.Replace(words, "ends ended", "ended", 1), w) + "\n")
	}
	if !d.good() && r.Why != "" {
		b.WriteString(indent(wrap(r.Why, w-2), 2) + "\n")
	}
	for _, words := range d.changedWords() {
		b.WriteString(indent(wrap(words, w-2), 2) + "\n")
	}
	if !d.good() {
		for _, remedy := range r.Remedies { // what can only be done outside this program
			if remedy.Action == connector.ActNone {
				b.WriteString(hang("  "+d.look.accent.Render(d.look.mark.bullet), remedy.Do, w) + "\n")
			}
		}
	}
}

// past is the connector's reports; none while they are being asked for.
func (d *detailScreen) past() []connector.Report {
	if d.recalling {
		return nil
	}
	return d.session.entry(d.setup.Saved.ID).Reports
}

// changedWords are what differs from the checks before, as sentences.
func (d *detailScreen) changedWords() []string {
	var words []string
	reports := d.past()
	if c := connector.ChangeOf(reports); c != nil {
		words = append(words, connector.Capitalize(c.Words)+".")
	}
	if s := connector.SightChange(reports); s != "" {
		words = append(words, connector.Capitalize(s)+".")
	}
	return words
}

// facts are all that is known, a name and a value each.
func (d *detailScreen) facts() [][2]string {
	c, r := d.setup.Saved, d.setup.Report
	last, exact := c.LastDay()
	ends := ""
	switch {
	case exact:
		ends = last.Words()
		if near := c.EndsWords(connector.DateOf(d.world.Now())); near != ends {
			ends += ", " + strings.TrimLeft(near, "! ")
		}
	case !last.IsZero():
		ends = last.Words() + " at the latest"
	}
	sees := ""
	if r.Coverage != nil {
		sees = strings.TrimPrefix(connector.CoverageWords(c.Product, *r.Coverage), "sees ")
	}
	return [][2]string{
		{"Site", c.Site.Origin()},
		{"Email", c.Email},
		{"Person", cmp.Or(cmp.Or(d.person(), r.Identity).Words(), "not found out yet")},
		{"Admin", adminWords(r)},
		{"Sees", sees},
		{"Account", c.Account},
		{"Token", "in " + c.Where()},
		{"Ends", ends},
		{"Added", c.Added.Words()},
		{"Replaced", c.Replaced.Words()},
		{"Edited", c.Edited.Words()},
	}
}

func adminWords(r connector.Report) string {
	switch {
	case r.Code == "":
		return ""
	case r.Admin == nil:
		return "not found out at the last check"
	case *r.Admin:
		return "administers " + connector.ProductTitle(r.Product)
	}
	return "does not administer " + connector.ProductTitle(r.Product)
}

// elsewhereWords say how a token that is kept elsewhere is replaced.
func elsewhereWords(c connector.Connector) string {
	return "This token is read each time from" + strings.TrimPrefix(c.Reference.Words(), ":") + ". Put the new one there, then check again."
}

func lastDayWords(c connector.Connector) string {
	switch day, exact := c.LastDay(); {
	case exact:
		return ", last day " + day.Words()
	case !day.IsZero():
		return ", ends " + day.Words() + " at the latest"
	}
	return ""
}

// history is a strip of the last checks, the oldest first, and the days on which the
// verdict became another.
func (d *detailScreen) history() string {
	reports := d.past()
	if len(reports) == 0 {
		return ""
	}
	var marks strings.Builder
	for i := len(reports) - 1; i >= 0 && !d.look.spoken; i-- {
		marks.WriteString(d.look.verdictMark(reports[i].Verdict))
	}
	first, last := connector.DateOf(reports[len(reports)-1].At), connector.DateOf(reports[0].At)
	under := first.Words()
	if first != last {
		under += " " + d.look.mark.arrow + " " + last.Words()
	}
	under += ", " + connector.Plural(len(reports), "check")
	b := d.look.faint.Render(padTo("History", titleWidth)) + marks.String() + "\n" +
		indent(d.look.faint.Render(wrap(under, d.look.width-titleWidth)), titleWidth) + "\n"
	if d.look.spoken {
		b = d.look.label("History", 0) + under + "\n"
	}
	for _, r := range turns(reports) {
		b += strings.Repeat(" ", titleWidth) +
			behind(hang(d.look.faint.Render(connector.DateOf(r.At).Words())+" "+d.look.verdictMark(r.Verdict), r.Title, d.look.width-titleWidth), titleWidth) + "\n"
	}
	return b
}

// mostTurns is how many changes are listed under the strip.
const mostTurns = 4

// turns are the reports that brought another verdict or cause than the one before, the
// newest first.
func turns(reports []connector.Report) []connector.Report {
	var found []connector.Report
	for i := 0; i+1 < len(reports) && len(found) < mostTurns; i++ {
		if reports[i].Code != reports[i+1].Code {
			found = append(found, reports[i])
		}
	}
	return found
}
