package ui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// detailScreen is one saved connector: its last report with what can be done about it,
// all that is known, and its history.
type detailScreen struct {
	stage
	keys    detailKeys
	spin    spinner.Model
	menu    *menu[int] // index into deeds
	deeds   []connector.Remedy
	landing <-chan tea.Msg
	cancel  context.CancelFunc
	note    said
	began   time.Time
	// recalling: its past is being asked for, and nothing is said about it yet.
	recalling bool
	looking   bool // at the encrypted file, before a check
}

// detailKeys are the keys of the detail screen.
type detailKeys struct {
	keyMap
	replace, edit, handover, remove key.Binding
}

// What can be done besides the remedies of a report. They are this screen's own.
const (
	actHandover connector.Action = "hand-over"
	actEdit     connector.Action = "edit"
	actRemove   connector.Action = "remove"
	actRole     connector.Action = "role"
	actAsk      connector.Action = "ask-an-admin"
	actMove     connector.Action = "move"
)

func newDetail(on stage) screen {
	d := &detailScreen{stage: on, spin: newSpinner(on.look), keys: detailKeys{
		keyMap: newKeys(), replace: bind("t", "replace token", "t"), edit: bind("e", "edit", "e"),
		handover: bind("h", "enter it in SaaSAssure", "h"), remove: bind("x", "remove", "x"),
	}}
	d.note, on.setup.Notice = said{on.setup.Notice, went}, ""
	on.edit("") // other facts, another token or another storage, which were given up, are dropped
	d.lay()
	return d
}

// lay makes the menu: the report's remedies first, then what can always be done.
func (d *detailScreen) lay() {
	d.deeds = nil
	has := map[connector.Action]bool{}
	take := func(r connector.Remedy) {
		if !has[r.Action] || r.Action == connector.ActOpen {
			d.deeds = append(d.deeds, r)
			has[r.Action] = true
		}
	}
	if !d.good() {
		for _, r := range d.report().Remedies {
			if d.canFollow(r) {
				take(r)
			}
		}
	}
	take(connector.Remedy{Do: "Check again", Action: connector.ActRetry})
	take(connector.Remedy{Do: "Enter it in SaaSAssure", Action: actHandover})
	for _, deed := range d.changes() {
		take(deed)
	}
	options := make([]huhIndex, len(d.deeds))
	for i, r := range d.deeds {
		options[i] = option(r.Do, i)
	}
	d.menu = newMenu(d.look, options...)
}

// good: nothing has to be done, nor is anything unknown.
func (d *detailScreen) good() bool {
	return d.report().Verdict == connector.Working || d.report().Code == ""
}

// changes are what takes one of the two roles, or what someone without them can do instead.
func (d *detailScreen) changes() []connector.Remedy {
	if !d.mayChange() {
		return []connector.Remedy{
			{Do: "Write the message that asks an admin to change it", Action: actAsk},
			{Do: "Change your role (now: " + d.session.settings.Role.Title() + ")", Action: actRole},
		}
	}
	replace := connector.Remedy{Do: "Replace the token", Action: connector.ActReplace}
	return []connector.Remedy{
		replace,
		{Do: "Set the token's expiry date", Action: connector.ActExpiry},
		{Do: "Edit name, site, e-mail or account", Action: actEdit},
		{Do: "Move the token to another safe", Action: actMove},
		{Do: "Remove it", Action: actRemove},
	}
}

// elsewhere: its token is kept outside this program.
func (d *detailScreen) elsewhere() bool { return d.setup.Saved.KeptIn == connector.StorageReference }

// Init asks for the connector's past.
func (d *detailScreen) Init() tea.Cmd {
	d.recalling = true
	return tea.Batch(recall(d.world.Store, d.setup.Saved.ID, d.ticket), d.resume())
}

// resume goes on with what an overlay was needed for.
func (d *detailScreen) resume() tea.Cmd {
	intent := d.setup.Intent
	d.setup.Intent = connector.Remedy{}
	switch {
	case d.left.by(Role) && intent.Action != "":
		return func() tea.Msg { return intentMsg{d.ticket, intent} }
	case d.left.by(Unlock):
		return d.retest()
	}
	return nil
}

