package secret

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"saasconnect/connector"
)

// Memory is Values that are gone when the program ends: for practice, and for tests. It is
// safe for concurrent use.
type Memory struct {
	status connector.StorageStatus

	mu     sync.Mutex
	values map[string][]byte
}

// NewMemory makes one that holds nothing, and whose kind and probe are as status says.
func NewMemory(status connector.StorageStatus) *Memory {
	return &Memory{status: status, values: map[string][]byte{}}
}

// Kind is the status's.
func (m *Memory) Kind() connector.StorageKind { return m.status.Kind }

// Probe is the status that it was made with.
func (m *Memory) Probe(context.Context) connector.StorageStatus { return m.status }

// Put keeps a value: StorageWhyExists where there is one under ref.
func (m *Memory) Put(_ context.Context, ref string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.values[ref]; there {
		return Error(m.Kind(), connector.StorageWhyExists, errors.New("a reference was used twice"))
	}
	m.values[ref] = slices.Clone(value)
	return nil
}

// Get is the value under ref: StorageWhyMissing where there is none.
func (m *Memory) Get(_ context.Context, ref string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, there := m.values[ref]
	if !there {
		return nil, Error(m.Kind(), connector.StorageWhyMissing, nil)
	}
	return slices.Clone(value), nil
}

// Delete forgets the value under ref.
func (m *Memory) Delete(_ context.Context, ref string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, ref)
	return nil
}

// Refs are the references under which something is kept, sorted.
func (m *Memory) Refs() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.values))
}
