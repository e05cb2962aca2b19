package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"saasconnect/connector"
)

// Encrypting and decrypting with age.

const (
	// workFactor makes a guess at a passphrase cost about 0.6 s and 128 MiB (scrypt, 2^17).
	workFactor = 17
	// largestWorkFactor bounds what a file that someone else wrote can make this program spend.
	largestWorkFactor = 18
	// nativeKey begins every age identity.
	nativeKey = "AGE-SECRET-KEY-1"
)

// identityDecrypter takes the identity out of what identity.age holds, with a passphrase or an age
// identity.
type identityDecrypter func(encrypted []byte, key string) (*age.X25519Identity, error)

// decryptIdentity is an identityDecrypter. A passphrase is paid for here, right or wrong.
func decryptIdentity(encrypted []byte, key string) (*age.X25519Identity, error) {
	with, err := ageIdentity(key)
	if err != nil {
		return nil, Error(connector.StorageFile, connector.StorageWhyWrongPassphrase, nil)
	}
	plain, err := decrypt(encrypted, with)
	var noMatch *age.NoIdentityMatchError
	if errors.As(err, &noMatch) {
		return nil, Error(connector.StorageFile, connector.StorageWhyWrongPassphrase, nil)
	}
	identity, badText := age.ParseX25519Identity(strings.TrimSpace(string(plain)))
	if err != nil || badText != nil {
		return nil, Error(connector.StorageFile, connector.StorageWhyDamaged, nil)
	}
	return identity, nil
}

// encryptIdentity is what identity.age holds for a passphrase or an age identity.
func (f *EncryptedFile) encryptIdentity(identity *age.X25519Identity, key string) (encrypted []byte, err error) {
	to, err := ageRecipient(key, f.o.WorkFactor)
	if err == nil {
		encrypted, err = encrypt([]byte(identity.String()+"\n"), to)
	}
	if err != nil {
		return nil, Error(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	}
	return encrypted, nil
}

// ageIdentity is what decrypts with a passphrase or an age identity.
func ageIdentity(key string) (age.Identity, error) {
	if strings.HasPrefix(key, nativeKey) {
		return age.ParseX25519Identity(key)
	}
	id, err := age.NewScryptIdentity(key)
	if err != nil {
		return nil, err
	}
	id.SetMaxWorkFactor(largestWorkFactor)
	return id, nil
}

// ageRecipient is what encrypts for a passphrase or an age identity.
func ageRecipient(key string, factor int) (age.Recipient, error) {
	if strings.HasPrefix(key, nativeKey) {
		id, err := age.ParseX25519Identity(key)
		if err != nil {
			return nil, err
		}
		return id.Recipient(), nil
	}
	to, err := age.NewScryptRecipient(key)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(factor)
	return to, nil
}

func encrypt(plain []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return out.Bytes(), nil
}

func decrypt(encrypted []byte, with age.Identity) (plain []byte, err error) {
	r, err := age.Decrypt(bytes.NewReader(encrypted), with)
	if err == nil {
		plain, err = io.ReadAll(io.LimitReader(r, maxEncryptedSize))
	}
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return plain, nil
}
