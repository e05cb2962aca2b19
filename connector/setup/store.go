package setup

import (
	"context"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Store remembers connectors, tokens and settings. Every method is bounded by its context and
// by limits of its own; none may be called from Update or View, only from a command. Errors are
// *connector.StorageError (a storage did not do it), *connector.StoreError (connectors.json), or
// ctx.Err(). The methods that write are called by [Service] alone.
type Store interface {
	Reader
	Writer
}

// Reader is what may be asked of a store at any time.
type Reader interface {
	// Load is every connector with what its newest check came to and without its reports,
	// in no particular order. It waits for no lock, never reads a token, and never touches a
	// storage.
	Load(ctx context.Context) ([]connector.Entry, error)
	// Reports are those of one connector, the newest first; none where they can't be read.
	Reports(ctx context.Context, id string) []connector.Report
	// Token reads a connector's token from its storage, bound to its site and email.
	Token(ctx context.Context, id string) (atlassian.Token, error)
	// Tokens is for the tokens of many: connectors.json is read once for all of them.
	Tokens(ctx context.Context) (connector.TokenReader, error)
	// Storages probes every kind of storage, side by side, without ever prompting.
	Storages(ctx context.Context) ([]connector.StorageStatus, error)
	// Settings are what was asked once and is remembered.
	Settings(ctx context.Context) (connector.Settings, error)
	// Notices are sentences about what had to be recovered while reading; each is told once.
	Notices() []string
	// CheckFiles checks the files of this installation: what stands where, and whether it may.
	CheckFiles(ctx context.Context) []connector.FileCheck
}

// Writer is what changes a store.
type Writer interface {
	// Save writes new connectors with their tokens, and changes of saved ones: a few writes of
	// connectors.json for all of them, and each wholly or not at all. There is an answer for each,
	// in their order. A new one gets its ID and, where it has none, a name that is free (acme-jira,
	// acme-jira-2). A saved one must still be what Before says, or it is StoreChanged. Where site,
	// email, cloud id or storage change, its token is stored again for them; the one before stays
	// in force until the new one is read back. A token that is stored already is StorageWhySame,
	// and nothing is changed.
	Save(ctx context.Context, writes []connector.Write) []connector.Written
	// Remove deletes the connector and its token here. Where the connector is gone and its
	// token is not, left says in which storage it is still, and why (LeftWords).
	Remove(ctx context.Context, id string) (left *connector.StorageError, err error)
	// Remember notes a report in its connector's history, apart from the precious file.
	Remember(ctx context.Context, id string, r connector.Report) error
	// SaveOutcomes lets lists know what the reports that were remembered since the last call
	// came to: once at the end of a run of checks.
	SaveOutcomes(ctx context.Context) error
	// TestStorage proves by a round trip (write, read back, delete) that a storage keeps things.
	// With a person waiting the desktop may ask for its password meanwhile.
	TestStorage(ctx context.Context, kind connector.StorageKind) error
	// Unlock opens the encrypted file that is there for the rest of the run. Where there is
	// none it is StorageWhyNew, and none is created.
	Unlock(ctx context.Context, passphrase string) error
	// CreateEncryptedFile creates it with a passphrase (PassphraseProblem says which can be
	// one; StorageWhyUnsafe with its words else) and leaves it open for the rest of the run.
	// Where there is one it is StorageWhyExists.
	CreateEncryptedFile(ctx context.Context, passphrase string) error
	// ChangePassphrase encrypts the tokens' key with another passphrase. Without an
	// encrypted file it is StorageWhyNew; where somebody else changed it meanwhile, StoreChanged.
	ChangePassphrase(ctx context.Context, old, replacement string) error
	// SetSettings changes those that are set and leaves the others as they are.
	SetSettings(ctx context.Context, s connector.Settings) error
	// Tidy deletes what a crash may have left, as far as nothing has to be unlocked for it.
	Tidy(ctx context.Context) (connector.TidyReport, error)
}
