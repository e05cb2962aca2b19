package ui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// detailScreen is one saved connector: all that is known about it, its last report, and
// what can be done.
type detailScreen struct {
	stage
	keys    keyMap
	spin    spinner.Model
	menu    *menu[event]
	landing <-chan tea.Msg
	cancel  context.CancelFunc
	copied  bool
}

func newDetail(on stage) screen {
	d := &detailScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look)}
	d.lay()
	return d
}

// open makes a Setup about a saved connector.
func (s *Setup) open(e connector.Entry) {
	*s = Setup{
		Product: e.Product, Site: e.Site.Host(), Email: e.Email, Name: e.Name, Account: e.Account, Expires: e.Expires,
		Saved: e.Connector, IsSaved: true, Keep: e.KeptIn, Report: connector.Report{Product: e.Product, Site: e.Site, Email: e.Email},
	}
	if last := e.Last(); last != nil {
		s.Report = *last
	}
}

func (d *detailScreen) lay() {
	options := []huhOption{option("Check it again", retry)}
	if d.isLocked() {
		options = []huhOption{option("Unlock the encrypted file and check again", locked), option("Check it again", retry)}
	}
	if d.setup.Report.Code != "" && !d.setup.Report.Good() {
		options = append(options, option("Write the message that asks for what is missing", message))
	}
	options = append(options, option("Enter it in SaaSAssure (copies URL, e-mail, token one by one)", handover))
	if d.session.settings.Role.MaySave() {
		options = append(options, option("Record the token's exact last day", expiry), option("Remove it", removes))
	}
	d.menu = newMenu(d.look, options...)
}

// isLocked: its token is in the encrypted file, which was not opened in this run.
func (d *detailScreen) isLocked() bool {
	return d.setup.Report.Code == connector.CodeTokenLocked && d.setup.Saved.KeptIn == connector.SafeFile
}

// Init checks at once when that is what the person came back for.
func (d *detailScreen) Init() tea.Cmd {
	if !d.setup.Recheck {
		return nil
	}
	d.setup.Recheck = false
	return d.retest()
}

func (d *detailScreen) Title() (string, string) {
	return d.setup.Saved.Name, connector.ProductTitle(d.setup.Product)
}

func (d *detailScreen) Keys() []key.Binding {
	if d.cancel != nil {
		return []key.Binding{named(d.keys.esc, "stop")}
	}
	return []key.Binding{d.keys.enter, d.keys.retry, d.keys.report, d.keys.esc}
}

func (d *detailScreen) Escape() event {
	if d.cancel != nil {
		d.Leave()
		return still
	}
	return back
}

func (d *detailScreen) Leave() {
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
}

func (d *detailScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if d.cancel == nil {
			return still, nil
		}
		var cmd tea.Cmd
		d.spin, cmd = d.spin.Update(msg)
		return still, cmd
	case retestedMsg:
		if msg.ticket == d.ticket && d.cancel != nil {
			d.land(msg)
		}
	case tea.KeyPressMsg:
		if d.cancel == nil {
			return d.press(msg)
		}
	}
	return still, nil
}

func (d *detailScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	switch {
	case key.Matches(msg, d.keys.retry):
		return still, d.retest()
	case key.Matches(msg, d.keys.report):
		d.copied = true
		return still, tea.SetClipboard(connector.RedactedReport(d.setup.Report))
	}
	ev, picked := d.menu.update(msg)
	switch {
	case !picked:
		return still, nil
	case ev == retry:
		return still, d.retest()
	case ev == locked:
		d.setup.Unlocking, d.setup.Recheck = connector.SafeLocked, true
	case ev == message:
		d.setup.TextTitle, d.setup.Text = "A message that is ready to send", connector.Message(d.setup.Report)
	}
	return ev, nil
}

func (d *detailScreen) retest() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.copied = cancel, false
	d.landing = startRetest(ctx, d.world, []connector.Entry{{Connector: d.setup.Saved}}, d.ticket)
	return tea.Batch(d.spin.Tick, await(d.landing))
}

func (d *detailScreen) land(msg retestedMsg) {
	d.Leave()
	d.setup.Report = msg.report
	for i := range d.session.entries {
		if e := &d.session.entries[i]; e.ID == msg.id {
			e.Reports = append([]connector.Report{msg.report}, e.Reports...)
		}
	}
	d.lay()
}

func (d *detailScreen) View() (string, int) {
	var b strings.Builder
	c, r, w := d.setup.Saved, d.setup.Report, d.look.width
	dot := " " + d.look.mark.dot + " "
	b.WriteString(clip(c.Site.Origin()+dot+c.Email, w) + "\n")
	b.WriteString(d.look.faint.Render(wrap("token in "+connector.SafeName(c.KeptIn)+lastDayWords(c)+addedWords(c), w)) + "\n\n")
	switch {
	case d.cancel != nil:
		b.WriteString(d.spin.View() + " Asking Atlassian " + d.look.ellipsis() + "\n")
	case r.Code == "":
		b.WriteString(d.look.faint.Render("Never checked") + "\n")
	default:
		b.WriteString(hang(d.look.verdictMark(r.Verdict), d.look.bold.Render(r.Title)+d.look.faint.Render(", "+ago(d.world.Now().Sub(r.At))), w) + "\n")
		b.WriteString(indent(wrap(r.Why, w-2), 2) + "\n")
		if r.Coverage != nil {
			b.WriteString("  " + connector.CoverageWords(r.Product, *r.Coverage) + "\n")
		}
	}
	b.WriteString("\n")
	menu, at := d.menu.view()
	focus := strings.Count(b.String(), "\n") + at
	b.WriteString(menu + "\n")
	if d.copied {
		b.WriteString("\n" + sentToClipboard(d.look, "The redacted report"))
	}
	return b.String(), focus
}

func lastDayWords(c connector.Connector) string {
	switch {
	case !c.Expires.IsZero():
		return ", last day " + c.Expires.Words()
	case !c.ExpiresBy().IsZero():
		return ", ends " + c.ExpiresBy().Words() + " at the latest"
	}
	return ""
}

func addedWords(c connector.Connector) string {
	if c.Added.At.IsZero() {
		return ""
	}
	words := "; added " + connector.DateOf(c.Added.At).Words()
	if c.Added.By != "" {
		words += " by " + c.Added.By
	}
	if c.Added.Role.MaySave() {
		words += " as " + c.Added.Role.Title()
	}
	return words
}
