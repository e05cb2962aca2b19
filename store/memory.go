package store

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// Memory is a Store that forgets everything when the program ends: for practice, and for
// tests. It does what a Store does, in memory.
type Memory struct {
	*Store
	shown []*secret.Memory // what a probe says

	mu       sync.Mutex
	settings connector.Settings
}

// MemoryOptions say how a Memory behaves.
type MemoryOptions struct {
	Now func() time.Time
	// Storages are what a probe says; nil means one that is ready.
	Storages []connector.StorageStatus
}

// OpenMemory makes an empty one.
func OpenMemory(o MemoryOptions) *Memory {
	own := connector.StorageStatus{Kind: connector.StorageMemory, State: connector.StorageReady, Where: "memory"}
	if o.Storages == nil {
		o.Storages = []connector.StorageStatus{own}
	}
	m := &Memory{Store: &Store{
		file: &memoryFile{}, reports: &memoryReports{all: map[string][]connector.Report{}}, references: &memoryReferences{tokens: map[string]atlassian.Token{}},
		now: o.Now, random: rand.Reader, fail: func(string) error { return nil },
	}}
	for _, status := range o.Storages {
		m.shown = append(m.shown, secret.NewMemory(status))
	}
	for _, storage := range append(m.shown, secret.NewMemory(own)) {
		m.storages = append(m.storages, secret.EnvelopeStorage{Values: storage})
	}
	return m
}

// Add saves a connector with its past, which is what is there before anyone comes, and its token.
func (m *Memory) Add(ctx context.Context, e connector.Entry, token atlassian.Token) error {
	written := m.Save(ctx, []connector.Write{{After: e.Connector, Token: token}})[0]
	if written.Err != nil {
		return written.Err
	}
	for _, report := range slices.Backward(e.Reports) {
		if err := m.Remember(ctx, written.Connector.ID, report); err != nil {
			return err
		}
	}
	return nil
}

// Storages are as they were given.
func (m *Memory) Storages(ctx context.Context) ([]connector.StorageStatus, error) {
	all := make([]connector.StorageStatus, len(m.shown))
	for i, storage := range m.shown {
		all[i] = storage.Probe(ctx)
	}
	return all, ctx.Err()
}

// SetStorage makes a storage stand otherwise, as a keyring does that is locked.
func (m *Memory) SetStorage(kind connector.StorageKind, state connector.StorageState) {
	for _, storage := range m.shown {
		if storage.Kind() == kind {
			storage.Set(state)
		}
	}
}

// Fail makes the storages fail from now on: with StorageWhyMissing every token is gone, with
// StorageWhyLocked they are locked, the encrypted file until Unlock. Any other why changes nothing.
func (m *Memory) Fail(ctx context.Context, why connector.StorageWhy) error {
	for _, storage := range m.shown {
		switch why {
		case connector.StorageWhyLocked:
			storage.Set(connector.StorageLocked)
		case connector.StorageWhyMissing:
			for _, ref := range storage.Refs() {
				if err := storage.Delete(ctx, ref); err != nil {
					return err
				}
			}
		default:
		}
	}
	return nil
}

// encryptedFile is how the encrypted file stands; absent where the machine could have none.
func (m *Memory) encryptedFile() connector.StorageState {
	for _, storage := range m.shown {
		if storage.Kind() == connector.StorageFile {
			return storage.Probe(context.Background()).State
		}
	}
	return connector.StorageAbsent
}

// Unlock opens the encrypted file that is there, with any passphrase.
func (m *Memory) Unlock(ctx context.Context, _ string) error {
	switch m.encryptedFile() {
	case connector.StorageNew, connector.StorageAbsent:
		return secret.Error(connector.StorageFile, connector.StorageWhyNew, nil)
	default:
		m.SetStorage(connector.StorageFile, connector.StorageReady)
	}
	return ctx.Err()
}

