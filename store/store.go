package store

import (
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"saasconnect/store/secret"
)

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
	reports    *reports
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
	s.reports = &reports{dir: p.state, fail: o.testOnlyFail, now: o.Now}
	s.references = secret.NewReferences(secret.ReferenceOptions{
		Path: filepath.Join(p.state, "proven.json"), Lock: s.file.locked, Current: s.file.references, Fail: o.testOnlyFail,
	})
	s.encrypted = secret.NewEncryptedFile(secret.EncryptedOptions{
		Dir: p.data, KeyFile: o.KeyFile, Now: o.Now, Lock: s.file.locked, Needed: s.file.inEncryptedFile,
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
