package store

import (
	"errors"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// errCrash stands for the process being gone: nothing is done after it.
var errCrash = errors.New("the power failed")

// crasher lets n steps pass, and fails every one after that, since a process that is gone
// does not tidy up either.
type crasher struct{ left, passed int }

func (c *crasher) fail(string) error {
	c.passed++
	if c.left--; c.left < 0 {
		return errCrash
	}
	return nil
}

// TestCrashAtEveryStep ends each change at each of its steps. Whatever happened: no other
// connector is harmed, no reference dangles, no value is unlisted, and once the loose ones
// are old enough the next change sweeps them. With -short, at every seventh step.
func TestCrashAtEveryStep(t *testing.T) {
	changes := map[string]func(*Store, connector.Connector) error{
		"add": func(s *Store, c connector.Connector) error {
			c.ID, c.Name = "", ""
			_, err := add(s, t.Context(), c, atlassian.NewToken("added-in-the-storm"), connector.Report{})
			return err
		},
		"many":  func(s *Store, c connector.Connector) error { return addSome(t.Context(), s, c) },
		"mixed": func(s *Store, c connector.Connector) error { return saveMixed(t.Context(), s, c) },
		"replace": func(s *Store, c connector.Connector) error {
			return replaced(s, t.Context(), c, atlassian.NewToken("replaced-in-the-storm"))
		},
		"reword": func(s *Store, c connector.Connector) error { return rewordAll(t.Context(), s, c) },
		"edit": func(s *Store, c connector.Connector) error {
			after := c
			after.Email = "mia.krystof@example.com"
			_, err := edit(s, t.Context(), c, after)
			return err
		},
		"remove": func(s *Store, c connector.Connector) error { return removed(s.Remove(t.Context(), c.ID)) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n += stride() {
				if crashAt(t, n, change) {
					t.Logf("%d steps at most", n)
					return
				}
				if n > 200 {
					t.Fatal("the change never comes to its end")
				}
			}
		})
	}
}

// stride is how many steps further each run of TestCrashAtEveryStep and TestKilledAtEveryStep
// gets: one, or seven with -short, where starting a process takes long.
func stride() int {
	if testing.Short() {
		return 7
	}
	return 1
}

// crashAt lets n steps pass; true when the change came to its end before that.
func crashAt(t *testing.T, n int, change func(*Store, connector.Connector) error) (finished bool) {
	t.Helper()
	home, one := t.TempDir(), newMemory()
	calm := opened(t, home, inStorage(one))
	bystander := mustAdd(t, calm, acmeJira(t, connector.StorageKeyring))
	target := mustAdd(t, calm, acmeJira(t, connector.StorageKeyring))
	for range 2 {
		mustAdd(t, calm, acmeJira(t, connector.StorageKeyring))
	}

	storm := &crasher{left: n}
	err := change(opened(t, home, func(o *Options) {
		inStorage(one)(o)
		o.testOnlyFail = storm.fail
	}), target)
	finished = storm.passed <= n
	if finished && err != nil {
		t.Fatalf("without a crash: %v", err)
	}

	after := opened(t, home, inStorage(one))
	invariants(t, after, -1)
	mustToken(t, after, bystander.ID, canary)

	later := opened(t, home, func(o *Options) {
		inStorage(one)(o)
		o.Now = func() time.Time { return day.Add(staleAfter + time.Hour) }
	})
	mustAdd(t, later, acmeJira(t, connector.StorageKeyring))
	content, err := later.file.read()
	if err != nil {
		t.Fatal(err)
	}
	if len(content.References) != 0 || len(one.Refs()) != len(content.Connectors) {
		t.Errorf("after a crash at step %d: %d loose references, %d values for %d connectors", n, len(content.References), len(one.Refs()), len(content.Connectors))
	}
	invariants(t, later, -1)
	return finished
}
