package cli

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// A World for tests of what the scripts can't bring about: storages and files that fail, a
// person at a terminal, an interrupt at the right moment.

// fakeStore is a store whose answers are set from outside.
type fakeStore struct {
	mu       sync.Mutex
	entries  []connector.Entry
	settings connector.Settings
	storages []connector.StorageStatus
	calls    []string

	tokens   func(ctx context.Context, id string) error
	replace  func(name string) error
	addErr   error
	tryErr   error
	listErr  error
	keepErr  error
	left     *connector.StorageError
	password string
}

func (s *fakeStore) note(call string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
}

func (s *fakeStore) Load(context.Context) ([]connector.Entry, error) { return s.entries, s.listErr }

func (s *fakeStore) Save(_ context.Context, writes []connector.Write) []connector.Written {
	all := make([]connector.Written, len(writes))
	for i, w := range writes {
		all[i].Connector, all[i].Err = s.save(w)
	}
	return all
}

func (s *fakeStore) save(w connector.Write) (connector.Connector, error) {
	c := w.After
	switch {
	case w.Before.ID != "" && !w.Token.IsZero():
		if s.replace != nil {
			return c, s.replace(c.Name)
		}
		return c, nil
	case w.Before.ID != "":
		s.note("edit " + c.Name + " to " + c.Expires.String())
		return c, nil
	}
	s.note("add " + string(c.KeptIn))
	if s.addErr != nil {
		return c, s.addErr
	}
	c.ID = "id-" + c.Name
	e := connector.Entry{Connector: c}
	if w.Report != nil {
		e.AddReport(*w.Report)
	}
	s.entries = append(s.entries, e)
	return c, nil
}

func (s *fakeStore) Remove(_ context.Context, id string) (*connector.StorageError, error) {
	s.note("remove " + id)
	return s.left, nil
}

func (s *fakeStore) Token(ctx context.Context, id string) (atlassian.Token, error) {
	if s.tokens != nil {
		if err := s.tokens(ctx, id); err != nil {
			return atlassian.Token{}, err
		}
	}
	return atlassian.NewToken("pretend"), nil
}

func (s *fakeStore) Tokens(context.Context) (connector.TokenReader, error) { return s.Token, nil }

func (s *fakeStore) Reports(_ context.Context, id string) []connector.Report {
	for _, e := range s.entries {
		if e.ID == id {
			return e.Reports
		}
	}
	return nil
}

func (s *fakeStore) Notices() []string { return nil }

func (s *fakeStore) CheckFiles(context.Context) []connector.FileCheck { return nil }

func (s *fakeStore) Tidy(context.Context) (connector.TidyReport, error) {
	return connector.TidyReport{}, nil
}

func (s *fakeStore) ChangePassphrase(context.Context, string, string) error { return nil }

func (s *fakeStore) SaveOutcomes(context.Context) error { return nil }

func (s *fakeStore) Remember(_ context.Context, id string, _ connector.Report) error {
	s.note("remember " + id)
	return s.keepErr
}

func (s *fakeStore) Storages(context.Context) ([]connector.StorageStatus, error) {
	return s.storages, nil
}

func (s *fakeStore) TestStorage(_ context.Context, kind connector.StorageKind) error {
	s.note("try " + string(kind))
	return s.tryErr
}

func (s *fakeStore) Unlock(_ context.Context, passphrase string) error {
	s.note("unlock")
	if passphrase != s.password {
		return &connector.StorageError{Kind: connector.StorageFile, Why: connector.StorageWhyWrongPassphrase}
	}
	return nil
}

func (s *fakeStore) CreateEncryptedFile(_ context.Context, passphrase string) error {
	s.note("create")
	s.password = passphrase
	return nil
}

func (s *fakeStore) Settings(context.Context) (connector.Settings, error) { return s.settings, nil }

func (s *fakeStore) SetSettings(_ context.Context, to connector.Settings) error {
	s.settings = to
	return nil
}

// silent is an observer that never got an answer: the name is not found.
type silent struct{}

func (silent) Lookup(context.Context, atlassian.Site) atlassian.Observation {
	return atlassian.Observation{Call: atlassian.CallTenant, Fault: &atlassian.Fault{Kind: atlassian.FaultName}}
}

func (o silent) Observe(ctx context.Context, a atlassian.Target, _ atlassian.Token, _ func(atlassian.Observation)) []atlassian.Observation {
	return []atlassian.Observation{o.Lookup(ctx, a.Site)}
}

// noon is when every test happens.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// outcome is how a run ended.
type outcome struct {
	code     int
	out, err string
}

// play runs the program on a fakeStore with an environment of NAME=VALUE words.
func play(ctx context.Context, s *fakeStore, env string, args ...string) outcome {
	return playOn(ctx, testOutside(s), env, args...)
}

