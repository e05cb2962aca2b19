package secret

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestBindings: a token that is kept elsewhere is for whom it was entered, whatever
// connectors.json says by now.
func TestBindings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "proven.json")
	t.Setenv("ACME_TOKEN", canary)
	acme := acmeJira(t, connector.StorageReference)
	acme.Reference = &connector.Reference{Env: "ACME_TOKEN"}
	other, edited := acme, acme
	other.ID = "5b10a284-0000-4000-8000-000000000002"
	edited.Email = "eve@example.com"
	current := []connector.Connector{acme}
	locked := 0
	fresh := func() *References { // as a new process has it
		return NewReferences(ReferenceOptions{
			Path: path, Current: func() ([]connector.Connector, error) { return current, nil },
			Lock: func(_ context.Context, do func() error) error { locked++; return do() },
		})
	}
	r := fresh()
	get := func(c connector.Connector, want string) {
		t.Helper()
		got, err := r.Get(t.Context(), c, "")
		switch {
		case want == "" && (err != nil || got.Reveal() != canary):
			t.Errorf("%v", err)
		case want != "" && (err == nil || whyOf(t, err) != "other-site" || !strings.Contains(errors.Unwrap(err).Error(), want)):
			t.Errorf("%v, want %s", err, want)
		}
	}
	get(other, "") // there is no file yet: each is taken as it is, and those that are current are remembered
	get(acme, "")
	get(other, "it was not entered on this computer")
	get(edited, "it was entered for https://acme.atlassian.net and mia@example.com")
	if r = fresh(); locked != 1 {
		t.Errorf("locked %d times", locked)
	}
	get(edited, "mia@example.com")
	current = append(current, other)
	must(t, r.Bind(t.Context(), acmeJira(t, connector.StorageFile))) // encrypted: nothing to remember
	get(other, "not entered")
	must(t, r.Bind(t.Context(), other, edited))
	get(other, "")
	get(edited, "")
	get(acme, "eve@example.com")
	must(t, r.Announce(t.Context(), acme, acmeJira(t, connector.StorageFile))) // while it is saved both are right
	get(acme, "")
	get(edited, "")
	must(t, r.Bind(t.Context(), acme))
	get(edited, "mia@example.com")
	before := locked
	if must(t, r.Forget(t.Context())); locked != before {
		t.Error("the lock was taken where there is nothing to forget")
	}
	current = current[1:]
	must(t, r.Forget(t.Context()))
	get(other, "")
	get(edited, "not entered")
	must(t, os.WriteFile(path, []byte("{"), 0o600))
	get(other, "not entered")
	if err := r.Put(t.Context(), acmeJira(t, connector.StorageReference), "", atlassian.NewToken(canary)); whyOf(t, err) != "missing" {
		t.Errorf("a place that is not said: %v", err)
	}
}
