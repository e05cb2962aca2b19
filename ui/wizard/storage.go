package wizard

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
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// storageScreen lets the person choose where the token is stored. It opens by itself only
// where the keyring is not ready; nothing is ever stored anywhere that was not chosen, and
// what is chosen is checked by a round trip before the token is typed.
type storageScreen struct {
	ui.Base
	keys    widget.KeyMap
	spin    spinner.Model
	menu    *widget.Menu[connector.StorageKind]
	probed  bool
	trying  connector.StorageKind
	trouble error
	cancel  context.CancelFunc
}

func newStorage(on ui.Base) ui.Screen {
	s := &storageScreen{Base: on, keys: widget.NewKeys(), spin: widget.NewSpinner(on.Theme), menu: widget.NewMenu[connector.StorageKind](on.Theme)}
	on.Setup.StorageAsked = true
	return s
}

func (s *storageScreen) Title() (string, string) {
	return "Where to store the token", ui.StepsLine(s.Theme, 2)
}

func (s *storageScreen) Help() string {
	return "The system keyring is where your desktop stores passwords. The encrypted file works on computers without one: you enter its passphrase once a run, or SAASCONNECT_KEY_FILE names a file that holds it. Tokens are never stored as plain text."
}

func (s *storageScreen) Keys() []key.Binding {
	if s.trying != "" {
		return []key.Binding{widget.Named(s.keys.Esc, "give up")}
	}
	return []key.Binding{s.keys.Enter, widget.Named(s.keys.Retry, "try again"), s.keys.Esc}
}

// Init goes on where the encrypted file was unlocked: the storage that was chosen is tested, or
// the one that the token is in can be read now.
func (s *storageScreen) Init() tea.Cmd {
	kind, tested := s.Setup.Draft.Storage()
	switch {
	case !s.Closed.By(ui.ScreenUnlock):
		return s.probe()
	case tested:
		return func() tea.Msg { return triedMsg{Request: s.Request, kind: kind} }
	}
	s.probed = true
	s.show(s.Setup.Storages)
	_, cmd := s.choose(connector.StorageFile)
	return cmd
}

func (s *storageScreen) probe() tea.Cmd {
	s.probed = false
	ctx := s.begin(ui.ProbeLimit)
	return tea.Batch(s.spin.Tick, ui.ProbeStorages(ctx, s.Deps.Store, s.Request))
}

// begin opens the context of what the screen waits for, and ends the one before.
func (s *storageScreen) begin(limit time.Duration) context.Context {
	s.Leave()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	s.cancel = cancel
	return ctx
}

// Busy: a storage is being tested.
func (s *storageScreen) Busy() bool { return s.trying != "" }

func (s *storageScreen) Leave() {
	if s.cancel != nil {
		s.cancel()
	}
}

func (s *storageScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		s.spin, cmd = s.spin.Update(msg)
		return ui.None, cmd
	case ui.StoragesMsg:
		if msg.Request == s.Request {
			s.show(msg.Storages)
		}
		return ui.None, nil
	case triedMsg:
		if msg.Request == s.Request {
			return s.tried(msg)
		}
		return ui.None, nil
	case tea.KeyPressMsg:
		if s.trying != "" || !s.probed {
			return ui.None, nil
		}
		if key.Matches(msg, s.keys.Retry) {
			return ui.None, s.probe()
		}
	}
	kind, picked := s.menu.Update(msg)
	if !picked {
		return ui.None, nil
	}
	return s.choose(kind)
}

// show lays out the storages that can be used now, or after unlocking.
func (s *storageScreen) show(safes []connector.StorageStatus) {
	s.probed = true
	s.Setup.Storages = safes
	var options []huhStorage
	for _, storage := range safes {
		if storage.Usable() {
			options = append(options, widget.Option(storageChoice(storage), storage.Kind))
		}
	}
	if s.Deps.Fetch != nil && s.Setup.Task() != setup.Move {
		options = append(options, widget.Option("Don't store it: read it from a variable, command or file", connector.StorageReference))
	}
	s.menu = widget.NewMenu(s.Theme, options...)
}

