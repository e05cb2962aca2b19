package ui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// storageScreen lets the person choose where the token is kept. It opens by itself only
// where the keyring is not ready; nothing is ever kept anywhere that was not chosen, and
// what is chosen is proven by a round trip before the token is typed.
type storageScreen struct {
	stage
	keys    keyMap
	spin    spinner.Model
	menu    *menu[connector.StorageKind]
	probed  bool
	trying  connector.StorageKind
	trouble error
	cancel  context.CancelFunc
}

func newStorage(on stage) screen {
	s := &storageScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look), menu: newMenu[connector.StorageKind](on.look)}
	on.setup.StorageAsked = true
	return s
}

func (s *storageScreen) Title() (string, string) {
	return "Where to keep the token", whereabouts(s.look, 2)
}

func (s *storageScreen) Help() string {
	return "The system keyring is what your desktop keeps passwords in. The encrypted file works on machines without one: it is sealed with a passphrase that you type once a run, or with the file that SAASCONNECT_KEY_FILE names. Plain text on disk is not on offer."
}

func (s *storageScreen) Keys() []key.Binding {
	if s.trying != "" {
		return []key.Binding{named(s.keys.esc, "give up")}
	}
	return []key.Binding{s.keys.enter, named(s.keys.retry, "look again"), s.keys.esc}
}

// Init goes on where the encrypted file was unlocked: the storage that was chosen is tested, or
// the one that the token is in can be read now.
func (s *storageScreen) Init() tea.Cmd {
	kind, tested := s.setup.Draft.Storage()
	switch {
	case !s.left.by(Unlock):
		return s.probe()
	case tested:
		return func() tea.Msg { return triedMsg{ticket: s.ticket, kind: kind} }
	}
	s.probed = true
	s.show(s.setup.Storages)
	_, cmd := s.choose(connector.StorageFile)
	return cmd
}

func (s *storageScreen) probe() tea.Cmd {
	s.probed = false
	ctx := s.begin(probeLimit)
	return tea.Batch(s.spin.Tick, probeStorages(ctx, s.world.Store, s.ticket))
}

// begin opens the context of what the screen waits for, and ends the one before.
func (s *storageScreen) begin(limit time.Duration) context.Context {
	s.Leave()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	s.cancel = cancel
	return ctx
}

// Busy: a safe is being tried.
func (s *storageScreen) Busy() bool { return s.trying != "" }

func (s *storageScreen) Leave() {
	if s.cancel != nil {
		s.cancel()
	}
}

func (s *storageScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		s.spin, cmd = s.spin.Update(msg)
		return still, cmd
	case storagesMsg:
		if msg.ticket == s.ticket {
			s.show(msg.safes)
		}
		return still, nil
	case triedMsg:
		if msg.ticket == s.ticket {
			return s.tried(msg)
		}
		return still, nil
	case tea.KeyPressMsg:
		if s.trying != "" || !s.probed {
			return still, nil
		}
		if key.Matches(msg, s.keys.retry) {
			return still, s.probe()
		}
	}
	kind, picked := s.menu.update(msg)
	if !picked {
		return still, nil
	}
	return s.choose(kind)
}

// show lays out the safes that can be used now, or after unlocking.
func (s *storageScreen) show(safes []connector.StorageStatus) {
	s.probed = true
	s.setup.Storages = safes
	var options []huhStorage
	for _, storage := range safes {
		if storage.Usable() {
			options = append(options, option(storageChoice(storage), storage.Kind))
		}
	}
	if s.world.Fetch != nil && s.setup.task() != setup.Move {
		options = append(options, option("Elsewhere: a variable, a command or a file that is read each time", connector.StorageReference))
	}
	s.menu = newMenu(s.look, options...)
}

// storageChoice is a safe as a line of the menu.
func storageChoice(s connector.StorageStatus) string {
	words := connector.Capitalize(connector.StorageName(s.Kind))
	switch s.State {
	case connector.StorageLocked:
		return words + ", locked: you will be asked to unlock it"
	case connector.StorageNew:
		return words + ": you choose a passphrase now"
	case connector.StorageReady, connector.StorageAbsent, connector.StorageUnresponsive, connector.StorageBroken:
	}
	return words
}

