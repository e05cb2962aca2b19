package manage

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
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// detailScreen is one saved connector: its last report with what can be done about it,
// all that is known, and its history.
type detailScreen struct {
	ui.Base
	keys    detailKeys
	spin    spinner.Model
	menu    *widget.Menu[int] // index into deeds
	actions []connector.Remedy
	landing <-chan tea.Msg
	cancel  context.CancelFunc
	note    ui.Note
	began   time.Time
	// recalling: its past is being asked for, and nothing is said about it yet.
	recalling bool
	looking   bool // at the encrypted file, before a check
	wait      ui.Countdown
}

// detailKeys are the keys of the detail screen.
type detailKeys struct {
	widget.KeyMap
	replace, edit, remove key.Binding
}

func newDetail(on ui.Base) ui.Screen {
	d := &detailScreen{Base: on, spin: widget.NewSpinner(on.Theme), keys: detailKeys{
		KeyMap: widget.NewKeys(), replace: widget.Bind("t", "replace the token", "t"), edit: widget.Bind("e", "edit", "e"),
		remove: widget.Bind("x", "remove", "x"),
	}}
	d.note, on.Setup.Notice = ui.Note{Text: on.Setup.Notice, Kind: ui.NoteDone}, ""
	on.Setup.FromSelection = false
	on.Edit("") // other facts, another token or another storage, which were given up, are dropped
	d.lay()
	return d
}

// lay makes the menu: the report's remedies first, then what can always be done; before all of it
// another token, where the connection works and its token expires soon, which its report may not know
// yet. The key of a row stands behind it.
func (d *detailScreen) lay() {
	d.actions = nil
	has := map[connector.Action]bool{}
	take := func(r connector.Remedy) {
		if !has[r.Action] || r.Action == connector.ActOpen {
			d.actions = append(d.actions, r)
			has[r.Action] = true
		}
	}
	r := d.Report()
	if works := r.Verdict != connector.Failing && r.Verdict != connector.Unknown; works && d.expiresSoon() && d.MayChange() && r.Code != connector.CodeExpiresSoon {
		take(replaceRemedy())
	}
	if !d.good() {
		for _, remedy := range r.Remedies {
			if d.CanFollow(remedy) {
				take(remedy)
			}
		}
	}
	take(connector.Remedy{Do: "Check again", Action: connector.ActRetry})
	take(connector.Remedy{Do: "Enter it in SaaSAssure", Action: ui.ActHandover})
	for _, deed := range d.changes() {
		take(deed)
	}
	column := 0
	for _, r := range d.actions {
		if n := ansi.StringWidth(r.Do); d.keyOf(r.Action) != "" && n <= keyColumn {
			column = max(column, n)
		}
	}
	options := make([]widget.IndexOption, len(d.actions))
	for i, r := range d.actions {
		words := r.Do
		if letter := d.keyOf(r.Action); letter != "" {
			words = widget.PadTo(words, column) + "  " + letter
		}
		options[i] = widget.Option(words, i)
	}
	d.menu = widget.NewMenu(d.Theme, options...)
}

// keyColumn is how wide a row with a key may be for the keys to stand below each other: what fits
// into the smallest window.
const keyColumn = widget.MinWidth - 7

// byKey are the actions that have a key of their own.
func (d *detailScreen) byKey() map[connector.Action]key.Binding {
	return map[connector.Action]key.Binding{
		connector.ActRetry: d.keys.Retry, connector.ActReport: d.keys.Report, connector.ActReplace: d.keys.replace,
		ui.ActEdit: d.keys.edit, ui.ActHandover: d.keys.HandOver, ui.ActRemove: d.keys.remove,
	}
}

// keyOf is the key of an action, "" where it has none.
func (d *detailScreen) keyOf(a connector.Action) string { return d.byKey()[a].Help().Key }

func replaceRemedy() connector.Remedy {
	return connector.Remedy{Do: "Replace the token", Action: connector.ActReplace}
}

// expiresSoon: within thirty days, or it has expired.
func (d *detailScreen) expiresSoon() bool {
	return d.Setup.Saved.ExpiryLevel(connector.DateOf(d.Deps.Now())) != connector.ExpiresLater
}

// good: nothing has to be done, nor is anything unknown.
func (d *detailScreen) good() bool {
	return d.Report().Verdict == connector.Working || d.Report().Code == ""
}

