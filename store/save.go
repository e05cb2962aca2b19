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

// Saving, for one connector and for a thousand. connectors.json is written whole, so every step
// is taken for all of them before the next:
//
//  1. each is compared with what is saved; where its token goes to a new place, that gets a reference
//  2. one write notes these references as pending; for a token in an external source, whom it will
//     be for is remembered beside whom it is for
//  3. each token is put under its reference, read back and compared
//  4. one write commits: each is compared once more, takes its reference, and the one that it had is
//     noted as orphaned. The rename is the moment from which all of them are saved, or none
//  5. the values under orphaned references are deleted, and one write strikes these
//
// So a process that ends at any instant harms no other connector, leaves no connector without its
// token, and no token that no file mentions. A pending reference stays for ten minutes at least,
// since a storage that did not answer may still do what it was asked; then it is collected
// (collect.go).
//
// What is wrong with one of them (its name is taken, its storage did not store the token) is its own
// error and does not stop the others. What is wrong with the file is an error of all.

// saving is one connector on its way into the file.
type saving struct {
	connector.Write
	old   record          // as it is saved; zero for a new one
	moves bool            // its token goes to a new place, which ref is the reference of
	token atlassian.Token // what goes there
	ref   string          // "" for a token in an external source
	noted bool            // ref is in the file
	err   error           // why it is not saved
}

// Save writes new connectors, and changes of saved ones; see setup.Writer.
func (s *Store) Save(ctx context.Context, writes []connector.Write) []connector.Written {
	all := make([]saving, len(writes))
	for i, w := range writes {
		all[i].Write = w
	}
	s.prepare(ctx, all)
	s.notePending(ctx, all)
	s.putAll(ctx, all)
	s.commit(ctx, all)
	s.finish(ctx, all)
	written := make([]connector.Written, len(all))
	for i, a := range all {
		written[i] = connector.Written{Connector: a.After, Err: a.err}
	}
	return written
}

// clean takes out of the new words what a terminal would obey.
func (a *saving) clean() {
	r := record{Connector: a.After}
	r.clean()
	a.After = r.Connector
}

func isNew(w connector.Write) bool { return w.Before.ID == "" }

// prepare is step 1. It may ask a storage for a token that is to be bound to another site or email.
func (s *Store) prepare(ctx context.Context, all []saving) {
	saved, err := s.file.read()
	at := saved.at()
	for i := range all {
		a := &all[i]
		a.clean() // so that it is what will be read back
		switch j, there := at[a.Before.ID]; {
		case err != nil:
			a.err = err
		case isNew(a.Write):
			a.After.ID, a.err = s.uuid()
			a.moves, a.token = true, a.Token
		case !there:
			a.err = s.notFound()
		case !saved.Connectors[j].Equal(a.Before):
			a.err = s.changed(a.Before, saved.Connectors[j].Connector)
		default:
			a.old = saved.Connectors[j]
			a.err = s.prepareSaved(ctx, a)
		}
		if a.err == nil && a.moves && a.After.KeptIn != connector.StorageReference {
			if _, a.err = s.storage(a.After.KeptIn); a.err == nil {
				a.ref, a.err = s.uuid()
			}
		}
	}
}

// prepareSaved finds out whether a saved connector's token goes to a new place.
func (s *Store) prepareSaved(ctx context.Context, a *saving) error {
	bound := boundTo(a.old.Connector, a.After)
	elsewhere := a.old.KeptIn == connector.StorageReference && a.After.KeptIn == connector.StorageReference
	switch {
	case !a.Token.IsZero():
		if stored, err := s.tokenOf(ctx, a.old); err == nil && stored.Equal(a.Token) && staysPut(a.old.Connector, a.After) {
			return secret.Error(a.old.KeptIn, connector.StorageWhySame, nil)
		}
		a.moves, a.token = true, a.Token
		return nil
	case elsewhere && readdressed(a.old.Connector, a.After): // nothing is stored that could be bound to others
		return s.references.Check(ctx, a.old.Connector)
	case bound || elsewhere:
		return nil
	}
	a.moves = true
	if a.After.KeptIn == connector.StorageReference {
		return nil // it is not stored any more
	}
	var err error
	a.token, err = s.tokenOf(ctx, a.old)
	return err
}

