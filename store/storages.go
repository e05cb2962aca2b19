package store

import (
	"context"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// storage is the one of a kind.
func (s *Store) storage(kind connector.StorageKind) (secret.Storage, error) {
	if kind == connector.StorageReference {
		return s.references, nil
	}
	for _, one := range s.storages {
		if one.Kind() == kind {
			return one, nil
		}
	}
	return nil, secret.Error(kind, connector.StorageWhyUnavailable, nil)
}

// put puts a token under its reference, and reads it back.
func (s *Store) put(ctx context.Context, c connector.Connector, token atlassian.Token, ref string) error {
	to, err := s.storage(c.KeptIn)
	if err != nil {
		return err
	}
	if err := s.fail("storage:put"); err != nil {
		return err
	}
	if err := to.Put(ctx, c, ref, token); err != nil {
		return err
	}
	return s.fail("storage:kept")
}

func (s *Store) tokenOf(ctx context.Context, r record) (atlassian.Token, error) {
	from, err := s.storage(r.KeptIn)
	if err != nil {
		return atlassian.Token{}, err
	}
	return from.Get(ctx, r.Connector, r.Ref)
}

// bind remembers the site and email of tokens in external sources. Where that fails a notice
// says so: their next check asks for the source again.
func (s *Store) bind(ctx context.Context, some ...connector.Connector) {
	if s.references.Bind(ctx, some...) != nil {
		s.note("The token's site and email could not be saved: the next check will ask for its source again.")
	}
}

// Storages probes every kind of storage, side by side, without ever prompting.
func (s *Store) Storages(ctx context.Context) ([]connector.StorageStatus, error) {
	all := make([]connector.StorageStatus, len(s.storages))
	probes := make([]<-chan func() connector.StorageStatus, len(s.storages))
	for i, one := range s.storages {
		probes[i] = atlassian.Apart(func() connector.StorageStatus { return one.Probe(ctx) })
	}
	for i, probe := range probes {
		all[i] = (<-probe)()
	}
	return all, ctx.Err()
}

// TestStorage tests by a round trip that a storage works.
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
	tried := atlassian.NewToken("saasconnect was here to try this storage; it may be deleted")
	return to.Put(ctx, connector.Connector{KeptIn: kind}, ref, tried)
}

// Unlock opens the encrypted file that is there for the rest of the run.
func (s *Store) Unlock(ctx context.Context, passphrase string) error {
	return s.encrypted.Unlock(ctx, passphrase)
}

// CreateEncryptedFile makes the encrypted file with a passphrase, and opens it for the rest
// of the run.
func (s *Store) CreateEncryptedFile(ctx context.Context, passphrase string) error {
	return s.encrypted.Create(ctx, passphrase)
}

// ChangePassphrase encrypts the encrypted file's identity with another passphrase (or age
// identity, AGE-SECRET-KEY-1…), and leaves the file open for the rest of the run. A wrong old
// one is StorageWhyWrongPassphrase, and no file at all StorageWhyNew; where another process
// changed it meanwhile the answer is StoreChanged. None of them changes anything.
func (s *Store) ChangePassphrase(ctx context.Context, old, replacement string) error {
	if err := s.encrypted.ChangePassphrase(ctx, old, replacement); err != nil {
		return err
	}
	if s.encrypted.KeyFileLacks(replacement) {
		s.note("The passphrase was changed, but the file in SAASCONNECT_KEY_FILE doesn't contain the new one yet. Update it.")
	}
	return nil
}
