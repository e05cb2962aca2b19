package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Where a task's token is stored, in line mode: the choice, its test, the passphrase of the
// encrypted file, and the places outside.

// look looks at this computer's storages, once a run.
func (m *lineMode) look(ctx context.Context) {
	if m.storages != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lineLoadLimit)
	defer cancel()
	found, err := m.world().Store.Storages(ctx)
	if err != nil {
		m.trouble(err)
	}
	m.storages = append([]connector.StorageStatus{}, found...)
}

// settleStorage asks all that is open about where the token goes, and says where it will be.
func (m *lineMode) settleStorage(ctx context.Context, t *lineTask) error {
	asked := false
	for m.role.MaySave() {
		k := m.known()
		q, open := setup.NextStorage(t.d, k)
		if !open {
			break
		}
		asked = true
		if err := m.question(ctx, t, k, q); err != nil {
			return err
		}
	}
	if kind, _ := t.d.Storage(); asked && kind != connector.StorageReference {
		m.say("Stored in: " + connector.StorageName(kind) + ", tested just now. :storage chooses another one")
	}
	return nil
}

// pick has the person pick another storage.
func (t *lineTask) pick() {
	t.picks = true
	t.d.SetStorage("", false)
}

// chooseStorage takes the usual storage; where there is none, or another one is wanted, it asks.
func (m *lineMode) chooseStorage(ctx context.Context, t *lineTask) error {
	settings, _ := m.world().Store.Settings(ctx) // without it nothing is remembered
	if kind := m.known().UsualStorage(settings.KeepIn); kind != "" && !t.picks && t.d.Task() == setup.Add {
		t.picks = true // should it not work
		t.d.SetStorage(kind, false)
		return nil
	}
	m.title("Where to store the token", "The system keyring is what your desktop keeps passwords in. The encrypted file works on computers without one: it is encrypted with a passphrase that you type once a run, or with the file that SAASCONNECT_KEY_FILE names. Tokens are never stored as plain text.")
	m.say("Anyone with the token has the account's access, so it's stored encrypted.")
	var options []lineOption
	for _, s := range m.storages {
		switch {
		case !s.Usable():
			m.say(strings.TrimSuffix("Note: "+connector.Capitalize(connector.StorageName(s.Kind))+": "+s.Detail+". "+s.Remedy, ". "))
		case t.d.Task() == setup.Move && s.Kind == t.d.Saved().KeptIn:
		default:
			options = append(options, lineOption{connector.Capitalize(choiceWords(s)), func(ctx context.Context) error {
				t.d.SetStorage(s.Kind, false)
				if t.d.Task() == setup.Add {
					m.remember(ctx, connector.Settings{KeepIn: s.Kind})
				}
				return nil
			}})
		}
	}
	if m.world().Fetch != nil && t.d.Task() != setup.Move {
		options = append(options, lineOption{"Don't store it: read it from a variable, command or file", func(ctx context.Context) error { return m.askReference(ctx, t) }})
	}
	options = append(options, lineOption{"Look again", func(ctx context.Context) error { m.storages = nil; m.look(ctx); return nil }})
	return m.menu(ctx, options)
}

// testStorage tests by a round trip whether the storage keeps a token.
func (m *lineMode) testStorage(ctx context.Context, t *lineTask) error {
	kind, _ := t.d.Storage()
	if kind == connector.StorageKeyring && m.known().Storage(kind).State == connector.StorageLocked {
		m.say("The keyring is locked: your desktop may be asking for its password. Ctrl+C gives up.")
	}
	restore := m.quiet()
	m.say("Waiting: Testing " + connector.StorageName(kind) + " …")
	var err error
	if lost := m.change(ctx, func(ctx context.Context) { err = m.service().TestStorage(ctx, kind) }); lost != nil {
		err = lost
	}
	restore()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		t.d.SetStorage(kind, true)
		return nil
	}
	m.trouble(err)
	options := []lineOption{{"Try again", lineGoOn}}
	if t.d.Task() != setup.Edit {
		options = append(options, lineOption{"Choose another storage", func(context.Context) error { t.pick(); return nil }})
	}
	return m.menu(ctx, append(options, lineLeave()))
}

// passphrase opens the encrypted file, or creates it. b leads to another storage where the task
// can take one.
func (m *lineMode) passphrase(ctx context.Context, t *lineTask, create bool) error {
	err := m.openFile(ctx, create)
	if kind, _ := t.d.Storage(); errors.Is(err, errLineBack) && t.d.Task() == setup.Add && kind == connector.StorageFile {
		t.pick()
		return nil
	}
	return err
}

