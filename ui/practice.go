package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// What the pretend world offers to type.

// PracticeValues are three values for the form.
type PracticeValues struct {
	Site    string
	Email   string
	Token   atlassian.Token
	Receipt atlassian.Receipt
	Expires connector.Date // the token's recorded last day, zero for none
}

// ToType is what the lines of a task can be filled with, after so many checks that failed: what
// meets the situation, then what cures it. For another token of a saved connector it is a newer one
// of its account, or where another account's is to be typed, one that cures. The token is none
// where nothing fits.
func (p *Practice) ToType(d setup.Draft, tries int, otherAccount bool) PracticeValues {
	v := p.Seed
	if tries > 0 && !p.Cure.Token.IsZero() {
		v = p.Cure
	}
	facts := d.Facts()
	switch {
	case d.Task() != setup.Replace || p.Newer == nil:
		return v
	case otherAccount:
		v = p.Cure
		v.Site = facts.Site
		return v
	}
	if token, receipt := p.Newer(d.Email()); !token.IsZero() {
		return PracticeValues{Site: facts.Site, Email: facts.Email, Token: token, Receipt: receipt}
	}
	return v
}

// Hint says what key types, and after a failure that no typing cures, what would help; "" where
// nothing fits.
func (p *Practice) Hint(d setup.Draft, tries int, otherAccount bool, key string) string {
	v := p.ToType(d, tries, otherAccount)
	switch {
	case d.Task() == setup.Edit, d.Task() == setup.Replace && v.Token.IsZero():
		return ""
	case d.Task() == setup.Replace && otherAccount:
		return "To practice: " + key + " types the e-mail, then the token, of " + v.Email + " for you."
	case d.Task() == setup.Replace:
		return "To practice: " + key + " types a new token of " + v.Email + " for you."
	case tries > 0 && p.Cure.Token.IsZero() && p.CureHow != "":
		return "What would cure this situation: " + p.CureHow
	}
	return "To practice: site " + v.Site + ", e-mail " + v.Email + ", and " + key + " in each line types the value for you."
}

// The nested wizard: the very same App, on the practice world, under a bar that says so.
// It has a Setup, a way and a store of its own; nothing leaves it.

// practiceOpened is the answer of openPractice.
type practiceOpened struct {
	world World
	err   error
}

func openPractice(open func(string) (World, error)) tea.Cmd {
	if open == nil {
		return nil
	}
	return func() tea.Msg {
		w, err := open("")
		return practiceOpened{w, err}
	}
}

func (a *App) openPractice(msg practiceOpened) tea.Cmd {
	if msg.err != nil {
		a.session.notice = "The practice world could not be opened."
		a.open(Home)
		return nil
	}
	if a.inner != nil { // asked for twice
		if msg.world.Close != nil {
			msg.world.Close()
		}
		return nil
	}
	if msg.world.Practice != nil {
		msg.world.Practice.Nested = true
	}
	a.inner = NewApp(msg.world, Start{ASCII: a.look.ascii}, a.screens)
	a.inner.look.few = a.look.few
	a.inner.look.paint(a.look.dark)
	a.inner.session.within = a.session.within
	a.inner.tickets += a.tickets // an answer for one world has no ticket of the other
	a.inner.open(Home)
	a.inner.resize(a.width, a.height)
	return a.inner.begin()
}

func (a *App) tellInner(msg tea.Msg) {
	if a.inner != nil {
		a.inner.Update(msg)
	}
}

// innerTake gives everything to the nested wizard; when it ends, this one is back home.
// ctrl+c leaves both, ctrl+z stops both.
func (a *App) innerTake(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case key.Matches(press, a.keys.interrupt):
			a.interrupted = true
			return a.end()
		case key.Matches(press, a.keys.suspend) && a.world.Suspend != nil:
			return a.suspend()
		}
	}
	_, cmd := a.inner.Update(msg)
	if !a.inner.over {
		return cmd
	}
	a.tickets = a.inner.tickets
	a.inner = nil
	a.setup, a.below = &Setup{}, nil
	a.open(Home)
	return tea.Batch(a.screen.Init(), a.loadSession())
}
