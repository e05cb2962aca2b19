package setup

import (
	"context"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Store saves connectors, tokens and settings. Every method is bounded by its context and by
// limits of its own. None may be called from Update or View, only from a command. Errors are
// *connector.StorageError (a storage failed), *connector.StoreError (connectors.json), or
// ctx.Err(). The writing methods are called by [Service] alone.
type Store interface {
	Reader
	Writer
}

// Reader are the methods that change nothing.
type Reader interface {
	// Load returns every connector with the outcome of its newest check and without its reports, in
	// no particular order. It waits for no lock, and never accesses a storage or reads a token.
	Load(ctx context.Context) ([]connector.Entry, error)
	// Reports returns the reports of one connector, the newest first; none where they can't be read.
	Reports(ctx context.Context, id string) []connector.Report
	// Token reads a connector's token from its storage, bound to its site and email.
	Token(ctx context.Context, id string) (atlassian.Token, error)
	// Tokens returns a reader for the tokens of many connectors, which reads connectors.json once.
	Tokens(ctx context.Context) (connector.TokenReader, error)
	// Storages probes every kind of storage in parallel, without prompting.
	Storages(ctx context.Context) ([]connector.StorageStatus, error)
	// Settings returns the saved settings.
	Settings(ctx context.Context) (connector.Settings, error)
	// Notices returns sentences about what was recovered while reading, each of them once.
	Notices() []string
	// CheckFiles checks the files of this installation: which exist, and whether they are private.
	CheckFiles(ctx context.Context) []connector.FileCheck
}

// Writer are the methods that change the store.
type Writer interface {
	// Save writes new connectors with their tokens, and changes of saved ones, with few writes of
	// connectors.json. Each is saved completely or not at all. It returns a result for each, in
	// order.
	//
	// A new connector gets an ID and, if it has none, a free name (acme-jira, acme-jira-2). A saved
	// one must still equal Before; otherwise the error is StoreChanged. If site, email, cloud id or
	// storage change, its token is stored again for the new values; the old one stays in use until
	// the new one was read back. If the token is stored already, the error is StorageWhySame and
	// nothing is changed.
	Save(ctx context.Context, writes []connector.Write) []connector.Written
	// Remove deletes the connector and its stored token. left says where the token is still stored,
	// and why (connector.LeftWords), where only the connector could be removed.
	Remove(ctx context.Context, id string) (left *connector.StorageError, err error)
	// Remember adds a report to its connector's history, which is in a file apart from
	// connectors.json.
	Remember(ctx context.Context, id string, r connector.Report) error
	// SaveOutcomes updates what lists show with the reports saved since the last call: once at the
	// end of a run of checks.
	SaveOutcomes(ctx context.Context) error
	// TestStorage tests a storage by a round trip: write, read back, delete. The desktop may ask for
	// a password meanwhile.
	TestStorage(ctx context.Context, kind connector.StorageKind) error
	// Unlock unlocks the encrypted file for the rest of the run. Without one the error is
	// StorageWhyNew.
	Unlock(ctx context.Context, passphrase string) error
	// CreateEncryptedFile creates the encrypted file with a passphrase and leaves it unlocked for the
	// rest of the run. Errors: StorageWhyUnsafe with its words for what connector.PassphraseProblem
	// refuses, StorageWhyExists where there is one already.
	CreateEncryptedFile(ctx context.Context, passphrase string) error
	// ChangePassphrase encrypts the key of the encrypted file with another passphrase. Errors:
	// StorageWhyNew without an encrypted file, StoreChanged where another program changed it
	// meanwhile.
	ChangePassphrase(ctx context.Context, old, replacement string) error
	// SetSettings changes the fields that are set and leaves the others.
	SetSettings(ctx context.Context, s connector.Settings) error
	// Tidy deletes what a crash may have left, as far as nothing has to be unlocked for it.
	Tidy(ctx context.Context) (connector.TidyReport, error)
}
