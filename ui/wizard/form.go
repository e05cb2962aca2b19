package wizard

import (
	"context"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// formScreen takes the three values, and the token's expiry date, which may be left out. Each field answers under itself: what the address
// was understood as, whether that site exists, a receipt for the token that shows none
// of it. Where the token will be stored is decided and tested before it is typed.
type formScreen struct {
	ui.Base
	keys       widget.KeyMap
	spin       spinner.Model
	fields     *widget.Inputs
	at         int // one of the lines below
	complaints [theButton]string
	note       string

	received atlassian.Token // the last one that was in the token's line
	receipt  atlassian.Receipt

	looked  string // the host that was looked up last
	looking bool
	found   connector.Finding

	storage storageState
	waiting bool // the wizard began here, and the role is not read yet
	pressed bool // Continue, before the storage was tried: it goes on by itself
	cancel  []context.CancelFunc
}

// The form's lines, in order.
const (
	fieldSite = iota
	fieldEmail
	fieldToken
	fieldExpiry
	theButton
)

func newForm(on ui.Base) ui.Screen {
	on.Setup.AddAgain()
	on.Setup.SaveError = nil
	f := &formScreen{Base: on, keys: widget.NewKeys(), spin: widget.NewSpinner(on.Theme)}
	f.lay()
	return f
}

// lay makes the fields again from the Setup. The token is never put back into its field:
// what was received is kept aside, and a new paste replaces it.
func (f *formScreen) lay() {
	hint := "paste it here"
	facts := f.Setup.Draft.Facts()
	if token, receipt := f.Setup.Draft.Token(); !token.IsZero() {
		hint = "received " + f.Theme.Marks.Dot + " paste to replace"
		if f.Theme.Width >= 60 { // elsewhere the receipt below says it alone
			hint = "received " + f.Theme.Marks.Dot + " " + connector.Plural(receipt.Length, "character") + " " + f.Theme.Marks.Dot + " paste to replace"
		}
	}
	f.fields = widget.NewInputs(f.Theme,
		widget.InputField{Title: "Site URL", Placeholder: "acme.atlassian.net", Value: facts.Site},
		widget.InputField{Title: "Email", Placeholder: "name@example.com", Value: facts.Email},
		widget.InputField{Title: "API token", Placeholder: hint, Masked: true},
		widget.InputField{Title: "Expiry date", Placeholder: "optional: 2027-11-23, 90d or 1y", Value: facts.Expiry})
	f.fields.Changed = func(i int) { f.complaints[i] = "" }
	f.at = fieldSite
}

func (f *formScreen) Title() (string, string) {
	if f.Setup.Task() == setup.Replace {
		return f.Setup.Title(), ui.StepsLine(f.Theme, 2)
	}
	return f.Setup.Title() + " " + f.Theme.Marks.Dot + " connection", ui.StepsLine(f.Theme, 2)
}

func (f *formScreen) Typing() bool { return true }

func (f *formScreen) Help() string {
	return "Site URL takes any form of the address: a bare name, a board, a page. Email is the Atlassian account that created the token. The token is shown as dots only; the line below it says what arrived. The expiry date is on the token page, and no API reports it: enter it to be reminded, or leave it out. Before you continue only the site's name is sent, to see whether it exists."
}

func (f *formScreen) Keys() []key.Binding {
	enter := "next field"
	if f.at >= f.last() {
		enter = "continue"
	}
	keys := []key.Binding{widget.Named(f.keys.Enter, enter), f.keys.Esc}
	if f.saves() {
		keys = append(keys, f.keys.Storage)
	}
	if f.Deps.Practice != nil {
		keys = append([]key.Binding{f.keys.Practice}, keys...)
	}
	return keys
}

// More are the keys that only the help lists.
func (f *formScreen) More() []key.Binding {
	return []key.Binding{f.keys.Tab, f.keys.ShiftTab, f.keys.Clear}
}

// saves reports whether this role saves what the form holds.
func (f *formScreen) saves() bool { return f.Session.Settings.Role.MaySave() }

func (f *formScreen) Init() tea.Cmd {
	cmds := []tea.Cmd{f.fields.Init(), f.moveTo(f.opening()), f.spin.Tick}
	if f.Setup.Draft.Facts().Site != "" {
		cmds = append(cmds, f.lookUp())
	}
	if f.saves() {
		cmds = append(cmds, f.beginStorage())
	}
	f.waiting = !f.Session.Loaded
	return tea.Batch(cmds...)
}

func (f *formScreen) Leave() {
	f.keep()
	for _, cancel := range f.cancel {
		cancel()
	}
	f.cancel = nil
}

// keep takes what is in the fields into the task: nothing typed is ever lost. A stray letter in the
// token's line is no token; once it is deleted the one that was received before is back.
func (f *formScreen) keep() {
	f.Setup.Change(func(facts *setup.Facts) {
		facts.Site, facts.Email, facts.Expiry = f.fields.Value(fieldSite), f.fields.Value(fieldEmail), f.fields.Value(fieldExpiry)
	})
	pasted := f.fields.Value(fieldToken)
	switch token, receipt := f.Setup.Draft.Token(); {
	case strings.TrimSpace(pasted) != "":
		if !token.IsZero() {
			f.received, f.receipt = token, receipt
		}
		token, receipt = atlassian.ReadToken(pasted)
		f.Setup.Draft.SetToken(token, receipt, f.Deps.Now())
	case token.IsZero() && !f.received.IsZero(): // what was typed over it is gone again
		f.Setup.Draft.SetToken(f.received, f.receipt, f.Deps.Now())
	}
}

func (f *formScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		f.spin, cmd = f.spin.Update(msg)
		return ui.None, cmd
	case lookedUp:
		f.takeLookup(msg)
		return ui.None, nil
	case ui.SessionMsg:
		return f.sessionCame()
	case ui.StoragesMsg, triedMsg:
		return f.takeStorage(msg)
	case tea.KeyPressMsg:
		return f.press(msg)
	case tea.PasteMsg:
		return ui.None, f.paste(msg)
	case ui.ClipboardMsg:
		f.note = ui.ClipboardWords
		return ui.None, nil
	}
	return ui.None, f.fields.Update(msg)
}

