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
	fs.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	fs.BoolVar(&f.json, "json", false, "print the results as JSON")
	return c
}

// markEntered marks the connectors of names and globs, or all of them.
func (r *run) markEntered(ctx context.Context, args []string, f markFlags) error {
	entries, _, err := r.several(ctx, args)
	if err != nil {
		return err
	}
	role := connector.RoleUnknown
	if len(entries) > 0 {
		if role, err = r.roleFor(ctx, f.role, "mark connectors as entered", entries[0].Product, "enter "+theConnectors(entries)); err != nil {
			return err
		}
	}
	written := r.world.Service().MarkEntered(ctx, connectorsOf(entries), !f.not, role)
	out := severalJSON[changeJSON]{Version: 1, Results: []changeJSON{}}
	var exits []int
	for i, e := range entries {
		if err := written[i].Err; err != nil {
			said, exit := r.failed(ctx, e.Name, storageFailure(ctx, err), f.json)
			out.Results, exits = append(out.Results, changeJSON{Name: e.Name, Error: said}), append(exits, exit)
			continue
		}
		changed := !e.IsMarked(!f.not)
		e.Connector = written[i].Connector
		as := entryJSON(e, r.world.Now())
		out.Results = append(out.Results, changeJSON{Name: e.Name, Changed: changed, Connector: &as})
		if !f.json {
			r.out.paragraph(0, e.Name+": in SaaSAssure "+e.EnteredWords()+".")
		}
	}
	out.Interrupted = ctx.Err() != nil
	if f.json {
		r.answer(out)
	}
	return ended(worst(exits))
}
