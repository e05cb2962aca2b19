package store

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// safe is where values are kept under references. Every method is bounded by its context
// and by limits of its own; errors are *connector.StorageError. A value is written once
// under its reference and never changed.
type safe interface {
	kind() connector.StorageKind
	// probe looks without ever prompting.
	probe(ctx context.Context) connector.StorageStatus
	put(ctx context.Context, ref string, value []byte) error
	// get is StorageWhyMissing where the safe works and has no such value.
	get(ctx context.Context, ref string) ([]byte, error)
	// remove is nil where there was nothing to remove.
	remove(ctx context.Context, ref string) error
}

// envelope is what a safe holds: the token, and whom it is for. An edited connectors.json
// can't make it go anywhere else.
type envelope struct {
	V         int    `json:"v"`
	Token     string `json:"token"`
	Origin    string `json:"origin"`
	Email     string `json:"email"`
	CloudID   string `json:"cloud_id,omitempty"`
	Connector string `json:"connector"`
}

func seal(c connector.Connector, token atlassian.Token) ([]byte, error) {
	return json.Marshal(envelope{1, token.Reveal(), c.Site.Origin(), c.Email, c.CloudID, c.ID})
}

// unseal takes the token out of an envelope that is this connector's.
func unseal(c connector.Connector, value []byte) (atlassian.Token, error) {
	var e envelope
	if json.Unmarshal(value, &e) != nil || e.V != 1 || e.Token == "" {
		return atlassian.Token{}, trouble(c.KeptIn, connector.StorageWhyDamaged, nil) // no cause: it could quote the value
	}
	if e.Origin != c.Site.Origin() || !strings.EqualFold(e.Email, c.Email) || e.Connector != c.ID ||
		e.CloudID != "" && c.CloudID != "" && e.CloudID != c.CloudID {
		return atlassian.Token{}, trouble(c.KeptIn, connector.StorageWhyOtherSite, nil)
	}
	return atlassian.NewToken(e.Token), nil
}

// putProven writes a value, reads it back and compares: a keyring can say yes and keep
// nothing (zalando/go-keyring ignores a dismissed prompt).
func putProven(ctx context.Context, s safe, ref string, value []byte) error {
	if err := s.put(ctx, ref, value); err != nil {
		return err
	}
	back, err := s.get(ctx, ref)
	switch {
	case isWhy(err, connector.StorageWhyMissing):
		return trouble(s.kind(), connector.StorageWhyNotKept, nil)
	case err != nil:
		return err
	case subtle.ConstantTimeCompare(back, value) != 1:
		return trouble(s.kind(), connector.StorageWhyNotKept, nil)
	}
	return nil
}

// trouble is a safe's error.
func trouble(kind connector.StorageKind, why connector.StorageWhy, cause error) error {
	return &connector.StorageError{Kind: kind, Why: why, Err: cause}
}

// isWhy reports whether a safe answered for this reason.
func isWhy(err error, why connector.StorageWhy) bool {
	var storage *connector.StorageError
	return errors.As(err, &storage) && storage.Why == why
}

// ended types the end of a context: given up by the asker, or out of time.
func ended(ctx context.Context, kind connector.StorageKind) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return trouble(kind, connector.StorageWhyTimedOut, ctx.Err())
}
