package secret

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"saasconnect/connector"
)

// counted lets a store count the passphrases that are tried, whether they open or not.
func counted(s *EncryptedFile) *int {
	tries := new(int)
	s.decryptIdentity = func(encrypted []byte, key string) (*age.X25519Identity, error) {
		*tries++ // under the vault's lock
		return decryptIdentity(encrypted, key)
	}
	return tries
}

// TestAWrongKeyFileIsTriedOnce: a check of many connectors asks for the encrypted file at
// each of them, several at once. A passphrase that does not open it is paid for once, and
// again only where the key file or the identity is another.
func TestAWrongKeyFileIsTriedOnce(t *testing.T) {
	home, key := t.TempDir(), filepath.Join(t.TempDir(), "key")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(key, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, added := openedFile(t, home)
	write("a passphrase of another file")
	s := opened(t, home, func(o *EncryptedOptions) { o.KeyFile = key })
	tries := counted(s)
	ask := func(want string) {
		t.Helper()
		var wait sync.WaitGroup
		for range 12 {
			wait.Go(func() {
				_, err := token(t, s, added)
				if good := err == nil; good != (want == "") || !good && whyOf(t, err) != want {
					t.Errorf("%v, want %q", err, want)
				}
			})
		}
		wait.Wait()
	}
	expect := func(n int, when string) {
		t.Helper()
		if *tries != n {
			t.Errorf("%s: %d tries, want %d", when, *tries, n)
		}
	}
	ask("wrong-passphrase")
	expect(1, "twelve connectors")
	if status := s.Probe(t.Context()); status.State != connector.StorageBroken || status.Detail != "the key in SAASCONNECT_KEY_FILE does not unlock it" {
		t.Errorf("%+v", status)
	}
	expect(1, "a look at the storages")
	write("one more that is of another file")
	ask("wrong-passphrase")
	expect(2, "another key")
	if err := opened(t, home, nil).ChangePassphrase(t.Context(), passphrase, newPassphrase); err != nil {
		t.Fatal(err)
	}
	ask("wrong-passphrase")
	expect(3, "another identity")
	write(newPassphrase)
	ask("")
	expect(4, "the right key")
}

// wide is ASCII in UTF-16, little-endian.
func wide(text string) string { return strings.Join(strings.Split(text, ""), "\x00") + "\x00" }

// TestWhatAKeyFileHolds: its length is counted in characters, the mark that Windows puts in
// front of UTF-8 is none of it, and UTF-16, which PowerShell 5.1 writes, is read by its mark.
func TestWhatAKeyFileHolds(t *testing.T) {
	home, key := t.TempDir(), filepath.Join(t.TempDir(), "key")
	for _, c := range []struct{ name, text, says string }{
		{"plain", "sixteen letters!\n", ""},
		{"comments first", "# made by age-keygen\r\n\r\n  sixteen letters!  \r\n", ""},
		{"a mark in front", "\ufeffsixteen letters!\n", ""},
		{"a mark and a comment", "\ufeff# a comment\nsixteen letters!\n", ""},
		{"fifteen", "fifteen letters\n", "too short"},
		{"eight of two bytes", "ключключ\n", "too short"},
		{"nothing", "# only a comment\n", "no key"},
		{"UTF-16", "\xff\xfe" + wide("sixteen letters!\r\n"), ""},
		{"UTF-16, fifteen", "\xff\xfe" + wide("fifteen letters\r\n"), "too short"},
		{"UTF-16 without its mark", "s\x00i\x00x\x00t\x00e\x00e\x00n\x00 \x00l\x00e\x00t\x00t\x00e\x00r\x00s\x00!\x00", "UTF-16"},
	} {
		must(t, os.WriteFile(key, []byte(c.text), 0o600))
		s := opened(t, home, func(o *EncryptedOptions) { o.KeyFile = key })
		err := s.Put(t.Context(), "5b10a284-0000-4000-8000-5fb731aea58f", []byte("tried"))
		switch said := connector.Explain(err).Title; {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.says != "" && (err == nil || whyOf(t, err) != "unsafe" || !strings.Contains(said, c.says)):
			t.Errorf("%s: %v, %q", c.name, err, said)
		}
	}
}

// A person who types it wrong twice has it tried twice, and nothing of it is kept.
func TestATypedPassphraseIsNotRemembered(t *testing.T) {
	home := t.TempDir()
	openedFile(t, home)
	s := opened(t, home, nil)
	tries := counted(s)
	for range 2 {
		if err := s.Unlock(t.Context(), "not the one that it was"); whyOf(t, err) != "wrong-passphrase" {
			t.Error(err)
		}
	}
	if *tries != 2 || s.refused != (attempt{}) {
		t.Errorf("%d tries, and %+v is kept", *tries, s.refused)
	}
}