// staysPut reports whether a token would be for the same site and email as before, and in the same
// place. That the site's cloud id became known does not make it another token.
func staysPut(a, b connector.Connector) bool {
	return !readdressed(a, b) && a.KeptIn == b.KeptIn && a.Reference.Equal(b.Reference)
}

// boundTo reports whether what is stored for one connector is for the other, too.
func boundTo(a, b connector.Connector) bool {
	return !readdressed(a, b) && a.CloudID == b.CloudID && a.KeptIn == b.KeptIn
}

// readdressed reports whether a token would go to another site, or with another email.
func readdressed(a, b connector.Connector) bool { return a.Site != b.Site || a.Email != b.Email }

// isElsewhere reports whether a token in an external source will be for another site or email than before.
func (a *saving) isElsewhere() bool {
	return a.err == nil && a.After.KeptIn == connector.StorageReference && (a.moves || readdressed(a.old.Connector, a.After))
}

// notePending is step 2.
func (s *Store) notePending(ctx context.Context, all []saving) {
	var refs []reference
	var elsewhere []connector.Connector
	for _, a := range all {
		if a.isElsewhere() {
			elsewhere = append(elsewhere, a.After)
		}
		if a.err == nil && a.ref != "" {
			refs = append(refs, reference{a.ref, a.After.KeptIn, pending, s.now()})
		}
	}
	_ = s.references.Announce(ctx, elsewhere...) // step 5 does it again, and says where it can't
	if len(refs) == 0 {
		return
	}
	err := s.file.update(ctx, func(c *contents) error {
		c.References = append(c.References, refs...)
		return nil
	})
	for i := range all {
		if a := &all[i]; a.err == nil && a.ref != "" {
			a.noted, a.err = err == nil, err
		}
	}
}

// putAll is step 3. A storage that did not take one token is not asked for the others: each could
// wait as long for the same answer.
func (s *Store) putAll(ctx context.Context, all []saving) {
	refused := map[connector.StorageKind]error{}
	for i := range all {
		a := &all[i]
		if a.err != nil || !a.moves {
			continue
		}
		if a.err = refused[a.After.KeptIn]; a.err != nil {
			continue
		}
		a.err = s.put(ctx, a.After, a.token, a.ref)
		if a.err != nil && !secret.Is(a.err, connector.StorageWhyTooBig) && !secret.Is(a.err, connector.StorageWhyMissing) {
			refused[a.After.KeptIn] = a.err
		}
	}
}

// commit is step 4.
func (s *Store) commit(ctx context.Context, all []saving) {
	if !slices.ContainsFunc(all, func(a saving) bool { return a.err == nil }) {
		return
	}
	var concluded []saving
	err := s.file.update(ctx, func(c *contents) error {
		concluded = slices.Clone(all)
		at, names, written := c.at(), c.names(), false
		for i := range concluded {
			if a := &concluded[i]; a.err == nil {
				a.err = s.commitOne(c, a, at, names)
				written = written || a.err == nil
			}
		}
		if !written {
			return errNothingToWrite
		}
		return nil
	})
	copy(all, concluded)
	for i := range all {
		if all[i].err == nil {
			all[i].err = err
		}
	}
}