// playOn runs it with another outside.
func playOn(ctx context.Context, outside System, env string, args ...string) outcome {
	var out, errs bytes.Buffer
	stdio := Stdio{In: strings.NewReader(""), Out: &out, Err: &errs, Env: append(strings.Fields(env), "LANG=C.UTF-8")}
	code := Run(ctx, args, stdio, outside)
	return outcome{code, out.String(), errs.String()}
}

func testOutside(s *fakeStore) System {
	return System{
		Open: func(Options) (ui.Deps, error) {
			return ui.Deps{Now: noon, Observer: silent{}, Store: s, User: func() string { return "mia" }, Timeout: time.Second}, nil
		},
		Fetch: func(context.Context, connector.Reference) ([]byte, error) {
			return []byte("ATATT3xFfGF0" + strings.Repeat("pretend", 25)), nil
		},
	}
}

func savedEntries(t *testing.T, names ...string) []connector.Entry {
	t.Helper()
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	var entries []connector.Entry
	for _, name := range names {
		entries = append(entries, connector.Entry{Connector: connector.Connector{
			ID: "id-" + name, Name: name, Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: connector.StorageFile,
		}})
	}
	return entries
}

func addArgs(more ...string) []string {
	return append([]string{"add", "jira", "--site", "acme", "--email", "mia@example.com", "--token-env", "T", "--role", "global-admin"}, more...)
}

func ready(kind connector.StorageKind) []connector.StorageStatus {
	return []connector.StorageStatus{{Kind: kind, State: connector.StorageReady}}
}

// A safe that can't keep anything is found out before anything is sent.
func TestTheStorageIsTestedBeforeTheCheck(t *testing.T) {
	s := &fakeStore{storages: ready(connector.StorageKeyring), tryErr: &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyRefused}}
	got := play(t.Context(), s, "", addArgs()...)
	if got.code != 4 || strings.Join(s.calls, " ") != "try keyring" || got.out != "" || !strings.Contains(got.err, "hint: ") {
		t.Errorf("%+v after %q", got, s.calls)
	}
}

func TestAFullDiskIsSaid(t *testing.T) {
	s := &fakeStore{storages: ready(connector.StorageKeyring), addErr: &connector.StoreError{Why: connector.StoreFull, Where: "/home"}}
	got := play(t.Context(), s, "", addArgs("--keep-failing", "--json")...)
	if got.code != 4 || !strings.Contains(got.out, `"code": "storage"`) || !strings.Contains(got.out, "disk is full") {
		t.Errorf("%+v", got)
	}
}

func TestAFileThatCanNotBeRead(t *testing.T) {
	s := &fakeStore{listErr: &connector.StoreError{Why: connector.StoreDamaged, Where: "connectors.json", Err: errors.New("raw Go error")}}
	for _, args := range [][]string{{"list"}, {"check", "--all"}, {"show", "x"}, {"remove", "x", "--yes"}} {
		got := play(t.Context(), s, "", args...)
		if got.code != 4 || got.out != "" || !strings.Contains(got.err, "can't be read") || strings.Contains(got.err, "raw Go") {
			t.Errorf("%q: %+v", args, got)
		}
	}
}

// What could not be remembered comes before what is failing, and the results are said.
func TestResultsThatCouldNotBeNoted(t *testing.T) {
	s := &fakeStore{entries: savedEntries(t, "a", "b"), keepErr: &connector.StoreError{Why: connector.StoreReadOnly}}
	got := play(t.Context(), s, "", "check", "--all")
	if got.code != 4 || !strings.Contains(got.out, "2 checked: 2 unknown") || !strings.Contains(got.err, "results could not be stored") {
		t.Errorf("%+v", got)
	}
}

