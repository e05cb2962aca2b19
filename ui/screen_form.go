package ui

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
)

// formScreen takes the three values, and the token's expiry date, which may be left out. Each field answers under itself: what the address
// was understood as, whether that site exists, a receipt for the token that shows none
// of it. Where the token will be kept is decided and tried before it is typed.
type formScreen struct {
	stage
	keys       keyMap
	spin       spinner.Model
	fields     *inputs
	at         int // one of the lines below
	complaints [theButton]string
	note       string

	looked  string // the host that was looked up last
	looking bool
	found   connector.Finding

	safe    storageState
	waiting bool // the wizard began here, and the role is not read yet
	pressed bool // Continue, before the safe was tried: it goes on by itself
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

func newForm(on stage) screen {
	on.setup.addAgain()
	on.setup.Trouble = nil
	f := &formScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look)}
	f.lay()
	return f
}

// lay makes the fields anew from the Setup. The token is never put back into its field:
// what was received is kept aside, and a new paste replaces it.
func (f *formScreen) lay() {
	hint := "paste it here"
	facts := f.setup.Draft.Facts()
	if token, receipt := f.setup.Draft.Token(); !token.IsZero() {
		hint = "kept " + f.look.mark.dot + " paste to replace"
		if f.look.width >= 60 { // elsewhere the receipt below says it alone
			hint = "kept " + f.look.mark.dot + " " + connector.Plural(receipt.Length, "character") + " " + f.look.mark.dot + " paste to replace"
		}
	}
	f.fields = newInputs(f.look,
		inputSpec{title: "Site URL", placeholder: "acme.atlassian.net", value: facts.Site},
		inputSpec{title: "Email", placeholder: "name@example.com", value: facts.Email},
		inputSpec{title: "API token", placeholder: hint, masked: true},
		inputSpec{title: "Expiry date", placeholder: "optional: 2027-11-23, 90d or 1y", value: facts.Expiry})
	f.fields.changed = func(i int) { f.complaints[i] = "" }
	f.at = fieldSite
}

func (f *formScreen) Title() (string, string) {
	if f.setup.task() == setup.Replace {
		return f.setup.title(), whereabouts(f.look, 2)
	}
	return f.setup.title() + " " + f.look.mark.dot + " connection", whereabouts(f.look, 2)
}

func (f *formScreen) Typing() bool { return true }

func (f *formScreen) Help() string {
	return "Site URL takes any form of the address: a bare name, a board, a page. Email is the Atlassian account that created the token. The token is shown as dots only; the line below it says what arrived. The expiry date is on the token page, and no API reports it: enter it to be reminded, or leave it out. Nothing is sent before you continue, but the site's name, to see whether it exists."
}

func (f *formScreen) Keys() []key.Binding {
	enter := "next field"
	if f.at >= f.last() {
		enter = "continue"
	}
	keys := []key.Binding{named(f.keys.enter, enter), f.keys.esc}
	if f.saves() {
		keys = append(keys, f.keys.safe)
	}
	if f.world.Practice != nil {
		keys = append([]key.Binding{f.keys.practice}, keys...)
	}
	return keys
}

// More are the keys that only the help lists.
func (f *formScreen) More() []key.Binding {
	return []key.Binding{f.keys.tab, f.keys.shiftTab, f.keys.clear}
}

// saves reports whether this role saves what the form holds.
func (f *formScreen) saves() bool { return f.session.settings.Role.MaySave() }

func (f *formScreen) Init() tea.Cmd {
	cmds := []tea.Cmd{f.fields.init(), f.moveTo(f.opening()), f.spin.Tick}
	if f.setup.Draft.Facts().Site != "" {
		cmds = append(cmds, f.lookUp())
	}
	if f.saves() {
		cmds = append(cmds, f.beginStorage())
	}
	f.waiting = !f.session.loaded
	return tea.Batch(cmds...)
}

func (f *formScreen) Leave() {
	f.keep()
	for _, cancel := range f.cancel {
		cancel()
	}
	f.cancel = nil
}

