package store

import (
	"errors"
	"sync"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Two windows on one connector: what one changed stays when the other saves something
// else, and the same fact changed to two ends is said, not silently lost.
func TestTwoWritersMergeOrAreTold(t *testing.T) {
	one := newMemory()
	home := t.TempDir()
	mine, theirs := opened(t, home, inStorage(one)), opened(t, home, inStorage(one))
	before := mustAdd(t, mine, acmeJira(t, connector.StorageKeyring))

	renamed, moved := before, before
	renamed.Name = "main"
	moved.Account, moved.Email = "Acme Ltd", "mia.krystof@example.com"
	if _, err := mine.Edit(t.Context(), before, renamed); err != nil {
		t.Fatal(err)
	}
	now, err := theirs.Edit(t.Context(), before, moved)
	if err != nil || now.Name != "main" || now.Account != "Acme Ltd" || now.Email != "mia.krystof@example.com" {
		t.Fatalf("merged to %+v, %v", now, err)
	}
	now, err = mine.Replace(t.Context(), before, before, atlassian.NewToken("the-new-token-of-mia"))
	if err != nil || now.Email != "mia.krystof@example.com" {
		t.Fatalf("replaced to %+v, %v", now, err)
	}
	mustToken(t, theirs, before.ID, "the-new-token-of-mia")

	other := before
	other.Account = "Beta Ltd"
	if _, err := mine.Edit(t.Context(), before, other); whyOf(t, err) != "changed" {
		t.Errorf("the account changed twice: %v", err)
	}
	other = before
	other.Email = "olga@example.com"
	if _, err := mine.Replace(t.Context(), before, other, atlassian.NewToken("x")); whyOf(t, err) != "changed" {
		t.Errorf("the e-mail changed twice: %v", err)
	}
	invariants(t, mine, 1)
	mustToken(t, mine, before.ID, "the-new-token-of-mia")
}

// The site moves while a new token is being sealed for the old one: the token is not put
// into a connector that it is not bound to.
func TestMovedWhileReplaced(t *testing.T) {
	home := t.TempDir()
	one := &oddSafe{Memory: newMemory(), state: connector.StorageReady}
	s := opened(t, home, inStorage(one))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	moved := added
	moved.Email = "mia.krystof@example.com"
	one.onPut = func() {
		one.onPut = nil
		if _, err := opened(t, home, inStorage(one.Memory)).Edit(t.Context(), added, moved); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Replace(t.Context(), added, added, atlassian.NewToken("the-new-token-of-mia")); whyOf(t, err) != "changed" {
		t.Errorf("replaced all the same: %v", err)
	}
	one.onPut = nil
	invariants(t, s, 1)
	mustToken(t, s, added.ID, canary)
}

// Many windows at once, each changing facts of its own: nothing is lost.
func TestManyWritersLoseNothing(t *testing.T) {
	home := t.TempDir()
	one := newMemory()
	s := opened(t, home, inStorage(one))
	before := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	changes := []func(*connector.Connector){
		func(c *connector.Connector) { c.Name = "main" },
		func(c *connector.Connector) { c.Account = "Acme Ltd" },
		func(c *connector.Connector) { c.Expires = connector.DateOf(day) },
	}
	var wait sync.WaitGroup
	for _, change := range changes {
		wait.Go(func() {
			after := before
			change(&after)
			w := opened(t, home, inStorage(one))
			for range 50 {
				_, err := w.Edit(t.Context(), before, after)
				var file *connector.StoreError
				if err == nil {
					return
				}
				if !errors.As(err, &file) || file.Why != connector.StoreBusy {
					t.Error(err)
					return
				}
			}
			t.Error("never got through")
		})
	}
	wait.Wait()
	list, err := s.Load(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "main" || list[0].Account != "Acme Ltd" || list[0].Expires.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
}
