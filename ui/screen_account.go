package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// accountScreen questions a second connector: for the same product, site and email, which is
// nearly always a new token for the first; and for the same product and SaaSAssure account,
// since SaaSAssure takes only one.
type accountScreen struct {
	stage
	keys      keyMap
	twin      connector.Entry
	same      bool // in product, site and email
	menu      *menu[accountChoice]
	field     *inputs
	naming    bool
	complaint string
}

// accountChoice is one way on.
type accountChoice int

const (
	accountReplace accountChoice = iota
	accountName
	accountKeep
	accountLeave
)

func newAccount(on stage) screen {
	a := &accountScreen{stage: on, keys: newKeys()}
	if on.setup.adding != nil { // back from replacing
		on.setup.Draft, on.setup.Saved, on.setup.adding = *on.setup.adding, connector.Connector{}, nil
	}
	d := on.setup.Draft
	if twin := d.DuplicateOf(on.known()); twin != nil {
		a.twin, a.same = *twin, twin.Site == d.Site() && strings.EqualFold(twin.Email, d.Email())
	}
	var options []huh.Option[accountChoice]
	if d.Task() == setup.Add && a.same && a.twin.KeptIn != connector.SafeReference {
		options = append(options, option("Replace the token of "+a.twin.Name+" with this one", accountReplace))
	}
	if d.Task() == setup.Add {
		options = append(options, option("Name the SaaSAssure account that this one is for", accountName))
	}
	a.menu = newMenu(on.look, append(options, option("Save it all the same", accountKeep), option("Do not save it", accountLeave))...)
	a.field = newInputs(on.look, inputSpec{title: "Account", placeholder: "as it is called in SaaSAssure", value: d.Facts().Account})
	a.field.changed = func(int) { a.complaint = "" }
	return a
}

func (a *accountScreen) Title() (string, string) { return a.setup.title(), whereabouts(a.look, 3) }

func (a *accountScreen) Choices() numbered { return a.menu }

func (a *accountScreen) Field() (*inputs, int) {
	if !a.naming {
		return nil, 0
	}
	return a.field, 0
}

func (a *accountScreen) Typing() bool { return a.naming }

func (a *accountScreen) Keys() []key.Binding {
	if a.naming {
		return []key.Binding{named(a.keys.enter, "save"), a.keys.esc}
	}
	return []key.Binding{a.keys.enter, a.keys.esc}
}

func (a *accountScreen) Escape() event {
	if a.naming {
		a.naming = false
		return still
	}
	return back
}

func (a *accountScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if a.naming {
		return a.name(msg)
	}
	choice, picked := a.menu.update(msg)
	if !picked {
		return still, nil
	}
	switch choice {
	case accountLeave:
		return home, nil
	case accountKeep:
		a.setup.Draft.AcceptDuplicate()
		return answered, nil
	case accountReplace:
		adding := a.setup.Draft
		a.setup.adding, a.setup.Draft, a.setup.Saved = &adding, adding.ForThat(a.twin), a.twin.Connector
		return answered, nil
	case accountName:
	}
	a.naming = true
	return still, a.field.init()
}

// name takes the account's name.
func (a *accountScreen) name(msg tea.Msg) (event, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || !key.Matches(press, a.keys.enter) {
		if changesText(msg) {
			a.complaint = ""
		}
		return still, a.field.update(msg)
	}
	typed := strings.TrimSpace(a.field.value(0))
	other := connector.Twin(connector.Connector{Product: a.setup.product(), Account: typed}, a.session.entries)
	a.complaint = connector.AccountProblem(typed)
	switch {
	case a.complaint != "":
	case typed == "":
		a.complaint = "Type the account's name."
	case other != nil:
		a.complaint, _ = connector.TwinWords(connector.Connector{Product: a.setup.product(), Account: typed}, *other)
		a.complaint += "."
	default:
		a.setup.change(func(f *setup.Facts) { f.Account = typed })
		a.setup.Draft.AcceptDuplicate()
		return answered, nil
	}
	return still, nil
}

func (a *accountScreen) View() (string, int) {
	var b strings.Builder
	w := a.look.width
	title, why := connector.TwinWords(connector.Connector{Product: a.setup.product(), Account: a.setup.Draft.Facts().Account}, a.twin)
	if a.same {
		title, why = connector.SameWords(a.twin)
	}
	b.WriteString(hang(a.look.warn.Render(a.look.mark.warn), a.look.bold.Render(title), w) + "\n\n")
	b.WriteString(wrap(why, w) + "\n\n")
	if !a.naming {
		focus := a.menu.addTo(&b)
		return b.String(), focus
	}
	focus := strings.Count(b.String(), "\n")
	b.WriteString(a.field.view(0) + "\n")
	if a.complaint != "" {
		b.WriteString("\n" + hang(a.look.bad.Render(a.look.mark.bad), a.complaint, w))
	}
	return b.String(), focus
}
