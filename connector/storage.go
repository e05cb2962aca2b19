package connector

import (
	"strings"

	"saasconnect/atlassian"
)

// Values about storages. The store fills them and screens show them, so that neither imports the
// other.

// StorageKind is a kind of storage for tokens. Its text is the value of --keep-in.
type StorageKind string

// The kinds of storage.
const (
	StorageKeyring   StorageKind = "keyring"   // the system keyring
	StorageFile      StorageKind = "file"      // a file encrypted with age
	StorageReference StorageKind = "reference" // an external source: environment variable, command, file
	StorageMemory    StorageKind = "memory"    // practice only: gone when the program ends
)

// StorageState is the state of a storage, as determined without a prompt.
type StorageState string

// The states of a storage.
const (
	StorageReady        StorageState = "ready"
	StorageLocked       StorageState = "locked"       // needs a passphrase, or the desktop's keyring password
	StorageNew          StorageState = "new"          // the encrypted file: no passphrase was chosen yet
	StorageAbsent       StorageState = "absent"       // there is none on this machine
	StorageUnresponsive StorageState = "unresponsive" // no answer in time
	StorageBroken       StorageState = "broken"       // damaged, or not private (mode, owner)
)

// StorageStatus is the state of one storage.
type StorageStatus struct {
	Kind   StorageKind
	State  StorageState
	Where  string // "the system keyring (Secret Service)", "the encrypted file ~/.config/…"
	Detail string // why it is not ready; "" where it is
	Remedy string // what would make it ready, verb first; "" where nothing here can
}

// Usable reports whether a token can be stored there now or after unlocking.
func (s StorageStatus) Usable() bool {
	return s.State == StorageReady || s.State == StorageLocked || s.State == StorageNew
}

// shortestPassphrase is the fewest characters of a new passphrase. A copy of the file can be
// attacked offline, so length matters.
const shortestPassphrase = 12

// PassphraseProblem returns why text can't be a new passphrase; "" where it can.
func PassphraseProblem(text string) string {
	switch {
	case text == "":
		return "Enter a passphrase."
	case len([]rune(text)) < shortestPassphrase:
		return "Use at least 12 characters, for example four random words."
	}
	return ""
}

// shortestKey is the fewest characters of a passphrase in a key file, whether it opens the
// encrypted file or becomes its new passphrase. No one has to remember it, so it is longer than a
// typed one.
const shortestKey = 16

// ReadKey returns the key in the content of a key file: its first line that is neither empty nor a
// comment (#), trimmed; "" for none. Windows programs may write UTF-16, or put a byte order
// mark in front, and age-keygen writes comments.
func ReadKey(content []byte) string {
	for line := range strings.Lines(strings.TrimPrefix(atlassian.DecodeUTF16(string(content)), "\ufeff")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

// KeyProblem returns why the result of [ReadKey] can't be a passphrase of the encrypted file, as
// the end of a sentence that begins with the file; "" where it can.
func KeyProblem(key string) string {
	switch {
	case key == "":
		return "contains no key"
	case strings.ContainsRune(key, 0):
		return "is in UTF-16: save it as UTF-8"
	case len([]rune(key)) < shortestKey:
		return "contains a key that is too short: use at least 16 characters"
	}
	return ""
}

// StorageWhy is the reason of a [StorageError].
type StorageWhy string

// The reasons. "missing" means that the storage works and doesn't have the token; a storage that
// is locked, refuses access or doesn't answer has another reason.
const (
	StorageWhyMissing         StorageWhy = "missing"
	StorageWhyLocked          StorageWhy = "locked"
	StorageWhyRefused         StorageWhy = "refused"   // a person or a policy denied access
	StorageWhyTimedOut        StorageWhy = "timed-out" // outcome unknown
	StorageWhyUnavailable     StorageWhy = "unavailable"
	StorageWhyFull            StorageWhy = "full"      // no space on disk
	StorageWhyReadOnly        StorageWhy = "read-only" // the folder or disk can't be written
	StorageWhyTooBig          StorageWhy = "too-big"   // the storage can't store a value this long
	StorageWhyNotKept         StorageWhy = "not-kept"  // it reported success, but reading back failed
	StorageWhyDamaged         StorageWhy = "damaged"   // its data can't be read
	StorageWhyUnsafe          StorageWhy = "unsafe"    // wrong owner or mode
	StorageWhyWrongPassphrase StorageWhy = "wrong-passphrase"
	StorageWhyNew             StorageWhy = "new"        // there is no encrypted file yet that could be unlocked
	StorageWhyExists          StorageWhy = "exists"     // there is one already, so none is created
	StorageWhySame            StorageWhy = "same"       // this token is stored already
	StorageWhyOtherSite       StorageWhy = "other-site" // the stored token is bound to another site or email
)

// StorageError is an error of a storage. Err is the cause and may be nil. It never contains the
// token.
type StorageError struct {
	Kind StorageKind
	Why  StorageWhy
	Err  error
}

// Error returns the storage and the reason, for logs; [Explain] has the words for people.
func (e *StorageError) Error() string { return string(e.Kind) + " storage: " + string(e.Why) }

// Unwrap returns the cause.
func (e *StorageError) Unwrap() error { return e.Err }