func (s *storageScreen) choose(kind connector.StorageKind) (event, tea.Cmd) {
	if kind == connector.StorageReference {
		return outside, nil
	}
	if s.setup.task() == setup.Move && kind == s.setup.Saved.KeptIn {
		s.setup.Notice = "The token stays in " + connector.StorageName(kind) + "."
		return back, nil
	}
	for _, storage := range s.setup.Storages {
		if storage.Kind != kind {
			continue
		}
		if kind == connector.StorageFile && storage.State != connector.StorageReady {
			s.setup.Unlocking = storage.State
			return locked, nil
		}
		s.trying, s.trouble = kind, nil
		return still, tea.Batch(s.spin.Tick, testStorage(s.begin(tryLimit), s.world.Service(), kind, s.ticket))
	}
	return still, nil
}

func (s *storageScreen) tried(msg triedMsg) (event, tea.Cmd) {
	s.trying = ""
	if msg.err != nil {
		s.trouble = msg.err
		return still, nil
	}
	s.setup.Draft.SetStorage(msg.kind, true)
	if s.setup.task() == setup.Move {
		return answered, nil
	}
	ev := chosen
	if s.setup.Trouble != nil { // it could not be saved elsewhere
		ev = answered
	}
	s.session.settings.KeepIn = msg.kind
	return ev, rememberSettings(s.world.Service(), connector.Settings{KeepIn: msg.kind})
}

func (s *storageScreen) View() (string, int) {
	var b strings.Builder
	w := s.look.width
	if !s.probed {
		return s.look.accent.Render(s.spin.View()) + " Looking at this machine's safes " + s.look.ellipsis(), -1
	}
	if s.trouble != nil {
		t := connector.TroubleOf(s.trouble)
		b.WriteString(hang(s.look.bad.Render(s.look.mark.bad), t.Title+". "+t.Why, w) + "\n\n")
	}
	for _, storage := range s.setup.Storages {
		if !storage.Usable() {
			b.WriteString(hang(s.look.warn.Render(s.look.mark.warn), storageComplaint(storage), w) + "\n\n")
		}
	}
	if s.menu.count() == 0 {
		return b.String() + wrap("No safe can be used here, so nothing can be saved. A connection can still be checked.", w), -1
	}
	b.WriteString(wrap("A token opens everything its account may see, so it is kept sealed.", w) + "\n\n")
	focus := s.menu.addTo(&b)
	if s.trying != "" {
		b.WriteString("\n\n" + hang(s.look.accent.Render(s.spin.View()), "Trying "+connector.StorageName(s.trying)+": writing, reading back, deleting "+s.look.ellipsis(), w))
		if s.trying == connector.StorageKeyring {
			b.WriteString("\n" + s.look.faint.Render(wrap("Your desktop may be asking for the keyring's password.", w)))
		}
	}
	return b.String(), focus
}

// storageComplaint says why a safe can't be used, and what would help.
func storageComplaint(s connector.StorageStatus) string {
	words := connector.Capitalize(connector.StorageName(s.Kind)) + ": " + s.Detail
	if s.Remedy != "" {
		words += ". " + s.Remedy
	}
	return words
}

// Storages as commands: each has a limit, none runs before the first frame.

const (
	tryLimit = 130 * time.Second // a desktop may ask for its keyring's password
)

// huhStorage is a safe that can be chosen.
type huhStorage = huh.Option[connector.StorageKind]

// triedMsg is the answer of testStorage.
type triedMsg struct {
	ticket ticket
	kind   connector.StorageKind
	err    error
}

// testStorage proves by a round trip that a safe keeps things.
func testStorage(ctx context.Context, service setup.Service, kind connector.StorageKind, t ticket) tea.Cmd {
	return func() tea.Msg { return triedMsg{t, kind, service.TestStorage(ctx, kind)} }
}
