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

// SavedMsg is the answer of save.
type SavedMsg struct {
	Request RequestID
	Saved   setup.Saved // what is in force, also beside an error
	Err     error
}

// Save saves a Draft. A context that ends asks the store to give up; what it did is told all
// the same.
func Save(ctx context.Context, service setup.Service, d setup.Draft, role connector.Role, t RequestID) tea.Cmd {
	keep := func() tea.Msg {
		saved, err := service.Save(ctx, d, role)
		return SavedMsg{t, saved, err}
	}
	return func() tea.Msg { return Finished(ctx, keep, SavedMsg{Request: t, Err: connector.ErrUnanswered}) }
}

// IsSame: the token is the one that is stored already.
func IsSame(err error) bool {
	var storage *connector.StorageError
	return errors.As(err, &storage) && storage.Why == connector.StorageWhySame
}

// SaveLimit leaves a person time to answer their desktop.
const SaveLimit = 130 * time.Second

// EditedMsg is the answer of an edit.
type EditedMsg struct {
	Request RequestID
	Saved   []connector.Connector // as many as could be
	Now     []connector.Connector // all that there are, where one of them was changed meanwhile
	Err     error
}

// EditLimit bounds writing connectors.json.
const EditLimit = 10 * time.Second

// ChangeFacts changes what no token is bound to. change returns the connectors that it changed.
func ChangeFacts(ctx context.Context, service setup.Service, t RequestID, change func(context.Context) ([]connector.Connector, error)) tea.Cmd {
	set := func() tea.Msg {
		done, err := change(ctx)
		msg := EditedMsg{Request: t, Saved: done, Err: err}
		if setup.IsChanged(err) {
			entries, _ := service.Store.Load(ctx) // what can't be read is as it was
			for _, e := range entries {
				msg.Now = append(msg.Now, e.Connector)
			}
		}
		return msg
	}
	return func() tea.Msg { return Finished(ctx, set, EditedMsg{Request: t, Err: connector.ErrUnanswered}) }
}
