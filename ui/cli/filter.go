package cli

import (
	"regexp"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Which of the saved connectors a command is about: by name or glob (pick), and by what is known of
// them (narrowing). Neither reads a token or asks the network.

// filter are the flags that narrow a command to some of the saved connectors. Several of them
// combine; failing, attention and unknown together mean any of these. Line mode narrows by it, too.
type filter struct {
	failing, attention, unknown, notEntered bool
	expiring, account, product, site        string
}

// register adds the flags.
func (n *filter) register(fs *pflag.FlagSet) {
	fs.BoolVar(&n.failing, "failing", false, "only those whose last check says failing")
	fs.BoolVar(&n.attention, "attention", false, "only those that work and need attention: their last check says so, or their token expires within 30 days or has expired")
	fs.BoolVar(&n.unknown, "unknown", false, "only those whose last check could not tell, or that were never checked")
	fs.StringVar(&n.expiring, "expiring", "", "only those whose token expires within this `SPAN` (30d), or has expired")
	fs.StringVar(&n.account, "account", "", "only those of this SaaSAssure `ACCOUNT`: its whole name, or a glob")
	fs.StringVar(&n.product, "product", "", "only those of this `PRODUCT`, jira or confluence")
	fs.StringVar(&n.site, "site", "", "only those on this `SITE`, in any form, or a glob")
	_ = fs.SetAnnotation("account", needsValue, nil) // it is there: it was added above
}

// registerEntered adds the flag about SaaSAssure's own form.
func (n *filter) registerEntered(fs *pflag.FlagSet) {
	fs.BoolVar(&n.notEntered, "not-entered", false, "only those that are not marked as entered in SaaSAssure, or were before their token was replaced")
}

// needsValue marks a flag that may not be empty, although one of its name may be elsewhere.
const needsValue = "needs-value"

// given reports whether a flag narrows anything.
func (n filter) given() bool { return n != filter{} }

// apply returns the entries that are meant, or what is wrong with the flags.
func (n filter) apply(entries []connector.Entry, now time.Time) ([]connector.Entry, error) {
	tests, problems := n.tests(connector.DateOf(now))
	if len(problems) > 0 {
		return nil, input(problems)
	}
	meant := make([]connector.Entry, 0, len(entries))
	for _, e := range entries {
		fits := true
		for _, test := range tests {
			fits = fits && test(e)
		}
		if fits {
			meant = append(meant, e)
		}
	}
	return meant, nil
}

// tests are what an entry has to pass, one for each flag that was given.
func (n filter) tests(today connector.Date) (tests []func(connector.Entry) bool, problems []problem) {
	add := func(test func(connector.Entry) bool) { tests = append(tests, test) }
	if n.failing || n.attention || n.unknown {
		wanted := map[connector.Verdict]bool{connector.Failing: n.failing, connector.Attention: n.attention, connector.Unknown: n.unknown}
		add(func(e connector.Entry) bool { return wanted[e.State(today)] })
	}
	if n.notEntered {
		add(func(e connector.Entry) bool { return !e.IsMarked(true) })
	}
	if n.expiring != "" {
		span, err := parseSpan(n.expiring)
		if err != nil {
			problems = append(problems, problem{"expiring", err.Error()})
		}
		add(func(e connector.Entry) bool { return e.ExpiresWithin(int(span.Hours()/24), today) })
	}
	if n.account != "" {
		add(func(e connector.Entry) bool { return e.Account != "" && fits(strings.TrimSpace(n.account), e.Account) })
	}
	if n.product != "" {
		product := productNamed(n.product)
		if product == "" {
			problems = append(problems, problem{"product", noProduct(n.product)})
		}
		add(func(e connector.Entry) bool { return e.Product == product })
	}
	if n.site != "" {
		if isGlob(n.site) && !strings.Contains(n.site, "/") { // a link may hold a question mark
			add(func(e connector.Entry) bool { return fits(n.site, e.Site.Host()) || fits(n.site, e.Site.Name()) })
			return tests, problems
		}
		site, _, err := atlassian.ParseSite(n.site)
		if err != nil {
			problems = append(problems, problem{"site", connector.SiteProblem(n.site)})
		}
		add(func(e connector.Entry) bool { return e.Site == site })
	}
	return tests, problems
}

// isGlob reports whether a text stands for several names. No name of a connector holds such a
// character.
func isGlob(text string) bool { return strings.ContainsAny(text, "*?") }

// fits reports whether a text is a name, letter case aside, or fits a glob: * is any characters,
// and ? is one. Brackets are no more than brackets, since names of accounts have them.
func fits(glob, text string) bool {
	pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(strings.ToValidUTF8(glob, "\uFFFD")))
	return regexp.MustCompile("(?is)^(?:" + pattern + ")$").MatchString(text)
}
