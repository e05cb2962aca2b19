package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

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
