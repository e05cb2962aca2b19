package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
)

// Safes as commands: each has a limit, none runs before the first frame.

const (
	probeLimit = 10 * time.Second  // looking never prompts, so it needs no person
	tryLimit   = 130 * time.Second // a desktop may ask for its keyring's password
)

// huhSafe is a safe that can be chosen.
type huhSafe = huh.Option[connector.SafeKind]

// safesMsg is the answer of probeSafes.
type safesMsg struct {
	ticket ticket
	safes  []connector.SafeStatus
	err    error
}

// probeSafes looks at every safe without prompting.
func probeSafes(ctx context.Context, store Store, t ticket) tea.Cmd {
	return func() tea.Msg {
		safes, err := store.Safes(ctx)
		return safesMsg{t, safes, err}
	}
}

// triedMsg is the answer of trySafe.
type triedMsg struct {
	ticket ticket
	kind   connector.SafeKind
	err    error
}

// trySafe proves by a round trip that a safe keeps things.
func trySafe(ctx context.Context, store Store, kind connector.SafeKind, t ticket) tea.Cmd {
	return func() tea.Msg { return triedMsg{t, kind, store.TrySafe(ctx, kind)} }
}

// firstChoice is the safe to use without asking: the one that was chosen before, else
// the keyring, and only where it is ready. Anything else is the person's to decide.
func firstChoice(safes []connector.SafeStatus, remembered connector.SafeKind) (connector.SafeStatus, bool) {
	var found connector.SafeStatus
	for _, s := range safes {
		switch {
		case s.Kind == remembered && s.Usable():
			return s, s.State == connector.SafeReady
		case s.Kind == connector.SafeKeyring && s.State == connector.SafeReady,
			s.Kind == connector.SafeMemory && s.State == connector.SafeReady:
			found = s
		}
	}
	return found, found.Kind != ""
}
