package secret

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/connector"
	"saasconnect/store/secret/fakeservice"
)

// The keyring on a real bus, with a pretend Secret Service behind it. Those that go through a
// whole store are in package store.

// TestSecretService goes through what a Secret Service can do wrong.
func TestSecretService(t *testing.T) {
	fakeservice.Run(t, []fakeservice.Part{
		{Name: "faults", Run: serviceFaults},
		{Name: "the bus dies", Run: busDies},
		{Name: "the bus dies between calls", Run: busDiesIdle},
		{Name: "no service", Run: noService},
		{Name: "frozen", Run: serviceFrozen},
		{Name: "killed between calls", Run: serviceKilled},
		{Name: "killed, and started again locked", Run: serviceStartedAgain},
		{Name: "killed while it prompts", Run: serviceKilledPrompting},
		{Name: "report 10: it runs and has no keyring", Run: reportNoKeyring},
		{Name: "report 11: one other keyring", Run: reportOtherKeyring},
		{Name: "report 11: several keyrings, none the default", Run: reportSeveralKeyrings},
		{Name: "report 11: login and the default go before", Run: reportLoginFirst},
	})
}

// serviceFaults: what a Secret Service can do wrong, each with its own name and in bounds.
func serviceFaults(t *testing.T) {
	cases := []struct {
		behave      string
		interactive bool
		state       connector.StorageState
		why         string // of a put, "" where it works
	}{
		{fakeservice.BehavesWell, false, connector.StorageReady, ""},
		{fakeservice.NeverAnswers, false, connector.StorageReady, "timed-out"},
		{fakeservice.DismissesCreate, false, connector.StorageReady, "not-kept"},
		{fakeservice.PromptUnanswered, false, connector.StorageLocked, "locked"},
		{fakeservice.PromptUnanswered, true, connector.StorageLocked, "timed-out"},
		{fakeservice.PromptDismissed, true, connector.StorageLocked, "refused"},
		{fakeservice.PromptAnswered, true, connector.StorageLocked, ""},
		{fakeservice.HasNoCollection, false, connector.StorageAbsent, "unavailable"},
		{fakeservice.OddTypes, false, connector.StorageBroken, "unavailable"},
		{fakeservice.SilentToLooks, false, connector.StorageUnresponsive, "timed-out"},
		{fakeservice.LockedUnsaid, false, connector.StorageBroken, "unavailable"},
		{fakeservice.BehavesWell, false, connector.StorageReady, ""}, // still well after all that
	}
	for _, c := range cases {
		name := c.behave + map[bool]string{false: ", alone", true: ", with a person"}[c.interactive]
		t.Run(name, func(t *testing.T) {
			// The name is given up with the connection, so each case has its own service.
			service := fakeservice.New(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
			service.Behave(c.behave)
			k := NewKeyring(c.interactive, hurried())
			// The limits proper are proven with a faked clock; these bound the test.
			short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if got := k.Probe(short); got.State != c.state || (got.Detail == "") != (c.state == connector.StorageReady) {
				t.Errorf("the look says %+v", got)
			}
			if len(service.Prompted) > 0 {
				t.Error("looking raised a prompt")
			}
			limit := 5 * time.Second
			if c.why == "timed-out" {
				limit = 500 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := putChecked(ctx, k, "ref", []byte(canary))
			if c.why == "" {
				if err != nil {
					t.Fatal(err)
				}
				if err := k.Delete(ctx, "ref"); err != nil || len(service.Users()) != 0 {
					t.Errorf("removing: %v, left %v", err, service.Users())
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

// busDies while a prompt waits: go-keyring 0.2.8 panics there.
func busDies(t *testing.T) {
	address, end := fakeservice.StartBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	service := fakeservice.New(t, address)
	service.Behave(fakeservice.PromptUnanswered)
	go func() {
		<-service.Prompted
		for range 20 { // let the prompt's answer go out first: then the library panics
			_ = service.Conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err
		}
		end()
	}()
	k := NewKeyring(true, hurried())
	set, panicked := k.set, false
	k.set = func(in, ref, value string) error {
		defer func() {
			if r := recover(); r != nil {
				panicked = true
				panic(r)
			}
		}()
		return set(in, ref, value)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a guard: it must not be needed
	defer cancel()
	err := putChecked(ctx, k, "ref", []byte(canary))
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
		k := NewKeyring(false, hurried())
		if got := k.Probe(t.Context()); got.State != connector.StorageAbsent || got.Detail == "" || got.Remedy == "" {
			t.Errorf("%q: %+v", address, got)
		}
		if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
			t.Errorf("%q: %v", address, err)
		}
		if _, err := os.Stat(mark); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%q: dbus-launch was started", address)
		}
	}
}

// TestBusInTheRuntimeFolder: it is found there, and go-keyring is told.
func TestBusInTheRuntimeFolder(t *testing.T) {
	address, _ := fakeservice.StartBus(t)
	_, socket, _ := strings.Cut(address, "path=")
	socket, _, _ = strings.Cut(socket, ",")
	dir := t.TempDir()
	if err := os.Symlink(socket, filepath.Join(dir, "bus")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	if got := NewKeyring(false, hurried()).Probe(t.Context()); got.State != connector.StorageAbsent || !strings.Contains(got.Detail, "no Secret Service") {
		t.Errorf("%+v", got)
	}
	if got := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); got != "unix:path="+dir+"/bus" {
		t.Errorf("go-keyring would look at %q", got)
	}
}
