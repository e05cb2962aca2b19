package manage

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// editSeveralScreen sets the account and the expiry date of the connectors that were selected in the
// list. What differs between them stays as it is unless something is entered.
type editSeveralScreen struct {
	ui.Base
	keys   widget.KeyMap
	fields *widget.Inputs
	at     int
	begun  [2]string // what the fields held at first
	wrong  [2]string
	saving ui.Pending
	note   ui.Note
}

// Its fields, in order.
const (
	severalAccount = iota
	severalExpires
	severalButton
)

func newEditSeveral(on ui.Base) ui.Screen {
	e := &editSeveralScreen{Base: on, keys: widget.NewKeys()}
	account, sameAccount := common(on.Setup.Selected, func(c connector.Connector) string { return c.Account })
	expires, sameDay := common(on.Setup.Selected, func(c connector.Connector) string { return c.Expires.String() })
	e.begun = [2]string{account, expires}
	empty := func(same bool, example string) string {
		if same {
			return example
		}
		return "vary: leave empty to keep"
	}
	e.fields = widget.NewInputs(on.Theme,
		widget.InputField{Title: "Account", Placeholder: empty(sameAccount, "the SaaSAssure account they are for"), Value: account},
		widget.InputField{Title: "Expiry date", Placeholder: empty(sameDay, "2027-11-23, 90d, 1y or none"), Value: expires})
	e.fields.Changed = func(i int) { e.wrong[i] = "" }
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
	return "Edit " + connector.Plural(len(e.Setup.Selected), "connector"), ""
}

func (e *editSeveralScreen) Typing() bool { return true }

// Busy: the change is being written.
func (e *editSeveralScreen) Busy() bool { return e.saving.Waits() }

func (e *editSeveralScreen) Help() string {
	return "What you enter here is set for all of the selected connectors; a field you leave as it is changes nothing. Names, sites and emails differ from connector to connector, so each is edited on its own page."
}

func (e *editSeveralScreen) Keys() []key.Binding {
	if e.saving.Waits() {
		return e.saving.Keys(e.keys)
	}
	enter := "next field"
	if e.at >= severalExpires {
		enter = "save"
	}
	return []key.Binding{widget.Named(e.keys.Enter, enter), e.keys.Esc}
}

func (e *editSeveralScreen) Init() tea.Cmd { return e.fields.Init() }

func (e *editSeveralScreen) Leave() { e.saving.End() }

func (e *editSeveralScreen) Escape() ui.Event {
	if e.saving.Waits() {
		e.saving.GiveUp()
		return ui.None
	}
	return ui.Back
}

func (e *editSeveralScreen) moveTo(to int) tea.Cmd {
	e.at = to
	return e.fields.Focus(min(to, severalExpires))
}

func (e *editSeveralScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case severalEditedMsg:
		if msg.Request == e.Request && e.saving.Waits() {
			return e.edited(msg), nil
		}
		return ui.None, nil
	case tea.KeyPressMsg:
		switch {
		case e.saving.Waits():
			return ui.None, nil
		case key.Matches(msg, e.keys.Enter) && e.at >= severalExpires:
			return e.submit()
		case key.Matches(msg, e.keys.Enter, e.keys.Tab):
			return ui.None, e.moveTo(min(e.at+1, severalButton))
		case key.Matches(msg, e.keys.ShiftTab):
			return ui.None, e.moveTo(max(e.at-1, severalAccount))
		case e.at == severalButton:
			return ui.None, nil
		}
	}
	if widget.ChangesText(msg) && e.at < severalButton {
		e.wrong[e.at] = ""
	}
	return ui.None, e.fields.Update(msg)
}

// change is what the fields ask for; wrong says what is not right in them, and for which connector where
// it is not the same for all.
func (e *editSeveralScreen) change() (to setup.Change, wrong [2]string) {
	account, expires := strings.TrimSpace(e.fields.Value(severalAccount)), strings.TrimSpace(e.fields.Value(severalExpires))
	var problems [2][]string
	for _, c := range e.Setup.Selected {
		entry := e.Session.Entry(c.ID)
		d := setup.For(setup.Edit, entry)
		f := d.Facts()
		if account != e.begun[severalAccount] {
			f.Account, to.Account = account, &account
		}
		if expires != e.begun[severalExpires] {
			f.Expiry = expires
		}
		d.Set(f)
		problems[severalAccount] = append(problems[severalAccount], setup.ProblemWith(d, e.Known(), setup.FieldAccount))
		problem := setup.ProblemWith(d, e.Known(), setup.FieldExpiry)
		if day := d.Expires(e.Deps.Now()); expires != e.begun[severalExpires] {
			to.Expires = &day
			if r := ui.NewestReport(entry); r.Good() {
				problem = cmp.Or(problem, connector.WorkedAfter(day, connector.DateOf(r.At)))
			}
		}
		problems[severalExpires] = append(problems[severalExpires], problem)
	}
	for i, all := range problems {
		wrong[i] = e.first(all)
	}
	return to, wrong
}

