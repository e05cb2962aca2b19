package store

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// A Secret Service in a process of its own, so that it can be frozen and killed as a real
// one can; and what a look does where there is no bus.

const (
	serveMark  = "serve"
	behaveMark = "SAASCONNECT_TEST_BEHAVE"
	strayMark  = "SAASCONNECT_TEST_STRAY"
)

// serve is that process. It says when it is ready and when it prompts, and ends with its
// bus.
func serve(t *testing.T) {
	p := newPretendService(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	p.set(os.Getenv(behaveMark))
	fmt.Println("ready")
	for {
		select {
		case <-p.prompted:
			fmt.Println("prompted")
		case <-p.conn.Context().Done():
			return
		}
	}
}

// distantService starts it, and returns it and what it says.
func distantService(t *testing.T, behave string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestSecretService$")
	child.Env = append(os.Environ(), insideMark+"="+serveMark, behaveMark+"="+behave)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	t.Cleanup(func() { endService(child) })
	says := bufio.NewScanner(out)
	waitFor(t, says, "ready")
	return child, says
}

func waitFor(t *testing.T, says *bufio.Scanner, word string) {
	t.Helper()
	for says.Scan() {
		if says.Text() == word {
			return
		}
	}
	t.Fatalf("the service never said %s", word)
}

func endService(child *exec.Cmd) {
	_ = child.Process.Kill()
	_ = child.Wait() // it was killed
}

// soon bounds what a test lets a call that hangs take.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func noService(t *testing.T) {
	k := newKeyring(false)
	if got := k.probe(t.Context()); got.State != connector.StorageAbsent || got.Remedy == "" {
		t.Errorf("%+v", got)
	}
	if err := putProven(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
}

func busDiesIdle(t *testing.T) {
	address, end := startBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	newPretendService(t, address).set(behavesWell)
	k := newKeyring(false)
	must(t, putProven(t.Context(), k, "ref", []byte(canary)))
	end()
	if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
	if got := k.probe(t.Context()); got.State != connector.StorageAbsent {
		t.Errorf("%+v", got)
	}
}

// serviceFrozen: stopped before the look, and going on after it.
func serviceFrozen(t *testing.T) {
	child, _ := distantService(t, behavesWell)
	k := newKeyring(false)
	must(t, putProven(t.Context(), k, "ref", []byte(canary)))
	must(t, child.Process.Signal(syscall.SIGSTOP))
	if got := k.probe(soon(t)); got.State != connector.StorageUnresponsive {
		t.Errorf("%+v", got)
	}
	if _, err := k.get(soon(t), "ref"); whyOf(t, err) != "timed-out" {
		t.Errorf("%v", err)
	}
	must(t, child.Process.Signal(syscall.SIGCONT))
	if got, err := k.get(t.Context(), "ref"); err != nil || string(got) != canary {
		t.Errorf("going on: %v", err)
	}
}

// serviceFrozenWriting: stopped between the look and the write, which lands when nobody
// waits for it any more. It is known, and collected.
func serviceFrozenWriting(t *testing.T) {
	child, _ := distantService(t, behavesWell)
	home := t.TempDir()
	s := opened(t, home, nil)
	k, ok := s.storages[0].(*keyring)
	if !ok {
		t.Fatal("the first safe is no keyring")
	}
	look := k.look
	k.look = func(ctx context.Context) sight {
		seen := look(ctx)
		must(t, child.Process.Signal(syscall.SIGSTOP))
		return seen
	}
	if _, err := add(s, soon(t), acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "timed-out" {
		t.Fatal(err)
	}
	must(t, child.Process.Signal(syscall.SIGCONT))
	landed(t, k)
	content := contentOf(t, s)
	if len(content.Connectors) != 0 || len(content.References) != 1 {
		t.Fatalf("%+v", content)
	}
	ref, after := content.References[0].Ref, newKeyring(false)
	if _, err := after.get(t.Context(), ref); err != nil {
		t.Fatalf("the write did not land, so nothing is proven: %v", err)
	}
	aged := opened(t, home, func(o *Options) { o.Now = func() time.Time { return day.Add(time.Hour) } })
	if report, err := aged.Tidy(t.Context()); err != nil || report.Collected != 1 || report.Uncollected != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if _, err := after.get(t.Context(), ref); whyOf(t, err) != "missing" {
		t.Errorf("the ghost is there still: %v", err)
	}
}

// landed waits until a call that was given up has come back.
func landed(t *testing.T, k *keyring) {
	t.Helper()
	hang, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for k.stuck.Load() > 0 {
		if hang.Err() != nil {
			t.Fatal("it never came back")
		}
		_, _ = os.ReadFile("/proc/self/stat") // lets others run meanwhile
	}
}

func serviceKilled(t *testing.T) {
	child, _ := distantService(t, behavesWell)
	k := newKeyring(false)
	must(t, putProven(t.Context(), k, "ref", []byte(canary)))
	endService(child)
	if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
}

// serviceStartedAgain: the bus starts another one at the next look, which is locked, as
// gnome-keyring is.
func serviceStartedAgain(t *testing.T) {
	dir := t.TempDir()
	text := "[D-BUS Service]\nName=" + secretsName + "\nExec=/usr/bin/env " + insideMark + "=" + serveMark + " '" + behaveMark + "=" + promptUnanswered + "' " + os.Args[0] + " -test.run=^TestSecretService$\n"
	must(t, os.WriteFile(filepath.Join(dir, secretsName+".service"), []byte(text), 0o600))
	address, _ := startBus(t, "<servicedir>"+dir+"</servicedir>")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	child, _ := distantService(t, behavesWell)
	k := newKeyring(false)
	must(t, putProven(t.Context(), k, "ref", []byte(canary)))
	endService(child)
	if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "locked" {
		t.Errorf("%v", err)
	}
	if got := k.probe(t.Context()); got.State != connector.StorageLocked {
		t.Errorf("%+v", got)
	}
}

// serviceKilledPrompting: the library waits for ever then, or says so where it had not begun
// to wait. The call ends all the same, and no other is made while one is stuck.
func serviceKilledPrompting(t *testing.T) {
	child, says := distantService(t, promptUnanswered)
	k := newKeyring(true)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for says.Scan() && says.Text() != "prompted" {
		}
		endService(child)
		// A while for what the library makes of it; then whoever asked gives up.
		time.AfterFunc(300*time.Millisecond, cancel)
	}()
	err := putProven(ctx, k, "ref", []byte(canary))
	<-killed
	noCanaryInError(t, err)
	_, again := k.get(t.Context(), "ref")
	switch {
	case err == nil:
		t.Error("a value was kept by nobody")
	case ctx.Err() == nil: // the service died before the library began to wait: it said so
		if whyOf(t, err) != "unavailable" || k.stuck.Load() != 0 {
			t.Errorf("it ended with %v, and %d calls are thought to be stuck", err, k.stuck.Load())
		}
	case k.stuck.Load() != 1 || whyOf(t, again) != "timed-out":
		t.Errorf("%d calls are thought to be stuck; a second one: %v", k.stuck.Load(), again)
	}
}

// deletingDismissed: the library says that it is gone. It stays known until it is.
func deletingDismissed(t *testing.T) {
	service := newPretendService(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.set(behavesWell)
	home := t.TempDir()
	s := opened(t, home, nil)
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	before := contentOf(t, s)
	ref := before.find(added.ID).Ref
	service.set(dismissesDelete)
	if err := s.storages[0].remove(t.Context(), ref); whyOf(t, err) != "refused" {
		t.Errorf("%v", err)
	}
	if left, err := s.Remove(t.Context(), added.ID); err != nil || left == nil || left.Why != connector.StorageWhyRefused {
		t.Errorf("removing: %v, left %v", err, left)
	}
	content := contentOf(t, s)
	if len(content.Connectors) != 0 || len(content.References) != 1 || !slices.Equal(service.users(), []string{ref}) {
		t.Errorf("%+v, %v", content, service.users())
	}
	service.set(behavesWell)
	if report, err := opened(t, home, nil).Tidy(t.Context()); err != nil || report.Collected != 1 || report.Uncollected != 0 || len(service.users()) != 0 {
		t.Errorf("%+v, %v, %v", report, err, service.users())
	}
}

// promptHoldsNoLock: another saasconnect works while a desktop asks for the password.
func promptHoldsNoLock(t *testing.T) {
	service := newPretendService(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.set(promptUnanswered)
	home := t.TempDir()
	s := opened(t, home, func(o *Options) { o.Interactive = true })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error)
	go func() {
		_, err := add(s, ctx, acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{})
		done <- err
	}()
	<-service.prompted
	other := opened(t, home, nil)
	must(t, other.CreateEncryptedFile(t.Context(), passphrase))
	added := mustAdd(t, other, acmeJira(t, connector.StorageFile))
	must(t, removed(other.Remove(t.Context(), added.ID)))
	cancel()
	if err := <-done; err == nil || ctx.Err() == nil {
		t.Errorf("%v", err)
	}
	if content := contentOf(t, other); len(content.Connectors) != 0 || len(content.References) != 1 {
		t.Errorf("%+v", content)
	}
}

// TestNoBusLeavesNoDaemon has a dbus-launch that does what the real one does, and counts
// the daemons that are left. The library alone leaves one: otherwise nothing is proven.
func TestNoBusLeavesNoDaemon(t *testing.T) {
	switch os.Getenv(insideMark) {
	case "look":
		k := newKeyring(false)
		if got := k.probe(t.Context()); got.State != connector.StorageAbsent {
			t.Errorf("%+v", got)
		}
		if err := putProven(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
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
	_, _ = startBus(t) // skips where there is no dbus-daemon
	bin := t.TempDir()
	config := filepath.Join(bin, "bus.conf")
	must(t, os.WriteFile(config, []byte(strings.Replace(busConfig, "path=SOCKET", "tmpdir=/tmp", 1)), 0o600))
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
		child.Env = append(os.Environ(), insideMark+"="+c.inside, strayMark+"="+bin, "PATH="+bin+":"+os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR="+bin)
		out, err := child.CombinedOutput()
		if after := len(daemonsOf(t, bin)); err != nil || after-before != c.more {
			t.Errorf("%s: %d daemons before, %d after: %v\n%s", c.inside, before, after, err, out)
		}
	}
}

// daemonsOf are the processes named dbus-daemon that a test's own children started: others
// on this machine are nobody's business.
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
	k := newKeyring(false)
	if got := k.probe(t.Context()); got.State != connector.StorageAbsent || got.Remedy == "" {
		t.Errorf("%+v", got)
	}
	if err := putProven(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
		t.Errorf("%v", err)
	}
}
