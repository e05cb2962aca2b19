package cli

import (
	"strings"
	"testing"
)

// Go reads SSL_CERT_FILE on neither macOS nor Windows: saying that it holds would send a
// person the wrong way.
func TestAuthoritiesBySystem(t *testing.T) {
	getenv := func(name string) string { return map[string]string{"SSL_CERT_FILE": "/ca.pem"}[name] }
	for system, want := range map[string]bool{"linux/amd64": true, "freebsd/arm64": true, "darwin/arm64": false, "windows/amd64": false} {
		if got := checkAuthorities(system, getenv, ""); strings.Contains(got.Detail, "SSL_CERT_FILE") != want {
			t.Errorf("%s: %+v", system, got)
		}
	}
}
