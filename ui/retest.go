package ui

import (
	"context"
	"errors"
	"slices"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Checks of several connectors side by side (setup.Service), streamed into a screen
// and ended with it.

// retestedMsg is one connector's new report.
type retestedMsg struct {
	ticket ticket
	id     string
	report connector.Report
}

// retestDone comes after the last one.
type retestDone struct{ ticket ticket }

// atOnce is how many sites are asked at once: enough to hide their latency, few enough to be no
// burden to anyone.
const atOnce = 8

// patience is how long nothing may land before it is said what may be waited for.
const patience = 3 * time.Second

// waitingWords say it, where a token is in the keyring.
func waitingWords(l *look, waited time.Duration, entries ...connector.Connector) string {
	for _, c := range entries {
		if c.KeptIn == connector.StorageKeyring && waited >= patience {
			return l.faint.Render(wrap(desktopAsks, l.width)) + "\n"
		}
	}
	return ""
}

// desktopAsks says what may be waited for outside this window.
const desktopAsks = "Your desktop may be asking for the keyring's password. Esc gives up."

// recheck checks saved connectors again and returns where the reports land. A context that ends
// keeps what is known.
func recheck(ctx context.Context, service setup.Service, entries []*connector.Entry, t ticket) <-chan tea.Msg {
	all := make([]connector.Entry, len(entries))
	for i, e := range entries {
		all[i] = *e
	}
	return stream(ctx, func(send func(tea.Msg)) {
		_ = service.CheckSaved(ctx, all, setup.CheckOptions{Parallel: atOnce}, func(i int, r setup.Recheck) {
			send(retestedMsg{t, all[i].ID, r.Report})
		}) // what could not be remembered is on the screen
		send(retestDone{t})
	})
}

// checkShares checks a new token for each of the connectors that had the old one, likewise.
func checkShares(ctx context.Context, service setup.Service, d setup.Draft, with []connector.Entry, t ticket) <-chan tea.Msg {
	return stream(ctx, func(send func(tea.Msg)) {
		service.CheckShares(ctx, d, with, atOnce, func(s setup.Share) { send(retestedMsg{t, s.Entry.ID, s.Report}) })
		send(retestDone{t})
	})
}

// unread: the token could not be read, so the report says nothing of its connector, and
// changes nothing that is known of it.
func unread(r connector.Report) bool { return r.Code == connector.CodeTokenLocked }

// mayBeLocked reports whether a passphrase may have to be asked for before these are checked.
func (s *session) mayBeLocked(entries ...*connector.Entry) bool {
	return !s.opened && slices.ContainsFunc(entries, func(e *connector.Entry) bool { return e.KeptIn == connector.StorageFile })
}

// isLocked takes the answer to whether the encrypted file is locked.
func (s *session) isLocked(msg storagesMsg) bool {
	for _, storage := range msg.safes {
		if storage.Kind == connector.StorageFile {
			s.opened = storage.State == connector.StorageReady
			return storage.State == connector.StorageLocked
		}
	}
	return false
}

// looking says that it is looked at.
func looking(l *look, spin spinner.Model) string {
	return l.accent.Render(spin.View()) + " Looking at the encrypted file " + l.ellipsis()
}

// storagesMsg is the answer of probeStorages.
type storagesMsg struct {
	ticket ticket
	safes  []connector.StorageStatus
	err    error
}

// probeStorages looks at every safe without prompting.
func probeStorages(ctx context.Context, store Store, t ticket) tea.Cmd {
	return func() tea.Msg {
		safes, err := store.Storages(ctx)
		return storagesMsg{t, safes, err}
	}
}

// probeLimit bounds looking at the storages, which never prompts.
const probeLimit = 10 * time.Second

// mustUnlock reports whether an error says that the encrypted file's passphrase is missing,
// and makes it what the unlock screen asks for.
func (s *stage) mustUnlock(err error) bool {
	state, yes := needsPassphrase(err)
	if yes {
		s.setup.Unlocking = state
	}
	return yes
}

// needsPassphrase: it is the encrypted file, and its passphrase is all that is missing: the
// one that it has (locked), or the one that is to be chosen (new).
func needsPassphrase(err error) (connector.StorageState, bool) {
	var storage *connector.StorageError
	if !errors.As(err, &storage) || storage.Kind != connector.StorageFile {
		return "", false
	}
	if storage.Why == connector.StorageWhyNew {
		return connector.StorageNew, true
	}
	return connector.StorageLocked, storage.Why == connector.StorageWhyLocked
}
