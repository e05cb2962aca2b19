package atlassian

import (
	"net/http"
	"os"
	"testing"
	"time"
)

// TestLiveSite checks a real site where its three variables are set. It sends the token to that
// site only, and prints statuses only.
func TestLiveSite(t *testing.T) {
	address, email, secret := os.Getenv("SAASCONNECT_LIVE_SITE"), os.Getenv("SAASCONNECT_LIVE_EMAIL"), os.Getenv("SAASCONNECT_LIVE_TOKEN")
	if address == "" || email == "" || secret == "" {
		t.Skip("needs a real Atlassian site: set SAASCONNECT_LIVE_SITE, SAASCONNECT_LIVE_EMAIL and SAASCONNECT_LIVE_TOKEN")
	}
	site, _, err := ParseSite(address)
	if err != nil {
		t.Fatal(err)
	}
	token, receipt := ReadToken(secret)
	if receipt.Wrong != TokenOK {
		t.Fatalf("the token can't be tried: %+v", receipt)
	}
	client := NewClient(ClientConfig{Proxy: http.ProxyFromEnvironment, Now: time.Now, UserAgent: "saasconnect/test"})
	defer client.Close()
	for _, product := range []Product{Jira, Confluence} {
		for _, o := range client.Observe(t.Context(), Target{product, site, email}, token, nil) {
			if o.Fault != nil {
				t.Errorf("%s %s: fault %s", product, o.Call, o.Fault.Kind)
				continue
			}
			t.Logf("%s %s: %d in %v, signed in: %v", product, o.Call, o.Status, o.Took, o.Person != nil && o.Person.ID != "")
			if o.Call == CallTenant && o.CloudID == "" {
				t.Errorf("no cloud id: %+v", o)
			}
		}
	}
}
