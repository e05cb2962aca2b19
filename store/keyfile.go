package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"

	"filippo.io/age"

	"saasconnect/connector"
)

// The key file: what SAASCONNECT_KEY_FILE names, for runs without a person. Its first line
// that is no comment is a passphrase of at least 16 characters, or an age identity
// (AGE-SECRET-KEY-1…, as age-keygen writes it). It is refused where others may read it.

// worded says what is wrong with the encrypted file or its key file, for a person who has to
// mend it.
type worded struct{ detail, remedy string }

func (e *worded) Error() string { return e.detail }

// Words are what is wrong, and what mends it.
func (e *worded) Words() (detail, remedy string) { return e.detail, e.remedy }

func keyTrouble(why connector.StorageWhy, detail, remedy string) error {
	return trouble(connector.StorageFile, why, &worded{detail, remedy})
}

const keyFileRemedy = "Write one line of at least 16 characters into it, with mode 0600"

// unlockByKeyFile opens the vault with what the key file holds.
func (v *vault) unlockByKeyFile(ctx context.Context) error {
	key, err := v.readKeyFile()
	if err != nil {
		return err
	}
	return v.unlockBy(ctx, key, v.unsealOnce)
}

// attempt is what a key file's key did not open, and why not: a digest of both, and never
// the key. The sealed identity is a salt of its own.
type attempt struct {
	of  [sha256.Size]byte
	why error
}

// unsealOnce is an unsealing that tries one key on one identity once a run: each connector
// asks for the encrypted file anew while it is locked, and each try of a passphrase costs
// as much as a guess. Another key or another identity is another try. It needs the lock.
func (v *vault) unsealOnce(sealed []byte, key string) (*age.X25519Identity, error) {
	salt := sha256.Sum256(sealed)
	of := sha256.Sum256(append(salt[:], key...))
	if v.refused.why != nil && v.refused.of == of {
		return nil, v.refused.why
	}
	identity, err := v.unseal(sealed, key)
	v.refused = attempt{of, err}
	return identity, err
}

// lookAtKeyFile says whether the file may hold a key, without reading it.
func (v *vault) lookAtKeyFile() error {
	info, err := os.Stat(v.keyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return keyTrouble(connector.StorageWhyUnavailable, "SAASCONNECT_KEY_FILE names a file that is not there", "Make it: one line of at least 16 characters, mode 0600")
	case err != nil:
		return keyTrouble(connector.StorageWhyUnavailable, "the file that SAASCONNECT_KEY_FILE names can't be looked at", "Allow this user to read it")
	case !info.Mode().IsRegular():
		return keyTrouble(connector.StorageWhyUnavailable, "what SAASCONNECT_KEY_FILE names is no plain file", "Name a plain file")
	case !handed(info):
		return keyTrouble(connector.StorageWhyUnsafe, "the file that SAASCONNECT_KEY_FILE names is open to others, or theirs", "Make it yours alone: mode 0600")
	}
	return nil
}

func (v *vault) readKeyFile() (string, error) {
	if err := v.lookAtKeyFile(); err != nil {
		return "", err
	}
	data, err := readBounded(v.keyFile, largestSecret)
	if err != nil {
		return "", keyTrouble(connector.StorageWhyUnavailable, "the file that SAASCONNECT_KEY_FILE names can't be read", "Allow this user to read it")
	}
	key := connector.KeyIn(data)
	if words := connector.KeyProblem(key); words != "" {
		return "", keyTrouble(connector.StorageWhyUnsafe, "the file that SAASCONNECT_KEY_FILE names "+words, keyFileRemedy)
	}
	return key, nil
}

// complaint says why the vault can't be used, and what would help.
func (v *vault) complaint(err error) (detail, remedy string) {
	var key *worded
	var storage *connector.StorageError
	switch {
	case errors.As(err, &key):
		return key.detail, key.remedy
	case v.keyFile != "" && errors.As(err, &storage) && storage.Why == connector.StorageWhyWrongPassphrase:
		return "what SAASCONNECT_KEY_FILE holds does not open it", "Name the file that it was made with"
	}
	t := connector.TroubleOf(err)
	return connector.Inside(t.Title), t.Remedy
}
