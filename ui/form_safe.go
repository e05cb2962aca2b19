package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// The form's care for the safe: before the token is typed it is known where it will be
// kept, and tried. What needs no question is done in the background; what does, opens
// the screen that asks it, once.

// safeState is how far that is.
type safeState int

const (
	safeLooking safeState = iota
	safeTrying
	safeProven
	safeUndecided
)

// sessionCame goes on when the wizard began at the form: only now is it known who fills
// it in. A role that was never asked for is asked for first.
func (f *formScreen) sessionCame() (event, tea.Cmd) {
	if !f.waiting {
		return still, nil
	}
	f.waiting = false
	switch {
	case f.session.settings.Role == connector.RoleUnknown:
		return asksRole, nil
	case f.saves():
		return still, f.beginSafe()
	case f.pressed:
		f.pressed, f.note = false, ""
		return f.forward()
	}
	return still, nil
}

// beginSafe probes, unless a safe was chosen and tried already.
func (f *formScreen) beginSafe() tea.Cmd {
	if f.setup.KeepChosen {
		f.safe = safeProven
		return nil
	}
	if f.setup.Keep != "" {
		return f.trySafe(f.setup.Keep)
	}
	f.safe = safeLooking
	return probeSafes(f.bounded(probeLimit), f.world.Store, f.ticket)
}

func (f *formScreen) bounded(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	f.cancel = append(f.cancel, cancel)
	return ctx
}

func (f *formScreen) trySafe(kind connector.SafeKind) tea.Cmd {
	f.safe = safeTrying
	f.setup.Keep = kind
	return trySafe(f.bounded(tryLimit), f.world.Store, kind, f.ticket)
}

// takeSafe goes on from a probe or a try.
func (f *formScreen) takeSafe(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case safesMsg:
		if msg.ticket != f.ticket || f.setup.KeepChosen {
			return still, nil
		}
		f.setup.Safes = msg.safes
		first, ready := firstChoice(msg.safes, f.session.settings.KeepIn)
		switch {
		case ready:
			return still, f.trySafe(first.Kind)
		case f.setup.SafeAsked:
			f.safe = safeUndecided
			return still, nil
		case first.Kind == connector.SafeFile:
			f.setup.SafeAsked = true
			f.setup.Unlocking = first.State
			return locked, nil
		}
		return chooses, nil
	case triedMsg:
		if msg.ticket != f.ticket {
			return still, nil
		}
		return f.takeTry(msg)
	}
	return still, nil
}

func (f *formScreen) takeTry(msg triedMsg) (event, tea.Cmd) {
	if msg.err == nil {
		f.safe = safeProven
		f.setup.KeepChosen = true
		if f.pressed {
			f.pressed, f.note = false, ""
			return f.forward()
		}
		return still, nil
	}
	f.safe = safeUndecided
	kind := f.setup.Keep
	f.setup.Keep = ""
	if f.setup.SafeAsked {
		return still, nil
	}
	if isLocked(msg.err, kind) {
		f.setup.SafeAsked, f.setup.Unlocking = true, connector.SafeLocked
		return locked, nil
	}
	return chooses, nil
}

// isLocked: it is the encrypted file, and its passphrase is all that is missing.
func isLocked(err error, kind connector.SafeKind) bool {
	var safe *connector.SafeError
	return kind == connector.SafeFile && errors.As(err, &safe) && safe.Why == connector.SafeWhyLocked
}

// safeFirst is Continue before a safe is decided: wait for the try, and go on by itself
// then, or ask.
func (f *formScreen) safeFirst() (event, tea.Cmd) {
	if f.waiting || f.safe == safeLooking || f.safe == safeTrying {
		f.note, f.pressed = "One moment: the place to keep the token is being tried. Then it goes on.", true
		return still, nil
	}
	return chooses, nil
}
