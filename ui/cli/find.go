package cli

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Saved connectors by name. Names are compared without case; the id serves as well.

func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// byName sorts the entries by name.
func byName(entries []connector.Entry) {
	slices.SortStableFunc(entries, func(a, b connector.Entry) int { return connector.CompareNames(a.Name, b.Name) })
}

// entries are the saved connectors, by name, without their reports.
func (r *run) entries(ctx context.Context) (*ui.Deps, []connector.Entry, error) {
	w, err := r.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	entries, err := w.Store.Load(ctx)
	if err != nil {
		return nil, nil, storageFailure(ctx, err)
	}
	byName(entries)
	return w, entries, nil
}

// findOne returns the saved connector of a name, with its past, and all that there are, by their facts.
func (r *run) findOne(ctx context.Context, name string) (connector.Entry, []connector.Entry, error) {
	w, entries, err := r.entries(ctx)
	if err != nil {
		return connector.Entry{}, nil, err
	}
	e, words := findByName(entries, name)
	if words != "" {
		return connector.Entry{}, nil, noSuchName([]problem{{"name", words}})
	}
	e.Reports = w.Store.Reports(ctx, e.ID)
	return e, entries, nil
}

// pick returns the entries of names and globs in the order in which they were named, each once.
// All names that are not there are problems.
func pick(entries []connector.Entry, names []string) ([]connector.Entry, error) {
	var picked []connector.Entry
	var problems []problem
	for _, name := range names {
		meant, words := findByPattern(entries, name)
		if words != "" {
			problems = append(problems, problem{"name", words})
		}
		for _, e := range meant {
			if !slices.ContainsFunc(picked, func(p connector.Entry) bool { return p.ID == e.ID }) {
				picked = append(picked, e)
			}
		}
	}
	if len(problems) > 0 {
		return nil, noSuchName(problems)
	}
	return picked, nil
}

func noSuchName(problems []problem) error {
	f := input(problems)
	if len(problems) == 1 {
		f.message = problems[0].Message // it says itself that it is about a name
	}
	f.hint = "to see the names: saasconnect list"
	return f
}

// findByPattern returns the connectors of an id, a name or a glob, or why there are none.
func findByPattern(entries []connector.Entry, name string) ([]connector.Entry, string) {
	if !isGlob(name) {
		e, words := findByName(entries, name)
		if words != "" {
			return nil, words
		}
		return []connector.Entry{e}, ""
	}
	meant := slices.DeleteFunc(slices.Clone(entries), func(e connector.Entry) bool { return !matchesGlob(name, e.Name) })
	if len(meant) == 0 {
		return nil, "no connector name matches " + quoted(name)
	}
	return meant, ""
}

// findByName returns the one connector of an id or a name, or why there is none: an edited file can
// have two of one name.
func findByName(entries []connector.Entry, name string) (connector.Entry, string) {
	var found []connector.Entry
	var ids []string
	for _, e := range entries {
		switch {
		case e.ID == name:
			return e, ""
		case strings.EqualFold(e.Name, name):
			found, ids = append(found, e), append(ids, e.ID)
		}
	}
	switch len(found) {
	case 0:
		return connector.Entry{}, unknownName(entries, name)
	case 1:
		return found[0], ""
	}
	return connector.Entry{}, connector.Plural(len(found), "connector") + " are named " + quoted(name) + ". Use an ID: " + strings.Join(ids, ", ")
}

func names(entries []connector.Entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Name
	}
	return all
}

func unknownName(entries []connector.Entry, name string) string {
	return orNearest("no connector named "+quoted(name), name, names(entries)...)
}

// quoted is something that was typed, safe to show.
func quoted(text string) string { return atlassian.Quoted(text, 60) }

// cleaned is something that was typed, without what would act on a terminal.
func cleaned(text string) string { return atlassian.Clean(text, 60) }

// didYouMean is a hint with the nearest of several, or otherwise where none is near.
func didYouMean(typed, before, otherwise string, among ...string) string {
	if near := connector.Nearest(typed, among...); near != "" {
		return "did you mean " + before + near + "?"
	}
	return otherwise
}

// orNearest adds the nearest to a complaint: it is for fields, which have no hint.
func orNearest(words, typed string, among ...string) string {
	if near := connector.Nearest(typed, among...); near != "" {
		words += "; did you mean " + near + "?"
	}
	return words
}

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
	fs.BoolVar(&n.failing, "failing", false, "only connectors whose last check failed")
	fs.BoolVar(&n.attention, "attention", false, "only connectors that need attention: their last check says so, or their token expires within 30 days or has expired")
	fs.BoolVar(&n.unknown, "unknown", false, "only connectors whose last check was inconclusive, or that were never checked")
	fs.StringVar(&n.expiring, "expiring", "", "only connectors whose token expires within this `PERIOD` (30d), or has expired")
	fs.StringVar(&n.account, "account", "", "only connectors of this SaaSAssure `ACCOUNT`: its full name, or a glob")
	fs.StringVar(&n.product, "product", "", "only connectors for this `PRODUCT`: jira or confluence")
	fs.StringVar(&n.site, "site", "", "only connectors on this `SITE`, in any form, or a glob")
	_ = fs.SetAnnotation("account", needsValue, nil) // it is there: it was added above
}

// registerEntered adds the flag about SaaSAssure's own form.
func (n *filter) registerEntered(fs *pflag.FlagSet) {
	fs.BoolVar(&n.notEntered, "not-entered", false, "only connectors not marked as entered in SaaSAssure, or whose token was replaced since")
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
		add(func(e connector.Entry) bool {
			return e.Account != "" && matchesGlob(strings.TrimSpace(n.account), e.Account)
		})
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
			add(func(e connector.Entry) bool {
				return matchesGlob(n.site, e.Site.Host()) || matchesGlob(n.site, e.Site.Name())
			})
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

// matchesGlob reports whether a text is a name, letter case aside, or fits a glob: * is any characters,
// and ? is one. Brackets are no more than brackets, since names of accounts have them.
func matchesGlob(glob, text string) bool {
	pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(strings.ToValidUTF8(glob, "\uFFFD")))
	return regexp.MustCompile("(?is)^(?:" + pattern + ")$").MatchString(text)
}
