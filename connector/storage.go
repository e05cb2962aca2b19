package connector

import "strings"

// Small values about storages. The store fills them, the screens show them: neither
// has to know the other.

// StorageKind is a kind of place a token can be kept in. Its text is what --keep-in takes.
type StorageKind string

// The kinds of storage.
const (
	StorageKeyring   StorageKind = "keyring"   // the system keyring
	StorageFile      StorageKind = "file"      // a file encrypted with age
	StorageReference StorageKind = "reference" // kept elsewhere: environment variable, command, file
	StorageMemory    StorageKind = "memory"    // practice only: gone when the program ends
)

// StorageState is what a probe that never prompts found out about a storage.
type StorageState string

// The states of a storage.
const (
	StorageReady        StorageState = "ready"
	StorageLocked       StorageState = "locked"       // needs a passphrase, or the desktop's keyring password
	StorageNew          StorageState = "new"          // the encrypted file: no passphrase was chosen yet
	StorageAbsent       StorageState = "absent"       // there is none on this machine
	StorageUnresponsive StorageState = "unresponsive" // it did not answer in time
	StorageBroken       StorageState = "broken"       // damaged, or unsafe to use (mode, owner)
)

// StorageStatus is one storage as it stands.
type StorageStatus struct {
	Kind   StorageKind
	State  StorageState
	Where  string // "the system keyring (Secret Service)", "the encrypted file ~/.config/…"
	Detail string // why it is not ready, in words; "" where it is
	Remedy string // what would make it ready, verb first; "" where nothing here would
}

// Usable reports whether a token can be put there now or after unlocking.
func (s StorageStatus) Usable() bool {
	return s.State == StorageReady || s.State == StorageLocked || s.State == StorageNew
}

// shortestPassphrase is the fewest characters a new passphrase may have. The file can be
// tried offline by whoever gets a copy of it; length is what stops that.
const shortestPassphrase = 12

// PassphraseProblem says why a text can't become a passphrase; "" where it can.
func PassphraseProblem(text string) string {
	switch {
	case text == "":
		return "Type a passphrase."
	case len([]rune(text)) < shortestPassphrase:
		return "At least 12 characters: a few words that you will remember."
	}
	return ""
}

// shortestKey is the fewest characters of a passphrase in a key file, whether it opens the
// encrypted file or becomes its new passphrase. Nobody has to remember it, so it is longer.
const shortestKey = 16

// ReadKey is what a key file's content holds: its first line that is neither empty nor a
// comment, without blanks around it; "" where there is none. Windows may put a mark in front
// of all (BOM), and age-keygen writes comments.
func ReadKey(content []byte) string {
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

// KeyProblem says why what KeyIn found can't open or close the encrypted file, as the end of
// a sentence that begins with the file; "" where it can.
func KeyProblem(key string) string {
	switch {
	case key == "":
		return "holds no key"
	case strings.ContainsRune(key, 0):
		return "is in UTF-16: save it as UTF-8"
	case len([]rune(key)) < shortestKey:
		return "holds a key that is too short: use at least 16 characters"
	}
	return ""
}

// StorageWhy is why a storage did not do what was asked.
type StorageWhy string

// The reasons. "missing" means the storage works and has no such token, which is never
// confused with a storage that is locked, refused or silent.
const (
	StorageWhyMissing         StorageWhy = "missing"
	StorageWhyLocked          StorageWhy = "locked"
	StorageWhyRefused         StorageWhy = "refused"   // a person or policy said no
	StorageWhyTimedOut        StorageWhy = "timed-out" // outcome unknown
	StorageWhyUnavailable     StorageWhy = "unavailable"
	StorageWhyFull            StorageWhy = "full"      // no space on disk
	StorageWhyReadOnly        StorageWhy = "read-only" // the folder or disk can't be written
	StorageWhyTooBig          StorageWhy = "too-big"   // the storage takes no value of this length
	StorageWhyNotKept         StorageWhy = "not-kept"  // it said yes, and reading back showed otherwise
	StorageWhyDamaged         StorageWhy = "damaged"   // what it holds can't be read
	StorageWhyUnsafe          StorageWhy = "unsafe"    // wrong owner or mode
	StorageWhyWrongPassphrase StorageWhy = "wrong-passphrase"
	StorageWhyNew             StorageWhy = "new"        // there is no encrypted file yet that could be unlocked
	StorageWhyExists          StorageWhy = "exists"     // there is one already, so none is created
	StorageWhySame            StorageWhy = "same"       // the token to be put there is the one that is there already
	StorageWhyOtherSite       StorageWhy = "other-site" // the token kept there is bound to another site or e-mail
)

// StorageError is what a storage answers instead of doing what was asked. Error is a lower
// case sentence without the token; Err is the cause, for %w, and may be nil.
type StorageError struct {
	Kind StorageKind
	Why  StorageWhy
	Err  error
}

// Error says which safe and why, without any value.
func (e *StorageError) Error() string { return "the " + string(e.Kind) + " safe: " + string(e.Why) }

// Unwrap is the cause.
func (e *StorageError) Unwrap() error { return e.Err }
