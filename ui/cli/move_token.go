package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Moving tokens to another storage: it is tested first, and each token is read back there before the
// old copy is deleted.

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
		Long: "Move stored tokens to the system keyring or the encrypted file. The new storage is\n" +
			"tested first; each token is written there and read back before the old copy is deleted.\n" +
			"If one of several tokens can't be moved, the others still are; the exit code is the\n" +
			"worst one.",
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
	fs.StringVar(&f.to, "to", "", "the new `STORAGE`: keyring or file")
	fs.BoolVar(&f.all, "all", false, "move every stored token")
	registerRole(fs, &f.role)
	fs.BoolVar(&f.json, "json", false, "print the connector, or the results for several, as JSON")
	return c
}

// storageTo is the storage that --to names.
func storageTo(to string) (connector.StorageKind, error) {
	kind := connector.StorageKind(strings.ToLower(strings.TrimSpace(to)))
	if kind != connector.StorageKeyring && kind != connector.StorageFile {
		return "", input([]problem{{"to", orNearest(quoted(to)+" is not a storage: use keyring or file", to, "keyring", "file")}})
	}
	return kind, nil
}

func (r *run) move(ctx context.Context, name, to, role string, asJSON bool) error {
	e, entries, err := r.findOne(ctx, name)
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
		return r.showMoved(e.Connector, alreadyIn(kind), asJSON)
	}
	t.draft.SetStorage(kind, false)
	if _, err := r.finish(ctx, t); err != nil {
		return err
	}
	return r.showMoved(t.saved.First, movedWords(e.Connector, t.saved.First), asJSON)
}

func alreadyIn(kind connector.StorageKind) string {
	return "It is already in " + connector.StorageName(kind) + ": nothing was moved."
}

func movedWords(before, now connector.Connector) string {
	if before.KeptIn == connector.StorageReference {
		return "The token of " + now.Name + " was copied to " + now.Where() + " and read back there. It is also still in its external source."
	}
	return "The token of " + now.Name + " was moved from " + before.Where() + " to " + now.Where() + " and read back there."
}

// moveSeveral moves the tokens of names and globs, or all of them. The storage is tried once, before
// the first of them.
func (r *run) moveSeveral(ctx context.Context, args []string, f moveFlags) error {
	entries, all, err := r.findSeveral(ctx, args)
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
	known := setup.Known{Now: r.deps.Now(), Entries: all, KeyFile: r.deps.KeyFile, Role: role}
	elsewhere := slices.DeleteFunc(slices.Clone(entries), func(e connector.Entry) bool { return e.KeptIn == kind })
	if len(elsewhere) > 0 {
		if known.Storages, err = r.deps.Store.Storages(ctx); err != nil {
			return storageFailure(ctx, err)
		}
		if err := r.tryStorage(ctx, kind, known.Storage(kind), ""); err != nil {
			return err
		}
		if err := r.unlockFor(ctx, elsewhere); err != nil {
			return err
		}
	}
	var out outcomes[changeJSON]
	for _, e := range entries {
		if out.interrupted = ctx.Err() != nil; out.interrupted {
			break
		}
		now, err := r.moveOne(ctx, e, kind, known)
		if err != nil {
			out.results = append(out.results, changeJSON{Name: e.Name, Error: out.fail(ctx, e.Name, err)})
			continue
		}
		as := entryJSON(connector.Entry{Connector: now}, r.deps.Now())
		out.results = append(out.results, changeJSON{Name: e.Name, Changed: e.KeptIn != kind, Connector: &as})
		switch {
		case f.json:
		case e.KeptIn == kind:
			r.out.paragraph(0, e.Name+": "+connector.Inside(alreadyIn(kind)))
		default:
			r.out.paragraph(0, movedWords(e.Connector, now))
		}
	}
	out.print(r, f.json)
	return out.end()
}

// moveOne moves a token to a storage that was tried.
func (r *run) moveOne(ctx context.Context, e connector.Entry, kind connector.StorageKind, known setup.Known) (connector.Connector, error) {
	if e.KeptIn == kind {
		return e.Connector, nil
	}
	t := &task{draft: setup.For(setup.Move, e), known: known, storagesFound: true}
	if r.unlocked {
		t.noteUnlocked()
	}
	t.draft.SetStorage(kind, true)
	if _, err := r.finish(ctx, t); err != nil {
		return connector.Connector{}, err
	}
	return t.saved.First, nil
}

func (r *run) showMoved(c connector.Connector, words string, asJSON bool) error {
	if asJSON {
		r.printJSON(struct {
			Version   int           `json:"version"`
			Connector connectorJSON `json:"connector"`
		}{1, entryJSON(connector.Entry{Connector: c}, r.deps.Now())})
		return nil
	}
	r.out.paragraph(0, words)
	return nil
}
