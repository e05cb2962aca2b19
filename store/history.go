package store

import (
	"context"
	"encoding/json"
	"path/filepath"

	"saasconnect/connector"
)

// The last reports, in a file of their own: they are written at every check, can be lost
// without harm, and must never endanger connectors.json or fail what they belong to.

// keptReports is how many reports a connector keeps.
const keptReports = 30

// largestHistory bounds what is read back.
const largestHistory = 128 << 20

// history is history.json.
type history struct {
	path string
	file *file // lends its lock
	fail func(string) error
}

type historyContent struct {
	Version int                           `json:"version"`
	Reports map[string][]connector.Report `json:"reports"` // by connector id, the newest first
}

// read is what is there; nothing where it can't be read.
func (h *history) read() map[string][]connector.Report {
	data, err := readBounded(h.path, largestHistory)
	var c historyContent
	if err != nil || json.Unmarshal(data, &c) != nil || c.Version != 1 || c.Reports == nil {
		return map[string][]connector.Report{}
	}
	return c.Reports
}

// add puts a report in front of a connector's.
func (h *history) add(ctx context.Context, id string, r connector.Report) error {
	return h.change(ctx, func(all map[string][]connector.Report) {
		reports := append([]connector.Report{r}, all[id]...)
		all[id] = reports[:min(len(reports), keptReports)]
	})
}

func (h *history) forget(ctx context.Context, id string) error {
	return h.change(ctx, func(all map[string][]connector.Report) { delete(all, id) })
}

func (h *history) change(ctx context.Context, do func(map[string][]connector.Report)) error {
	return h.file.locked(ctx, func() error {
		all := h.read()
		do(all)
		data, err := json.Marshal(historyContent{1, all})
		if err != nil {
			return h.file.trouble(err)
		}
		if err := makeFolder(filepath.Dir(h.path)); err != nil {
			return h.file.trouble(err)
		}
		if err := writeAtomic(h.path, data, h.fail); err != nil {
			return h.file.trouble(err)
		}
		return nil
	})
}
