package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// Collecting what no connector needs any more: the values under orphaned and stale references, the
// reports of connectors that are gone, the temporary files of writers that were killed. Every
// change does it beside itself, as well as it can; Tidy does it by word, and reports.

// deleteLimit bounds deleting once the caller's own context has ended.
const deleteLimit = 10 * time.Second

// delete deletes the values under references and strikes those that are gone in one write, as far
// as that can be done now. left is about the first that is still there; it stays in the file and is
// collected later. A person who waits may be asked for a password.
func (s *Store) delete(ctx context.Context, refs []reference) (left *connector.StorageError) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), deleteLimit)
		defer cancel()
	}
	var gone []string
	for _, r := range refs {
		if err := s.deleteOne(ctx, r); err == nil {
			gone = append(gone, r.Ref)
		} else if left == nil && !errors.As(err, &left) {
			left = &connector.StorageError{Kind: r.Storage, Why: connector.StorageWhyTimedOut, Err: err}
		}
	}
	s.release(ctx, gone)
	return left
}

func (s *Store) deleteOne(ctx context.Context, r reference) error {
	from, err := s.storage(r.Storage)
	if err == nil {
		err = s.fail("storage:delete")
	}
	if err == nil {
		err = from.Delete(ctx, r.Ref)
	}
	if err == nil {
		err = s.fail("storage:deleted")
	}
	return err
}

// release strikes references whose values are gone. Those that can't be struck now are collected
// later.
func (s *Store) release(ctx context.Context, refs []string) {
	if len(refs) == 0 {
		return
	}
	_ = s.file.update(ctx, func(c *contents) error {
		c.release(refs...)
		return nil
	})
}

// collect deletes what no connector needs any more, after a change. It asks only storages that need no
// password for it.
func (s *Store) collect(ctx context.Context) {
	_, _, _ = s.collectValues(ctx)
	_, _ = s.collectReports()
}

// collectValues says how many values are gone, and which storages hold some and could not be asked.
func (s *Store) collectValues(ctx context.Context) (deleted int, unasked []connector.StorageStatus, err error) {
	c, err := s.file.read()
	if err != nil {
		return 0, nil, err
	}
	due, _ := c.orphan(s.now(), map[connector.StorageKind]bool{connector.StorageKeyring: true, connector.StorageFile: true})
	if len(due) == 0 {
		return 0, nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, deleteLimit)
	defer cancel()
	ready, unasked := s.askable(ctx, due)
	err = s.file.update(ctx, func(c *contents) error { // so that no slow process can still commit them
		var changed bool
		if due, changed = c.orphan(s.now(), ready); !changed {
			return errNothingToWrite
		}
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToWrite) {
		return 0, unasked, err
	}
	var gone []string
	for _, r := range due {
		if s.deleteOne(ctx, r) == nil {
			gone = append(gone, r.Ref)
		}
	}
	s.release(ctx, gone)
	return len(gone), unasked, nil
}

// askable sorts the storages of references into those that need no password now, and those that
// can't be asked.
func (s *Store) askable(ctx context.Context, refs []reference) (ready map[connector.StorageKind]bool, unasked []connector.StorageStatus) {
	ready = map[connector.StorageKind]bool{}
	for _, one := range s.storages {
		if !slices.ContainsFunc(refs, func(r reference) bool { return r.Storage == one.Kind() }) {
			continue
		}
		if one.Kind() == connector.StorageFile { // deleting an encrypted file needs no passphrase
			ready[connector.StorageFile] = true
			continue
		}
		status := one.Probe(ctx)
		if ready[one.Kind()] = status.State == connector.StorageReady; !ready[one.Kind()] {
			unasked = append(unasked, status)
		}
	}
	return ready, unasked
}

// Tidy collects by word, and looks also for what is left of a connector whose removal was cut short.
// It never prompts: what a locked storage holds is left for later.
func (s *Store) Tidy(ctx context.Context) (connector.TidyReport, error) {
	var report connector.TidyReport
	for _, dir := range s.ownFolders() {
		report.Temps += disk.SweepTemps(dir, s.now())
	}
	var err error
	if report.Collected, report.Unasked, err = s.collectValues(ctx); err != nil {
		return report, err
	}
	if report.Histories, err = s.collectReports(); err != nil {
		return report, err
	}
	left, err := s.file.read()
	if err != nil {
		return report, err
	}
	if left.Revision > 0 {
		_ = s.references.Forget(ctx) // what could not be forgotten now is by the next one
		at := left.at()
		for id := range s.reports.outcomes() {
			if _, there := at[id]; !there {
				_ = s.SaveOutcomes(ctx) // likewise
				break
			}
		}
	}
	report.Uncollected = len(left.References)
	for _, r := range left.References {
		if r.State == pending && !stale(r.Since, s.now()) {
			report.Young++
		}
	}
	return report, nil
}

// ownFolders are those that temporary files are made in: the folders proper, and where
// links in them lead.
func (s *Store) ownFolders() []string {
	all := []string{
		filepath.Dir(s.disk.path), filepath.Dir(disk.Follow(s.disk.path)), filepath.Dir(disk.Follow(s.disk.backup())),
		filepath.Dir(disk.Follow(s.settings)), s.encrypted.Dir(), filepath.Dir(disk.Follow(s.encrypted.IdentityPath())), s.state.historyDir(), s.state.dir,
	}
	slices.Sort(all)
	return slices.Compact(all)
}
