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
	doubted    string // the account that was doubted once
	// doubtedSame is the connector that this one would double, once that was doubted.
	doubtedSame string
	saving      pending
	trouble     string
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
	on.setup.Task = Editing
	e := &editScreen{stage: on, keys: newKeys()}
	e.fields = newInputs(on.look,
		inputSpec{title: "Name", placeholder: on.setup.Saved.Name, value: on.setup.Name},
		inputSpec{title: "Site URL", placeholder: "acme.atlassian.net", value: on.setup.Site},
		inputSpec{title: "Email", placeholder: "the token's account", value: on.setup.Email},
		inputSpec{title: "Account", placeholder: "the SaaSAssure account it is for", value: on.setup.Account})
	e.fields.changed = func(i int) { e.complaints[i] = "" }
	return e
}

func (e *editScreen) Waits() bool { return e.saving.waits() }

func (e *editScreen) Title() (string, string) { return "Edit " + e.setup.Saved.Name, "" }

func (e *editScreen) Field() (*inputs, int) { return e.fields, min(e.at, editAccount) }

func (e *editScreen) Typing() bool { return true }

func (e *editScreen) Help() string {
	return "Name and account are saved as they are. A changed site or e-mail is checked first with the token that is kept; only if that works does it take the place of the old one."
}

func (e *editScreen) Keys() []key.Binding {
	if e.saving.waits() {
		return e.saving.keys(e.keys)
	}
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
func (e *editScreen) Leave() {
	e.saving.end()
	e.keep()
}

func (e *editScreen) keep() {
	e.setup.Name, e.setup.Site = strings.TrimSpace(e.fields.value(editName)), e.fields.value(editSite)
	e.setup.Email, e.setup.Account = e.fields.value(editEmail), strings.TrimSpace(e.fields.value(editAccount))
}

// Escape drops what was typed, or gives up saving it.
func (e *editScreen) Escape() event {
	if e.saving.waits() {
		e.saving.giveUp()
		return still
	}
	s := e.setup.Saved
	for i, v := range []string{s.Name, s.Site.Host(), s.Email, s.Account} {
		*e.fields.values[i] = v
	}
	return back
}

func (e *editScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case savedMsg:
		if msg.ticket != e.ticket {
			return still, nil
		}
		return e.answered(msg), nil
	case tea.KeyPressMsg:
		return e.press(msg)
	}
	return still, e.fields.update(msg)
}

func (e *editScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	switch {
	case e.saving.waits():
		return still, nil
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
	e.complaints[e.at], e.trouble = "", ""
	return still, e.fields.update(msg)
}

// submit saves what are only words, and has everything else proven first.
func (e *editScreen) submit() (event, tea.Cmd) {
	e.keep()
	e.complain()
	for i, c := range e.complaints {
		if c != "" {
			return still, e.moveTo(i)
		}
	}
	before := e.setup.Saved
	switch {
	case e.setup.rebinds():
		return submitted, nil
	case e.setup.Name == before.Name && e.setup.Account == before.Account:
		e.setup.Notice = "Nothing was changed."
		return done, nil
	}
	d := setup.For(setup.Edit, e.entry())
	facts := d.Facts()
	facts.Name, facts.Account = e.setup.Name, e.setup.Account
	d.Set(facts)
	return still, save(e.saving.begin(editLimit), e.world.Service(), d, e.session.settings.Role, e.ticket)
}

// complain validates every line offline.
func (e *editScreen) complain() {
	e.complaints = [4]string{connector.NameProblem(e.setup.Name), connector.SiteProblem(e.setup.Site), connector.EmailProblem(e.setup.Email), connector.AccountProblem(e.setup.Account)}
	for _, other := range e.session.entries {
		if other.ID != e.setup.Saved.ID && strings.EqualFold(other.Name, e.setup.Name) {
			e.complaints[editName] = "Another connector has this name."
		}
	}
	e.doubt()
	e.doubtSame()
}

// doubtSame questions a site and an email that make a second one of another connector, once.
func (e *editScreen) doubtSame() {
	c := connector.Connector{ID: e.setup.Saved.ID, Product: e.setup.Product, Site: e.setup.site(), Email: e.setup.email()}
	same := connector.Same(c, e.session.entries)
	if e.complaints[editSite] != "" || e.complaints[editEmail] != "" || e.complaints[editAccount] != "" || !e.setup.rebinds() || same == nil || same.ID == e.doubtedSame {
		return
	}
	e.doubtedSame = same.ID
	title, _ := connector.SameWords(*same)
	e.complaints[editAccount] = title + ". Press enter once more to save it all the same."
}

// doubt questions an account that has such a connector already, once.
func (e *editScreen) doubt() {
	account := e.setup.Account
	if e.complaints[editAccount] != "" || account == "" || account == e.setup.Saved.Account || account == e.doubted {
		return
	}
	c := connector.Connector{ID: e.setup.Saved.ID, Product: e.setup.Product, Account: account}
	if other := connector.Twin(c, e.session.entries); other != nil {
		e.doubted = account
		title, why := connector.TwinWords(c, *other)
		e.complaints[editAccount] = title + ". " + why + " Press enter once more to keep it so."
	}
}

func (e *editScreen) answered(msg savedMsg) event {
	e.saving.end()
	switch {
	case e.unanswered(msg.err):
		return home
	case msg.err != nil:
		t := connector.TroubleOf(msg.err)
		e.trouble = t.Title + ". " + t.Remedy + "."
		return still
	}
	e.setup.Saved, e.setup.Notice = msg.saved.First, "Saved."
	e.session.facts([]connector.Connector{msg.saved.First})
	return done
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
	if !e.look.spoken {
		b.WriteString(button + "\n")
	}
	switch {
	case e.saving.waits():
		b.WriteString("\n" + e.saving.words(e.look, "Saving"))
	case e.trouble != "":
		b.WriteString("\n" + hang(e.look.bad.Render(e.look.mark.bad), e.trouble, w))
	}
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
