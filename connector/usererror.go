package connector

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// The words for errors of a storage and of connectors.json. Screens and the command line show
// these, never the error's own text.

// UserError is an error of the store in words for a person.
type UserError struct {
	Title  string // what is true
	Why    string // the cause, and whether anything was changed
	Remedy string // what to do now, verb first
}

// ErrUnanswered means that the store did not report in time whether it did what was asked. Only
// its answer says what was saved, so callers that give up wait [UnansweredAfter] for it first.
var ErrUnanswered = errors.New("the store did not answer")

// UnansweredAfter is how long callers wait before they report [ErrUnanswered].
const UnansweredAfter = 8 * time.Second

// Explain returns the words for an error of the store: a *StorageError, a *StoreError,
// ErrUnanswered or a context's error. Any other error gets general words; nil the zero UserError.
func Explain(err error) UserError {
	var storage *StorageError
	var file *StoreError
	switch {
	case err == nil:
		return UserError{}
	case errors.Is(err, ErrUnanswered):
		return UserError{"Unknown whether this was done", "The storage didn't answer in time, and may still finish.", "Check the list before you try again"}
	case errors.As(err, &storage):
		return explainStorage(storage)
	case errors.As(err, &file):
		return explainStore(file)
	case errors.Is(err, context.DeadlineExceeded):
		return UserError{"Timed out", "Nothing was changed.", "Try again"}
	case errors.Is(err, context.Canceled):
		return UserError{"Canceled", "Nothing was changed.", "Try again"}
	}
	return UserError{"An unexpected error occurred", "Nothing was changed.", "Try again"}
}

// StorageName returns a kind of storage inside a sentence: "the system keyring".
func StorageName(k StorageKind) string {
	switch k {
	case StorageKeyring:
		return "the system keyring"
	case StorageFile:
		return "the encrypted file"
	case StorageReference:
		return "an external source"
	case StorageMemory:
		return "memory, for this practice only"
	}
	return "no storage yet"
}

func explainStorage(e *StorageError) UserError {
	name := StorageName(e.Kind)
	var worded interface {
		Words() (detail, remedy string)
	}
	if errors.As(e.Err, &worded) { // the storage has more specific words
		detail, remedy := worded.Words()
		return UserError{Capitalize(detail), "Nothing was changed.", remedy}
	}
	switch e.Why {
	case StorageWhyMissing:
		return UserError{"The token is no longer in " + name,
			"It has no token for this connector: the token was deleted there, or connectors.json came from another computer.",
			"Enter the token again"}
	case StorageWhyLocked:
		return UserError{Capitalize(name) + " is locked", "Nothing was lost or changed.", "Unlock it and try again"}
	case StorageWhyRefused:
		return UserError{Capitalize(name) + " refused access", "You, or a policy of this computer, denied access to it.", "Allow access, or choose another storage"}
	case StorageWhyTimedOut:
		return UserError{Capitalize(name) + " didn't answer in time",
			"It may be waiting for its password in a desktop window. If it still stores something, saasconnect deletes that later.",
			"Answer the desktop prompt and try again, or choose another storage"}
	case StorageWhyUnavailable:
		return UserError{Capitalize(name) + " is not available", "This computer has none, or it isn't running.", "Choose another storage"}
	case StorageWhyFull:
		return UserError{"The disk is full", "The token couldn't be written. Existing data is unchanged.", "Free disk space and try again"}
	case StorageWhyReadOnly:
		return UserError{"The folder isn't writable", "The token couldn't be written there.", "Make the folder writable, or use another one with --home"}
	case StorageWhyTooBig:
		return UserError{Capitalize(name) + " can't store a token this long", "Nothing was stored.", "Choose another storage"}
	case StorageWhyNotKept:
		return UserError{Capitalize(name) + " didn't store the token", "It reported success, but reading the token back failed. Nothing was saved.", "Try again, or choose another storage"}
	case StorageWhyDamaged:
		return UserError{"The data in " + name + " can't be read", "It is damaged, or was written by another program.", "Put the token in again, or restore the file from a backup"}
	case StorageWhyUnsafe:
		return UserError{Capitalize(name) + " is not private", "It is readable by others or not owned by you, so it isn't used.", "Make it private (chmod 600) and try again"}
	case StorageWhyWrongPassphrase:
		return UserError{"Wrong passphrase for " + name, "Nothing was changed.", "Enter it again"}
	case StorageWhyNew:
		return UserError{"There is no encrypted file yet", "So there is nothing to unlock. Nothing was created.", "Choose a passphrase for a new one"}
	case StorageWhyExists:
		return UserError{"There is already an encrypted file", "It wasn't changed, and neither was its passphrase.", "Unlock it with its passphrase"}
	case StorageWhySame:
		return UserError{"This token is already stored", "Nothing was replaced. Don't revoke it: it is in use.", "Create a new token at Atlassian and paste that one"}
	case StorageWhyOtherSite:
		if e.Kind == StorageReference && e.Err != nil {
			return UserError{"connectors.json names another site or email for this token", Capitalize(e.Err.Error()) + ". The token was not read or sent.",
				"If that is right, set the token's source again (replace-token); if not, correct connectors.json"}
		}
		return UserError{"The stored token is for another site or email", "Each token is stored with its site and email, and these don't match. The token was not sent.", "Enter the token again"}
	}
	return UserError{Capitalize(name) + " couldn't be used", "The cause is unknown.", "Try again, or choose another storage"}
}

