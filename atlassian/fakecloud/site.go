package fakecloud

import "strings"

// The sites of the cloud. All are invented.

// site is one Atlassian site (a tenant).
type site struct {
	name             string // "acme" of acme.atlassian.net
	cloudID          string
	jira, confluence bool
	movedTo          string // the new name of a renamed site; "" for others
	refusesCalls     bool   // an old name that answers every API call with 401
	movedQuietly     bool   // its tenant_info answers as before the renaming
	listed           bool   // has an IP allowlist that this machine isn't on
	publicWiki       bool   // Confluence allows anonymous access
}

const (
	suffix      = ".atlassian.net"
	gatewayHost = "api.atlassian.com"
)

func (s site) host() string   { return s.name + suffix }
func (s site) origin() string { return "https://" + s.host() }

func (s site) has(product string) bool {
	return product == jira && s.jira || product == confluence && s.confluence
}

func sites() []site {
	return []site{
		{name: "acme", cloudID: "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63", jira: true, confluence: true},
		{name: "acme-old", cloudID: "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63", movedTo: "acme"},
		{name: "acme-2019", cloudID: "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63", movedTo: "acme", movedQuietly: true},
		{name: "acme-2021", cloudID: "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63", jira: true, confluence: true, movedTo: "acme", refusesCalls: true},
		{name: "acme-2022", cloudID: "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63", jira: true, confluence: true, refusesCalls: true},
		{name: "acme-wiki", cloudID: "83b0d5ce-1f42-4f77-a1c9-05d6e27b8c14", confluence: true},
		{name: "acme-desk", cloudID: "c19e64fb-70a3-49d5-8e62-b3f81d7c0a95", jira: true},
		{name: "acme-vault", cloudID: "5a7d31e8-c20b-4e96-b4f0-9d6c18e372fb", jira: true, confluence: true, listed: true},
		{name: "acme-public", cloudID: "e06f92b4-58d1-4c3e-9a7b-41c5d80f6e29", jira: true, confluence: true, publicWiki: true},
	}
}

func siteAt(host string) (site, bool) {
	for _, s := range sites() {
		if s.host() == host {
			return s, true
		}
	}
	return site{}, false
}

func siteOf(cloudID string) (site, bool) {
	for _, s := range sites() {
		if s.cloudID == cloudID {
			return s, true
		}
	}
	return site{}, false
}

// resolves reports whether the fake DNS knows a host. Every name below atlassian.net resolves,
// whether or not the site exists: Atlassian's own DNS record is a wildcard, so resolving proves
// nothing.
func resolves(host string) bool {
	name, below := strings.CutSuffix(host, suffix)
	return host == gatewayHost || below && name != "" && !strings.Contains(name, ".")
}
