package store

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
)

// reports stores the last reports of each connector (history/ID.json in the state folder), and what
// the newest of each came to (outcomes.json), so that a list of a thousand reads two files. All of
// it can be lost without harm, so no lock and no disk is waited for. outcomes.json is taken away
// when a run of checks begins to write histories and written once at its end: a run that is killed
// leaves none, and never one that is behind. What it does not know is read from the histories.
type reports struct {
	dir  string // the state folder
	fail func(string) error
	now  func() time.Time

	mu    sync.Mutex
	run   map[string]*connector.Outcome // what is known besides the file, by connector id; nil where no run has begun
	fresh []string                      // the ids that this run learned something about
	swept bool                          // what killed writers left behind is looked for once a run
}

const (
	// keptReports is how many reports of a connector are stored. Of all but the newest only what a
	// history shows is stored.
	keptReports = 30
	// largestHistory bounds what is read back of one connector, in bytes.
	largestHistory  = 1 << 20
	largestOutcomes = 16 << 20
)

type historyFile struct {
	Version int                `json:"version"`
	Reports []connector.Report `json:"reports"` // the newest first
}

type outcomesFile struct {
	Version  int                           `json:"version"`
	Outcomes map[string]*connector.Outcome `json:"outcomes"` // by connector id
}

func (r *reports) historyDir() string   { return filepath.Join(r.dir, "history") }
func (r *reports) outcomesPath() string { return filepath.Join(r.dir, "outcomes.json") }

// path is safe for any id that is a UUID.
func (r *reports) path(id string) string { return filepath.Join(r.historyDir(), id+".json") }

// of are a connector's, the newest first; none where they can't be read.
func (r *reports) of(id string) []connector.Report {
	h := r.history(id)
	if h.Version != 1 {
		return nil
	}
	return h.Reports
}

// history is a connector's file. Of one that can't be read, as that of a later version may not, only
// the version is known, if that.
func (r *reports) history(id string) (h historyFile) {
	data, err := disk.ReadBounded(r.path(id), largestHistory)
	if err != nil || json.Unmarshal(data, &h) != nil {
		return historyFile{Version: h.Version}
	}
	cleanWords(&h.Reports)
	return h
}

// add puts a report in front of a connector's.
func (r *reports) add(id string, report connector.Report) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.run == nil {
		r.run = r.readOutcomes()
		_ = os.Remove(r.outcomesPath()) // at worst a list shows the outcome before
	}
	if !r.swept {
		r.swept = true
		disk.SweepTemps(r.historyDir(), r.now())
	}
	h := r.history(id)
	if h.Version > 1 {
		return storeError(r.path(id), errNewer)
	}
	for i := range h.Reports {
		h.Reports[i].Why, h.Reports[i].Remedies, h.Reports[i].Stages = "", nil, nil
	}
	h = historyFile{1, append([]connector.Report{report}, h.Reports...)}
	h.Reports = h.Reports[:min(len(h.Reports), keptReports)]
	if err := r.write(r.path(id), h); err != nil {
		return err
	}
	r.run[id], r.fresh = report.Outcome(), append(r.fresh, id)
	return nil
}

// write replaces one of its files. Errors are *connector.StoreError.
func (r *reports) write(path string, value any) error {
	data, err := json.Marshal(value)
	if err == nil {
		err = disk.MakeFolder(filepath.Dir(path))
	}
	if err == nil {
		err = disk.WriteDisposable(path, append(data, '\n'), r.fail)
	}
	return storeError(path, err)
}

// readOutcomes is outcomes.json; empty where it can't be read.
func (r *reports) readOutcomes() map[string]*connector.Outcome {
	var o outcomesFile
	data, err := disk.ReadBounded(r.outcomesPath(), largestOutcomes)
	if err != nil || json.Unmarshal(data, &o) != nil || o.Version != 1 || o.Outcomes == nil {
		return map[string]*connector.Outcome{}
	}
	for _, o := range o.Outcomes {
		cleanWords(o)
	}
	return o.Outcomes
}

