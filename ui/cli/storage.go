package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Where a token is stored: decided and tested before the check, so that a verified token can be
// stored. A storage that was named is used or refused, never replaced by a weaker one.

// decideStorage returns the storage for a token, tested and unlocked. flag is --keep-in.
func (r *run) decideStorage(ctx context.Context, flag connector.StorageKind) (connector.StorageKind, error) {
	w, err := r.open(ctx)
	if err != nil {
		return "", err
	}
	storages, err := w.Store.Storages(ctx)
	if err != nil {
		return "", storageFailure(ctx, err)
	}
	kind, err := r.chooseStorage(ctx, storages, flag)
	if err != nil {
		return "", err
	}
	return kind, r.tryStorage(ctx, kind, setup.Known{Storages: storages}.Storage(kind), otherStorages)
}

// chooseStorage is the storage that a flag names, else the usual one, else the one that is chosen.
func (r *run) chooseStorage(ctx context.Context, storages []connector.StorageStatus, flag connector.StorageKind) (connector.StorageKind, error) {
	if flag != "" {
		return flag, nil
	}
	settings, err := r.deps.Store.Settings(ctx)
	if err != nil {
		return "", storageFailure(ctx, err)
	}
	k := setup.Known{Storages: storages, KeyFile: r.deps.KeyFile}
	if kind := k.UsualStorage(settings.KeepIn); kind != "" {
		return kind, nil
	}
	return r.askStorageKind(ctx, storages, k.Storage(connector.StorageKeyring))
}

// askStorageKind asks where to store the token, where the keyring is not ready. The choice is noted
// in r.chosen.
func (r *run) askStorageKind(ctx context.Context, storages []connector.StorageStatus, keyring connector.StorageStatus) (connector.StorageKind, error) {
	usable := slices.DeleteFunc(slices.Clone(storages), func(s connector.StorageStatus) bool {
		return !s.Usable() || s.Kind == connector.StorageReference
	})
	if r.prompter() == nil || len(usable) == 0 {
		return "", notReady(keyring, otherStorages)
	}
	titles := make([]string, 0, len(usable)+1)
	for _, s := range usable {
		titles = append(titles, choiceWords(s))
	}
	titles = append(titles, "don't store it: stop here, before anything is sent")
	n, err := r.prompter().choose(ctx, "The system keyring is not ready"+inParentheses(keyring.Detail)+". Where should the token be stored?", titles)
	switch {
	case err != nil:
		return "", promptFailure(ctx, err)
	case n == len(usable):
		return "", notReady(keyring, otherStorages)
	}
	r.chosenStorage = usable[n].Kind
	return r.chosenStorage, nil
}

// otherStorages are the alternatives for commands that choose where a token is stored.
const otherStorages = "without a keyring: --keep-in file with SAASCONNECT_KEY_FILE, or --keep-in reference with --token-env, --token-command or --token-file"

// notReady is a keyring that can't be used, unattended: exit 4, with what makes it ready and
// the other ways out, "" for none.
func notReady(s connector.StorageStatus, ways string) *failure {
	hint := connector.Inside(s.Remedy)
	if hint != "" && ways != "" {
		hint += "; "
	}
	return &failure{exit: exitStorage, code: "storage",
		message: "the token can't be stored: the system keyring is not ready" + inParentheses(s.Detail), hint: hint + ways}
}

func inParentheses(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + strings.TrimSuffix(connector.Inside(detail), ".") + ")"
}

// choiceWords is a storage as a choice.
func choiceWords(s connector.StorageStatus) string {
	words := connector.StorageName(s.Kind)
	switch s.State {
	case connector.StorageLocked:
		words += ", which is locked"
	case connector.StorageNew:
		words += ", with a passphrase you choose"
	case connector.StorageReady, connector.StorageAbsent, connector.StorageUnresponsive, connector.StorageBroken:
	}
	return words
}

// tryStorage unlocks the storage where needed and tests it by a round trip. A keyring that can't be
// used is not tested: what the test stores could not be deleted. ways are for the hint. A storage that
// was chosen when asked is remembered.
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
	err := r.awaitDone(ctx, func(ctx context.Context) error { return r.deps.Service().TestStorage(ctx, kind) })
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
	if kind == r.chosenStorage { // what a flag or a variable says is that run's alone
		if err := r.deps.Service().Settings(ctx, connector.Settings{KeepIn: kind}); err != nil {
			r.warn("Your choice could not be saved: " + connector.Explain(err).Title + ".")
		}
	}
	return nil
}

// unlock opens the encrypted file, once a run. Where it is new the passphrase is asked
// for twice, and the file is created with it.
func (r *run) unlock(ctx context.Context, status connector.StorageStatus) error {
	if r.unlocked || (status.State != connector.StorageLocked && status.State != connector.StorageNew) {
		return nil
	}
	if r.stdio.getenv("SAASCONNECT_KEY_FILE") != "" {
		return nil // the store reads it, and says what is wrong with it
	}
	prompt := r.prompter()
	if prompt == nil {
		return wouldAsk("set SAASCONNECT_KEY_FILE to a file that unlocks it", "the passphrase of the encrypted file is needed; %s", r.noPrompt())
	}
	service := r.deps.Service()
	ask, open := askPassphrase, service.Unlock
	if status.State == connector.StorageNew {
		ask, open = chooseNewPassphrase, service.CreateEncryptedFile
	}
	for range tries {
		passphrase, err := ask(ctx, prompt)
		if err != nil {
			return promptFailure(ctx, err)
		}
		err = r.awaitDone(ctx, func(ctx context.Context) error { return open(ctx, passphrase) })
		var storage *connector.StorageError
		switch {
		case err == nil:
			r.unlocked = true
			return nil
		case !errors.As(err, &storage) || storage.Why != connector.StorageWhyWrongPassphrase:
			return storageFailure(ctx, err)
		}
		r.err.line("Wrong passphrase for the encrypted file.")
	}
	return &failure{exit: exitStorage, code: "storage", message: "the encrypted file is still locked", hint: "run it again with the correct passphrase"}
}

func askPassphrase(ctx context.Context, prompt *prompter) (string, error) {
	for range tries {
		text, err := prompt.secret(ctx, "Passphrase of the encrypted file:")
		if err != nil || text != "" {
			return text, err
		}
		prompt.complain("Type the passphrase.")
	}
	return "", errTooManyTries
}

func chooseNewPassphrase(ctx context.Context, prompt *prompter) (string, error) {
	return askNewPassphrase(ctx, prompt, "Choose a passphrase for the encrypted file:")
}

// askNewPassphrase asks for it twice.
func askNewPassphrase(ctx context.Context, prompt *prompter, question string) (string, error) {
	for range tries {
		first, err := prompt.secret(ctx, question)
		if err != nil {
			return "", err
		}
		if words := connector.PassphraseProblem(first); words != "" {
			prompt.complain(words)
			continue
		}
		second, err := prompt.secret(ctx, "Repeat passphrase:")
		if err != nil || first == second {
			return first, err
		}
		prompt.complain("The passphrases don't match. Try again.")
	}
	return "", errTooManyTries
}
