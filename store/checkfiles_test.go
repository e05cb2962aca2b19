package store

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"saasconnect/connector"
)

// snapshot is every file's name, mode and content: looking must change none of it.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[path] = info.Mode().String()
		if info.Mode().IsRegular() {
			all[path] += string(readOf(t, path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// worst are those that something has to be done about, by what they are.
func worst(all []connector.FileCheck) map[string]connector.Verdict {
	bad := map[string]connector.Verdict{}
	for _, e := range all {
		if e.Verdict != connector.Working && e.Verdict != connector.Skipped {
			bad[e.What] = e.Verdict
		}
	}
	return bad
}

// TestCheckFiles breaks one thing at a time: that one is named and no other, and looking
// changes nothing.
func TestCheckFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes and links are not what they are elsewhere")
	}
	const (
		theFolder, theFile, theCopy, theSettings, theLock = "connectors folder", "connectors file", "backup", "settings", "lock file"
		theTokens, theIdentity, theEncrypted, theKey      = "encrypted tokens folder", "encryption key", "encrypted tokens", "key file"
	)
	source := t.TempDir()
	s, _ := openedEncryptedFile(t, source)
	if err := s.SetSettings(t.Context(), connector.Settings{Role: connector.RoleAccountAdmin}); err != nil {
		t.Fatal(err)
	}
	encrypted := "secrets/" + contentOf(t, s).Connectors[0].Ref + ".age"
	type change func(t *testing.T, home string)
	mode := func(name string, m fs.FileMode) change {
		return func(t *testing.T, home string) { must(t, os.Chmod(filepath.Join(home, name), m)) }
	}
	text := func(name, text string) change {
		return func(t *testing.T, home string) {
			must(t, os.WriteFile(filepath.Join(home, name), []byte(text), 0o600))
		}
	}
	gone := func(names ...string) change {
		return func(t *testing.T, home string) {
			for _, name := range names {
				must(t, os.Remove(filepath.Join(home, name)))
			}
		}
	}
	away := func(name string) change {
		return func(t *testing.T, home string) {
			other := filepath.Join(t.TempDir(), "other")
			must(t, os.Rename(filepath.Join(home, name), other))
			must(t, os.Symlink(other, filepath.Join(home, name)))
		}
	}
	owner := func(name string) change {
		return func(t *testing.T, home string) {
			if os.Geteuid() != 0 {
				t.Skip("only root can give files away")
			}
			must(t, os.Chown(filepath.Join(home, name), 12345, -1))
		}
	}
	both := func(all ...change) change {
		return func(t *testing.T, home string) {
			for _, one := range all {
				one(t, home)
			}
		}
	}
	const attention, failing = connector.Attention, connector.Failing
	for name, c := range map[string]struct {
		do   change
		want map[string]connector.Verdict
	}{
		"nothing":                    {func(*testing.T, string) {}, nil},
		"the folder is open":         {mode(".", 0o755), map[string]connector.Verdict{theFolder: attention}},
		"others write in the folder": {mode(".", 0o775), map[string]connector.Verdict{theFolder: failing}},
		"their link to the file": {both(away("connectors.json"), func(t *testing.T, home string) {
			if os.Geteuid() != 0 {
				t.Skip("only root can give files away")
			}
			must(t, os.Lchown(filepath.Join(home, "connectors.json"), 12345, -1))
		}), map[string]connector.Verdict{theFile: failing}},
		"the file is open":                 {mode("connectors.json", 0o644), map[string]connector.Verdict{theFile: attention}},
		"the file is theirs":               {owner("connectors.json"), map[string]connector.Verdict{theFile: failing}},
		"the file is damaged":              {text("connectors.json", "{"), map[string]connector.Verdict{theFile: attention}},
		"the file is open and newer":       {both(text("connectors.json", `{"version":7}`), mode("connectors.json", 0o644)), map[string]connector.Verdict{theFile: failing}},
		"the file is empty":                {text("connectors.json", ""), map[string]connector.Verdict{theFile: attention}},
		"the file is gone":                 {gone("connectors.json"), map[string]connector.Verdict{theFile: attention}},
		"the file is newer":                {text("connectors.json", `{"version":7}`), map[string]connector.Verdict{theFile: failing}},
		"the copy is damaged":              {text("connectors.json.bak", "{"), map[string]connector.Verdict{theCopy: attention}},
		"the copy is gone":                 {gone("connectors.json.bak"), map[string]connector.Verdict{theCopy: attention}},
		"both are damaged":                 {both(text("connectors.json", "{"), text("connectors.json.bak", "{")), map[string]connector.Verdict{theFile: failing, theEncrypted: connector.Unknown}},
		"both are gone":                    {gone("connectors.json", "connectors.json.bak"), map[string]connector.Verdict{theEncrypted: attention}},
		"the file behind a link":           {away("connectors.json"), nil},
		"the file is a folder":             {both(gone("connectors.json"), func(t *testing.T, home string) { must(t, os.Mkdir(filepath.Join(home, "connectors.json"), 0o700)) }), map[string]connector.Verdict{theFile: failing}},
		"the settings are damaged":         {text("settings.json", "{"), map[string]connector.Verdict{theSettings: attention}},
		"the settings are open":            {mode("settings.json", 0o666), map[string]connector.Verdict{theSettings: attention}},
		"the lock is theirs":               {owner(lockName), map[string]connector.Verdict{theLock: failing}},
		"the tokens folder is open":        {mode("secrets", 0o750), map[string]connector.Verdict{theTokens: attention, theEncrypted: attention}},
		"the vault behind a link":          {away("secrets"), map[string]connector.Verdict{theTokens: attention}},
		"an encrypted token is open":       {mode(encrypted, 0o644), map[string]connector.Verdict{theEncrypted: attention}},
		"an encrypted token is theirs":     {owner(encrypted), map[string]connector.Verdict{theEncrypted: attention}},
		"an encrypted token is gone":       {gone(encrypted), map[string]connector.Verdict{theEncrypted: failing}},
		"an encrypted token behind a link": {away(encrypted), map[string]connector.Verdict{theEncrypted: attention}},
		"an encrypted token without owner": {text("secrets/b3a2c1d0-0000-4000-8000-000000000000.age", "x"), map[string]connector.Verdict{theEncrypted: attention}},
		"the identity is theirs":           {owner("secrets/identity.age"), map[string]connector.Verdict{theIdentity: failing}},
		"the identity is open":             {mode("secrets/identity.age", 0o604), map[string]connector.Verdict{theIdentity: attention}},
		"the identity behind a link":       {away("secrets/identity.age"), map[string]connector.Verdict{theIdentity: attention}},
		"the identity is gone":             {gone("secrets/identity.age"), map[string]connector.Verdict{theEncrypted: failing}},
		"the key file is open to others":   {mode("key", 0o640), map[string]connector.Verdict{theKey: failing}},
		"the key file is theirs":           {owner("key"), map[string]connector.Verdict{theKey: failing}},
		"the key file is gone":             {gone("key"), map[string]connector.Verdict{theKey: failing}},
		"the key file behind a link":       {away("key"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			home := copied(t, source)
			must(t, os.WriteFile(filepath.Join(home, "key"), []byte(canary), 0o600))
			c.do(t, home)
			before := snapshot(t, home)
			s := opened(t, home, func(o *Options) { o.KeyFile = filepath.Join(home, "key") })
			all := s.CheckFiles(t.Context())
			bad := worst(all)
			for what, verdict := range c.want {
				if bad[what] != verdict {
					t.Errorf("%s is %q", what, bad[what])
				}
				delete(bad, what)
			}
			if len(bad) > 0 {
				t.Errorf("too much is said: %v", bad)
			}
			for _, e := range all {
				if needs := e.Verdict != connector.Working && e.Verdict != connector.Skipped; needs != (e.Remedy != "") || e.Detail == "" || e.Where == "" || strings.Contains(e.Detail+e.Remedy, "CANARY") {
					t.Errorf("%+v", e)
				}
			}
			for path, was := range before {
				if snapshot(t, home)[path] != was {
					t.Errorf("looking changed %s", path)
				}
			}
			if told := s.Notices(); len(told) > 0 {
				t.Errorf("looking mended something: %q", told)
			}
		})
	}
}

func TestCheckFilesNothing(t *testing.T) {
	home := filepath.Join(t.TempDir(), "nothing")
	for _, e := range opened(t, home, nil).CheckFiles(t.Context()) {
		if e.Verdict != connector.Skipped {
			t.Errorf("%+v", e)
		}
	}
	if _, err := os.Lstat(home); err == nil {
		t.Error("looking made the folder")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, e := range opened(t, home, nil).CheckFiles(ctx) {
		if e.Verdict != connector.Unknown {
			t.Errorf("given up: %+v", e)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// removed is what Remove could not do, whatever it was: the connector is there still, or its
// token is.
func removed(left *connector.StorageError, err error) error {
	if err == nil && left != nil {
		return left
	}
	return err
}

func isWindows() bool { return runtime.GOOS == "windows" }