// CreateEncryptedFile makes it, where the machine could have one.
func (m *Memory) CreateEncryptedFile(ctx context.Context, passphrase string) error {
	if err := secret.TooShort(passphrase); err != nil {
		return err
	}
	switch m.encryptedFile() {
	case connector.StorageNew:
		m.SetStorage(connector.StorageFile, connector.StorageReady)
	case connector.StorageAbsent:
		return secret.Error(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	default:
		return secret.Error(connector.StorageFile, connector.StorageWhyExists, nil)
	}
	return ctx.Err()
}

// ChangePassphrase works for any old passphrase.
func (m *Memory) ChangePassphrase(_ context.Context, _, replacement string) error {
	if state := m.encryptedFile(); state == connector.StorageNew || state == connector.StorageAbsent {
		return secret.Error(connector.StorageFile, connector.StorageWhyNew, nil)
	}
	return secret.TooShort(replacement)
}

// CheckFiles finds nothing: there are no files.
func (m *Memory) CheckFiles(context.Context) []connector.FileCheck { return nil }

// Tidy has nothing to do: a crash leaves nothing.
func (m *Memory) Tidy(context.Context) (connector.TidyReport, error) {
	return connector.TidyReport{}, nil
}

// Settings are what was remembered.
func (m *Memory) Settings(ctx context.Context) (connector.Settings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.settings, ctx.Err()
}

// SetSettings remembers those that are set.
func (m *Memory) SetSettings(ctx context.Context, s connector.Settings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings = m.settings.With(s)
	return ctx.Err()
}

// memoryFile is contents in memory.
type memoryFile struct {
	mu       sync.Mutex
	contents contents
}

func (m *memoryFile) where() string { return "memory" }

func (m *memoryFile) read() (contents, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.copied(), nil
}

func (m *memoryFile) copied() contents {
	c := m.contents
	c.Connectors, c.References = slices.Clone(c.Connectors), slices.Clone(c.References)
	return c
}

func (m *memoryFile) update(ctx context.Context, change func(*contents) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c := m.copied()
	if err := change(&c); err != nil {
		return err
	}
	c.Revision++
	m.contents = c
	return nil
}

// memoryReports is reports in memory.
type memoryReports struct {
	mu  sync.Mutex
	all map[string][]connector.Report // by connector id, the newest first
}

func (m *memoryReports) of(id string) []connector.Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.all[id])
}

func (m *memoryReports) add(id string, r connector.Report) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := append([]connector.Report{r}, m.all[id]...)
	m.all[id] = all[:min(len(all), keptReports)]
	return nil
}

func (m *memoryReports) outcomes() map[string]*connector.Outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(map[string]*connector.Outcome, len(m.all))
	for id, reports := range m.all {
		all[id] = newest(reports)
	}
	return all
}

func (m *memoryReports) save(map[string]*connector.Outcome) (fresh []string, err error) {
	return nil, nil
}

func (m *memoryReports) forget(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, id)
	return nil
}

func (m *memoryReports) ids() []string { return nil }

// memoryReferences reads nothing: it has the tokens that it was given, by their connectors' ids.
type memoryReferences struct {
	mu     sync.Mutex
	tokens map[string]atlassian.Token
}

func (*memoryReferences) Kind() connector.StorageKind { return connector.StorageReference }

func (*memoryReferences) Probe(context.Context) connector.StorageStatus {
	return connector.StorageStatus{Kind: connector.StorageReference, State: connector.StorageReady}
}

func (m *memoryReferences) Put(_ context.Context, c connector.Connector, _ string, token atlassian.Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens[c.ID] = token
	return nil
}

func (m *memoryReferences) Get(_ context.Context, c connector.Connector, _ string) (atlassian.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	token, there := m.tokens[c.ID]
	if !there {
		return token, secret.Error(connector.StorageReference, connector.StorageWhyMissing, nil)
	}
	return token, nil
}

func (*memoryReferences) Delete(context.Context, string) error { return nil }

func (*memoryReferences) Check(context.Context, connector.Connector) error { return nil }

func (*memoryReferences) Announce(context.Context, ...connector.Connector) error { return nil }

func (*memoryReferences) Bind(context.Context, ...connector.Connector) error { return nil }

func (*memoryReferences) Forget(context.Context) error { return nil }
