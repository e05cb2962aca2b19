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
				return r.remove(cmd.Context(), args[0], f)
			}
			return r.removeSeveral(cmd.Context(), args, f)
		},
	}
	fs := c.Flags()
	fs.BoolVar(&f.all, "all", false, "remove every saved connector")
	fs.BoolVarP(&f.yes, "yes", "y", false, "don't ask for confirmation")
	fs.BoolVar(&f.json, "json", false, "print what was removed as JSON")
	registerRole(fs, &f.role)
	return c
}

// remove removes the connector of a name.
func (r *run) remove(ctx context.Context, name string, f removeFlags) error {
	e, _, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	return r.removeOne(ctx, e, f)
}

// removeOne removes this one.
func (r *run) removeOne(ctx context.Context, e connector.Entry, f removeFlags) error {
	if err := r.mayRemove(ctx, []connector.Entry{e}, f); err != nil {
		return err
	}
	left, err := r.removeNow(ctx, e)
	if err != nil {
		return storageFailure(ctx, err)
	}
	exit, leftIn := exitOK, connector.StorageKind("")
	if left != nil {
		exit, leftIn = exitStorage, left.Kind
	}
	if f.json {
		r.printJSON(struct {
			Version int                   `json:"version"`
			Removed connectorJSON         `json:"removed"`
			Revoke  string                `json:"revoke_at"`         // the token works at Atlassian until it is revoked there
			LeftIn  connector.StorageKind `json:"left_in,omitempty"` // where its token could not be deleted
			Left    string                `json:"left,omitempty"`    // why
		}{1, entryJSON(e, r.deps.Now()), connector.TokenPageOf(e.Site), leftIn, connector.Capitalize(connector.LeftWords(left))})
		return exitWith(exit)
	}
	r.showRemoved(0, e, left)
	r.out.paragraph(0, "Its token still works at Atlassian until you revoke it there:")
	r.out.line(connector.TokenPageOf(e.Site))
	return exitWith(exit)
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

// removeNow removes a connector and its token. left says in which storage the token still is, and why.
func (r *run) removeNow(ctx context.Context, e connector.Entry) (left *connector.StorageError, err error) {
	return await(ctx, r, func(ctx context.Context) (*connector.StorageError, error) { return r.deps.Service().Remove(ctx, e.ID) })
}

// removeSeveral removes the connectors of names and globs, or all of them.
func (r *run) removeSeveral(ctx context.Context, args []string, f removeFlags) error {
	entries, _, err := r.findSeveral(ctx, args)
	if err != nil {
		return err
	}
	return r.removeEntries(ctx, entries, f)
}

// removeEntries removes these, one after the other.
func (r *run) removeEntries(ctx context.Context, entries []connector.Entry, f removeFlags) error {
	if len(entries) > 0 {
		if err := r.mayRemove(ctx, entries, f); err != nil {
			return err
		}
	}
	var out outcomes[removedJSON]
	var gone []connector.Entry
	for _, e := range entries {
		if out.interrupted = ctx.Err() != nil; out.interrupted {
			break
		}
		left, err := r.removeNow(ctx, e)
		if err != nil {
			out.results = append(out.results, removedJSON{Name: e.Name, Error: out.fail(ctx, e.Name, storageFailure(ctx, err))})
			continue
		}
		was := entryJSON(e, r.deps.Now())
		one := removedJSON{Name: e.Name, Removed: &was, Revoke: connector.TokenPageOf(e.Site), Left: connector.Capitalize(connector.LeftWords(left))}
		if left != nil {
			one.LeftIn, out.exits = left.Kind, append(out.exits, exitStorage)
		}
		gone, out.results = append(gone, e), append(out.results, one)
		if !f.json {
			r.showRemoved(2, e, left)
		}
	}
	out.print(r, f.json)
	if len(gone) > 0 && !f.json {
		r.out.paragraph(0, ofSeveral(len(gone), len(entries))+" removed. The tokens still work at Atlassian until you revoke them there:")
		for _, page := range tokenPages(gone) {
			r.out.line(page)
		}
	}
	return out.end()
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
	for _, words := range remainingToken(e, left) {
		r.out.paragraph(n, words)
	}
}

// remainingToken says where the token of a connector that was removed still is on this computer, a sentence
// each; left is what kept it from being deleted, nil for nothing.
func remainingToken(e connector.Entry, left *connector.StorageError) (all []string) {
	if left != nil {
		all = append(all, "Its token was not deleted: "+connector.LeftWords(left))
	}
	if e.KeptIn == connector.StorageReference {
		all = append(all, "Its token is still in its external source"+e.Reference.Words()+".")
	}
	return all
}

// mayRemove asks whether these are meant, with how many they are, which, and what it means; nil for yes.
func (r *run) mayRemove(ctx context.Context, entries []connector.Entry, f removeFlags) error {
	first, many := entries[0], connector.Plural(len(entries), "connector")
	if _, err := r.roleFor(ctx, f.role, "remove connectors", first.Product, "remove "+theConnectors(entries)); err != nil || f.yes {
		return err
	}
	what, token := many, "Their tokens are deleted too, except those read from an external source."
	question, rest := "Remove "+many+" and their tokens from this computer?", "the tokens still work at Atlassian until you revoke them."
	if len(entries) == 1 {
		what, token = first.Name, "Its token is deleted from "+connector.StorageName(first.KeptIn)+"."
		if first.Reference != nil {
			token = "Its token stays where it is read from" + first.Reference.Words() + "."
		}
		question, rest = "Remove "+what+" ("+connector.ProductTitle(first.Product)+" on "+first.Site.Host()+") from this computer?", "the token still works at Atlassian until you revoke it."
	}
	prompt := r.prompter()
	if prompt == nil {
		return wouldAsk("confirm with --yes", "removing %s needs confirmation; %s", what, r.noPrompt())
	}
	if len(entries) > 1 {
		r.note(many + ": " + connector.AndMore(names(entries), mostNames))
	}
	r.note(token + " Nothing changes in SaaSAssure, and " + rest)
	sure, err := prompt.yes(ctx, question)
	switch {
	case err != nil:
		return promptFailure(ctx, err)
	case !sure:
		return declined("", "nothing was removed")
	}
	return nil
}
