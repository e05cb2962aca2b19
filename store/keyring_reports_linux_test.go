package store

import (
	"context"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"saasconnect/connector"
)

// Secret Services with other collections than "login".

// offering starts a pretend service with these collections, none of them the default.
func offering(t *testing.T, behave string, listed ...dbus.ObjectPath) *pretendService {
	t.Helper()
	service := newPretendService(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.set(behave)
	service.has(noPrompt, listed...)
	return service
}

// reportNoKeyring: gnome-keyring runs, as under WSL, and nobody made a keyring in it. Its
// collection "session" is none, also where it is the default.
func reportNoKeyring(t *testing.T) {
	for name, c := range map[string]struct {
		alias  dbus.ObjectPath
		listed []dbus.ObjectPath
		others bool // whether it may be another program than gnome-keyring
	}{
		"none at all":                {noPrompt, nil, true},
		"session alone":              {noPrompt, []dbus.ObjectPath{secretsSession}, false},
		"session, and it is default": {secretsSession, []dbus.ObjectPath{secretsSession}, false},
	} {
		t.Run(name, func(t *testing.T) {
			service := offering(t, behavesWell)
			service.has(c.alias, c.listed...)
			k := newKeyring(true)
			got := k.probe(t.Context())
			if got.State != connector.StorageAbsent || got.Detail != "it runs, but has no keyring yet" {
				t.Errorf("%+v", got)
			}
			for _, part := range []string{`the keyring "login"`, "Passwords and Keys", "`(read -rs P; printf %s \"$P\") | gnome-keyring-daemon --replace --unlock`"} {
				if !strings.Contains(got.Remedy, part) {
					t.Errorf("the remedy does not say %s: %s", part, got.Remedy)
				}
			}
			if strings.Contains(got.Remedy, "KeePassXC") != c.others || strings.Contains(got.Remedy, "nstall") {
				t.Errorf("the remedy is another one's: %s", got.Remedy)
			}
			if err := putProven(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
				t.Errorf("%v", err)
			}
			if len(service.prompted) > 0 || len(service.paths()) > 0 {
				t.Errorf("prompted %d times, kept %v", len(service.prompted), service.paths())
			}
		})
	}
}

// reportOtherKeyring: a collection of another name and without the alias, as KeePassXC has,
// is used as login is, with the same faults.
func reportOtherKeyring(t *testing.T) {
	work := []dbus.ObjectPath{secretsWork}
	for _, c := range []struct {
		name        string
		behave      string
		interactive bool
		listed      []dbus.ObjectPath
		state       connector.StorageState
		why         string // of a put, "" where it works
		prompts     int
	}{
		{"alone", behavesWell, false, work, connector.StorageReady, "", 0},
		{"beside session", behavesWell, false, []dbus.ObjectPath{secretsSession, secretsWork}, connector.StorageReady, "", 0},
		{"a new item is dismissed", dismissesCreate, false, work, connector.StorageReady, "not-kept", 1},
		{"locked, alone", promptAnswered, false, work, connector.StorageLocked, "locked", 0},
		{"locked, answered", promptAnswered, true, []dbus.ObjectPath{secretsWork, secretsSession}, connector.StorageLocked, "", 1},
		{"its items are locked", locksItems, true, work, connector.StorageReady, "", 1},
		{"locked, dismissed", promptDismissed, true, work, connector.StorageLocked, "refused", 1},
		{"does not say whether it is locked", lockedUnsaid, false, work, connector.StorageBroken, "unavailable", 0},
		{"never answers", neverAnswers, false, work, connector.StorageReady, "timed-out", 0},
		// The last one: its call waits on, and another service's prompt would end it.
		{"locked, unanswered", promptUnanswered, true, work, connector.StorageLocked, "timed-out", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			service := offering(t, c.behave, c.listed...)
			k := newKeyring(c.interactive)
			if got := k.probe(t.Context()); got.State != c.state || (got.Detail == "") != (c.state == connector.StorageReady) || len(service.prompted) > 0 {
				t.Errorf("the look says %+v and raised %d prompts", got, len(service.prompted))
			}
			limit := 5 * time.Second
			if c.why == "timed-out" {
				limit = 500 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := putProven(ctx, k, "ref", []byte(canary))
			if len(service.prompted) != c.prompts {
				t.Errorf("%d prompts, want %d", len(service.prompted), c.prompts)
			}
			if c.why != "" {
				if got := whyOf(t, err); got != c.why || len(service.paths()) > 0 {
					t.Errorf("%s, want %s; kept %v", got, c.why, service.paths())
				}
				noCanaryInError(t, err)
				return
			}
			must(t, err)
			landedIn(t, service, secretsWork)
			if _, err := k.get(ctx, "another"); whyOf(t, err) != "missing" {
				t.Errorf("what is not there: %v", err)
			}
			service.set(promptAnswered)
			if got, err := k.get(ctx, "ref"); (err == nil) != c.interactive || c.interactive && string(got) != canary {
				t.Errorf("locked once more: %v", err)
			}
			service.set(promptAnswered)
			if err := k.remove(ctx, "ref"); (err == nil) != c.interactive {
				t.Errorf("removing while it is locked: %v", err)
			}
			service.set(behavesWell)
			must(t, putProven(ctx, k, "ref", []byte(canary)))
			service.set(dismissesDelete)
			if err := k.remove(ctx, "ref"); whyOf(t, err) != "refused" || len(service.paths()) != 1 {
				t.Errorf("a deletion that is dismissed: %v, left %v", err, service.paths())
			}
			service.set(behavesWell)
			if err := k.remove(ctx, "ref"); err != nil || len(service.paths()) != 0 {
				t.Errorf("removing: %v, left %v", err, service.paths())
			}
			if err := k.remove(ctx, "ref"); err != nil {
				t.Errorf("removing what is not there: %v", err)
			}
		})
	}
}

// landedIn: one item is kept, in that collection and with go-keyring's attributes.
func landedIn(t *testing.T, service *pretendService, in dbus.ObjectPath) {
	t.Helper()
	kept := service.paths()
	if len(kept) != 1 || !strings.HasPrefix(string(kept[0]), string(in)+"/") {
		t.Fatalf("%v, not one in %s", kept, in)
	}
	service.mu.Lock()
	defer service.mu.Unlock()
	if service.sessions != 0 {
		t.Errorf("%d sessions were left open", service.sessions)
	}
	if got := service.items[kept[0]]; !maps.Equal(got.attributes, map[string]string{"username": "ref", "service": folder}) || string(got.value) != canary {
		t.Errorf("it is kept with %v", got.attributes)
	}
}

// reportSeveralKeyrings: which of them it should be is for the person to say.
func reportSeveralKeyrings(t *testing.T) {
	for name, listed := range map[string][]dbus.ObjectPath{
		"two":                 {secretsWork, secretsHome},
		"two, beside session": {secretsSession, secretsWork, secretsHome},
	} {
		t.Run(name, func(t *testing.T) {
			service := offering(t, behavesWell, listed...)
			k := newKeyring(true)
			got := k.probe(t.Context())
			if got.State != connector.StorageAbsent || got.Detail != "it has 2 keyrings, and none of them is the default one" {
				t.Errorf("%+v", got)
			}
			for _, part := range []string{"Choose the default keyring", "Set as default", "KeePassXC"} {
				if !strings.Contains(got.Remedy, part) {
					t.Errorf("the remedy does not say %s: %s", part, got.Remedy)
				}
			}
			if err := putProven(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" || len(service.paths()) > 0 {
				t.Errorf("%v, kept %v", err, service.paths())
			}
		})
	}
}

// reportLoginFirst: login, and else the default, are used beside others, by go-keyring itself.
func reportLoginFirst(t *testing.T) {
	for name, c := range map[string]struct {
		alias  dbus.ObjectPath
		listed []dbus.ObjectPath
		in     dbus.ObjectPath
	}{
		"login beside another":             {noPrompt, []dbus.ObjectPath{secretsWork, secretsLogin}, secretsLogin},
		"login, another being default":     {secretsWork, []dbus.ObjectPath{secretsWork, secretsLogin}, secretsLogin},
		"the default of two":               {secretsHome, []dbus.ObjectPath{secretsWork, secretsHome}, secretsHome},
		"the default alone":                {secretsHome, []dbus.ObjectPath{secretsSession, secretsHome}, secretsHome},
		"session the default of the other": {secretsSession, []dbus.ObjectPath{secretsSession, secretsWork}, secretsWork},
	} {
		t.Run(name, func(t *testing.T) {
			service := offering(t, behavesWell)
			service.has(c.alias, c.listed...)
			k := newKeyring(false)
			seen := lookAtKeyring(t.Context())
			if own := seen.collection == ""; seen.state != connector.StorageReady || own != slices.Contains([]dbus.ObjectPath{secretsLogin, c.alias}, c.in) {
				t.Errorf("%+v", seen)
			}
			must(t, putProven(t.Context(), k, "ref", []byte(canary)))
			landedIn(t, service, c.in)
			if err := k.remove(t.Context(), "ref"); err != nil || len(service.paths()) != 0 {
				t.Errorf("removing: %v, left %v", err, service.paths())
			}
		})
	}
}
