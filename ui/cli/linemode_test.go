//go:build !windows

package cli_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/txtar"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/store"
	"saasconnect/ui"
	"saasconnect/ui/cli"
	"saasconnect/ui/practice"
)

// Talks: line mode as a person has it, the whole conversation, through the program's own Run,
// on the pretend Atlassian and a store in memory. A txtar file whose comment holds settings and
// one answer a line, and whose section talk is what was said; the other sections are files that are there. `go test ./ui/cli -run Talks
// -talks` writes them again; read the diff.
//
//	args add jira    the command (none)
//	situation ok     the pretend world
//	role other       what is remembered (nothing)
//	saved acme       two connectors with one token (acme-file: in the encrypted file); a number: so many customers
//	storages new-file   this computer's storages (memory; keyring, new-file, locked-file, none)
//	fails Add full   what a method of the store answers instead
//	mute             the terminal has no clipboard
//	answer TEXT      a line; "answer" alone is Enter
//	secret @token    a hidden line; @token is the situation's token, @email its email, @cure what cures it,
//	                 @new another token of Mia's, @olga one of Olga's
//
// What is written to a file comes last. A script that ends before line mode does ends its input. Time is faked (testing/synctest).

var updateTalks = flag.Bool("talks", false, "write the talks again")

func TestTalks(t *testing.T) {
	files, err := filepath.Glob("testdata/talks/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no talks: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			board, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			talk := slices.IndexFunc(board.Files, func(f txtar.File) bool { return f.Name == "talk" })
			said := playTalk(t, string(board.Comment), slices.Delete(slices.Clone(board.Files), talk, talk+1))
			if *updateTalks {
				board.Files[talk].Data = []byte(said)
				if err := os.WriteFile(file, txtar.Format(board), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(board.Files[talk].Data); said != want {
				t.Errorf("the talk differs\n--- want\n%s\n--- got\n%s", want, said)
			}
		})
	}
}

// talker is a terminal at which answers are typed: each once its question is there. What the
// program writes is said; what is typed into an open line is echoed.
type talker struct {
	t    *testing.T
	tty  *os.File   // for its modes: the echo is switched off and on there
	mu   sync.Mutex // a read that was given up goes on
	said bytes.Buffer
	disk map[string][]byte                                 // what import reads and export writes
	rest []byte                                            // of the answer that is being read
	next func(question string, hidden bool) (string, bool) // the next answer; false at the end of the input
}

func (p *talker) Fd() uintptr { return p.tty.Fd() }

func (p *talker) Close() error { return nil }

func (p *talker) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

// text is what was said and typed so far.
func (p *talker) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

const hiddenWords = "(not shown while you type) "

func (p *talker) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		time.Sleep(300 * time.Millisecond) // a person takes a moment
		text := p.text()
		question := text[strings.LastIndexByte(text, '\n')+1:]
		hidden := strings.HasSuffix(question, hiddenWords)
		answer, more := p.next(question, hidden)
		if !more {
			_, _ = io.WriteString(p, "(end of input)")
			return 0, io.EOF
		}
		p.rest = []byte(answer + "\n")
		if !hidden {
			echo := answer
			if atlassian.LooksSecret(answer) {
				echo = "(a token, typed where it is seen)"
			}
			_, _ = io.WriteString(p, strings.Map(func(r rune) rune {
				if unicode.IsPrint(r) {
					return r
				}
				return -1
			}, echo)+"\n")
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func newTalker(t *testing.T) *talker {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		if os.Getenv("SAASCONNECT_TEST_PTY") == "required" {
			t.Fatal(err)
		}
		t.Skip("no terminal can be opened here: ", err)
	}
	t.Cleanup(func() { master.Close(); tty.Close() })
	return &talker{t: t, tty: tty, disk: map[string][]byte{}}
}

