package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// What flags say about a connector. What can be wrong with it setup.Problems says, except where
// a typed product is nearly one of the two.

// registerConnection adds the flags of add about the connection.
func registerConnection(fs *pflag.FlagSet, f *setup.Facts) {
	fs.StringVar(&f.Site, "site", "", "the Atlassian `SITE`, in any form: acme, acme.atlassian.net, a link to a board")
	fs.StringVar(&f.Email, "email", "", "the `E-MAIL` of the Atlassian account that made the token")
}

func products() []string { return []string{string(connector.Jira), string(connector.Confluence)} }

// productNamed is the product of a name in any case of letters; "" where there is none.
func productNamed(name string) connector.Product {
	p := connector.Product(strings.ToLower(strings.TrimSpace(name)))
	if p == connector.Jira || p == connector.Confluence {
		return p
	}
	return ""
}

// readFacts are the facts with the product that was meant, and why it is none.
func readFacts(f setup.Facts) (setup.Facts, []problem) {
	typed := string(f.Product)
	f.Product = productNamed(typed)
	if typed == "" || f.Product != "" {
		return f, nil
	}
	return f, []problem{{string(setup.FieldProduct), noProduct(typed)}}
}

// noProduct says that a text is no product.
func noProduct(typed string) string {
	return orNearest(quoted(typed)+" is not one: jira or confluence", typed, products()...)
}

// tokenWarnings are what is odd about a token that can be tried all the same.
func tokenWarnings(r atlassian.Receipt) []string {
	words, doubt := connector.ReceiptWords(r)
	if !doubt && len(r.Trimmed) == 0 {
		return nil
	}
	return []string{"the token: " + words}
}
