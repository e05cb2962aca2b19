package atlassian

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var strictHost = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.(atlassian\.net|jira\.com|atlassian-us-gov-mod\.net|atlassian-us-gov\.net)$`)

func TestParseSiteTakesAnyHonestForm(t *testing.T) {
	for _, c := range []struct {
		pasted, host string
		changes      []SiteChange
	}{
		{"acme", "acme.atlassian.net", []SiteChange{ChangeCompleted}},
		{" ACME \n", "acme.atlassian.net", []SiteChange{ChangeCompleted}},
		{"12345", "12345.atlassian.net", []SiteChange{ChangeCompleted}},
		{"acme/wiki", "acme.atlassian.net", []SiteChange{ChangeCompleted, ChangePath}},
		{"acme.atlassian.net", "acme.atlassian.net", nil},
		{"Acme.Atlassian.Net.", "acme.atlassian.net", nil},
		{"https://acme.atlassian.net", "acme.atlassian.net", nil},
		{"https://acme.atlassian.net/", "acme.atlassian.net", nil},
		{"HTTPS://acme.atlassian.net:443/", "acme.atlassian.net", nil},
		{"//acme.atlassian.net", "acme.atlassian.net", nil},
		{"http://acme.atlassian.net", "acme.atlassian.net", []SiteChange{ChangeHTTPS}},
		{"https://https://acme.atlassian.net", "acme.atlassian.net", nil},
		{"https://acme.atlassian.net/jira/software/projects/X/boards/1?a=b#c", "acme.atlassian.net", []SiteChange{ChangePath}},
		{"https://acme.atlassian.net/wiki/spaces/X/pages/1/Überblick über alles", "acme.atlassian.net", []SiteChange{ChangePath}},
		{"acme.atlassian.net?x@y", "acme.atlassian.net", []SiteChange{ChangePath}},
		{"acme.atlassian.net/browse/KEY-1", "acme.atlassian.net", []SiteChange{ChangePath}},
		{"<https://acme.atlassian.net/wiki>", "acme.atlassian.net", []SiteChange{ChangePath}},
		{"“acme.atlassian.net”", "acme.atlassian.net", nil},
		{"\ufeff\u200bacme.atlassian.net\u200b", "acme.atlassian.net", nil},
		{"acme.jira.com", "acme.jira.com", nil},
		{"acme.atlassian-us-gov-mod.net", "acme.atlassian-us-gov-mod.net", nil},
		{"acme.atlassian-us-gov.net", "acme.atlassian-us-gov.net", nil},
	} {
		site, changes, err := ParseSite(c.pasted)
		if err != nil || site.Host() != c.host || !slices.Equal(changes, c.changes) {
			t.Errorf("ParseSite(%q) = %v, %v, %v; want %s, %v", c.pasted, site, changes, err, c.host, c.changes)
		}
	}
}

func TestParseSiteRefuses(t *testing.T) {
	token := "ATATT3xFfGF0" + strings.Repeat("a", 180)
	for _, c := range []struct {
		pasted string
		why    SiteWhy
	}{
		{"", SiteEmpty}, {" \t\n", SiteEmpty}, {`""`, SiteEmpty},
		{"ftp://acme.atlassian.net", SiteScheme}, {"javascript:alert(1)", SiteScheme}, {"file:///etc/passwd", SiteScheme},
		{"https:acme.atlassian.net", SiteMalformed}, {"https:/acme.atlassian.net", SiteMalformed}, {"https://", SiteMalformed},
		{"https", SiteMalformed}, {"https:///acme.atlassian.net", SiteMalformed},
		{"https://me@acme.atlassian.net", SiteUserinfo}, {"acme.atlassian.net@evil.com", SiteUserinfo},
		{"https://acme.atlassian.net@evil.com", SiteUserinfo}, {"https://me:pw@acme.atlassian.net/", SiteUserinfo},
		{"me@acme.atlassian.net", SiteUserinfo}, {"https://acme.atlassian.net:443@evil.com", SiteUserinfo},
		{"https://acme.atlassian.net:8443", SitePort}, {"acme.atlassian.net:80", SitePort}, {"acme.atlassian.net:0443", SitePort},
		{"acme.atlassian.net:x", SiteMalformed},
		{"127.0.0.1", SiteIP}, {"https://2130706433/", SiteIP}, {"0x7f.1", SiteIP}, {"[::1]:443", SiteIP}, {"::1", SiteIP},
		{"localhost", SiteIP}, {"localhost:8080", SiteIP}, {"a.localhost", SiteIP}, {"http://10.0.0.1:8080/jira", SiteIP},
		{"https://acme.\u0430tlassian.net", SiteNonASCII}, {"acme\u3002atlassian.net", SiteNonASCII}, {"acme\uff0eatlassian.net", SiteNonASCII},
		{"acme.xn--tlassian-06g.net", SiteNonASCII}, {"bücher", SiteNonASCII}, {"ac\u200bme.atlassian.net", SiteNonASCII},
		{"evilatlassian.net", SiteLookalike}, {"acme.atlassian.net.evil.com", SiteLookalike}, {"a.acme.atlassian.net", SiteLookalike},
		{"acme.atlasian.net", SiteLookalike}, {"acme.at1assian.net", SiteLookalike}, {"acme.atlassian-us-gov.org", SiteLookalike},
		{"https://acme.atlassian-isolated.net", SiteIsolated}, {"acme.atlassian-fex.net/wiki", SiteIsolated}, {"atlassian-isolated.net", SiteIsolated},
		{"evil-atlassian-isolated.net", SiteLookalike}, {"acme.atlassian-isolated.net.evil.com", SiteLookalike},
		{"atlassian.example.com", SiteCustom}, {"https://atlassian.intern.acme.co.uk/jira", SiteCustom}, {"wiki-atlassian.example.com", SiteCustom},
		{"atlassian.net.example.com", SiteLookalike}, {"atlassian.com.example.com", SiteLookalike}, {"acme.atlassian.org", SiteLookalike},
		{"a.b.jira.com", SiteLookalike}, {"acme.altassina.net", SiteLookalike},
		{"https://home.atlassian.com/o/1", SiteNotASite}, {"admin.atlassian.com", SiteNotASite}, {"id.atlassian.com", SiteNotASite},
		{"auth.atlassian.com", SiteNotASite}, {"www.atlassian.com", SiteNotASite}, {"atlassian.net", SiteNotASite},
		{"https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555", SiteNotASite}, {"www.atlassian.net", SiteNotASite},
		{"https://api.atlassian-us-gov-mod.com/ex/jira/x", SiteNotASite}, {"jira.com", SiteNotASite},
		{"jira.example.com", SiteCustom}, {"https://jira", SiteCustom}, {"acme.atl.net", SiteCustom},
		{"acme .atlassian.net", SiteMalformed}, {"acme_1", SiteMalformed}, {"-acme", SiteMalformed}, {"acme..atlassian.net", SiteMalformed},
		{`https://acme.atlassian.net\.evil.com`, SiteMalformed}, {`acme.atlassian.net\@evil.com`, SiteUserinfo},
		{"acme%2eatlassian.net", SiteMalformed}, {"acme\x1b[31m.atlassian.net", SiteMalformed}, {"acme\x00", SiteMalformed},
		{"mia@example.com", SiteEmail}, {"mailto:mia@example.com", SiteEmail}, {"x@serviceaccount.atlassian.com", SiteEmail},
		{token, SiteTokenTyped}, {"https://acme.atlassian.net/?t=" + token, SiteTokenTyped}, {"mia@example.com:" + token, SiteTokenTyped},
		{"mia@example.com:abcdefghijklmnopqrstuvwx", SiteTokenTyped}, {strings.Repeat("a", 70), SiteTokenTyped},
		{strings.Repeat("a/", 10000), SiteMalformed},
	} {
		site, changes, err := ParseSite(c.pasted)
		var refusal *SiteRefusal
		if !errors.As(err, &refusal) || refusal.Why != c.why || !site.IsZero() || changes != nil {
			t.Errorf("ParseSite(%.60q) = %v, %v, %v; want %s", c.pasted, site, changes, err, c.why)
			continue
		}
		if all := fmt.Sprintf("%v %+v", err, *refusal); strings.Contains(all, "ATATT") || refusal.Host != Clean(refusal.Host, 80) {
			t.Errorf("ParseSite(%.60q) echoes: %s", c.pasted, all)
		}
	}
}

