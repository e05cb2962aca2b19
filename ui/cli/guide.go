package cli

import (
	"strings"

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
				if product = productNamed(args[0]); product == "" {
					return usage(didYouMean(args[0], "saasconnect guide ", "", products()...), "%s is not a product: jira or confluence", quoted(args[0]))
				}
			}
			r.guide(product)
			return nil
		},
	}
}

// guide prints the walkthrough, wrapped so that what goes on stands under what began.
func (r *run) guide(product connector.Product) {
	for line := range strings.Lines(connector.GuideText(product)) {
		line = strings.TrimRight(line, "\n")
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text)
		switch {
		case text == "":
			r.out.blank()
		case indent == 0 && text[0] >= '0' && text[0] <= '9':
			r.out.marked(3, "", text)
		default:
			r.out.paragraph(indent, text)
		}
	}
	r.out.blank()
	r.out.paragraph(0, "Then: saasconnect add "+string(product)+" --site SITE --email E-MAIL --token-stdin --role global-admin")
}
