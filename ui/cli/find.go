package cli

import (
	"context"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Saved connectors by name. Names are compared without case; the id serves as well.

func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// byName compares two names. Letter case does not count.
func byName(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// sorted returns the entries by name, in a new slice.
func sorted(entries []connector.Entry) []connector.Entry {
	all := slices.Clone(entries)
	slices.SortStableFunc(all, func(a, b connector.Entry) int { return byName(a.Name, b.Name) })
	return all
}

// listed is what is saved as a list shows it, by name: without reports, where the store can
// tell that apart.
func (r *run) listed(ctx context.Context) (*ui.World, []*connector.Listed, error) {
	w, err := r.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	var rows []connector.Listed
	if s, ok := w.Store.(interface {
		Listed(ctx context.Context) ([]connector.Listed, error)
	}); ok {
		rows, err = s.Listed(ctx)
	} else {
		var entries []connector.Entry
		entries, err = w.Store.List(ctx)
		for _, e := range entries {
			rows = append(rows, e.Listed())
		}
	}
	if err != nil {
		return nil, nil, storage(ctx, err)
	}
	all := make([]*connector.Listed, len(rows))
	for i := range rows {
		all[i] = &rows[i]
	}
	slices.SortStableFunc(all, func(a, b *connector.Listed) int { return byName(a.Name, b.Name) })
	return w, all, nil
}

// entries lists what is saved, by name.
func (r *run) entries(ctx context.Context) (*ui.World, []connector.Entry, error) {
	w, err := r.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	entries, err := w.Store.List(ctx)
	if err != nil {
		return nil, nil, storage(ctx, err)
	}
	return w, sorted(entries), nil
}

// bare is entries without their reports, where the store can tell them when they are
// needed.
func (r *run) bare(ctx context.Context) (*ui.World, []connector.Entry, error) {
	w, err := r.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	h, ok := w.Store.(historian)
	if !ok {
		return r.entries(ctx)
	}
	entries, err := h.Bare(ctx)
	if err != nil {
		return nil, nil, storage(ctx, err)
	}
	return w, sorted(entries), nil
}

// one is the saved connector of a name, with its past, and all that there are, by their facts.
func (r *run) one(ctx context.Context, name string) (connector.Entry, []connector.Entry, error) {
	w, entries, err := r.bare(ctx)
	if err != nil {
		return connector.Entry{}, nil, err
	}
	picked, err := pick(entries, []string{name})
	if err != nil {
		return connector.Entry{}, nil, err
	}
	e := picked[0]
	e.Reports = past(ctx, w.Store, e)
	return e, entries, nil
}

// pick returns the named entries in the order in which they were named, each once. All
// names that are not there are problems.
func pick(entries []connector.Entry, names []string) ([]connector.Entry, error) {
	var picked []connector.Entry
	var problems []problem
	for _, name := range names {
		i := slices.IndexFunc(entries, func(e connector.Entry) bool {
			return strings.EqualFold(e.Name, name) || e.ID == name
		})
		if i < 0 {
			problems = append(problems, problem{"name", unknownName(entries, name)})
			continue
		}
		if !slices.ContainsFunc(picked, func(e connector.Entry) bool { return e.ID == entries[i].ID }) {
			picked = append(picked, entries[i])
		}
	}
	if len(problems) > 0 {
		f := input(problems)
		f.hint = "the names are in saasconnect list"
		return nil, f
	}
	return picked, nil
}

func names(entries []connector.Entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Name
	}
	return all
}

func unknownName(entries []connector.Entry, name string) string {
	return orNearest("there is no connector "+quoted(name), name, names(entries)...)
}

// quoted is something that was typed, safe to show.
func quoted(text string) string { return `"` + cleaned(text) + `"` }

// cleaned is something that was typed, without what would act on a terminal.
func cleaned(text string) string { return atlassian.Clean(text, 60) }
