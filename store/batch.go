package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// Adding connectors: one, or many in one go. connectors.json is written whole, so a write
// for each of a thousand would write the square of that. The steps and their order are
// those on top of store.go; between them stands not one connector but all of a batch:
//
//  1. one write notes the references of all
//  2. each token is put into its safe, read back, compared
//  3. one write commits all that were read back: it is all of them or none
//  4. what was not committed is deleted, and struck in one write
//
// What is wrong with one of them (its name is taken, its safe did not keep it) is its own
// error and keeps none of the others out. What is wrong with the file is everyone's.

// Add keeps a new connector and its token: all of it, or nothing.
func (s *Store) Add(ctx context.Context, c connector.Connector, token atlassian.Token, first connector.Report) (connector.Connector, error) {
	added := s.AddMany(ctx, []connector.Addition{{Connector: c, Token: token, First: first}})[0]
	return added.Connector, added.Err
}

// arrival is one connector on its way into the file.
type arrival struct {
	record
	token atlassian.Token
	noted bool  // its reference is among the loose ones: step 1 is done
	err   error // why it is not kept
}

// AddMany keeps many, each of them wholly or not at all. There is one answer for each, in
// the order in which they came.
func (s *Store) AddMany(ctx context.Context, batch []connector.Addition) []connector.Added {
	all := make([]arrival, len(batch))
	for i, b := range batch {
		all[i] = s.arrive(ctx, b)
	}
	s.noteRefs(ctx, all)
	s.putAll(ctx, all)
	s.commit(ctx, all)
	s.settle(ctx, batch, all)
	added := make([]connector.Added, len(all))
	for i, a := range all {
		if added[i].Err = a.err; a.err == nil {
			added[i].Connector = a.Connector
		}
	}
	return added
}

// arrive gives a connector its id, and its token a reference.
func (s *Store) arrive(ctx context.Context, b connector.Addition) (a arrival) {
	a.Connector, a.token = b.Connector, b.Token
	if a.ID, a.err = s.uuid(); a.err != nil {
		return a
	}
	if a.KeptIn == connector.StorageReference {
		a.err = s.references.Put(ctx, a.Connector, "", a.token)
		return a
	}
	if _, a.err = s.storage(a.KeptIn); a.err == nil {
		a.Ref, a.err = s.uuid()
	}
	return a
}

// noteRefs is step 1.
func (s *Store) noteRefs(ctx context.Context, all []arrival) {
	var refs []loose
	for _, a := range all {
		if a.err == nil && a.Ref != "" {
			refs = append(refs, loose{Ref: a.Ref, Safe: a.KeptIn, Since: s.now()})
		}
	}
	if len(refs) == 0 {
		return
	}
	err := s.file.update(ctx, func(content *shelf) error {
		content.Loose = append(content.Loose, refs...)
		return nil
	})
	for i := range all {
		if a := &all[i]; a.err == nil && a.Ref != "" {
			a.noted, a.err = err == nil, err
		}
	}
}

// putAll is step 2. A safe that did not take one token is not asked for the others: each
// could wait as long for the same answer.
func (s *Store) putAll(ctx context.Context, all []arrival) {
	var refused error
	for i := range all {
		a := &all[i]
		if a.err != nil || a.Ref == "" {
			continue
		}
		if a.err = refused; refused == nil {
			a.err = s.put(ctx, a.Connector, a.token, a.Ref)
		}
		var storage *connector.StorageError
		if a.err != nil && !(errors.As(a.err, &storage) && storage.Why == connector.StorageWhyTooBig) {
			refused = a.err
		}
	}
}

// commit is step 3. A change may be made twice, where somebody wrote in between, so what it
// concludes is taken over only at its end.
func (s *Store) commit(ctx context.Context, all []arrival) {
	if !slices.ContainsFunc(all, func(a arrival) bool { return a.err == nil }) {
		return
	}
	var concluded []arrival
	err := s.file.update(ctx, func(content *shelf) error {
		concluded = slices.Clone(all)
		before := len(content.Connectors)
		taken := content.taken("")
		fresh := map[string]bool{}
		for i := range concluded {
			a := &concluded[i]
			if a.err != nil {
				continue
			}
			a.Name, a.err = freeName(a.Connector, a.Name, func(name string) bool { return taken(name) || fresh[strings.ToLower(name)] })
			switch {
			case a.err != nil:
			case !content.claim(a.Ref):
				a.err = secret.Error(a.KeptIn, connector.StorageWhyTimedOut, errSwept)
			default:
				fresh[strings.ToLower(a.Name)] = true
				content.Connectors = append(content.Connectors, a.record)
			}
		}
		if len(content.Connectors) == before {
			return errNothingToWrite
		}
		return nil
	})
	if concluded != nil {
		copy(all, concluded)
	}
	for i := range all {
		if all[i].err == nil {
			all[i].err = err
		}
	}
}

// settle is step 4, and what is done best effort once the connectors are kept.
func (s *Store) settle(ctx context.Context, batch []connector.Addition, all []arrival) {
	var left []loose
	var kept []connector.Connector
	for i, a := range all {
		switch {
		case a.err == nil:
			kept = append(kept, a.Connector)
			_ = s.Remember(ctx, a.ID, batch[i].First) // best effort: the connectors are what counts
		case a.noted:
			left = append(left, loose{Ref: a.Ref, Safe: a.KeptIn})
		}
	}
	if len(left) > 0 {
		s.dropAll(ctx, left)
	}
	if len(kept) > 0 {
		s.bind(ctx, kept...)
		_ = s.SaveOutcomes(ctx) // likewise
		s.sweep(ctx)
	}
}
