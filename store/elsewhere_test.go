package store

import (
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestKeptElsewhere: nothing of the token is written, and it is read each time.
func TestKeptElsewhere(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, nil)
	c := acmeJira(t, connector.StorageReference)
	if _, err := add(s, t.Context(), c, atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "missing" {
		t.Errorf("without a reference: %v", err)
	}
	c.Reference = &connector.Reference{Env: "ACME_TOKEN"}
	added := mustAdd(t, s, c)
	noCanaryIn(t, home)
	t.Setenv("ACME_TOKEN", canary)
	mustToken(t, opened(t, home, nil), added.ID, canary)
	t.Setenv("ACME_TOKEN", strings.ToLower(canary))
	mustToken(t, opened(t, home, nil), added.ID, strings.ToLower(canary))

	after := added
	after.Email = "mia.krystof@example.com" // nothing is bound, so nothing is fetched
	t.Setenv("ACME_TOKEN", "")
	added, err := edit(s, t.Context(), added, after)
	if err != nil {
		t.Error(err)
	}
	must(t, s.CreateEncryptedFile(t.Context(), passphrase))
	t.Setenv("ACME_TOKEN", canary)
	after = added
	after.KeptIn, after.Reference = connector.StorageFile, nil // and moved into a safe
	if _, err := edit(s, t.Context(), added, after); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ACME_TOKEN", "")
	mustToken(t, s, added.ID, canary)
	noCanaryIn(t, home)
	invariants(t, s, 1)
}
