package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// TestAway: a drive or a share that isn't there is no empty folder.
func TestAway(t *testing.T) {
	for _, path := range []string{`Q:\saasconnect\connectors.json`, `\\no-such-host.invalid\share\saasconnect\connectors.json`} {
		if _, err := ReadBounded(path, 1); !errors.Is(err, ErrAway) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("read %s: %v", path, err)
		}
		if err := TrustFile(path); !errors.Is(err, ErrAway) {
			t.Errorf("trust %s: %v", path, err)
		}
	}
}

// grant replaces the access list of a file or folder by one in SDDL.
func grant(t *testing.T, path, sddl string) {
	t.Helper()
	sd, err := windows.SecurityDescriptorFromString(sddl)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := sd.DACL()
	if err == nil {
		err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAccessLists: who may read and write is read from the access list and not from a mode, which
// Windows makes up.
func TestAccessLists(t *testing.T) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	mine := "(A;;FA;;;" + me.User.Sid.String() + ")"
	for name, c := range map[string]struct {
		sddl        string
		read, write bool
	}{
		"the user's alone":       {"D:P" + mine, false, false},
		"and the system's":       {"D:P" + mine + "(A;;FA;;;SY)(A;;FA;;;BA)", false, false},
		"everyone may read":      {"D:P" + mine + "(A;;FR;;;WD)", true, false},
		"everyone may do all":    {"D:P" + mine + "(A;;FA;;;WD)", true, true},
		"it is for what's below": {"D:P" + mine + "(A;OICIIO;FA;;;WD)", false, false},
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		grant(t, path, c.sddl)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		a := AccessOf(path, info)
		if !a.Mine || !a.Owned || a.OthersRead != c.read || a.OthersWrite != c.write || a.Key != (!c.read && !c.write) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// TestMakePrivate: a folder of ours is the user's, whatever the folder above lets others do.
func TestMakePrivate(t *testing.T) {
	above := t.TempDir()
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	grant(t, above, "D:P(A;OICI;FA;;;"+me.User.Sid.String()+")(A;OICI;FA;;;WD)")
	dir := filepath.Join(above, "one", "two")
	if err := MakeFolder(dir); err != nil {
		t.Fatal(err)
	}
	if err := MakeFolder(dir); err != nil {
		t.Errorf("again: %v", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a := AccessOf(dir, info); !a.Private() || !a.Mine {
		t.Errorf("%+v", a)
	}
	if command := PrivateCommand(dir, true); !strings.Contains(command, `"`+dir+`"`) || !strings.HasPrefix(command, "icacls ") {
		t.Error(command)
	}
}

// hold opens a file as a program does that lets no one else read or replace it.
func hold(t *testing.T, path string, share uint32) (release func()) {
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

// TestInUse: a file that another program has open is said to be, and is not "no permission"; one that
// is let go meanwhile is waited for.
func TestInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "connectors.json")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, share := range []uint32{0, windows.FILE_SHARE_READ} {
		release := hold(t, path, share)
		if err := WriteAtomic(path, []byte("new"), nil); !errors.Is(err, ErrInUse) {
			t.Errorf("write, shared %d: %v", share, err)
		}
		if err := Remove(path); !errors.Is(err, ErrInUse) {
			t.Errorf("remove, shared %d: %v", share, err)
		}
		if _, err := ReadBounded(path, 10); (share == 0) != errors.Is(err, ErrInUse) {
			t.Errorf("read, shared %d: %v", share, err)
		}
		release()
	}
	release := hold(t, path, 0)
	time.AfterFunc(50*time.Millisecond, release)
	if err := WriteAtomic(path, []byte("new"), nil); err != nil {
		t.Errorf("once it is let go: %v", err)
	}
	if err := os.Chmod(path, 0o400); err != nil { // the attribute "read-only"
		t.Fatal(err)
	}
	if err := Remove(filepath.Join(filepath.Dir(path), "none")); errors.Is(err, ErrInUse) {
		t.Errorf("a file that isn't there: %v", err)
	}
}