// Ctrl+C in the middle: what is known is printed, and nothing that came back after it.
func TestInterruptedCheck(t *testing.T) {
	for form, want := range map[string]string{"--json": `"interrupted": true`, "--jsonl": `"name":"a"`, "--plain": "(interrupted)"} {
		ctx, cancel := context.WithCancel(t.Context())
		s := &fakeStore{entries: savedEntries(t, "a", "b")}
		s.tokens = func(ctx context.Context, id string) error {
			if id == "id-b" {
				cancel()
				return ctx.Err()
			}
			return nil
		}
		got := play(ctx, s, "", "check", "--all", "--parallel", "1", form)
		if got.code != 130 || !strings.Contains(got.out, want) || strings.Contains(got.out, `"b"`) {
			t.Errorf("%s: %+v", form, got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := play(ctx, &fakeStore{entries: savedEntries(t, "a")}, "", "check", "--all", "--json")
	if got.code != 130 || !strings.Contains(got.out, `"code": "interrupted"`) {
		t.Errorf("nothing known: %+v", got)
	}
}

// At most so many at a time, and all of them in the end, in the order asked for.
func TestCheckAllIsBounded(t *testing.T) {
	names := strings.Fields("a b c d e f g h i j k l m n o p q r s t")
	s := &fakeStore{entries: savedEntries(t, names...)}
	var mu sync.Mutex
	running, most := 0, 0
	gate := make(chan struct{}, 3)
	s.tokens = func(context.Context, string) error {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		gate <- struct{}{}
		<-gate
		mu.Lock()
		running--
		mu.Unlock()
		return nil
	}
	got := play(t.Context(), s, "", "check", "--all", "--parallel", "3")
	if got.code != 3 || most > 3 || !strings.Contains(got.out, "20 checked: 20 unknown") || len(s.calls) != 20 {
		t.Errorf("%d at a time, %d remembered: %+v", most, len(s.calls), got)
	}
	at := -1
	for _, name := range names {
		next := strings.Index(got.out, "? "+name+" ")
		if next <= at {
			t.Errorf("%s is out of order in\n%s", name, got.out)
		}
		at = next
	}
}

// What a safe answers is a diagnosis of its own and never the token's fault.
func TestSafeAnswersAreDiagnoses(t *testing.T) {
	for why, want := range map[connector.StorageWhy]struct {
		code string
		exit int
	}{
		connector.StorageWhyMissing:  {"token-missing", 1},
		connector.StorageWhyLocked:   {"token-locked", 3},
		connector.StorageWhyRefused:  {"token-locked", 3},
		connector.StorageWhyTimedOut: {"token-locked", 3},
	} {
		s := &fakeStore{entries: savedEntries(t, "a")}
		s.tokens = func(context.Context, string) error {
			return &connector.StorageError{Kind: connector.StorageFile, Why: why}
		}
		got := play(t.Context(), s, "", "check", "a", "--json")
		if got.code != want.exit || !strings.Contains(got.out, `"code": "`+want.code+`"`) {
			t.Errorf("%s: %+v", why, got)
		}
	}
}

func TestRememberedStorageThatIsGone(t *testing.T) {
	s := &fakeStore{settings: connector.Settings{KeepIn: connector.StorageKeyring}, tryErr: &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyUnavailable}}
	got := play(t.Context(), s, "SAASCONNECT_KEY_FILE=key", addArgs()...)
	if got.code != 4 || !strings.Contains(got.err, "keyring is not ready") || strings.Contains(strings.Join(s.calls, " "), "add") {
		t.Errorf("%+v after %q", got, s.calls)
	}
}

func TestOptionsReachTheWorld(t *testing.T) {
	var got Options
	out := testOutside(&fakeStore{})
	inner := out.Open
	out.Open = func(o Options) (ui.Deps, error) { got = o; return inner(o) }
	read := ""
	out.ReadFile = func(_ context.Context, path string, _ int64) ([]byte, error) { read = path; return certificate(t), nil }
	stdio := Stdio{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, ErrIsTerminal: true,
		Env: []string{"SAASCONNECT_HOME=/env", "SAASCONNECT_KEY_FILE=/key"}}
	Run(t.Context(), []string{"list", "--ca-file", "ca.pem", "--timeout", "3s"}, stdio, out)
	if read != "ca.pem" || got.Roots == nil {
		t.Errorf("%q was read, the authorities are %v", read, got.Roots)
	}
	got.Roots = nil
	want := Options{Home: "/env", Timeout: 3 * time.Second, KeyFile: "/key", Interactive: true}
	if got != want {
		t.Errorf("options %+v, want %+v", got, want)
	}
	Run(t.Context(), []string{"list", "--home", "/flag", "--no-input"}, stdio, out)
	want = Options{Home: "/flag", Timeout: 15 * time.Second, KeyFile: "/key"}
	if got != want {
		t.Errorf("options %+v, want %+v", got, want)
	}
}

// certificate is one that signs itself, in PEM form.
func certificate(t *testing.T) []byte {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: noon().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// A fault of the program itself has an exit code of its own, and its words hold no value.
func TestCrashIsSaidWithoutValues(t *testing.T) {
	for _, args := range [][]string{{"check", "--all"}, {"exec", "a", "--", "true"}} {
		s := &fakeStore{entries: savedEntries(t, "a", "b")}
		s.tokens = func(context.Context, string) error { panic("ATATT3xFfGF0-thrown-with-the-panic") }
		got := play(t.Context(), s, "SAASCONNECT_KEY_FILE=key", args...)
		if got.code != 70 || strings.Contains(got.out+got.err, "thrown-with") || !strings.Contains(got.err, "internal error") || !strings.Contains(got.err, ".go:") {
			t.Errorf("%q: %d %s%s", args, got.code, got.out, got.err)
		}
	}
}
