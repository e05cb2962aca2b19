package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
)

// Memory is a store that forgets everything when the program ends: for practice, and for
// tests. It keeps tokens in memory only.
type Memory struct {
	now func() time.Time

	mu       sync.Mutex
	entries  []connector.Entry
	tokens   map[string]atlassian.Token
	settings connector.Settings
	safes    []connector.StorageStatus
	faults   map[string]error
	next     int
}

// MemoryOptions say how a Memory behaves.
type MemoryOptions struct {
	Now func() time.Time
	// Storages are what a probe says; nil means one that is ready.
	Storages []connector.StorageStatus
}

// OpenMemory makes an empty one.
func OpenMemory(o MemoryOptions) *Memory {
	m := &Memory{now: o.Now, tokens: map[string]atlassian.Token{}, faults: map[string]error{}, safes: o.Storages}
	if m.safes == nil {
		m.safes = []connector.StorageStatus{{Kind: connector.StorageMemory, State: connector.StorageReady, Where: "memory"}}
	}
	return m
}

// Fail makes a method fail with an error from now on, nil for no more: "Add", "Token",
// "TestStorage", "Unlock", "CreateEncryptedFile", "Load"; "Left" is why a removed token is still there.
func (m *Memory) Fail(method string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults[method] = err
}

// fault locks, and returns the method's error.
func (m *Memory) fault(ctx context.Context, method string) error {
	m.mu.Lock()
	if err := m.faults[method]; err != nil {
		return err
	}
	return ctx.Err()
}

// Load is every connector with what its newest check came to.
func (m *Memory) Load(ctx context.Context) ([]connector.Entry, error) {
	err := m.fault(ctx, "Load")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	all := slices.Clone(m.entries)
	for i := range all {
		all[i].Reports = nil
	}
	return all, nil
}

// Reports are those of one connector, the newest first.
func (m *Memory) Reports(_ context.Context, id string) []connector.Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.find(id); e != nil {
		return slices.Clone(e.Reports)
	}
	return nil
}

// Save writes connectors, each by itself.
func (m *Memory) Save(ctx context.Context, writes []connector.Write) []connector.Written {
	all := make([]connector.Written, len(writes))
	for i, w := range writes {
		method := "Add"
		switch {
		case !isNew(w) && !w.Token.IsZero():
			method = "Replace"
		case !isNew(w):
			method = "Edit"
		}
		err := m.fault(ctx, method)
		all[i].Connector = w.After
		if err == nil {
			all[i].Connector, err = m.write(w)
		}
		all[i].Err = err
		m.mu.Unlock()
	}
	return all
}

func (m *Memory) write(w connector.Write) (connector.Connector, error) {
	c := w.After
	taken := func(name string) bool {
		return slices.ContainsFunc(m.entries, func(e connector.Entry) bool { return strings.EqualFold(e.Name, name) && e.ID != c.ID })
	}
	stored, there := m.tokens[w.Before.ID]
	e := m.find(w.Before.ID)
	switch {
	case isNew(w):
		m.next++
		c.ID = fmt.Sprintf("memory-%d", m.next)
		m.entries = append(m.entries, connector.Entry{Connector: c})
		e = m.find(c.ID)
	case e == nil:
		return c, noSuchEntry()
	case !e.Equal(w.Before):
		return c, &connector.StoreError{Why: connector.StoreChanged, Where: "memory"}
	case there && stored.Equal(w.Token):
		return c, secret.Error(connector.StorageMemory, connector.StorageWhySame, nil)
	}
	switch {
	case c.Name == "":
		c.Name = connector.UniqueName(connector.DefaultName(c), taken)
	case taken(c.Name):
		return c, &connector.StoreError{Why: connector.StoreNameTaken, Where: c.Name}
	}
	e.Connector = c
	if !w.Token.IsZero() || isNew(w) {
		m.tokens[c.ID] = w.Token
	}
	if w.Report != nil {
		e.Note(*w.Report)
	}
	return c, nil
}

func (m *Memory) find(id string) *connector.Entry {
	for i := range m.entries {
		if m.entries[i].ID == id {
			return &m.entries[i]
		}
	}
	return nil
}

func noSuchEntry() error { return &connector.StoreError{Why: connector.StoreNotFound, Where: "memory"} }

// Remove deletes a connector.
func (m *Memory) Remove(ctx context.Context, id string) (left *connector.StorageError, err error) {
	err = m.fault(ctx, "Remove")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if m.find(id) == nil {
		return nil, noSuchEntry()
	}
	_ = errors.As(m.faults["Left"], &left)
	m.entries = slices.DeleteFunc(m.entries, func(e connector.Entry) bool { return e.ID == id })
	delete(m.tokens, id)
	return left, nil
}

