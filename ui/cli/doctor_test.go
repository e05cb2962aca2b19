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

// A site that can't be reached has its cause beside it, and a remedy that is more than another run.
func TestDoctorSaysTheCause(t *testing.T) {
	got := playOn(t.Context(), testOutside(&fakeStore{}), "", "doctor", "--site", "acme", "--json")
	for _, want := range []string{
		`"can't connect to acme.atlassian.net. The name acme.atlassian.net can't be resolved. Every Atlassian site has an address, so the cause is this computer's DNS or network. No proxy`,
		`"remedy": "Check this computer's network, VPN and firewall"`,
	} {
		if !strings.Contains(got.out, want) {
			t.Errorf("not there: %s in\n%s", want, got.out)
		}
	}
}
