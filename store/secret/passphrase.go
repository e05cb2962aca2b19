package secret

import (
	"bytes"
	"context"
	"strings"

	"filippo.io/age"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Unlocking the encrypted file, making it, and changing its passphrase. Errors are
// *connector.StorageError, but where it is said otherwise.

// TooShort is why a text can't be the passphrase of a new encrypted file (StorageWhyUnsafe,
// with words), nil where it can.
func TooShort(passphrase string) error {
	if words := connector.PassphraseProblem(passphrase); words != "" {
		return wordedError(connector.StorageWhyUnsafe, strings.TrimSuffix(words, "."), "Choose a longer passphrase")
	}
	return nil
}

// Unlock opens the encrypted file for the rest of the run: StorageWhyNew where there is none,
// StorageWhyWrongPassphrase where the passphrase does not open it.
func (f *EncryptedFile) Unlock(ctx context.Context, passphrase string) error {
	return f.unlock(ctx, passphrase, f.decryptIdentity)
}

func (f *EncryptedFile) unlock(ctx context.Context, key string, decrypt identityDecrypter) error {
	return aside(ctx, func(context.Context) error { return f.open(key, decrypt) })
}

// Create makes the encrypted file and opens it for the rest of the run: StorageWhyUnsafe
// where the passphrase is too short, StorageWhyExists where there is a file already.
func (f *EncryptedFile) Create(ctx context.Context, passphrase string) error {
	if err := TooShort(passphrase); err != nil {
		return err
	}
	return f.create(ctx, passphrase)
}

func (f *EncryptedFile) create(ctx context.Context, key string) error {
	return aside(ctx, func(ctx context.Context) error { return f.begin(ctx, key) })
}

// aside does what derives a key, which can't be interrupted, and returns when it is done or
// its context ends. What was begun then goes on to its end all the same.
func aside(ctx context.Context, do func(context.Context) error) error {
	done := atlassian.Apart(func() error { return do(context.WithoutCancel(ctx)) })
	select {
	case get := <-done:
		return get()
	case <-ctx.Done():
		return ended(ctx, connector.StorageFile)
	}
}

// open decrypts the identity that is there.
func (f *EncryptedFile) open(key string, decrypt identityDecrypter) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.identity != nil {
		return nil
	}
	if err := f.must(connector.StorageLocked); err != nil {
		return err
	}
	encrypted, err := readEncrypted(f.IdentityPath())
	if err != nil {
		return err
	}
	identity, err := decrypt(encrypted, key)
	if err == nil {
		f.identity = identity
	}
	return err
}

// begin makes a new identity. It looks again under the lock, for another process's: what is
// encrypted to that one must stay readable.
func (f *EncryptedFile) begin(ctx context.Context, key string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.must(connector.StorageNew); err != nil {
		return err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return Error(connector.StorageFile, connector.StorageWhyUnavailable, err)
	}
	encrypted, err := f.encryptIdentity(identity, key)
	if err != nil {
		return err
	}
	err = f.o.Lock(ctx, func() error {
		if err := f.must(connector.StorageNew); err != nil {
			return err
		}
		return f.write(f.IdentityPath(), encrypted)
	})
	if err == nil {
		f.identity = identity
	}
	return err
}

// ChangePassphrase encrypts the identity with another passphrase, and leaves the file open for the
// rest of the run. A wrong old one is StorageWhyWrongPassphrase, no file at all
// StorageWhyNew; where another process changed identity.age meanwhile the answer is a
// *connector.StoreError with StoreChanged. None of them changes anything.
//
// The identity stays the same, so no value has to be touched, and one rename decides: before
// it the old passphrase opens everything, after it the new one does. A copy of the old
// identity.age, as in a backup, is still opened by the old passphrase. If such a copy may have
// leaked, the tokens have to be replaced.
func (f *EncryptedFile) ChangePassphrase(ctx context.Context, old, replacement string) error {
	var change rekeying
	err := aside(ctx, func(context.Context) (err error) {
		change, err = f.rekey(old, replacement)
		return err
	})
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil: // canceled meanwhile: nothing is changed
		return ended(ctx, connector.StorageFile)
	}
	return f.commit(ctx, change)
}

// rekeying is the way from one content of identity.age to the next.
type rekeying struct {
	identity *age.X25519Identity
	from, to []byte
}

// rekey writes nothing. What it makes was opened again with the new passphrase: a file that
// opens to something else would lose every token at once.
func (f *EncryptedFile) rekey(old, replacement string) (rekeying, error) {
	if err := f.must(connector.StorageLocked); err != nil {
		return rekeying{}, err
	}
	from, err := readEncrypted(f.IdentityPath())
	if err != nil {
		return rekeying{}, err
	}
	identity, err := decryptIdentity(from, old)
	if err != nil {
		return rekeying{}, err
	}
	to, err := f.encryptIdentity(identity, replacement)
	if err != nil {
		return rekeying{}, err
	}
	again, err := decryptIdentity(to, replacement)
	if err != nil || again.String() != identity.String() {
		return rekeying{}, Error(connector.StorageFile, connector.StorageWhyNotKept, nil)
	}
	return rekeying{identity, from, to}, nil
}

// commit writes identity.age, where it still is what the change was made from: the old
// passphrase may be wrong by now, and then nothing may be written over.
func (f *EncryptedFile) commit(ctx context.Context, change rekeying) error {
	err := f.o.Lock(ctx, func() error {
		now, err := readEncrypted(f.IdentityPath())
		switch {
		case err != nil:
			return err
		case !bytes.Equal(now, change.from):
			return &connector.StoreError{Why: connector.StoreChanged, Where: f.IdentityPath()}
		}
		return f.write(f.IdentityPath(), change.to)
	})
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.identity = change.identity
	}
	return err
}
