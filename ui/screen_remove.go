package ui

import (
	"cmp"
	"context"
	"fmt"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// newRemove asks before a connector and its token are deleted here, and says what that does
// not do: the token still works at Atlassian until it is revoked there.
func newRemove(on stage) screen {
	if len(on.setup.Several) > 0 {
		return newRemoveSeveral(on)
	}
	what := "This deletes the connector, and its token from " + connector.StorageName(on.setup.Saved.KeptIn) + "."
	if ref := on.setup.Saved.Reference; ref != nil {
		what = "This deletes the connector. Its token stays where it is read from" + ref.Words() + "."
	}
	return newConfirm(on, confirmation{
		title: "Remove " + on.setup.Saved.Name, at: -1,
		why:  []string{what + " Nothing changes in SaaSAssure, and the token still works at Atlassian until you revoke it:"},
		link: connector.TokenPageOf(on.setup.Saved.Site),
		ways: []way{leads("Keep it", back), {words: "Remove it from this machine", do: func(c *confirmScreen) (event, tea.Cmd) {
			return still, removeConnector(c.working.begin(removeLimit), c.world.Service(), c.setup.Saved.ID, c.ticket)
		}}},
		doing: "Removing", done: removalAnswered,
	})
}

// removeLimit leaves a person time to answer their desktop.
const removeLimit = 130 * time.Second

// removedMsg is the answer of removeConnector.
type removedMsg struct {
	ticket ticket
	left   *connector.StorageError
	err    error
}

func removeConnector(ctx context.Context, service setup.Service, id string, t ticket) tea.Cmd {
	remove := func() tea.Msg {
		left, err := service.Remove(ctx, id)
		return removedMsg{t, left, err}
	}
	return func() tea.Msg { return finished(ctx, remove, removedMsg{t, nil, connector.ErrUnanswered}) }
}

func removalAnswered(c *confirmScreen, answer tea.Msg) event {
	msg, ok := answer.(removedMsg)
	if !ok || msg.ticket != c.ticket {
		return still
	}
	c.working.end()
	switch {
	case c.unanswered(msg.err):
		return home
	case msg.err != nil:
		t := connector.TroubleOf(msg.err)
		c.complaint = t.Title + ". " + t.Remedy + "."
		return still
	}
	c.session.forget(c.setup.Saved.ID)
	c.session.listed.id, c.session.listed.words = "", "" // what was looked for is gone
	c.session.notice = c.setup.Saved.Name + " is removed here. "
	if msg.left != nil {
		c.session.notice += "Its token was not deleted: " + connector.LeftWords(msg.left) + " "
	}
	c.session.notice += "Its token still works at Atlassian until you revoke it: " + connector.TokenPageOf(c.setup.Saved.Site)
	return removed
}

// newRemoveSeveral asks it about those that were selected in the list, and says which these are.
func newRemoveSeveral(on stage) screen {
	all := on.setup.Several
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	number := connector.Plural(len(all), "connector")
	return newConfirm(on, confirmation{
		title: "Remove " + number, at: -1, esc: home,
		why: []string{
			"This deletes " + connector.AndMore(names, mostNames) + ".",
			"Their tokens are deleted here too, except those that are read from a place of your own. Nothing changes in SaaSAssure, and the tokens still work at Atlassian until you revoke them:",
		},
		link: connector.TokenPageOf(all[0].Site),
		ways: []way{leads("Keep them", home), {words: "Remove " + number + " from this machine", do: func(c *confirmScreen) (event, tea.Cmd) {
			return still, removeSeveral(c.working.begin(removeLimit), c.world.Service(), all, c.ticket)
		}}},
		doing: "Removing", done: removalsAnswered,
	})
}

// removedSeveralMsg is the answer of removeSeveral.
type removedSeveralMsg struct {
	ticket ticket
	gone   []connector.Connector
	left   *connector.StorageError // why the first token that was not deleted was not
	kept   []string                // the names of those whose token was not
	err    error                   // why the first that was not removed was not
}

func removeSeveral(ctx context.Context, service setup.Service, all []connector.Connector, t ticket) tea.Cmd {
	remove := func() tea.Msg {
		msg := removedSeveralMsg{ticket: t}
		service.RemoveMany(ctx, all, func(i int, left *connector.StorageError, err error) {
			if err != nil && !setup.IsGone(err) {
				msg.err = cmp.Or(msg.err, err)
				return
			}
			msg.gone = append(msg.gone, all[i])
			if left != nil {
				msg.left, msg.kept = left, append(msg.kept, all[i].Name)
			}
		})
		if msg.err == nil && len(msg.gone) < len(all) {
			msg.err = ctx.Err()
		}
		return msg
	}
	return func() tea.Msg {
		return finished(ctx, remove, removedSeveralMsg{ticket: t, err: connector.ErrUnanswered})
	}
}

func removalsAnswered(c *confirmScreen, answer tea.Msg) event {
	msg, ok := answer.(removedSeveralMsg)
	if !ok || msg.ticket != c.ticket {
		return still
	}
	c.working.end()
	if c.unanswered(msg.err) {
		return home
	}
	for _, gone := range msg.gone {
		c.session.forget(gone.ID)
	}
	c.session.listed.id, c.session.listed.words = "", ""
	all := c.setup.Several
	words := connector.Plural(len(msg.gone), "connector") + " removed here. "
	if msg.err != nil {
		t := connector.TroubleOf(msg.err)
		words = fmt.Sprintf("%d of %s removed here. %s. %s. ", len(msg.gone), connector.Plural(len(all), "connector"), t.Title, t.Remedy)
	}
	if msg.left != nil {
		words += "Not deleted was the token of " + connector.And(msg.kept) + ": " + connector.LeftWords(msg.left) + " "
	}
	if len(msg.gone) > 0 {
		words += "Their tokens still work at Atlassian until you revoke them: " + connector.TokenPageOf(all[0].Site)
	}
	c.session.notice = strings.TrimSpace(words)
	return removed
}