// run runs the program at this terminal, in a world.
func (p *talker) run(ctx context.Context, w ui.Deps, mute bool, args ...string) int {
	return cli.Run(ctx, args, cli.Stdio{
		In: p, Out: p, Err: p, InIsTerminal: true, OutIsTerminal: !mute, ErrIsTerminal: true, Width: 100, Env: []string{"LANG=C.UTF-8", "TERM=xterm"},
	}, cli.System{
		Open: func(cli.Options) (ui.Deps, error) { return w, nil }, Fetch: w.Fetch,
		Exists: func(path string) bool { return p.disk[path] != nil },
		ReadFile: func(_ context.Context, path string, _ int64) ([]byte, error) {
			if data := p.disk[path]; data != nil {
				return data, nil
			}
			return nil, fs.ErrNotExist
		},
		WriteFile: func(path string, data []byte) error {
			if strings.Contains(path, "/") {
				return fs.ErrNotExist
			}
			p.disk[path] = data
			return nil
		},
	})
}

// sent is what was sent to the terminal's clipboard (OSC 52).
var sent = regexp.MustCompile("\x1b\\]52;c;([A-Za-z0-9+/=]*)\x07")

// playTalk plays a script, with files that are there, and returns what was said, and written to other
// files. It looks that no character of it controls a
// terminal, and that no hidden answer is in it.
func playTalk(t *testing.T, script string, files []txtar.File) (said string) {
	t.Helper()
	p := newTalker(t)
	for _, f := range files {
		p.disk[f.Name] = f.Data
	}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(talkTime))
		w := openTalkWorld(t, script)
		var answers, hidden []string
		args := []string{"--plain"}
		for line := range strings.Lines(script) {
			switch verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); verb {
			case "answer", "secret", "outside":
				answers = append(answers, verb+" "+rest)
			case "args":
				args = append(strings.Fields(rest), args...)
			}
		}
		p.next = func(question string, secret bool) (string, bool) {
			if len(answers) == 0 {
				return "", false
			}
			verb, text, _ := strings.Cut(answers[0], " ")
			answers = answers[1:]
			for verb == "outside" { // another command changes a connector's account meanwhile
				w.outside(t, text)
				verb, text, _ = strings.Cut(answers[0], " ")
				answers = answers[1:]
			}
			if secret != (verb == "secret") {
				t.Errorf("the script has %q for: %s\n%s", verb, question, p.text())
			}
			if text = w.typed(text); secret {
				hidden = append(hidden, text)
			}
			return text, true
		}
		code := p.run(t.Context(), w.world, strings.Contains(script, "\nmute\n"), args...)
		if len(answers) > 0 {
			t.Errorf("it ended before %q", answers)
		}
		said = sent.ReplaceAllStringFunc(p.text(), func(found string) string {
			text, _ := base64.StdEncoding.DecodeString(sent.FindStringSubmatch(found)[1])
			return "(copied " + strings.ReplaceAll(w.masked(string(text)), "\n", " ") + ")\n"
		})
		for _, secret := range hidden {
			if len(secret) > 11 && strings.Contains(said, secret) {
				t.Error("a hidden answer was said")
			}
		}
		w.close()
		time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
		said = strings.TrimRight(said, "\n") + "\n(exit " + strconv.Itoa(code) + ")\n"
		for _, name := range slices.Sorted(maps.Keys(p.disk)) {
			if !slices.ContainsFunc(files, func(f txtar.File) bool { return f.Name == name && bytes.Equal(f.Data, p.disk[name]) }) {
				said += "(written " + name + ")\n" + string(p.disk[name])
			}
		}
	})
	for _, r := range said {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%q was said, which is no character to read", r)
		}
	}
	return said
}

