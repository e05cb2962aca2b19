package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// roleScreen asks for the SaaSAssure role where something needs it before the product
// screen was ever seen.
type roleScreen struct {
	stage
	keys keyMap
	ask  *menu[connector.Role]
}

func newRole(on stage) screen { return &roleScreen{stage: on, keys: newKeys(), ask: newRoleMenu(on)} }

// newRoleMenu is the question after the role, the present one chosen.
func newRoleMenu(on stage) *menu[connector.Role] {
	m := newMenu(on.look,
		option("Global Admin", connector.RoleGlobalAdmin),
		option("Account Admin", connector.RoleAccountAdmin),
		option("Another role, or none", connector.RoleOther))
	if now := on.session.settings.Role; now != connector.RoleUnknown {
		m.selectValue(now)
	}
	return m
}

func (r *roleScreen) Choices() numbered { return r.ask }

func (r *roleScreen) Title() (string, string) { return "Your role", "" }

func (r *roleScreen) Help() string { return roleHelp }

// roleHelp is what is true of roles here.
const roleHelp = "SaaSAssure lets only Global Admins and Account Admins add connectors. It enforces that itself; this program asks for your role, remembers it on this machine, and cannot verify it."

func (r *roleScreen) Keys() []key.Binding { return []key.Binding{r.keys.enter, r.keys.esc} }

func (r *roleScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	role, picked := r.ask.update(msg)
	if !picked {
		return still, nil
	}
	r.session.settings.Role = role
	return chosen, rememberSettings(r.world.Store, r.session.settings)
}

func (r *roleScreen) View() (string, int) { return roleQuestion(r.look, r.ask) }

// roleQuestion draws it.
func roleQuestion(l *look, ask *menu[connector.Role]) (string, int) {
	var b strings.Builder
	b.WriteString(l.bold.Render(wrap("Which role do you have in SaaSAssure?", l.width)) + "\n")
	b.WriteString(wrap("Only Global Admins and Account Admins can add and change connectors. You are asked once.", l.width) + "\n\n")
	focus := ask.addTo(&b)
	return b.String(), focus
}
