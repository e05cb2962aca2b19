package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"saasconnect/ui"
)

// What the wizard does with files: the commands import and export as they are, at its terminal, in
// the world that it has open.

// withFiles gives the wizard these two.
func (r *run) withFiles(ctx context.Context, w ui.World) ui.World {
	w.ImportFile = func(path string) { r.atTerminal(ctx, func() error { return r.importAsked(ctx, r.named(path)) }) }
	w.ExportFile = func(path string) { r.atTerminal(ctx, func() error { return r.exportAsked(ctx, r.named(path)) }) }
	return w
}

// importAsked shows what importing a file would do, and does it if that is wanted.
func (r *run) importAsked(ctx context.Context, path string) error {
	plan := importFlags{parallel: defaultParallel, dryRun: true}
	if err := r.importFile(ctx, path, plan); err != nil && !errors.As(err, new(finished)) {
		return err
	}
	if sure, err := r.person().yes(ctx, "Import them?"); err != nil || !sure {
		return err
	}
	return r.importFile(ctx, path, importFlags{parallel: defaultParallel})
}

// exportAsked writes all connectors to a file, over one that is there only if that is wanted.
func (r *run) exportAsked(ctx context.Context, path string) error {
	if _, err := r.readNamed(ctx, path); err == nil {
		if sure, err := r.person().yes(ctx, cleaned(path)+" is there already. Write over it?"); err != nil || !sure {
			return err
		}
	}
	return r.export(ctx, exportFlags{out: path}, nil)
}

// atTerminal does something as a command, says how it ended, and waits until that was read.
func (r *run) atTerminal(ctx context.Context, do func() error) {
	r.err.blank()
	if err := do(); err != nil && !errors.As(err, new(finished)) {
		r.fail(asFailure(ctx, err), forPeople)
	}
	r.notices()
	r.err.blank()
	_, _ = r.person().line(ctx, "Press Enter to go back.") // whatever is typed, it goes back
}

// named is the file that a person named in the wizard, where no shell knows what ~/ is.
func (r *run) named(path string) string {
	home := r.stdio.getenv("HOME")
	if rest, below := strings.CutPrefix(path, "~/"); below && home != "" {
		return filepath.Join(home, rest)
	}
	return path
}
