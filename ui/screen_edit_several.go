package ui

import (
	"cmp"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// editSeveralScreen sets the account and the expiry date of the connectors that were selected in the
// list. What differs between them stays as it is unless something is entered.
type editSeveralScreen struct {
	stage
	keys   keyMap
	fields *inputs
	at     int
	begun  [2]string // what the fields held at first
	wrong  [2]string
	saving pending
	note   said
}

// Its fields, in order.
const (
	severalAccount = iota
	severalExpires
)

func newEditSeveral(on stage) screen {
	e := &editSeveralScreen{stage: on, keys: newKeys()}
	account, sameAccount := common(on.setup.Several, func(c connector.Connector) string { return c.Account })
	expires, sameDay := common(on.setup.Several, func(c connector.Connector) string { return c.Expires.String() })
	e.begun = [2]string{account, expires}
	empty := func(same bool, example string) string {
		if same {
			return example
		}
		return "differ: empty keeps them"
	}
	e.fields = newInputs(on.look,
		inputSpec{title: "Account", placeholder: empty(sameAccount, "the SaaSAssure account they are for"), value: account},
		inputSpec{title: "Expiry date", placeholder: empty(sameDay, "2027-11-23, 90d, 1y or none"), value: expires})
	e.fields.changed = func(i int) { e.wrong[i] = "" }
	return e
}

// common is what all of them have, and whether it is the same for all.
func common(all []connector.Connector, of func(connector.Connector) string) (value string, same bool) {
	for i, c := range all {
		if i > 0 && of(c) != value {
			return "", false
		}
		value = of(c)
	}
	return value, true
}

func (e *editSeveralScreen) Title() (string, string) {
	return "Edit " + connector.Plural(len(e.setup.Several), "connector"), ""
}

func (e *editSeveralScreen) Typing() bool { return true }

// Busy: the change is being written.
func (e *editSeveralScreen) Busy() bool { return e.saving.waits() }

func (e *editSeveralScreen) Help() string {
	return "What you enter here is set for all of the selected connectors; a field you leave as it is changes nothing. Names, sites and emails differ from connector to connector, so each is edited on its own page."
}

func (e *editSeveralScreen) Keys() []key.Binding {
	if e.saving.waits() {
		return e.saving.keys(e.keys)
	}
	enter := "next field"
	if e.at == severalExpires {
		enter = "save"
	}
	return []key.Binding{named(e.keys.enter, enter), e.keys.esc}
}

func (e *editSeveralScreen) Init() tea.Cmd { return e.fields.init() }

func (e *editSeveralScreen) Leave() { e.saving.end() }

func (e *editSeveralScreen) Escape() event {
	if e.saving.waits() {
		e.saving.giveUp()
		return still
	}
	return back
}

func (e *editSeveralScreen) moveTo(to int) tea.Cmd {
	e.at = to
	return e.fields.focus(to)
}

func (e *editSeveralScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case severalEditedMsg:
		if msg.ticket == e.ticket && e.saving.waits() {
			return e.edited(msg), nil
		}
		return still, nil
	case tea.KeyPressMsg:
		switch {
		case e.saving.waits():
			return still, nil
		case key.Matches(msg, e.keys.enter) && e.at == severalExpires:
			return e.submit()
		case key.Matches(msg, e.keys.enter, e.keys.tab):
			return still, e.moveTo(min(e.at+1, severalExpires))
		case key.Matches(msg, e.keys.shiftTab):
			return still, e.moveTo(max(e.at-1, severalAccount))
		}
	}
	if changesText(msg) {
		e.wrong[e.at] = ""
	}
	return still, e.fields.update(msg)
}

// change is what the fields ask for; wrong says what is not right in them.
func (e *editSeveralScreen) change() (to setup.Change, wrong [2]string) {
	account, expires := strings.TrimSpace(e.fields.value(severalAccount)), strings.TrimSpace(e.fields.value(severalExpires))
	for _, c := range e.setup.Several {
		d := setup.For(setup.Edit, e.session.entry(c.ID))
		f := d.Facts()
		if account != e.begun[severalAccount] {
			f.Account, to.Account = account, &account
		}
		if expires != e.begun[severalExpires] {
			f.Expiry = expires
		}
		d.Set(f)
		wrong[severalAccount] = cmp.Or(wrong[severalAccount], setup.ProblemWith(d, e.known(), setup.FieldAccount))
		wrong[severalExpires] = cmp.Or(wrong[severalExpires], setup.ProblemWith(d, e.known(), setup.FieldExpiry))
		if day := d.Expires(e.world.Now()); expires != e.begun[severalExpires] {
			to.Expires = &day
		}
	}
	return to, wrong
}

// submit writes the change, or says what is wrong.
func (e *editSeveralScreen) submit() (event, tea.Cmd) {
	to, wrong := e.change()
	e.wrong, e.note = wrong, said{}
	for i, words := range wrong {
		if words != "" {
			return still, e.moveTo(i)
		}
	}
	if to == (setup.Change{}) {
		return back, nil
	}
	all, service, role, t := e.setup.Several, e.world.Service(), e.session.settings.Role, e.ticket
	ctx := e.saving.begin(saveLimit)
	write := func() tea.Msg { return severalEditedMsg{ticket: t, written: service.EditMany(ctx, all, to, role)} }
	return still, func() tea.Msg {
		return finished(ctx, write, severalEditedMsg{ticket: t, err: connector.ErrUnanswered})
	}
}

// severalEditedMsg is the answer of submit.
type severalEditedMsg struct {
	ticket  ticket
	written []connector.Written
	err     error
}

// edited takes over what was written. One that was changed or removed meanwhile is left as it is.
func (e *editSeveralScreen) edited(msg severalEditedMsg) event {
	e.saving.end()
	if e.unanswered(msg.err) {
		return home
	}
	var saved []connector.Connector
	var failed error
	for i, w := range msg.written {
		switch {
		case w.Err == nil:
			saved = append(saved, w.Connector)
		case setup.IsGone(w.Err):
			e.session.forget(e.setup.Several[i].ID)
		default:
			failed = cmp.Or(failed, w.Err)
		}
	}
	e.session.facts(saved)
	if failed != nil {
		t := connector.TroubleOf(failed)
		e.session.notice = connector.Plural(len(saved), "connector") + " of " + connector.Plural(len(msg.written), "connector") + " changed. " + t.Title + ". " + t.Remedy + "."
		return done
	}
	e.session.listed.outcome = connector.Plural(len(saved), "connector") + " changed"
	return done
}

func (e *editSeveralScreen) View() (string, int) {
	var b strings.Builder
	w := e.look.width
	var names []string
	for _, c := range e.setup.Several {
		names = append(names, c.Name)
	}
	b.WriteString(e.look.faint.Render(wrap("For "+connector.AndMore(names, mostNames)+".", w)) + "\n\n")
	focus := 0
	for i := severalAccount; i <= severalExpires; i++ {
		if i == e.at {
			focus = strings.Count(b.String(), "\n")
		}
		b.WriteString(e.fields.view(i) + "\n")
		under := ""
		if e.wrong[i] != "" {
			under = hang(e.look.bad.Render(e.look.mark.bad), e.wrong[i], w-titleWidth)
		}
		b.WriteString(indent(under, titleWidth) + "\n")
	}
	if e.saving.waits() {
		b.WriteString(e.saving.words(e.look, "Saving"))
	}
	return b.String(), focus
}

// mostNames is how many connectors are named in a sentence.
const mostNames = 12
