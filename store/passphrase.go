package store

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"

	"filippo.io/age"

	"saasconnect/connector"
)

// Changing the passphrase. The identity stays the same and only its seal is written anew,
// so no token has to be touched, and one rename decides: before it the old passphrase
// opens everything, after it the new one does, and there is no moment in which neither
// does. What this can't do: a copy of the old identity.age, as in a backup, is still
// opened by the old passphrase. Whoever fears for that copy has to make new tokens.

// ChangePassphrase seals the encrypted file's identity to another passphrase (or age
// identity, AGE-SECRET-KEY-1…). A wrong old one is StorageWhyWrongPassphrase and changes
// nothing, and no file at all is StorageWhyNew. Afterwards the file is open for the rest of the run.
func (s *Store) ChangePassphrase(ctx context.Context, old, replacement string) error {
	if err := s.vault.changeKey(ctx, old, replacement); err != nil {
		return err
	}
	if key, err := s.vault.readKeyFile(); s.vault.keyFile != "" && (err != nil || subtle.ConstantTimeCompare([]byte(key), []byte(replacement)) != 1) {
		s.note("The passphrase was changed. The file that SAASCONNECT_KEY_FILE names does not hold the new one yet: write it there.")
	}
	return nil
}

// resealed is the way from one identity.age to the next.
type resealed struct {
	identity *age.X25519Identity
	from, to []byte
}

// changeKey begins again where another process changed the passphrase meanwhile: the old
// one may be wrong by now, and then nothing may be written over.
func (v *vault) changeKey(ctx context.Context, old, replacement string) error {
	for range 3 {
		r, err := v.resealAside(ctx, old, replacement)
		if err != nil {
			return err
		}
		if swapped, err := v.swapIdentity(ctx, r); swapped || err != nil {
			return err
		}
	}
	return trouble(connector.StorageFile, connector.StorageWhyTimedOut, errors.New("it is being changed again and again"))
}

// resealAside derives the keys aside, since that can't be interrupted; a person who gives
// up meanwhile has changed nothing.
func (v *vault) resealAside(ctx context.Context, old, replacement string) (resealed, error) {
	type answer struct {
		resealed
		err error
	}
	done := apart(func() answer {
		r, err := v.reseal(old, replacement)
		return answer{r, err}
	})
	select {
	case get := <-done:
		a := get()
		if a.err == nil && ctx.Err() != nil {
			return resealed{}, ended(ctx, connector.StorageFile)
		}
		return a.resealed, a.err
	case <-ctx.Done():
		return resealed{}, ended(ctx, connector.StorageFile)
	}
}

// reseal writes nothing. What it makes was opened again with the new key: a seal that
// opens to something else would lose every token at once.
func (v *vault) reseal(old, replacement string) (resealed, error) {
	if err := v.there(); err != nil {
		return resealed{}, err
	}
	from, err := readSealed(v.identityPath())
	if err != nil {
		return resealed{}, err
	}
	identity, err := unsealIdentity(from, old)
	if err != nil {
		return resealed{}, err
	}
	to, err := v.sealIdentity(identity, replacement)
	if err != nil {
		return resealed{}, err
	}
	again, err := unsealIdentity(to, replacement)
	if err != nil || again.String() != identity.String() {
		return resealed{}, trouble(connector.StorageFile, connector.StorageWhyNotKept, nil)
	}
	return resealed{identity, from, to}, nil
}

// swapIdentity is the commit. It reports false where identity.age is no longer what it
// was made from.
func (v *vault) swapIdentity(ctx context.Context, r resealed) (swapped bool, err error) {
	err = v.locked(ctx, func() error {
		now, err := readSealed(v.identityPath())
		if err != nil {
			return err
		}
		if !bytes.Equal(now, r.from) {
			return nil
		}
		swapped = true
		return v.write(v.identityPath(), r.to)
	})
	if swapped && err == nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.identity = r.identity
	}
	return swapped && err == nil, err
}