// keep takes what is in the fields into the task: nothing typed is ever lost.
func (f *formScreen) keep() {
	f.setup.change(func(facts *setup.Facts) {
		facts.Site, facts.Email, facts.Expiry = f.fields.value(fieldSite), f.fields.value(fieldEmail), f.fields.value(fieldExpiry)
	})
	if pasted := f.fields.value(fieldToken); strings.TrimSpace(pasted) != "" {
		token, receipt := atlassian.ReadToken(pasted)
		f.setup.Draft.SetToken(token, receipt, f.world.Now())
	}
}

func (f *formScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		f.spin, cmd = f.spin.Update(msg)
		return still, cmd
	case lookedUp:
		f.takeLookup(msg)
		return still, nil
	case sessionMsg:
		return f.sessionCame()
	case storagesMsg, triedMsg:
		return f.takeStorage(msg)
	case tea.KeyPressMsg:
		return f.press(msg)
	case tea.PasteMsg:
		return still, f.paste(msg)
	case clipboardMsg:
		f.note = clipboardWords
		return still, nil
	}
	return still, f.fields.update(msg)
}

// press takes the keys that move; all others belong to the field in focus.
func (f *formScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	f.pressed = false
	switch {
	case key.Matches(msg, f.keys.safe) && f.saves():
		return chooses, nil
	case key.Matches(msg, f.keys.practice) && f.world.Practice != nil:
		return still, f.typePractice()
	case key.Matches(msg, f.keys.enter):
		return f.forward()
	case key.Matches(msg, f.keys.tab):
		return still, f.leaveFor(f.beyond(f.at, 1))
	case key.Matches(msg, f.keys.shiftTab):
		return still, f.leaveFor(f.beyond(f.at, -1))
	case f.at == theButton:
		return still, nil
	}
	f.note = ""
	f.complaints[f.at] = ""
	return still, f.fields.update(msg)
}

// forward is Enter: the next field, or the check. A field that is wrong is not left.
func (f *formScreen) forward() (event, tea.Cmd) {
	f.keep()
	if f.at < f.last() {
		if f.complain(f.at); f.complaints[f.at] != "" {
			return still, nil
		}
		return still, f.leaveFor(f.beyond(f.at, 1))
	}
	for i := fieldSite; i < theButton; i++ {
		if f.complain(i); f.complaints[i] != "" && !f.closed(i) {
			return still, f.moveTo(i)
		}
	}
	if _, tested := f.setup.Draft.Storage(); f.waiting || f.saves() && !tested {
		return f.storageFirst()
	}
	f.setup.Draft.Uncheck()
	if all := setup.Problems(f.setup.Draft, f.known()); len(all) > 0 { // with what a command line filled in, and has no line here
		if f.note = all[0].Words; all[0].Field == setup.FieldName {
			f.setup.change(func(facts *setup.Facts) { facts.Name = "" })
			f.note += " Continue once more: this one is named after its site."
		}
		return still, nil
	}
	return answered, nil
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
	return f.fields.focus(min(to, fieldExpiry))
}

func (f *formScreen) filled(i int) bool { return strings.TrimSpace(f.fields.value(i)) != "" }

