package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"saasconnect/connector"
)

// The newest report alone is what List has first, whatever the history's file looks like.
func TestNewest(t *testing.T) {
	h := &history{dir: t.TempDir()}
	const id = "00000001-0000-4000-8000-000000000000"
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	newest := connector.PastReport(connector.Connector{}, now)
	good := `{"version":1,"reports":[` + asJSON(t, newest) + `,` + asJSON(t, connector.PastReport(connector.Connector{}, now.AddDate(0, 0, -1))) + `]}`
	for name, c := range map[string]struct {
		content string
		want    int
	}{
		"good": {good, 1}, "cut after the newest": {good[:len(good)-40], 1}, "none yet": {`{"version":1,"reports":[]}`, 0},
		"newer": {`{"version":2,"reports":[{}]}`, 0}, "no version": {`{"reports":[{}]}`, 0}, "not JSON": {"ok", 0}, "empty": {"", 0},
		"cut within": {good[:60], 0}, "something else": {`{"version":1,"reports":7}`, 0},
	} {
		if err := os.WriteFile(filepath.Join(h.dir, id+".json"), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, sure := h.newest(id)
		if (got != nil) != (c.want == 1) || sure != (c.want == 1) {
			t.Errorf("%s: %v, sure %v, want %d", name, got, sure, c.want)
		}
		if name == "good" && !reflect.DeepEqual(*got, h.read(id)[0]) {
			t.Errorf("%+v, and List has %+v", got, h.read(id)[0])
		}
	}
	if got, sure := h.newest("00000002-0000-4000-8000-000000000000"); got != nil || !sure {
		t.Errorf("%v, sure %v: a report of nobody", got, sure)
	}
}

func asJSON(t *testing.T, r connector.Report) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
