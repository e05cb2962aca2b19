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

// removeScreen asks before a connector and its token are deleted here, and says what that
// does not do: the token still works at Atlassian until it is revoked there.
type removeScreen struct {
	stage
	keys     keyMap
	menu     *menu[bool]
	removing pending
	trouble  error
}

func newRemove(on stage) screen {
	return &removeScreen{stage: on, keys: newKeys(), menu: newMenu(on.look, option("Keep it", false), option("Remove it from this machine", true))}
}

func (r *removeScreen) Choices() numbered { return r.menu }

func (r *removeScreen) Waits() bool { return r.removing.waits() }

func (r *removeScreen) Leave() { r.removing.end() }

func (r *removeScreen) Escape() event {
	if r.removing.waits() {
		r.removing.giveUp()
		return still
	}
	return back
}

func (r *removeScreen) Title() (string, string) { return "Remove " + r.setup.Saved.Name, "" }

func (r *removeScreen) Keys() []key.Binding {
	if r.removing.waits() {
		return r.removing.keys(r.keys)
	}
	return []key.Binding{r.keys.enter, r.keys.esc}
}

// removeLimit leaves a person time to answer their desktop.
const removeLimit = 130 * time.Second

// removedMsg is the answer of removeConnector.
type removedMsg struct {
	ticket ticket
	left   *connector.SafeError
	err    error
}

func removeConnector(ctx context.Context, service setup.Service, id string, t ticket) tea.Cmd {
	remove := func() tea.Msg {
		left, err := service.Remove(ctx, id)
		return removedMsg{t, left, err}
	}
	return func() tea.Msg { return finished(ctx, remove, removedMsg{t, nil, errUnanswered}) }
}

func (r *removeScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case removedMsg:
		if msg.ticket != r.ticket {
			return still, nil
		}
		r.removing.end()
		r.trouble = msg.err
		if r.unanswered(msg.err) {
			return home, nil
		}
		if msg.err != nil {
			return still, nil
		}
		r.session.forget(r.setup.Saved.ID)
		r.session.listed = listPlace{} // what was looked for is gone
		r.session.notice = r.setup.Saved.Name + " is removed here. "
		if msg.left != nil {
			r.session.notice += "Its token was not deleted: " + connector.LeftWords(msg.left) + " "
		}
		r.session.notice += "Its token still works at Atlassian until you revoke it: " + connector.TokenPageOf(r.setup.Saved.Site)
		return removed, nil
	case tea.KeyPressMsg:
		if r.removing.waits() {
			return still, nil
		}
	}
	yes, picked := r.menu.update(msg)
	switch {
	case !picked:
		return still, nil
	case !yes:
		return back, nil
	}
	return still, removeConnector(r.removing.begin(removeLimit), r.world.Service(), r.setup.Saved.ID, r.ticket)
}

func (r *removeScreen) View() (string, int) {
	var b strings.Builder
	w := r.look.width
	what := "This deletes the connector, and its token from " + connector.SafeName(r.setup.Saved.KeptIn) + "."
	if ref := r.setup.Saved.Reference; ref != nil {
		what = "This deletes the connector. Its token stays where it is read from" + ref.Words() + "."
	}
	b.WriteString(wrap(what+" Nothing changes in SaaSAssure, and the token still works at Atlassian until you revoke it:", w) + "\n")
	b.WriteString(ansiLink(r.look, connector.TokenPageOf(r.setup.Saved.Site)) + "\n\n")
	if r.trouble != nil {
		t := connector.TroubleOf(r.trouble)
		b.WriteString(hang(r.look.bad.Render(r.look.mark.bad), t.Title+". "+t.Remedy+".", w) + "\n\n")
	}
	focus := r.menu.addTo(&b)
	if r.removing.waits() {
		b.WriteString("\n\n" + r.removing.words(r.look, "Removing"))
	}
	return b.String(), focus
}
