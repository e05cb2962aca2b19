package ui_test

import (
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// TestANameThatIsTakenIsDropped: it came from the command line, and has no line on the form.
func TestANameThatIsTakenIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		set := settingsOf(t, "role global-admin\nsaved acme")
		w := openTestWorld(t, set)
		token, receipt := atlassian.ReadToken(w.seedToken)
		d := setup.New(connector.Jira)
		d.Set(setup.Facts{Product: connector.Jira, Site: "acme-public", Email: w.seedEmail, Name: "acme-jira", Account: "Acme Public Ltd"})
		d.SetToken(token, receipt, time.Now())
		s := stageAt(t, set, w, ui.Start{Place: ui.ScreenForm, Setup: ui.Setup{Draft: d}})
		defer s.end()
		s.follow("press enter enter", func(string) {})
		s.has("There is already a connector with this name.", "Continue again to use the")
		s.follow("press enter\nwait 1s", func(string) {})
		s.has("Jira connection verified and saved", "acme-public-jira")
	})
}

// TestTheRoleOfOneRun: a role that a flag gave is not remembered along with another setting, and
// one that is picked goes before it.
func TestTheRoleOfOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		set := settingsOf(t, "safes new-file")
		s := stageAt(t, set, openTestWorld(t, set), ui.Start{Place: ui.ScreenForm, Role: connector.RoleGlobalAdmin, Setup: ui.Setup{Draft: setup.New(connector.Jira)}})
		defer s.end()
		s.has("Where to store the token")
		s.follow("press enter\ntype correct horse battery\npress enter\ntype correct horse battery\npress enter\nwait 1s", func(string) {})
		s.has("Stored in   the encrypted file")
		kept, err := s.world.store.Settings(t.Context())
		if err != nil || kept.KeepIn != connector.StorageFile || kept.Role != connector.RoleUnknown {
			t.Errorf("remembered: %+v, %v", kept, err)
		}
		s.follow("press esc\nwait 1s\npress c down down enter\nwait 1s\npress esc\nwait 1s\npress enter", func(string) {})
		s.has("Only a Global Admin")
		if kept, _ := s.world.store.Settings(t.Context()); kept.Role == connector.RoleUnknown {
			t.Error("the role that was picked is not remembered")
		}
	})
}