// changes are what takes one of the two roles, or what someone without them can do instead.
func (d *detailScreen) changes() []connector.Remedy {
	if !d.MayChange() {
		return []connector.Remedy{
			{Do: "Draft a message that asks an admin to change it", Action: ui.ActAsk},
			{Do: "Change your role (now: " + d.Session.Settings.Role.Title() + ")", Action: ui.ActRole},
		}
	}
	return []connector.Remedy{
		replaceRemedy(),
		{Do: "Set the token's expiry date", Action: connector.ActExpiry},
		{Do: "Edit name, site, email or account", Action: ui.ActEdit},
		{Do: "Move the token to another storage", Action: ui.ActMove},
		{Do: "Remove it", Action: ui.ActRemove},
	}
}

// isReference: its token is stored outside this program.
func (d *detailScreen) isReference() bool { return d.Setup.Saved.KeptIn == connector.StorageReference }

// Init asks for the connector's past.
func (d *detailScreen) Init() tea.Cmd {
	d.recalling = true
	return tea.Batch(ui.Reload(d.Deps.Store, d.Setup.Saved.ID, d.Request), d.resume())
}

// resume goes on with what an overlay was needed for.
func (d *detailScreen) resume() tea.Cmd {
	intent := d.Setup.Intent
	d.Setup.Intent = connector.Remedy{}
	switch {
	case d.Closed.By(ui.ScreenRole) && intent.Action != "":
		return func() tea.Msg { return ui.IntentMsg{Request: d.Request, Remedy: intent} }
	case d.Closed.By(ui.ScreenUnlock):
		return d.retest()
	}
	return nil
}

func (d *detailScreen) waits() bool {
	return d.cancel != nil || d.recalling || d.looking
}

func (d *detailScreen) Title() (string, string) {
	return d.Setup.Saved.Name, connector.ProductTitle(d.Setup.Product())
}

func (d *detailScreen) Help() string {
	return "This connector and its last check. The strip shows its last checks, the oldest on the left, and below it when the result changed. The letter after a choice does it at once."
}

func (d *detailScreen) Keys() []key.Binding {
	switch {
	case d.cancel != nil || d.looking:
		return []key.Binding{widget.Named(d.keys.Esc, "stop")}
	}
	return []key.Binding{d.keys.Enter, d.keys.Esc}
}

// More are the keys of the rows, which the help lists, and one that has no row.
func (d *detailScreen) More() []key.Binding {
	keys := []key.Binding{d.keys.Retry, d.keys.HandOver, d.keys.Report}
	if d.MayChange() {
		keys = append(keys, d.keys.replace, d.keys.edit, d.keys.remove)
	}
	return keys
}

func (d *detailScreen) Escape() ui.Event {
	switch {
	case d.cancel != nil || d.looking:
		d.looking = false
		d.stop()
		return ui.None
	}
	return ui.Back
}

func (d *detailScreen) Leave() { d.stop() }

// stop ends a check.
func (d *detailScreen) stop() {
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
}

func (d *detailScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if !d.waits() {
			return ui.None, nil
		}
		var cmd tea.Cmd
		d.spin, cmd = d.spin.Update(msg)
		return ui.None, cmd
	case ui.RecheckedMsg:
		if msg.Request == d.Request && d.cancel != nil {
			d.land(msg)
			return ui.None, d.wait.Run(&d.Base)
		}
	case ui.CountdownMsg:
		due, next := d.wait.Take(&d.Base, msg)
		if due && d.cancel == nil && !d.looking {
			return ui.None, d.begin()
		}
		return ui.None, next
	case ui.StoragesMsg:
		if msg.Request == d.Request && d.looking {
			return d.looked(msg)
		}
	case ui.OpenedMsg, ui.CopiedMsg:
		if note, mine := d.StayedNote(msg); mine {
			d.note = note
		}
	case ui.ReloadedMsg:
		if msg.Request == d.Request {
			d.recalling = false
			d.Session.SetReports(msg.Id, msg.Past)
			changed := msg.Now.ID != "" && !msg.Now.Equal(d.Setup.Saved)
			if changed {
				d.Session.UpdateFacts([]connector.Connector{msg.Now})
				d.Setup.Saved = msg.Now
			}
			if past := d.past(); (changed || len(past) > 0) && d.cancel == nil {
				d.Edit("")
				d.lay()
			}
			return ui.None, d.wait.Run(&d.Base)
		}
	case ui.IntentMsg:
		if msg.Request == d.Request && d.Session.Settings.Role != connector.RoleUnknown {
			return d.act(msg.Remedy)
		}
	case tea.KeyPressMsg:
		if d.cancel == nil && !d.looking {
			return d.press(msg)
		}
	}
	return ui.None, nil
}

