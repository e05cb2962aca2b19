package cli

import (
	"context"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"saasconnect/connector"
)

// listFlags are what list takes.
type listFlags struct {
	only             filter
	json, ics, quiet bool
}

func (r *run) listCommand() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the saved connectors",
		Long: "List the saved connectors by name with the result of their last check; flags narrow the\n" +
			"list. No token is read, and neither the network nor the keyring is accessed.\n" +
			"--ics prints a calendar of the dates on which tokens expire, with reminders a month and\n" +
			"a week before each. 'saasconnect help names' explains globs.\n\n" +
			"On a terminal, the output is a table. Otherwise each connector is one line of\n" +
			"tab-separated fields, without a header and untruncated: name, verdict, code and time of\n" +
			"the last check, product, site, account, expiry date of the token (\"by\" and the latest\n" +
			"possible date if it is not set), storage, and whether the connector is entered in\n" +
			"SaaSAssure (entered, not-entered, enter-again). Unknown fields are empty; the verdict of\n" +
			"a connector that was never checked is never-checked.",
		Example: "  saasconnect list\n" +
			"  saasconnect list --failing --attention\n" +
			"  saasconnect list --unknown --quiet\n" +
			"  saasconnect list --expiring 30d --account 'Acme*'\n" +
			"  saasconnect list --not-entered --quiet\n" +
			"  saasconnect list | cut -f1,2,8\n" +
			"  saasconnect list --json\n" +
			"  saasconnect list --ics > tokens.ics",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			n := 0
			for _, form := range []bool{f.json, f.ics, f.quiet} {
				if form {
					n++
				}
			}
			if n > 1 {
				return usage("", "choose one of --json, --ics and --quiet")
			}
			return r.list(cmd.Context(), f)
		},
	}
	fs := c.Flags()
	f.only.register(fs)
	f.only.registerEntered(fs)
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print only the names, one per line")
	fs.BoolVar(&f.json, "json", false, "print the list as JSON")
	fs.BoolVar(&f.ics, "ics", false, "print a calendar of when the tokens expire (iCalendar)")
	return c
}

type listJSON struct {
	Version    int             `json:"version"`
	Connectors []connectorJSON `json:"connectors"`
}

// connectorJSON is a saved connector for scripts.
type connectorJSON struct {
	ID           string                 `json:"id"`
	Name         string                 `json:"name"`
	Product      connector.Product      `json:"product"`
	Site         string                 `json:"site"`
	Email        string                 `json:"email"`
	Account      string                 `json:"account"`
	KeptIn       connector.StorageKind  `json:"kept_in"`
	Expires      *string                `json:"expires"`
	ExpiresBy    *string                `json:"expires_by"`
	DaysLeft     *int                   `json:"days_left"`
	Added        stampJSON              `json:"added"`
	Edited       *stampJSON             `json:"edited"`   // null where it was not
	Replaced     *stampJSON             `json:"replaced"` // its token; likewise
	Entered      *stampJSON             `json:"entered"`  // in SaaSAssure; likewise
	EnteredState connector.EnteredState `json:"entered_state"`
	Last         *lastJSON              `json:"last"`
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
		Entered: stampedOrNull(e.Entered), EnteredState: e.EnteredState(),
	}
	if last := e.Last; last != nil {
		out.Last = &lastJSON{last.Verdict, last.Code, timestamp(last.At)}
	}
	return out
}

func stamped(s connector.Stamp) *stampJSON { return &stampJSON{s.By, s.Role, timestamp(s.At)} }

func stampedOrNull(s connector.Stamp) *stampJSON {
	if s.At.IsZero() {
		return nil
	}
	return stamped(s)
}

func (r *run) list(ctx context.Context, f listFlags) error {
	w, all, err := r.entries(ctx)
	if err != nil {
		return err
	}
	now := w.Now()
	entries, err := f.only.apply(all, now)
	switch {
	case err != nil:
		return err
	case f.ics:
		_, _ = io.WriteString(r.stdout, connector.Calendar(connectorsOf(entries), now)) // see written
		return nil
	case f.json:
		out := listJSON{1, make([]connectorJSON, 0, len(entries))}
		for _, e := range entries {
			out.Connectors = append(out.Connectors, entryJSON(e, now))
		}
		r.printJSON(out)
		return nil
	case len(all) == 0:
		r.err.line("No connectors yet. Add one: saasconnect add")
	case len(entries) == 0:
		r.err.line("None of the " + connector.Plural(len(all), "connector") + " matches.")
	case f.quiet:
		r.lines(names(entries))
	case !r.stdio.OutIsTerminal:
		r.lines(fieldLines(entries))
	default:
		r.listTable(entries, now)
	}
	return nil
}

// lines writes data as it is, however the locale is.
func (r *run) lines(all []string) {
	_, _ = io.WriteString(r.stdout, strings.Join(all, "\n")+"\n") // see written
}

