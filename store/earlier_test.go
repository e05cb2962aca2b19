package store

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Homes in testdata that programs of earlier versions wrote, one for each version of connectors.json.
// They hold a token in the encrypted file and one that is read from the variable TOK, each checked
// twice, where there was no network.
//
//   - home-1: the last program before version 2 (9dddd3f, of 23 Nov 2026). Its loose references were
//     left by that program's store, with another clock, in processes that were killed: two before
//     they committed what they had put, and one in the midst of sweeping the first.
//   - home-2: the program of 26 Nov 2026. It left no loose reference; earlierHome adds those of
//     home-1, in the same words.
var earlierHomes = []struct {
	dir     string
	version int
}{{"home-1", 1}, {"home-2", 2}}

// The loose references, and since when the younger one is.
const (
	doomedRef = "82a09484-9b8e-4f5a-be4d-bd09edf08959"
	looseRef  = "f076c8fe-e028-4889-9e7e-97ba2666941f"
)

var looseSince = time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)

const looseWritten = `"loose": [
    {
      "ref": "` + doomedRef + `",
      "safe": "file",
      "since": "2026-11-23T21:00:00Z",
      "doomed": true
    },
    {
      "ref": "` + looseRef + `",
      "safe": "file",
      "since": "2026-11-23T22:00:00Z"
    }
  ]`

// earlierToken is what both connectors of each home have.
var earlierToken = atlassian.NewToken("ATATT3xFfGF0" + strings.Repeat("kept-by-an-earlier-version-", 4))

// earlierHome is a copy of a home, with loose references.
func earlierHome(t *testing.T, dir string, version int) (home string) {
	t.Helper()
	home = copiedTo(t, filepath.Join("testdata", dir), filepath.Join(t.TempDir(), "home"))
	t.Setenv("TOK", earlierToken.Reveal())
	for _, name := range []string{"connectors.json", "connectors.json.bak"} {
		path := filepath.Join(home, name)
		data, err := os.ReadFile(path)
		must(t, err)
		data = bytes.Replace(data, []byte(`"loose": null`), []byte(looseWritten), 1)
		if wrote := versionOf(t, data); wrote != version || !bytes.Contains(data, []byte(doomedRef)) {
			t.Fatalf("%s of %s is of version %d, or without loose references", name, dir, wrote)
		}
		must(t, os.WriteFile(path, data, 0o600))
	}
	for _, ref := range []string{doomedRef, looseRef} {
		path := filepath.Join(home, "secrets", ref+".age")
		if _, err := os.Stat(path); err != nil {
			must(t, os.WriteFile(path, []byte("an encrypted token"), 0o600))
		}
	}
	return home
}

func versionOf(t *testing.T, data []byte) int {
	t.Helper()
	var look struct{ Version int }
	must(t, json.Unmarshal(data, &look))
	return look.Version
}

// encryptedIn are the references that have an encrypted file.
func encryptedIn(s *Store) map[string]bool {
	refs, _ := s.encrypted.References()
	return refs
}

// earlierEntries are the two connectors, with reports and without harm.
func earlierEntries(t *testing.T, s *Store) []connector.Entry {
	t.Helper()
	entries, err := s.Load(t.Context())
	if err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		if reports := s.Reports(t.Context(), e.ID); len(reports) != 2 || e.Last == nil || e.Last.Code != connector.CodeUnreachable || !e.Last.At.Equal(reports[0].At) {
			t.Errorf("%s: %d reports, %+v", e.Name, len(reports), e.Last)
		}
	}
	if in := []connector.StorageKind{entries[0].KeptIn, entries[1].KeptIn}; !slices.Equal(in, []connector.StorageKind{connector.StorageFile, connector.StorageReference}) {
		t.Errorf("kept in %v", in)
	}
	return entries
}

// writtenOn: the file is of this version now, and says nothing in an earlier one's words.
func writtenOn(t *testing.T, s *Store) {
	t.Helper()
	for _, path := range []string{s.disk.path, s.disk.backup()} {
		data, err := os.ReadFile(path)
		must(t, err)
		if versionOf(t, data) != version || bytes.Contains(data, []byte(`"loose"`)) || bytes.Contains(data, []byte(`"safe"`)) {
			t.Errorf("%s was not written on:\n%s", filepath.Base(path), data)
		}
	}
}

