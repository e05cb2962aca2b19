package manage

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// editScreen changes a saved connector's facts. Its name and account are only words and
// are saved at once; another site or email is checked first, with the token it has.
type editScreen struct {
	ui.Base
	keys       widget.KeyMap
	fields     *widget.Inputs
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

func newEdit(on ui.Base) ui.Screen {
	if on.Setup.Task() != setup.Edit {
		on.Edit(on.Setup.Focus)
	}
	facts := on.Setup.Draft.Facts()
	e := &editScreen{Base: on, keys: widget.NewKeys()}
	e.fields = widget.NewInputs(on.Theme,
		widget.InputField{Title: "Name", Placeholder: on.Setup.Saved.Name, Value: facts.Name},
		widget.InputField{Title: "Site URL", Placeholder: "acme.atlassian.net", Value: facts.Site},
		widget.InputField{Title: "Email", Placeholder: "name@example.com", Value: facts.Email},
		widget.InputField{Title: "Account", Placeholder: "the SaaSAssure account it is for", Value: facts.Account})
	e.fields.Changed = func(i int) { e.complaints[i] = "" }
	return e
}

func (e *editScreen) Title() (string, string) { return "Edit " + e.Setup.Saved.Name, "" }

func (e *editScreen) Typing() bool { return true }

func (e *editScreen) Help() string {
	return "Name and account are saved as they are. A changed site or email is checked first, with the stored token, and saved only if that works."
}

func (e *editScreen) Keys() []key.Binding {
	enter := "next field"
	if e.at >= editAccount {
		enter = "save"
	}
	return []key.Binding{widget.Named(e.keys.Enter, enter), e.keys.Esc}
}

func (e *editScreen) Init() tea.Cmd {
	at := map[connector.Field]int{connector.FieldSite: editSite, connector.FieldEmail: editEmail, connector.FieldAccount: editAccount}[e.Setup.Focus]
	e.Setup.Focus = ""
	return tea.Batch(e.fields.Init(), e.moveTo(at))
}

func (e *editScreen) moveTo(to int) tea.Cmd {
	e.at = to
	return e.fields.Focus(min(to, editAccount))
}

// Leave keeps what was typed: a check that fails leads back here.
func (e *editScreen) Leave() { e.keep() }

func (e *editScreen) keep() {
	e.Setup.Change(func(f *setup.Facts) {
		f.Name, f.Site = strings.TrimSpace(e.fields.Value(editName)), e.fields.Value(editSite)
		f.Email, f.Account = e.fields.Value(editEmail), strings.TrimSpace(e.fields.Value(editAccount))
	})
}

// Escape drops what was typed.
func (e *editScreen) Escape() ui.Event {
	s := e.Setup.Saved
	for i, v := range []string{s.Name, s.Site.Host(), s.Email, s.Account} {
		*e.fields.Values[i] = v
	}
	return ui.Back
}

func (e *editScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		return e.press(press)
	}
	return ui.None, e.fields.Update(msg)
}

func (e *editScreen) press(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	switch {
	case key.Matches(msg, e.keys.Enter) && e.at < editAccount:
		return ui.None, e.moveTo(e.at + 1)
	case key.Matches(msg, e.keys.Enter):
		return e.submit()
	case key.Matches(msg, e.keys.Tab):
		return ui.None, e.moveTo(min(e.at+1, editButton))
	case key.Matches(msg, e.keys.ShiftTab):
		return ui.None, e.moveTo(max(e.at-1, editName))
	case e.at == editButton:
		return ui.None, nil
	}
	e.complaints[e.at] = ""
	return ui.None, e.fields.Update(msg)
}

// submit goes on, or complains.
func (e *editScreen) submit() (ui.Event, tea.Cmd) {
	e.keep()
	for i, field := range []setup.Field{setup.FieldName, setup.FieldSite, setup.FieldEmail, setup.FieldAccount} {
		e.complaints[i] = e.Problem(field)
	}
	for i, c := range e.complaints {
		if c != "" {
			return ui.None, e.moveTo(i)
		}
	}
	if e.Setup.Draft.Facts() == setup.For(setup.Edit, e.Entry()).Facts() {
		e.Setup.Notice = "Nothing changed."
		return ui.Done, nil
	}
	e.Setup.Draft.Uncheck()
	return ui.Answered, nil
}

func (e *editScreen) View() (string, int) {
	var b strings.Builder
	w, focus := e.Theme.Width, 0
	for i := editName; i <= editAccount; i++ {
		if i == e.at {
			focus = strings.Count(b.String(), "\n")
		}
		b.WriteString(e.fields.View(i) + "\n")
		if under := e.under(i, w-widget.TitleWidth); under != "" || e.Theme.Rows >= 14 {
			b.WriteString(widget.Indent(under, widget.TitleWidth) + "\n")
		}
	}
	button := e.Theme.Faint.Render("[ Save ]")
	if e.at >= editAccount {
		button = e.Theme.Chosen.Render("[ Save ]")
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
		return widget.WithMark(e.Theme.Bad.Render(e.Theme.Marks.Bad), c, w)
	}
	site, _, err := atlassian.ParseSite(e.fields.Value(editSite))
	email, _ := atlassian.CheckEmail(e.fields.Value(editEmail))
	switch {
	case i == editSite && err == nil && site != e.Setup.Saved.Site:
		return widget.WithMark(e.Theme.Faint.Render(e.Theme.Marks.Arrow), site.Origin()+", checked before it is saved", w)
	case i == editEmail && email != "" && email != e.Setup.Saved.Email:
		return widget.WithMark(e.Theme.Faint.Render(e.Theme.Marks.Arrow), "checked before it is saved", w)
	}
	return ""
}
