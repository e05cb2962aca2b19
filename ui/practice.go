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

// NewPracticeValues reads a pretend token as a pasted one is read; "" is none.
func NewPracticeValues(site, email, token string) PracticeValues {
	v := PracticeValues{Site: site, Email: email}
	if token != "" {
		v.Token, v.Receipt = atlassian.ReadToken(token)
	}
	return v
}

// ToType is what the lines of a task can be filled with, after so many checks that failed: what
// meets the situation, then what cures it. For another token of a saved connector it is a newer one
// of its account, or where another account's is to be typed, one that cures. The token is none
// where nothing fits.
func (p *Practice) ToType(d setup.Draft, tries int, otherAccount bool) PracticeValues {
	v := p.Seed
	if tries > 0 && !p.Fixed.Token.IsZero() {
		v = p.Fixed
	}
	facts := d.Facts()
	switch {
	case d.Task() != setup.Replace || p.Newer == nil:
		return v
	case otherAccount:
		v = p.Fixed
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
		return "To practice: " + key + " types the email, then the token, of " + v.Email + " for you."
	case d.Task() == setup.Replace:
		return "To practice: " + key + " types a new token of " + v.Email + " for you."
	case tries > 0 && p.Fixed.Token.IsZero() && p.FixedHow != "":
		return "What would fix this: " + p.FixedHow
	}
	return "To practice: site " + v.Site + ", email " + v.Email + ", and " + key + " in each line types the value for you."
}

// The nested wizard: the very same App, on the practice world, under a bar that says so.
// It has a Setup, a way and a store of its own; nothing leaves it.

// practiceOpenedMsg is the answer of openPractice.
type practiceOpenedMsg struct {
	world Deps
	err   error
}

func openPractice(open func(string) (Deps, error)) tea.Cmd {
	if open == nil {
		return nil
	}
	return func() tea.Msg {
		w, err := open("")
		return practiceOpenedMsg{w, err}
	}
}

func (a *App) openPractice(msg practiceOpenedMsg) tea.Cmd {
	if msg.err != nil {
		a.session.Notice = "The demo site couldn't be opened."
		a.open(ScreenHome)
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
	a.inner = NewApp(msg.world, Start{ASCII: a.theme.Ascii}, a.screens)
	a.inner.theme.FewColors = a.theme.FewColors
	a.inner.theme.SetDark(a.theme.Dark)
	a.inner.session.multiplexer = a.session.multiplexer
	a.inner.requests += a.requests // an answer for one world has no ticket of the other
	a.inner.open(ScreenHome)
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
		case key.Matches(press, a.keys.Interrupt):
			a.interrupted = true
			return a.end()
		case key.Matches(press, a.keys.Suspend) && a.deps.Suspend != nil:
			return a.suspend()
		}
	}
	_, cmd := a.inner.Update(msg)
	if !a.inner.over {
		return cmd
	}
	a.requests = a.inner.requests
	a.inner = nil
	a.setup, a.below = &Setup{}, nil
	a.open(ScreenHome)
	return tea.Batch(a.screen.Init(), a.loadSession())
}
