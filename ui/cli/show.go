package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) showCommand() *cobra.Command {
	var asJSON, redacted bool
	c := &cobra.Command{
		Use:               "show NAME",
		Short:             "Show a connector with its last report and history",
		Long:              "Show a connector with its last report and history. --redacted prints a report to paste\ninto a ticket: without the token, and with the email masked.",
		Example:           "  saasconnect show acme-jira\n  saasconnect show acme-jira --redacted\n  saasconnect show acme-jira --json",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && redacted {
				return usage("", "choose one of --json and --redacted")
			}
			return r.showOne(cmd.Context(), args[0], asJSON, redacted)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	c.Flags().BoolVar(&redacted, "redacted", false, "print a report to paste into a ticket")
	return c
}

// oneName takes exactly one name.
func oneName(cmd *cobra.Command, args []string) error {
	hint := "to see the names: saasconnect list"
	if len(args) > 1 {
		hint = "one at a time"
	}
	if len(args) != 1 {
		return usage(hint, "%s needs one connector name", cmd.CommandPath())
	}
	return nil
}

func (r *run) completeOneName(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return r.completeNames(cmd, args, typed)
}

type showJSON struct {
	Version   int           `json:"version"`
	Connector connectorJSON `json:"connector"`
	Last      *result       `json:"last"`
	History   []lastJSON    `json:"history"` // newest first, the last one included
}

func (r *run) showOne(ctx context.Context, name string, asJSON, redacted bool) error {
	e, _, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	now := r.deps.Now()
	switch {
	case asJSON:
		out := showJSON{Version: 1, Connector: entryJSON(e, now), History: []lastJSON{}}
		if len(e.Reports) > 0 {
			res := checked{of: e.Connector, report: e.Reports[0], before: e.Reports[1:]}.asJSON(now)
			out.Last = &res
		}
		for _, h := range e.Reports {
			out.History = append(out.History, lastJSON{h.Verdict, h.Code, timestamp(h.At)})
		}
		r.printJSON(out)
		return nil
	case redacted:
		if len(e.Reports) == 0 {
			r.out.line(e.Name + " was never checked, so there is no report.")
			return nil
		}
		r.out.line(strings.TrimRight(connector.RedactedReport(e.Reports[0]), "\n"))
		return nil
	}
	r.printEntry(e)
	return nil
}

// printEntry shows a connector for people.
func (r *run) printEntry(e connector.Entry) {
	now := r.deps.Now()
	r.out.line(e.Name)
	for _, fact := range entryFacts(e, now) {
		r.out.marked(factWidth, "  "+fact[0]+strings.Repeat(" ", factWidth-2-len(fact[0])), fact[1])
	}
	if len(e.Reports) == 0 {
		r.out.blank()
		r.out.line("Not checked yet. To check it: saasconnect check " + e.Name)
		return
	}
	r.out.blank()
	r.out.line("Last check, " + connector.Ago(now.Sub(e.Reports[0].At)) + ":")
	r.printReport(checked{of: e.Connector, report: e.Reports[0], before: e.Reports[1:]})
	if len(e.Reports) < 2 {
		return
	}
	r.out.blank()
	r.out.line("History:")
	for _, h := range e.Reports[1:] {
		r.out.line("  " + h.At.Format("2006-01-02 15:04") + "  " + r.out.mark(h.Verdict) + " " + string(h.Verdict) + "  " + string(h.Code))
	}
}

// factWidth is the widest name of a fact with the blanks around it.
const factWidth = 17

// entryFacts are all that is known of a connector, a name and a value each.
func entryFacts(e connector.Entry, now time.Time) [][2]string {
	return slices.DeleteFunc([][2]string{
		{"Product", connector.ProductTitle(e.Product)},
		{"Site", e.Site.Origin()},
		{"Email", e.Email},
		{"Signed in as", e.Person().Words()},
		{"Account", e.Account},
		{"Stored in", e.Where()},
		{"Expires", expiryWords(e.Expires, e.ExpiresBy(), connector.DateOf(now))},
		{"In SaaSAssure", e.EnteredWords()},
		{"Added", e.Added.Words()},
		{"Replaced", e.Replaced.Words()},
		{"Edited", e.Edited.Words()},
	}, func(fact [2]string) bool { return fact[1] == "" })
}

// expiresOn says when a token expires, as a verb: "expires 23 Nov 2027 (365 days)", "expired 1 Jan 2026".
func expiresOn(c connector.Connector, today connector.Date) string {
	if c.Expires.IsZero() && c.ExpiresBy().IsZero() {
		return "has no known expiry date"
	}
	words := expiryWords(c.Expires, c.ExpiresBy(), today)
	if strings.HasPrefix(words, "expired ") {
		return words
	}
	return "expires " + words
}

// expiryWords is a token's expiry date, or the latest possible one, in words.
func expiryWords(expires, by connector.Date, today connector.Date) string {
	switch {
	case !expires.IsZero():
		left := expires.DaysFrom(today)
		if left < 0 {
			return "expired " + expires.Words()
		}
		return expires.Words() + " (" + connector.Plural(left, "day") + ")"
	case !by.IsZero():
		return "by " + by.Words()
	}
	return "unknown"
}

func (r *run) openCommand() *cobra.Command {
	var printed bool
	c := &cobra.Command{
		Use:   "open NAME",
		Short: "Open a connector's site in the browser",
		Long: "Open a connector's site in the browser. If that isn't possible, for example over\n" +
			"SSH, print its address.",
		Example:           "  saasconnect open acme-jira\n  saasconnect open acme-confluence --print",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.openSite(cmd.Context(), args[0], printed)
		},
	}
	c.Flags().BoolVar(&printed, "print", false, "only print the address")
	return c
}

func (r *run) openSite(ctx context.Context, name string, printed bool) error {
	e, _, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	page := pageOf(e.Connector)
	if printed || r.deps.Browse == nil {
		r.lines([]string{page})
		return nil
	}
	if err := r.deps.Browse(ctx, page); err != nil {
		r.warn("could not open a browser")
		r.lines([]string{page})
		return nil
	}
	r.note("opened " + page)
	return nil
}

// pageOf is where a person finds the connector's product.
func pageOf(c connector.Connector) string {
	if c.Product == connector.Confluence {
		return c.Site.Origin() + "/wiki"
	}
	return c.Site.Origin()
}
