package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/connector"
)

// Fifty connectors are re-tested while the keyring is locked: a person who says no is asked
// once, not fifty times, and is asked again when they try again later.
func TestARefusedPromptIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pretended(true, connector.SafeLocked)
		k.now = time.Now
		var prompts atomic.Int32
		k.getItem = func(string, string) (string, error) {
			prompts.Add(1)
			time.Sleep(5 * time.Second) // the person reads it, and says no
			return "", errors.New("failed to unlock correct collection '/x'")
		}
		ask := func() {
			var wait sync.WaitGroup
			for range 50 {
				wait.Go(func() {
					_, err := k.get(t.Context(), "ref")
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
		k := pretended(true, connector.SafeLocked)
		k.now = time.Now
		for range 2 {
			if _, err := k.get(t.Context(), "ref"); whyOf(t, err) != "missing" {
				t.Errorf("%v", err)
			}
		}
	})
}
