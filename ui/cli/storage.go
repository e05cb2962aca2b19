package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

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
		prompt.complain("The passphrases don't match. Enter it again.")
	}
	return "", errTooManyTries
}

// Moving tokens to another storage: it is tested first, and each token is read back there before the
// old copy is deleted.

// moveFlags are what move-token takes.
type moveFlags struct {
	to, role  string
	all, json bool
}

func (r *run) moveCommand() *cobra.Command {
	var f moveFlags
	c := &cobra.Command{
		Use:   "move-token NAME… --to keyring|file",
		Short: "Move connectors' tokens to another storage",
		Long: "Move stored tokens to the system keyring or the encrypted file. The new storage is\n" +
			"tested first; each token is written there and read back before the old copy is deleted.\n" +
			"If one of several tokens can't be moved, the others still are; the exit code is the\n" +
			"worst one.",
		Example: "  saasconnect move-token acme-jira --to keyring\n" +
			"  saasconnect move-token acme-jira --to file --json\n" +
			"  saasconnect move-token 'acme-*' --to file\n" +
			"  saasconnect move-token --all --to file --json",
		Args:              namesOrAll(&f.all),
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if isOne(args) {
				return r.move(cmd.Context(), args[0], f.to, f.role, f.json)
			}
			return r.moveSeveral(cmd.Context(), args, f)
		},
	}
	fs := c.Flags()
	fs.StringVar(&f.to, "to", "", "the new `STORAGE`: keyring or file")
	fs.BoolVar(&f.all, "all", false, "move every stored token")
	registerRole(fs, &f.role)
	fs.BoolVar(&f.json, "json", false, "print the connector, or the results for several, as JSON")
	return c
}

// storageTo is the storage that --to names.
func storageTo(to string) (connector.StorageKind, error) {
	kind := connector.StorageKind(strings.ToLower(strings.TrimSpace(to)))
	if kind != connector.StorageKeyring && kind != connector.StorageFile {
		return "", input([]problem{{"to", orNearest(quoted(to)+" is not a storage: use keyring or file", to, "keyring", "file")}})
	}
	return kind, nil
}

func (r *run) move(ctx context.Context, name, to, role string, asJSON bool) error {
	e, entries, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	kind, err := storageTo(to)
	if err != nil {
		return err
	}
	t := r.newTask(setup.For(setup.Move, e), entries, answerFlags{role: role, may: "move tokens", need: "move the token of " + e.Name})
	if err := r.askRole(ctx, t); err != nil {
		return err
	}
	if kind == e.KeptIn {
		return r.showMoved(e.Connector, alreadyIn(kind), asJSON)
	}
	t.draft.SetStorage(kind, false)
	if _, err := r.finish(ctx, t); err != nil {
		return err
	}
	return r.showMoved(t.saved.First, movedWords(e.Connector, t.saved.First), asJSON)
}

func alreadyIn(kind connector.StorageKind) string {
	return "It is already in " + connector.StorageName(kind) + ": nothing was moved."
}

func movedWords(before, now connector.Connector) string {
	if before.KeptIn == connector.StorageReference {
		return "The token of " + now.Name + " was copied to " + now.Where() + " and read back there. It is also still in its external source."
	}
	return "The token of " + now.Name + " was moved from " + before.Where() + " to " + now.Where() + " and read back there."
}

// moveSeveral moves the tokens of names and globs, or all of them. The storage is tried once, before
// the first of them.
func (r *run) moveSeveral(ctx context.Context, args []string, f moveFlags) error {
	entries, all, err := r.findSeveral(ctx, args)
	if err != nil {
		return err
	}
	kind, err := storageTo(f.to)
	if err != nil {
		return err
	}
	role, noun := connector.RoleUnknown, "tokens"
	if len(entries) == 1 {
		noun = "token"
	}
	if len(entries) > 0 {
		if role, err = r.roleFor(ctx, f.role, "move tokens", entries[0].Product, "move the "+noun+" of "+connector.And(names(entries))); err != nil {
			return err
		}
	}
	known := setup.Known{Now: r.deps.Now(), Entries: all, KeyFile: r.deps.KeyFile, Role: role}
	elsewhere := slices.DeleteFunc(slices.Clone(entries), func(e connector.Entry) bool { return e.KeptIn == kind })
	if len(elsewhere) > 0 {
		if known.Storages, err = r.deps.Store.Storages(ctx); err != nil {
			return storageFailure(ctx, err)
		}
		if err := r.tryStorage(ctx, kind, known.Storage(kind), ""); err != nil {
			return err
		}
		if err := r.unlockFor(ctx, elsewhere); err != nil {
			return err
		}
	}
	var out outcomes[changeJSON]
	for _, e := range entries {
		if out.interrupted = ctx.Err() != nil; out.interrupted {
			break
		}
		now, err := r.moveOne(ctx, e, kind, known)
		if err != nil {
			out.results = append(out.results, changeJSON{Name: e.Name, Error: out.fail(ctx, e.Name, err)})
			continue
		}
		as := entryJSON(connector.Entry{Connector: now}, r.deps.Now())
		out.results = append(out.results, changeJSON{Name: e.Name, Changed: e.KeptIn != kind, Connector: &as})
		switch {
		case f.json:
		case e.KeptIn == kind:
			r.out.paragraph(0, e.Name+": "+connector.Inside(alreadyIn(kind)))
		default:
			r.out.paragraph(0, movedWords(e.Connector, now))
		}
	}
	out.print(r, f.json)
	return out.end()
}

