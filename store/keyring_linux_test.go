package store

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The keyring on a real bus, with a pretend Secret Service behind it. The tests run in a
// process of their own: go-keyring keeps one connection to one bus for a whole process.

const insideMark = "SAASCONNECT_TEST_INSIDE"

// busConfig is a bus that can start nobody.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`

// startBus starts a bus and returns its address and how to end it. What is given besides
// goes into its configuration.
func startBus(t *testing.T, besides ...string) (address string, end func()) {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		if os.Getenv("SAASCONNECT_TEST_KEYRING") == "required" {
			t.Fatal("dbus-daemon is required and not installed")
		}
		t.Skip("dbus-daemon is not installed")
	}
	dir, err := os.MkdirTemp("", "bus") // a test's own folder can be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	config := filepath.Join(dir, "bus.conf")
	text := strings.Replace(busConfig, "SOCKET", filepath.Join(dir, "socket"), 1)
	text = strings.Replace(text, "</busconfig>", strings.Join(besides, "")+"</busconfig>", 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("dbus-daemon", "--nofork", "--print-address", "--config-file="+config)
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait() // it was killed
	})
	t.Cleanup(end)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the bus gave no address: %v", err)
	}
	return strings.TrimSpace(line), end
}

// TestSecretService goes through what a Secret Service can do wrong.
func TestSecretService(t *testing.T) {
	parts := []struct {
		name string
		run  func(*testing.T)
	}{
		{"faults", serviceFaults},
		{"ghost write", ghostWrite},
		{"the bus dies", busDies},
		{"the bus dies between calls", busDiesIdle},
		{"no service", noService},
		{"frozen", serviceFrozen},
		{"frozen in the midst of a write", serviceFrozenWriting},
		{"killed between calls", serviceKilled},
		{"killed, and started again locked", serviceStartedAgain},
		{"killed while it prompts", serviceKilledPrompting},
		{"deleting is dismissed", deletingDismissed},
		{"a prompt holds no lock", promptHoldsNoLock},
		{"report 10: it runs and has no keyring", reportNoKeyring},
		{"report 11: one other keyring", reportOtherKeyring},
		{"report 11: several keyrings, none the default", reportSeveralKeyrings},
		{"report 11: login and the default go before", reportLoginFirst},
	}
	inside := os.Getenv(insideMark)
	if inside == serveMark {
		serve(t)
	}
	for _, part := range parts {
		if inside == part.name {
			part.run(t)
		}
		if inside != "" {
			continue
		}
		t.Run(part.name, func(t *testing.T) {
			address, _ := startBus(t)
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSecretService$", "-test.v")
			child.Env = append(os.Environ(), insideMark+"="+part.name, "DBUS_SESSION_BUS_ADDRESS="+address)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if strings.Contains(string(out), "CANARY") {
				t.Error("the token stands in the output")
			}
		})
	}
}

