package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// manyKept is a store of so many connectors whose tokens are in the environment.
func manyKept(t *testing.T, n int) (*Store, []connector.Written) {
	t.Helper()
	s := opened(t, t.TempDir(), nil)
	batch := make([]connector.Write, n)
	for i := range batch {
		c := acmeJira(t, connector.StorageReference)
		c.Name, c.Reference = fmt.Sprintf("customer-%d", i), &connector.Reference{Env: "SAASCONNECT_TEST_NOWHERE"}
		batch[i] = connector.Write{After: c, Report: &connector.Report{}}
	}
	added := s.Save(t.Context(), batch)
	for _, a := range added {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
	}
	return s, added
}

// A connector that another process changed, added or removed is known to the next look.
func TestALookKnowsWhatOthersWrote(t *testing.T) {
	home := t.TempDir()
	mine, others := opened(t, home, nil), opened(t, home, nil)
	c := acmeJira(t, connector.StorageReference)
	c.Reference = &connector.Reference{Env: "SAASCONNECT_TEST_NOWHERE"}
	added := mustAdd(t, others, c)
	names := func() (all []string) {
		entries, err := mine.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name+" of "+e.Account)
		}
		return all
	}
	before := names()
	after := added
	after.Account = "Other Ltd"
	if _, err := edit(others, t.Context(), added, after); err != nil {
		t.Fatal(err)
	}
	changed := names()
	if err := removed(others.Remove(t.Context(), added.ID)); err != nil {
		t.Fatal(err)
	}
	if len(before) != 1 || len(changed) != 1 || before[0] == changed[0] || len(names()) != 0 {
		t.Errorf("%q, %q, %q", before, changed, names())
	}
}

// TestOutcomes: a run takes the file away when it begins and writes it at its end, so that a
// run which is killed leaves nothing that is behind; other processes list the same meanwhile.
func TestOutcomes(t *testing.T) {
	s, added := manyKept(t, 3)
	other := opened(t, filepath.Dir(s.disk.path), nil)
	codes := func(s *Store) (all []connector.Code) {
		entries, err := s.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Last.Code)
		}
		return all
	}
	there := func() bool { _, err := os.Stat(s.state.outcomesPath()); return err == nil }
	if !there() || !slices.Equal(codes(other), []connector.Code{"", "", ""}) {
		t.Fatal("adding did not write outcomes.json", codes(other))
	}
	must(t, s.Remember(t.Context(), added[1].Connector.ID, connector.Report{Code: connector.CodeNotAdmin, At: day}))
	want := []connector.Code{"", connector.CodeNotAdmin, ""}
	if there() || !slices.Equal(codes(s), want) || !slices.Equal(codes(other), want) {
		t.Errorf("within a run: there %v, %q, and another process sees %q", there(), codes(s), codes(other))
	}
	must(t, removed(other.Remove(t.Context(), added[2].Connector.ID)))
	must(t, s.Remember(t.Context(), added[2].Connector.ID, connector.Report{Code: connector.CodeNotAdmin, At: day}))
	must(t, s.SaveOutcomes(t.Context()))
	if !there() || !slices.Equal(codes(other), want[:2]) {
		t.Errorf("after it: there %v, %q", there(), codes(other))
	}
	if _, err := os.Stat(s.state.path(added[2].Connector.ID)); err == nil {
		t.Error("a report that landed after its connector was removed was left")
	}
}

// TestTokensKnowWhatOthersDid: a connector that another process replaced or removed since the
// file was read is looked for again.
func TestTokensKnowWhatOthersDid(t *testing.T) {
	home, one := t.TempDir(), newMemory()
	mine, other := opened(t, home, inStorage(one)), opened(t, home, inStorage(one))
	replacedOne, removedOne := mustAdd(t, mine, acmeJira(t, connector.StorageKeyring)), mustAdd(t, mine, acmeJira(t, connector.StorageKeyring))
	tokens, err := mine.Tokens(t.Context())
	must(t, err)
	must(t, replaced(other, t.Context(), replacedOne, atlassian.NewToken(canary+"2")))
	must(t, removed(other.Remove(t.Context(), removedOne.ID)))
	if token, err := tokens(t.Context(), replacedOne.ID); err != nil || !token.Equal(atlassian.NewToken(canary+"2")) {
		t.Errorf("replaced meanwhile: %v", err)
	}
	if _, err := tokens(t.Context(), removedOne.ID); whyOf(t, err) != "not-found" {
		t.Errorf("removed meanwhile: %v", err)
	}
	added := mustAdd(t, other, acmeJira(t, connector.StorageKeyring))
	if _, err := tokens(t.Context(), added.ID); err != nil {
		t.Errorf("added meanwhile: %v", err)
	}
}

// TestChecksWaitForNoLock: with the lock held by a process that has stopped, connectors are
// listed, their tokens read and their reports remembered, however many they are.
func TestChecksWaitForNoLock(t *testing.T) {
	home, one := t.TempDir(), newMemory()
	s := opened(t, home, inStorage(one))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	must(t, opened(t, home, inStorage(one)).disk.locked(t.Context(), func() error {
		tokens, err := s.Tokens(t.Context())
		must(t, err)
		if _, err := tokens(t.Context(), added.ID); err != nil {
			t.Errorf("its token: %v", err)
		}
		if err := s.Remember(t.Context(), added.ID, connector.Report{Code: connector.CodeNotAdmin, At: day}); err != nil {
			t.Errorf("its report: %v", err)
		}
		if err := s.SaveOutcomes(t.Context()); err != nil {
			t.Errorf("the outcomes: %v", err)
		}
		entries, err := s.Load(t.Context())
		if err != nil || entries[0].Last.Code != connector.CodeNotAdmin {
			t.Errorf("the list: %v, %v", entries, err)
		}
		return nil
	}))
}
