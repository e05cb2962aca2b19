package ui_test

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/store"
	"saasconnect/ui"
	"saasconnect/ui/practice"
)

// testWorld is the wizard's World on the pretend Atlassian and a store in memory.
type testWorld struct {
	world                ui.Deps
	store                *store.Memory
	fails                *faults
	clip                 *clip
	cloud                *fakecloud.Cloud
	seedEmail, cureEmail string
	seedToken, cureToken string
	newToken, olgaToken  string // another of Mia's, and one of Olga's
	close                func()
}

// settings are the words of a storyboard that are said before it begins.
type settings struct {
	situation string
	role      connector.Role
	size      tea.WindowSizeMsg
	ascii     bool
	latency   time.Duration
	safes     []connector.StorageStatus
	fails     map[string]error
	slow      map[string]time.Duration
	saved     string
	clipboard bool
	address   string // of SaaSAssure
}

func settingsOf(t *testing.T, script string) settings {
	t.Helper()
	set := settings{fails: map[string]error{}, slow: map[string]time.Duration{}, situation: "ok", size: tea.WindowSizeMsg{Width: 80, Height: 24}}
	for line := range strings.SplitSeq(script, "\n") {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "situation":
			set.situation = rest
		case "role":
			set.role, _ = connector.ParseRole(rest)
		case "size":
			set.size = sizeOf(t, rest)
		case "clipboard":
			set.clipboard = true
		case "saasassure":
			set.address = rest
		case "ascii":
			set.ascii = true
		case "saved":
			set.saved = rest
		case "safes":
			set.safes = storagesNamed(t, rest)
		case "fails":
			method, why, _ := strings.Cut(rest, " ")
			set.fails[method] = &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhy(why)}
		case "slow":
			method, long, _ := strings.Cut(rest, " ")
			d, err := time.ParseDuration(long)
			if err != nil {
				t.Fatal(err)
			}
			set.slow[method] = d
		case "latency":
			d, err := time.ParseDuration(rest)
			if err != nil {
				t.Fatal(err)
			}
			set.latency = d
		}
	}
	return set
}

func openTestWorld(t *testing.T, set settings) testWorld {
	t.Helper()
	situation, ok := fakecloud.Find(set.situation)
	if !ok {
		t.Fatalf("no situation is named %q", set.situation)
	}
	cloud := fakecloud.Open(situation, time.Now, set.latency)
	var customers []fakecloud.Customer
	if n, err := strconv.Atoi(set.saved); err == nil {
		customers = fakecloud.Customers(n)
		cloud = fakecloud.OpenMany(fakecloud.Sites(customers), time.Now, set.latency)
	}
	client := atlassian.NewClient(atlassian.ClientConfig{
		Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 15 * time.Second,
	})
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now, Storages: set.safes})
	if set.role != connector.RoleUnknown {
		if err := memory.SetSettings(t.Context(), connector.Settings{Role: set.role}); err != nil {
			t.Fatal(err)
		}
	}
	switch set.saved {
	case "acme":
		saveAcme(t, memory, connector.StorageMemory)
	case "acme-file":
		memory.SetStorage(connector.StorageFile, connector.StorageReady)
		saveAcme(t, memory, connector.StorageFile)
		for _, status := range set.safes {
			memory.SetStorage(status.Kind, status.State)
		}
	}
	for _, c := range customers {
		saveCustomer(t, memory, c, connector.StorageMemory)
	}
	w := testWorld{
		store: memory, fails: &faults{of: set.fails}, clip: &clip{}, cloud: cloud, seedEmail: situation.Seed.Email, cureEmail: situation.Seed.Cure.Email, seedToken: situation.Seed.Token, cureToken: situation.Seed.Cure.Token,
		newToken: fakecloud.NewerToken("mia@example.com"), olgaToken: fakecloud.NewerToken("olga@example.com"),
		close: func() { client.Close(); cloud.Close() },
	}
	w.world = ui.Deps{
		Version: "test", Now: time.Now, Observer: client, Store: slowStore{memory, set.slow, w.fails}, User: func() string { return "mia" }, Timeout: 15 * time.Second,
		Fetch: func(_ context.Context, from connector.Reference) ([]byte, error) {
			if from.Env != "ACME_TOKEN" {
				return nil, &connector.StorageError{Kind: connector.StorageReference, Why: connector.StorageWhyMissing, Err: errors.New("the environment variable " + from.Env + " is not set")}
			}
			return []byte(situation.Seed.Token + "\n"), nil
		},
		Suspend:    func() {},
		ImportFile: func(string) bool { return true }, ExportFile: func(string) bool { return true },
		OpenPractice: func(string) (ui.Deps, error) { return w.inner(t), nil },
		SaaSAssure:   ui.SaaSAssureAddress(set.address),
	}
	if set.clipboard {
		w.world.Copy = func(_ context.Context, text string) error { w.clip.set(text); return nil }
		w.world.Clipboard = func(context.Context) (string, error) { return w.clip.get(), nil }
	}
	if set.address != "" {
		w.world.Browse = func(context.Context, string) error { return nil }
	}
	return w
}

// clip is a clipboard.
type clip struct {
	mu   sync.Mutex
	text string
}

func (c *clip) set(text string) { c.mu.Lock(); defer c.mu.Unlock(); c.text = text }

func (c *clip) get() string { c.mu.Lock(); defer c.mu.Unlock(); return c.text }

// faults are the methods of a store that fail, and how.
type faults struct {
	mu sync.Mutex
	of map[string]error
}

