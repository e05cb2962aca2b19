package atlassian

// Turning a pasted address into a [Site]. The rules: the host must end in an allowed suffix, with
// its dot and exactly one label before it; nothing is decoded, mapped or guessed (IDNA would turn
// U+3002 into a dot, a browser a backslash into a slash); what can hide the real host is refused
// before anything else; no URL parser is used, since its errors would repeat what was pasted.

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// siteSuffixes are the endings of sites' hosts. Those of the government clouds, and jira.com, from
// before atlassian.net, are known from mcp-atlassian (https://github.com/sooperset/mcp-atlassian,
// utils/urls.py).
var siteSuffixes = []string{".atlassian.net", ".jira.com", ".atlassian-us-gov-mod.net", ".atlassian-us-gov.net"}

// notSites are Atlassian's own domains that are not sites.
var notSites = []string{
	"atlassian.com", "atlassian.net", "jira.com", "atlassian-us-gov-mod.com", "atlassian-us-gov.com",
	"atlassian-us-gov-mod.net", "atlassian-us-gov.net", "bitbucket.org", "trello.com",
}

// isolatedSites are the domains of Atlassian's isolated clouds, which this program can't call: the
// names of their gateways and pages are not published. Source: Atlassian's own front-end source
// (the package @atlaskit/atlassian-context).
var isolatedSites = []string{"atlassian-isolated.net", "atlassian-fex.net"}