// intentMsg goes on with what was chosen before the role was asked for.
type intentMsg struct {
	ticket ticket
	deed   connector.Remedy
}

func (d *detailScreen) waits() bool {
	return d.cancel != nil || d.recalling || d.looking
}

func (d *detailScreen) Title() (string, string) {
	return d.setup.Saved.Name, connector.ProductTitle(d.setup.product())
}

func (d *detailScreen) Help() string {
	return "What is known of this connector, and what its last check said. The strip shows its last checks, the oldest on the left; below it stands when it changed."
}

func (d *detailScreen) Keys() []key.Binding {
	switch {
	case d.cancel != nil || d.looking:
		return []key.Binding{named(d.keys.esc, "stop")}
	}
	keys := []key.Binding{d.keys.enter, d.keys.retry}
	if d.mayChange() {
		keys = append(keys, d.keys.replace, d.keys.edit)
	}
	return append(keys, d.keys.esc)
}

// More are the keys that only the help lists.
func (d *detailScreen) More() []key.Binding {
	return []key.Binding{d.keys.handover, d.keys.report, d.keys.remove}
}

func (d *detailScreen) Escape() event {
	switch {
	case d.cancel != nil || d.looking:
		d.looking = false
		d.stop()
		return still
	}
	return back
}

func (d *detailScreen) Leave() { d.stop() }

// stop ends a check.
func (d *detailScreen) stop() {
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
}

func (d *detailScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if !d.waits() {
			return still, nil
		}
		var cmd tea.Cmd
		d.spin, cmd = d.spin.Update(msg)
		return still, cmd
	case retestedMsg:
		if msg.ticket == d.ticket && d.cancel != nil {
			d.land(msg)
		}
	case storagesMsg:
		if msg.ticket == d.ticket && d.looking {
			return d.looked(msg)
		}
	case openedMsg, copiedMsg:
		if note, mine := d.stayed(msg); mine {
			d.note = note
		}
	case recalledMsg:
		if msg.ticket == d.ticket {
			d.recalling = false
			d.session.recall(msg.id, msg.past)
			changed := msg.now.ID != "" && !msg.now.Equal(d.setup.Saved)
			if changed {
				d.session.facts([]connector.Connector{msg.now})
				d.setup.Saved = msg.now
			}
			if past := d.past(); (changed || len(past) > 0) && d.cancel == nil {
				d.edit("")
				d.lay()
			}
		}
	case intentMsg:
		if msg.ticket == d.ticket && d.session.settings.Role != connector.RoleUnknown {
			return d.act(msg.deed)
		}
	case tea.KeyPressMsg:
		if d.cancel == nil && !d.looking {
			return d.press(msg)
		}
	}
	return still, nil
}

// press: every deed has its line, and those that are done often a key as well.
func (d *detailScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	for _, k := range []struct {
		key  key.Binding
		deed connector.Action
	}{
		{d.keys.retry, connector.ActRetry}, {d.keys.report, connector.ActReport}, {d.keys.replace, connector.ActReplace},
		{d.keys.edit, actEdit}, {d.keys.handover, actHandover}, {d.keys.remove, actRemove},
	} {
		if key.Matches(msg, k.key) {
			return d.act(connector.Remedy{Action: k.deed})
		}
	}
	if d.recalling {
		return still, nil // the report's remedies are still to come into the menu
	}
	i, picked := d.menu.update(msg)
	if !picked {
		return still, nil
	}
	return d.act(d.deeds[i])
}

