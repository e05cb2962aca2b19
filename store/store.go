package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// The order of writes is the heart of this room. To add a connector or change its token:
//
//  1. lock; note the new reference in "loose"; write; unlock
//  2. put the token into the safe under it, read it back, compare
//  3. lock; read again; the connector takes the reference, which leaves "loose", and the
//     one it had before enters it; write (the rename is the commit); unlock
//  4. delete the old value; lock; strike it from "loose"; write; unlock
//
// Many are added at once by the same steps, each taken for all of them before the next: one
// write notes all references, one commits all connectors whose token was read back (batch.go).
//
// To remove one: in one write it leaves the list and its reference enters "loose"; then the
// value is deleted; then the reference is struck. So a process killed at any instant harms
// no other connector, leaves no reference without a value, and no value without a
// reference. A reference stays in "loose" for at least ten minutes after a safe did not
// answer, since a write that was given up may still land; then it is swept: marked as
// doomed in one write, so that no slow process can still take it, deleted, struck.

// Options say where a store is and what it works with. The zero value of each but Now is
// the system's own.
type Options struct {
	Home    string // all files below this folder
	KeyFile string // unlocks the encrypted file unattended
	// Interactive: a person is there, so that a desktop may ask for a password.
	Interactive bool
	Now         func() time.Time
	Random      io.Reader

	// For tests alone: a fault before each step of a write, a cheaper passphrase, other storages.
	testOnlyFail     func(point string) error
	testOnlyFactor   int
	testOnlyStorages []secret.Storage
}

// Store is what the real world remembers. It is safe for concurrent use, and for several
// processes on one machine.
type Store struct {
	file       *file
	history    *history
	outcomes   *outcomes
	settings   string
	storages   []secret.Storage
	encrypted  *secret.EncryptedFile
	references *secret.References
	now        func() time.Time
	random     io.Reader
	fail       func(string) error

	mu      sync.Mutex
	notices []string
}

// Open makes a store. It touches no file: the first frame comes before any I/O.
func Open(o Options) (*Store, error) {
	p, err := findPlaces(o.Home)
	if err != nil {
		return nil, err
	}
	if o.testOnlyFail == nil {
		o.testOnlyFail = func(string) error { return nil }
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	s := &Store{now: o.Now, random: o.Random, fail: o.testOnlyFail, settings: filepath.Join(p.config, "settings.json")}
	s.file = &file{path: filepath.Join(p.config, "connectors.json"), now: o.Now, fail: o.testOnlyFail, note: s.note}
	s.history = &history{dir: filepath.Join(p.state, "history"), fail: o.testOnlyFail, now: o.Now}
	s.outcomes = &outcomes{path: filepath.Join(p.state, "outcomes.json"), fail: o.testOnlyFail}
	s.references = secret.NewReferences(secret.ReferenceOptions{
		Path: filepath.Join(p.state, "proven.json"), Lock: s.file.locked, Current: s.file.references, Fail: o.testOnlyFail,
	})
	s.encrypted = secret.NewEncryptedFile(secret.EncryptedOptions{
		Dir: p.data, KeyFile: o.KeyFile, Now: o.Now, Lock: s.file.locked, Needed: s.file.needsEncryptedFile,
		Fail: o.testOnlyFail, WorkFactor: o.testOnlyFactor,
	})
	s.storages = []secret.Storage{secret.Sealed{Values: secret.NewKeyring(o.Interactive, o.Now)}, secret.Sealed{Values: s.encrypted}}
	if o.testOnlyStorages != nil {
		s.storages = o.testOnlyStorages
	}
	return s, nil
}

func (s *Store) note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notices = append(s.notices, text)
}

// Notices are sentences about what had to be mended so far; each is told once.
func (s *Store) Notices() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.notices
	s.notices = nil
	return told
}

// freeName is the chosen name where nobody has it, or a free one where none was chosen.
func freeName(c connector.Connector, chosen string, taken func(string) bool) (string, error) {
	switch {
	case chosen == "":
		return connector.UniqueName(connector.DefaultName(c), taken), nil
	case taken(chosen):
		return "", &connector.StoreError{Why: connector.StoreNameTaken, Where: chosen}
	}
	return chosen, nil
}

