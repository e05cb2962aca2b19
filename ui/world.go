package ui

import (
	"context"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// World is everything outside the wizard and the command line. main opens the real
// one or the practice one; nothing in here is touched before the first frame.
type World struct {
	Version string
	// Now is the clock.
	Now func() time.Time
	// Observer asks Atlassian (or the pretend one).
	Observer connector.Observer
	// Store remembers connectors, tokens and the role.
	Store Store
	// User is the operating system's user name, for Connector.Added.By. It may read a file.
	User func() string
	// Timeout bounds one check.
	Timeout time.Duration
	// Fetch reads a token that is kept elsewhere: bounded, and with errors that hold nothing
	// of what was read. nil in practice.
	Fetch func(ctx context.Context, from connector.Reference) ([]byte, error)
	// Browse opens a page in the person's browser; nil where none can open here
	// (no desktop, or over SSH).
	Browse func(ctx context.Context, url string) error
	// Suspend stops this job until its shell lets it go on; nil where no shell does that.
	Suspend func()
	// Clipboard reads what was copied last, for Ctrl+V; nil where it can't be read.
	Clipboard func(ctx context.Context) (string, error)
	// Copy puts a text on this computer's clipboard: bounded by its context, and with errors that
	// hold nothing of the text. nil where there is none, or the person sits elsewhere (SSH): then
	// the terminal is asked (OSC 52), which never says whether it did.
	Copy func(ctx context.Context, text string) error
	// Practice is set in the pretend world.
	Practice *Practice
	// OpenPractice opens the pretend world; "" is the situation where all is well.
	// nil inside practice.
	OpenPractice func(situation string) (World, error)
	// Close lets go of connections and the like; may be nil.
	Close func()
}

// Practice says what is pretended, for the bar on top and the hints on the form.
type Practice struct {
	// Nested: it was opened from inside the real wizard, and Esc at its top leads back there.
	Nested    bool
	Situation string // its name: "ok", "not-admin"
	Title     string // what is pretended, one sentence
	// Seed is what to type for the situation to be met, Cure what to type after it was
	// seen (its Token is none where nothing that can be typed would cure it).
	Seed, Cure PracticeValues
	// CureHow says in a sentence what cures the situation.
	CureHow string
	// Newer is another token of an account, for practising a replacement; nil or none where
	// there is no other.
	Newer func(email string) (atlassian.Token, atlassian.Receipt)
}

// Store remembers. Every method is bounded by its context and by limits of its own; none
// may be called from Update or View, only from a command. Errors are *connector.SafeError
// (a safe did not do it), *connector.ShelfError (connectors.json), or ctx.Err().
type Store interface {
	// Load is every connector with what its newest check came to and without its reports,
	// in no particular order. It waits for no lock, never reads a token, and never touches a
	// safe.
	Load(ctx context.Context) ([]connector.Entry, error)
	// Reports are those of one connector, the newest first; none where they can't be read.
	Reports(ctx context.Context, id string) []connector.Report
	// Add keeps a new connector and its token: all of it, or nothing. It gives it its ID,
	// and makes its name unique (acme-jira, acme-jira-2); it returns what was kept. The
	// report is remembered with it. For SafeReference the token is not written anywhere.
	Add(ctx context.Context, c connector.Connector, token atlassian.Token, first connector.Report) (connector.Connector, error)
	// AddMany keeps many as Add keeps one, with a few writes for all of them: each is kept
	// wholly or not at all. There is an answer for each, in their order.
	AddMany(ctx context.Context, batch []connector.Addition) []connector.Added
	// Replace swaps a connector's token, and the facts that changed with it from before to
	// after; the old one stays in force until the new one is read back. It returns the
	// connector as it is now: what others changed meanwhile stays, and the same fact changed
	// twice is ShelfChanged.
	Replace(ctx context.Context, before, after connector.Connector, token atlassian.Token) (connector.Connector, error)
	// Edit changes facts from before to after, likewise; site, e-mail and safe rewrite the
	// binding of its token.
	Edit(ctx context.Context, before, after connector.Connector) (connector.Connector, error)
	// EditMany does so for many, with one write for all whose token stays bound as it is.
	EditMany(ctx context.Context, batch []connector.Revision) []connector.Added
	// Remove deletes the connector and its token here. Where the connector is gone and its
	// token is not, left says in which safe it is still, and why (LeftWords).
	Remove(ctx context.Context, id string) (left *connector.SafeError, err error)
	// Token reads a connector's token from its safe, bound to its site and e-mail.
	Token(ctx context.Context, id string) (atlassian.Token, error)
	// Tokens is for the tokens of many: connectors.json is read once for all of them.
	Tokens(ctx context.Context) (connector.TokenReader, error)
	// Remember notes a report in its connector's history, apart from the precious file.
	Remember(ctx context.Context, id string, r connector.Report) error
	// SaveOutcomes lets lists know what the reports that were remembered since the last call
	// came to: once at the end of a run of checks.
	SaveOutcomes(ctx context.Context) error

	// Safes probes every kind of safe, side by side, without ever prompting.
	Safes(ctx context.Context) ([]connector.SafeStatus, error)
	// TrySafe proves by a round trip (write, read back, delete) that a safe keeps things.
	// With a person waiting the desktop may ask for its password meanwhile.
	TrySafe(ctx context.Context, kind connector.SafeKind) error
	// Unlock opens the encrypted file that is there for the rest of the run. Where there is
	// none it is SafeWhyNew, and none is created.
	Unlock(ctx context.Context, passphrase string) error
	// CreateEncryptedFile creates it with a passphrase (PassphraseProblem says which can be
	// one; SafeWhyUnsafe with its words else) and leaves it open for the rest of the run.
	// Where there is one it is SafeWhyExists.
	CreateEncryptedFile(ctx context.Context, passphrase string) error

	// Settings are what was asked once and is remembered. SetSettings changes those that are
	// set and leaves the others as they are.
	Settings(ctx context.Context) (connector.Settings, error)
	SetSettings(ctx context.Context, s connector.Settings) error
}