// TestParseSiteGuesses: a slip of one or two letters in what stands behind the name is seen as one; the
// name itself, and what is further away, are never guessed.
func TestParseSiteGuesses(t *testing.T) {
	for pasted, want := range map[string]string{
		"acme.atlasian.net": "acme.atlassian.net", "https://acme.atlassain.net/jira/boards/1": "acme.atlassian.net", "acme.altassina.net": "acme.atlassian.net",
		"acme.at1assian.net": "acme.atlassian.net", "acmeatlassian.net": "acme.atlassian.net", "acme-atlassian.net": "acme.atlassian.net",
		"acme-corp.atlasian.net": "acme-corp.atlassian.net", "acme.atlassian.ne": "acme.atlassian.net", "acme.atlassian.met": "acme.atlassian.net",
		"ACME.Atlassian.nett": "acme.atlassian.net", "net.atlassian.bet": "net.atlassian.net", "a.atlasian.net": "a.atlassian.net",
		"wiki.acme.atlasian.net": "", "acme.atlassian.net.evil.com": "", "atlasian.net": "", "acme.atlassian.org": "", "acme.atl.net": "",
		"jira.example.com": "", "acme.atlassian-isolated.net": "", "id.atlassian.com": "", "a.acme.atlassian.net": "",
	} {
		_, _, err := ParseSite(pasted)
		var refusal *SiteRefusal
		if !errors.As(err, &refusal) || refusal.Meant != want {
			t.Errorf("ParseSite(%q): %+v, want %q", pasted, refusal, want)
		}
	}
}