// typePractice fills the field in focus with what the pretend world knows.
func (f *formScreen) typePractice() tea.Cmd {
	p := f.world.Practice.ToType(f.setup.Draft, f.setup.Tries, f.setup.OtherEmail)
	at := f.at
	f.keep()
	if at == fieldToken {
		f.setup.Draft.SetToken(p.Token, p.Receipt, f.world.Now())
	}
	f.setup.change(func(facts *setup.Facts) {
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
	return tea.Batch(f.fields.init(), f.moveTo(at))
}

// Which of the form's lines can be changed, and where to begin.

// closed reports whether a line can't be changed: a new token is proven for the same site,
// and for the same account unless the person said otherwise.
func (f *formScreen) closed(i int) bool {
	switch i {
	case fieldToken:
		return f.setup.storage() == connector.StorageReference // what is there is not to be typed
	case fieldExpiry:
		return !f.waiting && !f.saves() // nothing would remember it
	}
	return f.setup.task() == setup.Replace && (i == fieldSite || i == fieldEmail && !f.setup.OtherEmail)
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
	focus, facts := f.setup.Focus, f.setup.Draft.Facts()
	f.setup.Focus = ""
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
			b.WriteString(indent(under, titleWidth) + "\n")
		}
		if i == f.at && under != "" { // what is said of it is to be read whole
			focus = strings.Count(b.String(), "\n") - 1
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
		hint := p.Hint(f.setup.Draft, f.setup.Tries, f.setup.OtherEmail, "ctrl+t")
		b.WriteString("\n" + f.look.faint.Render(wrap(hint, f.look.width)))
	}
	return b.String(), focus
}

// line is a field, or its value where it can't be changed.
func (f *formScreen) line(i int) string {
	if !f.closed(i) {
		return f.fields.view(i)
	}
	name, value := "Site URL", f.setup.Draft.Site().Origin()
	switch i {
	case fieldEmail:
		name, value = "Email", f.setup.Draft.Facts().Email
	case fieldToken:
		name, value = "API token", "read from"+strings.TrimPrefix(f.setup.Draft.Reference().Words(), ":")
	}
	return f.look.faint.Render(padTo(name, titleWidth)) + f.look.clip(value, f.look.width-titleWidth)
}

// roomy reports whether the window has room for an empty line where an answer will
// stand, so that nothing moves when it comes.
func (f *formScreen) roomy() bool { return f.look.rows >= 14 }

func (f *formScreen) button() string {
	text := "[ Continue ]"
	if f.at >= f.last() {
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
	case fieldExpiry:
		return f.underExpiry(w)
	}
	return ""
}

// underExpiry is the day that was understood, or where it stands.
func (f *formScreen) underExpiry(w int) string {
	d := f.setup.Draft
	facts := d.Facts()
	facts.Expiry = f.fields.value(fieldExpiry)
	d.Set(facts)
	day := d.Expires(f.world.Now())
	switch {
	case day.IsZero():
	case day.Before(connector.DateOf(f.world.Now())):
		return hang(f.look.warn.Render(f.look.mark.warn), day.Words()+" has passed. Is that the new token's date?", w)
	default:
		return hang(f.look.faint.Render(f.look.mark.arrow), day.Words(), w)
	}
	if day.IsZero() && f.at == fieldExpiry && !f.filled(fieldExpiry) {
		return f.look.faint.Render(wrap("It's on the token page; no API reports it. Enter skips it.", w))
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
	token, receipt := f.setup.Draft.Token()
	if text := f.fields.value(fieldToken); strings.TrimSpace(text) != "" {
		_, receipt = atlassian.ReadToken(text)
	} else if token.IsZero() {
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
	r, checked := f.setup.Draft.Report()
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
		return f.look.faint.Render("looking for a safe " + f.look.ellipsis())
	}
	if !f.saves() {
		return f.look.faint.Render("nowhere: your role checks without saving")
	}
	name := connector.StorageName(f.setup.storage())
	switch f.safe {
	case storageLooking:
		return f.look.faint.Render("looking for a safe " + f.look.ellipsis())
	case storageTrying:
		words := ", being tried " + f.look.ellipsis()
		if f.setup.storage() == connector.StorageKeyring {
			words += " Your desktop may be asking for its password."
		}
		return name + f.look.faint.Render(words)
	case storageUndecided:
		return f.look.warn.Render(f.look.mark.warn) + " not decided: " + f.chooser() + " chooses"
	case storageProven:
	}
	return name + " " + f.look.good.Render(f.look.mark.ok)
}

// chooser is what leads to the choice of the safe.
func (f *formScreen) chooser() string {
	return f.keys.safe.Help().Key
}

// complain validates a field offline.
func (f *formScreen) complain(i int) {
	f.complaints[i] = f.problem([]setup.Field{fieldSite: setup.FieldSite, fieldEmail: setup.FieldEmail, fieldToken: setup.FieldToken, fieldExpiry: setup.FieldExpiry}[i])
}

// The form's look at the site: as soon as its line is left, Atlassian is asked whether
// there is such a site. No credentials go along, and nothing waits for the answer.

// lookupLimit bounds the look; the check itself asks again.
const lookupLimit = 10 * time.Second

// lookedUp is the answer of lookup.
type lookedUp struct {
	ticket ticket
	site   atlassian.Site
	seen   atlassian.Observation
}

func lookup(ctx context.Context, o connector.Observer, site atlassian.Site, t ticket) tea.Cmd {
	return func() tea.Msg { return lookedUp{t, site, o.Lookup(ctx, site)} }
}

// lookUp asks about the site that is in the field now, unless that was asked already.
func (f *formScreen) lookUp() tea.Cmd {
	site := f.setup.Draft.Site()
	if site.IsZero() || site.Host() == f.looked {
		return nil
	}
	f.looked, f.looking = site.Host(), true
	ctx, cancel := context.WithTimeout(context.Background(), lookupLimit)
	f.cancel = append(f.cancel, cancel)
	return lookup(ctx, f.world.Observer, site, f.ticket)
}

func (f *formScreen) takeLookup(msg lookedUp) {
	if msg.ticket != f.ticket || msg.site.Host() != f.looked {
		return
	}
	f.looking = false
	f.found = connector.SiteFinding(msg.site, msg.seen)
}

// The form's care for the safe: before the token is typed it is known where it will be
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
func (f *formScreen) sessionCame() (event, tea.Cmd) {
	if !f.waiting {
		return still, nil
	}
	f.waiting = false
	switch {
	case f.session.settings.Role == connector.RoleUnknown:
		return asksRole, nil
	case f.saves():
		return still, f.beginStorage()
	case f.pressed:
		f.pressed, f.note = false, ""
		return f.forward()
	}
	return still, f.moveTo(min(f.at, f.last()))
}

// beginStorage probes, unless a safe was chosen and tried already.
func (f *formScreen) beginStorage() tea.Cmd {
	kind, tested := f.setup.Draft.Storage()
	switch {
	case tested:
		f.safe = storageProven
		return nil
	case kind != "":
		return f.testStorage(kind)
	}
	f.safe = storageLooking
	return probeStorages(f.bounded(probeLimit), f.world.Store, f.ticket)
}

func (f *formScreen) bounded(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	f.cancel = append(f.cancel, cancel)
	return ctx
}

func (f *formScreen) testStorage(kind connector.StorageKind) tea.Cmd {
	f.safe = storageTrying
	f.setup.Draft.SetStorage(kind, false)
	return testStorage(f.bounded(tryLimit), f.world.Service(), kind, f.ticket)
}

// takeStorage goes on from a probe or a try.
func (f *formScreen) takeStorage(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case storagesMsg:
		if _, tested := f.setup.Draft.Storage(); msg.ticket != f.ticket || tested {
			return still, nil
		}
		f.setup.Storages = msg.safes
		usual := f.known().UsualStorage(f.session.settings.KeepIn)
		status := f.known().Storage(usual)
		switch {
		case status.State == connector.StorageReady || usual == connector.StorageFile && f.world.KeyFile:
			return still, f.testStorage(usual)
		case f.setup.StorageAsked:
			f.safe = storageUndecided
			return still, nil
		case usual == connector.StorageFile && status.Usable():
			f.setup.StorageAsked = true
			f.setup.Unlocking = status.State
			return locked, nil
		}
		return chooses, nil
	case triedMsg:
		if msg.ticket != f.ticket {
			return still, nil
		}
		return f.takeTry(msg)
	}
	return still, nil
}

func (f *formScreen) takeTry(msg triedMsg) (event, tea.Cmd) {
	if msg.err == nil {
		f.safe = storageProven
		f.setup.Draft.SetStorage(msg.kind, true)
		if f.pressed {
			f.pressed, f.note = false, ""
			return f.forward()
		}
		return still, nil
	}
	f.safe = storageUndecided
	f.setup.Draft.SetStorage("", false)
	if f.setup.StorageAsked {
		return still, nil
	}
	if state, yes := needsPassphrase(msg.err); yes {
		f.setup.StorageAsked, f.setup.Unlocking = true, state
		return locked, nil
	}
	return chooses, nil
}

// storageFirst is Continue before a safe is decided: wait for the try, and go on by itself
// then, or ask.
func (f *formScreen) storageFirst() (event, tea.Cmd) {
	if f.waiting || f.safe == storageLooking || f.safe == storageTrying {
		f.note, f.pressed = "One moment: the place to keep the token is being tried. Then it goes on.", true
		return still, nil
	}
	return chooses, nil
}
