package secret

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"saasconnect/connector"
	"saasconnect/store/secret/fakeservice"
)

// A Secret Service in a process of its own, so that it can be frozen and killed as a real
// one can; and what a look does where there is no bus.

const strayMark = "SAASCONNECT_TEST_STRAY"

// soon bounds what a test lets a call that hangs take.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func noService(t *testing.T) {
	k := NewKeyring(false, hurried())
	if got := k.Probe(t.Context()); got.State != connector.StorageAbsent || got.Remedy == "" {
		t.Errorf("%+v", got)
	}
	if err := putChecked(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
}

func busDiesIdle(t *testing.T) {
	address, end := fakeservice.StartBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	fakeservice.New(t, address).Behave(fakeservice.BehavesWell)
	k := NewKeyring(false, hurried())
	must(t, putChecked(t.Context(), k, "ref", []byte(canary)))
	end()
	if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
	if got := k.Probe(t.Context()); got.State != connector.StorageAbsent {
		t.Errorf("%+v", got)
	}
}

// serviceFrozen: stopped before the look, and going on after it.
func serviceFrozen(t *testing.T) {
	child, _ := fakeservice.Distant(t, fakeservice.BehavesWell)
	k := NewKeyring(false, hurried())
	must(t, putChecked(t.Context(), k, "ref", []byte(canary)))
	must(t, child.Process.Signal(syscall.SIGSTOP))
	if got := k.Probe(soon(t)); got.State != connector.StorageUnresponsive {
		t.Errorf("%+v", got)
	}
	if _, err := k.Get(soon(t), "ref"); whyOf(t, err) != "timed-out" {
		t.Errorf("%v", err)
	}
	must(t, child.Process.Signal(syscall.SIGCONT))
	if got, err := k.Get(t.Context(), "ref"); err != nil || string(got) != canary {
		t.Errorf("going on: %v", err)
	}
}

func serviceKilled(t *testing.T) {
	child, _ := fakeservice.Distant(t, fakeservice.BehavesWell)
	k := NewKeyring(false, hurried())
	must(t, putChecked(t.Context(), k, "ref", []byte(canary)))
	fakeservice.End(child)
	if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
}

// serviceStartedAgain: the bus starts another one at the next look, which is locked, as
// gnome-keyring is.
func serviceStartedAgain(t *testing.T) {
	dir := t.TempDir()
	text := "[D-BUS Service]\nName=" + secretsName + "\nExec=/usr/bin/env " + fakeservice.InsideMark + "=" + fakeservice.ServeMark + " '" + fakeservice.BehaveMark + "=" + fakeservice.PromptUnanswered + "' " + os.Args[0] + " -test.run=^TestSecretService$\n"
	must(t, os.WriteFile(filepath.Join(dir, secretsName+".service"), []byte(text), 0o600))
	address, _ := fakeservice.StartBus(t, "<servicedir>"+dir+"</servicedir>")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	child, _ := fakeservice.Distant(t, fakeservice.BehavesWell)
	k := NewKeyring(false, hurried())
	must(t, putChecked(t.Context(), k, "ref", []byte(canary)))
	fakeservice.End(child)
	if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "locked" {
		t.Errorf("%v", err)
	}
	if got := k.Probe(t.Context()); got.State != connector.StorageLocked {
		t.Errorf("%+v", got)
	}
}

// serviceKilledPrompting: the library waits for ever then, or says so where it had not begun
// to wait. The call ends all the same, and no other is made while one is stuck.
func serviceKilledPrompting(t *testing.T) {
	child, says := fakeservice.Distant(t, fakeservice.PromptUnanswered)
	k := NewKeyring(true, hurried())
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for says.Scan() && says.Text() != "prompted" {
		}
		fakeservice.End(child)
		// Time for the library to notice; then the caller gives up.
		time.AfterFunc(300*time.Millisecond, cancel)
	}()
	err := putChecked(ctx, k, "ref", []byte(canary))
	<-killed
	noCanaryInError(t, err)
	_, again := k.Get(t.Context(), "ref")
	switch {
	case err == nil:
		t.Error("a value was stored without a service")
	case ctx.Err() == nil: // the service died before the library began to wait: it said so
		if whyOf(t, err) != "unavailable" || k.stuck.Load() != 0 {
			t.Errorf("it ended with %v, and %d calls are thought to be stuck", err, k.stuck.Load())
		}
	case k.stuck.Load() != 1 || whyOf(t, again) != "timed-out":
		t.Errorf("%d calls are thought to be stuck; a second one: %v", k.stuck.Load(), again)
	}
}

