package secret

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"saasconnect/connector"
)

// The system keyring, behind limits. go-keyring 0.2.8 knows no time limit (its issue 131),
// can wait forever where a desktop asks for a password and no one answers, panics when
// the bus dies meanwhile, and on Linux starts a bus of its own where it finds none. So:
// a look that never prompts comes first, every call runs in a goroutine of its own with a
// limit and a recover, and while a call has not come back no further one is made: it may
// still be waiting for a person, and may still do what was asked of it.

// service is the service name of every entry in the keyring.
const service = "saasconnect"

const (
	// aloneLimit is for an unattended run: no one would answer a prompt.
	aloneLimit = 3 * time.Second
	// personLimit leaves a person time to type a password; the screens say so meanwhile.
	personLimit = 120 * time.Second
	// lookLimit bounds the look; WSL's bus activation can block for two minutes.
	lookLimit = 2 * time.Second
	// quietFor is how long after a refused unlocking no further prompt is raised, and after a
	// look without an answer none is made: the calls that wait behind it, of fifty connectors
	// that are tested at once, are answered with it.
	quietFor = 10 * time.Second
)

// Keyring is the system keyring, as Values. It is safe for concurrent use.
type Keyring struct {
	interactive bool
	system      string // as runtime.GOOS has it: whose names and limits hold
	now         func() time.Time
	look        func(ctx context.Context) condition

	// The three calls of go-keyring, in a collection ("" for the one it chooses).
	set func(collection, ref, value string) error
	get func(collection, ref string) (string, error)
	del func(collection, ref string) error

	// turn lets one call in at a time: go-keyring hands each prompt's end to every call
	// that waits for one.
	turn chan struct{}
	// refused is when a person last said no to unlocking, or nothing at all; silent is when the
	// keyring last did not answer a look.
	refused, silent atomic.Pointer[time.Time]
	// stuck counts the calls that were given up and have not come back.
	stuck atomic.Int32
}

// condition is what a look found.
type condition struct {
	state  connector.StorageState
	detail string // why it is not ready, "" where it is
	remedy string // what would make it ready, "" where the state alone says it
	// collection is the Secret Service's collection to use, where go-keyring would choose none
	// or another; "" leaves the choice to go-keyring.
	collection string
}

// NewKeyring makes the system keyring's Values. interactive: a person is there, so that the
// desktop may ask for a password. It touches nothing.
func NewKeyring(interactive bool, now func() time.Time) *Keyring {
	return &Keyring{
		interactive: interactive, system: runtime.GOOS, now: now, look: lookAtKeyring,
		set: setItem, get: getItem, del: deleteItem, turn: make(chan struct{}, 1),
	}
}

// Kind is StorageKeyring.
func (k *Keyring) Kind() connector.StorageKind { return connector.StorageKeyring }

// Probe looks at the keyring, for at most two seconds.
func (k *Keyring) Probe(ctx context.Context) connector.StorageStatus {
	found := k.boundedLook(ctx)
	s := connector.StorageStatus{Kind: connector.StorageKeyring, State: found.state, Where: keyringTitle(k.system), Detail: found.detail}
	switch found.state {
	case connector.StorageAbsent:
		s.Remedy = cmp.Or(found.remedy, keyringRemedy(k.system))
	case connector.StorageLocked:
		s.Remedy = "Unlock it in your desktop"
		if !k.interactive {
			s.Detail = "it is locked, and this run can't ask for its password"
		}
	case connector.StorageUnresponsive:
		s.Remedy = "Answer your desktop if it asks for a password; otherwise sign out and in again"
	case connector.StorageReady, connector.StorageNew, connector.StorageBroken:
	}
	return s
}

func (k *Keyring) boundedLook(ctx context.Context) condition {
	if k.stuck.Load() > 0 {
		return condition{state: connector.StorageUnresponsive, detail: "it has not answered an earlier call yet"}
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	return k.look(ctx)
}

// Put writes a value: StorageWhyTooBig where this system's keyring takes none of its length.
func (k *Keyring) Put(ctx context.Context, ref string, value []byte) error {
	if !fits(k.system, len(value)) {
		return Error(connector.StorageKeyring, connector.StorageWhyTooBig, nil)
	}
	_, err := k.call(ctx, func(in string) (string, error) { return "", k.set(in, ref, string(value)) })
	return err
}

// Get reads the value under ref.
func (k *Keyring) Get(ctx context.Context, ref string) ([]byte, error) {
	value, err := k.call(ctx, func(in string) (string, error) { return k.get(in, ref) })
	return []byte(value), err
}

// Delete deletes the value under ref, and looks afterwards: go-keyring says yes where a
// prompt for deleting is dismissed (StorageWhyRefused here), and no one would know any more
// of a value that is still there.
func (k *Keyring) Delete(ctx context.Context, ref string) error {
	_, err := k.call(ctx, func(in string) (string, error) { return "", k.del(in, ref) })
	if err == nil {
		_, err = k.call(ctx, func(in string) (string, error) { return "", errIfThere(k.get(in, ref)) })
	}
	if Is(err, connector.StorageWhyMissing) {
		return nil
	}
	return err
}

// errIfThere turns a value that is found into an error, which holds nothing of it.
func errIfThere(_ string, err error) error {
	if err == nil {
		return errStillThere
	}
	return err
}

var errStillThere = errors.New("it was not deleted")

// answer is what a call brought.
type answer struct {
	value string
	err   error
}

// call makes one call of go-keyring, bounded, in the collection that the look before it saw.
func (k *Keyring) call(ctx context.Context, do func(collection string) (string, error)) (value string, err error) {
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return "", ended(ctx, connector.StorageKeyring)
	}
	if k.justNow(&k.silent) {
		return "", Error(connector.StorageKeyring, connector.StorageWhyTimedOut, nil)
	}
	found := k.boundedLook(ctx)
	state := found.state
	switch {
	case ctx.Err() != nil:
		return "", ended(ctx, connector.StorageKeyring)
	case state == connector.StorageAbsent || state == connector.StorageBroken:
		return "", Error(connector.StorageKeyring, connector.StorageWhyUnavailable, nil)
	case state == connector.StorageUnresponsive:
		k.note(&k.silent)
		return "", Error(connector.StorageKeyring, connector.StorageWhyTimedOut, nil)
	case state == connector.StorageLocked && (!k.interactive || k.justNow(&k.refused)):
		return "", Error(connector.StorageKeyring, connector.StorageWhyLocked, nil)
	}
	defer func() { k.noteRefusal(state, err) }()
	limit := aloneLimit
	if k.interactive {
		limit = personLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		value, err := guarded(func() (string, error) { return do(found.collection) })
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, keyringError(a.err, state)
	case <-ctx.Done():
		k.stuck.Add(1)
		go func() {
			<-done
			k.stuck.Add(-1)
		}()
		return "", ended(ctx, connector.StorageKeyring)
	}
}

