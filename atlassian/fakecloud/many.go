package fakecloud

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Many sites at once, each in a situation of its own: what an admin with many connectors
// comes back to.

// tenant is one site with its own faults.
type tenant struct {
	site   site
	faults faults
	metAt  time.Time // when a rule that lifts was first met
}

// OpenMany starts a pretend world in which each name is a site of its own, in the state of
// its situation: a copy of the site that the situation is about. A name whose situation is
// about a site that does not exist does not exist either. Situations of the proxy are not
// for this: there is one proxy for all.
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

// cloudIDFor is a UUID that is the same for the same name.
func cloudIDFor(name string) string {
	sum := sha256.Sum256([]byte("cloud id of " + name))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// placeAt is the place of a host.
func (c *Cloud) placeAt(host string) *tenant {
	if p := c.places[host]; p != nil {
		return p
	}
	return &c.place
}

// placeOf is the place that a request is about: at the gateway its path says which.
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

// siteAt finds a site by its host.
func (c *Cloud) siteAt(host string) (site, bool) {
	if p := c.places[host]; p != nil {
		return p.site, p.site.name != ""
	}
	return siteAt(host)
}

// siteOf finds a site by its cloud id.
func (c *Cloud) siteOf(cloudID string) (site, bool) {
	for _, p := range c.places {
		if p.site.cloudID == cloudID && cloudID != "" {
			return p.site, true
		}
	}
	return siteOf(cloudID)
}
