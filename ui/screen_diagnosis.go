package ui

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// diagnosisScreen says what is wrong, how that is known, and what to do about it. Every
// remedy is a way on: it leads to the very field, page, person or try that helps.
type diagnosisScreen struct {
	stage
	keys   keyMap
	menu   *menu[int] // index into remedies
	copied bool
	opened string
}

func newDiagnosis(on stage) screen {
	d := &diagnosisScreen{stage: on, keys: newKeys()}
	var options []huhIndex
	for i, r := range on.setup.Report.Remedies {
		if d.works(r) {
			options = append(options, option(r.Do, i))
		}
	}
	d.menu = newMenu(on.look, options...)
	return d
}

// works reports whether the remedy can be chosen here and now.
func (d *diagnosisScreen) works(r connector.Remedy) bool {
	switch r.Action {
	case connector.ActKeep:
		return d.setup.Report.Keepable && d.session.settings.Role.MaySave()
	case connector.ActNone, connector.ActUnlock, connector.ActReplace, connector.ActExpiry:
		return false
	case connector.ActOpen, connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken, connector.ActEditAll,
		connector.ActReread, connector.ActRetry, connector.ActMessage, connector.ActOtherProduct, connector.ActReport:
	}
	return true
}

func (d *diagnosisScreen) Title() (string, string) {
	return "Connect " + connector.ProductTitle(d.setup.Product), whereabouts(d.look, 3)
}

func (d *diagnosisScreen) Help() string {
	return "Everything you typed is kept. Choose what to do; the first line is what helps most often. The report that c copies holds no token and masks the e-mail."
}

func (d *diagnosisScreen) Keys() []key.Binding {
	return []key.Binding{d.keys.enter, d.keys.retry, d.keys.report, named(d.keys.esc, "edit")}
}

func (d *diagnosisScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, d.keys.retry):
			return retry, nil
		case key.Matches(msg, d.keys.report):
			return still, d.copyReport()
		}
	case openedMsg:
		d.opened = msg.words()
		return still, nil
	}
	i, picked := d.menu.update(msg)
	if !picked || i >= len(d.setup.Report.Remedies) {
		return still, nil
	}
	return d.choose(d.setup.Report.Remedies[i])
}

func (d *diagnosisScreen) copyReport() tea.Cmd {
	d.copied = true
	return tea.SetClipboard(connector.RedactedReport(d.setup.Report))
}

// choose does what a remedy says.
func (d *diagnosisScreen) choose(r connector.Remedy) (event, tea.Cmd) {
	switch r.Action {
	case connector.ActEditSite:
		d.setup.Focus = connector.FieldSite
		if to := d.setup.Report.NewSite; !to.IsZero() {
			d.setup.Site = to.Host()
		}
		return edit, nil
	case connector.ActEditEmail, connector.ActEditAll:
		d.setup.Focus = connector.FieldEmail
		return edit, nil
	case connector.ActEditToken:
		d.setup.Focus = connector.FieldToken
		return edit, nil
	case connector.ActReread:
		d.setup.Step = connector.StepFor(d.setup.Report.Code)
		return reread, nil
	case connector.ActRetry:
		return retry, nil
	case connector.ActKeep:
		d.setup.KeepFailing = true
		return keep, nil
	case connector.ActMessage:
		d.setup.TextTitle, d.setup.Text = "A message that is ready to send", connector.Message(d.setup.Report)
		return message, nil
	case connector.ActOtherProduct:
		d.setup.Product = connector.OtherProduct(d.setup.Product)
		return other, nil
	case connector.ActReport:
		return still, d.copyReport()
	case connector.ActOpen:
		return still, d.open(r.URL)
	case connector.ActNone, connector.ActUnlock, connector.ActReplace, connector.ActExpiry:
	}
	return still, nil
}

// open opens a page, or puts its address where it can be read.
func (d *diagnosisScreen) open(url string) tea.Cmd {
	d.opened = "Open this page: " + url
	return browse(d.world.Browse, url)
}

func (d *diagnosisScreen) View() (string, int) {
	r, w := d.setup.Report, d.look.width
	var b strings.Builder
	outside := ""
	b.WriteString(hang(d.look.verdictMark(r.Verdict), d.look.bold.Render(r.Title), w) + "\n\n")
	b.WriteString(wrap(r.Why, w) + "\n\n")
	for _, remedy := range r.Remedies { // what can only be done outside this program
		if remedy.Action == connector.ActNone {
			b.WriteString(hang(d.look.accent.Render(d.look.mark.bullet), remedy.Do, w) + "\n")
			outside = "\n"
		}
	}
	b.WriteString(outside)
	menu, at := d.menu.view()
	focus := strings.Count(b.String(), "\n") + at
	b.WriteString(menu + "\n")
	if d.opened != "" {
		b.WriteString("\n" + wrap(d.opened, w) + "\n")
	}
	if d.copied {
		b.WriteString("\n" + sentToClipboard(d.look, "The redacted report") + "\n")
	}
	if s := r.Seen; s != nil {
		b.WriteString("\n" + d.look.faint.Render(wrap("Seen: "+seenWords(*s), w)))
	}
	return b.String(), focus
}

// seenWords is the line for whoever has to look into it: call, status, trace, time.
func seenWords(s connector.Seen) string {
	words := s.Call
	if s.Status != 0 {
		words += " " + strconv.Itoa(s.Status)
	} else {
		words += ", no answer"
	}
	if s.TraceID != "" {
		words += " · trace " + s.TraceID
	}
	return words + " · " + s.At.Format("15:04:05")
}