// Replace swaps a connector's token, and the facts that changed with it. before is the
// connector as the change found it, after what it became; what others changed meanwhile
// stays. The old token stays in force until the new one is read back.
func (s *Store) Replace(ctx context.Context, before, after connector.Connector, token atlassian.Token) (connector.Connector, error) {
	r, err := s.record(after.ID)
	if err != nil {
		return after, err
	}
	meant, ok := connector.Merge(r.Connector, before, after)
	if !ok {
		return after, s.changed()
	}
	if kept, err := s.tokenOf(ctx, r); err == nil && kept.Equal(token) && !r.boundElsewhere(meant) {
		return after, secret.Error(r.KeptIn, connector.StorageWhySame, nil)
	}
	ref, err := s.keep(ctx, meant, token)
	if err != nil {
		return after, err
	}
	var old record
	err = s.file.update(ctx, func(content *shelf) error {
		r := content.find(after.ID)
		if r == nil {
			return s.notFound()
		}
		merged, ok := connector.Merge(r.Connector, before, after)
		bound := record{Connector: meant}
		if !ok || bound.boundElsewhere(merged) { // the token was sealed for other facts
			return s.changed()
		}
		if merged.Name, err = freeName(merged, merged.Name, content.taken(merged.ID)); err != nil {
			return err
		}
		if !content.claim(ref) {
			return secret.Error(merged.KeptIn, connector.StorageWhyTimedOut, errSwept)
		}
		old, meant = *r, merged
		*r = record{merged, ref}
		content.loosen(old.Ref, old.KeptIn, s.now())
		return nil
	})
	if err != nil {
		s.drop(ctx, meant.KeptIn, ref)
		return after, err
	}
	s.bind(ctx, meant)
	if left := s.drop(ctx, old.KeptIn, old.Ref); left != nil {
		s.note("The old token: " + connector.LeftWords(left))
		return meant, nil
	}
	s.sweep(ctx)
	return meant, nil
}

// boundElsewhere reports whether what the safe holds is bound to other facts than c's.
func (r *record) boundElsewhere(c connector.Connector) bool {
	if r.KeptIn == connector.StorageReference && c.KeptIn == connector.StorageReference {
		return false // nothing is held that could be bound
	}
	return r.Site != c.Site || r.Email != c.Email || r.CloudID != c.CloudID || r.KeptIn != c.KeptIn
}

// Remove deletes the connector and its token here. Where the connector is gone and its token
// is not, left says in which safe it is still, and why: it is deleted by the next sweep that
// can.
func (s *Store) Remove(ctx context.Context, id string) (left *connector.StorageError, err error) {
	var gone record
	err = s.file.update(ctx, func(content *shelf) error {
		r := content.find(id)
		if r == nil {
			return s.notFound()
		}
		gone = *r
		rest := content.Connectors[:0]
		for _, other := range content.Connectors {
			if other.ID != id {
				rest = append(rest, other)
			}
		}
		content.Connectors = rest
		content.discard(gone.Ref, gone.KeptIn, s.now())
		return nil
	})
	if err != nil {
		return nil, err
	}
	left = s.drop(ctx, gone.KeptIn, gone.Ref)
	if gone.KeptIn == connector.StorageReference {
		_ = s.references.Forget(ctx) // best effort: it forgets whom the token was for
	}
	_ = s.history.forget(id) // best effort: what was removed should leave nothing behind
	_ = s.SaveOutcomes(ctx)  // likewise
	if left == nil {
		s.sweep(ctx)
	}
	return left, nil
}

// errSwept: it took so long that another process took the value for a forgotten one.
var errSwept = errors.New("what was kept was swept away meanwhile")

func (s *Store) changed() error {
	return &connector.StoreError{Why: connector.StoreChanged, Where: s.file.path}
}

func (s *Store) notFound() error {
	return &connector.StoreError{Why: connector.StoreNotFound, Where: s.file.path}
}

// uuid is a random UUID, version 4 (RFC 9562, section 5.4).
func (s *Store) uuid() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return "", fmt.Errorf("make a random id: %w", err)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
