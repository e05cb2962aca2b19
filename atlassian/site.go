package atlassian

import (
	"errors"
	"strings"
)

// Site is the canonical origin of one Atlassian Cloud site, such as
// https://acme.atlassian.net. The zero Site is none. Only [ParseSite] makes one,
// so a Site is always safe to send a token to, over TLS.
type Site struct{ host string }

// Host is the site's host name, lower case: "acme.atlassian.net".
func (s Site) Host() string { return s.host }

// Origin is the address as SaaSAssure wants it: "https://acme.atlassian.net", "" for none.
func (s Site) Origin() string {
	if s.host == "" {
		return ""
	}
	return "https://" + s.host
}

// Name is the site's own name: "acme".
func (s Site) Name() string { name, _, _ := strings.Cut(s.host, "."); return name }

// IsZero reports whether there is no site.
func (s Site) IsZero() bool { return s.host == "" }

// Gateway is the host of the API gateway that serves the site: api.atlassian.com, or the
// government cloud's own; "" for no site.
func (s Site) Gateway() string {
	if s.host == "" {
		return ""
	}
	return "api." + s.Cloud()
}

// Cloud is the domain of the gateway and of the pages that belong to the site's cloud:
// atlassian.com, also for no site, or the government cloud's own. The moderate cloud's
// gateway is used by mcp-atlassian (https://github.com/sooperset/mcp-atlassian), its pages are
// in Atlassian's front-end source (the package @atlaskit/atlassian-context); those of the other
// are inferred from them.
func (s Site) Cloud() string {
	for _, cloud := range []string{"atlassian-us-gov-mod", "atlassian-us-gov"} {
		if strings.HasSuffix(s.host, "."+cloud+".net") {
			return cloud + ".com"
		}
	}
	return "atlassian.com"
}

// String is the origin.
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
	// What MarshalText wrote was parsed already: the rules of hosts are what is left to hold.
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

// SiteChange is something ParseSite did to what was pasted, for the person to see.
type SiteChange string

// What ParseSite may change.
const (
	ChangeCompleted SiteChange = "completed" // a bare name became NAME.atlassian.net
	ChangeHTTPS     SiteChange = "https"     // http:// became https://
	ChangePath      SiteChange = "path"      // path, query or fragment dropped
)

// SiteRefusal is why a pasted address is not a site. Why selects the words
// (package connector has them); Host is the host it was about, cleaned, "" if none was found;
// Meant is the site's host that it is most likely a slip of, "" where none is near.
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
	SiteUserinfo   SiteWhy = "userinfo"   // user@host: the part before @ could hide the real host
	SitePort       SiteWhy = "port"       // any port but 443
	SiteIP         SiteWhy = "ip"         // an IP address or localhost
	SiteNonASCII   SiteWhy = "non-ascii"  // letters outside ASCII, or xn--
	SiteLookalike  SiteWhy = "look-alike" // evilatlassian.net, acme.atlassian.net.evil.com, two labels deep …
	SiteIsolated   SiteWhy = "isolated"   // a cloud of Atlassian's that is not supported: NAME.atlassian-isolated.net
	SiteNotASite   SiteWhy = "not-a-site" // home., admin., id., api., www.atlassian.com, …
	SiteCustom     SiteWhy = "custom"     // another host: custom domain or Data Center
	SiteMalformed  SiteWhy = "malformed"  // not an address at all
	SiteEmail      SiteWhy = "email"      // an email address was typed here
	SiteTokenTyped SiteWhy = "token"      // an API token was pasted here (never echoed)
)

// Error says the reason in plain words, without anything that was typed.
func (r *SiteRefusal) Error() string { return "not an Atlassian Cloud site: " + string(r.Why) }