// storageChoice is a storage as a line of the menu.
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

func (s *storageScreen) choose(kind connector.StorageKind) (ui.Event, tea.Cmd) {
	if kind == connector.StorageReference {
		return ui.UseReference, nil
	}
	if s.Setup.Task() == setup.Move && kind == s.Setup.Saved.KeptIn {
		s.Setup.Notice = "The token stays in " + connector.StorageName(kind) + "."
		return ui.Back, nil
	}
	for _, storage := range s.Setup.Storages {
		if storage.Kind != kind {
			continue
		}
		if kind == connector.StorageFile && storage.State != connector.StorageReady {
			s.Setup.Unlocking = storage.State
			return ui.NeedsUnlock, nil
		}
		s.trying, s.trouble = kind, nil
		return ui.None, tea.Batch(s.spin.Tick, testStorage(s.begin(tryLimit), s.Deps.Service(), kind, s.Request))
	}
	return ui.None, nil
}

func (s *storageScreen) tried(msg triedMsg) (ui.Event, tea.Cmd) {
	s.trying = ""
	if msg.err != nil {
		s.trouble = msg.err
		return ui.None, nil
	}
	s.Setup.Draft.SetStorage(msg.kind, true)
	if s.Setup.Task() == setup.Move {
		return ui.Answered, nil
	}
	ev := ui.StorageChosen
	if s.Setup.SaveError != nil { // it could not be saved elsewhere
		ev = ui.Answered
	}
	s.Session.Settings.KeepIn = msg.kind
	return ev, rememberSettings(s.Deps.Service(), connector.Settings{KeepIn: msg.kind})
}

func (s *storageScreen) View() (string, int) {
	var b strings.Builder
	w := s.Theme.Width
	if !s.probed {
		return s.Theme.Accent.Render(s.spin.View()) + " Looking for storages on this computer " + s.Theme.Ellipsis(), -1
	}
	if s.trouble != nil {
		t := connector.Explain(s.trouble)
		b.WriteString(widget.WithMark(s.Theme.Bad.Render(s.Theme.Marks.Bad), t.Title+". "+t.Why, w) + "\n\n")
	}
	for _, storage := range s.Setup.Storages {
		if !storage.Usable() {
			b.WriteString(widget.WithMark(s.Theme.Warn.Render(s.Theme.Marks.Warn), storageComplaint(storage), w) + "\n\n")
		}
	}
	if s.menu.Count() == 0 {
		return b.String() + widget.Wrap("No storage works here, so nothing can be saved. You can still check a connection.", w), -1
	}
	b.WriteString(widget.Wrap("Anyone with the token has the account's access, so it's stored encrypted.", w) + "\n\n")
	focus := s.menu.AddTo(&b)
	if s.trying != "" {
		b.WriteString("\n\n" + widget.WithMark(s.Theme.Accent.Render(s.spin.View()), "Trying "+connector.StorageName(s.trying)+": writing, reading back, deleting "+s.Theme.Ellipsis(), w))
		if s.trying == connector.StorageKeyring {
			b.WriteString("\n" + s.Theme.Faint.Render(widget.Wrap("Your desktop may be asking for the keyring's password.", w)))
		}
	}
	return b.String(), focus
}

// storageComplaint says why a storage can't be used, and what would help.
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

// huhStorage is a storage that can be chosen.
type huhStorage = huh.Option[connector.StorageKind]

// triedMsg is the answer of testStorage.
type triedMsg struct {
	Request ui.RequestID
	kind    connector.StorageKind
	err     error
}

// testStorage tests by a round trip that a storage keeps what it is given.
func testStorage(ctx context.Context, service setup.Service, kind connector.StorageKind, t ui.RequestID) tea.Cmd {
	return func() tea.Msg { return triedMsg{t, kind, service.TestStorage(ctx, kind)} }
}
