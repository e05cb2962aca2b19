package secret

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

const canary = "ATATT3xFfGF0-CANARY-that-must-never-be-seen-anywhere-0123456789=ABCDEF01"

var day = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// acmeJira is a connector that could be saved.
func acmeJira(t testing.TB, kept connector.StorageKind) connector.Connector {
	t.Helper()
	site, _, err := atlassian.ParseSite("acme")
	must(t, err)
	return connector.Connector{ID: "5b10a284-0000-4000-8000-5fb731aea58f", Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: kept, CloudID: "cloud-1", TokenSince: day}
}

func whyOf(t testing.TB, err error) string {
	t.Helper()
	var storage *connector.StorageError
	var file *connector.StoreError
	switch {
	case errors.As(err, &storage):
		return string(storage.Why)
	case errors.As(err, &file):
		return string(file.Why)
	}
	t.Fatalf("an error without a kind: %v", err)
	return ""
}

// noCanaryInError looks at every way an error can be printed, down to its last cause.
func noCanaryInError(t testing.TB, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if strings.Contains(fmt.Sprintf(format, err), "CANARY") {
				t.Errorf("%s of %T shows the token", format, err)
			}
		}
	}
}
