package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		glob, text string
		want       bool
	}{
		{"acme", "Acme", true},
		{"acme", "acme-jira", false},
		{"acme*", "acme", true},
		{"*", "", true},
		{"?", "", false},
		{"a?me-*", "ACME-jira", true},
		{"*-jira", "acme-jira-jira", true},
		{"*-jira", "acme-jira-2", false},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "aXcYb", false},
		{"[a]*", "[a] b", true},
		{"mÜller*", "Müller & Söhne", true},
		{"*ö?ne", "Müller & Söhne", true},
		{"**", "x", true},
		{"", "", true},
		{"", "x", false},
		{"\xff*", "x", false},
		{strings.Repeat("*a", 30), strings.Repeat("a", 60) + "b", false},
	} {
		if got := matchesGlob(c.glob, c.text); got != c.want {
			t.Errorf("%q and %q: %v", c.glob, c.text, got)
		}
	}
}

// varied are connectors of several kinds.
func varied(t *testing.T) []connector.Entry {
	t.Helper()
	all := savedEntries(t, "acme-jira", "beta-jira", "beta-wiki", "gamma")
	site, _, err := atlassian.ParseSite("beta-group")
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) connector.Date { return connector.DateOf(noon().AddDate(0, 0, n)) }
	note := func(i int, v connector.Verdict, c connector.Code) {
		all[i].AddReport(connector.Report{Verdict: v, Code: c, At: noon().Add(-2 * time.Hour)})
	}
	all[0].Account, all[0].Expires = "Acme Ltd", day(10)
	all[1].Account, all[1].Site, all[1].TokenSince = "Beta GmbH", site, noon().AddDate(0, 0, -360)
	all[2].Account, all[2].Site, all[2].Product, all[2].Expires = "beta gmbh & co", site, connector.Confluence, day(-3)
	all[2].Entered = connector.Stamp{By: "mia", Role: connector.RoleGlobalAdmin, At: noon().AddDate(0, 0, -9)}
	note(0, connector.Failing, connector.CodeTokenRefused)
	note(1, connector.Attention, connector.CodeExpiresSoon)
	note(2, connector.Working, connector.CodeOK)
	return all
}

func TestNarrowing(t *testing.T) {
	all := varied(t)
	for want, of := range map[string][]filter{
		"acme-jira beta-jira beta-wiki gamma": {{}},
		"acme-jira":                           {{failing: true}, {account: " acme ltd "}, {account: "*L?d"}, {failing: true, attention: true, expiring: "10d", account: "acme*"}},
		"acme-jira beta-jira":                 {{failing: true, attention: true, product: "jira"}, {expiring: "10d", product: "Jira"}},
		"acme-jira gamma":                     {{site: "acme"}, {site: "ac?e"}, {failing: true, unknown: true}},
		"beta-jira":                           {{account: "beta*", product: "jira"}, {account: "Beta GmbH"}, {product: "jira", site: "https://beta-group.atlassian.net/wiki?x=*"}},
		"beta-jira beta-wiki":                 {{site: "BETA-*"}, {site: "beta-group.atlassian.net"}, {site: "*.atlassian.net", account: "beta*"}, {expiring: "9d"}, {attention: true}},
		"gamma":                               {{unknown: true}},
		"beta-jira beta-wiki gamma":           {{attention: true, unknown: true}},
		"beta-wiki":                           {{product: "confluence"}, {expiring: "0d"}, {expiring: "23h"}},
		"acme-jira beta-jira gamma":           {{notEntered: true}, {product: "jira"}},
		"":                                    {{failing: true, product: "confluence"}, {account: "acme"}, {site: "gamma"}},
	} {
		for _, n := range of {
			got, err := n.apply(all, noon())
			if err != nil || strings.Join(names(got), " ") != want {
				t.Errorf("%+v: %q, %v, want %q", n, names(got), err, want)
			}
		}
	}
	for field, n := range map[string]filter{"expiring": {expiring: "soon"}, "product": {product: "trello"}, "site": {site: "ftp://x"}} {
		_, err := n.apply(all, noon())
		f, ok := err.(*failure) //nolint:errorlint // apply wraps nothing
		if !ok || f.exit != exitUsage || len(f.problems) != 1 || f.problems[0].Field != field {
			t.Errorf("%+v: %v", n, err)
		}
	}
	if !(filter{notEntered: true}).given() || (filter{}).given() {
		t.Error("given")
	}
}

// TestListNeverWraps: a connector is one line that no terminal has to wrap, whatever its words. Its
// name is whole: a long one has a line of its own where there is no room.
func TestListNeverWraps(t *testing.T) {
	all := append(varied(t), savedEntries(t, strings.Repeat("long-", 12)+"name")...)
	last := len(all) - 1
	all[last].Product, all[last].Expires = connector.Confluence, connector.DateOf(noon().AddDate(0, -1, 0))
	all[last].Entered = connector.Stamp{At: noon()}
	all[last].AddReport(connector.Report{Verdict: connector.Unknown, Code: connector.CodeTrouble, At: noon().Add(-59 * time.Minute)})
	s := &fakeStore{entries: all}
	for _, locale := range []string{"C.UTF-8", "C"} {
		for width := 20; width <= 220; width++ {
			var out, errs bytes.Buffer
			Run(t.Context(), []string{"list"}, Stdio{In: strings.NewReader(""), Out: &out, Err: &errs, OutIsTerminal: true, Width: width,
				Env: []string{"LANG=" + locale, "TERM=xterm"}}, testOutside(s))
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			if n := len(lines) - len(all); n < 1 || n > 2 || errs.Len() > 0 {
				t.Fatalf("%d wide: %s%s", width, &out, &errs)
			}
			for _, e := range all {
				if !slices.ContainsFunc(lines, func(line string) bool { return line == e.Name || strings.HasPrefix(line, e.Name+" ") }) {
					t.Fatalf("%d wide: %s is not whole: %s", width, e.Name, &out)
				}
			}
			for _, line := range lines {
				if ansi.StringWidth(line) > width && line != all[last].Name {
					t.Fatalf("%d wide: %d: %q", width, ansi.StringWidth(line), line)
				}
			}
			if width == 80 && locale == "C.UTF-8" {
				for _, want := range []string{"✗\x1b[m refused (401) · 2 h", "! in 10 days", "Confluence", "not yet", "SAASASSURE", "14 Nov 2026"} {
					if !strings.Contains(out.String(), want) {
						t.Errorf("no %q in\n%s", want, &out)
					}
				}
			}
		}
	}
}
