package cli

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// draft is what was typed about a connection, and what it parsed to.
type draft struct {
	product, site, email   string
	account, name, expires string

	origin  atlassian.Site
	address string
	lastDay connector.Date
}

// register adds the flags that add and an unsaved check share.
func (d *draft) register(f *pflag.FlagSet) {
	f.StringVar(&d.site, "site", "", "the Atlassian `SITE`, in any form: acme, acme.atlassian.net, a link to a board")
	f.StringVar(&d.email, "email", "", "the `E-MAIL` of the Atlassian account that made the token")
}

// any reports whether any of it was given.
func (d *draft) any() bool {
	return d.product != "" || d.site != "" || d.email != "" || d.expires != ""
}

// lacks reports whether something is missing that a person could be asked for.
func (d *draft) lacks(noToken bool) bool {
	return noToken || d.product == "" || d.site == "" || d.email == ""
}

// parsedProduct is the product, "" where none was named.
func (d *draft) parsedProduct() connector.Product {
	p := connector.Product(strings.ToLower(strings.TrimSpace(d.product)))
	if p == connector.Jira || p == connector.Confluence {
		return p
	}
	return ""
}

func products() []string { return []string{string(connector.Jira), string(connector.Confluence)} }

// read parses what was typed, and returns all that is wrong with it.
func (d *draft) read(today connector.Date) []problem {
	var problems []problem
	wrong := func(field, words string) { problems = append(problems, problem{field, words}) }
	switch {
	case d.product == "":
		wrong("product", "there is none: jira or confluence")
	case d.parsedProduct() == "":
		wrong("product", orNearest(quoted(d.product)+" is not one: jira or confluence", d.product, products()...))
	}
	for _, p := range d.connection() {
		wrong(p.Field, p.Message)
	}
	if words := connector.NameProblem(d.name); d.name != "" && words != "" {
		wrong("name", words)
	}
	if words := connector.AccountProblem(d.account); words != "" {
		wrong("account", words)
	}
	if d.expires != "" {
		var err error
		if d.lastDay, err = connector.ParseExpiry(d.expires, today, today); err != nil {
			wrong("expires", err.Error())
		}
	}
	return problems
}

// connector is the connector that is meant, once there are no problems.
func (d *draft) connector(now time.Time) connector.Connector {
	return connector.Connector{
		Name: d.name, Product: d.parsedProduct(), Site: d.origin, Email: d.address, Account: d.account,
		Expires: d.lastDay, TokenSince: now,
	}
}

// connection parses site and e-mail, and complains about them in package connector's words.
func (d *draft) connection() []problem {
	var problems []problem
	if words := connector.SiteProblem(d.site); words != "" {
		problems = append(problems, problem{"site", words})
	} else {
		d.origin, _, _ = atlassian.ParseSite(d.site) // SiteProblem has said that it parses
	}
	if words := connector.EmailProblem(d.email); words != "" {
		problems = append(problems, problem{"email", words})
	} else {
		d.address, _ = atlassian.CheckEmail(d.email)
	}
	return problems
}

// tokenWarnings are what is odd about a token that can be tried all the same.
func tokenWarnings(r atlassian.Receipt) []string {
	words, doubt := connector.ReceiptWords(r)
	if !doubt && len(r.Trimmed) == 0 {
		return nil
	}
	return []string{"the token: " + words}
}
