package store

import (
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"
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

	// For tests alone: a fault before each step of a write, a cheaper passphrase, other safes.
	testOnlyFail     func(point string) error
	testOnlyFactor   int
	testOnlyStorages []safe
}

// Store is what the real world remembers. It is safe for concurrent use, and for several
// processes on one machine.
type Store struct {
	file     *file
	reports  *reports
	proven   *proven
	settings string
	storages []safe
	vault    *vault
	now      func() time.Time
	random   io.Reader
	fail     func(string) error

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
	if o.testOnlyFactor == 0 {
		o.testOnlyFactor = workFactor
	}
	s := &Store{now: o.Now, random: o.Random, fail: o.testOnlyFail, settings: filepath.Join(p.config, "settings.json")}
	s.file = &file{path: filepath.Join(p.config, "connectors.json"), now: o.Now, fail: o.testOnlyFail, note: s.note}
	s.reports = &reports{dir: p.state, fail: o.testOnlyFail, now: o.Now}
	s.proven = &proven{path: filepath.Join(p.state, "proven.json"), fail: o.testOnlyFail}
	s.vault = &vault{dir: p.data, keyFile: o.KeyFile, factor: o.testOnlyFactor, fail: o.testOnlyFail, locked: s.file.locked, now: o.Now, needed: s.file.inEncryptedFile, unseal: unsealIdentity}
	system := newKeyring(o.Interactive)
	system.now = o.Now
	s.storages = []safe{system, s.vault}
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
