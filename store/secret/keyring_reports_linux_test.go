package secret

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
	"saasconnect/store/secret/fakeservice"
)

// Secret Services with other collections than "login".

// offering starts a pretend service with these collections, none of them the default.
func offering(t *testing.T, behave string, listed ...dbus.ObjectPath) *fakeservice.Service {
	t.Helper()
	service := fakeservice.New(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.Behave(behave)
	service.Has(fakeservice.None, listed...)
	return service
}

// reportNoKeyring: gnome-keyring runs, as under WSL, and has no keyring yet. Its
// collection "session" is none, also where it is the default.
func reportNoKeyring(t *testing.T) {
	for name, c := range map[string]struct {
		alias  dbus.ObjectPath
		listed []dbus.ObjectPath
		others bool // whether it may be another program than gnome-keyring
	}{
		"none at all":                {fakeservice.None, nil, true},
		"session alone":              {fakeservice.None, []dbus.ObjectPath{secretsSession}, false},
		"session, and it is default": {secretsSession, []dbus.ObjectPath{secretsSession}, false},
	} {
		t.Run(name, func(t *testing.T) {
			service := offering(t, fakeservice.BehavesWell)
			service.Has(c.alias, c.listed...)
			k := NewKeyring(true, hurried())
			got := k.Probe(t.Context())
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
			if err := putChecked(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" {
				t.Errorf("%v", err)
			}
			if len(service.Prompted) > 0 || len(service.Paths()) > 0 {
				t.Errorf("prompted %d times, kept %v", len(service.Prompted), service.Paths())
			}
		})
	}
}

// reportOtherKeyring: a collection of another name and without the alias, as KeePassXC has,
// is used as login is, with the same faults.
func reportOtherKeyring(t *testing.T) {
	work := []dbus.ObjectPath{fakeservice.Work}
	for _, c := range []struct {
		name        string
		behave      string
		interactive bool
		listed      []dbus.ObjectPath
		state       connector.StorageState
		why         string // of a put, "" where it works
		prompts     int
	}{
		{"alone", fakeservice.BehavesWell, false, work, connector.StorageReady, "", 0},
		{"beside session", fakeservice.BehavesWell, false, []dbus.ObjectPath{secretsSession, fakeservice.Work}, connector.StorageReady, "", 0},
		{"a new item is dismissed", fakeservice.DismissesCreate, false, work, connector.StorageReady, "not-kept", 1},
		{"locked, alone", fakeservice.PromptAnswered, false, work, connector.StorageLocked, "locked", 0},
		{"locked, answered", fakeservice.PromptAnswered, true, []dbus.ObjectPath{fakeservice.Work, secretsSession}, connector.StorageLocked, "", 1},
		{"its items are locked", fakeservice.LocksItems, true, work, connector.StorageReady, "", 1},
		{"locked, dismissed", fakeservice.PromptDismissed, true, work, connector.StorageLocked, "refused", 1},
		{"does not say whether it is locked", fakeservice.LockedUnsaid, false, work, connector.StorageBroken, "unavailable", 0},
		{"never answers", fakeservice.NeverAnswers, false, work, connector.StorageReady, "timed-out", 0},
		// The last one: its call waits on, and another service's prompt would end it.
		{"locked, unanswered", fakeservice.PromptUnanswered, true, work, connector.StorageLocked, "timed-out", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			service := offering(t, c.behave, c.listed...)
			k := NewKeyring(c.interactive, hurried())
			if got := k.Probe(t.Context()); got.State != c.state || (got.Detail == "") != (c.state == connector.StorageReady) || len(service.Prompted) > 0 {
				t.Errorf("the look says %+v and raised %d prompts", got, len(service.Prompted))
			}
			limit := 5 * time.Second
			if c.why == "timed-out" {
				limit = 500 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := putChecked(ctx, k, "ref", []byte(canary))
			if len(service.Prompted) != c.prompts {
				t.Errorf("%d prompts, want %d", len(service.Prompted), c.prompts)
			}
			if c.why != "" {
				if got := whyOf(t, err); got != c.why || len(service.Paths()) > 0 {
					t.Errorf("%s, want %s; kept %v", got, c.why, service.Paths())
				}
				noCanaryInError(t, err)
				return
			}
			must(t, err)
			landedIn(t, service, fakeservice.Work)
			if _, err := k.Get(ctx, "another"); whyOf(t, err) != "missing" {
				t.Errorf("what is not there: %v", err)
			}
			service.Behave(fakeservice.PromptAnswered)
			if got, err := k.Get(ctx, "ref"); (err == nil) != c.interactive || c.interactive && string(got) != canary {
				t.Errorf("locked once more: %v", err)
			}
			service.Behave(fakeservice.PromptAnswered)
			if err := k.Delete(ctx, "ref"); (err == nil) != c.interactive {
				t.Errorf("removing while it is locked: %v", err)
			}
			service.Behave(fakeservice.BehavesWell)
			must(t, putChecked(ctx, k, "ref", []byte(canary)))
			service.Behave(fakeservice.DismissesDelete)
			if err := k.Delete(ctx, "ref"); whyOf(t, err) != "refused" || len(service.Paths()) != 1 {
				t.Errorf("a deletion that is dismissed: %v, left %v", err, service.Paths())
			}
			service.Behave(fakeservice.BehavesWell)
			if err := k.Delete(ctx, "ref"); err != nil || len(service.Paths()) != 0 {
				t.Errorf("removing: %v, left %v", err, service.Paths())
			}
			if err := k.Delete(ctx, "ref"); err != nil {
				t.Errorf("removing what is not there: %v", err)
			}
		})
	}
}

// landedIn: one item is kept, in that collection and with go-keyring's attributes.
func landedIn(t *testing.T, service *fakeservice.Service, in dbus.ObjectPath) {
	t.Helper()
	kept := service.Paths()
	if len(kept) != 1 || !strings.HasPrefix(string(kept[0]), string(in)+"/") {
		t.Fatalf("%v, not one in %s", kept, in)
	}
	if n := service.Sessions(); n != 0 {
		t.Errorf("%d sessions were left open", n)
	}
	if attributes, value := service.Item(kept[0]); !maps.Equal(attributes, map[string]string{"username": "ref", "service": "saasconnect"}) || value != canary {
		t.Errorf("it is kept with %v", attributes)
	}
}

// reportSeveralKeyrings: which of them it should be is for the person to say.
func reportSeveralKeyrings(t *testing.T) {
	for name, listed := range map[string][]dbus.ObjectPath{
		"two":                 {fakeservice.Work, fakeservice.Home},
		"two, beside session": {secretsSession, fakeservice.Work, fakeservice.Home},
	} {
		t.Run(name, func(t *testing.T) {
			service := offering(t, fakeservice.BehavesWell, listed...)
			k := NewKeyring(true, hurried())
			got := k.Probe(t.Context())
			if got.State != connector.StorageAbsent || got.Detail != "it has 2 keyrings, and none of them is the default one" {
				t.Errorf("%+v", got)
			}
			for _, part := range []string{"Choose the default keyring", "Set as default", "KeePassXC"} {
				if !strings.Contains(got.Remedy, part) {
					t.Errorf("the remedy does not say %s: %s", part, got.Remedy)
				}
			}
			if err := putChecked(t.Context(), k, "ref", []byte(canary)); whyOf(t, err) != "unavailable" || len(service.Paths()) > 0 {
				t.Errorf("%v, kept %v", err, service.Paths())
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
		"login beside another":             {fakeservice.None, []dbus.ObjectPath{fakeservice.Work, secretsLogin}, secretsLogin},
		"login, another being default":     {fakeservice.Work, []dbus.ObjectPath{fakeservice.Work, secretsLogin}, secretsLogin},
		"the default of two":               {fakeservice.Home, []dbus.ObjectPath{fakeservice.Work, fakeservice.Home}, fakeservice.Home},
		"the default alone":                {fakeservice.Home, []dbus.ObjectPath{secretsSession, fakeservice.Home}, fakeservice.Home},
		"session the default of the other": {secretsSession, []dbus.ObjectPath{secretsSession, fakeservice.Work}, fakeservice.Work},
	} {
		t.Run(name, func(t *testing.T) {
			service := offering(t, fakeservice.BehavesWell)
			service.Has(c.alias, c.listed...)
			k := NewKeyring(false, hurried())
			seen := lookAtKeyring(t.Context())
			if own := seen.collection == ""; seen.state != connector.StorageReady || own != slices.Contains([]dbus.ObjectPath{secretsLogin, c.alias}, c.in) {
				t.Errorf("%+v", seen)
			}
			must(t, putChecked(t.Context(), k, "ref", []byte(canary)))
			landedIn(t, service, c.in)
			if err := k.Delete(t.Context(), "ref"); err != nil || len(service.Paths()) != 0 {
				t.Errorf("removing: %v, left %v", err, service.Paths())
			}
		})
	}
}
