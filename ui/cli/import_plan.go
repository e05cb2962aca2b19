package cli

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui/cli/roster"
)

// What is to be done with each row of a file: which saved connector it is about, and what
// it changes there. Nothing here reads or asks.

// step is one row and what is to be done with it, and then what came of it.
type step struct {
	row   roster.Row
	old   *connector.Entry    // the saved connector, nil where it is to be added
	meant connector.Connector // as it is to be
	facts []string            // of a saved one: those that change
	prove bool
	well  *well // where its token comes from; nil for the one that is kept

	did    action
	done   checked
	proven bool
	refuse *step  // not tried: this one's token, the same, was refused
	lost   string // why it is not kept although it was proven
}

// action is what came of a row.
type action string

const (
	added     action = "added"
	updated   action = "updated"
	unchanged action = "unchanged"
	failed    action = "failed"
	skipped   action = "skipped" // not tried
)

// name is what a row is called, also before it is saved.
func (s *step) name() string {
	if s.meant.Name != "" {
		return s.meant.Name
	}
	return connector.DefaultName(s.meant)
}

// planned is what would come of it if all is well.
func (s *step) planned() action {
	switch {
	case s.old == nil:
		return added
	case len(s.facts) > 0:
		return updated
	}
	return unchanged
}

// idle: there is nothing to do.
func (s *step) idle() bool { return s.planned() == unchanged && !s.prove }

// stamp notes who does it, and where a new one's token is kept.
func (s *step) stamp(by connector.Stamp, keep connector.SafeKind) {
	switch {
	case s.old == nil:
		s.meant.Added, s.meant.TokenSince, s.meant.KeptIn = by, by.At, keep
		if keep == connector.SafeReference {
			s.meant.Reference = s.well.from
		}
	case len(s.facts) > 0:
		s.meant.Edited = by
	}
}

func (in *intake) busy() bool {
	for _, s := range in.steps {
		if !s.idle() {
			return true
		}
	}
	return false
}

func (in *intake) adds() bool {
	for _, s := range in.steps {
		if s.old == nil {
			return true
		}
	}
	return false
}

// saved are the connectors whose safe will be asked.
func (in *intake) saved() []connector.Entry {
	var all []connector.Entry
	for _, s := range in.steps {
		if s.old != nil && s.prove {
			all = append(all, *s.old)
		}
	}
	return all
}

// place is what tells connectors apart where their names do not.
type place struct {
	product connector.Product
	site    atlassian.Site
}

// planner finds the saved connector of each row.
type planner struct {
	entries  []connector.Entry
	recheck  bool
	byName   map[string]int
	byPlace  map[place][]int
	claimed  map[int]roster.Row
	problems []roster.Problem
}

func newPlanner(entries []connector.Entry, recheck bool) *planner {
	p := &planner{entries: entries, recheck: recheck, byName: map[string]int{}, byPlace: map[place][]int{}, claimed: map[int]roster.Row{}}
	for i, e := range entries {
		p.byName[strings.ToLower(e.Name)] = i
		at := place{e.Product, e.Site}
		p.byPlace[at] = append(p.byPlace[at], i)
	}
	return p
}

// plan lays out a step for each row. Names are looked at first: what a row names can't be
// another row's.
func (p *planner) plan(rows []roster.Row) []*step {
	olds := make([]int, len(rows))
	for i, row := range rows {
		olds[i] = -1
		if at, there := p.byName[strings.ToLower(row.Name)]; there && row.Name != "" {
			if words := p.otherOne(row, p.entries[at]); words != "" {
				p.wrong(row, "name", words)
				continue
			}
			olds[i] = at
			p.claimed[at] = row
		}
	}
	steps := make([]*step, len(rows))
	for i, row := range rows {
		if olds[i] < 0 {
			olds[i] = p.atItsPlace(row)
		}
		steps[i] = p.step(row, olds[i])
	}
	return steps
}

