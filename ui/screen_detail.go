package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

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

func newDetail(on stage) screen {
	d := &detailScreen{stage: on, spin: newSpinner(on.look), keys: detailKeys{
		keyMap: newKeys(), replace: bind("t", "replace the token", "t"), edit: bind("e", "edit", "e"),
		handover: bind("h", "enter it in SaaSAssure", "h"), remove: bind("x", "remove", "x"),
	}}
	d.note, on.setup.Notice = said{on.setup.Notice, went}, ""
	on.edit("") // other facts, another token or another storage, which were given up, are dropped
	d.lay()
	return d
}

// lay makes the menu: the report's remedies first, then what can always be done; before all of it
// another token, where the connection works and its token expires soon. The key of a row stands
// behind it.
func (d *detailScreen) lay() {
	d.deeds = nil
	has := map[connector.Action]bool{}
	take := func(r connector.Remedy) {
		if !has[r.Action] || r.Action == connector.ActOpen {
			d.deeds = append(d.deeds, r)
			has[r.Action] = true
		}
	}
	if v := d.report().Verdict; d.expiresSoon() && d.mayChange() && v != connector.Failing && v != connector.Unknown {
		take(replaceRemedy())
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
	column := 0
	for _, r := range d.deeds {
		if n := ansi.StringWidth(r.Do); d.keyOf(r.Action) != "" && n <= keyColumn {
			column = max(column, n)
		}
	}
	options := make([]huhIndex, len(d.deeds))
	for i, r := range d.deeds {
		words := r.Do
		if letter := d.keyOf(r.Action); letter != "" {
			words = padTo(words, column) + "  " + letter
		}
		options[i] = option(words, i)
	}
	d.menu = newMenu(d.look, options...)
}

// keyColumn is how wide a row with a key may be for the keys to stand below each other: what fits
// into the smallest window.
const keyColumn = minWidth - 7

// byKey are the actions that have a key of their own.
func (d *detailScreen) byKey() map[connector.Action]key.Binding {
	return map[connector.Action]key.Binding{
		connector.ActRetry: d.keys.retry, connector.ActReport: d.keys.report, connector.ActReplace: d.keys.replace,
		actEdit: d.keys.edit, actHandover: d.keys.handover, actRemove: d.keys.remove,
	}
}

// keyOf is the key of an action, "" where it has none.
func (d *detailScreen) keyOf(a connector.Action) string { return d.byKey()[a].Help().Key }

func replaceRemedy() connector.Remedy {
	return connector.Remedy{Do: "Replace the token", Action: connector.ActReplace}
}

// expiresSoon: within thirty days, or it has expired.
func (d *detailScreen) expiresSoon() bool {
	return d.setup.Saved.Ends(connector.DateOf(d.world.Now())) != connector.EndsLater
}

// good: nothing has to be done, nor is anything unknown.
func (d *detailScreen) good() bool {
	return d.report().Verdict == connector.Working || d.report().Code == ""
}

// changes are what takes one of the two roles, or what someone without them can do instead.
func (d *detailScreen) changes() []connector.Remedy {
	if !d.mayChange() {
		return []connector.Remedy{
			{Do: "Draft a message that asks an admin to change it", Action: actAsk},
			{Do: "Change your role (now: " + d.session.settings.Role.Title() + ")", Action: actRole},
		}
	}
	return []connector.Remedy{
		replaceRemedy(),
		{Do: "Set the token's expiry date", Action: connector.ActExpiry},
		{Do: "Edit name, site, email or account", Action: actEdit},
		{Do: "Move the token to another storage", Action: actMove},
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

func (d *detailScreen) waits() bool {
	return d.cancel != nil || d.recalling || d.looking
}

func (d *detailScreen) Title() (string, string) {
	return d.setup.Saved.Name, connector.ProductTitle(d.setup.product())
}

func (d *detailScreen) Help() string {
	return "What is known of this connector, and what its last check said. The strip shows its last checks, the oldest on the left; below it stands when it changed. The letter behind a choice does it at once."
}

func (d *detailScreen) Keys() []key.Binding {
	switch {
	case d.cancel != nil || d.looking:
		return []key.Binding{named(d.keys.esc, "stop")}
	}
	return []key.Binding{d.keys.enter, d.keys.esc}
}

// More are the keys of the rows, which the help lists, and one that has no row.
func (d *detailScreen) More() []key.Binding {
	keys := []key.Binding{d.keys.retry, d.keys.handover, d.keys.report}
	if d.mayChange() {
		keys = append(keys, d.keys.replace, d.keys.edit, d.keys.remove)
	}
	return keys
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
	for deed, k := range d.byKey() {
		if key.Matches(msg, k) {
			return d.act(connector.Remedy{Action: deed})
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
			d.note = said{onlyAdmins, failing}
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
// that is known, in two columns where there is room, then the past.

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
	b.WriteString(d.facts())
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
		b.WriteString(d.look.faint.Render("Not checked yet") + "\n")
		return
	}
	when := d.look.faint.Render(" " + d.look.mark.dot + " checked " + connector.Ago(d.world.Now().Sub(r.At)))
	b.WriteString(hang(d.look.verdictMark(r.Verdict), d.look.bold.Render(r.Title)+when, w) + "\n")
	today, c := connector.DateOf(d.world.Now()), d.setup.Saved
	if c.Ends(today) > connector.EndsLater && d.good() {
		b.WriteString(hang(d.look.warn.Render(d.look.mark.warn), "The token "+c.ExpirySentence(today), w) + "\n")
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

// What the facts take: the blanks between the columns, and the labels of the left and of the right
// one. Side by side they stand in a window of 80 columns and more.
const (
	columnsFrom = 74
	columnGap   = 2
	leftLabel   = 9
	rightLabel  = 14
)

// facts are all that is known: the connector on the left, its token on the right, and what was done
// where there is room.
func (d *detailScreen) facts() string {
	left, right := d.connection(), d.token()
	if d.look.width < columnsFrom {
		return strings.Join(d.column(slices.Concat(left, right, d.doings()), rightLabel, d.look.width), "\n") + "\n"
	}
	half := (d.look.width - columnGap) / 2
	tooLong := func(f [2]string) bool {
		return slices.ContainsFunc(strings.Fields(f[1]), func(word string) bool { return ansi.StringWidth(word) > half-leftLabel })
	}
	var long [][2]string // an address is never broken where it can stand whole
	for _, f := range left {
		if tooLong(f) {
			long = append(long, f)
		}
	}
	left = slices.DeleteFunc(left, tooLong)
	first, second := d.column(left, leftLabel, half), d.column(right, rightLabel, d.look.width-columnGap-half)
	var b strings.Builder
	for _, line := range d.column(long, leftLabel, d.look.width) {
		b.WriteString(line + "\n")
	}
	for _, f := range d.doings() {
		if one := [][2]string{f}; len(first) <= len(second) {
			first = append(first, d.column(one, leftLabel, half)...)
		} else {
			second = append(second, d.column(one, rightLabel, d.look.width-columnGap-half)...)
		}
	}
	for i := range max(len(first), len(second)) {
		line := ""
		if i < len(first) {
			line = first[i]
		}
		if i < len(second) {
			line = padTo(line, half+columnGap) + second[i]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// column is a list of facts, a name and a value each, as lines of a width. Those without a value are
// left out.
func (d *detailScreen) column(facts [][2]string, label, width int) []string {
	var lines []string
	for _, f := range facts {
		if f[1] != "" {
			lines = append(lines, strings.Split(d.look.faint.Render(padTo(f[0], label))+behind(wrap(f[1], width-label), label), "\n")...)
		}
	}
	return lines
}

// connection is what the connector connects, and as whom.
func (d *detailScreen) connection() [][2]string {
	c, r := d.setup.Saved, d.report()
	sees := ""
	if r.Coverage != nil {
		sees = strings.TrimPrefix(connector.CoverageWords(c.Product, *r.Coverage), "sees ")
	}
	return [][2]string{
		{"Site", c.Site.Origin()},
		{"Email", c.Email},
		{"Person", cmp.Or(d.person(), "not found out yet")},
		{"Admin", adminWords(r)},
		{"Sees", sees},
		{"Account", c.Account},
	}
}

// person is the account's owner, without the email that stands above where it is the same.
func (d *detailScreen) person() string {
	who := cmp.Or(d.entry().Person(), d.report().Identity)
	if who != nil && who.Name != "" && strings.EqualFold(who.Email, d.setup.Saved.Email) {
		return who.Name
	}
	return who.Words()
}

// token is where the connector's token is, and until when it works.
func (d *detailScreen) token() [][2]string {
	c := d.setup.Saved
	last, exact := c.LastDay()
	ends := ""
	switch {
	case exact:
		ends = last.Words()
		switch today := connector.DateOf(d.world.Now()); c.Ends(today) {
		case connector.EndsLater:
		case connector.EndedByNow:
			ends += ", expired"
		default:
			ends += ", " + strings.TrimLeft(c.EndsWords(today), "! ")
		}
	case !last.IsZero():
		ends = "by " + last.Words()
	}
	return [][2]string{
		{"Stored in", c.Where()},
		{"Expires", ends},
		{"In SaaSAssure", c.EnteredWords()},
	}
}

// doings are what was done with the connector, by whom.
func (d *detailScreen) doings() [][2]string {
	c := d.setup.Saved
	return [][2]string{{"Added", c.Added.Words()}, {"Replaced", c.Replaced.Words()}, {"Edited", c.Edited.Words()}}
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
	label, room := leftLabel, d.look.width
	if room < columnsFrom {
		label = rightLabel
	}
	strip := marks.String()
	if ansi.StringWidth(strip)+2+ansi.StringWidth(under) <= room-label {
		strip += "  " + d.look.faint.Render(under)
	} else {
		strip += "\n" + d.look.faint.Render(wrap(under, room-label))
	}
	b := d.look.faint.Render(padTo("History", label)) + behind(ansi.Wrap(strip, room-label, ""), label) + "\n"
	for _, r := range turns(reports) {
		b += strings.Repeat(" ", label) +
			behind(hang(d.look.faint.Render(connector.DateOf(r.At).Words())+" "+d.look.verdictMark(r.Verdict), r.Title, room-label), label) + "\n"
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
