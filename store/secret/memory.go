package secret

import (
	"context"
	"maps"
	"slices"
	"sync"

	"saasconnect/connector"
)

// Memory is Values that are gone when the program ends: for practice, and for tests. It is
// safe for concurrent use.
type Memory struct {
	mu     sync.Mutex
	status connector.StorageStatus
	values map[string][]byte
}

// NewMemory makes one that holds nothing and stands as status says: where that is not ready,
// neither a value is put there nor got.
func NewMemory(status connector.StorageStatus) *Memory {
	return &Memory{status: status, values: map[string][]byte{}}
}

// Kind is the status's.
func (m *Memory) Kind() connector.StorageKind { return m.status.Kind }

// Probe is how it stands.
func (m *Memory) Probe(context.Context) connector.StorageStatus {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.status
}

// Set makes it stand otherwise, as a keyring does that is locked.
func (m *Memory) Set(state connector.StorageState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status.State = state
}

// ready locks, and is why nothing can be asked of it now.
func (m *Memory) ready() error {
	m.mu.Lock()
	why := connector.StorageWhyUnavailable
	switch m.status.State {
	case connector.StorageReady:
		return nil
	case connector.StorageLocked:
		why = connector.StorageWhyLocked
	case connector.StorageNew:
		why = connector.StorageWhyNew
	case connector.StorageUnresponsive:
		why = connector.StorageWhyTimedOut
	case connector.StorageAbsent, connector.StorageBroken:
	}
	return Error(m.status.Kind, why, nil)
}

// Put stores a value.
func (m *Memory) Put(_ context.Context, ref string, value []byte) error {
	err := m.ready()
	defer m.mu.Unlock()
	if _, there := m.values[ref]; err == nil && there {
		return Error(m.status.Kind, connector.StorageWhyExists, nil) // a reference is used once
	}
	if err == nil {
		m.values[ref] = slices.Clone(value)
	}
	return err
}

// Get is the value under ref: StorageWhyMissing where there is none.
func (m *Memory) Get(_ context.Context, ref string) ([]byte, error) {
	err := m.ready()
	defer m.mu.Unlock()
	value, there := m.values[ref]
	if err == nil && !there {
		err = Error(m.status.Kind, connector.StorageWhyMissing, nil)
	}
	return slices.Clone(value), err
}

// Delete forgets the value under ref.
func (m *Memory) Delete(_ context.Context, ref string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, ref)
	return nil
}

// Refs are the references under which something is stored, sorted.
func (m *Memory) Refs() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.values))
}
