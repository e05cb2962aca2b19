package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
	"saasconnect/store/secret"
)

// Real processes that write what chance wants, in every storage, and are killed at a moment that
// chance wants. They say what they are about to do before each write, and what is in force after
// it, so that what the next process finds can be held against it.

const randomMark = "SAASCONNECT_TEST_RANDOM" // a randomTask as JSON, where this process is to write

// randomTask is what a writing process is told.
type randomTask struct {
	Dir        string // holds the home, the key file, the pretend keyring and the sources of references
	System     bool   // the keyring is the system's
	Seed       uint64
	Round      int
	Worker, Of int // which one of how many it is; a connector is that one's that its id says
}

// held is a connector and its token, as they are or shall be. No ID: it is not there.
type held struct {
	Connector connector.Connector
	Token     string
}

// randomStep is one line of a writing process: what it begins or has ended, or where it is about
// to put a value.
type randomStep struct {
	Do     string // one of randomWrites; "ref" for a value that is put
	Ended  bool
	Before []held // the connectors that it writes; new ones have no ID
	After  []held // what becomes of each; of a write that has ended, what is in force
	Ref    string
	Failed string
}

var (
	randomWrites = []string{"add", "replace", "edit", "words", "move", "remove", "import"}
	randomKinds  = []connector.StorageKind{connector.StorageKeyring, connector.StorageFile, connector.StorageReference}
)

func (task randomTask) home() string { return filepath.Join(task.Dir, "home") }

// prefix is what the names begin with that are given in this round.
func (task randomTask) prefix() string { return fmt.Sprintf("n-%d-", task.Round) }

// open is the store that the processes and the test work with.
func (task randomTask) open(now func() time.Time, keyring func(secret.Values) secret.Values) (*Store, error) {
	s, err := Open(Options{Home: task.home(), KeyFile: filepath.Join(task.Dir, "key"), Now: now, testOnlyFactor: 10})
	if err == nil {
		s.storages[0] = secret.EnvelopeStorage{Values: keyring(task.keyring(now))}
	}
	return s, err
}

func (task randomTask) keyring(now func() time.Time) secret.Values {
	if task.System {
		return secret.NewKeyring(false, now)
	}
	return folderKeyring{filepath.Join(task.Dir, "keyring")}
}

// source is a file that holds a token of this name, for a connector that refers to it.
func (task randomTask) source(name, token string) (*connector.Reference, error) {
	path := filepath.Join(task.Dir, "sources", name)
	return &connector.Reference{File: path}, os.WriteFile(path, []byte(token+"\n"), 0o600)
}

// folderKeyring is a keyring for tests that outlives processes: each value is a file.
type folderKeyring struct{ dir string }

func (folderKeyring) Kind() connector.StorageKind { return connector.StorageKeyring }

func (folderKeyring) Probe(context.Context) connector.StorageStatus {
	return connector.StorageStatus{Kind: connector.StorageKeyring, State: connector.StorageReady}
}

func (k folderKeyring) Put(_ context.Context, ref string, value []byte) error {
	path := filepath.Join(k.dir, ref)
	if _, err := os.Lstat(path); err == nil {
		return secret.Error(k.Kind(), connector.StorageWhyExists, errors.New("a reference was used twice"))
	}
	return disk.WriteDisposable(path, value, nil)
}

func (k folderKeyring) Get(_ context.Context, ref string) ([]byte, error) {
	value, err := disk.ReadBounded(filepath.Join(k.dir, ref), 1<<16)
	if errors.Is(err, fs.ErrNotExist) {
		err = secret.Error(k.Kind(), connector.StorageWhyMissing, nil)
	}
	return value, err
}

