package store

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"saasconnect/connector"
)

// outcomes.json in the state folder: what the newest check of each connector came to, so
// that a list of a thousand reads two files and not a thousand histories. It is taken away
// when a run of checks begins to write histories and written once at its end, so a run that
// is killed leaves none, and never one that is behind. It can be lost without harm: what it
// does not know is read from the histories.

const largestOutcomes = 16 << 20

// outcomes is that file, and what this run knows that is not in it.
type outcomes struct {
	path string
	fail func(string) error

	mu    sync.Mutex
	run   map[string]*connector.Outcome // by connector id; nil where no run has begun
	fresh []string                      // the ids that this run learned something about
}

type outcomesContent struct {
	Version  int                           `json:"version"`
	Outcomes map[string]*connector.Outcome `json:"outcomes"` // by connector id
}

// readFile is the file; empty where it can't be read.
func (o *outcomes) readFile() map[string]*connector.Outcome {
	var c outcomesContent
	data, err := readBounded(o.path, largestOutcomes)
	if err != nil || json.Unmarshal(data, &c) != nil || c.Version != 1 || c.Outcomes == nil {
		return map[string]*connector.Outcome{}
	}
	for _, o := range c.Outcomes {
		cleanWords(o)
	}
	return c.Outcomes
}

// read is the file and what this run knows, the later of the two for each connector.
func (o *outcomes) read() map[string]*connector.Outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := o.readFile()
	for id, known := range o.run {
		if old := all[id]; old == nil || !old.At.After(known.At) {
			all[id] = known
		}
	}
	return all
}

// begin takes the file away before the first history of a run is written.
func (o *outcomes) begin() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.run == nil {
		o.run = o.readFile()
		_ = os.Remove(o.path) // best effort: at worst a list shows the outcome before
	}
}

func (o *outcomes) learn(id string, r connector.Report) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.run == nil { // another run of this process has just ended
		o.run = map[string]*connector.Outcome{}
	}
	o.run[id], o.fresh = r.Outcome(), append(o.fresh, id)
}

// end forgets what the run knew, and returns the ids that it learned something about.
func (o *outcomes) end() (fresh []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fresh = o.fresh
	o.run, o.fresh = nil, nil
	return fresh
}

// write replaces the file. Nobody's lock is waited for: the worst that two writers at once
// can do is to leave the older outcome of a connector until its next check.
func (o *outcomes) write(all map[string]*connector.Outcome) error {
	data, err := json.Marshal(outcomesContent{1, all})
	if err != nil {
		return fmt.Errorf("encode the outcomes: %w", err)
	}
	if err := makeFolder(filepath.Dir(o.path)); err != nil {
		return err
	}
	return writeDisposable(o.path, append(data, '\n'), o.fail)
}

// Load is every connector with what its newest check came to, in the order of the file. It
// reads two files, waits for no lock, reads no token and touches no safe.
func (s *Store) Load(ctx context.Context) ([]connector.Entry, error) {
	_ = os.Remove(filepath.Join(filepath.Dir(s.outcomes.path), "list.cache")) // of versions before 27 Nov 2026
	outcomes := apart(s.outcomes.read)                                        // the two files side by side
	content, err := s.file.read()
	if err != nil {
		return nil, err
	}
	known := (<-outcomes)()
	entries := make([]connector.Entry, len(content.Connectors))
	for i, r := range content.Connectors {
		entries[i].Connector = r.Connector
		if entries[i].Last = known[r.ID]; entries[i].Last == nil {
			entries[i].Last = s.history.newest(r.ID).Outcome()
		}
	}
	return entries, ctx.Err()
}

// Remember notes a report in its connector's history. Lists know of it once SaveOutcomes
// was called, this store's own at once. Errors are *connector.StoreError.
func (s *Store) Remember(_ context.Context, id string, r connector.Report) error {
	if !isUUID(id) {
		return s.notFound()
	}
	s.outcomes.begin()
	if err := s.history.add(id, r); err != nil {
		return s.file.trouble(err)
	}
	s.outcomes.learn(id, r)
	return nil
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
	for _, id := range s.outcomes.end() {
		if !saved[id] {
			_ = s.history.forget(id) // the next sweep does it
		}
	}
	if err := s.outcomes.write(all); err != nil {
		return s.file.trouble(err)
	}
	return nil
}
