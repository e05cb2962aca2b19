package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// Moving a saved token from one safe to another: the new place is chosen and tried on the
// safe screen; then the token is written there and read back before the old copy goes.

// movedMsg is the answer of moveToken.
type movedMsg struct {
	ticket ticket
	saved  connector.Connector
	err    error
}

func moveToken(ctx context.Context, store Store, c connector.Connector, to connector.SafeKind, t ticket) tea.Cmd {
	after := c
	after.KeptIn, after.Reference = to, nil
	return func() tea.Msg {
		saved, err := store.Edit(ctx, c, after)
		return movedMsg{t, saved, err}
	}
}

// beginMove goes on once another safe was chosen; nil where none was.
func (d *detailScreen) beginMove() tea.Cmd {
	if !d.setup.Moving {
		return nil
	}
	d.setup.Moving = false
	to := d.setup.Keep
	d.setup.Keep = d.setup.Saved.KeptIn
	if to == "" || to == d.setup.Saved.KeptIn {
		d.note = "The token stays in " + connector.SafeName(d.setup.Saved.KeptIn) + "."
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveLimit)
	d.cancel, d.doing = cancel, "Moving the token to "+connector.SafeName(to)
	return tea.Batch(d.spin.Tick, moveToken(ctx, d.world.Store, d.setup.Saved, to, d.ticket))
}

func (d *detailScreen) moved(msg movedMsg) {
	d.Leave()
	if msg.err != nil {
		t := connector.TroubleOf(msg.err)
		d.note = t.Title + ". " + t.Why + " The token is where it was. " + t.Remedy + "."
		return
	}
	d.setup.Saved, d.setup.Keep = msg.saved, msg.saved.KeptIn
	d.session.facts([]connector.Connector{msg.saved})
	d.note = "The token was moved to " + connector.SafeName(msg.saved.KeptIn) + ", and read back there."
	d.lay()
}
