package ui

import (
	"context"
	"net/url"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Deps is everything outside the wizard and the command line. main opens the real
// one or the practice one; nothing in here is touched before the first frame.
type Deps struct {
	Version string
	// Now is the clock.
	Now func() time.Time
	// Observer asks Atlassian (or the pretend one).
	Observer connector.Observer
	// Store remembers connectors, tokens and the role. What changes it goes through Service.
	Store setup.Store
	// KeyFile: a file opens the encrypted file, so that no passphrase is asked for.
	KeyFile bool
	// User is the operating system's user name, for Connector.Added.By. It may read a file.
	User func() string
	// Timeout bounds one check.
	Timeout time.Duration
	// Fetch reads a token that is stored elsewhere: bounded, and with errors that hold nothing
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
	// ImportFile and ExportFile do at the terminal itself what the commands import and export do, and
	// come back once the person has read how it ended: false where it could not be done, as of a file
	// that is not there. nil where this terminal can't be had for it.
	ImportFile, ExportFile func(path string) (done bool)
	// SaaSAssure is the address of SaaSAssure, https only; "" where none was configured.
	SaaSAssure string
	// Practice is set in the pretend world.
	Practice *Practice
	// OpenPractice opens the pretend world; "" is the situation where all is well.
	// nil inside practice.
	OpenPractice func(situation string) (Deps, error)
	// Close lets go of connections and the like; may be nil.
	Close func()
}

// Store is what screens read.
type Store = setup.Store

// Service checks and saves in this world.
func (w *Deps) Service() setup.Service {
	return setup.Service{Store: w.Store, Observer: w.Observer, Now: w.Now, User: w.User, Timeout: w.Timeout}
}

// SaaSAssureAddress is an address that was configured, where a page can be opened by it, else "":
// https alone, to a host, without a name and password, on one line.
func SaaSAssureAddress(configured string) string {
	text := strings.TrimSpace(configured)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	return u.String()
}

// ClearClipboard takes a token off this computer's clipboard, if it is still what was copied last.
// ours is false where it is not; cleared, where that could be done and was seen to be.
func (w *Deps) ClearClipboard(ctx context.Context, token atlassian.Token) (ours, cleared bool) {
	holds := func() bool {
		text, err := w.Clipboard(ctx)
		return err == nil && token.Equal(atlassian.NewToken(strings.TrimSpace(text)))
	}
	if !w.ClearsClipboard() || token.IsZero() || !holds() {
		return false, false
	}
	return true, w.Copy(ctx, "") == nil && !holds()
}

// ClearsClipboard reports whether what is copied can be seen and taken back. What is sent to a
// terminal's clipboard can't.
func (w *Deps) ClearsClipboard() bool { return w.Copy != nil && w.Clipboard != nil }

// ClearAfter is how long a copied token stays on the clipboard.
const ClearAfter = time.Minute

// Practice says what is pretended, for the bar on top and the hints on the form.
type Practice struct {
	// Nested: it was opened from inside the real wizard, and Esc at its top leads back there.
	Nested    bool
	Situation string // its name: "ok", "not-admin"
	Title     string // what is pretended, one sentence
	// Seed is what to type for the situation to be met, Cure what to type after it was
	// seen (its Token is none where nothing that can be typed would cure it).
	Seed, Fixed PracticeValues
	// FixedHow says in a sentence what cures the situation.
	FixedHow string
	// Newer is another token of an account, for practicing a replacement; nil or none where
	// there is no other.
	Newer func(email string) (atlassian.Token, atlassian.Receipt)
}
