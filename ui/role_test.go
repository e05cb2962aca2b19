package ui_test

import (
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// TestTheRoleOfOneRun: a role that a flag gave is not remembered along with another setting, and
// one that is picked goes before it.
func TestTheRoleOfOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		set := settingsOf(t, "safes new-file")
		s := stageAt(t, set, openTestWorld(t, set), ui.Start{Place: ui.Form, Role: connector.RoleGlobalAdmin, Setup: ui.Setup{Draft: setup.New(connector.Jira)}})
		defer s.end()
		s.has("Where to keep the token")
		s.follow("press enter\ntype correct horse battery\npress enter\ntype correct horse battery\npress enter\nwait 1s", func(string) {})
		s.has("Kept in     the encrypted file")
		kept, err := s.world.store.Settings(t.Context())
		if err != nil || kept.KeepIn != connector.SafeFile || kept.Role != connector.RoleUnknown {
			t.Errorf("remembered: %+v, %v", kept, err)
		}
		s.follow("press esc\nwait 1s\npress c down down enter\nwait 1s\npress esc\nwait 1s\npress enter", func(string) {})
		s.has("Only a Global Admin")
		if kept, _ := s.world.store.Settings(t.Context()); kept.Role == connector.RoleUnknown {
			t.Error("the role that was picked is not remembered")
		}
	})
}
