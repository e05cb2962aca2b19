package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// editScreen changes a saved connector's facts. Its name and account are only words and
// are saved at once; another site or e-mail is proven first, with the token it has.
type editScreen struct {
	stage
	keys       keyMap
	fields     *inputs
	at         int
	complaints [4]string
}

// The lines, in order.
const (
	editName = iota
	editSite
	editEmail
	editAccount
	editButton
)

func newEdit(on stage) screen {
	if on.setup.task() != setup.Edit {
		on.edit(on.setup.Focus)
	}
	facts := on.setup.Draft.Facts()
	e := &editScreen{stage: on, keys: newKeys()}
	e.fields = newInputs(on.look,
		inputSpec{title: "Name", placeholder: on.setup.Saved.Name, value: facts.Name},
		inputSpec{title: "Site URL", placeholder: "acme.atlassian.net", value: facts.Site},
		inputSpec{title: "Email", placeholder: "the token's account", value: facts.Email},
		inputSpec{title: "Account", placeholder: "the SaaSAssure account it is for", value: facts.Account})
	e.fields.changed = func(i int) { e.complaints[i] = "" }
	return e
}

func (e *editScreen) Title() (string, string) { return "Edit " + e.setup.Saved.Name, "" }

func (e *editScreen) Typing() bool { return true }

func (e *editScreen) Help() string {
	return "Name and account are saved as they are. A changed site or e-mail is checked first with the token that is kept; only if that works does it take the place of the old one."
}

func (e *editScreen) Keys() []key.Binding {
	enter := "next field"
	if e.at >= editAccount {
		enter = "save"
	}
	return []key.Binding{named(e.keys.enter, enter), e.keys.esc}
}

func (e *editScreen) Init() tea.Cmd {
	at := map[connector.Field]int{connector.FieldSite: editSite, connector.FieldEmail: editEmail, connector.FieldAccount: editAccount}[e.setup.Focus]
	e.setup.Focus = ""
	return tea.Batch(e.fields.init(), e.moveTo(at))
}

func (e *editScreen) moveTo(to int) tea.Cmd {
	e.at = to
	return e.fields.focus(min(to, editAccount))
}

// Leave keeps what was typed: a check that fails leads back here.
func (e *editScreen) Leave() { e.keep() }

func (e *editScreen) keep() {
	e.setup.change(func(f *setup.Facts) {
		f.Name, f.Site = strings.TrimSpace(e.fields.value(editName)), e.fields.value(editSite)
		f.Email, f.Account = e.fields.value(editEmail), strings.TrimSpace(e.fields.value(editAccount))
	})
}

// Escape drops what was typed.
func (e *editScreen) Escape() event {
	s := e.setup.Saved
	for i, v := range []string{s.Name, s.Site.Host(), s.Email, s.Account} {
		*e.fields.values[i] = v
	}
	return back
}

func (e *editScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		return e.press(press)
	}
	return still, e.fields.update(msg)
}

func (e *editScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	switch {
	case key.Matches(msg, e.keys.enter) && e.at < editAccount:
		return still, e.moveTo(e.at + 1)
	case key.Matches(msg, e.keys.enter):
		return e.submit()
	case key.Matches(msg, e.keys.tab):
		return still, e.moveTo(min(e.at+1, editButton))
	case key.Matches(msg, e.keys.shiftTab):
		return still, e.moveTo(max(e.at-1, editName))
	case e.at == editButton:
		return still, nil
	}
	e.complaints[e.at] = ""
	return still, e.fields.update(msg)
}

// submit goes on, or complains.
func (e *editScreen) submit() (event, tea.Cmd) {
	e.keep()
	for i, field := range []setup.Field{setup.FieldName, setup.FieldSite, setup.FieldEmail, setup.FieldAccount} {
		e.complaints[i] = e.problem(field)
	}
	for i, c := range e.complaints {
		if c != "" {
			return still, e.moveTo(i)
		}
	}
	if e.setup.Draft.Facts() == setup.For(setup.Edit, e.entry()).Facts() {
		e.setup.Notice = "Nothing was changed."
		return done, nil
	}
	e.setup.Draft.Uncheck()
	return answered, nil
}

func (e *editScreen) View() (string, int) {
	var b strings.Builder
	w, focus := e.look.width, 0
	for i := editName; i <= editAccount; i++ {
		if i == e.at {
			focus = strings.Count(b.String(), "\n")
		}
		b.WriteString(e.fields.view(i) + "\n")
		if under := e.under(i, w-titleWidth); under != "" || e.look.rows >= 14 {
			b.WriteString(indent(under, titleWidth) + "\n")
		}
	}
	button := e.look.faint.Render("[ Save ]")
	if e.at >= editAccount {
		button = e.look.chosen.Render("[ Save ]")
	}
	if e.at == editButton {
		focus = strings.Count(b.String(), "\n")
	}
	b.WriteString(button + "\n")
	return b.String(), focus
}

// under is a line's complaint, else what saving it will mean.
func (e *editScreen) under(i, w int) string {
	if c := e.complaints[i]; c != "" {
		return hang(e.look.bad.Render(e.look.mark.bad), c, w)
	}
	site, _, err := atlassian.ParseSite(e.fields.value(editSite))
	email, _ := atlassian.CheckEmail(e.fields.value(editEmail))
	switch {
	case i == editSite && err == nil && site != e.setup.Saved.Site:
		return hang(e.look.faint.Render(e.look.mark.arrow), site.Origin()+", will be proven first", w)
	case i == editEmail && email != "" && email != e.setup.Saved.Email:
		return hang(e.look.faint.Render(e.look.mark.arrow), "will be proven first", w)
	}
	return ""
}