// openFile asks for the passphrase of the encrypted file until it opens, or for a new one twice.
func (m *lineMode) openFile(ctx context.Context, create bool) error {
	door := m.service().Unlock
	if create {
		m.title("A passphrase for the encrypted file", "")
		m.say("This passphrase encrypts your tokens. It is asked for once each time the program runs. There is no recovery.")
		door = m.service().CreateEncryptedFile
	} else {
		m.title("Unlock the encrypted file", "")
		m.say("Tokens on this computer are stored in a file that is encrypted with your passphrase.")
	}
	for {
		typed, err := m.askPassphrase(ctx, create)
		if err != nil {
			return err
		}
		restore := m.quiet()
		m.say("Waiting: Opening the file …")
		lost := m.change(ctx, func(ctx context.Context) { err = door(ctx, typed) })
		restore()
		if lost != nil {
			return lost
		}
		var storage *connector.StorageError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			m.note(connector.StorageFile, connector.StorageReady)
			return nil
		case errors.As(err, &storage) && storage.Why == connector.StorageWhyNew: // another saasconnect moved it meanwhile
			m.note(connector.StorageFile, connector.StorageNew)
		case errors.As(err, &storage) && storage.Why == connector.StorageWhyExists:
			m.note(connector.StorageFile, connector.StorageLocked)
		default:
			m.trouble(err)
			continue
		}
		m.trouble(err)
		return nil
	}
}

// note takes down a storage's state as it is now.
func (m *lineMode) note(kind connector.StorageKind, state connector.StorageState) {
	for i := range m.storages {
		if m.storages[i].Kind == kind {
			m.storages[i].State = state
		}
	}
}

// askPassphrase asks for a passphrase, a new one twice.
func (m *lineMode) askPassphrase(ctx context.Context, create bool) (string, error) {
	ask := func(question string) (string, error) {
		typed, err := m.ask.secret(ctx, question)
		switch {
		case err != nil:
		case typed == ":back":
			err = errLineBack
		case typed == ":quit":
			err = errLineQuit
		}
		return typed, err
	}
	for {
		typed, err := ask("Passphrase")
		switch {
		case err != nil:
			return "", err
		case create && connector.PassphraseProblem(typed) != "":
			m.say("Problem: " + connector.PassphraseProblem(typed))
			continue
		case typed == "":
			m.say("Problem: Type the passphrase.")
			continue
		case !create:
			return typed, nil
		}
		again, err := ask("Repeat passphrase")
		if err != nil || again == typed {
			return typed, err
		}
		m.say("Problem: The passphrases don't match. Try again.")
	}
}

// unlockFor asks for the passphrase where one of the tokens is in the encrypted file. Who goes
// back goes on without them: the check says that they are locked.
func (m *lineMode) unlockFor(ctx context.Context, entries []connector.Entry) error {
	if !slices.ContainsFunc(entries, func(e connector.Entry) bool { return e.KeptIn == connector.StorageFile }) {
		return nil
	}
	m.look(ctx)
	if k := m.known(); k.KeyFile || k.Storage(connector.StorageFile).State != connector.StorageLocked {
		return nil
	}
	if err := m.openFile(ctx, false); !errors.Is(err, errLineBack) {
		return err
	}
	return nil
}

// askReference asks where a token is read each time, and reads it there once.
func (m *lineMode) askReference(ctx context.Context, t *lineTask) error {
	m.title("A token that is stored elsewhere", "A command is run without a shell, and what it prints is the token.")
	m.say("The token stays where it is. Only the place is saved here, and it is read each time it is needed.")
	n, err := m.choose(ctx, "An environment variable", "A command, such as a password manager's", "A file, such as a mounted secret")
	if err != nil {
		return err
	}
	source := []connector.Source{connector.SourceEnv, connector.SourceCommand, connector.SourceFile}[n]
	question := []string{"Variable (ACME_TOKEN):", "Command (op read op://it/acme/token):", "File (/run/secrets/acme):"}[n]
	for {
		text, err := m.line(ctx, question)
		switch {
		case err != nil:
			return err
		case text == ":back":
			return errLineBack
		case text == ":quit":
			return errLineQuit
		}
		ref, words := connector.ParseReference(source, text)
		if words != "" {
			m.say("Problem: " + words)
			continue
		}
		data, err := m.world().Fetch(ctx, *ref)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		token, receipt := atlassian.ReadToken(string(data))
		switch {
		case err != nil:
			m.say("Problem: " + connector.Capitalize(connector.FetchProblem(err)) + ".")
		case connector.TokenProblem(receipt) != "":
			m.say("Problem: What was read there can't be the token: " + connector.Inside(connector.TokenProblem(receipt)))
		default:
			t.d.SetReference(ref, token, receipt, m.now())
			t.d.SetStorage(connector.StorageReference, true)
			m.say("OK: The token is read from" + strings.TrimPrefix(ref.Words(), ":"))
			return nil
		}
	}
}
