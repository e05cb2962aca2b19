package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// personScreen is the second question when a new token works and is another person's: that
// changes whose rights the backup stands on, so it never happens by the way.
type personScreen struct {
	stage
	keys keyMap
	menu *menu[bool]
}

func newPerson(on stage) screen {
	p := &personScreen{stage: on, keys: newKeys()}
	before, now := p.names()
	other, yes := option("Use another token of "+before, false), option("Yes, sign in as "+now+" from now on", true)
	p.menu = newMenu(on.look, other, yes)
	if on.setup.OtherPerson { // it was what they set out to do
		p.menu = newMenu(on.look, yes, other)
	}
	return p
}

// names are who the old and who the new token belongs to.
func (p *personScreen) names() (before, now string) {
	return personName(p.person(), p.setup.Saved.Email), personName(p.setup.Report.Identity, p.setup.email())
}

func personName(i *connector.Identity, email string) string {
	if i != nil && i.Name != "" {
		return i.Name
	}
	return email
}

func (p *personScreen) Choices() numbered { return p.menu }

func (p *personScreen) Title() (string, string) { return p.setup.title(), whereabouts(p.look, 3) }

func (p *personScreen) Keys() []key.Binding { return []key.Binding{p.keys.enter, p.keys.esc} }

func (p *personScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	yes, picked := p.menu.update(msg)
	switch {
	case !picked:
		return still, nil
	case yes:
		return p.proceedReplacing(), nil
	}
	p.setup.replace(false)
	p.setup.Email = p.setup.Saved.Email
	return edit, nil
}

func (p *personScreen) View() (string, int) {
	var b strings.Builder
	w := p.look.width
	before, now := p.names()
	b.WriteString(hang(p.look.warn.Render(p.look.mark.warn), p.look.bold.Render("This token belongs to "+now+", not to "+before), w) + "\n\n")
	b.WriteString(wrap("It works: "+now+" administers "+connector.ProductTitle(p.setup.Product)+" on "+p.setup.site().Host()+". "+
		"But until now "+p.setup.Saved.Name+" signed in as "+before+". What the backup may see would be what "+now+" may see, and it would end with that account.", w) + "\n\n")
	focus := p.menu.addTo(&b)
	return b.String(), focus
}