// fieldLines are the entries for other programs: see the command's help.
func fieldLines(entries []connector.Entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		verdict, code, at := "never-checked", "", ""
		if e.Last != nil {
			verdict, code, at = string(e.Last.Verdict), string(e.Last.Code), timestamp(e.Last.At)
		}
		expires, exact := e.ExpiryDate()
		day := expires.String()
		if !exact && day != "" {
			day = "by " + day
		}
		fields := []string{e.Name, verdict, code, at, string(e.Product), e.Site.Host(), e.Account, day, storedIn(e), string(e.EnteredState())}
		for i := range fields {
			fields[i] = strings.Map(func(c rune) rune {
				if unicode.IsControl(c) {
					return ' '
				}
				return c
			}, fields[i])
		}
		all[i] = strings.Join(fields, "\t")
	}
	return all
}

// The columns of the list on a terminal; the last three are there where they have room.
const (
	columnName = iota
	columnStatus
	columnProduct
	columnExpires
	columnEntered
	columnAccount
	columnSite
	columnStored
)

// listTable is one line for each of the entries, that no terminal has to wrap: it has as many
// columns as fit in full, or else up to five, of which the status is cut. A name is never cut, since it
// is what other commands take: a long one has a line of its own then, above the rest of its columns.
func (r *run) listTable(entries []connector.Entry, now time.Time) {
	width, rows := r.tableWidth(), r.listRows(entries, now)
	if g, fits := r.fullest(rows, width, [][]int{
		{columnName, columnStatus, columnProduct, columnSite, columnAccount, columnExpires, columnStored, columnEntered},
		{columnName, columnStatus, columnProduct, columnSite, columnAccount, columnExpires, columnEntered},
		{columnName, columnStatus, columnProduct, columnAccount, columnExpires, columnEntered},
		{columnName, columnStatus, columnProduct, columnExpires, columnEntered},
	}); fits {
		r.out.table(g)
		return
	}
	above := make([]string, len(rows))
	for i, row := range rows {
		if ansi.StringWidth(row[columnName]) > min(longName, width/2) {
			above[i], row[columnName] = row[columnName], " "
		}
	}
	for _, n := range []int{columnEntered, columnExpires, columnProduct, columnStatus} {
		narrow := selectColumns(rows, []int{columnName, columnStatus, columnProduct, columnExpires, columnEntered}[:n+1])
		g := r.out.grid(narrow)
		room := width - (g.width() - g.widths[columnStatus])
		if room < min(g.widths[columnStatus], leastStatus) && n > columnStatus {
			continue
		}
		for _, row := range narrow {
			row[columnStatus] = ansi.Truncate(row[columnStatus], max(room, 1), r.out.plain("…"))
		}
		g = r.out.grid(narrow)
		g.above = above
		r.out.table(g)
		return
	}
}

// tableWidth is how wide a table may be that the terminal does not have to wrap.
func (r *run) tableWidth() int {
	if r.stdio.Width > 0 {
		return r.stdio.Width
	}
	return r.out.width
}

// fullest is the first of several choices of columns that fits a width in full; false where none does.
func (r *run) fullest(rows [][]string, width int, choices [][]int) (g grid, fits bool) {
	for _, columns := range choices {
		if g = r.out.grid(selectColumns(rows, columns)); g.width() <= width {
			return g, true
		}
	}
	return g, false
}

// longName is how wide a name may be before it gets a line of its own where there is no room, and
// leastStatus what is left of a status before another column is dropped.
const (
	longName    = 30
	leastStatus = 24
)

// selectColumns are some columns of rows.
func selectColumns(rows [][]string, columns []int) [][]string {
	some := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range columns {
			some[i] = append(some[i], row[c])
		}
	}
	return some
}

// listRows are the cells of the entries, as the printer prints them.
func (r *run) listRows(entries []connector.Entry, now time.Time) [][]string {
	today := connector.DateOf(now)
	rows := [][]string{{"NAME", "STATUS", "PRODUCT", "EXPIRES", "SAASASSURE", "ACCOUNT", "SITE", "STORED IN"}}
	for _, e := range entries {
		row := []string{
			e.Name, r.statusWords(e, now), connector.ProductTitle(e.Product), e.ExpiryShort(today), enteredWords(e.Connector), e.Account, e.Site.Host(), storedIn(e),
		}
		for i := range row {
			row[i] = r.out.plain(row[i])
		}
		rows = append(rows, row)
	}
	return rows
}

// enteredWords is since when a connector is entered in SaaSAssure, short enough for a column.
func enteredWords(c connector.Connector) string {
	switch c.EnteredState() {
	case connector.EnteredNow:
		return connector.DateOf(c.Entered.At).Words()
	case connector.EnteredAgain:
		return "enter again"
	case connector.EnteredNot:
	}
	return "not yet"
}

// storedIn is where the token is, short enough for a column.
func storedIn(e connector.Entry) string {
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

// statusWords is what the last check said, with its mark, and how long ago: "✗ refused (401) · 2 h".
func (r *run) statusWords(e connector.Entry, now time.Time) string {
	last := e.Last
	if last == nil {
		return r.out.mark(connector.Waiting) + " " + connector.NotChecked
	}
	return r.out.mark(last.Verdict) + " " + last.Reason() + " · " + connector.ShortAgo(now.Sub(last.At))
}