// TestTalkEndsWithItsContext: an interrupt while something is waited for ends line mode, and
// keeps nothing of what was half done.
func TestTalkEndsWithItsContext(t *testing.T) {
	p := newTalker(t)
	synctest.Test(t, func(t *testing.T) {
		w := openTalkWorld(t, "situation slow\nrole global-admin\nlatency 1m")
		answers := []string{"1", "2", "acme", w.seed.Email, w.seed.Token, ""}
		p.next = func(string, bool) (string, bool) {
			if len(answers) == 0 {
				return "", false
			}
			next := answers[0]
			answers = answers[1:]
			return next, true
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if code := p.run(ctx, w.world, false, "--plain"); code != 130 || len(answers) > 0 {
			t.Errorf("exit %d, %d answers left:\n%s", code, len(answers), p.text())
		}
		if saved, err := w.store.Load(t.Context()); err != nil || len(saved) > 0 {
			t.Errorf("%d connectors saved, %v", len(saved), err)
		}
		w.close()
		time.Sleep(10 * time.Minute)
	})
}

// TestTalkInterruptedWhileSaving: the answer of the store is waited for a while, and what it did
// is told.
func TestTalkInterruptedWhileSaving(t *testing.T) {
	for late, want := range map[time.Duration][]string{
		3 * time.Second:  {"connection verified and saved", "acme-jira: Jira on https://acme.atlassian.net, stored in"},
		20 * time.Second: {"Unknown whether this was done", "the change may or may not be saved"},
	} {
		p := newTalker(t)
		synctest.Test(t, func(t *testing.T) {
			w := openTalkWorld(t, "role global-admin")
			ctx, cancel := context.WithCancel(t.Context())
			w.world.Store = lateStore{failing{Memory: w.store}, cancel, late}
			answers := []string{"1", "2", "acme", w.seed.Email, w.seed.Token, ""}
			p.next = func(string, bool) (string, bool) {
				if len(answers) == 0 {
					return "", false
				}
				next := answers[0]
				answers = answers[1:]
				return next, true
			}
			code := p.run(ctx, w.world, false, "--plain")
			for _, words := range want {
				if code != 130 || !strings.Contains(p.text(), words) {
					t.Errorf("after %v: exit %d, without %q:\n%s", late, code, words, p.text())
				}
			}
			time.Sleep(10 * time.Minute)
			if saved, err := w.store.Load(t.Context()); err != nil || len(saved) != 1 {
				t.Errorf("%d connectors saved, %v", len(saved), err)
			}
			w.close()
			time.Sleep(10 * time.Minute)
		})
	}
}

// TestTalkInterruptedWhileRemoving: so it is with what line mode does as a command does it.
func TestTalkInterruptedWhileRemoving(t *testing.T) {
	for late, want := range map[time.Duration]string{3 * time.Second: "Removed alder-foods-jira.", 20 * time.Second: "the change may or may not be saved"} {
		p := newTalker(t)
		synctest.Test(t, func(t *testing.T) {
			w := openTalkWorld(t, "role global-admin\nsaved 3")
			ctx, cancel := context.WithCancel(t.Context())
			w.world.Store = lateStore{failing{Memory: w.store}, cancel, late}
			answers := []string{"1", "alder", "7", "2"}
			p.next = func(string, bool) (string, bool) {
				if len(answers) == 0 {
					return "", false
				}
				next := answers[0]
				answers = answers[1:]
				return next, true
			}
			if code := p.run(ctx, w.world, false, "--plain"); code != 130 || len(answers) > 0 || !strings.Contains(p.text(), want) {
				t.Errorf("after %v: exit %d, without %q:\n%s", late, code, want, p.text())
			}
			w.close()
			time.Sleep(10 * time.Minute)
		})
	}
}

// TestCommandInterruptedWhileSaving: so does a command. An answer in time is the result; without one it
// says that nobody knows.
func TestCommandInterruptedWhileSaving(t *testing.T) {
	for _, c := range []struct{ args, done, saved string }{
		{"remove alder-foods-jira --yes", "Removed alder-foods-jira.", "basalt-foods-jira cedar-foods-confluence"},
		{"remove --all --yes", "1 of 3 connectors removed.", "basalt-foods-jira cedar-foods-confluence"},
		{"mark-entered --all", "3 connectors marked as entered", "alder-foods-jira basalt-foods-jira cedar-foods-confluence"},
		{"edit alder-foods-jira --name new", "Saved: new", "basalt-foods-jira cedar-foods-confluence new"},
	} {
		for late, want := range map[time.Duration]string{3 * time.Second: c.done, 20 * time.Second: "interrupted: unknown"} {
			p := newTalker(t)
			synctest.Test(t, func(t *testing.T) {
				w := openTalkWorld(t, "role global-admin\nsaved 3")
				ctx, cancel := context.WithCancel(t.Context())
				w.world.Store = lateStore{failing{Memory: w.store}, cancel, late}
				code := p.run(ctx, w.world, false, strings.Fields(c.args)...)
				if !strings.Contains(p.text(), want) {
					t.Errorf("%s, after %v: without %q:\n%s", c.args, late, want, p.text())
				}
				if unanswered := late > connector.UnansweredAfter; unanswered && code != 130 {
					t.Errorf("%s, after %v: exit %d", c.args, late, code)
				}
				time.Sleep(10 * time.Minute)
				entries, err := w.store.Load(t.Context())
				var saved []string
				for _, e := range entries {
					saved = append(saved, e.Name)
				}
				if slices.Sort(saved); err != nil || strings.Join(saved, " ") != c.saved {
					t.Errorf("%s, after %v: saved are %q, %v", c.args, late, saved, err)
				}
				w.close()
				time.Sleep(10 * time.Minute)
			})
		}
	}
}

// lateStore changes late, even if the caller gave up meanwhile, and is interrupted as it begins.
type lateStore struct {
	failing
	interrupt func()
	late      time.Duration
}

func (s lateStore) Remove(ctx context.Context, id string) (*connector.StorageError, error) {
	s.interrupt()
	time.Sleep(s.late)
	return s.Memory.Remove(context.WithoutCancel(ctx), id)
}

func (s lateStore) Save(ctx context.Context, writes []connector.Write) []connector.Written {
	s.interrupt()
	time.Sleep(s.late)
	return s.Memory.Save(context.WithoutCancel(ctx), writes)
}

// TestTalksAtRandom answers anything, from a seed: whatever is said to line mode, it never
// breaks, never says the token, and always ends with its input.
func TestTalksAtRandom(t *testing.T) {
	asked := map[string]bool{}
	for seed := range uint64(24) {
		p := newTalker(t)
		p.disk["customers.csv"] = []byte("product,site,email,account,token_env\njira,acme,mia@example.com,Acme,ACME_TOKEN\nconfluence,acme,mia@example.com,,\n")
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(talkTime))
			situation := []string{"ok", "not-admin", "token-scoped", "token-refused"}[seed%4]
			w := openTalkWorld(t, "situation "+situation+"\nsaved "+[]string{"", "acme"}[seed/4%2])
			dice, left := rand.New(rand.NewPCG(seed, 7)), 150
			lines := []string{
				"", "", "", "", "1", "2", "3", "4", "5", "6", "7", "8", "s", "b", "c", "d", "f", "?", "m", "a", ":back", ":clear", ":practise", ":help", "acme", "customers.csv",
				w.seed.Email, w.seed.Token, w.seed.Cure.Email, w.seed.Cure.Token, w.newer, "90d", "\x00", "foo\x1b[31mbar\x07\x9b2J", "ätsch \u202e", strings.Repeat("9", 400),
			}
			p.next = func(question string, _ bool) (string, bool) {
				asked[question] = true
				left--
				return lines[dice.IntN(len(lines))], left >= 0
			}
			if code := p.run(t.Context(), w.world, true, "--plain"); code != 6 && code != 0 {
				t.Errorf("seed %d: exit %d\n%s", seed, code, p.text())
			}
			said := p.text()
			for _, secret := range []string{w.seed.Token, w.seed.Cure.Token, w.newer} {
				if secret != "" && strings.Contains(said, secret) {
					t.Errorf("seed %d: a token was said", seed)
				}
			}
			if i := strings.IndexFunc(said, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
				t.Errorf("seed %d: said %q", seed, said[max(0, i-80):min(i+40, len(said))])
			}
			w.close()
			time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
		})
	}
	if len(asked) < 30 {
		t.Errorf("only %d kinds of questions were met: the walks are stuck somewhere", len(asked))
	}
}

