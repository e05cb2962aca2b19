package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the saved connectors",
		Long:    "List the saved connectors with their last verdict. No token is read, and neither\nthe network nor the keyring is touched.",
		Example: "  saasconnect list\n  saasconnect list --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return r.list(cmd.Context(), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return c
}

type listJSON struct {
	Version    int             `json:"version"`
	Connectors []connectorJSON `json:"connectors"`
}

// connectorJSON is a saved connector for scripts.
type connectorJSON struct {
	ID        string             `json:"id"`
	Name      string             `json:"name"`
	Product   connector.Product  `json:"product"`
	Site      string             `json:"site"`
	Email     string             `json:"email"`
	Account   string             `json:"account"`
	KeptIn    connector.SafeKind `json:"kept_in"`
	Expires   *string            `json:"expires"`
	ExpiresBy *string            `json:"expires_by"`
	DaysLeft  *int               `json:"days_left"`
	Added     stampJSON          `json:"added"`
	Last      *lastJSON          `json:"last"`
}

type stampJSON struct {
	By   string         `json:"by"`
	Role connector.Role `json:"role"`
	At   string         `json:"at"`
}

type lastJSON struct {
	Verdict connector.Verdict `json:"verdict"`
	Code    connector.Code    `json:"code"`
	At      string            `json:"at"`
}

func entryJSON(e connector.Entry, now time.Time) connectorJSON {
	t := tokenOf(e.Connector, "", now)
	out := connectorJSON{
		ID: e.ID, Name: e.Name, Product: e.Product, Site: e.Site.Origin(), Email: e.Email, Account: e.Account,
		KeptIn: e.KeptIn, Expires: t.Expires, ExpiresBy: t.ExpiresBy, DaysLeft: t.DaysLeft,
		Added: stampJSON{e.Added.By, e.Added.Role, stamp(e.Added.At)},
	}
	if last := e.Last(); last != nil {
		out.Last = &lastJSON{last.Verdict, last.Code, stamp(last.At)}
	}
	return out
}

func (r *run) list(ctx context.Context, asJSON bool) error {
	w, entries, err := r.entries(ctx)
	if err != nil {
		return err
	}
	now := w.Now()
	if asJSON {
		out := listJSON{1, make([]connectorJSON, 0, len(entries))}
		for _, e := range entries {
			out.Connectors = append(out.Connectors, entryJSON(e, now))
		}
		return r.answer(out)
	}
	if len(entries) == 0 {
		r.out.line("No connectors yet. Add one: saasconnect add")
		return nil
	}
	rows := [][]string{{"NAME", "PRODUCT", "SITE", "ACCOUNT", "LAST CHECK", "TOKEN ENDS", "KEPT IN"}}
	for _, e := range entries {
		rows = append(rows, []string{e.Name, connector.ProductTitle(e.Product), e.Site.Host(), e.Account,
			r.lastWords(e, now), expiryWords(e.Expires, e.ExpiresBy(), connector.DateOf(now)), string(e.KeptIn)})
	}
	g := r.out.grid(rows)
	if r.stdio.OutIsTerminal && g.width() > r.stdio.Width {
		r.listNarrow(entries, now)
		return nil
	}
	r.out.table(g)
	return nil
}

// listNarrow is the same list for a terminal that the table does not fit into.
func (r *run) listNarrow(entries []connector.Entry, now time.Time) {
	for _, e := range entries {
		facts := []string{connector.ProductTitle(e.Product) + " on " + e.Site.Host()}
		if e.Account != "" {
			facts = append(facts, e.Account)
		}
		facts = append(facts, "token ends "+expiryWords(e.Expires, e.ExpiresBy(), connector.DateOf(now)), "kept in "+string(e.KeptIn))
		r.out.hang(4, "", e.Name+": "+r.lastWords(e, now))
		r.out.para(4, strings.Join(facts, " · "))
	}
}

// lastWords is the last verdict and when, with its mark.
func (r *run) lastWords(e connector.Entry, now time.Time) string {
	last := e.Last()
	if last == nil {
		return r.out.mark(connector.Waiting) + " never checked"
	}
	return r.out.mark(last.Verdict) + " " + string(last.Verdict) + ", " + ago(last.At, now)
}