// Compiled when the first address is read, since most commands read none.
var (
	schemeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`) })
	opaqueForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?i)(https?|ftp|file|javascript|vbscript|data|blob|about|tel|ssh|ws|wss|view-source):`)
	})
	numberForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]+|0x[0-9a-f]*)$`) })
)

// hostForm reports whether host is labels of lower-case letters, digits and inner hyphens,
// separated by dots. It uses no regular expression, since it runs for every saved connector each
// time the list is read.
func hostForm(host string) bool {
	inner := func(r rune) bool { return r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, func(r rune) bool { return !inner(r) }) {
			return false
		}
	}
	return true
}

// ParseSite reads a site's address in any form (bare name, host, link to a board, /wiki page), and
// returns what it changed. The error is always a *SiteRefusal.
func ParseSite(pasted string) (Site, []SiteChange, error) {
	host, changes, refusal := parseSite(pasted)
	if refusal != nil {
		refusal.Host = Clean(refusal.Host, 80)
		return Site{}, nil, refusal
	}
	return Site{host: host}, changes, nil
}

func refuse(why SiteWhy, host string) *SiteRefusal { return &SiteRefusal{Why: why, Host: host} }

func parseSite(pasted string) (string, []SiteChange, *SiteRefusal) {
	if len(pasted) > 16<<10 {
		return "", nil, refuse(SiteMalformed, "")
	}
	text, _ := trimPaste(pasted)
	switch {
	case text == "":
		return "", nil, refuse(SiteEmpty, "")
	case looksLikeToken(text), looksLikePair(text) && !strings.Contains(text, "/"):
		return "", nil, refuse(SiteTokenTyped, "")
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", nil, refuse(SiteMalformed, "")
	}
	rest, scheme, refusal := cutScheme(text)
	if refusal != nil {
		return "", nil, refusal
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	path := rest[len(authority):]
	host, refusal := readAuthority(authority, scheme != "" || path != "")
	if refusal != nil {
		return "", nil, refusal
	}
	var changes []SiteChange
	if !strings.Contains(host, ".") {
		if refusal := refuseBare(host, scheme != ""); refusal != nil {
			return "", nil, refusal
		}
		host += ".atlassian.net"
		changes = append(changes, ChangeCompleted)
	}
	if refusal := refuseHost(host); refusal != nil {
		return "", nil, refusal
	}
	if scheme == "http" {
		changes = append(changes, ChangeHTTPS)
	}
	if path != "" && path != "/" {
		changes = append(changes, ChangePath)
	}
	return host, changes, nil
}

// cutScheme removes http:// or https://, twice where a link was pasted behind one, and refuses
// other schemes. "acme.atlassian.net:8443" has a port and no scheme, so a colon without slashes
// counts as a scheme only for well-known names.
func cutScheme(text string) (rest, scheme string, refusal *SiteRefusal) {
	for range 2 {
		found := schemeForm().FindStringSubmatch(text)
		if found == nil {
			break
		}
		scheme = strings.ToLower(found[1])
		if scheme != "http" && scheme != "https" {
			return "", "", refuse(SiteScheme, "")
		}
		text = text[len(found[0]):]
	}
	switch {
	case scheme == "" && strings.HasPrefix(text, "//"):
		return text[2:], "", nil
	case len(text) >= 7 && strings.EqualFold(text[:7], "mailto:"):
		return "", "", refuse(SiteEmail, "")
	}
	if found := opaqueForm().FindStringSubmatch(text); found != nil {
		if strings.HasPrefix(strings.ToLower(found[1]), "http") {
			return "", "", refuse(SiteMalformed, "")
		}
		return "", "", refuse(SiteScheme, "")
	}
	return text, scheme, nil
}

// readAuthority returns the lower-case host of the part before the path. isURL is true where there
// is a scheme or a path, so that an "@" can't be that of an email address.
func readAuthority(authority string, isURL bool) (string, *SiteRefusal) {
	if before, after, found := cutLast(authority, "@"); found {
		if !isURL && emailProblem(authority) == EmailOK && !strings.Contains(strings.ToLower(before), "atlassian") &&
			!strings.HasSuffix(strings.ToLower(after), ".atlassian.net") {
			return "", refuse(SiteEmail, "")
		}
		return "", refuse(SiteUserinfo, after)
	}
	if strings.ContainsAny(authority, `\%`) || authority == "" {
		return "", refuse(SiteMalformed, "")
	}
	if strings.HasPrefix(authority, "[") {
		return "", refuse(SiteIP, authority)
	}
	if addr, err := netip.ParseAddr(authority); err == nil {
		return "", refuse(SiteIP, addr.String())
	}
	host, port, hasPort := cutLast(authority, ":")
	if !hasPort {
		host, port = authority, ""
	}
	host = strings.ToLower(host)
	switch {
	case strings.ContainsFunc(host, func(r rune) bool { return r > 0x7f && !unicode.IsSpace(r) }),
		strings.HasPrefix(host, "xn--"), strings.Contains(host, ".xn--"):
		return "", refuse(SiteNonASCII, host)
	case isAddress(host, isURL):
		return "", refuse(SiteIP, host)
	case strings.Trim(port, "0123456789") != "":
		return "", refuse(SiteMalformed, "")
	case port != "" && port != "443":
		return "", refuse(SitePort, host)
	}
	host = strings.TrimSuffix(host, ".")
	if !hostForm(host) || len(host) > 253 || slices.ContainsFunc(strings.Split(host, "."), func(l string) bool { return len(l) > 63 }) {
		return "", refuse(SiteMalformed, "")
	}
	return host, nil
}

// isAddress reports whether host is localhost or an IPv4 address in any form that browsers accept:
// the last label is a number (https://url.spec.whatwg.org/#ends-in-a-number-checker). A bare
// number typed alone may be a site's name.
func isAddress(host string, isURL bool) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndex(host, ".")+1:]
	return last == "localhost" || (numberForm().MatchString(last) && (isURL || last != host))
}

// refuseBare refuses a single label that can't be a site's name. With a scheme it is a host in the
// company's own network; completing it to NAME.atlassian.net would call a site of someone else.
func refuseBare(label string, hasScheme bool) *SiteRefusal {
	switch {
	case hasScheme:
		return refuse(SiteCustom, label)
	case label == "http" || label == "https":
		return refuse(SiteMalformed, "")
	}
	return nil
}

func refuseHost(host string) *SiteRefusal {
	for _, suffix := range siteSuffixes {
		name, ok := strings.CutSuffix(host, suffix)
		switch {
		case !ok:
		case name == "www":
			return refuse(SiteNotASite, host)
		case strings.Contains(name, "."):
			return refuse(SiteLookalike, host)
		default:
			return nil
		}
	}
	under := func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }
	switch {
	case slices.ContainsFunc(notSites, under):
		return refuse(SiteNotASite, host)
	case slices.ContainsFunc(isolatedSites, under):
		return refuse(SiteIsolated, host)
	}
	refusal := refuse(SiteCustom, host)
	if resembles(host) {
		refusal.Why = SiteLookalike
	}
	refusal.Meant = meant(host)
	return refusal
}

// meant is the site that a host is most likely a slip of: NAME.atlassian.net, where all behind the
// name is at most two edits away from that, the dot before it included. "" for none.
func meant(host string) string {
	const suffix = ".atlassian.net"
	site, nearest := "", 2
	for at := 1; at < len(host); at++ {
		name, rest := host[:at], host[at:]
		if strings.Contains(name, ".") {
			break
		}
		if far := EditDistance(rest, suffix); far <= nearest && !strings.HasSuffix(name, "-") {
			site, nearest = name+suffix, far
		}
	}
	return site
}

// resembles reports whether a host that is not Atlassian's looks like one: it contains the name,
// or a part of a label is at most two edits away from it. In a company's own domain the first
// label may contain it: atlassian.example.com.
func resembles(host string) bool {
	if name, domain, _ := strings.Cut(host, "."); slices.Contains(strings.Split(name, "-"), "atlassian") &&
		strings.Contains(domain, ".") && !strings.HasPrefix(domain, "net.") && !strings.HasPrefix(domain, "com.") {
		host = domain
	}
	if strings.Contains(host, "atlassian") || strings.Contains(host, "jira.com") {
		return true
	}
	for label := range strings.SplitSeq(host, ".") {
		for part := range strings.SplitSeq(label, "-") {
			if EditDistance(part, "atlassian") <= 2 {
				return true
			}
		}
	}
	return false
}

// cutLast is [strings.Cut] at the last separator.
func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}
