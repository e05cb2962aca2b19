package secret

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// hurried is a clock on which so much passes between two looks that nothing was just now.
func hurried() func() time.Time {
	var looks atomic.Int64
	return func() time.Time { return day.Add(time.Duration(looks.Add(1)) * time.Hour) }
}

// pretended is a keyring whose library and whose look are the test's own.
func pretended(interactive bool, state connector.StorageState) *Keyring {
	values := map[string]string{}
	return &Keyring{
		interactive: interactive,
		now:         hurried(),
		turn:        make(chan struct{}, 1),
		look:        func(context.Context) condition { return condition{state: state} },
		set:         func(_, user, value string) error { values[user] = value; return nil },
		get: func(_, user string) (string, error) {
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
	k := pretended(false, connector.StorageReady)
	if err := putChecked(t.Context(), k, "ref", []byte(canary)); err != nil {
		t.Fatal(err)
	}
	if err := k.Delete(t.Context(), "ref"); err != nil {
		t.Fatal(err)
	}
	if err := k.Delete(t.Context(), "ref"); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
	if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "missing" {
		t.Errorf("a removed value: %v", err)
	}
}

// TestKeyringFaults: each fault has its own name, and none of them hangs. Time is faked.
func TestKeyringFaults(t *testing.T) {
	cases := map[string]struct {
		interactive bool
		state       connector.StorageState
		set         func(stop <-chan struct{}) error
		why         string
		within      time.Duration
	}{
		"hangs, alone":         {false, connector.StorageReady, func(stop <-chan struct{}) error { <-stop; return nil }, "timed-out", aloneLimit},
		"hangs, with a person": {true, connector.StorageLocked, func(stop <-chan struct{}) error { <-stop; return nil }, "timed-out", personLimit},
		"panics":               {false, connector.StorageReady, func(<-chan struct{}) error { panic(canary) }, "unavailable", 0},
		"keeps nothing":        {false, connector.StorageReady, func(<-chan struct{}) error { return nil }, "not-kept", 0},
		"locked, alone":        {false, connector.StorageLocked, nil, "locked", 0},
		"dismissed":            {true, connector.StorageLocked, func(<-chan struct{}) error { return errors.New("failed to unlock correct collection '/x'") }, "refused", 0},
		"absent":               {false, connector.StorageAbsent, nil, "unavailable", 0},
		"silent":               {false, connector.StorageUnresponsive, nil, "timed-out", 0},
		"too big":              {false, connector.StorageReady, func(<-chan struct{}) error { return gokeyring.ErrSetDataTooBig }, "too-big", 0},
		"unsupported":          {false, connector.StorageReady, func(<-chan struct{}) error { return gokeyring.ErrUnsupportedPlatform }, "unavailable", 0},
		"no person, macOS":     {false, connector.StorageReady, func(<-chan struct{}) error { return errors.New("exit status 36") }, "locked", 0},
		"canceled, macOS":      {true, connector.StorageReady, func(<-chan struct{}) error { return errors.New("exit status 128") }, "refused", 0},
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
				err := putChecked(t.Context(), k, "ref", []byte(canary))
				if got := whyOf(t, err); got != c.why {
					t.Errorf("%s, want %s", got, c.why)
				}
				if took := time.Since(began); took > c.within {
					t.Errorf("it took %v", took)
				}
				if c.within > 0 { // the first call may still be waiting: no second one is made
					again := time.Now()
					if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "timed-out" || time.Since(again) > 0 {
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
		k := pretended(true, connector.StorageReady)
		k.set = func(string, string, string) error { <-stop; return nil }
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		if err := k.Put(ctx, "ref", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("it ended %v after the start, not at once", took)
		}
	})
}

func TestNoBusNoKeyring(t *testing.T) {
	for name, address := range map[string]string{"switched off": "disabled:", "dead": "unix:path=" + t.TempDir() + "/nobody"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
			if seen := lookAtKeyring(t.Context()); seen.state != connector.StorageAbsent || seen.detail == "" {
				t.Skipf("this system's keyring needs no bus: %s", seen.state)
			}
			k := NewKeyring(false, hurried())
			if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "unavailable" {
				t.Errorf("%v", err)
			}
		})
	}
}

// The longest value that macOS is given makes a line that go-keyring does not refuse, and
// the longest one for Windows is the one that it takes there.
func TestKeyringLimits(t *testing.T) {
	most := 0
	for fits("darwin", most+1) {
		most++
	}
	uuid := "5b10a284-0000-4000-8000-5fb731aea58f"
	value := "go-keyring-base64:" + base64.StdEncoding.EncodeToString(make([]byte, most))
	line := fmt.Sprintf("add-generic-password -U -s '%s' -a '%s' -w '%s'\n", service, uuid, value)
	if len(line) > 4096 || len(line) < 4000 {
		t.Errorf("%d bytes make a line of %d", most, len(line))
	}
	if !fits("windows", 2560) || fits("windows", 2561) || !fits("linux", 1<<20) {
		t.Error("the limits of Windows or Linux")
	}
}

// A token that the system's keyring can't hold is refused in words, and go-keyring is not
// asked. Every token of a likely length is held by all of them.
func TestTokenTooLongForTheKeyring(t *testing.T) {
	for length, refused := range map[int]map[string]bool{
		192:  {},
		1024: {},
		2400: {"windows": true},
		4000: {"windows": true, "darwin": true},
	} {
		site, _, err := atlassian.ParseSite("a-site-with-quite-a-long-name-for-a-company")
		if err != nil {
			t.Fatal(err)
		}
		c := connector.Connector{ID: "5b10a284-0000-4000-8000-5fb731aea58f", Site: site, Email: strings.Repeat("e", 64) + "@example.com", CloudID: "5b10a284-0000-4000-8000-5fb731aea58f"}
		value, err := encodeEnvelope(c, atlassian.NewToken(strings.Repeat("t", length)))
		if err != nil {
			t.Fatal(err)
		}
		for _, system := range []string{"linux", "darwin", "windows"} {
			k := pretended(false, connector.StorageReady)
			k.system = system
			asked := false
			set := k.set
			k.set = func(in, ref, value string) error { asked = true; return set(in, ref, value) }
			err := putChecked(t.Context(), k, "ref", value)
			if want := refused[system]; want != (err != nil) || want == asked || want && whyOf(t, err) != "too-big" {
				t.Errorf("%d characters on %s: %v, asked %v", length, system, err, asked)
			}
		}
	}
}

// An error of a system that is not Linux has a name, too.
func TestKeyringErrorElsewhere(t *testing.T) {
	for words, want := range map[string]connector.StorageWhy{
		"exit status 36":  connector.StorageWhyLocked,  // macOS: errSecInteractionNotAllowed, -25308
		"exit status 51":  connector.StorageWhyRefused, // errSecAuthFailed, -25293
		"exit status 128": connector.StorageWhyRefused, // errSecUserCanceled, -128
		"exit status 37":  connector.StorageWhyUnavailable,
		"A specified logon session does not exist. It may already have been terminated.": connector.StorageWhyUnavailable, // Windows, over SSH
	} {
		err := keyringError(fmt.Errorf("%s", words), connector.StorageReady)
		if whyOf(t, err) != string(want) {
			t.Errorf("%s: %v", words, err)
		}
	}
}

// Fifty connectors are re-tested while the keyring is locked: a person who says no is asked
// once, not fifty times, and is asked again when they try again later.
func TestARefusedPromptIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pretended(true, connector.StorageLocked)
		k.now = time.Now
		var prompts atomic.Int32
		k.get = func(string, string) (string, error) {
			prompts.Add(1)
			time.Sleep(5 * time.Second) // the person reads it, and says no
			return "", errors.New("failed to unlock correct collection '/x'")
		}
		ask := func() {
			var wait sync.WaitGroup
			for range 50 {
				wait.Go(func() {
					_, err := k.Get(t.Context(), "ref")
					if why := whyOf(t, err); why != "refused" && why != "locked" {
						t.Errorf("answered %s", why)
					}
				})
			}
			wait.Wait()
		}
		ask()
		if n := prompts.Load(); n != 1 {
			t.Errorf("%d prompts for fifty connectors", n)
		}
		time.Sleep(quietFor)
		ask()
		if n := prompts.Load(); n != 2 {
			t.Errorf("%d prompts after a second try", n)
		}
	})
}

// A token that is missing from a keyring that was unlocked is no refusal.
func TestMissingIsNoRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pretended(true, connector.StorageLocked)
		k.now = time.Now
		for range 2 {
			if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "missing" {
				t.Errorf("%v", err)
			}
		}
	})
}

// TestASilentKeyringIsAskedOnce: a keyring that does not answer costs a thousand connectors
// one wait and not a thousand; a while later it is looked at again.
func TestASilentKeyringIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pretended(false, connector.StorageReady)
		k.now = time.Now
		frozen := true
		k.look = func(ctx context.Context) condition {
			if frozen {
				<-ctx.Done()
				return condition{state: connector.StorageUnresponsive, detail: "it did not answer in time"}
			}
			return condition{state: connector.StorageReady}
		}
		began := time.Now()
		for range 1000 {
			if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "timed-out" {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took > lookLimit {
			t.Errorf("it took %v", took)
		}
		frozen = false
		time.Sleep(quietFor)
		if _, err := k.Get(t.Context(), "ref"); whyOf(t, err) != "missing" {
			t.Errorf("it answers again: %v", err)
		}
	})
}
