package wizard

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
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// unlockScreen asks for the encrypted file's passphrase, once a run; for a new file it
// is chosen here, and typed twice. It is masked like a token.
type unlockScreen struct {
	ui.Base
	keys      widget.KeyMap
	spin      spinner.Model
	fields    *widget.Inputs
	first     string // of a new passphrase
	repeat    bool
	complaint string
	working   bool
	cancel    context.CancelFunc
}

func newUnlock(on ui.Base) ui.Screen {
	u := &unlockScreen{Base: on, keys: widget.NewKeys(), spin: widget.NewSpinner(on.Theme)}
	u.ask()
	return u
}

// ask lays out an empty field. huh keeps a value that is cleared behind its back, so
// emptying means making it again.
func (u *unlockScreen) ask() {
	title := "Passphrase"
	if u.repeat {
		title = "Repeat"
	}
	u.fields = widget.NewInputs(u.Theme, widget.InputField{Title: title, Masked: true})
	u.fields.Changed = func(int) { u.complaint = "" }
}

func (u *unlockScreen) fresh() bool { return u.Setup.Unlocking == connector.StorageNew }

// choosing: it is about where a token is to be stored, and not about reading one.
func (u *unlockScreen) choosing() bool {
	switch s := u.Setup; s.Task() {
	case setup.Add:
		return !s.IsSaved() && s.Product() != ""
	case setup.Replace, setup.Move:
		return true
	case setup.Edit:
	}
	return false
}

func (u *unlockScreen) Title() (string, string) {
	if u.fresh() {
		return "A passphrase for the encrypted file", ui.StepsLine(u.Theme, 2)
	}
	return "Unlock the encrypted file", ui.StepsLine(u.Theme, 2)
}

func (u *unlockScreen) Help() string {
	if u.fresh() {
		return "The file is encrypted with this passphrase. You type it once each time the program runs, or set SAASCONNECT_KEY_FILE to a file that holds it, for scheduled checks. There is no recovery: if it is lost, create new tokens."
	}
	return "The passphrase you chose when the file was created. You type it once each time the program runs. For scheduled checks set SAASCONNECT_KEY_FILE to a file that holds it. There is no recovery: if it is lost, create new tokens and add the connectors again."
}

func (u *unlockScreen) Typing() bool { return true }

func (u *unlockScreen) Init() tea.Cmd { return u.fields.Init() }

func (u *unlockScreen) Leave() {
	if u.cancel != nil {
		u.cancel()
	}
}

func (u *unlockScreen) Keys() []key.Binding {
	if u.working {
		return []key.Binding{widget.Named(u.keys.Esc, "give up")}
	}
	if !u.choosing() {
		return []key.Binding{widget.Named(u.keys.Enter, "continue"), u.keys.Esc}
	}
	return []key.Binding{widget.Named(u.keys.Enter, "continue"), widget.Named(u.keys.Storage, "another storage"), u.keys.Esc}
}

// unlockLimit bounds one try: the passphrase is made expensive to guess on purpose,
// which costs about a second on a fast machine.
const unlockLimit = 60 * time.Second

// unlockedMsg is the answer of unlock.
type unlockedMsg struct {
	Request ui.RequestID
	err     error
}

// unlock goes through one of the store's two doors: Unlock, or CreateEncryptedFile.
func unlock(ctx context.Context, door func(context.Context, string) error, passphrase string, t ui.RequestID) tea.Cmd {
	return func() tea.Msg { return unlockedMsg{t, door(ctx, passphrase)} }
}

func (u *unlockScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		var cmd tea.Cmd
		u.spin, cmd = u.spin.Update(msg)
		return ui.None, cmd
	case unlockedMsg:
		if msg.Request != u.Request {
			return ui.None, nil
		}
		return u.answered(msg.err)
	case tea.KeyPressMsg:
		switch {
		case u.working:
			return ui.None, nil
		case key.Matches(msg, u.keys.Storage) && u.choosing():
			return ui.OtherStorage, nil
		case key.Matches(msg, u.keys.Enter):
			return ui.None, u.submit()
		}
	}
	if u.working {
		return ui.None, nil
	}
	if widget.ChangesText(msg) {
		u.complaint = ""
	}
	return ui.None, u.fields.Update(msg)
}