// TestNoBusLeavesNoDaemon has a dbus-launch that does what the real one does, and counts
// the daemons that are left. The library alone leaves one: otherwise nothing is proven.
func TestNoBusLeavesNoDaemon(t *testing.T) {
	switch os.Getenv(fakeservice.InsideMark) {
	case "look":
		k := NewKeyring(false, hurried())
		if got := k.Probe(t.Context()); got.State != connector.StorageAbsent {
			t.Errorf("%+v", got)
		}
		if err := putChecked(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
			t.Errorf("%v", err)
		}
		return
	case "library":
		conn, err := dbus.SessionBus()
		must(t, err)
		must(t, conn.Close())
		return
	}
	if found, _ := filepath.Glob("/run/user/*/bus"); len(found) > 0 {
		t.Skip("this machine has a session bus in /run/user")
	}
	_, _ = fakeservice.StartBus(t) // skips where there is no dbus-daemon
	bin := t.TempDir()
	config := filepath.Join(bin, "bus.conf")
	must(t, os.WriteFile(config, []byte(strings.Replace(fakeservice.BusConfig, "path=SOCKET", "tmpdir=/tmp", 1)), 0o600))
	launch := "#!/bin/sh\necho DBUS_SESSION_BUS_ADDRESS=$(dbus-daemon --fork --print-address --config-file=" + config + ")\n"
	must(t, os.WriteFile(filepath.Join(bin, "dbus-launch"), []byte(launch), 0o700))
	t.Cleanup(func() {
		for _, pid := range daemonsOf(t, bin) {
			must(t, syscall.Kill(pid, syscall.SIGKILL))
		}
	})
	for _, c := range []struct {
		inside string
		more   int
	}{{"look", 0}, {"library", 1}} {
		before := len(daemonsOf(t, bin))
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoBusLeavesNoDaemon$")
		child.Env = append(os.Environ(), fakeservice.InsideMark+"="+c.inside, strayMark+"="+bin, "PATH="+bin+":"+os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR="+bin)
		out, err := child.CombinedOutput()
		if after := len(daemonsOf(t, bin)); err != nil || after-before != c.more {
			t.Errorf("%s: %d daemons before, %d after: %v\n%s", c.inside, before, after, err, out)
		}
	}
}

// daemonsOf are the processes named dbus-daemon that a test's own children started: others
// on this machine don't count.
func daemonsOf(t *testing.T, bin string) []int {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	must(t, err)
	var pids []int
	for _, path := range all {
		environ, err := os.ReadFile(path)
		name, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "comm"))
		if err != nil || strings.TrimSpace(string(name)) != "dbus-daemon" || !bytes.Contains(environ, []byte(strayMark+"="+bin+"\x00")) {
			continue // also where it has ended meanwhile
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		must(t, err)
		pids = append(pids, pid)
	}
	return pids
}

// TestNoBusNoLaunch: nothing that could start a bus is installed.
func TestNoBusNoLaunch(t *testing.T) {
	if found, _ := filepath.Glob("/run/user/*/bus"); len(found) > 0 {
		t.Skip("this machine has a session bus in /run/user")
	}
	t.Setenv("PATH", t.TempDir())
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	k := NewKeyring(false, hurried())
	if got := k.Probe(t.Context()); got.State != connector.StorageAbsent || got.Remedy == "" {
		t.Errorf("%+v", got)
	}
	if err := putChecked(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
}