// first is the first of the problems of what is selected, "" for none. It names the connector unless all
// have the same problem.
func (e *editSeveralScreen) first(problems []string) string {
	at := slices.IndexFunc(problems, func(words string) bool { return words != "" })
	switch {
	case at < 0:
		return ""
	case len(slices.Compact(slices.Clone(problems))) == 1:
		return problems[at]
	}
	return e.Setup.Selected[at].Name + ": " + problems[at]
}

// odd is what is odd about the day that was entered, although it can be set; "" for nothing.
func (e *editSeveralScreen) odd() string {
	to, wrong := e.change()
	if to.Expires == nil || wrong[severalExpires] != "" {
		return ""
	}
	return connector.PastExpiry(*to.Expires, connector.DateOf(e.Deps.Now()))
}

// submit writes the change, or says what is wrong.
func (e *editSeveralScreen) submit() (ui.Event, tea.Cmd) {
	to, wrong := e.change()
	e.wrong, e.note = wrong, ui.Note{}
	for i, words := range wrong {
		if words != "" {
			return ui.None, e.moveTo(i)
		}
	}
	if to == (setup.Change{}) {
		return ui.Back, nil
	}
	all, service, role, t := e.Setup.Selected, e.Deps.Service(), e.Session.Settings.Role, e.Request
	ctx := e.saving.Begin(ui.SaveLimit)
	write := func() tea.Msg { return severalEditedMsg{Request: t, written: service.EditMany(ctx, all, to, role)} }
	return ui.None, func() tea.Msg {
		return ui.Finished(ctx, write, severalEditedMsg{Request: t, err: connector.ErrUnanswered})
	}
}

// severalEditedMsg is the answer of submit.
type severalEditedMsg struct {
	Request ui.RequestID
	written []connector.Written
	err     error
}

// edited takes over what was written. One that was changed or removed meanwhile is left as it is.
func (e *editSeveralScreen) edited(msg severalEditedMsg) ui.Event {
	e.saving.End()
	if e.Unanswered(msg.err) {
		return ui.GoHome
	}
	var saved []connector.Connector
	var failed error
	for i, w := range msg.written {
		switch {
		case w.Err == nil:
			saved = append(saved, w.Connector)
		case setup.IsGone(w.Err):
			e.Session.Forget(e.Setup.Selected[i].ID)
		default:
			failed = cmp.Or(failed, w.Err)
		}
	}
	e.Session.UpdateFacts(saved)
	if failed != nil {
		t := connector.Explain(failed)
		e.Session.Notice = connector.Plural(len(saved), "connector") + " of " + connector.Plural(len(msg.written), "connector") + " changed. " + t.Title + ". " + t.Remedy + "."
		return ui.Done
	}
	e.Session.List.Outcome = connector.Plural(len(saved), "connector") + " changed"
	return ui.Done
}

func (e *editSeveralScreen) View() (string, int) {
	var b strings.Builder
	w := e.Theme.Width
	var names []string
	for _, c := range e.Setup.Selected {
		names = append(names, c.Name)
	}
	b.WriteString(e.Theme.Faint.Render(widget.Wrap("For "+connector.AndMore(names, mostNames)+".", w)) + "\n\n")
	focus := 0
	for i := severalAccount; i <= severalExpires; i++ {
		if i == e.at {
			focus = strings.Count(b.String(), "\n")
		}
		b.WriteString(e.fields.View(i) + "\n")
		under := ""
		switch odd := e.odd(); {
		case e.wrong[i] != "":
			under = widget.WithMark(e.Theme.Bad.Render(e.Theme.Marks.Bad), e.wrong[i], w-widget.TitleWidth)
		case i == severalExpires && odd != "":
			under = widget.WithMark(e.Theme.Bad.Render(e.Theme.Marks.Bad), odd, w-widget.TitleWidth)
		}
		b.WriteString(widget.Indent(under, widget.TitleWidth) + "\n")
	}
	button := e.Theme.Faint.Render("[ Save ]")
	if e.at >= severalExpires {
		button = e.Theme.Chosen.Render("[ Save ]")
	}
	if e.at == severalButton {
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString(button + "\n")
	if e.saving.Waits() {
		b.WriteString("\n" + e.saving.Words(e.Theme, "Saving"))
	}
	return b.String(), focus
}

// mostNames is how many connectors are named in a sentence.
const mostNames = 12
