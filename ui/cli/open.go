package cli

import (
	"context"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) openCommand() *cobra.Command {
	var printed bool
	c := &cobra.Command{
		Use:   "open NAME",
		Short: "Open a connector's site in the browser",
		Long: "Open a connector's site in the browser. Where none can be opened, as over SSH, its\n" +
			"address is printed.",
		Example:           "  saasconnect open acme-jira\n  saasconnect open acme-confluence --print",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.openSite(cmd.Context(), args[0], printed)
		},
	}
	c.Flags().BoolVar(&printed, "print", false, "print the address and open nothing")
	return c
}

func (r *run) openSite(ctx context.Context, name string, printed bool) error {
	e, _, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	page := pageOf(e.Connector)
	if printed || r.world.Browse == nil {
		r.lines([]string{page})
		return nil
	}
	if err := r.world.Browse(ctx, page); err != nil {
		r.warn("no browser could be opened")
		r.lines([]string{page})
		return nil
	}
	r.note("opened " + page)
	return nil
}

// pageOf is where a person finds the connector's product.
func pageOf(c connector.Connector) string {
	if c.Product == connector.Confluence {
		return c.Site.Origin() + "/wiki"
	}
	return c.Site.Origin()
}
