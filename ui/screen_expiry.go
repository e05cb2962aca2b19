package ui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// expiryScreen records a token's exact last day. Atlassian tells nobody that day, so
// only the person who chose it while making the token knows it.
type expiryScreen struct {
	stage
	keys      keyMap
	fields    *inputs
	complaint string
	working   bool
}

func newExpiry(on stage) screen {
	e := &expiryScreen{stage: on, keys: newKeys()}
	value := on.setup.Saved.Expires.String()
	if value == "" && on.setup.Walked {
		value = "1y" // what Atlassian's form has chosen beforehand, and the token is of today
	}
	e.fields = newInputs(on.look, inputSpec{title: "Last day", placeholder: "2027-11-23, 90d or 1y", value: value})
	return e
}

func (e *expiryScreen) Title() (string, string) { return "The token's last day", "" }

func (e *expiryScreen) Typing() bool { return true }

func (e *expiryScreen) Init() tea.Cmd { return e.fields.init() }

func (e *expiryScreen) Keys() []key.Binding {
	return []key.Binding{named(e.keys.enter, "record"), e.keys.esc}
}

// editedMsg is the answer of an edit.
type editedMsg struct {
	ticket ticket
	saved  connector.Connector
	err    error
}

// editLimit bounds writing connectors.json.
const editLimit = 10 * time.Second

func editConnector(store Store, c connector.Connector, t ticket) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), editLimit)
		defer cancel()
		return editedMsg{t, c, store.Edit(ctx, c)}
	}
}

func (e *expiryScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case editedMsg:
		if msg.ticket != e.ticket {
			return still, nil
		}
		e.working = false
		if msg.err != nil {
			t := connector.TroubleOf(msg.err)
			e.complaint = t.Title + ". " + t.Remedy + "."
			return still, nil
		}
		e.setup.Saved, e.setup.Expires = msg.saved, msg.saved.Expires
		e.session.saved = msg.saved
		return done, nil
	case tea.KeyPressMsg:
		if e.working {
			return still, nil
		}
		if key.Matches(msg, e.keys.enter) {
			return still, e.record()
		}
		e.complaint = ""
	}
	return still, e.fields.update(msg)
}

func (e *expiryScreen) record() tea.Cmd {
	day, err := e.parsed()
	if err != nil {
		e.complaint = upperFirst(err.Error()) + "."
		return nil
	}
	e.working = true
	c := e.setup.Saved
	c.Expires = day
	return editConnector(e.world.Store, c, e.ticket)
}

func (e *expiryScreen) parsed() (connector.Date, error) {
	return connector.ParseExpiry(e.fields.value(0), connector.DateOf(e.world.Now()))
}

func (e *expiryScreen) View() (string, int) {
	var b strings.Builder
	w := e.look.width
	b.WriteString(wrap("Atlassian tells nobody when a token ends; it was chosen while the token was made, and no token lives longer than a year. With the day recorded you are warned in time.", w) + "\n\n")
	at := strings.Count(b.String(), "\n")
	b.WriteString(e.fields.view(0) + "\n")
	day, err := e.parsed()
	switch {
	case e.complaint != "":
		b.WriteString("\n" + hang(e.look.bad.Render(e.look.mark.bad), e.complaint, w))
	case err == nil:
		b.WriteString("\n" + strings.Repeat(" ", titleWidth) + e.look.faint.Render(day.Words()))
	}
	return b.String(), at
}
