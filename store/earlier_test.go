package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// TestHomeOfAnEarlierVersion: testdata/home-2 was written by the program of 26 Nov 2026, with
// a token in the encrypted file and one that is read from a variable, each checked twice. It
// is read as it was then, changed, and read again.
func TestHomeOfAnEarlierVersion(t *testing.T) {
	home := t.TempDir()
	must(t, os.CopyFS(home, os.DirFS(filepath.Join("testdata", "home-2"))))
	must(t, filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			err = os.Chmod(path, 0o600)
		} else if err == nil {
			err = os.Chmod(path, 0o700)
		}
		return err
	}))
	token := atlassian.NewToken("ATATT3xFfGF0" + strings.Repeat("kept-by-an-earlier-version-", 4))
	t.Setenv("TOK", token.Reveal())
	s := opened(t, home, nil)
	must(t, s.Unlock(t.Context(), "correct horse battery staple!"))
	read := func() []connector.Entry {
		t.Helper()
		entries, err := s.Load(t.Context())
		if err != nil || len(entries) != 2 {
			t.Fatal(entries, err)
		}
		for _, e := range entries {
			if reports := s.Reports(t.Context(), e.ID); len(reports) != 2 || e.Last == nil || e.Last.Code != connector.CodeUnreachable || !e.Last.At.Equal(reports[0].At) {
				t.Errorf("%s: %d reports, %+v", e.Name, len(reports), e.Last)
			}
			if got, err := s.Token(t.Context(), e.ID); err != nil || !got.Equal(token) {
				t.Errorf("the token of %s: %v", e.Name, err)
			}
		}
		return entries
	}
	first := read()[0]
	if _, err := os.Stat(filepath.Join(home, "state", "list.cache")); err == nil {
		t.Error("list.cache was left")
	}
	after := first.Connector
	after.Email = "mia.krystof@example.com"
	if _, err := edit(s, t.Context(), first.Connector, after); err != nil {
		t.Fatal(err)
	}
	must(t, s.SaveOutcomes(t.Context()))
	if e := read()[0]; e.Email != after.Email || e.Account != "Acme Ltd" || e.Expires.String() != "2027-03-31" {
		t.Errorf("%+v", e.Connector)
	}
}
