package connector

// Settings are what was asked once and is remembered.
type Settings struct {
	Role Role `json:"role,omitempty"`
	// KeepIn is the safe that was chosen; "" means the first one that is ready.
	KeepIn SafeKind `json:"keep_in,omitempty"`
}

// ShelfError is what the file of connectors answers instead of doing what was asked.
type ShelfError struct {
	Why   ShelfWhy
	Where string // the file or folder it was about
	// Recovered is where a damaged file was put aside, "" where none was.
	Recovered string
	Err       error
}

// ShelfWhy is the reason of a [ShelfError].
type ShelfWhy string

// The reasons.
const (
	ShelfDamaged   ShelfWhy = "damaged"    // can't be read, and no good copy is left
	ShelfNewer     ShelfWhy = "newer"      // written by a newer saasconnect
	ShelfUnsafe    ShelfWhy = "unsafe"     // belongs to another user
	ShelfFull      ShelfWhy = "full"       // no space on disk
	ShelfReadOnly  ShelfWhy = "read-only"  // the folder can't be written
	ShelfNoFolder  ShelfWhy = "no-folder"  // where the folder should be is something else
	ShelfBusy      ShelfWhy = "busy"       // another saasconnect holds the lock
	ShelfNotFound  ShelfWhy = "not-found"  // no such connector (any more)
	ShelfNameTaken ShelfWhy = "name-taken" // another connector has that name; Where is the name
	ShelfChanged   ShelfWhy = "changed"    // someone else changed the same fact meanwhile
	ShelfOther     ShelfWhy = "other"
)

// Error says which file and why.
func (e *ShelfError) Error() string { return "the file of connectors: " + string(e.Why) }

// Unwrap is the cause.
func (e *ShelfError) Unwrap() error { return e.Err }
