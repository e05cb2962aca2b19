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

// guide prints the walkthrough: the words of each step, without its picture.
func (r *run) guide(product connector.Product) {
	p, steps := r.out, connector.Walkthrough(product)
	p.line("How to make an API token for " + connector.ProductTitle(product))
	p.blank()
	p.para(0, "You need the Global Admin or Account Admin role in SaaSAssure, and an Atlassian account with admin permission.")
	for i, s := range steps {
		number := itoa(i+1) + "."
		p.blank()
		p.hang(4, number+strings.Repeat(" ", 4-len(number)), s.Title)
		for _, words := range s.Words {
			p.para(4, words)
		}
		if s.Note != "" {
			p.hang(6, "    "+p.mark(connector.Attention)+" ", s.Note)
		}
		if s.Link != "" && (i == 0 || s.Link != steps[i-1].Link) {
			p.line("    " + s.Link)
		}
	}
	p.blank()
	p.line("Then: saasconnect add " + string(product) + " --site SITE --email E-MAIL --token-stdin")
}