// act does what was chosen. What changes a connector needs a role first.
func (d *detailScreen) act(r connector.Remedy) (event, tea.Cmd) {
	d.note = stayWords(r)
	if d.changing(r.Action) {
		switch {
		case d.session.settings.Role == connector.RoleUnknown:
			d.setup.Intent = r
			return asksRole, nil
		case !d.mayChange():
			d.note = said{"Only a Global Admin or an Account Admin of SaaSAssure can do that.", failing}
			return still, nil
		}
	}
	switch {
	case r.Action == connector.ActRetry, r.Action == connector.ActUnlock && !d.unlocks():
		return still, d.begin()
	}
	switch r.Action {
	case actHandover:
		return handover, nil
	case actEdit:
		d.edit("")
		return edits, nil
	case actMove:
		d.setup.Draft = setup.For(setup.Move, d.entry())
		return chooses, nil
	case actRemove:
		return removes, nil
	case actRole:
		return asksRole, nil
	case actAsk:
		d.setup.TextTitle = "Ask an admin to change this connector"
		d.setup.Text = connector.RoleMessage(d.setup.product(), "change the connector "+d.setup.Saved.Name)
		return message, nil
	case connector.ActReplace, connector.ActEditToken, connector.ActEditAll, connector.ActReread:
		if d.elsewhere() {
			d.note = said{elsewhereWords(d.setup.Saved), noted}
			return still, nil
		}
	}
	return d.follow(r)
}

// changing: it changes the connector.
func (d *detailScreen) changing(a connector.Action) bool {
	switch a {
	case actEdit, actRemove, actMove, connector.ActReplace, connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken,
		connector.ActEditAll, connector.ActReread, connector.ActExpiry:
		return true
	}
	return false
}

// begin checks, after a look at the encrypted file where the token is in it.
func (d *detailScreen) begin() tea.Cmd {
	if !d.session.mayBeLocked(&connector.Entry{Connector: d.setup.Saved}) {
		return d.retest()
	}
	d.looking = true
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	probe := probeStorages(ctx, d.world.Store, d.ticket)
	return tea.Batch(d.spin.Tick, func() tea.Msg { defer cancel(); return probe() })
}

// looked goes on once that is known.
func (d *detailScreen) looked(msg storagesMsg) (event, tea.Cmd) {
	d.looking = false
	if !d.session.isLocked(msg) {
		return still, d.retest()
	}
	d.setup.Unlocking = connector.StorageLocked
	return locked, nil
}

func (d *detailScreen) retest() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.note, d.began = cancel, said{}, d.world.Now()
	entry := d.entry()
	d.landing = recheck(ctx, d.world.Service(), []*connector.Entry{&entry}, d.ticket)
	return tea.Batch(d.spin.Tick, await(d.landing))
}

func (d *detailScreen) land(msg retestedMsg) {
	d.stop()
	if r := msg.report; unread(r) {
		d.note = said{"Not checked: " + connector.Inside(r.Title) + ". " + r.Remedies[0].Do + ". What was known before is shown.", noted}
		return
	}
	d.session.note(msg.id, msg.report)
	d.edit("")
	d.lay()
}

// How a saved connector looks: what to read first on top, then what can be done, then all
// that is known, then the past.

func (d *detailScreen) View() (string, int) {
	var b strings.Builder
	d.lastCheck(&b)
	b.WriteString("\n")
	focus := d.menu.addTo(&b)
	b.WriteString("\n")
	if d.note.words != "" {
		b.WriteString("\n" + d.note.view(d.look) + "\n")
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString("\n")
	for _, f := range d.facts() {
		if f[1] != "" {
			first := d.look.faint.Render(padTo(f[0], titleWidth))
			b.WriteString(first + behind(wrap(f[1], d.look.width-titleWidth), titleWidth) + "\n")
		}
	}
	b.WriteString(d.history())
	return b.String(), focus
}

// lastCheck is the last check, and how it differs from the one before.
func (d *detailScreen) lastCheck(b *strings.Builder) {
	r, w := d.report(), d.look.width
	switch {
	case d.looking:
		b.WriteString(looking(d.look, d.spin) + "\n")
		return
	case d.cancel != nil:
		b.WriteString(hang(d.look.accent.Render(d.spin.View()), "Asking Atlassian "+d.look.ellipsis(), w) + "\n")
		b.WriteString(waitingWords(d.look, d.world.Now().Sub(d.began), d.setup.Saved))
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
	c, r := d.setup.Saved, d.report()
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
		{"Person", cmp.Or(cmp.Or(d.entry().Person(), r.Identity).Words(), "not found out yet")},
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
		return ", expires " + day.Words()
	case !day.IsZero():
		return ", expires by " + day.Words()
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
	for i := len(reports) - 1; i >= 0; i-- {
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