// press takes the keys that move; all others belong to the field in focus.
func (f *formScreen) press(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	f.pressed = false
	switch {
	case key.Matches(msg, f.keys.Storage) && f.saves():
		return ui.ChooseStorage, nil
	case key.Matches(msg, f.keys.Practice) && f.Deps.Practice != nil:
		return ui.None, f.typePractice()
	case key.Matches(msg, f.keys.Enter):
		return f.forward()
	case key.Matches(msg, f.keys.Tab):
		return ui.None, f.leaveFor(f.beyond(f.at, 1))
	case key.Matches(msg, f.keys.ShiftTab):
		return ui.None, f.leaveFor(f.beyond(f.at, -1))
	case f.at == theButton:
		return ui.None, nil
	}
	f.note = ""
	f.complaints[f.at] = ""
	return ui.None, f.fields.Update(msg)
}

// forward is Enter: the next field, or the check. A field that is wrong is not left.
func (f *formScreen) forward() (ui.Event, tea.Cmd) {
	f.keep()
	if f.at < f.last() {
		if f.complain(f.at); f.complaints[f.at] != "" {
			return ui.None, nil
		}
		return ui.None, f.leaveFor(f.beyond(f.at, 1))
	}
	for i := fieldSite; i < theButton; i++ {
		if f.complain(i); f.complaints[i] != "" && !f.closed(i) {
			return ui.None, f.moveTo(i)
		}
	}
	if _, tested := f.Setup.Draft.Storage(); f.waiting || f.saves() && !tested {
		return f.storageFirst()
	}
	f.Setup.Draft.Uncheck()
	if all := setup.Problems(f.Setup.Draft, f.Known()); len(all) > 0 { // with what a command line filled in, and has no line here
		if f.note = all[0].Words; all[0].Field == setup.FieldName {
			f.Setup.Change(func(facts *setup.Facts) { facts.Name = "" })
			f.note += " Continue again to use the default name."
		}
		return ui.None, nil
	}
	return ui.Answered, nil
}

