package atlassian

import (
	"errors"
	"strings"
)

// Site is the canonical origin of one Atlassian Cloud site, such as https://acme.atlassian.net.
// The zero Site means none. Only [ParseSite] and UnmarshalText create one, both with the same
// rules for hosts, so a token can be sent to any Site over TLS.
type Site struct{ host string }

// Host returns the site's host name in lower case: "acme.atlassian.net".
func (s Site) Host() string { return s.host }

// Origin returns the address as SaaSAssure takes it: "https://acme.atlassian.net"; "" for no site.
func (s Site) Origin() string {
	if s.host == "" {
		return ""
	}
	return "https://" + s.host
}

// Name returns the site's own name: "acme".
func (s Site) Name() string { name, _, _ := strings.Cut(s.host, "."); return name }

// IsZero reports whether there is no site.
func (s Site) IsZero() bool { return s.host == "" }

// Gateway returns the host of the API gateway that serves the site: api.atlassian.com, or the
// government cloud's own; "" for no site.
func (s Site) Gateway() string {
	if s.host == "" {
		return ""
	}
	return "api." + s.Cloud()
}

// Cloud returns the domain of the gateway and of the pages of the site's cloud: atlassian.com,
// also for no site, or a government cloud's own. The moderate cloud's gateway is used by
// mcp-atlassian (https://github.com/sooperset/mcp-atlassian), its pages are in Atlassian's
// front-end source (the package @atlaskit/atlassian-context); those of the other government cloud
// are inferred from these.
func (s Site) Cloud() string {
	for _, cloud := range []string{"atlassian-us-gov-mod", "atlassian-us-gov"} {
		if strings.HasSuffix(s.host, "."+cloud+".net") {
			return cloud + ".com"
		}
	}
	return "atlassian.com"
}

// String returns the origin.
func (s Site) String() string { return s.Origin() }

// MarshalText writes the origin.
func (s Site) MarshalText() ([]byte, error) { return []byte(s.Origin()), nil }

// UnmarshalText reads an origin back; anything that is not exactly one is an error.
func (s *Site) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Site{}
		return nil
	}
	host, found := strings.CutPrefix(string(text), "https://")
	if !found {
		return errors.New("a site's origin begins with https://")
	}
	// MarshalText's text was parsed before, so only the rules for hosts are checked.
	read, refusal := readAuthority(host, true)
	if refusal == nil {
		refusal = refuseHost(read)
	}
	switch {
	case refusal != nil:
		return refusal
	case read != host:
		return errors.New("a site's origin is lower case, without port and path")
	}
	*s = Site{host: host}
	return nil
}

// SiteChange is a change that [ParseSite] made to what was pasted, to be shown.
type SiteChange string

// The changes.
const (
	ChangeCompleted SiteChange = "completed" // a bare name became NAME.atlassian.net
	ChangeHTTPS     SiteChange = "https"     // http:// became https://
	ChangePath      SiteChange = "path"      // path, query or fragment dropped
)

// SiteRefusal is why a pasted address is not a site. Package connector has the words for Why. Host
// is the host that it is about, cleaned; "" if none was found. Meant is the site's host that it is most
// likely a slip of; "" where none is near.
type SiteRefusal struct {
	Why   SiteWhy
	Host  string
	Meant string
}

// SiteWhy is the reason of a [SiteRefusal].
type SiteWhy string

// The reasons for refusing a pasted address.
const (
	SiteEmpty      SiteWhy = "empty"
	SiteScheme     SiteWhy = "scheme"     // ftp://, javascript:, …
	SiteUserinfo   SiteWhy = "userinfo"   // user@host: the part before "@" could hide the real host
	SitePort       SiteWhy = "port"       // any port but 443
	SiteIP         SiteWhy = "ip"         // an IP address or localhost
	SiteNonASCII   SiteWhy = "non-ascii"  // letters outside ASCII, or xn--
	SiteLookalike  SiteWhy = "look-alike" // evilatlassian.net, acme.atlassian.net.evil.com, two labels deep …
	SiteIsolated   SiteWhy = "isolated"   // an isolated cloud of Atlassian's that is not supported: NAME.atlassian-isolated.net
	SiteNotASite   SiteWhy = "not-a-site" // home., admin., id., api., www.atlassian.com, …
	SiteCustom     SiteWhy = "custom"     // another host: custom domain or Data Center
	SiteMalformed  SiteWhy = "malformed"  // not an address at all
	SiteEmail      SiteWhy = "email"      // an email address was typed here
	SiteTokenTyped SiteWhy = "token"      // an API token was pasted here; it is never shown
)

// Error returns the reason, without anything that was typed.
func (r *SiteRefusal) Error() string { return "not an Atlassian Cloud site: " + string(r.Why) }
