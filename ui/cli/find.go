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

// one is the saved connector of a name, with its past, and all that there are, by their facts.
func (r *run) one(ctx context.Context, name string) (connector.Entry, []connector.Entry, error) {
	w, entries, err := r.entries(ctx)
	if err != nil {
		return connector.Entry{}, nil, err
	}
	e, words := meantBy(entries, name)
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
		meant, words := allMeantBy(entries, name)
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
	f.hint = "the names are in saasconnect list"
	return f
}

// allMeantBy are the connectors of an id, a name or a glob, or why there are none.
func allMeantBy(entries []connector.Entry, name string) ([]connector.Entry, string) {
	if !isGlob(name) {
		e, words := meantBy(entries, name)
		if words != "" {
			return nil, words
		}
		return []connector.Entry{e}, ""
	}
	meant := slices.DeleteFunc(slices.Clone(entries), func(e connector.Entry) bool { return !fits(name, e.Name) })
	if len(meant) == 0 {
		return nil, "no connector's name fits " + quoted(name)
	}
	return meant, ""
}

// meantBy is the one connector of an id or a name, or why there is none: a file that somebody
// edited can have two of one name.
func meantBy(entries []connector.Entry, name string) (connector.Entry, string) {
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
	return connector.Entry{}, connector.Plural(len(found), "connector") + " are named " + quoted(name) + ". Use an id: " + strings.Join(ids, ", ")
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
