package ui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// productScreen is the door to one product: what is needed, who may do what, and where
// to start. The role is asked for before it, once, and can be changed.
type productScreen struct {
	stage
	keys keyMap
	ways *menu[event]
}

func newProduct(on stage) screen {
	p := &productScreen{stage: on, keys: newKeys()}
	p.lay()
	return p
}

// lay makes the ways on for the role as it is.
func (p *productScreen) lay() {
	if p.role().MaySave() {
		p.ways = newMenu(p.look,
			option("Show me how to make the token, step by step", guide),
			option("I have a token", skip))
		return
	}
	options := []huhOption{
		option("Check a connection without saving it", skip),
		option("Read how the token is made", guide),
	}
	if p.world.OpenPractice != nil {
		options = append(options, option("Practise on a pretend site", practise))
	}
	options = append(options, option("Write the message that asks an admin to add it", message))
	p.ways = newMenu(p.look, options...)
}

func (p *productScreen) role() connector.Role { return p.session.settings.Role }

func (p *productScreen) Title() (string, string) {
	return "Connect " + connector.ProductTitle(p.setup.product()), whereabouts(p.look, 0)
}

func (p *productScreen) Help() string {
	return roleHelp
}

func (p *productScreen) Keys() []key.Binding {
	keys := []key.Binding{p.keys.enter}
	if p.role().MaySave() {
		keys = append(keys, p.keys.skip)
	}
	return append(keys, p.keys.role, p.keys.esc)
}

func (p *productScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case key.Matches(press, p.keys.role):
			return asksRole, nil
		case key.Matches(press, p.keys.skip):
			return skip, nil
		}
	}
	way, picked := p.ways.update(msg)
	if !picked {
		return still, nil
	}
	if way == message {
		p.setup.TextTitle = "Ask an admin to add this connector"
		p.setup.Text = connector.RoleMessage(p.setup.product(), "add a "+connector.ProductTitle(p.setup.product())+" connector")
	}
	return way, nil
}

func (p *productScreen) View() (string, int) {
	var b strings.Builder
	w := p.look.width
	change := " " + p.look.mark.dot + " c change"
	b.WriteString(p.look.faint.Render("as ") + p.role().Title() + p.look.faint.Render(change) + "\n\n")
	if p.role().MaySave() {
		b.WriteString(wrap("To connect "+connector.ProductTitle(p.setup.product())+" you will need:", w) + "\n")
		for _, need := range p.needs() {
			b.WriteString(hang(p.look.accent.Render(p.look.mark.bullet), need, w) + "\n")
		}
	} else {
		b.WriteString(wrap("Only a Global Admin or an Account Admin of SaaSAssure can add connectors. In your role you can still:", w) + "\n")
	}
	b.WriteString("\n")
	focus := p.ways.addTo(&b)
	return b.String(), focus
}

func (p *productScreen) needs() []string {
	product := connector.ProductTitle(p.setup.product())
	return []string{
		"an Atlassian account that administers " + product,
		"an API token made by that account, without scopes",
		"the site's address, such as https://acme.atlassian.net",
	}
}

// rememberSettings writes the role and the like. A failure costs only that it is asked
// again next time, so nothing waits for it.
func rememberSettings(service setup.Service, s connector.Settings) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), settingsLimit)
		defer cancel()
		return settingsMsg{service.Settings(ctx, s)}
	}
}

// settingsLimit bounds writing the settings.
const settingsLimit = 10 * time.Second

// settingsMsg is the answer of rememberSettings.
type settingsMsg struct{ err error }
