package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"saasconnect/connector"
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

// Store is the store on disk. It is safe for concurrent use, and for several
// processes on one machine.
type Store struct {
	file       connectorsFile
	reports    reportKeeper
	storages   []secret.Storage
	references referenceStorage
	// What only a store on disk has.
	disk      *file
	state     *reports
	settings  string
	encrypted *secret.EncryptedFile

	now    func() time.Time
	random io.Reader
	fail   func(string) error

	mu      sync.Mutex
	notices []string
}

// connectorsFile holds the contents: in connectors.json (file), or in memory.
type connectorsFile interface {
	where() string
	// read returns the contents. It changes nothing and waits for no lock.
	read() (contents, error)
	// update reads, changes and writes while no other process does. A change that returns an error
	// writes nothing. It may be called several times, so it must take over what it concludes only
	// at its end.
	update(ctx context.Context, change func(*contents) error) error
}

// reportKeeper stores the last reports of each connector: on disk (reports), or in memory.
type reportKeeper interface {
	of(id string) []connector.Report
	add(id string, report connector.Report) error
	outcomes() map[string]*connector.Outcome
	save(all map[string]*connector.Outcome) (fresh []string, err error)
	forget(id string) error
	ids() []string
}

// referenceStorage reads tokens from external sources, and knows which site and email they are for
// (secret.References).
type referenceStorage interface {
	secret.Storage
	Check(ctx context.Context, c connector.Connector) error
	Announce(ctx context.Context, some ...connector.Connector) error
	Bind(ctx context.Context, some ...connector.Connector) error
	Forget(ctx context.Context) error
}

// Open makes a store. It touches no file: the first frame comes before any I/O.
func Open(o Options) (*Store, error) {
	p, err := findPaths(o.Home)
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
	s.disk = &file{path: filepath.Join(p.config, "connectors.json"), now: o.Now, fail: o.testOnlyFail, note: s.note}
	s.state = &reports{dir: p.state, fail: o.testOnlyFail, now: o.Now}
	s.file, s.reports = s.disk, s.state
	s.references = secret.NewReferences(secret.ReferenceOptions{
		Path: filepath.Join(p.state, "proven.json"), Lock: s.disk.locked, Current: s.disk.references, Fail: o.testOnlyFail,
	})
	s.encrypted = secret.NewEncryptedFile(secret.EncryptedOptions{
		Dir: p.data, KeyFile: o.KeyFile, Now: o.Now, Lock: s.disk.locked, Needed: s.disk.inEncryptedFile,
		Fail: o.testOnlyFail, WorkFactor: o.testOnlyFactor,
	})
	s.storages = []secret.Storage{secret.EnvelopeStorage{Values: secret.NewKeyring(o.Interactive, o.Now)}, secret.EnvelopeStorage{Values: s.encrypted}}
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

// Notices are sentences about what had to be recovered so far; each is told once.
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
		return "", fmt.Errorf("create a random ID: %w", err)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
