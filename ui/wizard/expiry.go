package wizard

import (
	"cmp"
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// expiryScreen sets a token's exact expiry date. No API tells that day:
// the account's token page shows it to its owner, and organization admins have it in their
// insights (support.atlassian.com, "Set API token access").
type expiryScreen struct {
	ui.Base
	keys      widget.KeyMap
	fields    *widget.Inputs
	complaint string
	saving    ui.Pending
	filled    bool // in, and not touched yet
}

func newExpiry(on ui.Base) ui.Screen {
	e := &expiryScreen{Base: on, keys: widget.NewKeys()}
	value := e.about().Expires(on.Deps.Now()).String()
	if value == "" && on.Setup.Walked {
		value = "1y" // what Atlassian's form has chosen beforehand, and the token is of today
	}
	e.fields = widget.NewInputs(on.Theme, widget.InputField{Title: "Expiry date", Placeholder: "2027-11-23, 90d, 1y or none", Value: value})
	e.fields.Changed = func(int) { e.complaint, e.filled = "", false }
	e.filled = value != ""
	return e
}

// expiryOffer is the way to this screen, and where the day is to be found. first: the day that is set
// has passed, although the token works, so it is the first thing to put right.
func expiryOffer(known, today connector.Date) (words string, first bool) {
	switch {
	case known.IsZero():
		return "Set the token's expiry date (it's on the token page)", false
	case known.Before(today):
		return "Correct the token's expiry date (it's on the token page)", true
	}
	return "Change the token's expiry date", false
}

func (e *expiryScreen) Leave() { e.saving.End() }

func (e *expiryScreen) Escape() ui.Event {
	if e.saving.Waits() {
		e.saving.GiveUp()
		return ui.None
	}
	return ui.Back
}

func (e *expiryScreen) Title() (string, string) { return "The token's expiry date", "" }

func (e *expiryScreen) Typing() bool { return true }

func (e *expiryScreen) Help() string {
	return "Enter a date (2027-11-23 or 23 Nov 2027), a number of days from today (90d), 1y, or none. No API reports the expiry date. It's on the account's token page, " + connector.TokenPageOf(e.Setup.Saved.Site) + "; organization admins find it under Insights > API token activity."
}

func (e *expiryScreen) Init() tea.Cmd { return e.fields.Init() }

func (e *expiryScreen) Keys() []key.Binding {
	if e.saving.Waits() {
		return e.saving.Keys(e.keys)
	}
	return []key.Binding{widget.Named(e.keys.Enter, "set"), e.keys.Esc}
}

// setExpiry sets the expiry date of connectors that have one token.
func setExpiry(ctx context.Context, service setup.Service, all []connector.Connector, day connector.Date, t ui.RequestID) tea.Cmd {
	return ui.ChangeFacts(ctx, service, t, func(ctx context.Context) ([]connector.Connector, error) {
		return service.SetExpiry(ctx, all, day)
	})
}

func (e *expiryScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.EditedMsg:
		if msg.Request != e.Request {
			return ui.None, nil
		}
		e.saving.End()
		e.Session.UpdateFacts(append(msg.Now, msg.Saved...))
		if now := e.Session.Entry(e.Setup.Saved.ID); now.ID != "" {
			e.Setup.Saved = now.Connector
		}
		if e.Unanswered(msg.Err) {
			return ui.GoHome, nil
		}
		if msg.Err != nil {
			t := connector.Explain(msg.Err)
			e.complaint = t.Title + ". " + t.Remedy + "."
			if setup.IsChanged(msg.Err) {
				e.complaint = t.Title + ". Press Enter to set the date anyway."
			}
			return ui.None, nil
		}
		e.Setup.Saved = msg.Saved[0]
		e.Setup.Change(func(f *setup.Facts) { f.Expiry = e.Setup.Saved.Expires.String() })
		if e.Session.SavedAny() {
			e.Session.LastSaved = msg.Saved[0]
		}
		e.Setup.Notice = "Expiry date set."
		if e.Setup.Saved.Expires.IsZero() {
			e.Setup.Notice = "The expiry date was removed."
		}
		return ui.Done, nil
	case tea.KeyPressMsg:
		if e.saving.Waits() {
			return ui.None, nil
		}
		if key.Matches(msg, e.keys.Enter) {
			return e.record()
		}
	}
	return ui.None, e.take(msg)
}