// talkTime is when every talk begins.
var talkTime = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// talkWorld is a world on the pretend Atlassian and a store in memory.
type talkWorld struct {
	world       ui.Deps
	store       *store.Memory
	seed        fakecloud.Seed
	newer, olga string // another token of Mia's, and one of Olga's
	close       func()
}

// typed is an answer, with its stand-ins.
func (w talkWorld) typed(text string) string {
	return strings.NewReplacer("@token", w.seed.Token, "@email", w.seed.Email, "@cure-email", w.seed.Cure.Email, "@cure", w.seed.Cure.Token,
		"@new", w.newer, "@olga", w.olga).Replace(text)
}

// masked names a token that was copied, instead of writing it into a golden file.
func (w talkWorld) masked(text string) string {
	for _, token := range []string{w.seed.Token, w.seed.Cure.Token, w.newer, w.olga} {
		if token != "" && text == token {
			return "the token"
		}
	}
	return text
}

func openTalkWorld(t *testing.T, script string) talkWorld {
	t.Helper()
	set := map[string]string{"situation": "ok"}
	for line := range strings.Lines(script) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		set[verb] = rest
	}
	situation, known := fakecloud.Find(set["situation"])
	if !known {
		t.Fatalf("no situation %q", set["situation"])
	}
	latency, _ := time.ParseDuration(set["latency"])
	cloud := fakecloud.Open(situation, time.Now, latency)
	var customers []fakecloud.Customer
	in := connector.StorageMemory
	switch n, err := strconv.Atoi(set["saved"]); {
	case err == nil:
		customers = fakecloud.Customers(n)
		cloud = fakecloud.OpenMany(fakecloud.Sites(customers), time.Now, latency)
	case set["saved"] != "":
		if set["saved"] == "acme-file" {
			in = connector.StorageFile
		}
		for _, product := range []string{"jira", "confluence"} {
			c := fakecloud.Customer{Site: "acme", Situation: fakecloud.Situations()[0], TokenAge: 200, Good: []int{3, 20, 50}}
			c.Situation.Product, c.Situation.Seed.Expires = product, "6d"
			customers = append(customers, c)
		}
	}
	client := atlassian.NewClient(atlassian.ClientConfig{Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 15 * time.Second})
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now, Storages: talkStorages(t, set["storages"])})
	role, _ := connector.ParseRole(set["role"])
	if err := memory.SetSettings(t.Context(), connector.Settings{Role: role}); err != nil {
		t.Fatal(err)
	}
	memory.SetStorage(connector.StorageFile, connector.StorageReady) // while they are saved
	for _, c := range customers {
		saveTalkCustomer(t, memory, c, in)
	}
	for _, status := range talkStorages(t, set["storages"]) {
		memory.SetStorage(status.Kind, status.State)
	}
	w := talkWorld{
		store: memory, seed: situation.Seed, newer: fakecloud.NewerToken("mia@example.com"), olga: fakecloud.NewerToken("olga@example.com"),
		close: func() { client.Close(); cloud.Close() },
	}
	w.world = ui.Deps{
		Version: "test", Now: time.Now, Observer: client, Store: failingAs(memory, set["fails"]), User: func() string { return "mia" }, Timeout: 15 * time.Second,
		Fetch: func(_ context.Context, from connector.Reference) ([]byte, error) {
			if from.Env != "ACME_TOKEN" {
				return nil, &connector.StorageError{Kind: connector.StorageReference, Why: connector.StorageWhyMissing, Err: errors.New("the environment variable " + from.Env + " is not set")}
			}
			return []byte(situation.Seed.Token + "\n"), nil
		},
		OpenPractice: func(string) (ui.Deps, error) { return w.inner(), nil },
	}
	return w
}

