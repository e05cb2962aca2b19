package cli

import (
	"context"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

// Marking connectors as entered in SaaSAssure: it has no public API, so only the person who entered
// them there can say so.

// markFlags are what mark-entered takes.
type markFlags struct {
	all, not, json bool
	role           string
}

func (r *run) markCommand() *cobra.Command {
	var f markFlags
	c := &cobra.Command{
		Use:   "mark-entered NAME…",
		Short: "Mark connectors as entered in SaaSAssure",
		Long: "Mark connectors, by name or glob, as entered in SaaSAssure's own form today. Nothing\n" +
			"is sent there. 'saasconnect list --not-entered' then shows which connectors you still\n" +
			"have to enter, or to enter again because their token was replaced. Connectors that are\n" +
			"already marked keep their date; --not removes the mark.",
		Example: "  saasconnect mark-entered acme-jira\n" +
			"  saasconnect mark-entered 'acme-*' --json\n" +
			"  saasconnect mark-entered --all\n" +
			"  saasconnect mark-entered acme-jira --not",
		Args:              namesOrAll(&f.all),
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.markEntered(cmd.Context(), args, f)
		},
	}
	fs := c.Flags()
	fs.BoolVar(&f.all, "all", false, "mark every saved connector")
	fs.BoolVar(&f.not, "not", false, "mark them as not entered")
	registerRole(fs, &f.role)
	fs.BoolVar(&f.json, "json", false, "print the results as JSON")
	return c
}

// markEntered marks the connectors of names and globs, or all of them.
func (r *run) markEntered(ctx context.Context, args []string, f markFlags) error {
	entries, _, err := r.findSeveral(ctx, args)
	if err != nil {
		return err
	}
	return r.markEntries(ctx, entries, f)
}

// markEntries marks these.
func (r *run) markEntries(ctx context.Context, entries []connector.Entry, f markFlags) (err error) {
	role := connector.RoleUnknown
	if len(entries) > 0 {
		if role, err = r.roleFor(ctx, f.role, "mark connectors as entered", entries[0].Product, "enter "+theConnectors(entries)); err != nil {
			return err
		}
	}
	written, unanswered := await(ctx, r, func(ctx context.Context) ([]connector.Written, error) {
		return r.deps.Service().MarkEntered(ctx, connectorsOf(entries), !f.not, role), nil
	})
	var out outcomes[changeJSON]
	done := 0
	for i, e := range entries {
		err, changed := unanswered, !e.IsMarked(!f.not)
		if err == nil {
			e.Connector, err = written[i].Connector, written[i].Err
		}
		if err != nil {
			out.results = append(out.results, changeJSON{Name: e.Name, Error: out.fail(ctx, e.Name, storageFailure(ctx, err))})
			continue
		}
		done++
		as := entryJSON(e, r.deps.Now())
		out.results = append(out.results, changeJSON{Name: e.Name, Changed: changed, Connector: &as})
		if !f.json && !(r.inLineMode && len(entries) > 1) { // the sum says it of all
			r.out.paragraph(0, e.Name+": in SaaSAssure "+e.EnteredWords()+".")
		}
	}
	out.interrupted = ctx.Err() != nil && done < len(entries)
	out.print(r, f.json)
	if len(entries) > 1 && done > 0 && !f.json {
		words := "entered"
		if f.not {
			words = "not entered"
		}
		r.out.paragraph(0, ofSeveral(done, len(entries))+" marked as "+words+" in SaaSAssure.")
	}
	return out.end()
}
