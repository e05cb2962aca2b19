// Package secret stores tokens: in the system keyring (Keyring), in a folder of encrypted
// files (EncryptedFile), or in external sources, read where a connector says (References).
//
//   - A storage gives a token only to the connector that it was put there for: it stores the
//     site, the email, the cloud id and the connector's id beside it. An edited
//     connectors.json can't send a token to another site.
//   - Every call ends with its context, or at a limit of its own.
//   - Nothing is stored as plain text, and no error holds a token. Errors are
//     *connector.StorageError, or the context's where the caller gave up.
package secret

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Storage stores tokens under references, which are UUIDs that the caller makes. A token is
// put under its reference once, and never changed.
type Storage interface {
	Kind() connector.StorageKind
	// Probe says how the storage stands. It never prompts.
	Probe(ctx context.Context) connector.StorageStatus
	// Put binds the token to the connector's site, email, cloud id and id, writes it under
	// ref, reads it back and compares: StorageWhyNotKept where it is not what was written.
	Put(ctx context.Context, c connector.Connector, ref string, token atlassian.Token) error
	// Get reads the token under ref: StorageWhyMissing where the storage works and has none,
	// StorageWhyOtherSite where it is bound to other facts than the connector's.
	Get(ctx context.Context, c connector.Connector, ref string) (atlassian.Token, error)
	// Delete deletes what is under ref. It is nil where nothing is.
	Delete(ctx context.Context, ref string) error
}

// Values stores bytes under references: what an EnvelopeStorage is made from. The rules of
// Storage hold for it, but for what a value says.
type Values interface {
	Kind() connector.StorageKind
	Probe(ctx context.Context) connector.StorageStatus
	Put(ctx context.Context, ref string, value []byte) error
	Get(ctx context.Context, ref string) ([]byte, error)
	Delete(ctx context.Context, ref string) error
}

// EnvelopeStorage is the Storage that stores tokens as values, each together with the site and email it is for.
type EnvelopeStorage struct{ Values }

// envelope is such a value, as JSON. Its fields never change: old values stay readable.
type envelope struct {
	V         int    `json:"v"`
	Token     string `json:"token"`
	Origin    string `json:"origin"`
	Email     string `json:"email"`
	CloudID   string `json:"cloud_id,omitempty"`
	Connector string `json:"connector"`
}

// Put puts the token into an envelope and stores that.
func (s EnvelopeStorage) Put(ctx context.Context, c connector.Connector, ref string, token atlassian.Token) error {
	value, err := encodeEnvelope(c, token)
	if err != nil {
		return Error(s.Kind(), connector.StorageWhyUnavailable, nil)
	}
	return putChecked(ctx, s.Values, ref, value)
}

// Get takes the token out of its envelope.
func (s EnvelopeStorage) Get(ctx context.Context, c connector.Connector, ref string) (atlassian.Token, error) {
	value, err := s.Values.Get(ctx, ref)
	if err != nil {
		return atlassian.Token{}, err
	}
	return decodeEnvelope(s.Kind(), c, value)
}

func encodeEnvelope(c connector.Connector, token atlassian.Token) ([]byte, error) {
	return json.Marshal(envelope{1, token.Reveal(), c.Site.Origin(), c.Email, c.CloudID, c.ID})
}

// decodeEnvelope takes the token out of an envelope that is this connector's. A cloud id counts where
// both have one: it may have become known since.
func decodeEnvelope(kind connector.StorageKind, c connector.Connector, value []byte) (atlassian.Token, error) {
	var e envelope
	if json.Unmarshal(value, &e) != nil || e.V != 1 || e.Token == "" {
		return atlassian.Token{}, Error(kind, connector.StorageWhyDamaged, nil) // no cause: it could quote the value
	}
	if e.Origin != c.Site.Origin() || !strings.EqualFold(e.Email, c.Email) || e.Connector != c.ID ||
		e.CloudID != "" && c.CloudID != "" && e.CloudID != c.CloudID {
		return atlassian.Token{}, Error(kind, connector.StorageWhyOtherSite, nil)
	}
	return atlassian.NewToken(e.Token), nil
}

// putChecked writes a value, reads it back and compares: a keyring can report success and store
// nothing (zalando/go-keyring ignores a dismissed prompt).
func putChecked(ctx context.Context, v Values, ref string, value []byte) error {
	if err := v.Put(ctx, ref, value); err != nil {
		return err
	}
	back, err := v.Get(ctx, ref)
	switch {
	case Is(err, connector.StorageWhyMissing), err == nil && subtle.ConstantTimeCompare(back, value) != 1:
		return Error(v.Kind(), connector.StorageWhyNotKept, nil)
	}
	return err
}

// Error is a storage's error: which one, why, and the cause or nil. The cause must hold no
// token.
func Error(kind connector.StorageKind, why connector.StorageWhy, cause error) error {
	return &connector.StorageError{Kind: kind, Why: why, Err: cause}
}

// Is reports whether an error is a storage's, for this reason.
func Is(err error, why connector.StorageWhy) bool {
	var storage *connector.StorageError
	return errors.As(err, &storage) && storage.Why == why
}

// ended is the error at the end of a context: the context's own where the caller gave up,
// StorageWhyTimedOut where the time was over.
func ended(ctx context.Context, kind connector.StorageKind) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return Error(kind, connector.StorageWhyTimedOut, ctx.Err())
}