func (k folderKeyring) Delete(_ context.Context, ref string) error {
	if err := disk.Remove(filepath.Join(k.dir, ref)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// saidKeyring says each reference before a value is put under it.
type saidKeyring struct{ secret.Values }

func (k saidKeyring) Put(ctx context.Context, ref string, value []byte) error {
	say(randomStep{Do: "ref", Ref: ref})
	return k.Values.Put(ctx, ref, value)
}

func say(step randomStep) {
	line, err := json.Marshal(step)
	if err != nil {
		line = []byte(err.Error())
	}
	_, _ = os.Stdout.Write(append(line, '\n')) // the reader has gone
}

// randomWriter is a process that writes until it is ended.
type randomWriter struct {
	task   randomTask
	s      *Store
	chance *rand.Rand
	mine   []held
	named  int
}

func writeUntilKilled(told string) int {
	w := &randomWriter{}
	err := json.Unmarshal([]byte(told), &w.task)
	if err == nil {
		err = w.begin()
	}
	for err == nil {
		err = w.write()
	}
	say(randomStep{Failed: err.Error()})
	return 1
}

// begin takes over the connectors of earlier rounds that are this worker's. The other may have begun.
func (w *randomWriter) begin() (err error) {
	w.chance = rand.New(rand.NewPCG(w.task.Seed, uint64(w.task.Round*10+w.task.Worker)))
	w.s, err = w.task.open(time.Now, func(k secret.Values) secret.Values { return saidKeyring{k} })
	if err != nil {
		return err
	}
	entries, err := w.s.Load(context.Background())
	if err != nil {
		return err
	}
	for _, e := range entries {
		if int(e.ID[0])%w.task.Of != w.task.Worker || strings.HasPrefix(e.Name, w.task.prefix()) {
			continue
		}
		token, err := w.s.Token(context.Background(), e.ID)
		if err != nil {
			return fmt.Errorf("the token of %s: %w", e.Name, err)
		}
		w.mine = append(w.mine, held{e.Connector, token.Reveal()})
	}
	return nil
}

// write says, makes and says one write.
func (w *randomWriter) write() error {
	do := randomWrites[w.chance.IntN(len(randomWrites))]
	grows := do == "add" || do == "import"
	switch {
	case len(w.mine) < 2 && !grows:
		do = "import"
	case len(w.mine) > 10 && grows:
		do = "remove"
	}
	if do == "remove" {
		return w.remove()
	}
	var batch []connector.Write
	var before, after []held
	for _, one := range w.chosen(do) {
		b, a, write, err := w.changed(one.do, one.held)
		if err != nil {
			return err
		}
		before, after, batch = append(before, b), append(after, a), append(batch, write)
	}
	say(randomStep{Do: do, Before: before, After: after})
	saved, err := w.s.Save(context.Background(), batch), error(nil)
	for i, one := range saved {
		if err = errors.Join(err, one.Err); err == nil {
			after[i].Connector = one.Connector
		}
	}
	return w.ended(do, before, after, err)
}

// ended says what is in force. A lock that a slow disk made it wait too long for changed nothing.
func (w *randomWriter) ended(do string, before, after []held, err error) error {
	var file *connector.StoreError
	switch busy := errors.As(err, &file) && file.Why == connector.StoreBusy; {
	case busy:
		after = before
	case err != nil:
		return fmt.Errorf("%s: %w", do, err)
	}
	say(randomStep{Do: do, Ended: true, Before: before, After: after})
	for i, old := range before {
		w.mine = slices.DeleteFunc(w.mine, func(h held) bool { return h.Connector.ID == old.Connector.ID })
		if after[i].Connector.ID != "" {
			w.mine = append(w.mine, after[i])
		}
	}
	return nil
}

func (w *randomWriter) remove() error {
	gone := w.mine[w.chance.IntN(len(w.mine))]
	before, after := []held{gone}, []held{{}}
	say(randomStep{Do: "remove", Before: before, After: after})
	return w.ended("remove", before, after, removed(w.s.Remove(context.Background(), gone.Connector.ID)))
}

type randomChange struct {
	do   string
	held held
}

// chosen are the connectors of a write and what becomes of each.
func (w *randomWriter) chosen(do string) []randomChange {
	some := w.chance.Perm(len(w.mine))
	switch {
	case do == "add":
		return []randomChange{{"add", held{}}}
	case do != "import":
		return []randomChange{{do, w.mine[some[0]]}}
	}
	all := make([]randomChange, 5)
	for i := range all {
		all[i].do = "add"
		if i < 3 && i < len(some) {
			all[i] = randomChange{[]string{"replace", "edit", "words", "move"}[w.chance.IntN(4)], w.mine[some[i]]}
		}
	}
	w.chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// changed is one connector's part of a write.
func (w *randomWriter) changed(do string, before held) (_, after held, _ connector.Write, err error) {
	w.named++
	name := fmt.Sprintf("%s%d-%d", w.task.prefix(), w.task.Worker, w.named) // never given twice in a home
	after = before
	c := &after.Connector
	write := connector.Write{Before: before.Connector}
	newToken := do == "add" || do == "replace"
	if newToken {
		after.Token = canary + "-" + name
		write.Token, write.Report = atlassian.NewToken(after.Token), &connector.Report{Code: connector.CodeOK, At: time.Now()}
	}
	switch do {
	case "add":
		site, _, err := atlassian.ParseSite("acme")
		if err != nil {
			return before, after, write, err
		}
		*c = connector.Connector{Product: connector.Jira, Site: site, Email: "mia@example.com", Name: name, CloudID: "cloud-1", KeptIn: randomKinds[w.chance.IntN(3)], TokenSince: day}
	case "edit":
		c.Email = name + "@example.com"
	case "words":
		c.Account = name
	case "move":
		others := slices.DeleteFunc(slices.Clone(randomKinds), func(k connector.StorageKind) bool { return k == c.KeptIn })
		c.KeptIn, c.Reference = others[w.chance.IntN(2)], nil
	}
	if c.KeptIn == connector.StorageReference && (newToken || do == "move") {
		c.Reference, err = w.task.source(name, after.Token)
	}
	write.After = *c
	return before, after, write, err
}

// TestRandomKills kills processes that write, one or two at a time, at random. Nothing is lost: each
// connector is as it was before the write that was under way or as that makes it, all of a batch
// alike, and its token is the one that belongs to that. Nothing dangles or is unknown, and hours
// later nothing is left over.
//
// SAASCONNECT_TEST_KILLS is how many, SAASCONNECT_TEST_SEED repeats the writes and about the moments
// of a run, and SAASCONNECT_TEST_KEYRING=system takes the system's keyring for the pretend one.
func TestRandomKills(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("SAASCONNECT_TEST_KILLS"))
	if err != nil {
		kills = 12
	}
	seed, err := strconv.ParseUint(os.Getenv("SAASCONNECT_TEST_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("SAASCONNECT_TEST_SEED=%d", seed)
	r := &randomRun{t: t, chance: rand.New(rand.NewPCG(seed, 0)), took: map[string]time.Duration{}, writes: map[string]int{}, kinds: map[connector.StorageKind]int{}}
	r.task = randomTask{Seed: seed, System: os.Getenv("SAASCONNECT_TEST_KEYRING") == "system"}
	for ; r.kills < kills && !t.Failed(); r.task.Round++ {
		if r.task.Round%15 == 0 { // a folder that grows for ever is another test's matter
			r.leave()
			r.renew()
		}
		r.round()
	}
	r.leave()
	t.Logf("%d kills in %d rounds, %d inside a write, %d of these after its commit", r.kills, r.task.Round, r.inside, r.landed)
	t.Logf("inside, by write: %v; by a storage of the write: %v", r.writes, r.kinds)
}

// randomRun is what the test knows.
type randomRun struct {
	t       *testing.T
	task    randomTask
	chance  *rand.Rand
	settled map[string]held // by id: what is in force for sure
	refs    map[string]bool // those in the keyring under which something was put, or may have been

	mu    sync.Mutex
	under []randomStep             // the writes in whose midst the last round's processes ended
	took  map[string]time.Duration // by write: about how long one takes

	kills, inside, landed int
	writes                map[string]int
	kinds                 map[connector.StorageKind]int
}

func (r *randomRun) renew() {
	r.t.Helper()
	r.task.Dir, r.settled, r.refs = inMemory(r.t), map[string]held{}, map[string]bool{}
	for _, dir := range []string{"keyring", "sources"} {
		must(r.t, os.Mkdir(filepath.Join(r.task.Dir, dir), 0o700))
	}
	must(r.t, os.WriteFile(filepath.Join(r.task.Dir, "key"), []byte(passphrase+"\n"), 0o600))
}

// round lets one or two processes write, kills each, and looks at what they left.
func (r *randomRun) round() {
	r.t.Helper()
	r.task.Of, r.under = 1+r.chance.IntN(2), nil
	var wait sync.WaitGroup
	for worker := range r.task.Of {
		task := r.task
		task.Worker = worker
		write, share := 1+r.chance.IntN(8), r.chance.Float64()*1.2
		wait.Go(func() { r.kill(task, write, share) })
	}
	wait.Wait()
	r.look(r.open(0))
	if r.chance.IntN(2) == 0 {
		r.hoursLater()
	}
}

// kill starts a process and kills it in one of its writes, the first being 1, after a share of the
// time that such a write takes. Nothing waits for that moment.
func (r *randomRun) kill(task randomTask, write int, share float64) {
	told, err := json.Marshal(task)
	if err != nil {
		r.t.Error(err)
		return
	}
	worker := exec.CommandContext(r.t.Context(), os.Args[0])
	worker.Env = append(os.Environ(), randomMark+"="+string(told))
	out, err := worker.StdoutPipe()
	if err == nil {
		err = worker.Start()
	}
	if err != nil {
		r.t.Error(err)
		return
	}
	var under randomStep
	var began time.Time
	lines := bufio.NewScanner(out)
	for lines.Buffer(nil, 1<<20); lines.Scan(); { // what it says until it is gone is still read
		var step randomStep
		if err := json.Unmarshal(lines.Bytes(), &step); err != nil || step.Failed != "" {
			r.t.Errorf("round %d: a worker says: %s", task.Round, lines.Text())
			continue
		}
		switch {
		case step.Do == "ref":
			r.mu.Lock()
			r.refs[step.Ref] = true
			r.mu.Unlock()
		case step.Ended:
			under = randomStep{}
			r.settle(step, time.Since(began))
		default:
			under, began = step, time.Now()
			if write--; write == 0 {
				time.AfterFunc(r.after(step.Do, share), func() { _ = worker.Process.Kill() })
			}
		}
	}
	_ = worker.Wait() // it was killed
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kills++
	if under.Do != "" {
		r.under = append(r.under, under)
	}
}

func (r *randomRun) after(do string, share float64) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	typical, known := r.took[do]
	if !known {
		typical = 5 * time.Millisecond
	}
	return time.Duration(share * float64(typical))
}

// settle takes over what a process says is in force.
func (r *randomRun) settle(step randomStep, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, known := r.took[step.Do]; known {
		took = (3*old + took) / 4
	}
	r.took[step.Do] = took
	for i, old := range step.Before {
		delete(r.settled, old.Connector.ID)
		if now := step.After[i]; now.Connector.ID != "" {
			r.settled[now.Connector.ID] = now
		}
	}
}

// open is a new process's store, some time later.
func (r *randomRun) open(later time.Duration) *Store {
	r.t.Helper()
	s, err := r.task.open(func() time.Time { return time.Now().Add(later) }, func(k secret.Values) secret.Values { return k })
	must(r.t, err)
	return s
}

// found is a connector that is there, and why its token could not be read.
type found struct {
	held
	err error
}

// look compares what is there with what was said.
func (r *randomRun) look(s *Store) {
	t := r.t
	t.Helper()
	content := contentOf(t, s)
	if told := s.Notices(); len(told) > 0 {
		t.Errorf("round %d: %v", r.task.Round, told)
	}
	seen := map[string]found{}
	for _, one := range content.Connectors {
		token, err := s.Token(t.Context(), one.ID)
		seen[one.ID] = found{held{one.Connector, token.Reveal()}, err}
	}
	for _, step := range r.under {
		r.conclude(step, seen)
	}
	r.under = nil
	for id, want := range r.settled {
		if now, there := seen[id]; !there {
			t.Errorf("round %d: %s is lost", r.task.Round, want.Connector.Name)
		} else if !now.Connector.Equal(want.Connector) {
			t.Errorf("round %d: %s is\n%+v, not\n%+v", r.task.Round, want.Connector.Name, now.Connector, want.Connector)
		} else {
			r.lookAtToken(now, want)
		}
	}
	for id, one := range seen {
		if _, known := r.settled[id]; !known {
			t.Errorf("round %d: %s was not saved, or was removed", r.task.Round, one.Connector.Name)
		}
	}
	r.lookAtValues(s, content)
}

// conclude finds out whether the write that was under way was committed: all of it was, or nothing.
func (r *randomRun) conclude(step randomStep, seen map[string]found) {
	r.t.Helper()
	r.inside++
	r.writes[step.Do]++
	kinds := map[connector.StorageKind]bool{}
	committed := 0
	for i, before := range step.Before {
		after := &step.After[i]
		kinds[before.Connector.KeptIn], kinds[after.Connector.KeptIn] = true, true
		now, there := seen[before.Connector.ID]
		if before.Connector.ID == "" {
			for id, one := range seen { // it is known by its name alone
				if one.Connector.Name == after.Connector.Name {
					after.Connector.ID, now, there = id, one, true
				}
			}
		}
		replaces := before.Connector.Equal(after.Connector) // what it changes is the token alone
		switch {
		case after.Connector.Name == "" && !there,
			there && now.Connector.Equal(after.Connector) && (!replaces || now.Token == after.Token):
			committed++
		}
	}
	delete(kinds, "")
	for kind := range kinds {
		r.kinds[kind]++
	}
	switch committed {
	case 0:
		return
	case len(step.Before):
	default:
		r.t.Errorf("round %d: of %s %d of %d are saved", r.task.Round, step.Do, committed, len(step.Before))
	}
	r.landed++
	for i, before := range step.Before {
		delete(r.settled, before.Connector.ID)
		if after := step.After[i]; after.Connector.ID != "" {
			r.settled[after.Connector.ID] = after
		}
	}
}

// lookAtToken: each token can be read, and is the right one.
func (r *randomRun) lookAtToken(now found, want held) {
	t, c := r.t, want.Connector
	t.Helper()
	if now.err != nil || now.Token != want.Token {
		t.Errorf("round %d: the token of %s, in %s: %v, the right one: %v", r.task.Round, c.Name, c.KeptIn, now.err, now.Token == want.Token)
	}
}

// lookAtValues: no reference stands twice, and none that is not known has a value.
func (r *randomRun) lookAtValues(s *Store, content contents) {
	t := r.t
	t.Helper()
	listed := map[connector.StorageKind]map[string]bool{connector.StorageKeyring: {}, connector.StorageFile: {}}
	list := func(kind connector.StorageKind, ref string) {
		for _, refs := range listed {
			if refs[ref] {
				t.Errorf("round %d: %s is used twice", r.task.Round, ref)
			}
		}
		listed[kind][ref] = true
	}
	for _, one := range content.Connectors {
		if one.Ref != "" {
			list(one.KeptIn, one.Ref)
		}
	}
	for _, one := range content.References {
		list(one.Storage, one.Ref)
	}
	for kind, refs := range r.values(s) {
		for ref := range refs {
			if !listed[kind][ref] {
				t.Errorf("round %d: no record of the value under %s in %s", r.task.Round, ref, kind)
			}
		}
	}
	maps.DeleteFunc(r.refs, func(ref string, _ bool) bool { return !listed[connector.StorageKeyring][ref] }) // looked at, and gone
}

// values are the references that have values. A keyring is asked for each one that was ever given
// out, since others than this test may keep something there.
func (r *randomRun) values(s *Store) map[connector.StorageKind]map[string]bool {
	t := r.t
	t.Helper()
	encrypted, odd := s.encrypted.References()
	if odd != "" {
		t.Errorf("round %d: %s is odd", r.task.Round, odd)
	}
	kept, keyring := map[string]bool{}, s.storages[0].(secret.EnvelopeStorage).Values
	for ref := range r.refs {
		if _, err := keyring.Get(t.Context(), ref); err == nil {
			kept[ref] = true
		} else if !secret.Is(err, connector.StorageWhyMissing) {
			t.Errorf("round %d: %v", r.task.Round, err)
		}
	}
	return map[connector.StorageKind]map[string]bool{connector.StorageKeyring: kept, connector.StorageFile: encrypted}
}

// hoursLater adds one to each storage and tidies up, after which nothing is left of what was killed.
func (r *randomRun) hoursLater() {
	t := r.t
	t.Helper()
	s := r.open(5 * time.Hour)
	w := randomWriter{task: r.task, s: s, chance: r.chance}
	w.task.Worker = 9 // whose names no other worker uses
	var batch []connector.Write
	var after []held
	for _, kind := range randomKinds {
		_, a, write, err := w.changed("add", held{})
		must(t, err)
		write.After.KeptIn, write.After.Reference = kind, nil
		if kind == connector.StorageReference {
			write.After.Reference, err = r.task.source(a.Connector.Name, a.Token)
			must(t, err)
		}
		batch, after = append(batch, write), append(after, a)
	}
	for i, one := range s.Save(t.Context(), batch) {
		must(t, one.Err)
		r.settled[one.Connector.ID] = held{one.Connector, after[i].Token}
		if one.Connector.KeptIn == connector.StorageKeyring {
			saved, err := recordOf(s, one.Connector.ID)
			must(t, err)
			r.refs[saved.Ref] = true
		}
	}
	report, err := s.Tidy(t.Context())
	content := contentOf(t, s)
	if err != nil || report.Uncollected != 0 || len(content.References) != 0 {
		t.Errorf("round %d: %+v, %v, %+v", r.task.Round, report, err, content.References)
	}
	r.nothingLeft(s, content)
	r.look(r.open(0))
}

// nothingLeft: what is there belongs to connectors that are there.
func (r *randomRun) nothingLeft(s *Store, content contents) {
	t := r.t
	t.Helper()
	wanted := map[connector.StorageKind]map[string]bool{connector.StorageKeyring: {}, connector.StorageFile: {}}
	at := content.at()
	for _, one := range content.Connectors {
		if one.Ref != "" {
			wanted[one.KeptIn][one.Ref] = true
		}
	}
	for kind, refs := range r.values(s) {
		if !maps.Equal(refs, wanted[kind]) {
			t.Errorf("round %d: %s holds %v for %v", r.task.Round, kind, slices.Sorted(maps.Keys(refs)), slices.Sorted(maps.Keys(wanted[kind])))
		}
	}
	var bound struct{ References map[string]any }
	data, err := os.ReadFile(filepath.Join(s.state.dir, "proven.json"))
	must(t, errors.Join(err, json.Unmarshal(data, &bound)))
	known := slices.Concat(s.reports.ids(), slices.Collect(maps.Keys(s.state.readOutcomes())), slices.Collect(maps.Keys(bound.References)))
	for _, id := range known {
		if _, there := at[id]; !there {
			t.Errorf("round %d: something is remembered of %s, which is gone", r.task.Round, id)
		}
	}
	must(t, filepath.WalkDir(r.task.home(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && (strings.Contains(d.Name(), ".tmp-") || strings.Contains(d.Name(), ".corrupt-")) {
			t.Errorf("round %d: %s is left", r.task.Round, path)
		}
		return err
	}))
	noCanaryIn(t, r.task.home())
}

// leave ends a home: hours later, and then with all of its connectors removed.
func (r *randomRun) leave() {
	t := r.t
	t.Helper()
	if r.settled == nil || t.Failed() {
		return
	}
	r.hoursLater()
	s := r.open(5 * time.Hour)
	for id := range r.settled {
		must(t, removed(s.Remove(t.Context(), id)))
	}
	r.settled = map[string]held{}
	r.nothingLeft(s, contentOf(t, s))
}
