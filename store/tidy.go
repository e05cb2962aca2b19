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

// Sweeping: deleting what loose references still hold. Every change does it beside itself,
// as best it can; Tidy does it by word, and reports.

// sweep deletes what loose references old enough still hold, and the reports of connectors
// that are gone. It asks only safes that need no password for it.
func (s *Store) sweep(ctx context.Context) {
	_, _, _ = s.sweepNow(ctx)
	_, _ = s.sweepHistories()
}

// sweepHistories deletes the reports of connectors that are gone, which land when a check
// ends after a removal, and counts them. connectors.json is read after the folder: no
// connector that is new since then can lose its reports. Where there is no such file none of
// them are deleted, since it may come back from a backup.
func (s *Store) sweepHistories() (swept int, err error) {
	ids := s.history.ids()
	if len(ids) == 0 {
		return 0, nil
	}
	content, err := s.file.read()
	if err != nil || content.Revision == 0 {
		return 0, err
	}
	known := content.index()
	for _, id := range ids {
		if known[id] == nil && s.history.forget(id) == nil {
			swept++
		}
	}
	return swept, nil
}

// sweepNow is sweep with its result: how many values are gone, and which safes hold some
// and could not be asked.
func (s *Store) sweepNow(ctx context.Context) (swept int, unasked []connector.StorageStatus, err error) {
	content, err := s.file.read()
	if err != nil {
		return 0, nil, err
	}
	due := content.due(s.now())
	if len(due) == 0 {
		return 0, nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, dropLimit)
	defer cancel()
	ready, unasked := s.askable(ctx, due)
	var marked []loose
	err = s.file.update(ctx, func(content *shelf) error {
		var changed bool
		if marked, changed = content.doom(s.now(), ready); !changed {
			return errNothingToWrite
		}
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToWrite) {
		return 0, unasked, err
	}
	var gone []string
	for _, l := range marked {
		if s.remove(ctx, l) == nil {
			gone = append(gone, l.Ref)
		}
	}
	if len(gone) > 0 {
		s.strike(ctx, gone...)
	}
	return len(gone), unasked, nil
}

// errNothingToWrite ends a change that would write what is there already.
var errNothingToWrite = errors.New("nothing to write")

// askable sorts the safes of what is due into those that need no password now, and those
// that can't be asked.
func (s *Store) askable(ctx context.Context, due []loose) (ready map[connector.StorageKind]bool, unasked []connector.StorageStatus) {
	ready = map[connector.StorageKind]bool{}
	for _, one := range s.storages {
		if !slices.ContainsFunc(due, func(l loose) bool { return l.Safe == one.Kind() }) {
			continue
		}
		if one.Kind() == connector.StorageFile { // deleting a sealed file needs no passphrase
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

// due are the loose references that may be deleted, whether their safes can be asked or
// not.
func (c *shelf) due(now time.Time) []loose {
	all := shelf{Connectors: c.Connectors, Loose: slices.Clone(c.Loose)} // marking is not for now
	marked, _ := all.doom(now, map[connector.StorageKind]bool{connector.StorageKeyring: true, connector.StorageFile: true})
	return marked
}

// Tidy deletes what loose references old enough still hold, the reports of connectors that
// are gone, and the temporary files that killed writers left. It never prompts: what a locked safe holds is left for later.
func (s *Store) Tidy(ctx context.Context) (connector.TidyReport, error) {
	var report connector.TidyReport
	for _, dir := range s.ownFolders() {
		report.Temps += disk.SweepTemps(dir, s.now())
	}
	var err error
	if report.Swept, report.Unasked, err = s.sweepNow(ctx); err != nil {
		return report, err
	}
	if report.Histories, err = s.sweepHistories(); err != nil {
		return report, err
	}
	left, err := s.file.read()
	if err != nil {
		return report, err
	}
	report.Loose = len(left.Loose)
	for _, l := range left.Loose {
		if !l.Doomed && !stale(l.Since, s.now()) {
			report.Young++
		}
	}
	return report, nil
}

// ownFolders are those that temporary files are made in: the folders proper, and where
// links in them lead.
func (s *Store) ownFolders() []string {
	all := []string{
		filepath.Dir(s.file.path), filepath.Dir(disk.Follow(s.file.path)), filepath.Dir(disk.Follow(s.file.backup())),
		filepath.Dir(disk.Follow(s.settings)), s.encrypted.Dir(), filepath.Dir(disk.Follow(s.encrypted.IdentityPath())), s.history.dir, filepath.Dir(s.outcomes.path),
	}
	slices.Sort(all)
	return slices.Compact(all)
}
