package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"saasconnect/connector"
)

// holdOpen opens a file as a program does that shares only so much of it.
func holdOpen(t *testing.T, path string, share uint32) (release func()) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := windows.CreateFile(name, windows.GENERIC_READ, share, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = windows.CloseHandle(file) }
}

// TestAnotherProgramHasItOpen: a scanner or an editor that holds one of our files is named as the
// cause, nothing is changed, and the lock file is waited for as for another saasconnect.
func TestAnotherProgramHasItOpen(t *testing.T) {
	s, added := openedEncryptedFile(t, t.TempDir())
	path := s.disk.path
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := added
	changed.Account = "Acme"
	for _, share := range []uint32{windows.FILE_SHARE_READ, 0} {
		release := holdOpen(t, path, share)
		_, err = edit(s, t.Context(), added, changed)
		release()
		if why := whyOf(t, err); why != string(connector.StoreInUse) {
			t.Errorf("writing, shared %d: %s (%v)", share, why, err)
		}
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(before) {
		t.Errorf("it changed: %v", err)
	}
	time.AfterFunc(200*time.Millisecond, holdOpen(t, filepath.Join(filepath.Dir(path), lockName), 0))
	if _, err := edit(s, t.Context(), added, changed); err != nil {
		t.Errorf("once the lock file is let go: %v", err)
	}
}

// TestHomeThatIsAway: a home on a drive or a share that isn't there is no new installation.
func TestHomeThatIsAway(t *testing.T) {
	for _, home := range []string{`Q:\saasconnect`, `\\no-such-host.invalid\share\saasconnect`} {
		s := opened(t, home, nil)
		if _, err := s.Load(t.Context()); err == nil || whyOf(t, err) != string(connector.StoreAway) {
			t.Errorf("%s: %v", home, err)
		}
		for _, check := range s.CheckFiles(t.Context()) {
			if check.What == "connectors folder" && check.Verdict != connector.Failing {
				t.Errorf("%s: doctor says %q", home, check.Detail)
			}
		}
	}
}

// TestDoctorReadsAccessLists: doctor says which files others may read, and the command that changes it.
func TestDoctorReadsAccessLists(t *testing.T) {
	home := t.TempDir()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := opened(t, home, func(o *Options) { o.KeyFile = key })
	mustAdd(t, s, acmeJira(t, connector.StorageFile))
	private := func(when string, none ...string) {
		t.Helper()
		for _, check := range s.CheckFiles(t.Context()) {
			wrong := check.Verdict == connector.Attention || check.Verdict == connector.Failing
			if expected := slices.Contains(none, check.What); wrong != expected {
				t.Errorf("%s: %s is %q", when, check.What, check.Detail)
			} else if expected && !strings.Contains(check.Remedy, `icacls "`+check.Where+`" /inheritance:r`) {
				t.Errorf("%s: what helps is %q", check.What, check.Remedy)
			}
		}
	}
	private("as it is made")
	letOthersRead(t, s.disk.path)
	letOthersRead(t, key)
	private("open to others", "connectors file", "key file")
}

// letOthersRead lets every user read a file.
func letOthersRead(t *testing.T, path string) {
	t.Helper()
	sd, err := windows.SecurityDescriptorFromString("D:(A;;FA;;;BA)(A;;FA;;;SY)(A;;FR;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := sd.DACL()
	if err == nil {
		err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}
