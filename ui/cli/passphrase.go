package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

func (r *run) passphraseCommand() *cobra.Command {
	var newFile string
	c := &cobra.Command{
		Use:   "change-passphrase",
		Short: "Change the passphrase of the encrypted file",
		Long: "Change the passphrase that opens the encrypted file. No token is touched: only what\n" +
			"opens them is sealed anew, in one step. It is asked for, and not shown. Unattended, the\n" +
			"old one is read from the file that SAASCONNECT_KEY_FILE names, the new one from\n" +
			"--new-key-file. A copy of the old file, as in a backup, is still opened by the old one.",
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
	safes, err := w.Store.Storages(ctx)
	if err != nil {
		return storageFailure(ctx, err)
	}
	state := setup.Known{Storages: safes}.Storage(connector.StorageFile).State
	if state == connector.StorageNew || state == connector.StorageAbsent {
		return noEncryptedFile()
	}
	old, err := r.secretOr(ctx, r.stdio.getenv("SAASCONNECT_KEY_FILE"), func(p *prompter) (string, error) {
		return p.secret(ctx, "Present passphrase of the encrypted file:")
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
	err = w.Service().ChangePassphrase(ctx, old, replacement)
	var storage *connector.StorageError
	var file *connector.StoreError
	switch {
	case errors.As(err, &file) && file.Why == connector.StoreChanged:
		return &failure{exit: exitStorage, code: "storage", message: "another saasconnect changed the passphrase meanwhile", hint: "nothing was changed now: run it again with the one that is right by now", err: err}
	case errors.As(err, &storage) && storage.Why == connector.StorageWhyNew:
		return noEncryptedFile()
	case errors.As(err, &storage) && storage.Why == connector.StorageWhyWrongPassphrase:
		return &failure{exit: exitStorage, code: "storage", message: "that passphrase does not open the encrypted file", hint: "nothing was changed: run it again with the right one", err: err}
	case err != nil:
		return storageFailure(ctx, err)
	}
	r.out.paragraph(0, "The passphrase is changed. Copies of the old file, as in a backup, are still opened by the old one.")
	return nil
}

func noEncryptedFile() *failure {
	return usage("saasconnect add --keep-in file makes one", "there is no encrypted file yet, so there is no passphrase to change")
}

// secretOr reads a secret line from a file, or asks for it.
func (r *run) secretOr(ctx context.Context, file string, ask func(*prompter) (string, error)) (string, error) {
	if file == "" {
		person := r.prompter()
		if person == nil {
			return "", wouldAsk("set SAASCONNECT_KEY_FILE and say --new-key-file", "a passphrase would have to be typed, and %s", r.noPerson())
		}
		text, err := ask(person)
		return text, asked(ctx, err)
	}
	data, err := r.system.Fetch(ctx, connector.Reference{File: file})
	if err != nil {
		return "", input([]problem{{"key file", connector.FetchProblem(err)}})
	}
	key := connector.ReadKey(data)
	if key == "" {
		return "", input([]problem{{"key file", quoted(file) + " holds no key"}})
	}
	return key, nil
}
