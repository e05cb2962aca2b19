package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// Many at once: what is wrong with one of them is its own, what is wrong with the file is
// everyone's, and the writes do not grow with the number. What kills, full disks and
// crashes do to a batch stands beside what they do to a single one ("many").

func batchOf(t *testing.T, n int, change func(i int, b *connector.Write)) []connector.Write {
	t.Helper()
	batch := make([]connector.Write, n)
	for i := range batch {
		batch[i] = connector.Write{After: acmeJira(t, connector.StorageKeyring), Token: atlassian.NewToken(fmt.Sprint(canary, i)), Report: &connector.Report{Code: connector.CodeOK, At: day}}
		if change != nil {
			change(i, &batch[i])
		}
	}
	return batch
}

func TestManyInFewWrites(t *testing.T) {
	renames := 0
	s := opened(t, t.TempDir(), func(o *Options) {
		inStorage(newMemory())(o)
		o.testOnlyFail = func(point string) error {
			if point == "connectors.json:rename" {
				renames++
			}
			return nil
		}
	})
	for i, a := range s.Save(t.Context(), batchOf(t, 50, nil)) {
		if a.Err != nil || a.Connector.Name == "" {
			t.Fatalf("%d: %+v", i, a)
		}
		mustToken(t, s, a.Connector.ID, fmt.Sprint(canary, i))
	}
	entries, err := s.Load(t.Context())
	if err != nil || len(entries) != 50 || entries[49].Name != "acme-jira-50" || entries[49].Last == nil {
		t.Errorf("%d connectors, %v", len(entries), err)
	}
	if renames != 2 {
		t.Errorf("connectors.json was written %d times", renames)
	}
	invariants(t, s, 50)
}

// Names that are taken, by a saved one or within the batch, a missing reference and a storage
// that is not there keep none of the others from being saved.
func TestOneOfManyIsWrong(t *testing.T) {
	t.Setenv("T", canary)
	one := newMemory()
	s := opened(t, t.TempDir(), inStorage(one))
	mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	added := s.Save(t.Context(), batchOf(t, 7, func(i int, b *connector.Write) {
		switch i {
		case 1:
			b.After.Name = "ACME-jira"
		case 2:
			b.After.Name = "north"
		case 3:
			b.After.Name = "NORTH"
		case 4:
			b.After.KeptIn = connector.StorageReference
		case 5:
			b.After.KeptIn = connector.StorageFile // which this store does not have
		case 6:
			b.After.KeptIn, b.After.Reference = connector.StorageReference, &connector.Reference{Env: "T"}
		}
	}))
	var got []string
	for _, a := range added {
		if a.Err == nil {
			got = append(got, a.Connector.Name)
			continue
		}
		got = append(got, whyOf(t, a.Err))
		noCanaryInError(t, a.Err)
	}
	if want := "acme-jira-2 name-taken north name-taken missing unavailable acme-jira-3"; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	invariants(t, s, 4)
	if n := len(one.Refs()); n != 3 {
		t.Errorf("the safe holds %d values", n)
	}
	if loose := contentOf(t, s).References; len(loose) != 0 {
		t.Errorf("left loose: %v", loose)
	}
}

// refusing is a storage that says no from the nth token on.
type refusing struct {
	*secret.Memory
	left, asked int
}

func (r *refusing) Put(ctx context.Context, ref string, value []byte) error {
	r.asked++
	if r.left--; r.left < 0 {
		return secret.Error(connector.StorageKeyring, connector.StorageWhyRefused, nil)
	}
	return r.Memory.Put(ctx, ref, value)
}

// A storage that said no once is not asked again for each of the rest; those before are kept.
func TestAStorageThatStopsInTheMiddle(t *testing.T) {
	one := &refusing{Memory: newMemory(), left: 2}
	s := opened(t, t.TempDir(), inStorage(one))
	kept := 0
	for _, a := range s.Save(t.Context(), batchOf(t, 5, nil)) {
		if a.Err == nil {
			kept++
		} else if whyOf(t, a.Err) != "refused" {
			t.Error(a.Err)
		}
	}
	if kept != 2 || one.asked != 3 {
		t.Errorf("%d kept, asked %d times", kept, one.asked)
	}
	invariants(t, s, 2)
}

// Each write of a batch fails in turn, with the process alive: all are kept or none, and
// nothing is left behind.
func TestManyOnAFailingDisk(t *testing.T) {
	for n := range 100 {
		home, one := t.TempDir(), newMemory()
		calm := opened(t, home, inStorage(one))
		bystander := mustAdd(t, calm, acmeJira(t, connector.StorageKeyring))
		left, met := n, false
		s := opened(t, home, func(o *Options) {
			inStorage(one)(o)
			o.testOnlyFail = func(point string) error {
				if strings.HasPrefix(point, "storage:") {
					return nil
				}
				if left--; left == -1 {
					met = true
					return syscall.ENOSPC
				}
				return nil
			}
		})
		added := s.Save(t.Context(), batchOf(t, 3, nil))
		failed := slices.IndexFunc(added, func(a connector.Written) bool { return a.Err != nil }) >= 0
		want := 4
		if failed {
			want = 1
		}
		for _, a := range added {
			if (a.Err != nil) != failed || failed && whyOf(t, a.Err) != "full" {
				t.Errorf("step %d: %v", n, a.Err)
			}
		}
		invariants(t, calm, want)
		mustToken(t, calm, bystander.ID, canary)
		if len(one.Refs()) != want {
			t.Errorf("step %d left %v", n, one.Refs())
		}
		if !met {
			return
		}
	}
	t.Fatal("the change never comes to its end")
}

// Many changes in one write: each is made, or says why not, and none hinders another.
func TestEditMany(t *testing.T) {
	one := newMemory()
	writes := 0
	s := opened(t, t.TempDir(), func(o *Options) {
		inStorage(one)(o)
		o.testOnlyFail = func(point string) error {
			if point == "connectors.json:rename" {
				writes++
			}
			return nil
		}
	})
	var all []connector.Connector
	for range 7 {
		all = append(all, mustAdd(t, s, acmeJira(t, connector.StorageKeyring)))
	}
	meanwhile := all[3]
	meanwhile.Account = "Theirs"
	if _, err := edit(s, t.Context(), all[3], meanwhile); err != nil {
		t.Fatal(err)
	}
	batch := make([]connector.Write, len(all))
	for i, c := range all {
		batch[i] = connector.Write{Before: c, After: c}
		batch[i].After.Account = "Acme"
	}
	batch[1].After.Name = "north"
	batch[2].After.Name = "ACME-jira"                             // is another's
	batch[4].Before.ID = "b3a2c1d0-0000-4000-8000-000000000000"   // does not exist
	batch[5].After.Email = "mia.krystof@example.com"              // binds the token again
	batch[6].After.Name, batch[6].After.Account = "North", "Acme" // was taken a moment ago
	writes = 0
	var got []string
	for i, e := range s.Save(t.Context(), batch) {
		if e.Err != nil {
			got = append(got, whyOf(t, e.Err))
			continue
		}
		got = append(got, e.Connector.Name+" "+e.Connector.Account)
		mustToken(t, s, all[i].ID, canary)
	}
	if want := "acme-jira Acme, north Acme, name-taken, changed, not-found, acme-jira-6 Acme, name-taken"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if writes != 3 { // one notes the reference of the one that is stored again, one commits all, one strikes
		t.Errorf("connectors.json was written %d times", writes)
	}
	invariants(t, s, 7)
}
