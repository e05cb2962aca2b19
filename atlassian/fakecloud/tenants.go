package fakecloud

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Many sites in one cloud, each in a situation of its own, for practicing with many connectors.

// tenant is one site with its own faults.
type tenant struct {
	site   site
	faults faults
	metAt  time.Time // when a rule with clearsAfter first applied
}

// OpenMany starts a cloud with a site for each name, in the state of its situation: a copy of the
// situation's own site. A name whose situation is about a site that doesn't exist doesn't exist
// either. Situations of the proxy can't be used, since all sites share one proxy.
func OpenMany(sites map[string]Situation, now func() time.Time, latency time.Duration) *Cloud {
	c := Open(Situation{}, now, latency)
	c.places = map[string]*tenant{}
	for name, s := range sites {
		p := &tenant{faults: s.faults}
		if original, known := siteAt(s.Seed.Site + suffix); known {
			p.site = original
			p.site.name, p.site.cloudID = name, cloudIDFor(name)
		}
		c.places[name+suffix] = p
	}
	return c
}

// cloudIDFor returns a UUID that depends on name only.
func cloudIDFor(name string) string {
	sum := sha256.Sum256([]byte("cloud id of " + name))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func (c *Cloud) placeAt(host string) *tenant {
	if p := c.places[host]; p != nil {
		return p
	}
	return &c.place
}

// placeOf returns the tenant that a request is about; at the gateway that depends on its path.
func (c *Cloud) placeOf(r *http.Request, host string) *tenant {
	if host != gatewayHost {
		return c.placeAt(host)
	}
	for _, p := range c.places {
		if p.site.cloudID != "" && strings.Contains(r.URL.Path, p.site.cloudID) {
			return p
		}
	}
	return &c.place
}

func (c *Cloud) siteAt(host string) (site, bool) {
	if p := c.places[host]; p != nil {
		return p.site, p.site.name != ""
	}
	return siteAt(host)
}

func (c *Cloud) siteOf(cloudID string) (site, bool) {
	for _, p := range c.places {
		if p.site.cloudID == cloudID && cloudID != "" {
			return p.site, true
		}
	}
	return siteOf(cloudID)
}