// press: every deed has its line, and those that are done often a key as well.
func (d *detailScreen) press(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	d.note = ui.Note{} // it was read
	for deed, k := range d.byKey() {
		if key.Matches(msg, k) {
			return d.act(connector.Remedy{Action: deed})
		}
	}
	if d.recalling {
		return ui.None, nil // the report's remedies are still to come into the menu
	}
	i, picked := d.menu.Update(msg)
	if !picked {
		return ui.None, nil
	}
	return d.act(d.actions[i])
}

// act does what was chosen. What changes a connector needs a role first.
func (d *detailScreen) act(r connector.Remedy) (ui.Event, tea.Cmd) {
	d.note = d.StayNote(r)
	if d.changing(r.Action) {
		switch {
		case d.Session.Settings.Role == connector.RoleUnknown:
			d.Setup.Intent = r
			return ui.AskRole, nil
		case !d.MayChange():
			d.note = ui.Note{Text: ui.OnlyAdmins, Kind: ui.NoteFailed}
			return ui.None, nil
		}
	}
	switch {
	case r.Action == connector.ActRetry && d.wait.Ask(&d.Base):
		return ui.None, nil
	case r.Action == connector.ActRetry, r.Action == connector.ActUnlock && !d.Unlocks():
		return ui.None, d.begin()
	}
	switch r.Action {
	case ui.ActHandover:
		return ui.HandOver, nil
	case ui.ActEdit:
		d.Edit("")
		return ui.EditFacts, nil
	case ui.ActMove:
		d.Setup.Draft = setup.For(setup.Move, d.Entry())
		return ui.ChooseStorage, nil
	case ui.ActRemove:
		return ui.RemoveConnector, nil
	case ui.ActRole:
		return ui.AskRole, nil
	case ui.ActAsk:
		d.Setup.TextTitle = "Ask an admin to change this connector"
		d.Setup.Text = connector.RoleMessage(d.Setup.Product(), "change the connector "+d.Setup.Saved.Name)
		return ui.WriteMessage, nil
	case connector.ActReplace, connector.ActEditToken, connector.ActEditAll, connector.ActReread:
		if d.isReference() {
			d.note = ui.Note{Text: referenceText(d.Setup.Saved), Kind: ui.NoteInfo}
			return ui.None, nil
		}
	}
	return d.Follow(r)
}

// changing: it changes the connector.
func (d *detailScreen) changing(a connector.Action) bool {
	switch a {
	case ui.ActEdit, ui.ActRemove, ui.ActMove, connector.ActReplace, connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken,
		connector.ActEditAll, connector.ActReread, connector.ActExpiry:
		return true
	}
	return false
}

// begin checks, after a look at the encrypted file where the token is in it.
func (d *detailScreen) begin() tea.Cmd {
	if !d.Session.MayBeLocked(&connector.Entry{Connector: d.Setup.Saved}) {
		return d.retest()
	}
	d.looking = true
	ctx, cancel := context.WithTimeout(context.Background(), ui.ProbeLimit)
	probe := ui.ProbeStorages(ctx, d.Deps.Store, d.Request)
	return tea.Batch(d.spin.Tick, func() tea.Msg { defer cancel(); return probe() })
}

// looked goes on once that is known.
func (d *detailScreen) looked(msg ui.StoragesMsg) (ui.Event, tea.Cmd) {
	d.looking = false
	if !d.Session.IsLocked(msg) {
		return ui.None, d.retest()
	}
	d.Setup.Unlocking = connector.StorageLocked
	return ui.NeedsUnlock, nil
}

func (d *detailScreen) retest() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.note, d.began = cancel, ui.Note{}, d.Deps.Now()
	entry := d.Entry()
	d.landing = ui.Recheck(ctx, d.Deps.Service(), []*connector.Entry{&entry}, d.Request)
	return tea.Batch(d.spin.Tick, ui.Await(d.landing))
}