func explainStore(e *StoreError) UserError {
	switch e.Why {
	case StoreDamaged:
		return UserError{"The connectors file can't be read", "It is damaged" + inBrackets(e.Detail) + ", and there is no usable backup. It wasn't changed.", "Restore " + e.Where + " from a backup, or move it away to start over"}
	case StoreNewer:
		return UserError{"These files are from a newer saasconnect", "This version could lose data, so it doesn't change them.", "Update saasconnect"}
	case StoreUnsafe:
		return UserError{"Other users could change these files", e.Where + " belongs to another user, or other users can write there, so it isn't used.",
			cmp.Or(e.Detail, "Make it private, or use another folder with --home")}
	case StoreNotPlain:
		return UserError{"Not a regular file", e.Where + " must be a regular file. Nothing was changed.", "Move it away and try again"}
	case StoreFull:
		return UserError{"The disk is full", "The connector couldn't be written. Existing data is unchanged.", "Free disk space and try again"}
	case StoreNoFolder:
		return UserError{"The connectors folder is not a folder", "A part of " + e.Where + " is a file.", "Use a folder with --home"}
	case StoreUnreadable:
		return UserError{"No permission to read the connectors file", "Nothing was changed in " + e.Where + ".", "Make it readable for this user, or use another folder with --home"}
	case StoreReadOnly:
		return UserError{"The connectors folder isn't writable", "Nothing was changed in " + e.Where + ".", "Make it writable, or use another folder with --home"}
	case StoreAway:
		return UserError{"The connectors folder isn't available", "The drive or network share with " + e.Where + " isn't there. Nothing was changed.", "Connect it and try again"}
	case StoreInUse:
		return UserError{"Another program has the connectors file open", "Nothing was changed in " + e.Where + ".", "Close it in the other program, or wait a moment, and try again"}
	case StoreBusy:
		return UserError{"Another saasconnect is writing right now", "Nothing was changed.", "Wait until it is done and try again"}
	case StoreNotFound:
		return UserError{"This connector no longer exists", "Another saasconnect may have removed it.", "Check the list"}
	case StoreNameTaken:
		return UserError{"There is already a connector named " + e.Where, "Names must be unique. Nothing was saved.", "Choose another name, or leave it empty"}
	case StoreChanged:
		return UserError{cmp.Or(e.Name, "This connector") + " was changed meanwhile", cmp.Or(Capitalize(prefixed("its ", e.Detail)), "It") + " changed after it was read here, in another window or by another command. It wasn't overwritten.",
			"Check it, and repeat the change if you still want it"}
	case StoreSettings:
		return UserError{"The settings can't be saved in " + e.Where, "Nothing else is affected: you will be asked again next time.", "Make it a regular file that this user can write"}
	case StoreOther:
	}
	return UserError{"The connectors file couldn't be used", "Nothing was changed in " + e.Where + ".", "Try again"}
}

