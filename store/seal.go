package store

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Sealing and unsealing with age.

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