// outside changes a connector's account behind line mode's back: NAME ACCOUNT.
func (w talkWorld) outside(t *testing.T, words string) {
	t.Helper()
	name, account, _ := strings.Cut(words, " ")
	entries, err := w.store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name == name {
			after := e.Connector
			after.Account = account
			if err := w.store.Save(t.Context(), []connector.Write{{Before: e.Connector, After: after}})[0].Err; err != nil {
				t.Fatal(err)
			}
		}
	}
}

// inner is the practice world that line mode opens inside itself.
func (w talkWorld) inner() ui.Deps {
	seed := fakecloud.Situations()[0].Seed
	token, receipt := atlassian.ReadToken(seed.Token)
	inner := w.world
	inner.OpenPractice, inner.Fetch = nil, nil
	inner.Store = store.OpenMemory(store.MemoryOptions{Now: time.Now})
	inner.Practice = &ui.Practice{Situation: "ok", Title: "all is well", Seed: ui.PracticeValues{Site: seed.Site, Email: seed.Email, Token: token, Receipt: receipt}}
	return inner
}

// failing is a store one of whose methods fails: Add, Change (all but the first of several), Remove (the
// second connector), TestStorage or Token.
type failing struct {
	*store.Memory
	method string
	err    error
}

func failingAs(memory *store.Memory, words string) failing {
	method, why, fails := strings.Cut(words, " ")
	if !fails {
		return failing{Memory: memory}
	}
	return failing{memory, method, &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhy(why)}}
}