// LeftWords returns, inside a sentence, that a token that should have been deleted is still
// stored; "" for nil.
func LeftWords(left *StorageError) string {
	if left == nil {
		return ""
	}
	verb := " is"
	if left.Why == StorageWhyTimedOut { // it may still be deleted
		verb = " may be"
	}
	t := explainStorage(left)
	return "a copy" + verb + " still stored in " + StorageName(left.Kind) + " (" + Inside(t.Title) + "). Once that is solved, the next change or saasconnect doctor deletes it."
}

// FetchProblem returns why nothing could be read from an external source, inside a sentence. A
// StorageError's cause is the reader's own text, which never contains what was read.
func FetchProblem(err error) string {
	var storage *StorageError
	switch {
	case !errors.As(err, &storage):
	case storage.Why == StorageWhyTimedOut:
		return "no answer within ten seconds"
	case storage.Why == StorageWhyTooBig:
		return "the value is far longer than a token"
	case storage.Err != nil:
		return storage.Err.Error()
	}
	return "it couldn't be read"
}

// prefixed returns prefix and text; "" for an empty text.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// inBrackets returns " (detail)"; "" for an empty detail.
func inBrackets(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}

// StoreError is an error of connectors.json, or of another file of the store.
type StoreError struct {
	Why   StoreWhy
	Where string // the file or folder it was about
	// Name is the connector that was changed meanwhile; "" for other reasons.
	Name string
	// Detail is part of a sentence: what is wrong with a damaged file ("line 3 is not JSON"), or what
	// was changed meanwhile ("account and expiry date"); "" where there is nothing to tell.
	Detail string
	Err    error
}

// StoreWhy is the reason of a [StoreError].
type StoreWhy string

// The reasons.
const (
	StoreDamaged  StoreWhy = "damaged"   // can't be read, and there is no usable backup
	StoreNewer    StoreWhy = "newer"     // written by a newer saasconnect
	StoreUnsafe   StoreWhy = "unsafe"    // belongs to another user, or others can write there
	StoreNotPlain StoreWhy = "not-plain" // not a regular file: a pipe, a folder or a device
	StoreFull     StoreWhy = "full"      // no space on disk
	// StoreUnreadable means that there is no permission to read it.
	StoreUnreadable StoreWhy = "unreadable"
	StoreReadOnly   StoreWhy = "read-only"  // the folder is not writable
	StoreNoFolder   StoreWhy = "no-folder"  // where the folder should be is something else
	StoreAway       StoreWhy = "away"       // the drive or network share with the folder isn't there
	StoreBusy       StoreWhy = "busy"       // another saasconnect holds the lock
	StoreInUse      StoreWhy = "in-use"     // another program has the file open (Windows)
	StoreNotFound   StoreWhy = "not-found"  // no such connector (any more)
	StoreNameTaken  StoreWhy = "name-taken" // another connector has that name; Where is the name
	StoreChanged    StoreWhy = "changed"    // someone else changed the connector meanwhile
	StoreSettings   StoreWhy = "settings"   // the settings can't be saved
	StoreOther      StoreWhy = "other"
)

// Error returns the reason, for logs; [Explain] has the words for people.
func (e *StoreError) Error() string { return "connectors file: " + string(e.Why) }

// Unwrap returns the cause.
func (e *StoreError) Unwrap() error { return e.Err }
