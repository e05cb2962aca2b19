package fakecloud_test

import (
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
)

// Many sites in one cloud: the check of each ends in its own situation's diagnosis, in parallel.
func TestCustomersEndInTheirCodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		customers := fakecloud.Customers(150)
		cloud := fakecloud.OpenMany(fakecloud.Sites(customers), time.Now, 20*time.Millisecond)
		defer cloud.Close()
		client := atlassian.NewClient(atlassian.ClientConfig{
			Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 15 * time.Second,
		})
		defer client.Close()
		codes := map[string]bool{}
		done := make(chan struct{}, len(customers))
		for _, c := range customers {
			codes[c.Situation.Code] = true
			go func() {
				defer func() { done <- struct{}{} }()
				r := check(t, client, c.Situation.Product, typed{c.Site, c.Situation.Seed.Email, c.Situation.Seed.Token}, c.Situation.Seed.Expires, c.Situation.Seed.Saw)
				if string(r.Code) != c.Situation.Code {
					t.Errorf("%s (%s): %s, not %s: %s", c.Site, c.Situation.Name, r.Code, c.Situation.Code, r.Why)
				}
				if r.Code == connector.CodeOK && r.Site.Host() != c.Site+".atlassian.net" {
					t.Errorf("%s was asked in place of %s", r.Site.Host(), c.Site)
				}
			}()
		}
		for range customers {
			<-done
		}
		if len(codes) < 20 {
			t.Errorf("only %d codes among the customers", len(codes))
		}
	})
}

func TestCustomersAreDifferent(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range fakecloud.Customers(1000) {
		if seen[c.Site] || c.Account == "" || c.TokenAge <= 0 {
			t.Errorf("%+v", c)
		}
		seen[c.Site] = true
	}
}
