package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"charm.land/bubbles/v2/cursor"
)

// TestComplaintsStay: what is wrong is said until a key is pressed, whatever else lands.
func TestComplaintsStay(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"elsewhere": {"role global-admin\nsafes new-file\npress s\npress down enter enter\ntype NOPE\npress enter\nwait 1s", "NOPE is not set"},
		"account": {"role global-admin\nsaved acme\npress a s\npaste acme-public\npress enter\npaste @email\npress enter\npaste @token\npress enter enter\nwait 1s\npress enter enter",
			"Enter the account's name"},
		"expiry":     {"role global-admin\nsaved acme\npress enter down down down enter\ntype never\npress enter", "Invalid date"},
		"passphrase": {"role global-admin\nsafes new-file\npress s\npress enter\ntype short\npress enter", "12 characters"},
		"edit":       {"role global-admin\nsaved acme\npress enter e ctrl+u\ntype a b\npress tab tab tab enter", "a-z"},
		"form":       {"role global-admin\npress s\ntype no such site\npress enter", "✗"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := newStage(t, c.script)
				defer s.end()
				s.follow(c.script, func(string) {})
				s.has(c.want)
				s.take(cursor.BlinkMsg{})
				s.take(struct{}{})
				s.settle()
				s.has(c.want)
				s.press("x")
				if strings.Contains(s.frame(), c.want) {
					t.Errorf("it is said of another text:\n%s", s.frame())
				}
			})
		})
	}
}
