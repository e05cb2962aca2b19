package cli

import (
	"context"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) removeCommand() *cobra.Command {
	var yes, asJSON bool
	var role string
	c := &cobra.Command{
		Use:               "remove NAME",
		Aliases:           []string{"rm"},
		Short:             "Remove a connector and its token from this machine",
		Long:              "Remove a connector and the copy of its token kept here. The token itself still\nworks at Atlassian until it is revoked there.",
		Example:           "  saasconnect remove acme-jira\n  saasconnect remove acme-jira --yes",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.remove(cmd.Context(), args[0], role, yes, asJSON)
		},
	}
	c.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask whether you are sure")
	c.Flags().BoolVar(&asJSON, "json", false, "print what was removed as JSON")
	c.Flags().StringVar(&role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	return c
}

func (r *run) remove(ctx context.Context, name, role string, yes, asJSON bool) error {
	e, _, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	if _, err := r.roleFor(ctx, role, "remove connectors", e.Product, "remove the connector "+e.Name); err != nil {
		return err
	}
	if !yes {
		person := r.person()
		if person == nil {
			return wouldAsk("say --yes", "removing %s has to be confirmed, and %s", e.Name, r.noPerson())
		}
		sure, err := person.yes(ctx, "Remove "+e.Name+" ("+connector.ProductTitle(e.Product)+" on "+e.Site.Host()+") and its token from this machine?")
		if err != nil {
			return asked(ctx, err)
		}
		if !sure {
			return usage("", "nothing was removed")
		}
	}
	left, err := r.world.Service().Remove(ctx, e.ID)
	if err != nil {
		return storageFailure(ctx, err)
	}
	exit, leftIn := exitOK, connector.StorageKind("")
	if left != nil {
		exit, leftIn = exitStorage, left.Kind
	}
	if asJSON {
		r.answer(struct {
			Version int                   `json:"version"`
			Removed connectorJSON         `json:"removed"`
			Revoke  string                `json:"revoke_at"`         // the token works at Atlassian until it is revoked there
			LeftIn  connector.StorageKind `json:"left_in,omitempty"` // where its token could not be deleted
			Left    string                `json:"left,omitempty"`    // why
		}{1, entryJSON(e, r.world.Now()), connector.TokenPageOf(e.Site), leftIn, connector.Capitalize(connector.LeftWords(left))})
		return ended(exit)
	}
	r.out.line("Removed " + e.Name + ".")
	if left != nil {
		r.out.para(0, "Its token was not deleted: "+connector.LeftWords(left))
	}
	if e.KeptIn == connector.StorageReference {
		r.out.para(0, "Its token is still where it is read from"+e.Reference.Words()+".")
	}
	r.out.para(0, "Its token still works at Atlassian until you revoke it there:")
	r.out.line(connector.TokenPageOf(e.Site))
	return ended(exit)
}