func (p *planner) wrong(row roster.Row, field, words string) {
	p.problems = append(p.problems, roster.Problem{Line: row.Line, Index: row.Index, Field: field, Words: words})
}

// otherOne says why the saved connector of a row's name is not the row's: it is for another
// product, or neither its site nor its named account are the row's. A file must not make a
// connector into another customer's by a name that happens to be the same.
func (p *planner) otherOne(row roster.Row, e connector.Entry) string {
	sameAccount := row.Account != "" && connector.SameAccount(row.Account, e.Account)
	if e.Product == row.Product && (e.Site == row.Site || sameAccount) {
		return ""
	}
	words := fmt.Sprintf("%s is the name of another connector: %s on %s", e.Name, connector.ProductTitle(e.Product), e.Site.Host())
	if e.Account != "" {
		words += " for " + e.Account
	}
	return words + ". Choose another name, or leave it out."
}

// atItsPlace finds the saved connector of a row's product, site and account, -1 for none.
// A row that names no account means any; a saved one without an account can be given one.
func (p *planner) atItsPlace(row roster.Row) int {
	var exact, loose []int
	for _, i := range p.byPlace[place{row.Product, row.Site}] {
		if _, taken := p.claimed[i]; taken {
			continue
		}
		switch e := p.entries[i]; {
		case connector.SameAccount(e.Account, row.Account):
			exact = append(exact, i)
		case row.Account == "" || e.Account == "":
			loose = append(loose, i)
		}
	}
	found := exact
	if len(found) == 0 {
		found = loose
	}
	if len(found) > 1 {
		found = p.sameEmail(row, found)
	}
	switch len(found) {
	case 0:
		return -1
	case 1:
		p.claimed[found[0]] = row
		return found[0]
	}
	p.wrong(row, "name", fmt.Sprintf("There are %d saved connectors for this product, site and account: say by its name which one is meant.", len(found)))
	return -1
}

func (p *planner) sameEmail(row roster.Row, of []int) []int {
	var same []int
	for _, i := range of {
		if strings.EqualFold(p.entries[i].Email, row.Email) {
			same = append(same, i)
		}
	}
	if len(same) == 1 {
		return same
	}
	return of
}

// step is what a row means for the saved connector at a place in the list, or for none.
func (p *planner) step(row roster.Row, at int) *step {
	s := &step{row: row}
	if at < 0 {
		s.prove = true
		s.meant = connector.Connector{Name: row.Name, Product: row.Product, Site: row.Site, Email: row.Email, Account: row.Account, Expires: row.Expires}
		return s
	}
	old := p.entries[at]
	s.old, s.meant = &old, old.Connector
	change := func(fact string, differs bool, into func()) {
		if differs {
			s.facts = append(s.facts, fact)
			into()
		}
	}
	change("name", row.Name != "" && !strings.EqualFold(row.Name, old.Name), func() { s.meant.Name = row.Name })
	change("site", row.Site != old.Site, func() { s.meant.Site = row.Site })
	change("email", !strings.EqualFold(row.Email, old.Email), func() { s.meant.Email = row.Email })
	change("account", row.Account != "" && row.Account != strings.TrimSpace(old.Account), func() { s.meant.Account = row.Account })
	change("expires", row.NoExpiry && !old.Expires.IsZero() || !row.Expires.IsZero() && row.Expires != old.Expires,
		func() { s.meant.Expires = row.Expires })
	s.prove = p.recheck || s.meant.Site != old.Site || s.meant.Email != old.Email || old.Last == nil || !old.Last.Verdict.Good()
	return s
}

// knownIn tells that a saved connector has a text in a field.
func knownIn(entries []connector.Entry) func(field, text string) bool {
	known := map[[2]string]bool{}
	for _, e := range entries {
		known[[2]string{"name", e.Name}] = true
		known[[2]string{"account", strings.TrimSpace(e.Account)}] = true
		known[[2]string{"expires", e.Expires.String()}] = true
	}
	return func(field, text string) bool { return text != "" && known[[2]string{field, text}] }
}
