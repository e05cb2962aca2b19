package ui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// formScreen takes the three values. Each field answers under itself: what the address
// was understood as, whether that site exists, a receipt for the token that shows none
// of it. Where the token will be kept is decided and tried before it is typed.
type formScreen struct {
	stage
	keys       keyMap
	spin       spinner.Model
	fields     *inputs
	at         int // fieldSite, fieldEmail, fieldToken, or theButton
	complaints [3]string
	note       string

	looked  string // the host that was looked up last
	looking bool
	found   connector.Finding

	safe    safeState
	waiting bool // the wizard began here, and the role is not read yet
	pressed bool // Continue, before the safe was tried: it goes on by itself
	cancel  []context.CancelFunc
}

// The form's lines, in order.
const (
	fieldSite = iota
	fieldEmail
	fieldToken
	theButton
)

func newForm(on stage) screen {
	f := &formScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look)}
	f.lay()
	return f
}

// lay makes the fields anew from the Setup. The token is never put back into its field:
// what was received is kept aside, and a new paste replaces it.
func (f *formScreen) lay() {
	hint := "paste it here"
	if !f.setup.Token.IsZero() {
		hint = "kept " + f.look.mark.dot + " paste to replace"
		if f.look.width >= 60 { // elsewhere the receipt below says it alone
			hint = "kept " + f.look.mark.dot + " " + connector.Plural(f.setup.Receipt.Length, "character") + " " + f.look.mark.dot + " paste to replace"
		}
	}
	f.fields = newInputs(f.look,
		inputSpec{title: "Site URL", placeholder: "acme.atlassian.net", value: f.setup.Site},
		inputSpec{title: "Email", placeholder: "the token's account", value: f.setup.Email},
		inputSpec{title: "API token", placeholder: hint, masked: true})
	f.fields.changed = func(i int) { f.complaints[i] = "" }
	f.at = fieldSite
}

func (f *formScreen) Title() (string, string) {
	if f.setup.Task == Replacing {
		return f.setup.title(), whereabouts(f.look, 2)
	}
	return f.setup.title() + " " + f.look.mark.dot + " connection", whereabouts(f.look, 2)
}

func (f *formScreen) Typing() bool { return true }

func (f *formScreen) Help() string {
	return "Site URL takes any form of the address: a bare name, a board, a page. Email is the Atlassian account that made the token. The token is shown as dots only; the line below it says what arrived. Nothing is sent before you continue, but the site's name, to see whether it exists."
}

func (f *formScreen) Keys() []key.Binding {
	enter := "next field"
	if f.at >= fieldToken {
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
	if f.setup.Site != "" {
		cmds = append(cmds, f.lookUp())
	}
	if f.saves() {
		cmds = append(cmds, f.beginSafe())
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

// keep takes what is in the fields into the Setup: nothing typed is ever lost.
func (f *formScreen) keep() {
	f.setup.Site, f.setup.Email = f.fields.value(fieldSite), f.fields.value(fieldEmail)
	if pasted := f.fields.value(fieldToken); strings.TrimSpace(pasted) != "" {
		f.setup.Token, f.setup.Receipt = atlassian.ReadToken(pasted)
		f.setup.Pasted = f.world.Now()
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
	case safesMsg, triedMsg:
		return f.takeSafe(msg)
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
	if f.at < fieldToken {
		if f.complain(f.at); f.complaints[f.at] != "" {
			return still, nil
		}
		return still, f.leaveFor(f.beyond(f.at, 1))
	}
	for i := fieldSite; i <= fieldToken; i++ {
		if f.complain(i); f.complaints[i] != "" && !f.closed(i) {
			return still, f.moveTo(i)
		}
	}
	if f.waiting || f.saves() && !f.setup.KeepChosen {
		return f.safeFirst()
	}
	return submitted, nil
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
	return f.fields.focus(min(to, fieldToken))
}

func (f *formScreen) filled(i int) bool { return strings.TrimSpace(f.fields.value(i)) != "" }

// typePractice fills the field in focus with what the pretend world knows.
func (f *formScreen) typePractice() tea.Cmd {
	p := f.world.Practice.toType(f.setup)
	switch f.at {
	case fieldSite:
		f.setup.Site = p.Site
	case fieldEmail:
		f.setup.Email = p.Email
	case fieldToken:
		f.setup.Token, f.setup.Receipt = p.Token, p.Receipt
		f.setup.Pasted = f.world.Now()
	}
	at := f.at
	if at != fieldSite {
		f.setup.Site = f.fields.value(fieldSite)
	}
	if at != fieldEmail {
		f.setup.Email = f.fields.value(fieldEmail)
	}
	f.complaints = [3]string{}
	f.lay()
	return tea.Batch(f.fields.init(), f.moveTo(at))
}
