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
	"saasconnect/ui/widget"
)

// Checks of several connectors side by side (setup.Service), streamed into a screen
// and ended with it.

// RecheckedMsg is one connector's new report.
type RecheckedMsg struct {
	Request RequestID
	Id      string
	Report  connector.Report
}

// RecheckDoneMsg comes after the last one.
type RecheckDoneMsg struct{ Request RequestID }

// checksAtOnce is how many sites are asked at once: enough to hide their latency, few enough to be no
// burden to anyone.
const checksAtOnce = 8

// patience is how long nothing may land before it is said what may be waited for.
const patience = 3 * time.Second

// WaitingText say it, where a token is in the keyring.
func WaitingText(l *widget.Theme, waited time.Duration, entries ...connector.Connector) string {
	for _, c := range entries {
		if c.KeptIn == connector.StorageKeyring && waited >= patience {
			return l.Faint.Render(widget.Wrap(DesktopAsks, l.Width)) + "\n"
		}
	}
	return ""
}

// DesktopAsks says what may be waited for outside this window.
const DesktopAsks = "Your desktop may be asking for the keyring's password. Esc gives up."

// Recheck checks saved connectors again and returns where the reports land. A context that ends
// keeps what is known.
func Recheck(ctx context.Context, service setup.Service, entries []*connector.Entry, t RequestID) <-chan tea.Msg {
	all := make([]connector.Entry, len(entries))
	for i, e := range entries {
		all[i] = *e
	}
	return Stream(ctx, func(send func(tea.Msg)) {
		_ = service.CheckSaved(ctx, all, setup.CheckOptions{Parallel: checksAtOnce}, func(i int, r setup.Recheck) {
			send(RecheckedMsg{t, all[i].ID, r.Report})
		}) // what could not be remembered is on the screen
		send(RecheckDoneMsg{t})
	})
}

// CheckShares checks a new token for each of the connectors that had the old one, likewise.
func CheckShares(ctx context.Context, service setup.Service, d setup.Draft, with []connector.Entry, t RequestID) <-chan tea.Msg {
	return Stream(ctx, func(send func(tea.Msg)) {
		service.CheckShares(ctx, d, with, checksAtOnce, func(s setup.Share) { send(RecheckedMsg{t, s.Entry.ID, s.Report}) })
		send(RecheckDoneMsg{t})
	})
}

// TokenUnread: the token could not be read, so the report says nothing of its connector, and
// changes nothing that is known of it.
func TokenUnread(r connector.Report) bool { return r.Code == connector.CodeTokenLocked }

// MayBeLocked reports whether a passphrase may have to be asked for before these are checked.
func (s *Session) MayBeLocked(entries ...*connector.Entry) bool {
	return !s.FileUnlocked && slices.ContainsFunc(entries, func(e *connector.Entry) bool { return e.KeptIn == connector.StorageFile })
}

// IsLocked takes the answer to whether the encrypted file is locked.
func (s *Session) IsLocked(msg StoragesMsg) bool {
	for _, storage := range msg.Storages {
		if storage.Kind == connector.StorageFile {
			s.FileUnlocked = storage.State == connector.StorageReady
			return storage.State == connector.StorageLocked
		}
	}
	return false
}

// LookingText says that it is looked at.
func LookingText(l *widget.Theme, spin spinner.Model) string {
	return l.Accent.Render(spin.View()) + " Looking at the encrypted file " + l.Ellipsis()
}

// StoragesMsg is the answer of probeStorages.
type StoragesMsg struct {
	Request  RequestID
	Storages []connector.StorageStatus
	err      error
}

// ProbeStorages looks at every storage without prompting.
func ProbeStorages(ctx context.Context, store Store, t RequestID) tea.Cmd {
	return func() tea.Msg {
		safes, err := store.Storages(ctx)
		return StoragesMsg{t, safes, err}
	}
}

// ProbeLimit bounds looking at the storages, which never prompts.
const ProbeLimit = 10 * time.Second

// MustUnlock reports whether an error says that the encrypted file's passphrase is missing,
// and makes it what the unlock screen asks for.
func (s *Base) MustUnlock(err error) bool {
	state, yes := NeedsPassphrase(err)
	if yes {
		s.Setup.Unlocking = state
	}
	return yes
}

// NeedsPassphrase: it is the encrypted file, and its passphrase is all that is missing: the
// one that it has (locked), or the one that is to be chosen (new).
func NeedsPassphrase(err error) (connector.StorageState, bool) {
	var storage *connector.StorageError
	if !errors.As(err, &storage) || storage.Kind != connector.StorageFile {
		return "", false
	}
	if storage.Why == connector.StorageWhyNew {
		return connector.StorageNew, true
	}
	return connector.StorageLocked, storage.Why == connector.StorageWhyLocked
}