func (f *faults) err(method string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.of[method]
}

// heal makes a method work again.
func (f *faults) heal(method string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.of, method)
}

// slowStore does what changes something late, and all the same: the person who gave up
// meanwhile does not undo it. Some of its methods fail.
type slowStore struct {
	*store.Memory
	slow  map[string]time.Duration // by method
	fails *faults
}

func (s slowStore) late(ctx context.Context, method string) context.Context {
	if d := s.slow[method]; d > 0 {
		time.Sleep(d)
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (s slowStore) Load(ctx context.Context) ([]connector.Entry, error) {
	return s.Memory.Load(s.late(ctx, "Load"))
}

func (s slowStore) Save(ctx context.Context, writes []connector.Write) []connector.Written {
	method := "Add"
	switch w := writes[0]; {
	case w.Before.ID != "" && !w.Token.IsZero():
		method = "Replace"
	case w.Before.ID != "":
		method = "Edit"
	}
	ctx = s.late(ctx, method)
	if err := s.fails.err(method); err != nil {
		all := make([]connector.Written, len(writes))
		for i, w := range writes {
			all[i] = connector.Written{Connector: w.After, Err: err}
		}
		return all
	}
	return s.Memory.Save(ctx, writes)
}

func (s slowStore) Remove(ctx context.Context, id string) (left *connector.StorageError, err error) {
	left, err = s.Memory.Remove(s.late(ctx, "Remove"), id)
	if left == nil {
		_ = errors.As(s.fails.err("Left"), &left)
	}
	return left, err
}

func (s slowStore) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	return cmp.Or(s.fails.err("TestStorage"), s.Memory.TestStorage(ctx, kind))
}

func (s slowStore) Token(ctx context.Context, id string) (atlassian.Token, error) {
	if err := s.fails.err("Token"); err != nil {
		return atlassian.Token{}, err
	}
	return s.Memory.Token(ctx, id)
}

func (s slowStore) Tokens(context.Context) (connector.TokenReader, error) { return s.Token, nil }

// outside changes the account of a connector behind the wizard's back, or removes it: NAME ACCOUNT, or
// NAME alone.
func (w testWorld) outside(t *testing.T, words string) {
	t.Helper()
	name, account, changes := strings.Cut(words, " ")
	entries, err := w.store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name != name {
			continue
		}
		after := e.Connector
		after.Account = account
		if changes {
			err = w.store.Save(t.Context(), []connector.Write{{Before: e.Connector, After: after}})[0].Err
		} else {
			_, err = w.store.Remove(t.Context(), e.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no connector is named %q", name)
}

// saveAcme saves both products of acme with one token, which lasts another week, checked
// and found good now and then.
func saveAcme(t *testing.T, memory *store.Memory, in connector.StorageKind) {
	t.Helper()
	ok, _ := fakecloud.Find("ok")
	for _, product := range []string{"jira", "confluence"} {
		c := fakecloud.Customer{Site: "acme", Situation: ok, TokenAge: 200, Good: []int{3, 20, 50}}
		c.Situation.Product, c.Situation.Seed.Expires = product, "6d"
		saveCustomer(t, memory, c, in)
	}
}

// saveCustomer saves one connector with its past.
func saveCustomer(t *testing.T, memory *store.Memory, c fakecloud.Customer, in connector.StorageKind) {
	t.Helper()
	saved, err := practice.Save(c.Saved(time.Now()), "mia")
	saved.Entry.KeptIn = in
	if err = cmp.Or(err, memory.Add(t.Context(), saved.Entry, saved.Token)); err != nil {
		t.Fatal(err)
	}
}

// inner is the practice world that the wizard opens inside itself.
func (w testWorld) inner(t *testing.T) ui.Deps {
	t.Helper()
	seed := fakecloud.Situations()[0].Seed
	token, receipt := atlassian.ReadToken(seed.Token)
	inner := w.world
	inner.OpenPractice, inner.Fetch, inner.ImportFile, inner.ExportFile = nil, nil, nil, nil
	inner.Store = store.OpenMemory(store.MemoryOptions{Now: time.Now})
	values := ui.PracticeValues{Site: seed.Site, Email: seed.Email, Token: token, Receipt: receipt}
	inner.Practice = &ui.Practice{Situation: "ok", Title: "nothing here is real", Seed: values}
	return inner
}

// storagesNamed are a machine's storages by a word of a storyboard.
func storagesNamed(t *testing.T, name string) []connector.StorageStatus {
	t.Helper()
	keyring := connector.StorageStatus{Kind: connector.StorageKeyring, State: connector.StorageReady}
	file := connector.StorageStatus{Kind: connector.StorageFile, State: connector.StorageNew}
	absent := connector.StorageStatus{
		Kind: connector.StorageKeyring, State: connector.StorageAbsent, Detail: "this session has no D-Bus", Remedy: "Keep tokens in the encrypted file",
	}
	switch name {
	case "keyring":
		return []connector.StorageStatus{keyring, file}
	case "keyring-and-locked-file":
		file.State = connector.StorageLocked
		return []connector.StorageStatus{keyring, file}
	case "new-file":
		return []connector.StorageStatus{absent, file}
	case "locked-file":
		file.State = connector.StorageLocked
		return []connector.StorageStatus{absent, file}
	case "none":
		file.State, file.Detail = connector.StorageBroken, "its folder can't be read"
		return []connector.StorageStatus{absent, file}
	}
	t.Fatalf("no machine is named %q", name)
	return nil
}
