package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"saasconnect/connector"
	"saasconnect/ui"
)

// What the wizard does with files: the commands import and export as they are, at its terminal, in
// the world that it has open. Line mode has them, too (linemode_files.go).

// withFiles gives the wizard these two.
func (r *run) withFiles(ctx context.Context, w ui.Deps) ui.Deps {
	w.ImportFile = func(path string) bool {
		return r.atTerminal(ctx, func() error { return r.importAsked(ctx, r.named(path), connector.RoleUnknown) })
	}
	w.ExportFile = func(path string) bool {
		return r.atTerminal(ctx, func() error { return r.exportAsked(ctx, r.named(path)) })
	}
	return w
}

// importAsked shows what importing a file would do, and does it if that is wanted. role is the person's
// where it is known already.
func (r *run) importAsked(ctx context.Context, path string, role connector.Role) error {
	in := newImport(path, importFlags{parallel: defaultParallel, role: string(role)})
	if err := r.readImport(ctx, in); err != nil {
		return err
	}
	if err := r.tellPlan(in); err != nil && !errors.As(err, new(finished)) {
		return err
	}
	if !slices.ContainsFunc(in.steps, func(s *step) bool { return !s.idle() }) {
		return nil // nothing would be done
	}
	if sure, err := r.prompter().yes(ctx, "Import them?"); err != nil || !sure {
		return err
	}
	return r.runImport(ctx, in)
}

// exportAsked writes all connectors to a file, over one that is there only if that is wanted.
func (r *run) exportAsked(ctx context.Context, path string) error {
	if r.system.Exists(path) {
		if sure, err := r.prompter().yes(ctx, cleaned(path)+" is there already. Write over it?"); err != nil || !sure {
			return err
		}
	}
	return r.export(ctx, exportFlags{out: path}, nil)
}

// atTerminal does something as a command, says how it ended, and waits until that was read. It is false
// where it could not be done. An interrupt ends the wizard as well, which says so itself.
func (r *run) atTerminal(ctx context.Context, do func() error) (done bool) {
	r.err.blank()
	err := do()
	if ctx.Err() != nil {
		return false
	}
	done = r.tellEnd(ctx, err)
	r.notices()
	r.err.blank()
	_, _ = r.prompter().line(ctx, "Press Enter to go back.") // whatever is typed, it goes back
	return done
}

// tellEnd says what kept a command from being done, and reports whether nothing did: whatever it came to.
func (r *run) tellEnd(ctx context.Context, err error) (done bool) {
	if err == nil || errors.As(err, new(finished)) {
		return true
	}
	f := *asFailure(ctx, err)
	if f.hint == stdinHint { // which a name that was asked for does not mean
		f.hint = ""
	}
	r.fail(&f, forPeople)
	return false
}

// named is the file that a person named in the wizard, where no shell knows what ~/ is.
func (r *run) named(path string) string {
	home := r.stdio.getenv("HOME")
	if rest, below := strings.CutPrefix(path, "~/"); below && home != "" {
		return filepath.Join(home, rest)
	}
	return path
}
