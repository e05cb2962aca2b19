package store

import (
	"context"
	"strings"

	"saasconnect/connector"
)

// Changing facts: of one connector, or of many in one go, for the reason that batch.go
// gives. Words are changed by one write for all. Where site, e-mail, cloud id or safe
// change, the token is sealed anew for them, each by the order of writes on top of
// store.go.

// Edit changes a connector's facts from before to after; what others changed meanwhile
// stays. Where site, e-mail, cloud id or safe change, the token's binding is written anew
// first.
func (s *Store) Edit(ctx context.Context, before, after connector.Connector) (connector.Connector, error) {
	edited := s.EditMany(ctx, []connector.Revision{{Before: before, After: after}})[0]
	return edited.Connector, edited.Err
}

// EditMany does so for many. There is an answer for each, in their order: the connector as
// it is now, or why it was left as it is.
func (s *Store) EditMany(ctx context.Context, batch []connector.Revision) []connector.Added {
	all := make([]connector.Added, len(batch))
	content, err := s.file.read()
	if err != nil {
		return refuseAll(batch, all, err)
	}
	at := content.index()
	var words, readdressed []int
	for i, b := range batch {
		all[i].Connector = b.After
		r, there := at[b.After.ID]
		if !there {
			all[i].Err = s.notFound()
			continue
		}
		meant, ok := connector.Merge(r.Connector, b.Before, b.After)
		switch {
		case !ok:
			all[i].Err = s.changed()
		case r.readdressed(meant):
			if all[i].Err = s.references.Check(ctx, r.Connector); all[i].Err == nil {
				words = append(words, i)
				readdressed = append(readdressed, i)
			}
		case r.boundElsewhere(meant):
			all[i].Connector, all[i].Err = s.rebind(ctx, b)
		default:
			words = append(words, i)
		}
	}
	s.editWords(ctx, batch, all, words)
	var edited []connector.Connector
	for _, i := range readdressed {
		if all[i].Err == nil {
			edited = append(edited, all[i].Connector)
		}
	}
	s.bind(ctx, edited...)
	return all
}

// readdressed reports whether a token that is kept elsewhere will go to another site, or with
// another e-mail.
func (r *record) readdressed(c connector.Connector) bool {
	return r.KeptIn == connector.StorageReference && c.KeptIn == connector.StorageReference && (r.Site != c.Site || r.Email != c.Email)
}

func refuseAll(batch []connector.Revision, all []connector.Added, err error) []connector.Added {
	for i, b := range batch {
		all[i] = connector.Added{Connector: b.After, Err: err}
	}
	return all
}

// rebind seals the kept token for the facts as they will be.
func (s *Store) rebind(ctx context.Context, b connector.Revision) (connector.Connector, error) {
	token, err := s.Token(ctx, b.After.ID)
	if err != nil {
		return b.After, err
	}
	return s.Replace(ctx, b.Before, b.After, token)
}

// editWords changes what is bound to no token, in one write. A change may be made twice,
// where somebody wrote in between, so what it concludes is taken over only at its end.
func (s *Store) editWords(ctx context.Context, batch []connector.Revision, all []connector.Added, which []int) {
	if len(which) == 0 {
		return
	}
	var concluded []connector.Added
	err := s.file.update(ctx, func(content *shelf) error {
		concluded = make([]connector.Added, len(which))
		at := content.index()
		changed := false
		for n, i := range which {
			concluded[n].Connector = batch[i].After
			merged, err := s.reword(content, at[batch[i].After.ID], batch[i])
			if concluded[n].Err = err; err == nil {
				concluded[n].Connector, changed = merged, true
			}
		}
		if !changed {
			return errNothingToWrite
		}
		return nil
	})
	for n, i := range which {
		if concluded != nil {
			all[i] = concluded[n]
		}
		if all[i].Err == nil && err != nil {
			all[i] = connector.Added{Connector: batch[i].After, Err: err}
		}
	}
}

// reword changes one, where it still is what the change was made from.
func (s *Store) reword(content *shelf, r *record, b connector.Revision) (connector.Connector, error) {
	if r == nil {
		return b.After, s.notFound()
	}
	merged, ok := connector.Merge(r.Connector, b.Before, b.After)
	if !ok || r.boundElsewhere(merged) { // by another process, since the look before
		return b.After, s.changed()
	}
	if !strings.EqualFold(merged.Name, r.Name) {
		if _, err := freeName(merged, merged.Name, content.taken(merged.ID)); err != nil {
			return b.After, err
		}
	}
	r.Connector = merged
	return merged, nil
}
