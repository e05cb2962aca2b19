package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Sealing and unsealing with age, and reading files of a bounded size.

const nativeKey = "AGE-SECRET-KEY-1"

func opener(key string) (age.Identity, error) {
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

func (v *vault) sealer(key string) (age.Recipient, error) {
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
	to.SetWorkFactor(v.factor)
	return to, nil
}

func encrypt(plain []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

func decrypt(sealed []byte, with age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with)
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, largestSecret))
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	return plain, nil
}

// readBounded reads a file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	case int64(len(data)) > most:
		return nil, errors.New("read: far too large")
	}
	return data, nil
}
