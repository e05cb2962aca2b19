package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestTidy: what is swept, what is left, and which safe could not be asked.
func TestTidy(t *testing.T) {
	home := t.TempDir()
	one := &oddSafe{Memory: newMemory(), state: connector.StorageReady, onRemove: func() error { return errors.New("not now") }}
	s := opened(t, home, inStorage(one))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	for _, newer := range []string{canary + "2", canary} {
		if err := replaced(s, t.Context(), added, atlassian.NewToken(newer)); err != nil {
			t.Fatal(err)
		}
	}
	must(t, s.file.update(t.Context(), func(c *contents) error { // as writes that were given up leave them
		for i := range c.References {
			c.References[i].State = pending
		}
		return nil
	}))
	stale := filepath.Join(home, "state", "history", ".x.json.tmp-1")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(stale, day.Add(-time.Hour), day.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	one.onRemove = nil
	for _, c := range []struct {
		what    string
		after   time.Duration
		state   connector.StorageState
		want    connector.TidyReport
		unasked int
	}{
		{"young", 0, connector.StorageReady, connector.TidyReport{Uncollected: 2, Young: 2}, 0},
		{"locked", time.Hour, connector.StorageLocked, connector.TidyReport{Uncollected: 2, Temps: 1}, 1},
		{"ready", time.Hour, connector.StorageReady, connector.TidyReport{Collected: 2}, 0},
		{"nothing is left", time.Hour, connector.StorageLocked, connector.TidyReport{}, 0},
	} {
		one.state = c.state
		got, err := later(t, home, one, c.after).Tidy(t.Context())
		if err != nil || got.Collected != c.want.Collected || got.Temps != c.want.Temps || got.Uncollected != c.want.Uncollected || got.Young != c.want.Young || len(got.Unasked) != c.unasked {
			t.Errorf("%s: %+v, %v", c.what, got, err)
		}
		if c.unasked == 1 && got.Unasked[0].State != connector.StorageLocked {
			t.Errorf("%s: %+v", c.what, got.Unasked)
		}
	}
	mustToken(t, s, added.ID, canary)
	invariants(t, s, 1)
	if err := os.WriteFile(filepath.Join(home, "connectors.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, "connectors.json.bak")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Tidy(t.Context()); whyOf(t, err) != "damaged" || len(one.Refs()) != 1 {
		t.Errorf("damaged: %v, %d values", err, len(one.Refs()))
	}
}

// TestTidyOfEncryptedFiles: deleting them needs no passphrase.
func TestTidyOfEncryptedFiles(t *testing.T) {
	home := t.TempDir()
	s, added := openedEncryptedFile(t, home)
	ref := contentOf(t, s).Connectors[0].Ref
	s = opened(t, home, func(o *Options) {
		o.testOnlyFail = func(point string) error {
			if point == "storage:delete" {
				return errCrash
			}
			return nil
		}
	})
	if left, err := s.Remove(t.Context(), added.ID); err != nil || left == nil || left.Kind != connector.StorageFile {
		t.Fatalf("removing: %v, left %v", err, left)
	}
	if _, err := os.Stat(encryptedPath(s, ref)); err != nil {
		t.Fatal(err)
	}
	locked := opened(t, home, nil)
	got, err := locked.Tidy(t.Context())
	if err != nil || got.Collected != 1 || got.Uncollected != 0 || len(got.Unasked) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := os.Stat(encryptedPath(s, ref)); err == nil {
		t.Error("the encrypted file is there still")
	}
}

// TestReportsOfTheRemoved: a report that lands after the removal of its connector is gone
// with the next change, and doctor says that it swept it. Reports of connectors that are
// there stay, and all of them stay where connectors.json is gone for now.
func TestReportsOfTheRemoved(t *testing.T) {
	home, one := t.TempDir(), newMemory()
	s := opened(t, home, inStorage(one))
	stays, gone := mustAdd(t, s, acmeJira(t, connector.StorageKeyring)), mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	late := func() {
		t.Helper()
		must(t, removed(s.Remove(t.Context(), gone.ID)))
		checking := opened(t, home, inStorage(one)) // its run is killed before it ends
		must(t, checking.Remember(t.Context(), gone.ID, connector.Report{Code: connector.CodeOK}))
	}
	left := func() bool { return len(opened(t, home, nil).reports.of(gone.ID)) > 0 }
	late()
	if report, err := opened(t, home, inStorage(one)).Tidy(t.Context()); err != nil || report.Histories != 1 || left() {
		t.Errorf("%+v, %v; left %v", report, err, left())
	}
	gone = mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	late()
	mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	if left() || len(s.Reports(t.Context(), stays.ID)) != 1 {
		t.Errorf("left %v; the other has %d reports", left(), len(s.Reports(t.Context(), stays.ID)))
	}
	must(t, os.Remove(filepath.Join(home, "connectors.json")))
	must(t, os.Remove(filepath.Join(home, "connectors.json.bak")))
	if report, err := s.Tidy(t.Context()); err != nil || report.Histories != 0 {
		t.Errorf("without connectors.json: %+v, %v", report, err)
	}
}

// TestTidyAfterARemovalThatWasCutShort: nothing of the connector is left in any file.
func TestTidyAfterARemovalThatWasCutShort(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, nil)
	c := acmeJira(t, connector.StorageReference)
	c.Email, c.Reference = "gone@example.com", &connector.Reference{Env: "SAASCONNECT_TEST_NOWHERE"}
	stays, gone := acmeJira(t, connector.StorageReference), mustAdd(t, s, c)
	stays.Reference = c.Reference
	mustAdd(t, s, stays)
	must(t, s.file.update(t.Context(), func(c *contents) error { // and then the process ended
		c.Connectors = c.Connectors[1:]
		return nil
	}))
	_, err := opened(t, home, nil).Tidy(t.Context())
	must(t, err)
	for _, name := range []string{"connectors.json", "state/proven.json", "state/outcomes.json"} {
		if text := string(readOf(t, filepath.Join(home, name))); strings.Contains(text, gone.ID) || strings.Contains(text, gone.Email) {
			t.Errorf("%s has it still: %s", name, text)
		}
	}
	if _, err := os.Stat(s.state.path(gone.ID)); err == nil {
		t.Error("its history is there still")
	}
}

// TestAHistoryOfANewerVersion is left as it is, and that is said.
func TestAHistoryOfANewerVersion(t *testing.T) {
	s := opened(t, t.TempDir(), inStorage(newMemory()))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	for _, newer := range []string{`{"version":2,"reports":[{"better":true}]}`, `{"version":2,"reports":{"of":"another kind"}}`} {
		must(t, os.WriteFile(s.state.path(added.ID), []byte(newer), 0o600))
		if err := s.Remember(t.Context(), added.ID, connector.Report{Code: connector.CodeOK}); err == nil || whyOf(t, err) != "newer" {
			t.Errorf("%v", err)
		}
		if got := string(readOf(t, s.state.path(added.ID))); got != newer {
			t.Errorf("it became %s", got)
		}
	}
}

// TestSweepingManyTakesLinearTime: fifty thousand loose references are struck in one go.
func TestSweepingManyTakesLinearTime(t *testing.T) {
	content := contents{}
	refs := make([]string, 50_000)
	for i := range refs {
		refs[i] = fmt.Sprintf("b3a2c1d0-0000-4000-8000-%012d", i)
		content.note(refs[i], connector.StorageFile, pending, day)
	}
	began := time.Now()
	content.release(refs[1:]...)
	if took := time.Since(began); took > time.Second || len(content.References) != 1 || content.References[0].Ref != refs[0] {
		t.Errorf("%d left after %v", len(content.References), took)
	}
}
