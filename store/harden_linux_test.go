package store

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

const hardenMark = "SAASCONNECT_TEST_HARDEN"

// TestHarden in a process of its own: what it does can't be taken back.
func TestHarden(t *testing.T) {
	if os.Getenv(hardenMark) != "" {
		hardened(t)
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHarden$", "-test.v")
	child.Env = append(os.Environ(), hardenMark+"=1")
	if out, err := child.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS: TestHarden") {
		t.Errorf("%v\n%s", err, out)
	}
}

func dumpable() uintptr {
	is, _, _ := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_GET_DUMPABLE, 0, 0)
	return is
}

func hardened(t *testing.T) {
	if dumpable() == 0 {
		t.Fatal("it was not dumpable before: nothing would be proven")
	}
	if err := Harden(); err != nil {
		t.Fatal(err)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("%+v, %v", limit, err)
	}
	if dumpable() != 0 {
		t.Error("it can be dumped still")
	}
	// What the program does all day goes on: its own files, its own path, a child.
	if _, err := os.Executable(); err != nil {
		t.Error(err)
	}
	if _, err := os.ReadFile("/proc/self/stat"); err != nil {
		t.Error(err)
	}
	out, err := exec.Command("sh", "-c", "ulimit -c").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "0" {
		t.Errorf("a child may dump: %s, %v", out, err)
	}
	home := t.TempDir()
	s, added := openedEncryptedFile(t, home)
	mustToken(t, s, added.ID, canary)
}
