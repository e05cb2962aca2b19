package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// unlockScreen asks for the encrypted file's passphrase, once a run; for a new file it
// is chosen here, and typed twice. It is masked like a token.
type unlockScreen struct {
	stage
	keys      keyMap
	spin      spinner.Model
	fields    *inputs
	first     string // of a new passphrase
	repeat    bool
	complaint string
	working   bool
	cancel    context.CancelFunc
}

func newUnlock(on stage) screen {
	u := &unlockScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look)}
	u.ask()
	return u
}

// ask lays out an empty field. huh keeps a value that is cleared behind its back, so
// emptying means making it anew.
func (u *unlockScreen) ask() {
	title := "Passphrase"
	if u.repeat {
		title = "Once more"
	}
	u.fields = newInputs(u.look, inputSpec{title: title, masked: true})
	u.fields.changed = func(int) { u.complaint = "" }
}

func (u *unlockScreen) fresh() bool { return u.setup.Unlocking == connector.StorageNew }

// choosing: it is about where a token is to be stored, and not about reading one.
func (u *unlockScreen) choosing() bool {
	switch s := u.setup; s.task() {
	case setup.Add:
		return !s.isSaved() && s.product() != ""
	case setup.Replace, setup.Move:
		return true
	case setup.Edit:
	}
	return false
}

func (u *unlockScreen) Title() (string, string) {
	if u.fresh() {
		return "A passphrase for the encrypted file", whereabouts(u.look, 2)
	}
	return "Unlock the encrypted file", whereabouts(u.look, 2)
}

func (u *unlockScreen) Help() string {
	if u.fresh() {
		return "The file is encrypted with this passphrase. You type it once each time the program runs, or set SAASCONNECT_KEY_FILE to a file that holds it, for scheduled checks. There is no recovery: who loses it creates new tokens."
	}
	return "The passphrase that was chosen when the file was created; it is asked for once each time the program runs. For scheduled checks set SAASCONNECT_KEY_FILE to a file that holds it. There is no recovery: if it is lost, create new tokens and add the connectors again."
}

func (u *unlockScreen) Typing() bool { return true }

func (u *unlockScreen) Init() tea.Cmd { return u.fields.init() }

func (u *unlockScreen) Leave() {
	if u.cancel != nil {
		u.cancel()
	}
}

func (u *unlockScreen) Keys() []key.Binding {
	if u.working {
		return []key.Binding{named(u.keys.esc, "give up")}
	}
	if !u.choosing() {
		return []key.Binding{named(u.keys.enter, "continue"), u.keys.esc}
	}
	return []key.Binding{named(u.keys.enter, "continue"), named(u.keys.safe, "another safe"), u.keys.esc}
}

// unlockLimit bounds one try: the passphrase is made expensive to guess on purpose,
// which costs about a second on a fast machine.
const unlockLimit = 60 * time.Second

// unlockedMsg is the answer of unlock.
type unlockedMsg struct {
	ticket ticket
	err    error
}

// unlock goes through one of the store's two doors: Unlock, or CreateEncryptedFile.
func unlock(ctx context.Context, door func(context.Context, string) error, passphrase string, t ticket) tea.Cmd {
	return func() tea.Msg { return unlockedMsg{t, door(ctx, passphrase)} }
}

func (u *unlockScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		u.spin, cmd = u.spin.Update(msg)
		return still, cmd
	case unlockedMsg:
		if msg.ticket != u.ticket {
			return still, nil
		}
		return u.answered(msg.err)
	case tea.KeyPressMsg:
		switch {
		case u.working:
			return still, nil
		case key.Matches(msg, u.keys.safe) && u.choosing():
			return otherStorage, nil
		case key.Matches(msg, u.keys.enter):
			return still, u.submit()
		}
	}
	if u.working {
		return still, nil
	}
	if changesText(msg) {
		u.complaint = ""
	}
	return still, u.fields.update(msg)
}

// submit takes what was typed to the safe, or complains.
func (u *unlockScreen) submit() tea.Cmd {
	typed := strings.TrimRight(u.fields.value(0), "\r\n")
	u.complaint = ""
	switch {
	case typed == "":
		u.complaint = "Type the passphrase."
		return nil
	case u.fresh() && !u.repeat && connector.PassphraseProblem(typed) != "":
		u.complaint = connector.PassphraseProblem(typed)
		return nil
	case u.fresh() && !u.repeat:
		u.first, u.repeat = typed, true
		u.ask()
		return u.fields.init()
	case u.fresh() && typed != u.first:
		u.complaint = "The two are not the same. Begin again."
		u.first, u.repeat = "", false
		u.ask()
		return u.fields.init()
	}
	u.working = true
	ctx, cancel := context.WithTimeout(context.Background(), unlockLimit)
	u.cancel = cancel
	door := u.world.Service().Unlock
	if u.fresh() {
		door = u.world.Service().CreateEncryptedFile
	}
	return tea.Batch(u.spin.Tick, unlock(ctx, door, typed, u.ticket))
}

func (u *unlockScreen) answered(err error) (event, tea.Cmd) {
	u.working = false
	if err != nil {
		var storage *connector.StorageError
		t := connector.TroubleOf(err)
		u.complaint = t.Title + ". " + t.Remedy + "."
		if errors.As(err, &storage) && storage.Why == connector.StorageWhyWrongPassphrase {
			u.complaint = "That passphrase does not open the file. Type it again."
		}
		switch { // another saasconnect made or moved it meanwhile
		case storage != nil && storage.Why == connector.StorageWhyNew:
			u.setup.Unlocking = connector.StorageNew
		case storage != nil && storage.Why == connector.StorageWhyExists:
			u.setup.Unlocking = connector.StorageLocked
		}
		u.first, u.repeat = "", false
		u.ask()
		return still, u.fields.init()
	}
	u.session.opened = true
	for i := range u.setup.Storages {
		if s := &u.setup.Storages[i]; s.Kind == connector.StorageFile {
			s.State = connector.StorageReady
		}
	}
	if kind := u.setup.storage(); u.choosing() && (u.setup.task() != setup.Move || kind == "") {
		u.setup.Draft.SetStorage(connector.StorageFile, false) // the form still tests it by a round trip
	}
	var remember tea.Cmd
	if !u.setup.isSaved() && u.setup.product() != "" { // it was chosen for a new token, not only opened
		u.session.settings.KeepIn = connector.StorageFile
		remember = rememberSettings(u.world.Service(), connector.Settings{KeepIn: connector.StorageFile})
	}
	return done, remember
}

func (u *unlockScreen) View() (string, int) {
	var b strings.Builder
	w := u.look.width
	if u.fresh() {
		b.WriteString(wrap("This passphrase seals the file in which tokens are kept. It is asked once each time the program runs. Nobody can restore it.", w) + "\n\n")
	} else {
		b.WriteString(wrap("Tokens on this machine are kept in a file sealed with your passphrase.", w) + "\n\n")
	}
	at := strings.Count(b.String(), "\n")
	b.WriteString(u.fields.view(0) + "\n")
	if u.complaint != "" {
		b.WriteString("\n" + hang(u.look.bad.Render(u.look.mark.bad), u.complaint, w) + "\n")
	}
	if u.working {
		b.WriteString("\n" + u.look.accent.Render(u.spin.View()) + " Opening the file " + u.look.ellipsis())
	}
	return b.String(), at
}
