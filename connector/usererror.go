package connector

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// The words for what a storage or the file of connectors answers instead of doing what was
// asked. Screens and the command line say these, never the error's own text.

// UserError is why something could not be kept or read, in words.
type UserError struct {
	Title  string // what is true
	Why    string // how it came, and what it means for what was asked
	Remedy string // what to do now, verb first
}

// ErrUnanswered: whether the store did what was asked is not known. Its answer is waited for a
// while after the asker gave up, since only that tells what is in force.
var ErrUnanswered = errors.New("the store did not answer")

// UnansweredAfter is how long it is waited for.
const UnansweredAfter = 8 * time.Second

// Explain words an error of the store. Any other error gets the plainest words there are.
func Explain(err error) UserError {
	var storage *StorageError
	var file *StoreError
	switch {
	case err == nil:
		return UserError{}
	case errors.Is(err, ErrUnanswered):
		return UserError{"Not known whether this was done", "The storage did not answer in time, and may still finish.", "Look at the list before you try again"}
	case errors.As(err, &storage):
		return explainStorage(storage)
	case errors.As(err, &file):
		return explainStore(file)
	case errors.Is(err, context.DeadlineExceeded):
		return UserError{"That took too long and was given up", "Nothing was changed.", "Try again"}
	case errors.Is(err, context.Canceled):
		return UserError{"Given up", "Nothing was changed.", "Try again"}
	}
	return UserError{"Something unexpected kept this from being done", "Nothing was changed.", "Try again"}
}

// StorageName is a kind of safe as it reads inside a sentence.
func StorageName(k StorageKind) string {
	switch k {
	case StorageKeyring:
		return "the system keyring"
	case StorageFile:
		return "the encrypted file"
	case StorageReference:
		return "a place of your own"
	case StorageMemory:
		return "memory, for this practice only"
	}
	return "no safe yet"
}

func explainStorage(e *StorageError) UserError {
	name := StorageName(e.Kind)
	var worded interface {
		Words() (detail, remedy string)
	}
	if errors.As(e.Err, &worded) { // the storage knows better what it is about
		detail, remedy := worded.Words()
		return UserError{Capitalize(detail), "Nothing was changed.", remedy}
	}
	switch e.Why {
	case StorageWhyMissing:
		return UserError{"The token is no longer in " + name,
			"The safe works, and holds no token for this connector: it was deleted there, or the connector came from another machine.",
			"Put the token in again"}
	case StorageWhyLocked:
		return UserError{Capitalize(name) + " is locked", "It can be used once it is unlocked; nothing was lost.", "Unlock it and try again"}
	case StorageWhyRefused:
		return UserError{Capitalize(name) + " said no", "Someone, or a policy of this machine, refused access to it.", "Allow the access, or choose another safe"}
	case StorageWhyTimedOut:
		return UserError{Capitalize(name) + " did not answer in time",
			"It may be waiting for its password in a window of your desktop. Should it still do what was asked, that is tidied up later.",
			"Answer your desktop and try again, or choose another safe"}
	case StorageWhyUnavailable:
		return UserError{"This machine does not offer " + name, "It is not there, or not started.", "Choose another safe"}
	case StorageWhyFull:
		return UserError{"The disk is full", "The token could not be written. Nothing that was there before was touched.", "Make room and try again"}
	case StorageWhyReadOnly:
		return UserError{"The folder can't be written", "The token could not be written there.", "Allow writing there, or use another folder with --home"}
	case StorageWhyTooBig:
		return UserError{Capitalize(name) + " takes no text of this length", "Nothing was kept.", "Choose another safe"}
	case StorageWhyNotKept:
		return UserError{Capitalize(name) + " did not keep the token", "It said yes, and reading back showed something else. Nothing is saved.", "Try again, or choose another safe"}
	case StorageWhyDamaged:
		return UserError{"What " + name + " holds can't be read", "It is damaged, or was written by something else.", "Put the token in again, or restore the file from a backup"}
	case StorageWhyUnsafe:
		return UserError{Capitalize(name) + " is open to others", "Its owner or its mode is not what a secret needs, so it is not used.", "Make it yours alone (mode 0600) and try again"}
	case StorageWhyWrongPassphrase:
		return UserError{"That passphrase does not open " + name, "Nothing was changed.", "Type it again"}
	case StorageWhyNew:
		return UserError{"There is no encrypted file yet", "No passphrase was chosen here, so there is nothing to unlock. Nothing was created.", "Choose a passphrase for a new one"}
	case StorageWhyExists:
		return UserError{"There is an encrypted file already", "It was left as it is, with its own passphrase.", "Unlock it with that passphrase"}
	case StorageWhySame:
		return UserError{"This is the token that is kept already", "Nothing was replaced. Do not revoke it: it is the one in use.", "Make a new token at Atlassian, and paste that"}
	case StorageWhyOtherSite:
		if e.Kind == StorageReference && e.Err != nil {
			return UserError{"connectors.json names another site or email for this token", Capitalize(e.Err.Error()) + ". The token was neither read nor sent.",
				"If that is right, name the token's source again (replace-token); if not, correct connectors.json"}
		}
		return UserError{"The kept token belongs to another site or e-mail", "The safe says which connection each token is for, and it is not this one. The token was not sent anywhere.", "Put the token in again"}
	}
	return UserError{Capitalize(name) + " could not be used", "It gave no reason that is known here.", "Try again, or choose another safe"}
}