// serviceFaults: what a Secret Service can do wrong, each with its own name and in bounds.
func serviceFaults(t *testing.T) {
	cases := []struct {
		behave      string
		interactive bool
		state       connector.StorageState
		why         string // of a put, "" where it works
	}{
		{behavesWell, false, connector.StorageReady, ""},
		{neverAnswers, false, connector.StorageReady, "timed-out"},
		{dismissesCreate, false, connector.StorageReady, "not-kept"},
		{promptUnanswered, false, connector.StorageLocked, "locked"},
		{promptUnanswered, true, connector.StorageLocked, "timed-out"},
		{promptDismissed, true, connector.StorageLocked, "refused"},
		{promptAnswered, true, connector.StorageLocked, ""},
		{hasNoCollection, false, connector.StorageAbsent, "unavailable"},
		{oddTypes, false, connector.StorageBroken, "unavailable"},
		{silentToLooks, false, connector.StorageUnresponsive, "timed-out"},
		{lockedUnsaid, false, connector.StorageBroken, "unavailable"},
		{behavesWell, false, connector.StorageReady, ""}, // still well after all that
	}
	for _, c := range cases {
		name := c.behave + map[bool]string{false: ", alone", true: ", with a person"}[c.interactive]
		t.Run(name, func(t *testing.T) {
			// The name is given up with the connection, so each case has its own service.
			service := newPretendService(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
			service.set(c.behave)
			k := newKeyring(c.interactive)
			// The limits proper are proven with a faked clock; these bound the test.
			short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if got := k.probe(short); got.State != c.state || (got.Detail == "") != (c.state == connector.StorageReady) {
				t.Errorf("the look says %+v", got)
			}
			if len(service.prompted) > 0 {
				t.Error("looking raised a prompt")
			}
			limit := 5 * time.Second
			if c.why == "timed-out" {
				limit = 500 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := putProven(ctx, k, "ref", []byte(canary))
			if c.why == "" {
				if err != nil {
					t.Fatal(err)
				}
				if err := k.remove(ctx, "ref"); err != nil || len(service.users()) != 0 {
					t.Errorf("removing: %v, left %v", err, service.users())
				}
				return
			}
			if got := whyOf(t, err); got != c.why {
				t.Errorf("%s, want %s", got, c.why)
			}
			noCanaryInError(t, err)
		})
	}
}

// ghostWrite: what was given up and lands later is known, and swept.
func ghostWrite(t *testing.T) {
	service := newPretendService(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.set(storesLate)
	home := t.TempDir()
	s := opened(t, home, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := add(s, ctx, acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "timed-out" {
		t.Fatal(err)
	}
	k := s.storages[0].(*keyring)
	if k.stuck.Load() != 1 {
		t.Errorf("%d calls are thought to be stuck", k.stuck.Load())
	}
	close(service.late)
	hang, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for k.stuck.Load() > 0 && hang.Err() == nil { // until the ghost has landed
		if _, err := s.file.read(); err != nil {
			t.Fatal(err)
		}
	}
	content, err := s.file.read()
	if err != nil || len(content.Connectors) != 0 || len(content.References) != 1 || !slices.Equal(service.users(), []string{content.References[0].Ref}) {
		t.Fatalf("the ghost is not known: %+v, %v, %v", content, service.users(), err)
	}
	service.set(behavesWell)
	later := opened(t, home, func(o *Options) { o.Now = func() time.Time { return day.Add(time.Hour) } })
	added := mustAdd(t, later, acmeJira(t, connector.StorageKeyring))
	content, err = later.file.read()
	if err != nil || len(content.References) != 0 || !slices.Equal(service.users(), []string{content.find(added.ID).Ref}) {
		t.Errorf("the ghost was not swept: %+v, %v, %v", content, service.users(), err)
	}
}

// busDies while a prompt waits: go-keyring 0.2.8 panics there.
func busDies(t *testing.T) {
	address, end := startBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	service := newPretendService(t, address)
	service.set(promptUnanswered)
	go func() {
		<-service.prompted
		for range 20 { // let the prompt's answer go out first: then the library panics
			_ = service.conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err
		}
		end()
	}()
	k := newKeyring(true)
	set, panicked := k.set, false
	k.set = func(in, service, user, password string) error {
		defer func() {
			if r := recover(); r != nil {
				panicked = true
				panic(r)
			}
		}()
		return set(in, service, user, password)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a guard: it must not be needed
	defer cancel()
	err := putProven(ctx, k, "ref", []byte(canary))
	if whyOf(t, err) != "unavailable" || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
	noCanaryInError(t, err)
	t.Logf("the library panicked: %v", panicked)
}

// TestNoBusStartsNone: where there is no bus none is started, though dbus-launch is there.
func TestNoBusStartsNone(t *testing.T) {
	if _, err := os.Stat("/run/user"); err == nil {
		if found, _ := filepath.Glob("/run/user/*/bus"); len(found) > 0 {
			t.Skip("this machine has a session bus in /run/user")
		}
	}
	bin := t.TempDir()
	mark := filepath.Join(bin, "was-started")
	if err := os.WriteFile(filepath.Join(bin, "dbus-launch"), []byte("#!/bin/sh\n: > "+mark+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, address := range []string{"", "autolaunch:", "autolaunch:scope=*", "unix:path=/nowhere;autolaunch:"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		k := newKeyring(false)
		if got := k.probe(t.Context()); got.State != connector.StorageAbsent || got.Detail == "" || got.Remedy == "" {
			t.Errorf("%q: %+v", address, got)
		}
		if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
			t.Errorf("%q: %v", address, err)
		}
		if _, err := os.Stat(mark); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%q: dbus-launch was started", address)
		}
	}
}

// TestBusInTheRuntimeFolder: it is found there, and go-keyring is told.
func TestBusInTheRuntimeFolder(t *testing.T) {
	address, _ := startBus(t)
	_, socket, _ := strings.Cut(address, "path=")
	socket, _, _ = strings.Cut(socket, ",")
	dir := t.TempDir()
	if err := os.Symlink(socket, filepath.Join(dir, "bus")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	if got := newKeyring(false).probe(t.Context()); got.State != connector.StorageAbsent || !strings.Contains(got.Detail, "no Secret Service") {
		t.Errorf("%+v", got)
	}
	if got := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); got != "unix:path="+dir+"/bus" {
		t.Errorf("go-keyring would look at %q", got)
	}
}