// outcomes is what is known without reading histories: of the file and of this run, the later.
func (r *reports) outcomes() map[string]*connector.Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = os.Remove(filepath.Join(r.dir, "list.cache")) // of versions before 27 Nov 2026
	all := r.readOutcomes()
	for id, known := range r.run {
		if old := all[id]; old == nil || !old.At.After(known.At) {
			all[id] = known
		}
	}
	return all
}

// save writes outcomes.json, ends the run, and returns the ids that it learned something about.
// Two that write at once can at worst leave the older outcome of a connector until its next check.
func (r *reports) save(all map[string]*connector.Outcome) (fresh []string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh = r.fresh
	r.run, r.fresh = nil, nil
	return fresh, r.write(r.outcomesPath(), outcomesFile{1, all})
}

// forget deletes a connector's reports. What can't be deleted is collected later.
func (r *reports) forget(id string) error {
	if !isUUID(id) {
		return nil
	}
	return disk.Remove(r.path(id))
}

// ids are the connectors that have reports.
func (r *reports) ids() (all []string) {
	entries, _ := os.ReadDir(r.historyDir()) // a folder that is not there holds none
	for _, e := range entries {
		if id, found := strings.CutSuffix(e.Name(), ".json"); found && isUUID(id) {
			all = append(all, id)
		}
	}
	return all
}

// Reports are those of one connector, the newest first; none where they can't be read.
func (s *Store) Reports(_ context.Context, id string) []connector.Report {
	if !isUUID(id) {
		return nil
	}
	return s.reports.of(id)
}

// Load is every connector with what its newest check came to, in the order of the file. It
// reads two files, waits for no lock, reads no token and touches no storage.
func (s *Store) Load(ctx context.Context) ([]connector.Entry, error) {
	outcomes := atlassian.Apart(s.reports.outcomes) // the two files side by side
	c, err := s.file.read()
	if err != nil {
		return nil, err
	}
	known := (<-outcomes)()
	entries := make([]connector.Entry, len(c.Connectors))
	for i, r := range c.Connectors {
		entries[i].Connector = r.Connector
		if entries[i].Last = known[r.ID]; entries[i].Last == nil {
			entries[i].Last = newest(s.reports.of(r.ID))
		}
	}
	return entries, ctx.Err()
}

// newest is what the first of reports came to; nil where there is none.
func newest(all []connector.Report) *connector.Outcome {
	if len(all) == 0 {
		return nil
	}
	return all[0].Outcome()
}

// Remember notes a report in its connector's history. Lists know of it once SaveOutcomes
// was called, this store's own at once. Errors are *connector.StoreError.
func (s *Store) Remember(_ context.Context, id string, r connector.Report) error {
	if !isUUID(id) {
		return s.notFound()
	}
	return s.reports.add(id, r)
}

// SaveOutcomes writes what the reports since the last call came to, in one write. What it
// finds of connectors that were removed meanwhile it deletes.
func (s *Store) SaveOutcomes(ctx context.Context) error {
	entries, err := s.Load(ctx)
	if err != nil {
		return err
	}
	all := make(map[string]*connector.Outcome, len(entries))
	saved := make(map[string]bool, len(entries))
	for _, e := range entries {
		if saved[e.ID] = true; e.Last != nil {
			all[e.ID] = e.Last
		}
	}
	fresh, err := s.reports.save(all)
	for _, id := range fresh {
		if !saved[id] {
			_ = s.reports.forget(id) // the next collection does it
		}
	}
	return err
}

// collectReports deletes the reports of connectors that are gone, which land when a check ends
// after a removal, and counts them. connectors.json is read after the folder: no connector that is
// new since then can lose its reports. Where there is no such file none of them are deleted, since
// it may come back from a backup.
func (s *Store) collectReports() (deleted int, err error) {
	ids := s.reports.ids()
	if len(ids) == 0 {
		return 0, nil
	}
	c, err := s.file.read()
	if err != nil || c.Revision == 0 {
		return 0, err
	}
	at := c.at()
	for _, id := range ids {
		if _, there := at[id]; !there && s.reports.forget(id) == nil {
			deleted++
		}
	}
	return deleted, nil
}