// leaveFor moves to another line, and takes a look at the one that is left.
func (f *formScreen) leaveFor(to int) tea.Cmd {
	f.keep()
	if f.at < theButton && f.at < to && f.filled(f.at) {
		f.complain(f.at)
	}
	var look tea.Cmd
	if f.at == fieldSite && to != fieldSite {
		look = f.lookUp()
	}
	return tea.Batch(f.moveTo(to), look)
}

func (f *formScreen) moveTo(to int) tea.Cmd {
	f.at = to
	return f.fields.Focus(min(to, fieldExpiry))
}

func (f *formScreen) filled(i int) bool { return strings.TrimSpace(f.fields.Value(i)) != "" }

// typePractice fills the field in focus with what the pretend world knows.
func (f *formScreen) typePractice() tea.Cmd {
	p := f.Deps.Practice.ToType(f.Setup.Draft, f.Setup.Tries, f.Setup.OtherEmail)
	at := f.at
	f.keep()
	if at == fieldToken {
		f.Setup.Draft.SetToken(p.Token, p.Receipt, f.Deps.Now())
	}
	f.Setup.Change(func(facts *setup.Facts) {
		switch at {
		case fieldSite:
			facts.Site = p.Site
		case fieldEmail:
			facts.Email = p.Email
		case fieldToken, fieldExpiry:
			facts.Expiry = p.Expires.String()
		}
	})
	f.complaints = [theButton]string{}
	f.lay()
	return tea.Batch(f.fields.Init(), f.moveTo(at))
}

// Which of the form's lines can be changed, and where to begin.

// closed reports whether a line can't be changed: a new token is checked for the same site,
// and for the same account unless the person said otherwise.
func (f *formScreen) closed(i int) bool {
	switch i {
	case fieldToken:
		return f.Setup.Storage() == connector.StorageReference // what is there is not to be typed
	case fieldExpiry:
		return !f.waiting && !f.saves() // nothing would remember it
	}
	return f.Setup.Task() == setup.Replace && (i == fieldSite || i == fieldEmail && !f.Setup.OtherEmail)
}

// beyond is the next open line in a direction, the button behind the last one.
func (f *formScreen) beyond(from, step int) int {
	to := from + step
	for to >= fieldSite && f.closed(to) {
		to += step
	}
	if to < fieldSite {
		return from
	}
	return min(to, theButton)
}

// last is the last open field.
func (f *formScreen) last() int {
	if f.closed(fieldExpiry) {
		return fieldToken
	}
	return fieldExpiry
}

// opening is the field to begin in: the one a remedy named, else the first empty one.
func (f *formScreen) opening() int {
	focus, facts := f.Setup.Focus, f.Setup.Draft.Facts()
	f.Setup.Focus = ""
	named := map[connector.Field]int{connector.FieldSite: fieldSite, connector.FieldEmail: fieldEmail, connector.FieldToken: fieldToken}
	at, asked := named[focus]
	switch {
	case asked && !f.closed(at):
		return at
	case facts.Site == "":
		return fieldSite
	case facts.Email == "":
		return fieldEmail
	case f.closed(fieldToken):
		return theButton
	}
	return fieldToken
}

// How the form looks: each field, and under it what came of it.

