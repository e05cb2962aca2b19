package store

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"

	"saasconnect/connector"
)

// The last reports, a file for each connector apart from the precious one: they are
// written at every check, can be lost without harm, and must never endanger
// connectors.json or fail what they belong to. Of all but the newest only what a history
// shows is kept, so that a thousand connectors are still listed at once.

const (
	// keptReports is how many reports a connector keeps.
	keptReports = 30
	// largestHistory bounds what is read back of one connector.
	largestHistory = 1 << 20
)

// history is the folder of reports.
type history struct {
	dir  string
	file *file // lends its lock and its words
	fail func(string) error
	// swept: what killed writers left behind is looked for once a run.
	swept sync.Once
}

type historyContent struct {
	Version int                `json:"version"`
	Reports []connector.Report `json:"reports"` // the newest first
}

// path is safe for any id that came through decode or uuid.
func (h *history) path(id string) string { return filepath.Join(h.dir, id+".json") }

// read is a connector's reports; none where they can't be read.
func (h *history) read(id string) []connector.Report {
	data, err := readBounded(h.path(id), largestHistory)
	var c historyContent
	if err != nil || json.Unmarshal(data, &c) != nil || c.Version != 1 {
		return nil
	}
	return c.Reports
}

// add puts a report in front of a connector's.
func (h *history) add(ctx context.Context, id string, r connector.Report) error {
	return h.addAll(ctx, map[string]connector.Report{id: r})
}

// addAll does so for many, under one lock. It goes on behind one that can't be written, and
// returns the first error.
func (h *history) addAll(ctx context.Context, all map[string]connector.Report) error {
	for id := range all {
		if !isRef(id) {
			return &connector.ShelfError{Why: connector.ShelfNotFound, Where: h.dir}
		}
	}
	return h.file.locked(ctx, func() error {
		if err := makeFolder(h.dir); err != nil {
			return h.file.trouble(err)
		}
		h.file.cache.forget()
		h.swept.Do(func() { sweepTemps(h.dir, h.file.now()) }) // a thousand files to look through
		var first error
		for id, r := range all {
			if err := h.write(id, r); err != nil && first == nil {
				first = h.file.trouble(err)
			}
		}
		return first
	})
}

func (h *history) write(id string, r connector.Report) error {
	reports := []connector.Report{r}
	for _, older := range h.read(id) {
		older.Why, older.Remedies, older.Stages = "", nil, nil
		reports = append(reports, older)
	}
	data, err := json.Marshal(historyContent{1, reports[:min(len(reports), keptReports)]})
	if err != nil {
		return fmt.Errorf("encode the reports: %w", err)
	}
	return writeAtomic(h.path(id), append(data, '\n'), h.fail)
}

// forget is best effort: what is left behind harms nobody.
func (h *history) forget(id string) {
	if isRef(id) {
		_ = removeFile(h.path(id))
	}
}
