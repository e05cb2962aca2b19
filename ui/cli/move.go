package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// moveFlags are what move-token takes.
type moveFlags struct {
	to, role  string
	all, json bool
}

func (r *run) moveCommand() *cobra.Command {
	var f moveFlags
	c := &cobra.Command{
		Use:   "move-token NAME… --to keyring|file",
		Short: "Move connectors' tokens to another storage",
		Long: "Move saved tokens to the system keyring or to the encrypted file. The new place is\n" +
			"tried first; each token is written there and read back before the old copy goes.\n" +
			"Where one of several can't be moved, the others are, and the exit code is the worst.",
		Example: "  saasconnect move-token acme-jira --to keyring\n" +
			"  saasconnect move-token acme-jira --to file --json\n" +
			"  saasconnect move-token 'acme-*' --to file\n" +
			"  saasconnect move-token --all --to file --json",
		Args:              namesOrAll(&f.all),
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if isOne(args) {
				return r.move(cmd.Context(), args[0], f.to, f.role, f.json)
			}
			return r.moveSeveral(cmd.Context(), args, f)
		},
	}
	fs := c.Flags()
	fs.StringVar(&f.to, "to", "", "the `STORAGE` they go to: keyring or file")
	fs.BoolVar(&f.all, "all", false, "move every saved token")
	fs.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	fs.BoolVar(&f.json, "json", false, "print the connector as JSON, and several as results")
	return c
}

// storageTo is the storage that --to names.
func storageTo(to string) (connector.StorageKind, error) {
	kind := connector.StorageKind(strings.ToLower(strings.TrimSpace(to)))
	if kind != connector.StorageKeyring && kind != connector.StorageFile {
		return "", input([]problem{{"to", orNearest(quoted(to)+" is no safe a token can be moved to: keyring or file", to, "keyring", "file")}})
	}
	return kind, nil
}

func (r *run) move(ctx context.Context, name, to, role string, asJSON bool) error {
	e, entries, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	kind, err := storageTo(to)
	if err != nil {
		return err
	}
	t := r.newTask(setup.For(setup.Move, e), entries, answerFlags{role: role, may: "move tokens", need: "move the token of " + e.Name})
	if err := r.askRole(ctx, t); err != nil {
		return err
	}
	if kind == e.KeptIn {
		return r.tellMoved(e.Connector, alreadyIn(kind), asJSON)
	}
	t.draft.SetStorage(kind, false)
	if _, err := r.finish(ctx, t); err != nil {
		return err
	}
	return r.tellMoved(t.saved.First, movedWords(e.Connector, t.saved.First), asJSON)
}

func alreadyIn(kind connector.StorageKind) string {
	return "It is in " + connector.StorageName(kind) + " already: nothing was moved."
}

func movedWords(before, now connector.Connector) string {
	if before.KeptIn == connector.StorageReference {
		return "The token of " + now.Name + " was copied to " + now.Where() + " and read back there. It is still where it was read from, too."
	}
	return "The token of " + now.Name + " was moved from " + before.Where() + " to " + now.Where() + ", and read back there."
}

// moveSeveral moves the tokens of names and globs, or all of them. The storage is tried once, before
// the first of them.
func (r *run) moveSeveral(ctx context.Context, args []string, f moveFlags) error {
	entries, all, err := r.several(ctx, args)
	if err != nil {
		return err
	}
	kind, err := storageTo(f.to)
	if err != nil {
		return err
	}
	role, noun := connector.RoleUnknown, "tokens"
	if len(entries) == 1 {
		noun = "token"
	}
	if len(entries) > 0 {
		if role, err = r.roleFor(ctx, f.role, "move tokens", entries[0].Product, "move the "+noun+" of "+connector.And(names(entries))); err != nil {
			return err
		}
	}
	known := setup.Known{Now: r.world.Now(), Entries: all, KeyFile: r.world.KeyFile, Role: role}
	elsewhere := slices.DeleteFunc(slices.Clone(entries), func(e connector.Entry) bool { return e.KeptIn == kind })
	if len(elsewhere) > 0 {
		if known.Storages, err = r.world.Store.Storages(ctx); err != nil {
			return storageFailure(ctx, err)
		}
		if err := r.tryStorage(ctx, kind, known.Storage(kind), ""); err != nil {
			return err
		}
		if err := r.unlockFor(ctx, elsewhere); err != nil {
			return err
		}
	}
	out := severalJSON[changeJSON]{Version: 1, Results: []changeJSON{}}
	var exits []int
	for _, e := range entries {
		if out.Interrupted = ctx.Err() != nil; out.Interrupted {
			exits = append(exits, exitInterrupted)
			break
		}
		now, err := r.moveOne(ctx, e, kind, known)
		if err != nil {
			said, exit := r.failed(ctx, e.Name, err, f.json)
			out.Results, exits = append(out.Results, changeJSON{Name: e.Name, Error: said}), append(exits, exit)
			continue
		}
		as := entryJSON(connector.Entry{Connector: now}, r.world.Now())
		out.Results = append(out.Results, changeJSON{Name: e.Name, Changed: e.KeptIn != kind, Connector: &as})
		switch {
		case f.json:
		case e.KeptIn == kind:
			r.out.paragraph(0, e.Name+": "+connector.Inside(alreadyIn(kind)))
		default:
			r.out.paragraph(0, movedWords(e.Connector, now))
		}
	}
	if f.json {
		r.answer(out)
	}
	return ended(worst(exits))
}

// moveOne moves a token to a storage that was tried.
func (r *run) moveOne(ctx context.Context, e connector.Entry, kind connector.StorageKind, known setup.Known) (connector.Connector, error) {
	if e.KeptIn == kind {
		return e.Connector, nil
	}
	t := &task{draft: setup.For(setup.Move, e), known: known, looked: true}
	if r.opened {
		t.opened()
	}
	t.draft.SetStorage(kind, true)
	if _, err := r.finish(ctx, t); err != nil {
		return connector.Connector{}, err
	}
	return t.saved.First, nil
}

func (r *run) tellMoved(c connector.Connector, words string, asJSON bool) error {
	if asJSON {
		r.answer(struct {
			Version   int           `json:"version"`
			Connector connectorJSON `json:"connector"`
		}{1, entryJSON(connector.Entry{Connector: c}, r.world.Now())})
		return nil
	}
	r.out.paragraph(0, words)
	return nil
}
