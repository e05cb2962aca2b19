package manage

import (
	"cmp"
	"context"
	"fmt"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// newRemove asks before a connector and its token are deleted here, and says what that does
// not do: the token still works at Atlassian until it is revoked there.
func newRemove(on ui.Base) ui.Screen {
	if len(on.Setup.Selected) > 0 {
		return newRemoveSeveral(on)
	}
	what := "This deletes the connector, and its token from " + connector.StorageName(on.Setup.Saved.KeptIn) + "."
	if ref := on.Setup.Saved.Reference; ref != nil {
		what = "This deletes the connector. Its token stays where it is read from" + ref.Words() + "."
	}
	return ui.NewConfirm(on, ui.Confirmation{
		Title: "Remove " + on.Setup.Saved.Name, At: -1,
		Why:  []string{what + " Nothing changes in SaaSAssure, and the token still works at Atlassian until you revoke it:"},
		Link: connector.TokenPageOf(on.Setup.Saved.Site),
		Ways: []ui.Choice{ui.ChoiceTo("Don't remove it", ui.Back), {Words: "Remove it from this computer", Do: func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
			return ui.None, removeConnector(c.Working.Begin(removeLimit), c.Deps.Service(), c.Setup.Saved.ID, c.Request)
		}}},
		Doing: "Removing", Done: removalAnswered,
	})
}

// removeLimit leaves a person time to answer their desktop.
const removeLimit = 130 * time.Second

// removedMsg is the answer of removeConnector.
type removedMsg struct {
	Request ui.RequestID
	left    *connector.StorageError
	err     error
}

func removeConnector(ctx context.Context, service setup.Service, id string, t ui.RequestID) tea.Cmd {
	remove := func() tea.Msg {
		left, err := service.Remove(ctx, id)
		return removedMsg{t, left, err}
	}
	return func() tea.Msg { return ui.Finished(ctx, remove, removedMsg{t, nil, connector.ErrUnanswered}) }
}

func removalAnswered(c *ui.ConfirmScreen, answer tea.Msg) ui.Event {
	msg, ok := answer.(removedMsg)
	if !ok || msg.Request != c.Request {
		return ui.None
	}
	c.Working.End()
	switch {
	case c.Unanswered(msg.err):
		return ui.GoHome
	case msg.err != nil:
		t := connector.Explain(msg.err)
		c.Complaint = t.Title + ". " + t.Remedy + "."
		return ui.None
	}
	c.Session.Forget(c.Setup.Saved.ID)
	c.Session.List.Words = "" // what was looked for is gone
	c.Session.Notice = c.Setup.Saved.Name + " was removed. "
	if msg.left != nil {
		c.Session.Notice += "Its token was not deleted: " + connector.LeftWords(msg.left) + " "
	}
	c.Session.Notice += "Its token still works at Atlassian until you revoke it: " + connector.TokenPageOf(c.Setup.Saved.Site)
	return ui.Removed
}

// newRemoveSeveral asks it about those that were selected in the list, and says which these are.
func newRemoveSeveral(on ui.Base) ui.Screen {
	all := on.Setup.Selected
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	number := connector.Plural(len(all), "connector")
	return ui.NewConfirm(on, ui.Confirmation{
		Title: "Remove " + number, At: -1, Esc: ui.GoHome,
		Why: []string{
			"This deletes " + connector.AndMore(names, mostNames) + ".",
			"Their tokens are deleted here too, except those that are read from an external source. Nothing changes in SaaSAssure, and the tokens still work at Atlassian until you revoke them:",
		},
		Link: connector.TokenPageOf(all[0].Site),
		Ways: []ui.Choice{ui.ChoiceTo("Don't remove them", ui.GoHome), {Words: "Remove " + number + " from this computer", Do: func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
			return ui.None, removeSeveral(c.Working.Begin(removeLimit), c.Deps.Service(), all, c.Request)
		}}},
		Doing: "Removing", Done: removalsAnswered,
	})
}

// removedSeveralMsg is the answer of removeSeveral.
type removedSeveralMsg struct {
	Request ui.RequestID
	gone    []connector.Connector
	left    *connector.StorageError // why the first token that was not deleted was not
	kept    []string                // the names of those whose token was not
	err     error                   // why the first that was not removed was not
}

func removeSeveral(ctx context.Context, service setup.Service, all []connector.Connector, t ui.RequestID) tea.Cmd {
	remove := func() tea.Msg {
		msg := removedSeveralMsg{Request: t}
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
		return ui.Finished(ctx, remove, removedSeveralMsg{Request: t, err: connector.ErrUnanswered})
	}
}

func removalsAnswered(c *ui.ConfirmScreen, answer tea.Msg) ui.Event {
	msg, ok := answer.(removedSeveralMsg)
	if !ok || msg.Request != c.Request {
		return ui.None
	}
	c.Working.End()
	if c.Unanswered(msg.err) {
		return ui.GoHome
	}
	for _, gone := range msg.gone {
		c.Session.Forget(gone.ID)
	}
	c.Session.List.Words = ""
	all := c.Setup.Selected
	words := connector.Plural(len(msg.gone), "connector") + " removed. "
	if msg.err != nil {
		t := connector.Explain(msg.err)
		words = fmt.Sprintf("%d of %s removed. %s. %s. ", len(msg.gone), connector.Plural(len(all), "connector"), t.Title, t.Remedy)
	}
	if msg.left != nil {
		words += "These tokens were not deleted: " + connector.And(msg.kept) + ": " + connector.LeftWords(msg.left) + " "
	}
	switch len(msg.gone) {
	case 0:
	case 1:
		words += "Its token still works at Atlassian until you revoke it: " + connector.TokenPageOf(msg.gone[0].Site)
	default:
		words += "Their tokens still work at Atlassian until you revoke them: " + connector.TokenPageOf(msg.gone[0].Site)
	}
	c.Session.Notice = strings.TrimSpace(words)
	return ui.Removed
}
