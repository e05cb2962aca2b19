package cli

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui/cli/roster"
)

// What is to be done with each row of a file: which saved connector it is about, and what
// it changes there. Nothing here reads or asks.

// step is one row and what is to be done with it, and then what came of it.
type step struct {
	row     roster.Row
	old     *connector.Entry // the saved connector, nil where it is to be added
	draft   setup.Draft
	facts   []string     // of a saved one: those that change
	check   bool         // also where nothing changes
	source  *tokenSource // where its token comes from; nil for the one that is stored
	storage string       // what is wrong with the one that its token is in; "" for nothing

	is      connector.Connector // as it is to be, and once it is saved as it is
	did     action
	needs   string  // what is open about it that the file and the flags don't answer
	done    checked // zero where it was not checked
	checked bool
	refused *step  // not tried: this one's token, the same, was refused
	notKept string // why it is not saved although it was checked
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
	if s.is.Name != "" {
		return s.is.Name
	}
	return connector.DefaultName(s.is)
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
func (s *step) idle() bool { return s.planned() == unchanged && !s.check }

// saved: it is stored as the row has it.
func (s *step) saved() bool { return s.did == added || s.did == updated || s.did == unchanged }

// tried: there is a report of it, be it that of the row whose token is the same.
func (s *step) tried() bool { return s.did != skipped || s.refused != nil }

// place is what tells connectors apart where their names do not.
type place struct {
	product connector.Product
	site    atlassian.Site
}

// planner finds the saved connector of each row.
type planner struct {
	known    setup.Known
	recheck  bool
	byName   map[string]int
	byPlace  map[place][]int
	claimed  map[int]roster.Row
	problems []roster.Problem
}

func newPlanner(known setup.Known, recheck bool) *planner {
	p := &planner{known: known, recheck: recheck, byName: map[string]int{}, byPlace: map[place][]int{}, claimed: map[int]roster.Row{}}
	for i, e := range known.Entries {
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
			if words := p.otherOne(row, p.known.Entries[at]); words != "" {
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
		switch e := p.known.Entries[i]; {
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
		if strings.EqualFold(p.known.Entries[i].Email, row.Email) {
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
		s.draft, s.check = setup.New(row.Product), true
		s.draft.Set(row.Facts())
	} else {
		old := p.known.Entries[at]
		s.old, s.draft = &old, setup.For(setup.Edit, old)
		s.draft.Set(s.changed(s.draft.Facts()))
		s.check = p.recheck || s.draft.Readdresses() || old.Last == nil || !old.Last.Verdict.Good()
	}
	s.show(connector.Stamp{At: p.known.Now})
	return s
}

// changed are a saved connector's facts with those that the row changes, which it notes. An empty
// cell changes nothing.
func (s *step) changed(f setup.Facts) setup.Facts {
	row, old := s.row, s.old
	change := func(fact string, differs bool, is *string, becomes string) {
		if differs {
			s.facts = append(s.facts, fact)
			*is = becomes
		}
	}
	change("name", row.Name != "" && !strings.EqualFold(row.Name, old.Name), &f.Name, row.Name)
	change("site", row.Site != old.Site, &f.Site, row.Site.Host())
	change("email", !strings.EqualFold(row.Email, old.Email), &f.Email, row.Email)
	change("account", row.Account != "" && row.Account != strings.TrimSpace(old.Account), &f.Account, row.Account)
	change("expires", row.NoExpiry && !old.Expires.IsZero() || !row.Expires.IsZero() && row.Expires != old.Expires, &f.Expiry, row.Expires.String())
	return f
}

// show notes the connector as it is to be, by whom.
func (s *step) show(by connector.Stamp) {
	if s.draft.Changes() {
		s.is = s.draft.Connector(by)
	} else {
		s.is = s.draft.Saved().Connector
	}
}

// bring puts the token into the Draft that was read from the row's source. Where it replaces the
// one that is stored, the expiry date there was the old one's.
func (s *step) bring(given token, replaces bool, by connector.Stamp) {
	if replaces {
		f := s.draft.Facts()
		if s.old.KeptIn != connector.StorageReference { // which most often only moves
			f.Expiry = s.row.Expires.String()
		}
		kind, tested := s.draft.Storage()
		s.draft = setup.For(setup.Replace, *s.old)
		s.draft.Set(f)
		s.draft.SetStorage(kind, tested)
	}
	if given.source != nil {
		s.draft.SetReference(given.source, given.token, given.receipt, by.At)
	} else {
		s.draft.SetToken(given.token, given.receipt, by.At)
	}
	s.show(by)
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