// moveOne moves a token to a storage that was tried.
func (r *run) moveOne(ctx context.Context, e connector.Entry, kind connector.StorageKind, known setup.Known) (connector.Connector, error) {
	if e.KeptIn == kind {
		return e.Connector, nil
	}
	t := &task{draft: setup.For(setup.Move, e), known: known, storagesFound: true}
	if r.unlocked {
		t.noteUnlocked()
	}
	t.draft.SetStorage(kind, true)
	if _, err := r.finish(ctx, t); err != nil {
		return connector.Connector{}, err
	}
	return t.saved.First, nil
}

func (r *run) showMoved(c connector.Connector, words string, asJSON bool) error {
	if asJSON {
		r.printJSON(struct {
			Version   int           `json:"version"`
			Connector connectorJSON `json:"connector"`
		}{1, entryJSON(connector.Entry{Connector: c}, r.deps.Now())})
		return nil
	}
	r.out.paragraph(0, words)
	return nil
}

// Changing the passphrase of the encrypted file: only what encrypts its key changes, not the tokens.

func (r *run) passphraseCommand() *cobra.Command {
	var newFile string
	c := &cobra.Command{
		Use:   "change-passphrase",
		Short: "Change the passphrase of the encrypted file",
		Long: "Change the passphrase of the encrypted file. Only the key is encrypted again, in one\n" +
			"step; the tokens don't change. You are asked for both passphrases, with hidden input.\n" +
			"Unattended, the old one is read from the file in SAASCONNECT_KEY_FILE, the new one\n" +
			"from --new-key-file. Old copies, for example in a backup, still open with the old\n" +
			"passphrase.",
		Example: "  saasconnect change-passphrase\n" +
			"  saasconnect change-passphrase --new-key-file new.key",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return r.changePassphrase(cmd.Context(), newFile)
		},
	}
	c.Flags().StringVar(&newFile, "new-key-file", "", "read the new passphrase, or an age identity, from this `FILE`")
	return c
}

func (r *run) changePassphrase(ctx context.Context, newFile string) error {
	w, err := r.open(ctx)
	if err != nil {
		return err
	}
	storages, err := w.Store.Storages(ctx)
	if err != nil {
		return storageFailure(ctx, err)
	}
	state := setup.Known{Storages: storages}.Storage(connector.StorageFile).State
	if state == connector.StorageNew || state == connector.StorageAbsent {
		return noEncryptedFile()
	}
	old, err := r.secretOr(ctx, r.stdio.getenv("SAASCONNECT_KEY_FILE"), func(p *prompter) (string, error) {
		return p.secret(ctx, "Current passphrase of the encrypted file:")
	})
	if err != nil {
		return err
	}
	replacement, err := r.secretOr(ctx, newFile, func(p *prompter) (string, error) {
		return askNewPassphrase(ctx, p, "New passphrase:")
	})
	if err != nil {
		return err
	}
	if words := connector.KeyProblem(replacement); newFile != "" && words != "" { // what was typed is right
		return input([]problem{{"new-key-file", quoted(newFile) + " " + words}})
	}
	err = r.awaitDone(ctx, func(ctx context.Context) error { return w.Service().ChangePassphrase(ctx, old, replacement) })
	var storage *connector.StorageError
	var file *connector.StoreError
	switch {
	case errors.As(err, &file) && file.Why == connector.StoreChanged:
		return &failure{exit: exitStorage, code: "storage", message: "another saasconnect changed the passphrase in the meantime", hint: "nothing was changed: run it again with the current passphrase", err: err}
	case errors.As(err, &storage) && storage.Why == connector.StorageWhyNew:
		return noEncryptedFile()
	case errors.As(err, &storage) && storage.Why == connector.StorageWhyWrongPassphrase:
		return &failure{exit: exitStorage, code: "storage", message: "wrong passphrase for the encrypted file", hint: "nothing was changed: run it again with the correct one", err: err}
	case err != nil:
		return storageFailure(ctx, err)
	}
	r.out.paragraph(0, "The passphrase is changed. Old copies of the file, for example in a backup, still open with the old one.")
	return nil
}

func noEncryptedFile() *failure {
	return usage("saasconnect add --keep-in file creates one", "there is no encrypted file yet, so there is no passphrase to change")
}

// secretOr reads a secret line from a file, or asks for it.
func (r *run) secretOr(ctx context.Context, file string, ask func(*prompter) (string, error)) (string, error) {
	if file == "" {
		prompt := r.prompter()
		if prompt == nil {
			return "", wouldAsk("set SAASCONNECT_KEY_FILE and use --new-key-file", "a passphrase has to be typed; %s", r.noPrompt())
		}
		text, err := ask(prompt)
		return text, promptFailure(ctx, err)
	}
	data, err := r.system.Fetch(ctx, connector.Reference{File: file})
	if err != nil {
		return "", input([]problem{{"key file", connector.FetchProblem(err)}})
	}
	key := connector.ReadKey(data)
	if key == "" {
		return "", input([]problem{{"key file", quoted(file) + " contains no key"}})
	}
	return key, nil
}
