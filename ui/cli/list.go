package cli

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) listCommand() *cobra.Command {
	var asJSON, ics bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the saved connectors",
		Long:    "List the saved connectors with their last verdict. No token is read, and neither\nthe network nor the keyring is touched. --ics prints a calendar of the tokens' last\ndays, with reminders a month and a week before each.",
		Example: "  saasconnect list\n  saasconnect list --json\n  saasconnect list --ics > tokens.ics",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && ics {
				return usage("", "choose one of --json and --ics")
			}
			return r.list(cmd.Context(), asJSON, ics)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	c.Flags().BoolVar(&ics, "ics", false, "print a calendar of the tokens' last days (iCalendar)")
	return c
}

type listJSON struct {
	Version    int             `json:"version"`
	Connectors []connectorJSON `json:"connectors"`
}

// connectorJSON is a saved connector for scripts.
type connectorJSON struct {
	ID        string                `json:"id"`
	Name      string                `json:"name"`
	Product   connector.Product     `json:"product"`
	Site      string                `json:"site"`
	Email     string                `json:"email"`
	Account   string                `json:"account"`
	KeptIn    connector.StorageKind `json:"kept_in"`
	Expires   *string               `json:"expires"`
	ExpiresBy *string               `json:"expires_by"`
	DaysLeft  *int                  `json:"days_left"`
	Added     stampJSON             `json:"added"`
	Edited    *stampJSON            `json:"edited"`   // null where nobody did
	Replaced  *stampJSON            `json:"replaced"` // its token; likewise
	Last      *lastJSON             `json:"last"`
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
		Added: *stamped(e.Added), Edited: stampedOrNull(e.Edited), Replaced: stampedOrNull(e.Replaced),
	}
	if last := e.Last; last != nil {
		out.Last = &lastJSON{last.Verdict, last.Code, stamp(last.At)}
	}
	return out
}

func stamped(s connector.Stamp) *stampJSON { return &stampJSON{s.By, s.Role, stamp(s.At)} }

func stampedOrNull(s connector.Stamp) *stampJSON {
	if s.At.IsZero() {
		return nil
	}
	return stamped(s)
}

func (r *run) list(ctx context.Context, asJSON, ics bool) error {
	w, entries, err := r.entries(ctx)
	if err != nil {
		return err
	}
	now := w.Now()
	if ics {
		all := make([]connector.Connector, len(entries))
		for i, e := range entries {
			all[i] = e.Connector
		}
		_, _ = io.WriteString(r.answers, connector.Calendar(all, now)) // see written
		return nil
	}
	if asJSON {
		out := listJSON{1, make([]connectorJSON, 0, len(entries))}
		for _, e := range entries {
			out.Connectors = append(out.Connectors, entryJSON(e, now))
		}
		r.answer(out)
		return nil
	}
	if len(entries) == 0 {
		r.out.line("No connectors yet. Add one: saasconnect add")
		return nil
	}
	g := r.out.grid(r.rows(entries, now))
	if r.stdio.OutIsTerminal && g.width() > r.stdio.Width {
		r.listNarrow(entries, now)
		return nil
	}
	r.out.table(g)
	return nil
}

// rows are the table of the entries.
func (r *run) rows(entries []connector.Entry, now time.Time) [][]string {
	today := connector.DateOf(now)
	rows := [][]string{{"NAME", "PRODUCT", "SITE", "ACCOUNT", "LAST CHECK", "TOKEN ENDS", "KEPT IN"}}
	for _, e := range entries {
		rows = append(rows, []string{
			e.Name, connector.ProductTitle(e.Product), e.Site.Host(), e.Account, r.lastWords(e, now), endsWords(e, today), keptIn(e),
		})
	}
	return rows
}

// listNarrow is the same list for a terminal that the table does not fit into.
func (r *run) listNarrow(entries []connector.Entry, now time.Time) {
	for _, e := range entries {
		facts := []string{connector.ProductTitle(e.Product) + " on " + e.Site.Host()}
		if e.Account != "" {
			facts = append(facts, e.Account)
		}
		facts = append(facts, "token ends "+endsWords(e, connector.DateOf(now)), "kept in "+keptIn(e))
		r.out.hang(4, "", e.Name+": "+r.lastWords(e, now))
		r.out.para(4, strings.Join(facts, " · "))
	}
}

// keptIn is where the token is, short enough for a column.
func keptIn(e connector.Entry) string {
	switch ref := e.Reference; {
	case ref == nil:
		return string(e.KeptIn)
	case ref.Env != "":
		return "variable " + cleaned(ref.Env)
	case ref.File != "":
		return "file " + cleaned(ref.File)
	default:
		return "command " + cleaned(ref.Command[0])
	}
}

// endsWords is when the token of a connector ends, with a mark where that is near.
func endsWords(e connector.Entry, today connector.Date) string {
	words := expiryWords(e.Expires, e.ExpiresBy(), today)
	switch e.Ends(today) {
	case connector.EndsSoon:
		return "! " + words
	case connector.EndsAtOnce, connector.EndedByNow:
		return "!! " + words
	case connector.EndsLater:
	}
	return words
}

// lastWords is the last verdict and when, with its mark.
func (r *run) lastWords(e connector.Entry, now time.Time) string {
	last := e.Last
	if last == nil {
		return r.out.mark(connector.Waiting) + " never checked"
	}
	return r.out.mark(last.Verdict) + " " + string(last.Verdict) + ", " + connector.Ago(now.Sub(last.At))
}