func explainStore(e *StoreError) UserError {
	switch e.Why {
	case StoreDamaged:
		return UserError{"The file of connectors can't be read", "It is damaged" + inBrackets(e.Detail) + " and no good copy is left. It was left as it is.", "Restore " + e.Where + " from a backup, or move it away to begin anew"}
	case StoreNewer:
		return UserError{"These files are from a newer saasconnect", "This one would lose what it does not know, so it does not touch it.", "Update saasconnect"}
	case StoreUnsafe:
		return UserError{"Other users could change what is stored here", e.Where + " belongs to another user, or other users can write there, so it is not used.",
			"Make it yours alone (chown, chmod go-w), or use another folder with --home"}
	case StoreNotPlain:
		return UserError{"A plain file is needed", e.Where + " is something else. Nothing was changed.", "Move it away and try again"}
	case StoreFull:
		return UserError{"The disk is full", "The connector could not be written. What was there before is untouched.", "Make room and try again"}
	case StoreNoFolder:
		return UserError{"Where the connectors should be is no folder", "A part of " + e.Where + " is a file.", "Name a folder with --home"}
	case StoreUnreadable:
		return UserError{"This user may not read the file of connectors", "Nothing was changed in " + e.Where + ".", "Allow this user to read it, or use another folder with --home"}
	case StoreReadOnly:
		return UserError{"The folder of connectors can't be written", "Nothing was changed in " + e.Where + ".", "Allow writing there, or use another folder with --home"}
	case StoreBusy:
		return UserError{"Another saasconnect is writing right now", "Nothing was changed here.", "Wait until it is done and try again"}
	case StoreNotFound:
		return UserError{"There is no such connector any more", "Another saasconnect may have removed it.", "Look at the list again"}
	case StoreNameTaken:
		return UserError{"There is already a connector called " + e.Where, "Names are unique. Nothing was saved.", "Choose another name, or leave it out"}
	case StoreChanged:
		return UserError{cmp.Or(e.Name, "This connector") + " was changed meanwhile", cmp.Or(Capitalize(prefixed("its ", e.Detail)), "It") + " changed after it was read here, in another window or by another command, so this was not written over it.",
			"Look at it again, and repeat the change if it is still wanted"}
	case StoreSettings:
		return UserError{"The settings can't be stored in " + e.Where, "Nothing else is affected: what they hold is asked again next time.", "Make it a plain file that this user may write"}
	case StoreOther:
	}
	return UserError{"The file of connectors could not be used", "Nothing was changed in " + e.Where + ".", "Try again"}
}

// LeftWords say of a token that should have been deleted that it is still in its safe; "" for
// nil.
func LeftWords(left *StorageError) string {
	if left == nil {
		return ""
	}
	verb := " is"
	if left.Why == StorageWhyTimedOut { // what was asked may be done yet
		verb = " may be"
	}
	t := explainStorage(left)
	return "a copy" + verb + " still stored in " + StorageName(left.Kind) + " (" + Inside(t.Title) + "). Once that is solved, the next change or saasconnect doctor deletes it."
}

// FetchProblem says why nothing was read from a place of a person's own, as a part of a
// sentence. The cause inside a StorageError is in the reader's own words, which never hold
// what was read.
func FetchProblem(err error) string {
	var storage *StorageError
	switch {
	case !errors.As(err, &storage):
	case storage.Why == StorageWhyTimedOut:
		return "it did not come within ten seconds"
	case storage.Why == StorageWhyTooBig:
		return "what came is far longer than a token"
	case storage.Err != nil:
		return storage.Err.Error()
	}
	return "it could not be read"
}

// prefixed is a text behind a prefix; "" for none.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// inBrackets is a detail behind what it is about; "" for none.
func inBrackets(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}

// StoreError is what the file of connectors answers instead of doing what was asked.
type StoreError struct {
	Why   StoreWhy
	Where string // the file or folder it was about
	// Name is the connector that was changed meanwhile; "" where it was about something else.
	Name string
	// Detail says what is wrong with a damaged file ("line 3 is not JSON"), or what of a connector
	// was changed meanwhile ("account and expiry date"), inside a sentence; "" for nothing to tell.
	Detail string
	Err    error
}

// StoreWhy is the reason of a [StoreError].
type StoreWhy string

// The reasons.
const (
	StoreDamaged  StoreWhy = "damaged"   // can't be read, and no good copy is left
	StoreNewer    StoreWhy = "newer"     // written by a newer saasconnect
	StoreUnsafe   StoreWhy = "unsafe"    // belongs to another user, or others can write there
	StoreNotPlain StoreWhy = "not-plain" // a pipe, a folder or a device is where a file should be
	StoreFull     StoreWhy = "full"      // no space on disk
	// StoreUnreadable: this user may not read it.
	StoreUnreadable StoreWhy = "unreadable"
	StoreReadOnly   StoreWhy = "read-only"  // the folder can't be written
	StoreNoFolder   StoreWhy = "no-folder"  // where the folder should be is something else
	StoreBusy       StoreWhy = "busy"       // another saasconnect holds the lock
	StoreNotFound   StoreWhy = "not-found"  // no such connector (any more)
	StoreNameTaken  StoreWhy = "name-taken" // another connector has that name; Where is the name
	StoreChanged    StoreWhy = "changed"    // someone else changed the connector meanwhile
	StoreSettings   StoreWhy = "settings"   // what was asked once can't be remembered
	StoreOther      StoreWhy = "other"
)

// Error says which file and why.
func (e *StoreError) Error() string { return "the file of connectors: " + string(e.Why) }

// Unwrap is the cause.
func (e *StoreError) Unwrap() error { return e.Err }
