package store

import (
	"context"
	"errors"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// Steps 1, 2 and 4 of the order of writes: noting references, putting values under them,
// reading them back, and deleting what nobody needs any more.

// keep is steps 1 and 2: the token is in its safe and was read back, under a reference
// that is noted as loose. For a token that is kept elsewhere there is nothing to do.
func (s *Store) keep(ctx context.Context, c connector.Connector, token atlassian.Token) (ref string, err error) {
	if c.KeptIn == connector.StorageReference {
		return "", s.references.Put(ctx, c, "", token)
	}
	if _, err := s.storage(c.KeptIn); err != nil {
		return "", err
	}
	if ref, err = s.newRef(ctx, c.KeptIn); err != nil {
		return "", err
	}
	if err := s.put(ctx, c, token, ref); err != nil {
		s.drop(ctx, c.KeptIn, ref)
		return "", err
	}
	return ref, nil
}

// put is step 2: the token goes under its reference, and is read back.
func (s *Store) put(ctx context.Context, c connector.Connector, token atlassian.Token, ref string) error {
	storage, err := s.storage(c.KeptIn)
	if err != nil {
		return err
	}
	if err := s.fail("safe:put"); err != nil {
		return err
	}
	if err := storage.Put(ctx, c, ref, token); err != nil {
		return err
	}
	return s.fail("safe:kept")
}

// newRef makes a reference and notes it before anything is stored under it.
func (s *Store) newRef(ctx context.Context, kind connector.StorageKind) (string, error) {
	ref, err := s.uuid()
	if err != nil {
		return "", err
	}
	return ref, s.file.update(ctx, func(content *shelf) error {
		content.loosen(ref, kind, s.now())
		return nil
	})
}

// storage is the storage of a kind.
func (s *Store) storage(kind connector.StorageKind) (secret.Storage, error) {
	for _, one := range s.storages {
		if one.Kind() == kind {
			return one, nil
		}
	}
	return nil, secret.Error(kind, connector.StorageWhyUnavailable, nil)
}

// dropLimit bounds tidying up after the asker's own context has ended.
const dropLimit = 10 * time.Second

// drop deletes a value and strikes its reference, as far as that can be done now; what
// can't stays noted and is swept later, and left says why it is there still. A person who
// waits may be asked for a password.
func (s *Store) drop(ctx context.Context, kind connector.StorageKind, ref string) (left *connector.StorageError) {
	if ref == "" {
		return nil
	}
	return s.dropAll(ctx, []loose{{Ref: ref, Safe: kind}})
}

// dropAll drops many, and strikes them in one write. left is about the first that is still
// there.
func (s *Store) dropAll(ctx context.Context, all []loose) (left *connector.StorageError) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), dropLimit)
		defer cancel()
	}
	var gone []string
	for _, l := range all {
		err := s.remove(ctx, l)
		if err == nil {
			gone = append(gone, l.Ref)
		} else if left == nil && !errors.As(err, &left) {
			left = &connector.StorageError{Kind: l.Safe, Why: connector.StorageWhyTimedOut, Err: err}
		}
	}
	if len(gone) > 0 {
		s.strike(ctx, gone...)
	}
	return left
}

// remove deletes the value under a reference; nil where there is none any more.
func (s *Store) remove(ctx context.Context, l loose) error {
	from, err := s.storage(l.Safe)
	if err == nil {
		err = s.fail("safe:remove")
	}
	if err == nil {
		err = from.Delete(ctx, l.Ref)
	}
	if err == nil {
		err = s.fail("safe:removed")
	}
	return err
}

func (s *Store) strike(ctx context.Context, refs ...string) {
	_ = s.file.update(ctx, func(content *shelf) error { // noted still: swept later
		content.tighten(refs...)
		return nil
	})
}

// Token reads a connector's token, which must be bound to its site and e-mail.
func (s *Store) Token(ctx context.Context, id string) (atlassian.Token, error) {
	tokens, err := s.Tokens(ctx)
	if err != nil {
		return atlassian.Token{}, err
	}
	return tokens(ctx, id)
}

// Tokens reads connectors.json once, for callers who need the tokens of many. Where one of
// them can't be read the file is looked at again: another process may have replaced or
// removed it since.
func (s *Store) Tokens(context.Context) (connector.TokenReader, error) {
	content, err := s.file.read()
	if err != nil {
		return nil, err
	}
	at := content.index()
	return func(ctx context.Context, id string) (atlassian.Token, error) {
		return s.tokenNow(ctx, id, at[id])
	}, nil
}

// tokenNow reads a connector's token, and reads again as long as another process has changed
// where it is. before is where it was when the file was read, nil where it was nowhere.
func (s *Store) tokenNow(ctx context.Context, id string, before *record) (token atlassian.Token, err error) {
	for range rereads {
		if before != nil {
			if token, err = s.tokenOf(ctx, *before); err == nil || ctx.Err() != nil {
				return token, err
			}
		}
		now, readErr := s.record(id)
		switch {
		case readErr != nil:
			return atlassian.Token{}, readErr
		case before != nil && before.Ref == now.Ref:
			return atlassian.Token{}, err
		}
		before = &now
	}
	return atlassian.Token{}, err
}

// rereads is how many replacements of a token may come between.
const rereads = 10

// record is one connector as the file has it now.
func (s *Store) record(id string) (record, error) {
	content, err := s.file.read()
	if err != nil {
		return record{}, err
	}
	if r := content.find(id); r != nil {
		return *r, nil
	}
	return record{}, s.notFound()
}

func (s *Store) tokenOf(ctx context.Context, r record) (atlassian.Token, error) {
	if r.KeptIn == connector.StorageReference {
		return s.references.Get(ctx, r.Connector, "")
	}
	storage, err := s.storage(r.KeptIn)
	if err != nil {
		return atlassian.Token{}, err
	}
	return storage.Get(ctx, r.Connector, r.Ref)
}

// bind remembers whom the tokens of connectors are for that are kept elsewhere. Where that
// fails it is said: their next check asks for the source again.
func (s *Store) bind(ctx context.Context, some ...connector.Connector) {
	if s.references.Bind(ctx, some...) != nil {
		s.note("Whom the token is for could not be remembered: the next check will ask for its source again.")
	}
}

// Storages probes every kind of safe, side by side, without ever prompting.
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

// TestStorage proves by a round trip that a safe keeps things.
func (s *Store) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	storage, err := s.storage(kind)
	if err != nil {
		return err
	}
	ref, err := s.newRef(ctx, kind)
	if err != nil {
		return err
	}
	defer s.drop(ctx, kind, ref)
	if err := s.fail("safe:put"); err != nil {
		return err
	}
	tried := atlassian.NewToken("saasconnect was here to try this storage; it may be deleted")
	return storage.Put(ctx, connector.Connector{KeptIn: kind}, ref, tried)
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

// ChangePassphrase seals the encrypted file's identity to another passphrase (or age
// identity, AGE-SECRET-KEY-1…), and leaves the file open for the rest of the run. A wrong old
// one is StorageWhyWrongPassphrase, and no file at all StorageWhyNew; where another process
// changed it meanwhile the answer is StoreChanged. None of them changes anything.
func (s *Store) ChangePassphrase(ctx context.Context, old, replacement string) error {
	if err := s.encrypted.ChangePassphrase(ctx, old, replacement); err != nil {
		return err
	}
	if s.encrypted.KeyFileLacks(replacement) {
		s.note("The passphrase was changed. The file that SAASCONNECT_KEY_FILE names does not hold the new one yet: write it there.")
	}
	return nil
}
