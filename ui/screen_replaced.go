package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// replacedScreen is the end of a replacement: where the new token is in force, and the two
// things that are left: SaaSAssure still has the old one, and the old one still works.
type replacedScreen struct {
	stage
	keys keyMap
	menu *menu[event]
	note string
}

func newReplaced(on stage) screen {
	options := []huhOption{
		option("Enter the new token in SaaSAssure (copies URL, e-mail, token one by one)", handover),
		option("Record the token's exact last day", expiry),
	}
	if on.world.Browse != nil {
		options = append(options, option("Open the page where the old token is revoked", reread))
	}
	options = append(options, option("Done", done))
	r := &replacedScreen{stage: on, keys: newKeys(), menu: newMenu(on.look, options...)}
	r.note, on.setup.Notice = on.setup.Notice, ""
	return r
}

func (r *replacedScreen) Choices() numbered { return r.menu }

func (r *replacedScreen) Title() (string, string) { return r.setup.title(), whereabouts(r.look, 3) }

func (r *replacedScreen) Help() string {
	return "The new token is in force here. Two things are left, in this order: enter it in SaaSAssure, then revoke the old one at Atlassian."
}

func (r *replacedScreen) Escape() event { return done }

func (r *replacedScreen) Keys() []key.Binding {
	if r.look.mute {
		return []key.Binding{r.keys.enter, named(r.keys.esc, "done")}
	}
	return []key.Binding{r.keys.enter, r.keys.copy, named(r.keys.esc, "done")}
}

func (r *replacedScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case openedMsg:
		r.note = msg.words()
		return still, nil
	case tea.KeyPressMsg:
		if key.Matches(msg, r.keys.copy) {
			r.note = r.sent("The link")
			return still, r.copy(connector.TokenPage)
		}
	}
	ev, picked := r.menu.update(msg)
	switch {
	case !picked:
		return still, nil
	case ev == reread: // the page is opened, and this screen stays
		return still, browse(r.world.Browse, connector.TokenPage)
	}
	return ev, nil
}

func (r *replacedScreen) View() (string, int) {
	var b strings.Builder
	w, c := r.look.width, r.setup.Saved
	names := []string{c.Name}
	for _, s := range r.setup.Siblings {
		names = append(names, s.Name)
	}
	b.WriteString(hang(r.look.good.Render(r.look.mark.ok), r.look.bold.Render("The new token is proven and in force in "+connector.And(names)), w) + "\n\n")
	b.WriteString(indent(wrap("token in "+connector.SafeName(c.KeptIn)+lastDayWords(c), w-2), 2) + "\n")
	for _, words := range r.setup.LeftOut {
		b.WriteString(hang(r.look.warn.Render(r.look.mark.warn), words, w) + "\n")
	}
	b.WriteString("\n" + wrap("SaaSAssure still signs in with the old token: enter the new one there first. Then revoke the old one, which works at Atlassian until you do:", w) + "\n")
	b.WriteString(ansiLink(r.look, connector.TokenPage) + "\n\n")
	focus := r.menu.addTo(&b)
	if r.note != "" {
		b.WriteString("\n\n" + hang(r.look.good.Render(r.look.mark.ok), r.note, w))
	}
	return b.String(), focus
}