// commitOne writes one into the contents. at and names follow what it writes.
func (s *Store) commitOne(c *contents, a *saving, at map[string]int, names map[string]string) error {
	i, there := at[a.Before.ID]
	switch {
	case isNew(a.Write):
	case !there:
		return s.notFound()
	case c.Connectors[i].Ref != a.old.Ref || !c.Connectors[i].Equal(a.Before): // another process wrote meanwhile
		return s.changed(a.Before, c.Connectors[i].Connector)
	}
	taken := func(name string) bool { id, there := names[strings.ToLower(name)]; return there && id != a.After.ID }
	switch {
	case a.After.Name == "":
		a.After.Name = connector.UniqueName(connector.DefaultName(a.After), taken)
	case taken(a.After.Name):
		return &connector.StoreError{Why: connector.StoreNameTaken, Where: a.After.Name}
	}
	r := record{a.After, a.old.Ref}
	if a.moves {
		if !c.commit(a.ref) {
			return secret.Error(a.After.KeptIn, connector.StorageWhyTimedOut, errCollected)
		}
		r.Ref = a.ref
		c.note(a.old.Ref, a.old.KeptIn, orphaned, s.now())
	}
	names[strings.ToLower(r.Name)] = r.ID
	if isNew(a.Write) {
		c.Connectors = append(c.Connectors, r)
		return nil
	}
	if old := strings.ToLower(a.old.Name); old != strings.ToLower(r.Name) {
		delete(names, old)
	}
	c.Connectors[i] = r
	return nil
}

// errCollected: it took so long that another process took the value for a forgotten one.
var errCollected = errors.New("the stored token was deleted in the meantime")

// errNothingToWrite ends a change that would write what is there already.
var errNothingToWrite = errors.New("nothing to write")

// finish is step 5, and what is done as well as it can be once the connectors are saved.
func (s *Store) finish(ctx context.Context, all []saving) {
	var unused, replaced []reference
	var elsewhere []connector.Connector
	saved, reports, notElsewhere := false, false, false
	for _, a := range all {
		switch {
		case a.err != nil && a.noted:
			unused = append(unused, reference{Ref: a.ref, Storage: a.After.KeptIn})
		case a.err != nil:
		default:
			saved = true
			if a.moves && a.old.Ref != "" {
				replaced = append(replaced, reference{Ref: a.old.Ref, Storage: a.old.KeptIn})
			}
			if a.isElsewhere() {
				elsewhere = append(elsewhere, a.After)
			}
			notElsewhere = notElsewhere || a.moves && a.old.KeptIn == connector.StorageReference && a.After.KeptIn != connector.StorageReference
			if a.Report != nil {
				reports = s.Remember(ctx, a.After.ID, *a.Report) == nil || reports // the connectors are what counts
			}
		}
	}
	s.bind(ctx, elsewhere...)
	if notElsewhere {
		_ = s.references.Forget(ctx) // at worst the next one does
	}
	if reports {
		_ = s.SaveOutcomes(ctx) // likewise
	}
	left := s.delete(ctx, replaced)
	if left != nil {
		s.note("The old token: " + connector.LeftWords(left))
	}
	s.delete(ctx, unused)
	if saved && left == nil {
		s.collect(ctx)
	}
}

// Remove deletes the connector and its token here. Where the connector is gone and its token
// is not, left says in which storage it is still, and why: it is deleted by the next collection
// that can.
func (s *Store) Remove(ctx context.Context, id string) (left *connector.StorageError, err error) {
	var gone record
	err = s.file.update(ctx, func(c *contents) error {
		i, there := c.at()[id]
		if !there {
			return s.notFound()
		}
		gone = c.Connectors[i]
		c.Connectors = append(c.Connectors[:i:i], c.Connectors[i+1:]...)
		c.note(gone.Ref, gone.KeptIn, orphaned, s.now())
		return nil
	})
	if err != nil {
		return nil, err
	}
	if gone.Ref != "" {
		left = s.delete(ctx, []reference{{Ref: gone.Ref, Storage: gone.KeptIn}})
	}
	if gone.KeptIn == connector.StorageReference {
		_ = s.references.Forget(ctx) // it forgets whom the token was for; at worst the next one does
	}
	_ = s.reports.forget(id) // what was removed should leave nothing behind; the next collection looks again
	_ = s.SaveOutcomes(ctx)  // likewise
	if left == nil {
		s.collect(ctx)
	}
	return left, nil
}

// changed is the error about a connector that is not what a change of it was made from.
func (s *Store) changed(before, now connector.Connector) error {
	return &connector.StoreError{Why: connector.StoreChanged, Where: s.file.where(), Name: now.Name, Detail: connector.Differs(before, now)}
}

func (s *Store) notFound() error {
	return &connector.StoreError{Why: connector.StoreNotFound, Where: s.file.where()}
}