// Token is a connector's token.
func (m *Memory) Token(ctx context.Context, id string) (atlassian.Token, error) {
	err := m.fault(ctx, "Token")
	defer m.mu.Unlock()
	if err != nil {
		return atlassian.Token{}, err
	}
	token, ok := m.tokens[id]
	if !ok {
		return atlassian.Token{}, secret.Error(connector.StorageMemory, connector.StorageWhyMissing, nil)
	}
	return token, nil
}

// Tokens are as Token gets each.
func (m *Memory) Tokens(context.Context) (connector.TokenReader, error) { return m.Token, nil }

// Remember notes a report.
func (m *Memory) Remember(ctx context.Context, id string, r connector.Report) error {
	err := m.fault(ctx, "Remember")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	e := m.find(id)
	if e == nil {
		return noSuchEntry()
	}
	e.Note(r)
	e.Reports = e.Reports[:min(len(e.Reports), keptReports)]
	return nil
}

// SaveOutcomes has nothing to do: Load knows them.
func (m *Memory) SaveOutcomes(context.Context) error { return nil }

// Storages are as they were given.
func (m *Memory) Storages(ctx context.Context) ([]connector.StorageStatus, error) {
	err := m.fault(ctx, "Storages")
	defer m.mu.Unlock()
	return slices.Clone(m.safes), err
}

// TestStorage works for every safe that is ready.
func (m *Memory) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	err := m.fault(ctx, "TestStorage")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	for _, s := range m.safes {
		if s.Kind == kind && s.State == connector.StorageReady {
			return nil
		}
	}
	if f := m.file(); f != nil && f.Kind == kind && f.State == connector.StorageNew {
		return secret.Error(kind, connector.StorageWhyNew, nil)
	}
	return secret.Error(kind, connector.StorageWhyLocked, nil)
}

// file is the encrypted file, nil where this machine has none.
func (m *Memory) file() *connector.StorageStatus {
	at := slices.IndexFunc(m.safes, func(s connector.StorageStatus) bool { return s.Kind == connector.StorageFile })
	if at < 0 {
		return nil
	}
	return &m.safes[at]
}

// Unlock opens the encrypted file that is there, with any passphrase.
func (m *Memory) Unlock(ctx context.Context, _ string) error {
	err := m.fault(ctx, "Unlock")
	defer m.mu.Unlock()
	f := m.file()
	switch {
	case err != nil:
		return err
	case f == nil || f.State == connector.StorageNew:
		return secret.Error(connector.StorageFile, connector.StorageWhyNew, nil)
	}
	f.State = connector.StorageReady
	return nil
}

// CreateEncryptedFile makes it, where the machine could have one.
func (m *Memory) CreateEncryptedFile(ctx context.Context, passphrase string) error {
	err := m.fault(ctx, "CreateEncryptedFile")
	defer m.mu.Unlock()
	f := m.file()
	switch {
	case err != nil:
		return err
	case secret.TooShort(passphrase) != nil:
		return secret.TooShort(passphrase)
	case f == nil:
		return secret.Error(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	case f.State != connector.StorageNew:
		return secret.Error(connector.StorageFile, connector.StorageWhyExists, nil)
	}
	f.State = connector.StorageReady
	return nil
}

// ChangePassphrase works for any old passphrase.
func (m *Memory) ChangePassphrase(ctx context.Context, _, replacement string) error {
	err := m.fault(ctx, "ChangePassphrase")
	defer m.mu.Unlock()
	switch f := m.file(); {
	case err != nil:
		return err
	case f == nil || f.State == connector.StorageNew:
		return secret.Error(connector.StorageFile, connector.StorageWhyNew, nil)
	}
	return secret.TooShort(replacement)
}

// Notices are none: there is no file that could be damaged.
func (m *Memory) Notices() []string { return nil }

// Examine finds nothing: there are no files.
func (m *Memory) Examine(context.Context) []connector.Examined { return nil }

// Tidy has nothing to do: a crash leaves nothing.
func (m *Memory) Tidy(context.Context) (connector.TidyReport, error) {
	return connector.TidyReport{}, nil
}

// Settings are what was remembered.
func (m *Memory) Settings(ctx context.Context) (connector.Settings, error) {
	err := m.fault(ctx, "Settings")
	defer m.mu.Unlock()
	return m.settings, err
}

// SetSettings remembers those that are set.
func (m *Memory) SetSettings(ctx context.Context, s connector.Settings) error {
	err := m.fault(ctx, "SetSettings")
	defer m.mu.Unlock()
	if s.Role != connector.RoleUnknown {
		m.settings.Role = s.Role
	}
	if s.KeepIn != "" {
		m.settings.KeepIn = s.KeepIn
	}
	return err
}
