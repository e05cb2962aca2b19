package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Where a token is kept: decided and proven before the check, so that no one gets a proven
// token that then can't be kept. What a person named is used or refused, never exchanged
// for something weaker.

// decideStorage returns the storage to keep a token in, tested and unlocked. flag is --keep-in.
func (r *run) decideStorage(ctx context.Context, flag connector.StorageKind) (connector.StorageKind, error) {
	w, err := r.open(ctx)
	if err != nil {
		return "", err
	}
	safes, err := w.Store.Storages(ctx)
	if err != nil {
		return "", storageFailure(ctx, err)
	}
	kind, err := r.chooseStorage(ctx, safes, flag)
	if err != nil {
		return "", err
	}
	return kind, r.tryStorage(ctx, kind, setup.Known{Storages: safes}.Storage(kind), otherPlaces)
}

// chooseStorage is the storage that a flag names, else the usual one, else what the person chooses.
func (r *run) chooseStorage(ctx context.Context, safes []connector.StorageStatus, flag connector.StorageKind) (connector.StorageKind, error) {
	if flag != "" {
		return flag, nil
	}
	settings, err := r.world.Store.Settings(ctx)
	if err != nil {
		return "", storageFailure(ctx, err)
	}
	k := setup.Known{Storages: safes, KeyFile: r.world.KeyFile}
	if kind := k.UsualStorage(settings.KeepIn); kind != "" {
		return kind, nil
	}
	return r.askStorageKind(ctx, safes, k.Storage(connector.StorageKeyring))
}

// askStorageKind has the person choose where the token goes, where the keyring is not ready. A
// choice is noted in r.chosen.
func (r *run) askStorageKind(ctx context.Context, safes []connector.StorageStatus, keyring connector.StorageStatus) (connector.StorageKind, error) {
	usable := slices.DeleteFunc(slices.Clone(safes), func(s connector.StorageStatus) bool {
		return !s.Usable() || s.Kind == connector.StorageReference
	})
	if r.prompter() == nil || len(usable) == 0 {
		return "", notReady(keyring, otherPlaces)
	}
	titles := make([]string, 0, len(usable)+1)
	for _, s := range usable {
		titles = append(titles, choiceWords(s))
	}
	titles = append(titles, "nowhere: stop here, before anything is sent")
	n, err := r.prompter().choose(ctx, "The system keyring is not ready"+because(keyring.Detail)+". Where should the token be kept?", titles)
	switch {
	case err != nil:
		return "", asked(ctx, err)
	case n == len(usable):
		return "", notReady(keyring, otherPlaces)
	}
	r.chosen = usable[n].Kind
	return r.chosen, nil
}

// otherPlaces are the ways out for commands that choose where a token is kept.
const otherPlaces = "without a keyring: --keep-in file with SAASCONNECT_KEY_FILE, or --keep-in reference with --token-env, --token-command or --token-file"

// notReady is a keyring that can't be used, unattended: exit 4, with what makes it ready and
// the other ways out, "" for none.
func notReady(s connector.StorageStatus, ways string) *failure {
	hint := connector.Inside(s.Remedy)
	if hint != "" && ways != "" {
		hint += "; "
	}
	return &failure{exit: exitStorage, code: "storage",
		message: "the token can't be kept: the system keyring is not ready" + because(s.Detail), hint: hint + ways}
}

func because(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + strings.TrimSuffix(connector.Inside(detail), ".") + ")"
}

// choiceWords is a safe as a choice.
func choiceWords(s connector.StorageStatus) string {
	words := connector.StorageName(s.Kind)
	switch s.State {
	case connector.StorageLocked:
		words += ", which is locked"
	case connector.StorageNew:
		words += ", with a passphrase of your own"
	case connector.StorageReady, connector.StorageAbsent, connector.StorageUnresponsive, connector.StorageBroken:
	}
	return words
}

