package wizard

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// productScreen is the door to one product: what is needed, who may do what, and where
// to start. The role is asked for before it, once, and can be changed.
type productScreen struct {
	ui.Base
	keys widget.KeyMap
	ways *widget.Menu[ui.Event]
}

func newProduct(on ui.Base) ui.Screen {
	p := &productScreen{Base: on, keys: widget.NewKeys()}
	p.lay()
	return p
}

// lay makes the ways on for the role as it is.
func (p *productScreen) lay() {
	if p.role().MaySave() {
		p.ways = widget.NewMenu(p.Theme,
			widget.Option("Show me how to create the token, step by step", ui.ReadGuide),
			widget.Option("I have a token", ui.SkipGuide))
		return
	}
	options := []ui.EventOption{
		widget.Option("Check a connection without saving it", ui.SkipGuide),
		widget.Option("Read how to create the token", ui.ReadGuide),
	}
	if p.Deps.OpenPractice != nil {
		options = append(options, widget.Option("Try it on a demo site", ui.TryPractice))
	}
	options = append(options, widget.Option("Draft a message to an admin", ui.WriteMessage))
	p.ways = widget.NewMenu(p.Theme, options...)
}

func (p *productScreen) role() connector.Role { return p.Session.Settings.Role }

func (p *productScreen) Title() (string, string) {
	return "Connect " + connector.ProductTitle(p.Setup.Product()), ui.StepsLine(p.Theme, 0)
}

func (p *productScreen) Help() string {
	return roleHelp
}

func (p *productScreen) Keys() []key.Binding {
	keys := []key.Binding{p.keys.Enter}
	if p.role().MaySave() {
		keys = append(keys, p.keys.Skip)
	}
	return append(keys, p.keys.Role, p.keys.Esc)
}

func (p *productScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case key.Matches(press, p.keys.Role):
			return ui.AskRole, nil
		case key.Matches(press, p.keys.Skip):
			return ui.SkipGuide, nil
		}
	}
	way, picked := p.ways.Update(msg)
	if !picked {
		return ui.None, nil
	}
	if way == ui.WriteMessage {
		p.Setup.TextTitle = "Ask an admin to add this connector"
		p.Setup.Text = connector.RoleMessage(p.Setup.Product(), "add a "+connector.ProductTitle(p.Setup.Product())+" connector")
	}
	return way, nil
}

func (p *productScreen) View() (string, int) {
	var b strings.Builder
	w := p.Theme.Width
	change := " " + p.Theme.Marks.Dot + " c change"
	b.WriteString(p.Theme.Faint.Render("as ") + p.role().Title() + p.Theme.Faint.Render(change) + "\n\n")
	if p.role().MaySave() {
		b.WriteString(widget.Wrap("To connect "+connector.ProductTitle(p.Setup.Product())+" you will need:", w) + "\n")
		for _, need := range p.needs() {
			b.WriteString(widget.WithMark(p.Theme.Accent.Render(p.Theme.Marks.Bullet), need, w) + "\n")
		}
	} else {
		b.WriteString(widget.Wrap("Only a Global Admin or an Account Admin of SaaSAssure can add connectors. With your role, you can still:", w) + "\n")
	}
	b.WriteString("\n")
	focus := p.ways.AddTo(&b)
	return b.String(), focus
}

func (p *productScreen) needs() []string {
	product := connector.ProductTitle(p.Setup.Product())
	return []string{
		"an Atlassian account that administers " + product,
		"an API token of that account, created without scopes",
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