// submit takes what was typed to the storage, or complains.
func (u *unlockScreen) submit() tea.Cmd {
	typed := strings.TrimRight(u.fields.Value(0), "\r\n")
	u.complaint = ""
	switch {
	case typed == "":
		u.complaint = "Enter the passphrase."
		return nil
	case u.fresh() && !u.repeat && connector.PassphraseProblem(typed) != "":
		u.complaint = connector.PassphraseProblem(typed) + " Enter it again."
		u.ask()
		return u.fields.Init()
	case u.fresh() && !u.repeat:
		u.first, u.repeat = typed, true
		u.ask()
		return u.fields.Init()
	case u.fresh() && typed != u.first:
		u.complaint = "The passphrases don't match. Enter it again."
		u.first, u.repeat = "", false
		u.ask()
		return u.fields.Init()
	}
	u.working = true
	ctx, cancel := context.WithTimeout(context.Background(), unlockLimit)
	u.cancel = cancel
	door := u.Deps.Service().Unlock
	if u.fresh() {
		door = u.Deps.Service().CreateEncryptedFile
	}
	return tea.Batch(u.spin.Tick, unlock(ctx, door, typed, u.Request))
}

func (u *unlockScreen) answered(err error) (ui.Event, tea.Cmd) {
	u.working = false
	if err != nil {
		var storage *connector.StorageError
		t := connector.Explain(err)
		u.complaint = t.Title + ". " + t.Remedy + "."
		if errors.As(err, &storage) && storage.Why == connector.StorageWhyWrongPassphrase {
			u.complaint = "Wrong passphrase. Try again."
		}
		switch { // another saasconnect made or moved it meanwhile
		case storage != nil && storage.Why == connector.StorageWhyNew:
			u.Setup.Unlocking = connector.StorageNew
		case storage != nil && storage.Why == connector.StorageWhyExists:
			u.Setup.Unlocking = connector.StorageLocked
		}
		u.first, u.repeat = "", false
		u.ask()
		return ui.None, u.fields.Init()
	}
	u.Session.FileUnlocked = true
	for i := range u.Setup.Storages {
		if s := &u.Setup.Storages[i]; s.Kind == connector.StorageFile {
			s.State = connector.StorageReady
		}
	}
	if kind := u.Setup.Storage(); u.choosing() && (u.Setup.Task() != setup.Move || kind == "") {
		u.Setup.Draft.SetStorage(connector.StorageFile, false) // the form still tests it by a round trip
	}
	var remember tea.Cmd
	if !u.Setup.IsSaved() && u.Setup.Product() != "" { // it was chosen for a new token, not only opened
		u.Session.Settings.KeepIn = connector.StorageFile
		remember = rememberSettings(u.Deps.Service(), connector.Settings{KeepIn: connector.StorageFile})
	}
	return ui.Done, remember
}

func (u *unlockScreen) View() (string, int) {
	var b strings.Builder
	w := u.Theme.Width
	if u.fresh() {
		b.WriteString(widget.Wrap("This passphrase encrypts your tokens. You enter it once each time the program runs. There is no recovery.", w) + "\n\n")
	} else {
		b.WriteString(widget.Wrap("Tokens on this computer are stored in a file encrypted with your passphrase.", w) + "\n\n")
		if u.Deps.Practice != nil {
			b.WriteString(u.Theme.Faint.Render(widget.Wrap("To practice: any passphrase unlocks it.", w)) + "\n\n")
		}
	}
	at := strings.Count(b.String(), "\n")
	b.WriteString(u.fields.View(0) + "\n")
	if u.complaint != "" {
		b.WriteString("\n" + widget.WithMark(u.Theme.Bad.Render(u.Theme.Marks.Bad), u.complaint, w) + "\n")
	}
	if u.working {
		b.WriteString("\n" + u.Theme.Accent.Render(u.spin.View()) + " Unlocking the file " + u.Theme.Ellipsis())
	}
	return b.String(), at
}
