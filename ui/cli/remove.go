package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

// removeFlags are what remove takes.
type removeFlags struct {
	all, yes, json bool
	role           string
}

func (r *run) removeCommand() *cobra.Command {
	var f removeFlags
	c := &cobra.Command{
		Use:     "remove NAME…",
		Aliases: []string{"rm"},
		Short:   "Remove connectors and their tokens from this computer",
		Long: "Remove connectors, by name or glob, and their stored tokens. The tokens still work at\n" +
			"Atlassian until you revoke them there. If one of several connectors can't be removed,\n" +
			"the others still are; the exit code is the worst one.",
		Example: "  saasconnect remove acme-jira\n" +
			"  saasconnect remove acme-jira --yes\n" +
			"  saasconnect remove acme-jira acme-confluence --yes\n" +
			"  saasconnect remove 'acme-*' --yes --json\n" +
			"  saasconnect remove --all --yes",
		Args:              namesOrAll(&f.all),
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if isOne(args) {
				return r.remove(cmd.Context(), args[0], f.role, f.yes, f.json)
			}
			return r.removeSeveral(cmd.Context(), args, f)
		},
	}
	fs := c.Flags()
	fs.BoolVar(&f.all, "all", false, "remove every saved connector")
	fs.BoolVarP(&f.yes, "yes", "y", false, "don't ask for confirmation")
	fs.BoolVar(&f.json, "json", false, "print what was removed as JSON")
	fs.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	return c
}

func (r *run) remove(ctx context.Context, name, role string, yes, asJSON bool) error {
	e, _, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	if _, err := r.roleFor(ctx, role, "remove connectors", e.Product, "remove the connector "+e.Name); err != nil {
		return err
	}
	if !yes {
		prompt := r.prompter()
		if prompt == nil {
			return wouldAsk("confirm with --yes", "removing %s needs confirmation; %s", e.Name, r.noPrompt())
		}
		sure, err := prompt.yes(ctx, "Remove "+e.Name+" ("+connector.ProductTitle(e.Product)+" on "+e.Site.Host()+") and its token from this computer?")
		if err != nil {
			return asked(ctx, err)
		}
		if !sure {
			return usage("", "nothing was removed")
		}
	}
	left, err := r.world.Service().Remove(ctx, e.ID)
	if err != nil {
		return storageFailure(ctx, err)
	}
	exit, leftIn := exitOK, connector.StorageKind("")
	if left != nil {
		exit, leftIn = exitStorage, left.Kind
	}
	if asJSON {
		r.answer(struct {
			Version int                   `json:"version"`
			Removed connectorJSON         `json:"removed"`
			Revoke  string                `json:"revoke_at"`         // the token works at Atlassian until it is revoked there
			LeftIn  connector.StorageKind `json:"left_in,omitempty"` // where its token could not be deleted
			Left    string                `json:"left,omitempty"`    // why
		}{1, entryJSON(e, r.world.Now()), connector.TokenPageOf(e.Site), leftIn, connector.Capitalize(connector.LeftWords(left))})
		return ended(exit)
	}
	r.showRemoved(0, e, left)
	r.out.paragraph(0, "Its token still works at Atlassian until you revoke it there:")
	r.out.line(connector.TokenPageOf(e.Site))
	return ended(exit)
}

// removedJSON is what came of removing one of several.
type removedJSON struct {
	Name    string                `json:"name"`
	Removed *connectorJSON        `json:"removed"` // null where there is an error
	Revoke  string                `json:"revoke_at,omitempty"`
	LeftIn  connector.StorageKind `json:"left_in,omitempty"` // where its token could not be deleted
	Left    string                `json:"left,omitempty"`    // why
	Error   *errorJSON            `json:"error"`             // null for none
}

// removeSeveral removes the connectors of names and globs, or all of them.
func (r *run) removeSeveral(ctx context.Context, args []string, f removeFlags) error {
	entries, _, err := r.several(ctx, args)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		if _, err := r.roleFor(ctx, f.role, "remove connectors", entries[0].Product, "remove "+theConnectors(entries)); err != nil {
			return err
		}
		if err := r.sureToRemove(ctx, entries, f.yes); err != nil {
			return err
		}
	}
	out := severalJSON[removedJSON]{Version: 1, Results: []removedJSON{}}
	var exits []int
	var gone []connector.Entry
	all := connectorsOf(entries)
	r.world.Service().RemoveMany(ctx, all, func(i int, left *connector.StorageError, err error) {
		e := entries[i]
		if err != nil {
			said, exit := r.failed(ctx, e.Name, storageFailure(ctx, err), f.json)
			out.Results, exits = append(out.Results, removedJSON{Name: e.Name, Error: said}), append(exits, exit)
			return
		}
		was := entryJSON(e, r.world.Now())
		one := removedJSON{Name: e.Name, Removed: &was, Revoke: connector.TokenPageOf(e.Site), Left: connector.Capitalize(connector.LeftWords(left))}
		if left != nil {
			one.LeftIn, exits = left.Kind, append(exits, exitStorage)
		}
		gone = append(gone, e)
		out.Results = append(out.Results, one)
		if !f.json {
			r.showRemoved(2, e, left)
		}
	})
	if out.Interrupted = len(out.Results) < len(all); out.Interrupted {
		exits = append(exits, exitInterrupted)
	}
	if f.json {
		r.answer(out)
		return ended(worst(exits))
	}
	if len(gone) > 0 {
		r.out.paragraph(0, "The tokens still work at Atlassian until you revoke them there:")
	}
	for _, page := range tokenPages(gone) {
		r.out.line(page)
	}
	return ended(worst(exits))
}

// tokenPages are the pages at which the tokens of connectors are revoked, each once.
func tokenPages(entries []connector.Entry) (pages []string) {
	for _, e := range entries {
		if page := connector.TokenPageOf(e.Site); !slices.Contains(pages, page) {
			pages = append(pages, page)
		}
	}
	return pages
}

// showRemoved is a line for one that was removed, and lines, indented by n blanks, for where its token
// still is.
func (r *run) showRemoved(n int, e connector.Entry, left *connector.StorageError) {
	r.out.line("Removed " + e.Name + ".")
	for _, words := range stillThere(e, left) {
		r.out.paragraph(n, words)
	}
}

// stillThere says where the token of a connector that was removed still is on this computer, a sentence
// each; left is what kept it from being deleted, nil for nothing.
func stillThere(e connector.Entry, left *connector.StorageError) (all []string) {
	if left != nil {
		all = append(all, "Its token was not deleted: "+connector.LeftWords(left))
	}
	if e.KeptIn == connector.StorageReference {
		all = append(all, "Its token is still in its external source"+e.Reference.Words()+".")
	}
	return all
}

// sureToRemove asks whether several are meant, with how many they are and which; nil for yes.
func (r *run) sureToRemove(ctx context.Context, entries []connector.Entry, yes bool) error {
	if yes {
		return nil
	}
	many, tokens := connector.Plural(len(entries), "connector"), " and their tokens"
	if len(entries) == 1 {
		tokens = " and its token"
	}
	prompt := r.prompter()
	if prompt == nil {
		return wouldAsk("confirm with --yes", "removing %s needs confirmation; %s", many, r.noPrompt())
	}
	r.note(many + ": " + connector.AndMore(names(entries), mostNames))
	sure, err := prompt.yes(ctx, "Remove "+many+tokens+" from this computer?")
	switch {
	case err != nil:
		return asked(ctx, err)
	case !sure:
		return usage("", "nothing was removed")
	}
	return nil
}
