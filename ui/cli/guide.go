package cli

import (
	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) guideCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "guide [jira|confluence]",
		Short:             "Print how to make an API token, step by step",
		Example:           "  saasconnect guide\n  saasconnect guide confluence",
		Args:              atMostOne("a product: jira or confluence"),
		ValidArgsFunction: completeProducts,
		RunE: func(_ *cobra.Command, args []string) error {
			product := connector.Jira
			if len(args) == 1 {
				d := draft{product: args[0]}
				if product = d.parsedProduct(); product == "" {
					return usage("", "%s is not a product: jira or confluence", quoted(args[0]))
				}
			}
			r.guide(product)
			return nil
		},
	}
}