func (d *detailScreen) land(msg ui.RecheckedMsg) {
	d.stop()
	if r := msg.Report; ui.TokenUnread(r) {
		d.note = ui.Note{Text: "Not checked: " + connector.Inside(r.Title) + ". " + r.Remedies[0].Do + ". The previous result is shown.", Kind: ui.NoteInfo}
		return
	}
	d.Session.AddReport(msg.Id, msg.Report)
	d.Edit("")
	d.lay()
}

// How a saved connector looks: what to read first on top, then what can be done, then all
// that is known, in two columns where there is room, then the past.

func (d *detailScreen) View() (string, int) {
	var b strings.Builder
	d.lastCheck(&b)
	b.WriteString("\n")
	if words := d.wait.Starts(&d.Base); words != "" {
		b.WriteString(widget.WithMark(d.Theme.Accent.Render(d.Theme.Marks.Arrow), words, d.Theme.Width) + "\n")
	}
	focus := d.menu.AddTo(&b)
	b.WriteString("\n")
	if d.note.Text != "" {
		b.WriteString("\n" + d.note.View(d.Theme) + "\n")
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString("\n")
	b.WriteString(d.facts())
	b.WriteString(d.history())
	return b.String(), focus
}

// lastCheck is the last check, and how it differs from the one before.
func (d *detailScreen) lastCheck(b *strings.Builder) {
	r, w := d.Report(), d.Theme.Width
	switch {
	case d.looking:
		b.WriteString(ui.LookingText(d.Theme, d.spin) + "\n")
		return
	case d.cancel != nil:
		b.WriteString(widget.WithMark(d.Theme.Accent.Render(d.spin.View()), "Asking Atlassian "+d.Theme.Ellipsis(), w) + "\n")
		b.WriteString(ui.WaitingText(d.Theme, d.Deps.Now().Sub(d.began), d.Setup.Saved))
		return
	case r.Code == "":
		b.WriteString(d.Theme.Faint.Render("Not checked yet") + "\n")
		return
	}
	when := d.Theme.Faint.Render(" " + d.Theme.Marks.Dot + " checked " + connector.Ago(d.Deps.Now().Sub(r.At)))
	b.WriteString(widget.WithMark(d.Theme.VerdictMark(r.Verdict), d.Theme.Bold.Render(r.Title)+when, w) + "\n")
	if words := d.wait.Words(&d.Base); words != "" {
		b.WriteString(widget.Indent(widget.Wrap(words, w-2), 2) + "\n")
	}
	today, c := connector.DateOf(d.Deps.Now()), d.Setup.Saved
	if c.ExpiryLevel(today) > connector.ExpiresLater && d.good() {
		b.WriteString(widget.WithMark(d.Theme.Warn.Render(d.Theme.Marks.Warn), "The token "+c.ExpirySentence(today), w) + "\n")
	}
	if !d.good() && r.Why != "" {
		b.WriteString(widget.Indent(widget.Wrap(r.Why, w-2), 2) + "\n")
	}
	for _, words := range d.changedWords() {
		b.WriteString(widget.Indent(widget.Wrap(words, w-2), 2) + "\n")
	}
	if !d.good() {
		for _, remedy := range r.Remedies { // what can only be done outside this program
			if remedy.Action == connector.ActNone {
				b.WriteString(widget.WithMark("  "+d.Theme.Accent.Render(d.Theme.Marks.Bullet), remedy.Do, w) + "\n")
			}
		}
	}
}

// past is the connector's reports; none while they are being asked for.
func (d *detailScreen) past() []connector.Report {
	if d.recalling {
		return nil
	}
	return d.Session.Entry(d.Setup.Saved.ID).Reports
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
	if d.Theme.Width < columnsFrom {
		return strings.Join(d.column(slices.Concat(left, right, d.changedBy()), rightLabel, d.Theme.Width), "\n") + "\n"
	}
	half := (d.Theme.Width - columnGap) / 2
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
	first, second := d.column(left, leftLabel, half), d.column(right, rightLabel, d.Theme.Width-columnGap-half)
	var b strings.Builder
	for _, line := range d.column(long, leftLabel, d.Theme.Width) {
		b.WriteString(line + "\n")
	}
	for _, f := range d.changedBy() {
		if one := [][2]string{f}; len(first) <= len(second) {
			first = append(first, d.column(one, leftLabel, half)...)
		} else {
			second = append(second, d.column(one, rightLabel, d.Theme.Width-columnGap-half)...)
		}
	}
	for i := range max(len(first), len(second)) {
		line := ""
		if i < len(first) {
			line = first[i]
		}
		if i < len(second) {
			line = widget.PadTo(line, half+columnGap) + second[i]
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
			lines = append(lines, strings.Split(d.Theme.Faint.Render(widget.PadTo(f[0], label))+widget.IndentRest(widget.Wrap(f[1], width-label), label), "\n")...)
		}
	}
	return lines
}

// connection is what the connector connects, and what its account sees there.
func (d *detailScreen) connection() [][2]string {
	c, r := d.Setup.Saved, d.Report()
	sees := ""
	if r.Coverage != nil {
		sees = strings.TrimPrefix(connector.CoverageWords(c.Product, *r.Coverage), "sees ")
	}
	return [][2]string{
		{"Site", c.Site.Origin()},
		{"Email", c.Email},
		{"Admin", adminWords(r)},
		{"Sees", sees},
		{"Account", c.Account},
	}
}

// person is the account's owner, without the email that stands above where it is the same.
func (d *detailScreen) person() string {
	who := cmp.Or(d.Entry().Person(), d.Report().Identity)
	if who != nil && who.Name != "" && strings.EqualFold(who.Email, d.Setup.Saved.Email) {
		return who.Name
	}
	return who.Words()
}

// token is who the connector's token belongs to, where it is, and until when it works.
func (d *detailScreen) token() [][2]string {
	c := d.Setup.Saved
	last, exact := c.ExpiryDate()
	ends := ""
	switch {
	case exact:
		ends = last.Words()
		switch today := connector.DateOf(d.Deps.Now()); c.ExpiryLevel(today) {
		case connector.ExpiresLater:
		case connector.Expired:
			ends += ", expired"
		default:
			ends += ", " + strings.TrimLeft(c.ExpiryShort(today), "! ")
		}
	case !last.IsZero():
		ends = "by " + last.Words()
	}
	return [][2]string{
		{"Signed in as", cmp.Or(d.person(), "not known yet")},
		{"Stored in", c.Where()},
		{"Expires", ends},
		{"In SaaSAssure", c.EnteredWords()},
	}
}

// changedBy are what was done with the connector, by whom.
func (d *detailScreen) changedBy() [][2]string {
	c := d.Setup.Saved
	return [][2]string{{"Added", c.Added.Words()}, {"Replaced", c.Replaced.Words()}, {"Edited", c.Edited.Words()}}
}

func adminWords(r connector.Report) string {
	switch {
	case r.Code == "":
		return ""
	case r.Admin == nil:
		return "not determined at the last check"
	case *r.Admin:
		return "administers " + connector.ProductTitle(r.Product)
	}
	return "does not administer " + connector.ProductTitle(r.Product)
}

// referenceText say how a token that is stored elsewhere is replaced.
func referenceText(c connector.Connector) string {
	return "This token is read each time from" + strings.TrimPrefix(c.Reference.Words(), ":") + ". Put the new token there, then check again."
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
		marks.WriteString(d.Theme.VerdictMark(reports[i].Verdict))
	}
	first, last := connector.DateOf(reports[len(reports)-1].At), connector.DateOf(reports[0].At)
	under := first.Words()
	if first != last {
		under += " " + d.Theme.Marks.Arrow + " " + last.Words()
	}
	under += ", " + connector.Plural(len(reports), "check")
	label, room := leftLabel, d.Theme.Width
	if room < columnsFrom {
		label = rightLabel
	}
	strip := marks.String()
	if ansi.StringWidth(strip)+2+ansi.StringWidth(under) <= room-label {
		strip += "  " + d.Theme.Faint.Render(under)
	} else {
		strip += "\n" + d.Theme.Faint.Render(widget.Wrap(under, room-label))
	}
	b := d.Theme.Faint.Render(widget.PadTo("History", label)) + widget.IndentRest(ansi.Wrap(strip, room-label, ""), label) + "\n"
	for _, r := range turns(reports) {
		b += strings.Repeat(" ", label) +
			widget.IndentRest(widget.WithMark(d.Theme.Faint.Render(connector.DateOf(r.At).Words())+" "+d.Theme.VerdictMark(r.Verdict), r.Title, room-label), label) + "\n"
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
