package secret

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io/fs"
	"os"

	"filippo.io/age"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// The key file: what SAASCONNECT_KEY_FILE names, for unattended runs. Its first line
// that is no comment is a passphrase of at least 16 characters, or an age identity
// (AGE-SECRET-KEY-1…, as age-keygen writes it). It is refused where others may read it.

// unlockByKeyFile opens the encrypted file with what the key file holds.
func (f *EncryptedFile) unlockByKeyFile(ctx context.Context) error {
	key, err := f.readKeyFile()
	if err != nil {
		return err
	}
	return f.unlock(ctx, key, f.decryptIdentityOnce)
}

// createByKeyFile makes it, and is nil too where another process was faster.
func (f *EncryptedFile) createByKeyFile(ctx context.Context) error {
	key, err := f.readKeyFile()
	if err == nil {
		err = f.create(ctx, key)
	}
	if Is(err, connector.StorageWhyExists) {
		return nil
	}
	return err
}

// attempt is a key that did not open an identity, and why not. It holds a digest of both, and
// never the key. The encrypted identity is the salt.
type attempt struct {
	of  [sha256.Size]byte
	why error
}

// decryptIdentityOnce is an identityDecrypter that tries one key on one identity once a run: each connector
// asks for the encrypted file again while it is locked, and each try of a passphrase costs
// as much as a guess. Another key or another identity is another try. It needs the lock.
func (f *EncryptedFile) decryptIdentityOnce(encrypted []byte, key string) (*age.X25519Identity, error) {
	salt := sha256.Sum256(encrypted)
	of := sha256.Sum256(append(salt[:], key...))
	if f.refused.why != nil && f.refused.of == of {
		return nil, f.refused.why
	}
	identity, err := f.decryptIdentity(encrypted, key)
	f.refused = attempt{of, err}
	return identity, err
}

// KeyFileProblem says why the key file can't be used, from whose it is and who may read it,
// and what would help; "" where nothing is wrong. It does not read the file, and a link to it
// is fine: that is how containers hand secrets out.
func (f *EncryptedFile) KeyFileProblem() (detail, remedy string) {
	if err := f.lookAtKeyFile(); err != nil {
		return f.complaint(err)
	}
	return "", ""
}

// KeyFileLacks reports whether there is a key file that does not hold this passphrase.
func (f *EncryptedFile) KeyFileLacks(passphrase string) bool {
	if f.o.KeyFile == "" {
		return false
	}
	key, err := f.readKeyFile()
	return err != nil || subtle.ConstantTimeCompare([]byte(key), []byte(passphrase)) != 1
}

func (f *EncryptedFile) lookAtKeyFile() error {
	info, err := os.Stat(f.o.KeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return wordedError(connector.StorageWhyUnavailable, "the file in SAASCONNECT_KEY_FILE doesn't exist", "Create it: one line of at least 16 characters, "+disk.PrivateWords)
	case err != nil:
		return wordedError(connector.StorageWhyUnavailable, "the file in SAASCONNECT_KEY_FILE can't be accessed", "Give this user read access")
	case !info.Mode().IsRegular():
		return wordedError(connector.StorageWhyUnavailable, "SAASCONNECT_KEY_FILE is not a regular file", "Set it to a regular file")
	case !disk.AccessOf(f.o.KeyFile, info).Key:
		return wordedError(connector.StorageWhyUnsafe, "the file in SAASCONNECT_KEY_FILE is readable by others or not owned by you", "Make it yours and private, for example: "+disk.PrivateCommand(f.o.KeyFile, false))
	}
	return nil
}

func (f *EncryptedFile) readKeyFile() (key string, err error) {
	if err := f.lookAtKeyFile(); err != nil {
		return "", err
	}
	data, err := disk.ReadBounded(f.o.KeyFile, maxEncryptedSize)
	if err != nil {
		return "", wordedError(connector.StorageWhyUnavailable, "the file in SAASCONNECT_KEY_FILE can't be read", "Give this user read access")
	}
	key = connector.ReadKey(data)
	if words := connector.KeyProblem(key); words != "" {
		return "", wordedError(connector.StorageWhyUnsafe, "the file in SAASCONNECT_KEY_FILE "+words, "Put one line of at least 16 characters in it, "+disk.PrivateWords)
	}
	return key, nil
}
