package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"saasconnect/connector"
)

func readFile(t *testing.T, home string) []byte {
	t.Helper()
	return readOf(t, filepath.Join(home, "connectors.json"))
}

func readOf(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestDamagedFile cuts connectors.json at every byte and turns every bit of it: what is
// read is the one connector, or it is damage (or a newer version); never an empty list.
// Each tenth goes the whole way through a new start.
func TestDamagedFile(t *testing.T) {
	home, one := t.TempDir(), newMemory()
	mustAdd(t, opened(t, home, inStorage(one)), acmeJira(t, connector.StorageKeyring))
	good := readFile(t, home)
	var all [][]byte
	for cut := range len(good) - 1 { // without the last line break it is whole
		all = append(all, good[:cut])
		if _, err := decode(good[:cut]); !isDamage(err) {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	for i := range len(good) * 8 {
		turned := bytes.Clone(good)
		turned[i/8] ^= 1 << (i % 8)
		all = append(all, turned)
		content, err := decode(turned)
		if err == nil && len(content.Connectors) != 1 || err != nil && !isDamage(err) && !errors.Is(err, errNewer) {
			t.Errorf("bit %d turned: %d connectors, %v", i, len(content.Connectors), err)
		}
	}
	for i := 0; i < len(all); i += 10 {
		restart(t, home, good, all[i])
	}
	t.Logf("%d damaged files, of %d bytes", len(all), len(good))
}

// restart writes a damaged file beside its backup and looks what a new start makes of it.
func restart(t *testing.T, home string, good, bad []byte) {
	t.Helper()
	path := filepath.Join(home, "connectors.json")
	for name, data := range map[string][]byte{path: bad, path + ".bak": good} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := opened(t, home, inStorage(newMemory()))
	entries, err := s.Load(t.Context())
	told := s.Notices()
	var why *connector.StoreError
	if errors.As(err, &why) && why.Why == connector.StoreNewer {
		return
	}
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d connectors, %v, of:\n%s", len(entries), err, bad)
	}
	if _, damage := decode(bad); (damage != nil) != (len(told) == 1) || string(readFile(t, home)) != string(bad) {
		t.Errorf("reading said %q, or changed the file", told)
	}
	if err := s.file.update(t.Context(), func(*contents) error { return errNothingToWrite }); !errors.Is(err, errNothingToWrite) {
		t.Fatal(err)
	}
	told = s.Notices()
	aside, _ := filepath.Glob(path + ".corrupt-*")
	_, damage := decode(bad)
	switch {
	case damage == nil && (len(aside) > 0 || len(told) > 0):
		t.Errorf("put aside though it could be read: %v", told)
	case damage == nil:
	case len(told) != 1 || len(aside) != 1 || !strings.Contains(told[0], aside[0]):
		t.Errorf("told %q, kept %q", told, aside)
	case string(readFile(t, home)) != string(good) || string(readOf(t, aside[0])) != string(bad):
		t.Error("the good copy was not put back, or the damaged file not kept as it was")
	}
	for _, name := range aside {
		_ = os.Remove(name)
	}
}

func TestDamagedWithoutACopy(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "connectors.json")
	for _, text := range []string{"", "{", "null", "[]", `{"version":1,"connectors":[{}]}`, `{"version":1,"color":"red"}`, "\x00\x00\x00"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := opened(t, home, inStorage(newMemory()))
		if _, err := s.Load(t.Context()); whyOf(t, err) != "damaged" {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := add(s, t.Context(), acmeJira(t, connector.StorageKeyring), atlassianToken(), connector.Report{}); whyOf(t, err) != "damaged" {
			t.Errorf("%q was written over: %v", text, err)
		}
		if string(readFile(t, home)) != text {
			t.Errorf("%q was changed", text)
		}
	}
	if err := os.WriteFile(path, []byte(`{"version":7,"connectors":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, home, nil).Load(t.Context()); whyOf(t, err) != "newer" {
		t.Errorf("a newer file: %v", err)
	}
}

// link makes a symbolic link. Wine says that it makes one, and makes none.
func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skip("this system makes no symbolic links: ", err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Skip("this system makes no symbolic links: ", err)
	}
}

func TestModesAndLinks(t *testing.T) {
	real, home := t.TempDir(), t.TempDir()
	path := filepath.Join(home, "connectors.json")
	link(t, filepath.Join(real, "mine.json"), path)
	if err := os.WriteFile(filepath.Join(real, "mine.json"), []byte(`{"version":1,"revision":3,"connectors":[],"loose":null}`), 0o644); err != nil {
		t.Fatal(err)
	}
	s := opened(t, home, inStorage(newMemory()))
	mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	noCanaryIn(t, home)
	noCanaryIn(t, real)
}

func TestStaleTempsAreSwept(t *testing.T) {
	home := t.TempDir()
	old, young := filepath.Join(home, ".connectors.json.tmp-1"), filepath.Join(home, ".connectors.json.tmp-2")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, age := range map[string]time.Duration{old: 2 * time.Hour, young: time.Minute} {
		if err := os.Chtimes(name, day.Add(-age), day.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	mustAdd(t, opened(t, home, inStorage(newMemory())), acmeJira(t, connector.StorageKeyring))
	if _, err := os.Stat(old); err == nil {
		t.Error("a stale temporary file was left")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("someone's temporary file was removed while it may be in use")
	}
}

// TestTwiceDamagedAtOnce: what is put aside never takes the place of what was put aside.
func TestTwiceDamagedAtOnce(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, inStorage(newMemory()))
	c := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	path := filepath.Join(home, "connectors.json")
	for _, text := range []string{"first", "second"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := edit(s, t.Context(), c, c); err != nil {
			t.Fatal(err)
		}
	}
	aside, _ := filepath.Glob(path + ".corrupt-*")
	if len(aside) != 2 || string(readOf(t, aside[0])) != "first" || string(readOf(t, aside[1])) != "second" {
		t.Errorf("%v", aside)
	}
}

// TestDamagedBehindALink: the link stays, and what is mended is the file behind it.
func TestDamagedBehindALink(t *testing.T) {
	real, home := t.TempDir(), t.TempDir()
	path, target := filepath.Join(home, "connectors.json"), filepath.Join(real, "mine.json")
	link(t, target, path)
	s := opened(t, home, inStorage(newMemory()))
	c := mustAdd(t, s, acmeJira(t, connector.StorageKeyring)) // the link dangles before that
	if err := os.WriteFile(target, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := edit(s, t.Context(), c, c); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	if aside, _ := filepath.Glob(target + ".corrupt-*"); len(aside) != 1 {
		t.Errorf("kept %v", aside)
	}
}

// TestEditedReferences: what an edited file says never becomes a path, nor does one secret.Values's
// reference make another's disappear.
func TestEditedReferences(t *testing.T) {
	for name, c := range map[string]string{
		"a path":             `{"version":1,"connectors":[],"loose":[{"ref":"../../x","safe":"file","since":"2020-01-01T00:00:00Z"}]}`,
		"an unknown safe":    `{"version":1,"connectors":[],"loose":[{"ref":"b3a2c1d0-0000-4000-8000-000000000000","safe":"clear","since":"2020-01-01T00:00:00Z"}]}`,
		"an id with a path":  `{"version":1,"connectors":[{"id":"../x","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"file","ref":"b3a2c1d0-0000-4000-8000-000000000000"}]}`,
		"a ref with a path":  `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"file","ref":"../x"}]}`,
		"no reference":       `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"reference"}]}`,
		"an empty reference": `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"reference","reference":{}}]}`,
		"a reference to two": `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"reference","reference":{"env":"A","file":"b"}}]}`,
		"no program":         `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"reference","reference":{"command":[""]}}]}`,
		"a name of controls": `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"\u001b[2J","product":"jira","site":"https://acme.atlassian.net","kept_in":"keyring","ref":"b3a2c1d0-0000-4000-8000-000000000000"}]}`,
		"kept in memory":     `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"memory","ref":"b3a2c1d0-0000-4000-8000-000000000000"}]}`,
		"another's site":     `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net.evil.com","kept_in":"file","ref":"b3a2c1d0-0000-4000-8000-000000000000"}]}`,
		"more behind it":     `{"version":1,"connectors":[]} {}`,
		"no version":         `{"connectors":[]}`,
		"an unknown product": `{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"trello","site":"https://acme.atlassian.net","kept_in":"file","ref":"b3a2c1d0-0000-4000-8000-000000000000"}]}`,
	} {
		if _, err := decode([]byte(c)); !isDamage(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEditedWordsAreCleaned: what a terminal would obey is gone from all words of a connector.
func TestEditedWordsAreCleaned(t *testing.T) {
	const odd = `a\u001b]52;c;x\u0007b\u009b31m\u202ec`
	stamp := `{"by":"` + odd + `","role":"","at":"2026-01-01T00:00:00Z"}`
	content, err := decode([]byte(`{"version":2,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"` + odd + `","product":"jira","site":"https://acme.atlassian.net",
		"email":"` + odd + `","account":"` + odd + `","cloud_id":"` + odd + `","identity":{"id":"` + odd + `","name":"` + odd + `","email":"` + odd + `"},
		"kept_in":"keyring","ref":"b3a2c1d0-0000-4000-8000-000000000000","expires":"","token_since":"2026-01-01T00:00:00Z","added":` + stamp + `,"edited":` + stamp + `,"replaced":` + stamp + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	identity := *content.Connectors[0].Identity
	content.Connectors[0].Identity = nil // its address may happen to have the letters
	words := fmt.Sprintf("%+v %+v", content.Connectors[0], identity)
	if strings.ContainsFunc(words, func(r rune) bool { return !unicode.IsPrint(r) }) || strings.Count(words, "abc") != 10 {
		t.Errorf("%q", words)
	}
}

// TestDamageIsSaid: a person who edited the file learns what is wrong, and nothing of it is quoted but
// the name of a field.
func TestDamageIsSaid(t *testing.T) {
	one := `{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","kept_in":"file","ref":"b3a2c1d0-0000-4000-8000-000000000001"}`
	for text, want := range map[string]string{
		"": "it is empty", " \n": "it is empty", `{"version":3,`: "it is incomplete",
		"{\n\"version\": 3,,\n}":                               "line 2 is not JSON",
		"{\n\"version\": 3,\n\"connectors\": \"none\"}":        "line 3 has a value of the wrong type",
		`{"connectors":[]}`:                                    "it has no version",
		`{"version":3,"connectors":[],"color":1}`:              "it has an unknown field color",
		`{"version":3,"connectors":[],"` + canary + `":1}`:     "it has an unknown field or value",
		`{"version":3,"connectors":[]} {}`:                     "there is text after its end",
		"\ufeff" + `{"version":3,"connectors":[]}`:             "it starts with a byte order mark: save it as UTF-8 without one",
		`{"version":3,"connectors":[],"loose":[]}`:             "it has a field from another version",
		`{"version":2,"connectors":[],"references":[]}`:        "it has a field from another version",
		`{"version":3,"connectors":[` + one + `,` + one + `]}`: "connector 2 has the ID of another",
		`{"version":3,"connectors":[` + one + `,` + strings.Replace(one, "b3a2c1d0-", "b3a2c1d1-", 1) + `]}`: "connector 2 has the stored token of another",
		`{"version":3,"connectors":[` + strings.Replace(one, `"name":"a"`, `"name":""`, 1) + `]}`:            "connector 1 has no name",
	} {
		_, err := decode([]byte(text))
		var damage *damaged
		if !errors.As(err, &damage) || damage.reason != want {
			t.Errorf("%s\n%v, want %s", text, err, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version":1,"revision":2,"connectors":[],"loose":null}`))
	f.Add([]byte(`{"version":1,"connectors":[{"id":"b3a2c1d0-0000-4000-8000-000000000000","name":"a","product":"jira","site":"https://acme.atlassian.net","email":"m@example.com","kept_in":"keyring","ref":"b3a2c1d0-0000-4000-8000-000000000001","expires":"2027-01-01"}]}`))
	f.Add([]byte(`{"version":9}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		content, err := decode(data)
		if err != nil {
			if !isDamage(err) && !errors.Is(err, errNewer) {
				t.Errorf("an error without a kind: %v", err)
			}
			return
		}
		for _, c := range content.Connectors {
			if !isUUID(c.ID) || c.Ref != "" && !isUUID(c.Ref) || c.Site.IsZero() {
				t.Errorf("%+v", c)
			}
		}
	})
}