// TestHomesOfEarlierVersions: each is read as it was then, which changes nothing; an edit and a new
// token write it on; what was loose is deleted once it may be.
func TestHomesOfEarlierVersions(t *testing.T) {
	for _, of := range earlierHomes {
		t.Run(of.dir, func(t *testing.T) {
			home := earlierHome(t, of.dir, of.version)
			now := looseSince.Add(time.Minute)
			s := opened(t, home, func(o *Options) { o.Now = func() time.Time { return now } })
			must(t, s.Unlock(t.Context(), "correct horse battery staple!"))
			before, err := os.ReadFile(s.disk.path)
			must(t, err)

			entries := earlierEntries(t, s)
			for _, e := range entries {
				mustToken(t, s, e.ID, earlierToken.Reveal())
			}
			if _, err := os.Stat(filepath.Join(home, "state", "list.cache")); err == nil {
				t.Error("list.cache was left")
			}
			want := []reference{
				{doomedRef, connector.StorageFile, orphaned, looseSince.Add(-time.Hour)},
				{looseRef, connector.StorageFile, pending, looseSince},
			}
			if got := contentOf(t, s).References; !slices.Equal(got, want) {
				t.Errorf("%+v", got)
			}
			if after, err := os.ReadFile(s.disk.path); err != nil || !bytes.Equal(after, before) {
				t.Errorf("reading wrote it: %v", err)
			}

			for i, e := range entries {
				after := e.Connector
				after.Email = "mia.krystof@example.com"
				entries[i].Connector, err = edit(s, t.Context(), e.Connector, after)
				must(t, err)
				writtenOn(t, s)
			}
			// What is loose may yet be committed; what is doomed may not.
			if encrypted := encryptedIn(s); len(encrypted) != 2 || !encrypted[looseRef] {
				t.Errorf("%v", encrypted)
			}
			must(t, replaced(s, t.Context(), entries[0].Connector, atlassian.NewToken(canary)))
			must(t, s.SaveOutcomes(t.Context()))
			read := earlierEntries(t, s)
			if e := read[0]; e.Email != "mia.krystof@example.com" || e.Account != "Acme Ltd" || e.Expires.String() != "2027-03-31" || e.Added.Role != connector.RoleGlobalAdmin {
				t.Errorf("%+v", e.Connector)
			}
			mustToken(t, s, read[0].ID, canary)
			mustToken(t, s, read[1].ID, earlierToken.Reveal())

			now = now.Add(staleAfter)
			if report, err := s.Tidy(t.Context()); err != nil || report.Collected != 1 || report.Uncollected != 0 {
				t.Errorf("%+v, %v", report, err)
			}
			content := contentOf(t, s)
			if encrypted := encryptedIn(s); len(content.References) != 0 || len(encrypted) != 1 || !encrypted[content.Connectors[0].Ref] {
				t.Errorf("%+v, encrypted %v", content, encrypted)
			}
			earlierEntries(t, s)
		})
	}
}

// TestGoodCopyOfAnEarlierVersion: where connectors.json is damaged the copy that the earlier version
// made is used, and the next change goes on from it.
func TestGoodCopyOfAnEarlierVersion(t *testing.T) {
	for _, of := range earlierHomes {
		t.Run(of.dir, func(t *testing.T) {
			s := opened(t, earlierHome(t, of.dir, of.version), func(o *Options) { o.Now = func() time.Time { return looseSince } })
			must(t, os.WriteFile(s.disk.path, []byte(`{"version": `), 0o600))
			entries := earlierEntries(t, s)
			mustToken(t, s, entries[1].ID, earlierToken.Reveal())
			if told := s.Notices(); len(told) == 0 || !strings.Contains(told[0], "its backup is used") {
				t.Errorf("%v", told)
			}
			after := entries[0].Connector
			after.Account = "Acme Holding"
			if _, err := edit(s, t.Context(), entries[0].Connector, after); err != nil {
				t.Fatal(err)
			}
			writtenOn(t, s)
			if told := s.Notices(); len(told) == 0 || !strings.Contains(strings.Join(told, "\n"), "it was restored from its backup") {
				t.Errorf("%v", told)
			}
			if aside, err := filepath.Glob(s.disk.path + ".corrupt-*"); err != nil || len(aside) != 1 {
				t.Errorf("%v, %v", aside, err)
			}
			if e := earlierEntries(t, s)[0]; e.Account != "Acme Holding" {
				t.Errorf("%+v", e.Connector)
			}
			refs := contentOf(t, s).References
			if len(refs) != 1 || refs[0].Ref != looseRef || refs[0].State != pending {
				t.Errorf("%+v", refs)
			}
			must(t, s.Unlock(t.Context(), "correct horse battery staple!"))
			mustToken(t, s, entries[0].ID, earlierToken.Reveal())
		})
	}
}