func TestGatewayIsTheCloudsOwn(t *testing.T) {
	for name, want := range map[string]string{
		"acme": "api.atlassian.com", "acme.jira.com": "api.atlassian.com",
		"acme.atlassian-us-gov-mod.net": "api.atlassian-us-gov-mod.com", "acme.atlassian-us-gov.net": "api.atlassian-us-gov.com",
	} {
		site, _, err := ParseSite(name)
		if err != nil || site.Gateway() != want {
			t.Errorf("%s: gateway %q, %v; want %q", name, site.Gateway(), err, want)
		}
	}
	if got := (Site{}).Gateway(); got != "" {
		t.Errorf("no site has gateway %q", got)
	}
}

func TestSiteTextRoundTrip(t *testing.T) {
	var s Site
	if err := s.UnmarshalText([]byte("https://acme.atlassian.net")); err != nil || s.Name() != "acme" {
		t.Errorf("got %v, %v", s, err)
	}
	for _, bad := range []string{"acme", "https://acme.atlassian.net/", "http://acme.atlassian.net", "https://evil.com"} {
		if err := s.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read back", bad)
		}
	}
}

func FuzzParseSite(f *testing.F) {
	for _, seed := range []string{"acme", "https://acme.atlassian.net/wiki", "a@b.c", "acme.atlassian.net:443", "\u200bacme\xff", "[::1]", "xn--a.atlassian.net", "https://acme.atlassian.net", "https://www.jira.com",
		"https://a.b.atlassian.net", "https://xn--a.atlassian.net", "https://-a.jira.com", "https://atatt3a.atlassian.net", "https://.jira.com", "https://Acme.jira.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		site, _, err := ParseSite(pasted)
		if err != nil {
			var refusal *SiteRefusal
			if !errors.As(err, &refusal) || !site.IsZero() || refusal.Host != Clean(refusal.Host, 80) {
				t.Fatalf("ParseSite(%q) = %v, %#v", pasted, site, err)
			}
			return
		}
		if !strictHost.MatchString(site.Host()) {
			t.Fatalf("ParseSite(%q) = %q", pasted, site.Host())
		}
		again, changes, err := ParseSite(site.Origin())
		if err != nil || again != site || changes != nil {
			t.Fatalf("ParseSite(%q) = %v, %v, %v: no fixed point", site.Origin(), again, changes, err)
		}
	})
}