// tryStorage unlocks the safe where it needs it and tries it by a round trip. A keyring that can't
// be used is not tried: what is noted for the try could not be tidied up. ways are for the hint.
// One that the person chose is remembered then.
func (r *run) tryStorage(ctx context.Context, kind connector.StorageKind, status connector.StorageStatus, ways string) error {
	if kind == connector.StorageFile {
		if err := r.unlock(ctx, status); err != nil {
			return err
		}
	}
	isLocked := status.State == connector.StorageLocked
	if kind == connector.StorageKeyring && (!status.Usable() || isLocked && r.prompter() == nil) {
		return notReady(status, ways)
	}
	if kind == connector.StorageKeyring && isLocked {
		r.note("The keyring is locked: your desktop may be asking for its password. Ctrl+C gives up.")
	}
	err := r.world.Service().TestStorage(ctx, kind)
	var storage *connector.StorageError
	if errors.As(err, &storage) && storage.Kind == connector.StorageKeyring {
		f := storageFailure(ctx, err)
		if status.State != connector.StorageReady {
			f = notReady(status, ways)
			f.err = err
		}
		return f
	}
	if err != nil {
		return storageFailure(ctx, err)
	}
	if kind == r.chosen { // what a flag or a variable says is that run's alone
		if err := r.world.Service().Settings(ctx, connector.Settings{KeepIn: kind}); err != nil {
			r.warn("Your choice could not be remembered: " + connector.Explain(err).Title + ".")
		}
	}
	return nil
}

// unlock opens the encrypted file, once a run. Where it is new the passphrase is asked
// for twice, and the file is created with it.
func (r *run) unlock(ctx context.Context, status connector.StorageStatus) error {
	if r.opened || (status.State != connector.StorageLocked && status.State != connector.StorageNew) {
		return nil
	}
	if r.stdio.getenv("SAASCONNECT_KEY_FILE") != "" {
		return nil // the store reads it, and says what is wrong with it
	}
	person := r.prompter()
	if person == nil {
		return wouldAsk("set SAASCONNECT_KEY_FILE to a file that unlocks it", "the encrypted file needs its passphrase, and %s", r.noPerson())
	}
	service := r.world.Service()
	ask, door := askPassphrase, service.Unlock
	if status.State == connector.StorageNew {
		ask, door = chooseNewPassphrase, service.CreateEncryptedFile
	}
	for range tries {
		passphrase, err := ask(ctx, person)
		if err != nil {
			return asked(ctx, err)
		}
		err = door(ctx, passphrase)
		var storage *connector.StorageError
		switch {
		case err == nil:
			r.opened = true
			return nil
		case !errors.As(err, &storage) || storage.Why != connector.StorageWhyWrongPassphrase:
			return storageFailure(ctx, err)
		}
		r.err.line("That passphrase does not open the encrypted file.")
	}
	return &failure{exit: exitStorage, code: "storage", message: "the encrypted file stays locked", hint: "run it again with the right passphrase"}
}

func askPassphrase(ctx context.Context, person *prompter) (string, error) {
	return person.secret(ctx, "Passphrase of the encrypted file:")
}

func chooseNewPassphrase(ctx context.Context, person *prompter) (string, error) {
	return askNewPassphrase(ctx, person, "Choose a passphrase for the encrypted file:")
}

// askNewPassphrase asks for it twice.
func askNewPassphrase(ctx context.Context, person *prompter, question string) (string, error) {
	for range tries {
		first, err := person.secret(ctx, question)
		if err != nil {
			return "", err
		}
		if words := connector.PassphraseProblem(first); words != "" {
			_, _ = person.to.Write([]byte(words + "\n"))
			continue
		}
		second, err := person.secret(ctx, "The same once more:")
		if err != nil || first == second {
			return first, err
		}
		_, _ = person.to.Write([]byte("The two are not the same.\n"))
	}
	return "", errTooManyTries
}
