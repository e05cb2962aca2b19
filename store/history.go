package store

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"saasconnect/connector"
)

// The last reports, a file for each connector, apart from connectors.json: they are written
// at every check, can be lost without harm, and neither wait for the lock of the precious
// file nor for the disk. Of all but the newest only what a history shows is kept.

const (
	// keptReports is how many reports a connector keeps.
	keptReports = 30
	// largestHistory bounds what is read back of one connector.
	largestHistory = 1 << 20
)

// history is the folder of reports.
type history struct {
	dir     string
	fail    func(string) error
	now     func() time.Time
	writing sync.Mutex // of two reports of one connector neither is lost
	swept   sync.Once  // what killed writers left behind is looked for once a run
}

type historyContent struct {
	Version int                `json:"version"`
	Reports []connector.Report `json:"reports"` // the newest first
}

// path is safe for any id that came through decode or uuid.
func (h *history) path(id string) string { return filepath.Join(h.dir, id+".json") }

// Reports are those of one connector, the newest first; none where they can't be read.
func (s *Store) Reports(_ context.Context, id string) []connector.Report {
	if !isUUID(id) {
		return nil
	}
	return s.history.read(id)
}

func (h *history) read(id string) []connector.Report {
	reports, _ := h.readIts(id)
	return reports
}

// readIts also says of which version the file is; 0 where it can't be read.
func (h *history) readIts(id string) (reports []connector.Report, version int) {
	data, err := readBounded(h.path(id), largestHistory)
	var c historyContent
	if err != nil || json.Unmarshal(data, &c) != nil || c.Version != 1 {
		return nil, c.Version
	}
	cleanWords(&c.Reports)
	return c.Reports, c.Version
}

// ids are the connectors that have reports.
func (h *history) ids() (all []string) {
	entries, _ := os.ReadDir(h.dir) // a folder that is not there holds none
	for _, e := range entries {
		if id, found := strings.CutSuffix(e.Name(), ".json"); found && isUUID(id) {
			all = append(all, id)
		}
	}
	return all
}

// newest is the newest report, nil where there is none. It stands first in the file: of
// thirty, the others take most of the time.
func (h *history) newest(id string) *connector.Report {
	f, err := openPlain(h.path(id))
	if err != nil {
		return nil
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, largestHistory))
	var version float64
	for depth := 0; depth < 2; { // into the list of reports
		switch t, err := d.Token(); {
		case err != nil:
			return nil
		case t == json.Delim('{'), t == json.Delim('['):
			depth++
		default:
			if n, ok := t.(float64); ok {
				version = n
			}
		}
	}
	var r connector.Report
	if version != 1 || !d.More() || d.Decode(&r) != nil {
		return nil
	}
	cleanWords(&r)
	return &r
}

// add puts a report in front of a connector's.
func (h *history) add(id string, r connector.Report) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	if err := makeFolder(h.dir); err != nil {
		return err
	}
	h.swept.Do(func() { sweepTemps(h.dir, h.now()) })
	return h.write(id, r)
}

func (h *history) write(id string, r connector.Report) error {
	reports := []connector.Report{r}
	known, version := h.readIts(id)
	if version > 1 {
		return errNewer
	}
	for _, older := range known {
		older.Why, older.Remedies, older.Stages = "", nil, nil
		reports = append(reports, older)
	}
	data, err := json.Marshal(historyContent{1, reports[:min(len(reports), keptReports)]})
	if err != nil {
		return fmt.Errorf("encode the reports: %w", err)
	}
	return writeDisposable(h.path(id), append(data, '\n'), h.fail)
}

// forget deletes a connector's reports. What is left behind harms nobody, and is swept.
func (h *history) forget(id string) error {
	if !isUUID(id) {
		return nil
	}
	return removeFile(h.path(id))
}
