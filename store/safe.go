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
// and by limits of its own; errors are *connector.SafeError. A value is written once
// under its reference and never changed.
type safe interface {
	kind() connector.SafeKind
	// probe looks without ever prompting.
	probe(ctx context.Context) connector.SafeStatus
	put(ctx context.Context, ref string, value []byte) error
	// get is SafeWhyMissing where the safe works and has no such value.
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
		return atlassian.Token{}, trouble(c.KeptIn, connector.SafeWhyDamaged, nil) // no cause: it could quote the value
	}
	if e.Origin != c.Site.Origin() || !strings.EqualFold(e.Email, c.Email) || e.Connector != c.ID ||
		e.CloudID != "" && c.CloudID != "" && e.CloudID != c.CloudID {
		return atlassian.Token{}, trouble(c.KeptIn, connector.SafeWhyOtherSite, nil)
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
	case isWhy(err, connector.SafeWhyMissing):
		return trouble(s.kind(), connector.SafeWhyNotKept, nil)
	case err != nil:
		return err
	case subtle.ConstantTimeCompare(back, value) != 1:
		return trouble(s.kind(), connector.SafeWhyNotKept, nil)
	}
	return nil
}

// trouble is a safe's error.
func trouble(kind connector.SafeKind, why connector.SafeWhy, cause error) error {
	return &connector.SafeError{Kind: kind, Why: why, Err: cause}
}

// isWhy reports whether a safe answered for this reason.
func isWhy(err error, why connector.SafeWhy) bool {
	var safe *connector.SafeError
	return errors.As(err, &safe) && safe.Why == why
}

// ended types the end of a context: given up by the asker, or out of time.
func ended(ctx context.Context, kind connector.SafeKind) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return trouble(kind, connector.SafeWhyTimedOut, ctx.Err())
}
