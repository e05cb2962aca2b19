package ui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// expiryScreen sets a token's exact expiry date. No API tells that day:
// the account's token page shows it to its owner, and organization admins have it in their
// insights (support.atlassian.com, "Set API token access").
type expiryScreen struct {
	stage
	keys      keyMap
	fields    *inputs
	complaint string
	saving    pending
	filled    bool // in, and not touched yet
}

func newExpiry(on stage) screen {
	e := &expiryScreen{stage: on, keys: newKeys()}
	value := e.about().Expires(on.world.Now()).String()
	if value == "" && on.setup.Walked {
		value = "1y" // what Atlassian's form has chosen beforehand, and the token is of today
	}
	e.fields = newInputs(on.look, inputSpec{title: "Expiry date", placeholder: "2027-11-23, 90d, 1y or none", value: value})
	e.fields.changed = func(int) { e.complaint, e.filled = "", false }
	e.filled = value != ""
	return e
}

// expiryOffer is the way to this screen, and where the day is to be found.
func expiryOffer(known connector.Date) string {
	if known.IsZero() {
		return "Set the token's expiry date (it's on the token page)"
	}
	return "Change the token's expiry date"
}

func (e *expiryScreen) Leave() { e.saving.end() }

func (e *expiryScreen) Escape() event {
	if e.saving.waits() {
		e.saving.giveUp()
		return still
	}
	return back
}

func (e *expiryScreen) Title() (string, string) { return "The token's expiry date", "" }

func (e *expiryScreen) Typing() bool { return true }

func (e *expiryScreen) Help() string {
	return "Write a day (2027-11-23, or 23 Nov 2027), a number of days from today (90d), 1y, or none. No API reports the expiry date. It's on the account's token page, " + connector.TokenPageOf(e.setup.Saved.Site) + "; organization admins find it under Insights > API token activity."
}

func (e *expiryScreen) Init() tea.Cmd { return e.fields.init() }

func (e *expiryScreen) Keys() []key.Binding {
	if e.saving.waits() {
		return e.saving.keys(e.keys)
	}
	return []key.Binding{named(e.keys.enter, "set"), e.keys.esc}
}

// setExpiry sets the expiry date of connectors that have one token.
func setExpiry(ctx context.Context, service setup.Service, all []connector.Connector, day connector.Date, t ticket) tea.Cmd {
	return changeFacts(ctx, service, t, func(ctx context.Context) ([]connector.Connector, error) {
		return service.SetExpiry(ctx, all, day)
	})
}

func (e *expiryScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case editedMsg:
		if msg.ticket != e.ticket {
			return still, nil
		}
		e.saving.end()
		e.session.facts(append(msg.now, msg.saved...))
		if now := e.session.entry(e.setup.Saved.ID); now.ID != "" {
			e.setup.Saved = now.Connector
		}
		if e.unanswered(msg.err) {
			return home, nil
		}
		if msg.err != nil {
			t := connector.TroubleOf(msg.err)
			e.complaint = t.Title + ". " + t.Remedy + "."
			if setup.IsChanged(msg.err) {
				e.complaint = t.Title + ". Press Enter to set the date all the same."
			}
			return still, nil
		}
		e.setup.Saved = msg.saved[0]
		e.setup.change(func(f *setup.Facts) { f.Expiry = e.setup.Saved.Expires.String() })
		if e.session.savedAny() {
			e.session.saved = msg.saved[0]
		}
		e.setup.Notice = "The expiry date is set."
		if e.setup.Saved.Expires.IsZero() {
			e.setup.Notice = "No expiry date is set any more."
		}
		return done, nil
	case tea.KeyPressMsg:
		if e.saving.waits() {
			return still, nil
		}
		if key.Matches(msg, e.keys.enter) {
			return e.record()
		}
	}
	return still, e.take(msg)
}

// take gives a key or a paste to the field. What is filled in is replaced by what is typed;
// any other key edits it.
func (e *expiryScreen) take(msg tea.Msg) tea.Cmd {
	if !changesText(msg) {
		return e.fields.update(msg)
	}
	e.complaint = ""
	press, pressed := msg.(tea.KeyPressMsg)
	if e.filled && (!pressed || press.Text != "") {
		e.fields.set(0, "")
	}
	e.filled = false
	return e.fields.update(msg)
}

func (e *expiryScreen) record() (event, tea.Cmd) {
	day, words := e.parsed()
	switch {
	case words != "":
		e.complaint = words
		return still, nil
	case e.unsaved():
		e.setup.change(func(f *setup.Facts) { f.Expiry = day.String() })
		return done, nil
	}
	return still, setExpiry(e.saving.begin(editLimit), e.world.Service(), e.sameToken(), day, e.ticket)
}

// unsaved: the token at hand is in no connector yet, so its day is only carried along.
func (e *expiryScreen) unsaved() bool {
	return !e.setup.isSaved() || e.setup.task() == setup.Replace && !e.report().Good()
}

// about is the task whose expiry date it is.
func (e *expiryScreen) about() setup.Draft {
	if e.unsaved() {
		return e.setup.Draft
	}
	return setup.For(setup.Edit, e.entry())
}

// sameToken are the connector and those that got the same token in this run: what is true
// of the token is true for all of them.
func (e *expiryScreen) sameToken() []connector.Connector {
	if e.unsaved() {
		return nil
	}
	all := []connector.Connector{e.setup.Saved}
	for _, c := range e.setup.Siblings {
		if c.ID == e.setup.Saved.ID {
			continue
		}
		if now := e.session.entry(c.ID); now.ID != "" {
			c = now.Connector
		}
		all = append(all, c)
	}
	return all
}

// parsed is the day in the field, and what is wrong with it.
func (e *expiryScreen) parsed() (day connector.Date, words string) {
	d, now := e.about(), e.world.Now()
	f := d.Facts()
	if f.Expiry = strings.TrimSpace(e.fields.value(0)); f.Expiry == "" {
		return day, "Write the day, like 2027-11-23, or none."
	}
	d.Set(f)
	if words = setup.ProblemWith(d, e.known(), setup.FieldExpiry); words != "" {
		return day, words
	}
	day = d.Expires(now)
	if r := e.report(); r.Good() {
		words = connector.WorkedAfter(day, connector.DateOf(r.At))
	}
	return day, words
}

func (e *expiryScreen) View() (string, int) {
	var b strings.Builder
	w := e.look.width
	b.WriteString(wrap("No API reports the expiry date. It's on the token page; enter it here to get a reminder. No token lives longer than a year, and organizations can set less.", w) + "\n\n")
	if all := e.sameToken(); len(all) > 1 {
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = c.Name
		}
		b.WriteString(e.look.faint.Render(wrap("For "+connector.And(names)+", which have the same token.", w)) + "\n\n")
	}
	at := strings.Count(b.String(), "\n")
	b.WriteString(e.fields.view(0) + "\n")
	day, words := e.parsed()
	switch {
	case e.saving.waits():
		b.WriteString("\n" + e.saving.words(e.look, "Saving"))
	case e.complaint != "":
		b.WriteString("\n" + hang(e.look.bad.Render(e.look.mark.bad), e.complaint, w))
	case words == "":
		pad := strings.Repeat(" ", titleWidth)
		b.WriteString("\n" + pad + e.look.faint.Render(day.Words()))
	}
	return b.String(), at
}
