package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Saving as a command: a new connector, another token, or other facts. Each connector is
// all or nothing; of several that get the same new token, those that could not take it are
// named.

// savedMsg is the answer of save.
type savedMsg struct {
	ticket ticket
	saved  setup.Saved // what is in force, also beside an error
	err    error
}

// save saves a Draft. A context that ends asks the store to give up; what it did is told all
// the same.
func save(ctx context.Context, service setup.Service, d setup.Draft, role connector.Role, t ticket) tea.Cmd {
	keep := func() tea.Msg {
		saved, err := service.Save(ctx, d, role)
		return savedMsg{t, saved, err}
	}
	return func() tea.Msg { return finished(ctx, keep, savedMsg{ticket: t, err: connector.ErrUnanswered}) }
}

// isSame: the token is the one that is kept already.
func isSame(err error) bool {
	var storage *connector.StorageError
	return errors.As(err, &storage) && storage.Why == connector.StorageWhySame
}

// saveLimit leaves a person time to answer their desktop.
const saveLimit = 130 * time.Second

// editedMsg is the answer of an edit.
type editedMsg struct {
	ticket ticket
	saved  []connector.Connector // as many as could be
	now    []connector.Connector // all that there are, where one of them was changed meanwhile
	err    error
}

// editLimit bounds writing connectors.json.
const editLimit = 10 * time.Second

// changeFacts changes what no token is bound to. change returns the connectors that it changed.
func changeFacts(ctx context.Context, service setup.Service, t ticket, change func(context.Context) ([]connector.Connector, error)) tea.Cmd {
	set := func() tea.Msg {
		done, err := change(ctx)
		msg := editedMsg{ticket: t, saved: done, err: err}
		if setup.IsChanged(err) {
			entries, _ := service.Store.Load(ctx) // what can't be read is as it was
			for _, e := range entries {
				msg.now = append(msg.now, e.Connector)
			}
		}
		return msg
	}
	return func() tea.Msg { return finished(ctx, set, editedMsg{ticket: t, err: connector.ErrUnanswered}) }
}
