package store

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"saasconnect/connector"
)

// pretended is a keyring whose library and whose look are the test's own.
func pretended(interactive bool, state connector.SafeState) *keyring {
	values := map[string]string{}
	return &keyring{
		interactive: interactive,
		turn:        make(chan struct{}, 1),
		look:        func(context.Context) (connector.SafeState, string) { return state, "" },
		set:         func(_, user, value string) error { values[user] = value; return nil },
		getItem: func(_, user string) (string, error) {
			v, ok := values[user]
			if !ok {
				return "", gokeyring.ErrNotFound
			}
			return v, nil
		},
		del: func(_, user string) error {
			if _, ok := values[user]; !ok {
				return gokeyring.ErrNotFound
			}
			delete(values, user)
			return nil
		},
	}
}

func TestKeyringRoundTrip(t *testing.T) {
	k := pretended(false, connector.SafeReady)
	if err := putProven(t.Context(), k, "ref", []byte(canary)); err != nil {
		t.Fatal(err)
	}
	if err := k.remove(t.Context(), "ref"); err != nil {
		t.Fatal(err)
	}
	if err := k.remove(t.Context(), "ref"); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
	if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "missing" {
		t.Errorf("a removed value: %v", err)
	}
}

// TestKeyringFaults: each fault has its own name, and none of them hangs. Time is faked.
func TestKeyringFaults(t *testing.T) {
	cases := map[string]struct {
		interactive bool
		state       connector.SafeState
		set         func(stop <-chan struct{}) error
		why         string
		within      time.Duration
	}{
		"hangs, alone":         {false, connector.SafeReady, func(stop <-chan struct{}) error { <-stop; return nil }, "timed-out", aloneLimit},
		"hangs, with a person": {true, connector.SafeLocked, func(stop <-chan struct{}) error { <-stop; return nil }, "timed-out", personLimit},
		"panics":               {false, connector.SafeReady, func(<-chan struct{}) error { panic(canary) }, "unavailable", 0},
		"keeps nothing":        {false, connector.SafeReady, func(<-chan struct{}) error { return nil }, "not-kept", 0},
		"locked, alone":        {false, connector.SafeLocked, nil, "locked", 0},
		"dismissed":            {true, connector.SafeLocked, func(<-chan struct{}) error { return errors.New("failed to unlock correct collection '/x'") }, "refused", 0},
		"absent":               {false, connector.SafeAbsent, nil, "unavailable", 0},
		"silent":               {false, connector.SafeUnresponsive, nil, "timed-out", 0},
		"too big":              {false, connector.SafeReady, func(<-chan struct{}) error { return gokeyring.ErrSetDataTooBig }, "too-big", 0},
		"unsupported":          {false, connector.SafeReady, func(<-chan struct{}) error { return gokeyring.ErrUnsupportedPlatform }, "unavailable", 0},
		"no person, macOS":     {false, connector.SafeReady, func(<-chan struct{}) error { return errors.New("exit status 36") }, "locked", 0},
		"cancelled, macOS":     {true, connector.SafeReady, func(<-chan struct{}) error { return errors.New("exit status 128") }, "refused", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stop := make(chan struct{})
				defer close(stop)
				k := pretended(c.interactive, c.state)
				if c.set != nil {
					k.set = func(string, string, string) error { return c.set(stop) }
				}
				began := time.Now()
				err := putProven(t.Context(), k, "ref", []byte(canary))
				if got := whyOf(t, err); got != c.why {
					t.Errorf("%s, want %s", got, c.why)
				}
				if took := time.Since(began); took > c.within {
					t.Errorf("it took %v", took)
				}
				if c.within > 0 { // the first call may still be waiting: no second one is made
					again := time.Now()
					if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "timed-out" || time.Since(again) > 0 {
						t.Errorf("a second call after one that did not come back: %v", err)
					}
				}
			})
		})
	}
}

func TestKeyringEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		defer close(stop)
		k := pretended(true, connector.SafeReady)
		k.set = func(string, string, string) error { <-stop; return nil }
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		if err := k.put(ctx, "ref", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("it ended %v after the start, not at once", took)
		}
	})
}

// TestRealKeyring is a round trip through the machine's own keyring, in two stores as in
// two processes. SAASCONNECT_TEST_KEYRING=required makes its absence a failure.
func TestRealKeyring(t *testing.T) {
	home := t.TempDir()
	s := opened(t, home, nil)
	status := s.safes[0].probe(t.Context())
	if status.State != connector.SafeReady || os.Getenv("SAASCONNECT_TEST_KEYRING") == "" {
		if os.Getenv("SAASCONNECT_TEST_KEYRING") == "required" {
			t.Fatalf("the keyring is required and is %s: %s", status.State, status.Detail)
		}
		t.Skipf("set SAASCONNECT_TEST_KEYRING where a keyring may be written to; here it is %s: %s", status.State, status.Detail)
	}
	if err := s.TrySafe(t.Context(), connector.SafeKeyring); err != nil {
		t.Fatal(err)
	}
	added := mustAdd(t, s, acmeJira(t, connector.SafeKeyring))
	second := opened(t, home, nil)
	mustToken(t, second, added.ID, canary)
	noCanaryIn(t, home)
	if err := second.Remove(t.Context(), added.ID); err != nil {
		t.Fatal(err)
	}
	content, err := second.file.read()
	if err != nil || len(content.Loose) != 0 {
		t.Errorf("left loose: %+v, %v", content.Loose, err)
	}
}

func TestNoBusNoKeyring(t *testing.T) {
	for name, address := range map[string]string{"switched off": "disabled:", "dead": "unix:path=" + t.TempDir() + "/nobody"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
			if state, detail := lookAtKeyring(t.Context()); state != connector.SafeAbsent || detail == "" {
				t.Skipf("this system's keyring needs no bus: %s", state)
			}
			k := newKeyring(false)
			if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
				t.Errorf("%v", err)
			}
		})
	}
}