// justNow reports whether something was noted within quietFor.
func (k *Keyring) justNow(last *atomic.Pointer[time.Time]) bool {
	at := last.Load()
	return at != nil && k.now().Sub(*at) < quietFor
}

func (k *Keyring) note(last *atomic.Pointer[time.Time]) {
	now := k.now()
	last.Store(&now)
}

func (k *Keyring) noteRefusal(before connector.StorageState, err error) {
	if before == connector.StorageLocked && (Is(err, connector.StorageWhyRefused) || Is(err, connector.StorageWhyTimedOut)) {
		k.note(&k.refused)
	}
}

// guarded turns a panic into an error, without its text: that could hold a value.
func guarded(do func() (string, error)) (value string, err error) {
	defer func() {
		if recover() != nil {
			value, err = "", errPanicked
		}
	}()
	return do()
}

var errPanicked = errors.New("the keyring library panicked")

// keyringError types an error of go-keyring. On Linux its texts say the same for
// locked, dismissed and gone, so the state before the call decides.
func keyringError(err error, before connector.StorageState) error {
	why := connector.StorageWhyUnavailable
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gokeyring.ErrNotFound):
		why = connector.StorageWhyMissing
	case errors.Is(err, gokeyring.ErrSetDataTooBig):
		why = connector.StorageWhyTooBig
	case errors.Is(err, gokeyring.ErrUnsupportedPlatform), errors.Is(err, errPanicked):
	case errors.Is(err, errStillThere):
		why = connector.StorageWhyRefused
	case exitStatus(err, 36): // macOS: errSecInteractionNotAllowed, as over SSH
		why = connector.StorageWhyLocked
	case exitStatus(err, 51), exitStatus(err, 128): // macOS: errSecAuthFailed, errSecUserCanceled
		why = connector.StorageWhyRefused
	case !strings.Contains(err.Error(), "locked") && !strings.Contains(err.Error(), "unlock"):
	case before == connector.StorageLocked:
		why = connector.StorageWhyRefused // it was to be unlocked, and was not
	default:
		why = connector.StorageWhyLocked
	}
	return Error(connector.StorageKeyring, why, errors.New("the system keyring refused the call"))
}

// exitStatus: on macOS go-keyring runs /usr/bin/security, whose exit status is the low
// byte of an OSStatus.
func exitStatus(err error, code int) bool {
	return err.Error() == fmt.Sprintf("exit status %d", code)
}

// What the keyrings of the systems are called, and how much they hold. The limits are asked
// before go-keyring is: on macOS it finds out only after it has started a program, which it
// then leaves behind (keyring_darwin.go of 0.2.8: it returns between Start and Wait).

// keyringTitle is a system's keyring as people there call it.
func keyringTitle(system string) string {
	switch system {
	case "darwin":
		return "the system keyring (macOS Keychain)"
	case "windows":
		return "the system keyring (Windows Credential Manager)"
	case "linux":
		return "the system keyring (Secret Service)"
	}
	return "the system keyring"
}

func keyringRemedy(system string) string {
	if system == "linux" {
		return "Install and start gnome-keyring, KWallet or KeePassXC, or store tokens in the encrypted file"
	}
	return "Store tokens in the encrypted file"
}

const (
	// credentialBytes is CRED_MAX_CREDENTIAL_BLOB_SIZE, in bytes as they are: nothing is made
	// UTF-16. Source: learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw.
	credentialBytes = 5 * 512
	// securityLine is what one line of /usr/bin/security -i may hold, so go-keyring.
	securityLine = 4096
	// aroundTheValue is the rest of that line, with room for quotation marks:
	// add-generic-password -U -s SERVICE -a UUID -w go-keyring-base64:…
	aroundTheValue = 160
)

// fits reports whether a system's keyring takes a value of so many bytes. A token of 192
// characters makes one of some 450.
func fits(system string, bytes int) bool {
	switch system {
	case "windows":
		return bytes <= credentialBytes
	case "darwin":
		return base64.StdEncoding.EncodedLen(bytes)+aroundTheValue <= securityLine
	}
	return true
}