func (f *formScreen) View() (string, int) {
	var b strings.Builder
	focus := 0
	for i := fieldSite; i <= f.last(); i++ {
		if i == f.at {
			focus = strings.Count(b.String(), "\n")
		}
		b.WriteString(f.line(i) + "\n")
		under := f.under(i)
		if under != "" || f.roomy() {
			b.WriteString(widget.Indent(under, widget.TitleWidth) + "\n")
		}
		if i == f.at && under != "" { // what is said of it is to be read whole
			focus = strings.Count(b.String(), "\n") - 1
		}
	}
	b.WriteString(widget.PadTo("Stored in", widget.TitleWidth) + widget.IndentRest(widget.Wrap(f.keptIn(), f.Theme.Width-widget.TitleWidth), widget.TitleWidth) + "\n\n")
	if f.at == theButton {
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString(f.button() + "\n")
	if f.note != "" {
		b.WriteString("\n" + widget.WithMark(f.Theme.Warn.Render(f.Theme.Marks.Warn), f.note, f.Theme.Width) + "\n")
	}
	if p := f.Deps.Practice; p != nil {
		hint := p.Hint(f.Setup.Draft, f.Setup.Tries, f.Setup.OtherEmail, "ctrl+t")
		b.WriteString("\n" + f.Theme.Faint.Render(widget.Wrap(hint, f.Theme.Width)))
	}
	return b.String(), focus
}

// line is a field, or its value where it can't be changed.
func (f *formScreen) line(i int) string {
	if !f.closed(i) {
		return f.fields.View(i)
	}
	name, value := "Site URL", f.Setup.Draft.Site().Origin()
	switch i {
	case fieldEmail:
		name, value = "Email", f.Setup.Draft.Facts().Email
	case fieldToken:
		name, value = "API token", "read from"+strings.TrimPrefix(f.Setup.Draft.Reference().Words(), ":")
	}
	return f.Theme.Faint.Render(widget.PadTo(name, widget.TitleWidth)) + f.Theme.Clip(value, f.Theme.Width-widget.TitleWidth)
}

// roomy reports whether the window has room for an empty line where an answer will
// stand, so that nothing moves when it comes.
func (f *formScreen) roomy() bool { return f.Theme.Rows >= 14 }

func (f *formScreen) button() string {
	text := "[ Continue ]"
	if f.at >= f.last() {
		return f.Theme.Chosen.Render(text)
	}
	return f.Theme.Faint.Render(text)
}

// under is the line below a field: its complaint, else what is known about its value.
func (f *formScreen) under(i int) string {
	w := f.Theme.Width - widget.TitleWidth
	if f.closed(i) && i != fieldToken {
		return ""
	}
	if c := f.complaints[i]; c != "" {
		return widget.WithMark(f.Theme.Bad.Render(f.Theme.Marks.Bad), c, w)
	}
	switch i {
	case fieldSite:
		return f.underSite(w)
	case fieldToken:
		return f.underToken(w)
	case fieldExpiry:
		return f.underExpiry(w)
	}
	return ""
}

// underExpiry is the day that was understood, or where it stands.
func (f *formScreen) underExpiry(w int) string {
	d := f.Setup.Draft
	facts := d.Facts()
	facts.Expiry = f.fields.Value(fieldExpiry)
	d.Set(facts)
	day := d.Expires(f.Deps.Now())
	switch words := connector.PastExpiry(day, connector.DateOf(f.Deps.Now())); {
	case day.IsZero():
	case words != "":
		return widget.WithMark(f.Theme.Bad.Render(f.Theme.Marks.Bad), words, w)
	default:
		return widget.WithMark(f.Theme.Faint.Render(f.Theme.Marks.Arrow), day.Words(), w)
	}
	if day.IsZero() && f.at == fieldExpiry && !f.filled(fieldExpiry) {
		return f.Theme.Faint.Render(widget.Wrap("It's on the token page; no API reports it.", w))
	}
	return ""
}

func (f *formScreen) underSite(w int) string {
	site, changes, err := atlassian.ParseSite(f.fields.Value(fieldSite))
	if err != nil {
		return ""
	}
	address := site.Origin()
	if len(address)+2 > w {
		address = site.Host()
	}
	if site.Host() != f.looked {
		return widget.WithMark(f.Theme.Faint.Render(f.Theme.Marks.Arrow), address+changeWords(changes), w)
	}
	if f.looking {
		return widget.WithMark(f.Theme.Accent.Render(f.spin.View()), address+" "+f.Theme.Faint.Render("being looked up "+f.Theme.Ellipsis()), w)
	}
	words := f.found.Detail
	if f.found.Verdict == connector.Unknown {
		words = address + ": " + words // what will be asked stays in sight
	}
	if f.found.Verdict == connector.Working {
		words = address + " exists"
	}
	return widget.WithMark(f.Theme.VerdictMark(f.found.Verdict), words, w)
}

// changeWords says what was changed of what was pasted, where it matters.
func changeWords(changes []atlassian.SiteChange) string {
	for _, c := range changes {
		if c == atlassian.ChangeHTTPS {
			return " (https: a token is never sent unencrypted)"
		}
	}
	return ""
}

// underToken is the receipt: what arrived, and none of it.
func (f *formScreen) underToken(w int) string {
	token, receipt := f.Setup.Draft.Token()
	if text := f.fields.Value(fieldToken); strings.TrimSpace(text) != "" {
		_, receipt = atlassian.ReadToken(text)
	} else if token.IsZero() {
		return ""
	} else if words := f.refusal(); words != "" {
		return widget.WithMark(f.Theme.Bad.Render(f.Theme.Marks.Bad), words, w)
	}
	words, doubt := connector.ReceiptWords(receipt)
	if doubt {
		return widget.WithMark(f.Theme.Warn.Render(f.Theme.Marks.Warn), words, w)
	}
	return widget.WithMark(f.Theme.Good.Render(f.Theme.Marks.Ok), words, w)
}

// refusal is what was said of the very token at hand, where a check ended against it.
func (f *formScreen) refusal() string {
	r, checked := f.Setup.Draft.Report()
	refused := r.Code == connector.CodeScopeMissing || slices.ContainsFunc(r.Stages, func(s connector.Finding) bool {
		return s.Stage == connector.StageSignIn && s.Verdict == connector.Failing
	})
	if !refused || !checked {
		return ""
	}
	return "At the last check: " + connector.Inside(r.Title)
}

// keptIn says where the token will be, before it is typed.
func (f *formScreen) keptIn() string {
	if f.waiting {
		return f.Theme.Faint.Render("looking for a storage " + f.Theme.Ellipsis())
	}
	if !f.saves() {
		return f.Theme.Faint.Render("not stored: your role checks without saving")
	}
	name := connector.StorageName(f.Setup.Storage())
	switch f.storage {
	case storageLooking:
		return f.Theme.Faint.Render("looking for a storage " + f.Theme.Ellipsis())
	case storageTrying:
		words := ", being tested " + f.Theme.Ellipsis()
		if f.Setup.Storage() == connector.StorageKeyring {
			words += " Your desktop may be asking for its password."
		}
		return name + f.Theme.Faint.Render(words)
	case storageUndecided:
		return f.Theme.Warn.Render(f.Theme.Marks.Warn) + " not decided: " + f.chooser() + " chooses"
	case storageProven:
	}
	return name + " " + f.Theme.Good.Render(f.Theme.Marks.Ok)
}

// chooser is what leads to the choice of the storage.
func (f *formScreen) chooser() string {
	return f.keys.Storage.Help().Key
}

// complain validates a field offline.
func (f *formScreen) complain(i int) {
	f.complaints[i] = f.Problem([]setup.Field{fieldSite: setup.FieldSite, fieldEmail: setup.FieldEmail, fieldToken: setup.FieldToken, fieldExpiry: setup.FieldExpiry}[i])
}

// The form's look at the site: as soon as its line is left, Atlassian is asked whether
// there is such a site. No credentials go along, and nothing waits for the answer.

// lookupLimit bounds the look; the check itself asks again.
const lookupLimit = 10 * time.Second

// lookedUp is the answer of lookup.
type lookedUp struct {
	Request ui.RequestID
	site    atlassian.Site
	seen    atlassian.Observation
}

func lookup(ctx context.Context, o connector.Observer, site atlassian.Site, t ui.RequestID) tea.Cmd {
	return func() tea.Msg { return lookedUp{t, site, o.Lookup(ctx, site)} }
}

// lookUp asks about the site that is in the field now, unless that was asked already.
func (f *formScreen) lookUp() tea.Cmd {
	site := f.Setup.Draft.Site()
	if site.IsZero() || site.Host() == f.looked {
		return nil
	}
	f.looked, f.looking = site.Host(), true
	ctx, cancel := context.WithTimeout(context.Background(), lookupLimit)
	f.cancel = append(f.cancel, cancel)
	return lookup(ctx, f.Deps.Observer, site, f.Request)
}

func (f *formScreen) takeLookup(msg lookedUp) {
	if msg.Request != f.Request || msg.site.Host() != f.looked {
		return
	}
	f.looking = false
	f.found = connector.SiteFinding(msg.site, msg.seen)
}

// The form's care for the storage: before the token is typed it is known where it will be
// kept, and tried. What needs no question is done in the background; what does, opens
// the screen that asks it, once.

// storageState is how far that is.
type storageState int

const (
	storageLooking storageState = iota
	storageTrying
	storageProven
	storageUndecided
)

// sessionCame goes on when the wizard began at the form: only now is it known who fills
// it in. A role that was never asked for is asked for first.
func (f *formScreen) sessionCame() (ui.Event, tea.Cmd) {
	if !f.waiting {
		return ui.None, nil
	}
	f.waiting = false
	switch {
	case f.Session.Settings.Role == connector.RoleUnknown:
		return ui.AskRole, nil
	case f.saves():
		return ui.None, f.beginStorage()
	case f.pressed:
		f.pressed, f.note = false, ""
		return f.forward()
	}
	return ui.None, f.moveTo(min(f.at, f.last()))
}

// beginStorage probes, unless a storage was chosen and tested already.
func (f *formScreen) beginStorage() tea.Cmd {
	kind, tested := f.Setup.Draft.Storage()
	switch {
	case tested:
		f.storage = storageProven
		return nil
	case kind != "":
		return f.testStorage(kind)
	}
	f.storage = storageLooking
	return ui.ProbeStorages(f.bounded(ui.ProbeLimit), f.Deps.Store, f.Request)
}

func (f *formScreen) bounded(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	f.cancel = append(f.cancel, cancel)
	return ctx
}

func (f *formScreen) testStorage(kind connector.StorageKind) tea.Cmd {
	f.storage = storageTrying
	f.Setup.Draft.SetStorage(kind, false)
	return testStorage(f.bounded(tryLimit), f.Deps.Service(), kind, f.Request)
}

// takeStorage goes on from a probe or a try.
func (f *formScreen) takeStorage(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.StoragesMsg:
		if _, tested := f.Setup.Draft.Storage(); msg.Request != f.Request || tested {
			return ui.None, nil
		}
		f.Setup.Storages = msg.Storages
		usual := f.Known().UsualStorage(f.Session.Settings.KeepIn)
		status := f.Known().Storage(usual)
		switch {
		case status.State == connector.StorageReady || usual == connector.StorageFile && f.Deps.KeyFile:
			return ui.None, f.testStorage(usual)
		case f.Setup.StorageAsked:
			f.storage = storageUndecided
			return ui.None, nil
		case usual == connector.StorageFile && status.Usable():
			f.Setup.StorageAsked = true
			f.Setup.Unlocking = status.State
			return ui.NeedsUnlock, nil
		}
		return ui.ChooseStorage, nil
	case triedMsg:
		if msg.Request != f.Request {
			return ui.None, nil
		}
		return f.takeTry(msg)
	}
	return ui.None, nil
}

func (f *formScreen) takeTry(msg triedMsg) (ui.Event, tea.Cmd) {
	if msg.err == nil {
		f.storage = storageProven
		f.Setup.Draft.SetStorage(msg.kind, true)
		if f.pressed {
			f.pressed, f.note = false, ""
			return f.forward()
		}
		return ui.None, nil
	}
	f.storage = storageUndecided
	f.Setup.Draft.SetStorage("", false)
	if f.Setup.StorageAsked {
		return ui.None, nil
	}
	if state, yes := ui.NeedsPassphrase(msg.err); yes {
		f.Setup.StorageAsked, f.Setup.Unlocking = true, state
		return ui.NeedsUnlock, nil
	}
	return ui.ChooseStorage, nil
}

// storageFirst is Continue before a storage is decided: wait for the try, and go on by itself
// then, or ask.
func (f *formScreen) storageFirst() (ui.Event, tea.Cmd) {
	if f.waiting || f.storage == storageLooking || f.storage == storageTrying {
		f.note, f.pressed = "The storage is being tested. Please wait: it continues by itself.", true
		return ui.None, nil
	}
	return ui.ChooseStorage, nil
}
