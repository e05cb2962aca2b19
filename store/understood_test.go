package store

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"testing"

	"saasconnect/connector"
)

// manyKept is a store of so many connectors whose tokens are in the environment.
func manyKept(t *testing.T, n int) (*Store, []connector.Added) {
	t.Helper()
	s := opened(t, t.TempDir(), nil)
	batch := make([]connector.Addition, n)
	for i := range batch {
		c := acmeJira(t, connector.SafeReference)
		c.Name, c.Reference = fmt.Sprintf("customer-%d", i), &connector.Reference{Env: "SAASCONNECT_TEST_NOWHERE"}
		batch[i].Connector = c
	}
	added := s.AddMany(t.Context(), batch)
	for _, a := range added {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
	}
	return s, added
}

// A look at a file that stayed the same costs a small part of it, however large it is: a
// check of a thousand connectors looks a thousand times.
func TestALookAtTheSameFileHoldsNothing(t *testing.T) {
	s, added := manyKept(t, 400)
	const looks = 50
	look := func() {
		for i := range looks {
			if _, known, err := s.file.record(t.Context(), added[i].Connector.ID); err != nil || !known {
				t.Fatal(known, err)
			}
		}
	}
	look()
	info, err := os.Stat(s.file.path)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	look()
	runtime.ReadMemStats(&after)
	each := (after.TotalAlloc - before.TotalAlloc) / looks
	t.Logf("%d bytes for each look at a file of %d", each, info.Size())
	if each > uint64(info.Size())/20 {
		t.Errorf("a look takes %d bytes, at a file of %d that was understood before", each, info.Size())
	}
}

// Whatever changed in it is seen by the next look: the first byte, the last one, and those
// around the pieces in which it is compared; longer, shorter, gone.
func TestALookMissesNoChange(t *testing.T) {
	s, _ := manyKept(t, 200)
	good, err := os.ReadFile(s.file.path)
	if err != nil {
		t.Fatal(err)
	}
	if len(good) < 2*comparedAtOnce {
		t.Fatalf("a file of %d bytes is compared in one piece", len(good))
	}
	learn := func() {
		t.Helper()
		if err := os.WriteFile(s.file.path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.file.current(t.Context()); err != nil || !s.file.unchanged() {
			t.Fatal("it does not know what it has just read", err)
		}
	}
	for _, at := range []int{0, 1, comparedAtOnce - 1, comparedAtOnce, comparedAtOnce + 1, 2*comparedAtOnce - 1, len(good) - 1} {
		learn()
		other := bytes.Clone(good)
		other[at] ^= 1
		if err := os.WriteFile(s.file.path, other, 0o600); err != nil {
			t.Fatal(err)
		}
		if s.file.unchanged() {
			t.Errorf("byte %d of %d is another, and nothing was seen", at, len(good))
		}
	}
	for name, other := range map[string][]byte{"longer": append(bytes.Clone(good), '\n'), "shorter": good[:len(good)-1], "empty": {}, "gone": nil} {
		learn()
		err := os.Remove(s.file.path)
		if other != nil {
			err = os.WriteFile(s.file.path, other, 0o600)
		}
		if err != nil || s.file.unchanged() {
			t.Error(name, err)
		}
	}
}

// A connector that another process changed, added or removed is known to the next look.
func TestALookKnowsWhatOthersWrote(t *testing.T) {
	home := t.TempDir()
	mine, others := opened(t, home, nil), opened(t, home, nil)
	c := acmeJira(t, connector.SafeReference)
	c.Reference = &connector.Reference{Env: "SAASCONNECT_TEST_NOWHERE"}
	added := mustAdd(t, others, c)
	names := func() (all []string) {
		entries, err := mine.Bare(t.Context())
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
	if _, err := others.Edit(t.Context(), added, after); err != nil {
		t.Fatal(err)
	}
	changed := names()
	if err := others.Remove(t.Context(), added.ID); err != nil {
		t.Fatal(err)
	}
	if len(before) != 1 || len(changed) != 1 || before[0] == changed[0] || len(names()) != 0 {
		t.Errorf("%q, %q, %q", before, changed, names())
	}
}

// The past of one is what List says of it, and an id that is none opens no file.
func TestHistoryIsThatOfTheList(t *testing.T) {
	s, added := manyKept(t, 2)
	id := added[0].Connector.ID
	for i := range 3 {
		if err := s.Remember(t.Context(), id, connector.PastReport(added[0].Connector, day.AddDate(0, 0, i))); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := s.History(t.Context(), id)
	if len(got) != 4 || len(entries[0].Reports) != 4 || !got[0].At.Equal(entries[0].Reports[0].At) {
		t.Errorf("%d reports, and the list has %d", len(got), len(entries[0].Reports))
	}
	recent, err := s.Recent(t.Context())
	if err != nil || len(recent) != len(entries) {
		t.Fatalf("%d of %d, %v", len(recent), len(entries), err)
	}
	for i, e := range recent {
		if len(e.Reports) != 1 || !reflect.DeepEqual(e.Reports[0], entries[i].Reports[0]) || e.ID != entries[i].ID {
			t.Errorf("%s: %d reports, the newest %+v", e.Name, len(e.Reports), e.Last())
		}
	}
	if s.History(t.Context(), "../../"+id) != nil || s.History(t.Context(), "row 1") != nil {
		t.Error("a past of what is no connector")
	}
}
