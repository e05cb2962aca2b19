package cli

import (
	"saasconnect/atlassian"
)

// PENDING: wired to connector's words when they land.

func (d *draft) connection() []problem {
	var out []problem
	var err error
	if d.origin, _, err = atlassian.ParseSite(d.site); err != nil {
		out = append(out, problem{"site", err.Error()})
	}
	d.address = d.email
	return out
}

func wrongToken(r atlassian.Receipt) string        { return string(r.Wrong) }
func tokenWarnings(r atlassian.Receipt) []string   { return r.Trimmed }
func kindOf(t atlassian.Token) atlassian.TokenKind { return "" }
