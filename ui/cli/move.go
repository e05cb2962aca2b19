package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

func (r *run) moveCommand() *cobra.Command {
	var to, role string
	var asJSON bool
	c := &cobra.Command{
		Use:   "move-token NAME --to keyring|file",
		Short: "Move a connector's token to another safe",
		Long: "Move a saved token to the system keyring or to the encrypted file. The new place is\n" +
			"tried first; the token is written there and read back before the old copy goes.",
		Example: "  saasconnect move-token acme-jira --to keyring\n" +
			"  saasconnect move-token acme-jira --to file --json",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.move(cmd.Context(), args[0], to, role, asJSON)
		},
	}
	c.Flags().StringVar(&to, "to", "", "the `SAFE` it goes to: keyring or file")
	c.Flags().StringVar(&role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	c.Flags().BoolVar(&asJSON, "json", false, "print the connector as JSON")
	return c
}

func (r *run) move(ctx context.Context, name, to, role string, asJSON bool) error {
	e, entries, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	kind := connector.StorageKind(strings.ToLower(strings.TrimSpace(to)))
	if kind != connector.StorageKeyring && kind != connector.StorageFile {
		return input([]problem{{"to", orNearest(quoted(to)+" is no safe a token can be moved to: keyring or file", to, "keyring", "file")}})
	}
	t := r.newTask(setup.For(setup.Move, e), entries, answerFlags{role: role, may: "move tokens", need: "move the token of " + e.Name})
	if err := r.askRole(ctx, t); err != nil {
		return err
	}
	if kind == e.KeptIn {
		return r.tellMoved(e.Connector, "It is in "+connector.StorageName(kind)+" already: nothing was moved.", asJSON)
	}
	t.draft.SetStorage(kind, false)
	if _, err := r.finish(ctx, t); err != nil {
		return err
	}
	now := t.saved.First
	words := "The token of " + now.Name + " was moved from " + e.Where() + " to " + now.Where() + ", and read back there."
	if e.KeptIn == connector.StorageReference {
		words = "The token of " + now.Name + " was copied to " + now.Where() + " and read back there. It is still where it was read from, too."
	}
	return r.tellMoved(now, words, asJSON)
}

func (r *run) tellMoved(c connector.Connector, words string, asJSON bool) error {
	if asJSON {
		r.answer(struct {
			Version   int           `json:"version"`
			Connector connectorJSON `json:"connector"`
		}{1, entryJSON(connector.Entry{Connector: c}, r.world.Now())})
		return nil
	}
	r.out.para(0, words)
	return nil
}
