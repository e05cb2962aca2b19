package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
	"saasconnect/store/secret"
)

const canary = "ATATT3xFfGF0-CANARY-that-must-never-be-seen-anywhere-0123456789=ABCDEF01"

var day = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// newMemory is a keyring in memory that two stores can share, as two processes share one.
func newMemory() *secret.Memory {
	return secret.NewMemory(connector.StorageStatus{Kind: connector.StorageKeyring, State: connector.StorageReady})
}

// encryptedPath is where the encrypted file keeps what is under a reference.
func encryptedPath(s *Store, ref string) string { return filepath.Join(s.encrypted.Dir(), ref+".age") }

// opened is a store in a folder of the test's own.
func opened(t testing.TB, home string, change func(*Options)) *Store {
	t.Helper()
	o := Options{Home: home, Now: func() time.Time { return day }, testOnlyFactor: 10}
	if change != nil {
		change(&o)
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inStorage(one secret.Values) func(*Options) {
	return func(o *Options) { o.testOnlyStorages = []secret.Storage{secret.EnvelopeStorage{Values: one}} }
}

func acmeJira(t testing.TB, kept connector.StorageKind) connector.Connector {
	t.Helper()
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	return connector.Connector{Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: kept, CloudID: "cloud-1", TokenSince: day}
}

// add, edit and replace save one connector.
func add(s *Store, ctx context.Context, c connector.Connector, token atlassian.Token, first connector.Report) (connector.Connector, error) {
	return save(s, ctx, connector.Write{After: c, Token: token, Report: &first})
}

func edit(s *Store, ctx context.Context, before, after connector.Connector) (connector.Connector, error) {
	return save(s, ctx, connector.Write{Before: before, After: after})
}

func replace(s *Store, ctx context.Context, before, after connector.Connector, token atlassian.Token) (connector.Connector, error) {
	return save(s, ctx, connector.Write{Before: before, After: after, Token: token})
}

func save(s *Store, ctx context.Context, w connector.Write) (connector.Connector, error) {
	written := s.Save(ctx, []connector.Write{w})[0]
	return written.Connector, written.Err
}

func mustAdd(t testing.TB, s *Store, c connector.Connector) connector.Connector {
	t.Helper()
	added, err := add(s, t.Context(), c, atlassian.NewToken(canary), connector.Report{Code: connector.CodeOK, At: day})
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func mustToken(t testing.TB, s *Store, id, want string) {
	t.Helper()
	token, err := s.Token(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if token.Reveal() != want {
		t.Fatal("the safe gave another token than the one it was given")
	}
}

func whyOf(t testing.TB, err error) string {
	t.Helper()
	var storage *connector.StorageError
	var file *connector.StoreError
	switch {
	case errors.As(err, &storage):
		return string(storage.Why)
	case errors.As(err, &file):
		return string(file.Why)
	}
	t.Fatalf("an error without a kind: %v", err)
	return ""
}

func TestOpenTouchesNothing(t *testing.T) {
	home := filepath.Join(t.TempDir(), "nothing")
	s := opened(t, home, nil)
	if _, err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(home); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening and listing made %s", home)
	}
}

func TestVaultInANewProcess(t *testing.T) {
	home := t.TempDir()
	first := opened(t, home, nil)
	if _, err := add(first, t.Context(), acmeJira(t, connector.StorageFile), atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "new" {
		t.Errorf("a vault that is not there: %v", err)
	}
	must(t, first.CreateEncryptedFile(t.Context(), passphrase))
	if err := first.TestStorage(t.Context(), connector.StorageFile); err != nil {
		t.Fatal(err)
	}
	added := mustAdd(t, first, acmeJira(t, connector.StorageFile))
	if added.Name != "acme-jira" || added.ID == "" {
		t.Errorf("added %+v", added)
	}
	second := opened(t, home, nil)
	if _, err := second.Token(t.Context(), added.ID); whyOf(t, err) != "locked" {
		t.Errorf("a new process read without the passphrase: %v", err)
	}
	if err := second.Unlock(t.Context(), "incorrect horse"); whyOf(t, err) != "wrong-passphrase" {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if err := second.Unlock(t.Context(), "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	mustToken(t, second, added.ID, canary)
	entries, err := second.Load(t.Context())
	if err != nil || len(entries) != 1 || entries[0].Last == nil || entries[0].Last.Code != connector.CodeOK {
		t.Errorf("listed %+v, %v", entries, err)
	}
	noCanaryIn(t, home)
}

// noCanaryIn reads every file: the token is in none of them in clear.
func noCanaryIn(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), "CANARY") {
			t.Errorf("the token stands in %s", path)
		}
		if info, _ := os.Stat(path); !disk.AccessOf(path, info).Private() {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVaultByKeyFile(t *testing.T) {
	home := t.TempDir()
	key := filepath.Join(t.TempDir(), "key")
	cases := map[string]struct {
		text  string
		open  bool
		state connector.StorageState
	}{
		"a passphrase":   {"correct horse battery staple\n", false, connector.StorageReady},
		"an identity":    {"# made by age-keygen\nAGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33\n", false, connector.StorageReady},
		"too short":      {"short\n", false, connector.StorageBroken},
		"open to others": {"correct horse battery staple\n", true, connector.StorageBroken},
		"empty":          {"", false, connector.StorageBroken},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_ = os.Remove(key) // with what was allowed to others
			if err := os.WriteFile(key, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if c.open {
				letOthersRead(t, key)
			}
			s := opened(t, filepath.Join(home, name), func(o *Options) { o.KeyFile = key })
			if got := s.encrypted.Probe(t.Context()); got.State != c.state {
				t.Fatalf("%+v", got)
			}
			if c.state != connector.StorageReady {
				return
			}
			added := mustAdd(t, s, acmeJira(t, connector.StorageFile))
			mustToken(t, opened(t, filepath.Join(home, name), func(o *Options) { o.KeyFile = key }), added.ID, canary)
		})
	}
	t.Run("missing", func(t *testing.T) {
		s := opened(t, home, func(o *Options) { o.KeyFile = key + "-no" })
		if got := s.encrypted.Probe(t.Context()); got.State != connector.StorageBroken || got.Remedy == "" {
			t.Errorf("%+v", got)
		}
	})
}

func TestNamesAreUnique(t *testing.T) {
	s := opened(t, t.TempDir(), inStorage(newMemory()))
	var names []string
	for range 3 {
		names = append(names, mustAdd(t, s, acmeJira(t, connector.StorageKeyring)).Name)
	}
	if !slices.Equal(names, []string{"acme-jira", "acme-jira-2", "acme-jira-3"}) {
		t.Errorf("%v", names)
	}
	c := acmeJira(t, connector.StorageKeyring)
	c.Name = "ACME-jira-2"
	if _, err := add(s, t.Context(), c, atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "name-taken" {
		t.Errorf("a taken name: %v", err)
	}
	invariants(t, s, 3)
}

// invariants hold after everything: each connector's token is there and its own, and each
// value in the storage belongs to a connector or is noted as loose.
func invariants(t *testing.T, s *Store, connectors int) {
	t.Helper()
	content, err := s.file.read()
	if err != nil {
		t.Fatal(err)
	}
	if connectors >= 0 && len(content.Connectors) != connectors {
		t.Errorf("%d connectors, want %d", len(content.Connectors), connectors)
	}
	listed := map[string]bool{}
	for _, l := range content.References {
		listed[l.Ref] = true
	}
	for _, c := range content.Connectors {
		listed[c.Ref] = true
		if _, err := s.Token(t.Context(), c.ID); err != nil {
			t.Errorf("%s has no token: %v", c.Name, err)
		}
	}
	if one, ok := s.storages[0].(secret.EnvelopeStorage).Values.(*secret.Memory); ok {
		for _, ref := range one.Refs() {
			if !listed[ref] {
				t.Errorf("no record of the value under %s", ref)
			}
		}
	}
}

// TestTokensAreBound: a changed connectors.json sends no token elsewhere.
func TestTokensAreBound(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, inStorage(newMemory()))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	path := filepath.Join(home, "connectors.json")
	for from, to := range map[string]string{
		`https://acme.atlassian.net`: `https://evil.atlassian.net`, `mia@example.com`: `eve@example.com`,
		`"cloud-1"`: `"cloud-2"`,
	} {
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(good), from, to)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Token(t.Context(), added.ID); whyOf(t, err) != "other-site" {
			t.Errorf("with %s changed: %v", from, err)
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustToken(t, s, added.ID, canary)
}

// replaced swaps a token, and nothing else.
func replaced(s *Store, ctx context.Context, c connector.Connector, token atlassian.Token) error {
	_, err := replace(s, ctx, c, c, token)
	return err
}

func TestReplaceEditRemove(t *testing.T) {
	one := newMemory()
	s := opened(t, t.TempDir(), inStorage(one))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	if err := replaced(s, t.Context(), added, atlassian.NewToken("the-new-token-of-mia")); err != nil {
		t.Fatal(err)
	}
	mustToken(t, s, added.ID, "the-new-token-of-mia")
	after := added
	after.Email, after.Name = "mia.krystof@example.com", "backup"
	if now, err := edit(s, t.Context(), added, after); err != nil || now.Name != "backup" {
		t.Fatal(now, err)
	}
	mustToken(t, s, added.ID, "the-new-token-of-mia")
	if refs := one.Refs(); len(refs) != 1 {
		t.Errorf("%d values are left of one connector", len(refs))
	}
	if err := s.Remember(t.Context(), added.ID, connector.Report{Code: connector.CodeNotAdmin}); err != nil {
		t.Fatal(err)
	}
	invariants(t, s, 1)
	if err := removed(s.Remove(t.Context(), added.ID)); err != nil {
		t.Fatal(err)
	}
	if refs := one.Refs(); len(refs) != 0 {
		t.Errorf("a removed connector left %v", refs)
	}
	if err := removed(s.Remove(t.Context(), added.ID)); whyOf(t, err) != "not-found" {
		t.Errorf("removed twice: %v", err)
	}
	invariants(t, s, 0)
}

func TestReportsAreBounded(t *testing.T) {
	s := opened(t, t.TempDir(), inStorage(newMemory()))
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	for i := range keptReports + 5 {
		if err := s.Remember(t.Context(), added.ID, connector.Report{Code: connector.Code(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := s.Load(t.Context())
	if reports := s.Reports(t.Context(), added.ID); err != nil || len(reports) != keptReports || entries[0].Last.Code != connector.Code(fmt.Sprint(keptReports+4)) {
		t.Errorf("%v, %d reports", err, len(reports))
	}
}

// TestTwoAtOnce: two stores on one folder and one secret.Values, as two processes are.
func TestTwoAtOnce(t *testing.T) {
	home, one := t.TempDir(), newMemory()
	var wait sync.WaitGroup
	for range 2 {
		s := opened(t, home, inStorage(one))
		wait.Go(func() {
			for range 15 {
				if _, err := add(s, t.Context(), acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	invariants(t, opened(t, home, inStorage(one)), 30)
}

func TestSettings(t *testing.T) {
	home := t.TempDir()
	want := connector.Settings{Role: connector.RoleAccountAdmin, KeepIn: connector.StorageFile}
	if err := opened(t, home, nil).SetSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, err := opened(t, home, nil).Settings(t.Context()); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func atlassianToken() atlassian.Token { return atlassian.NewToken(canary) }

// TestSettingsOfTwo: two processes that remember different things at once lose neither.
func TestSettingsOfTwo(t *testing.T) {
	home := t.TempDir()
	one, other := opened(t, home, nil), opened(t, home, nil)
	for range 20 {
		must(t, removeSettings(home))
		var wait sync.WaitGroup
		wait.Go(func() {
			if err := one.SetSettings(t.Context(), connector.Settings{Role: connector.RoleAccountAdmin}); err != nil {
				t.Error(err)
			}
		})
		wait.Go(func() {
			if err := other.SetSettings(t.Context(), connector.Settings{KeepIn: connector.StorageFile}); err != nil {
				t.Error(err)
			}
		})
		wait.Wait()
		want := connector.Settings{Role: connector.RoleAccountAdmin, KeepIn: connector.StorageFile}
		if got, err := one.Settings(t.Context()); err != nil || got != want {
			t.Fatalf("%+v, %v", got, err)
		}
	}
}

func removeSettings(home string) error {
	err := os.Remove(filepath.Join(home, "settings.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// recordOf is a connector as connectors.json has it.
func recordOf(s *Store, id string) (record, error) {
	c, err := s.file.read()
	if err != nil {
		return record{}, err
	}
	r := c.find(id)
	if r == nil {
		return record{}, s.notFound()
	}
	return *r, nil
}
