package store

import (
	"context"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// storage is the one of a kind.
func (s *Store) storage(kind connector.StorageKind) (safe, error) {
	for _, one := range s.storages {
		if one.kind() == kind {
			return one, nil
		}
	}
	return nil, trouble(kind, connector.StorageWhyUnavailable, nil)
}

// put puts a token under its reference, and reads it back.
func (s *Store) put(ctx context.Context, c connector.Connector, token atlassian.Token, ref string) error {
	if c.KeptIn == connector.StorageReference {
		if c.Reference == nil {
			return trouble(c.KeptIn, connector.StorageWhyMissing, nil)
		}
		return nil
	}
	to, err := s.storage(c.KeptIn)
	if err != nil {
		return err
	}
	value, err := seal(c, token)
	if err != nil {
		return trouble(c.KeptIn, connector.StorageWhyUnavailable, nil)
	}
	if err := s.fail("storage:put"); err != nil {
		return err
	}
	if err := putProven(ctx, to, ref, value); err != nil {
		return err
	}
	return s.fail("storage:kept")
}

func (s *Store) tokenOf(ctx context.Context, r record) (atlassian.Token, error) {
	if r.KeptIn == connector.StorageReference {
		if err := s.meant(ctx, r); err != nil {
			return atlassian.Token{}, err
		}
		return fetchToken(ctx, r.Reference)
	}
	from, err := s.storage(r.KeptIn)
	if err != nil {
		return atlassian.Token{}, err
	}
	value, err := from.get(ctx, r.Ref)
	if err != nil {
		return atlassian.Token{}, err
	}
	return unseal(r.Connector, value)
}

// fetchToken reads a token that is kept elsewhere, as if it had been pasted.
func fetchToken(ctx context.Context, from *connector.Reference) (atlassian.Token, error) {
	if from == nil {
		return atlassian.Token{}, trouble(connector.StorageReference, connector.StorageWhyMissing, nil)
	}
	data, err := Fetch(ctx, *from)
	if err != nil {
		return atlassian.Token{}, err
	}
	token, receipt := atlassian.ReadToken(string(data))
	if receipt.Wrong != atlassian.TokenOK {
		return atlassian.Token{}, trouble(connector.StorageReference, connector.StorageWhyDamaged, nil)
	}
	return token, nil
}

// Storages probes every kind of storage, side by side, without ever prompting.
func (s *Store) Storages(ctx context.Context) ([]connector.StorageStatus, error) {
	all := make([]connector.StorageStatus, len(s.storages))
	probes := make([]<-chan func() connector.StorageStatus, len(s.storages))
	for i, one := range s.storages {
		probes[i] = apart(func() connector.StorageStatus { return one.probe(ctx) })
	}
	for i, probe := range probes {
		all[i] = (<-probe)()
	}
	return all, ctx.Err()
}

// TestStorage proves by a round trip that a storage keeps things.
func (s *Store) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	to, err := s.storage(kind)
	if err != nil {
		return err
	}
	ref, err := s.uuid()
	if err != nil {
		return err
	}
	err = s.file.update(ctx, func(c *contents) error {
		c.note(ref, kind, pending, s.now())
		return nil
	})
	if err != nil {
		return err
	}
	defer s.delete(ctx, []reference{{Ref: ref, Storage: kind}})
	if err := s.fail("storage:put"); err != nil {
		return err
	}
	return putProven(ctx, to, ref, []byte("saasconnect was here to try this safe; it may be deleted"))
}

// Unlock opens the encrypted file that is there for the rest of the run.
func (s *Store) Unlock(ctx context.Context, passphrase string) error {
	return s.vault.unlock(ctx, passphrase)
}

// CreateEncryptedFile makes the encrypted file with a passphrase, and opens it for the rest
// of the run.
func (s *Store) CreateEncryptedFile(ctx context.Context, passphrase string) error {
	if err := tooShort(passphrase); err != nil {
		return err
	}
	return s.vault.create(ctx, passphrase)
}

// tooShort is why a text can't be the passphrase of a new file, nil where it can.
func tooShort(passphrase string) error {
	if words := connector.PassphraseProblem(passphrase); words != "" {
		return keyTrouble(connector.StorageWhyUnsafe, strings.TrimSuffix(words, "."), "Choose a longer passphrase")
	}
	return nil
}
