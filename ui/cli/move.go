package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
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
	e, _, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	kind := connector.SafeKind(strings.ToLower(strings.TrimSpace(to)))
	if kind != connector.SafeKeyring && kind != connector.SafeFile {
		return input([]problem{{"to", orNearest(quoted(to)+" is no safe a token can be moved to: keyring or file", to, "keyring", "file")}})
	}
	if _, err := r.roleFor(ctx, role, "move tokens", e.Product, "move the token of "+e.Name); err != nil {
		return err
	}
	if kind == e.KeptIn {
		return r.tellMoved(e.Connector, "It is in "+connector.SafeName(kind)+" already: nothing was moved.", asJSON)
	}
	for _, safe := range []connector.SafeKind{e.KeptIn, kind} { // whence and whither
		if safe == connector.SafeFile || safe == kind {
			if err := r.unlockKept(ctx, safe); err != nil {
				return err
			}
		}
	}
	after := e.Connector
	after.KeptIn, after.Reference = kind, nil
	now, err := r.world.Store.Edit(ctx, e.Connector, after)
	if err != nil {
		return storage(ctx, err)
	}
	words := "The token of " + now.Name + " was moved from " + e.Where() + " to " + now.Where() + ", and read back there."
	if e.KeptIn == connector.SafeReference {
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
