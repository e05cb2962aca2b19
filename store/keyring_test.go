package store

import (
	"os"
	"testing"

	"saasconnect/connector"
)

// TestRealKeyring is a round trip through the machine's own keyring, in two stores as in
// two processes. SAASCONNECT_TEST_KEYRING=required makes its absence a failure.
func TestRealKeyring(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, nil)
	status := s.storages[0].Probe(t.Context())
	if status.State != connector.StorageReady || os.Getenv("SAASCONNECT_TEST_KEYRING") == "" {
		if os.Getenv("SAASCONNECT_TEST_KEYRING") == "required" {
			t.Fatalf("the keyring is required and is %s: %s", status.State, status.Detail)
		}
		t.Skipf("set SAASCONNECT_TEST_KEYRING where a keyring may be written to; here it is %s: %s", status.State, status.Detail)
	}
	if err := s.TestStorage(t.Context(), connector.StorageKeyring); err != nil {
		t.Fatal(err)
	}
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	second := opened(t, home, nil)
	mustToken(t, second, added.ID, canary)
	noCanaryIn(t, home)
	if err := removed(second.Remove(t.Context(), added.ID)); err != nil {
		t.Fatal(err)
	}
	content, err := second.file.read()
	if err != nil || len(content.References) != 0 {
		t.Errorf("left loose: %+v, %v", content.References, err)
	}
}