// take gives a key or a paste to the field. What is filled in is replaced by what is typed;
// any other key edits it.
func (e *expiryScreen) take(msg tea.Msg) tea.Cmd {
	if !widget.ChangesText(msg) {
		return e.fields.Update(msg)
	}
	e.complaint = ""
	press, pressed := msg.(tea.KeyPressMsg)
	if e.filled && (!pressed || press.Text != "") {
		e.fields.Set(0, "")
	}
	e.filled = false
	return e.fields.Update(msg)
}

func (e *expiryScreen) record() (ui.Event, tea.Cmd) {
	day, words := e.parsed()
	switch {
	case words != "":
		e.complaint = words
		return ui.None, nil
	case e.unsaved():
		e.Setup.Change(func(f *setup.Facts) { f.Expiry = day.String() })
		return ui.Done, nil
	}
	return ui.None, setExpiry(e.saving.Begin(ui.EditLimit), e.Deps.Service(), e.sameToken(), day, e.Request)
}

// unsaved: the token at hand is in no connector yet, so its day is only carried along.
func (e *expiryScreen) unsaved() bool {
	return !e.Setup.IsSaved() || e.Setup.Task() == setup.Replace && !e.Report().Good()
}

// about is the task whose expiry date it is.
func (e *expiryScreen) about() setup.Draft {
	if e.unsaved() {
		return e.Setup.Draft
	}
	return setup.For(setup.Edit, e.Entry())
}

// sameToken are the connector and those that got the same token in this run: what is true
// of the token is true for all of them.
func (e *expiryScreen) sameToken() []connector.Connector {
	if e.unsaved() {
		return nil
	}
	all := []connector.Connector{e.Setup.Saved}
	for _, c := range e.Setup.SameToken {
		if c.ID == e.Setup.Saved.ID {
			continue
		}
		if now := e.Session.Entry(c.ID); now.ID != "" {
			c = now.Connector
		}
		all = append(all, c)
	}
	return all
}

// parsed is the day in the field, and what is wrong with it.
func (e *expiryScreen) parsed() (day connector.Date, words string) {
	d, now := e.about(), e.Deps.Now()
	f := d.Facts()
	if f.Expiry = strings.TrimSpace(e.fields.Value(0)); f.Expiry == "" {
		return day, "Enter a date such as 2027-11-23, or none."
	}
	d.Set(f)
	if words = setup.ProblemWith(d, e.Known(), setup.FieldExpiry); words != "" {
		return day, words
	}
	day = d.Expires(now)
	if r := e.Report(); r.Good() {
		words = connector.WorkedAfter(day, connector.DateOf(r.At))
	}
	return day, words
}

func (e *expiryScreen) View() (string, int) {
	var b strings.Builder
	w := e.Theme.Width
	b.WriteString(widget.Wrap("No API reports the expiry date. It's on the token page; enter it here to get a reminder. The maximum is one year, less if your organization limits it.", w) + "\n\n")
	if all := e.sameToken(); len(all) > 1 {
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = c.Name
		}
		b.WriteString(e.Theme.Faint.Render(widget.Wrap("For "+connector.And(names)+", which have the same token.", w)) + "\n\n")
	}
	at := strings.Count(b.String(), "\n")
	b.WriteString(e.fields.View(0) + "\n")
	day, words := e.parsed()
	words = cmp.Or(words, connector.PastExpiry(day, connector.DateOf(e.Deps.Now())))
	switch {
	case e.saving.Waits():
		b.WriteString("\n" + e.saving.Words(e.Theme, "Saving"))
	case e.complaint != "":
		b.WriteString("\n" + widget.WithMark(e.Theme.Bad.Render(e.Theme.Marks.Bad), e.complaint, w))
	case day.IsZero() && words != "": // not yet a date
	case words != "":
		b.WriteString("\n" + widget.WithMark(e.Theme.Bad.Render(e.Theme.Marks.Bad), words, w))
	default:
		pad := strings.Repeat(" ", widget.TitleWidth)
		b.WriteString("\n" + pad + e.Theme.Faint.Render(day.Words()))
	}
	return b.String(), at
}