func (s failing) Save(ctx context.Context, writes []connector.Write) []connector.Written {
	if s.method == "Add" && writes[0].Before.ID == "" {
		return []connector.Written{{Connector: writes[0].After, Err: s.err}}
	}
	if s.method == "Change" && len(writes) > 1 {
		all := s.Memory.Save(ctx, writes[:1])
		for _, w := range writes[1:] {
			all = append(all, connector.Written{Connector: w.After, Err: s.err})
		}
		return all
	}
	return s.Memory.Save(ctx, writes)
}

func (s failing) Remove(ctx context.Context, id string) (*connector.StorageError, error) {
	if entries, err := s.Memory.Load(ctx); s.method == "Remove" && err == nil && len(entries) > 1 && entries[1].ID == id {
		return nil, s.err
	}
	return s.Memory.Remove(ctx, id)
}

func (s failing) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	if s.method == "TestStorage" {
		return s.err
	}
	return s.Memory.TestStorage(ctx, kind)
}

func (s failing) Token(ctx context.Context, id string) (atlassian.Token, error) {
	if s.method == "Token" {
		return atlassian.Token{}, s.err
	}
	return s.Memory.Token(ctx, id)
}

func (s failing) Tokens(context.Context) (connector.TokenReader, error) { return s.Token, nil }

// saveTalkCustomer saves one connector with its past.
func saveTalkCustomer(t *testing.T, memory *store.Memory, c fakecloud.Customer, in connector.StorageKind) {
	t.Helper()
	saved, err := practice.Save(c.Saved(time.Now()), "mia")
	saved.Entry.KeptIn = in
	if err = cmp.Or(err, memory.Add(t.Context(), saved.Entry, saved.Token)); err != nil {
		t.Fatal(err)
	}
}

// talkStorages are this computer's storages by a word of a talk.
func talkStorages(t *testing.T, name string) []connector.StorageStatus {
	t.Helper()
	absent := connector.StorageStatus{Kind: connector.StorageKeyring, State: connector.StorageAbsent, Detail: "this session has no D-Bus", Remedy: "Store tokens in the encrypted file"}
	file := connector.StorageStatus{Kind: connector.StorageFile, State: connector.StorageNew}
	switch name {
	case "":
		return nil
	case "keyring":
		return []connector.StorageStatus{{Kind: connector.StorageKeyring, State: connector.StorageReady}, file}
	case "new-file":
	case "locked-file":
		file.State = connector.StorageLocked
	case "none":
		file.State, file.Detail = connector.StorageBroken, "its folder can't be read"
	default:
		t.Fatalf("no computer is named %q", name)
	}
	return []connector.StorageStatus{absent, file}
}
