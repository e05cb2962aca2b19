package cli

import (
	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The offline complaints about a connection's fields, in package connector's words.

// connection parses site and e-mail.
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
