package store

import (
	"errors"
	"sync"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Two windows on one connector: who saves second is told that it was changed, and nothing of what
// the first one saved is lost. After another look the change is made.
func TestSecondWriterIsTold(t *testing.T) {
	one := newMemory()
	home := t.TempDir()
	mine, theirs := opened(t, home, inStorage(one)), opened(t, home, inStorage(one))
	before := mustAdd(t, mine, acmeJira(t, connector.StorageKeyring))

	renamed, moved := before, before
	renamed.Name = "main"
	moved.Account, moved.Email = "Acme Ltd", "mia.krystof@example.com"
	if _, err := edit(mine, t.Context(), before, renamed); err != nil {
		t.Fatal(err)
	}
	if _, err := edit(theirs, t.Context(), before, moved); whyOf(t, err) != "changed" {
		t.Fatalf("written over: %v", err)
	}
	if _, err := replace(theirs, t.Context(), before, before, atlassian.NewToken("the-new-token-of-mia")); whyOf(t, err) != "changed" {
		t.Fatalf("replaced: %v", err)
	}
	if err := edited(t, theirs, before.ID, func(c *connector.Connector) { c.Account, c.Email = moved.Account, moved.Email }); err != nil {
		t.Fatal(err)
	}
	now, err := recordOf(mine, before.ID)
	if err != nil || now.Name != "main" || now.Account != "Acme Ltd" || now.Email != "mia.krystof@example.com" {
		t.Fatalf("%+v, %v", now, err)
	}
	mustToken(t, mine, before.ID, canary)
	invariants(t, mine, 1)
}

// edited looks at a connector and changes it.
func edited(t *testing.T, s *Store, id string, change func(*connector.Connector)) error {
	t.Helper()
	before, err := recordOf(s, id)
	if err != nil {
		return err
	}
	after := before.Connector
	change(&after)
	_, err = edit(s, t.Context(), before.Connector, after)
	return err
}

// The site moves while a new token is being encrypted for the old one: the token is not put
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
		if _, err := edit(opened(t, home, inStorage(one.Memory)), t.Context(), added, moved); err != nil {
			t.Error(err)
		}
	}
	if _, err := replace(s, t.Context(), added, added, atlassian.NewToken("the-new-token-of-mia")); whyOf(t, err) != "changed" {
		t.Errorf("replaced all the same: %v", err)
	}
	one.onPut = nil
	invariants(t, s, 1)
	mustToken(t, s, added.ID, canary)
}

// Many windows at once, each changing facts of its own and looking again where it was told so:
// nothing is lost.
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
			w := opened(t, home, inStorage(one))
			for range 50 {
				err := edited(t, w, before.ID, change)
				var file *connector.StoreError
				if err == nil {
					return
				}
				if !errors.As(err, &file) || file.Why != connector.StoreBusy && file.Why != connector.StoreChanged {
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

// What is saved is what is read back, whatever was typed: else the next change from it would be
// refused as if another program had made one.
func TestWhatIsSavedIsWhatIsRead(t *testing.T) {
	s := opened(t, t.TempDir(), inStorage(newMemory()))
	for _, account := range []string{"Acme\u00a0GmbH", "Acme\u3000GmbH", "caf\xe9", "a\u200db", "soft\u00adhyphen", "two  blanks", "\u202eright"} {
		c := acmeJira(t, connector.StorageKeyring)
		c.Account = account
		added := mustAdd(t, s, c)
		after := added
		after.Account = account + "!"
		now, err := edit(s, t.Context(), added, after)
		if err != nil {
			t.Fatalf("%q: %v", account, err)
		}
		after = now
		after.Expires = connector.DateOf(day)
		if _, err := edit(s, t.Context(), now, after); err != nil {
			t.Errorf("%q, changed twice: %v", account, err)
		}
	}
}

// TestChangedSaysWhat: the error names the connector, and what of it was changed.
func TestChangedSaysWhat(t *testing.T) {
	s := opened(t, t.TempDir(), inStorage(newMemory()))
	before := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	must(t, edited(t, s, before.ID, func(c *connector.Connector) { c.Account, c.Expires = "Beta", connector.DateOf(day) }))
	_, err := edit(s, t.Context(), before, before)
	var file *connector.StoreError
	if !errors.As(err, &file) || file.Name != "acme-jira" || file.Detail != "account and expiry date" {
		t.Errorf("%+v", file)
	}
}
