package ui_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// TestCorrectTheRecordedDay: the remedy that a diagnosis names leads somewhere, and the check
// goes on by itself with another day.
func TestCorrectTheRecordedDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		set := settingsOf(t, "situation token-expired\nrole global-admin")
		w := openTestWorld(t, set)
		token, receipt := atlassian.ReadToken(w.seedToken)
		d := setup.New(connector.Jira)
		d.Set(setup.Facts{Product: connector.Jira, Site: "acme", Email: w.seedEmail, Expiry: connector.DateOf(time.Now().AddDate(0, 0, -3)).String()})
		d.SetToken(token, receipt, time.Now())
		s := stageAt(t, set, w, ui.Start{Place: ui.ScreenForm, Setup: ui.Setup{Draft: d}})
		defer s.end()
		s.press("enter")
		s.press("enter")
		s.wait("2s")
		s.has("Correct the expiry date")
		for range 3 {
			s.press("down")
		}
		for !strings.Contains(s.frame(), "❯ Correct the expiry date") {
			s.press("up")
		}
		s.press("enter")
		s.has("The token's expiry date")
		s.press("ctrl+u")
		s.send(tea.PasteMsg{Content: "90d"})
		s.press("enter")
		s.wait("2s")
		s.has("Atlassian rejected this email and token")
	})
}

// TestAKeyringIsUnlockedByTrying: the desktop asks for its password while the token is read, so
// "unlock" tries again.
func TestAKeyringIsUnlockedByTrying(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, "role global-admin\nsaved acme\nfails Token locked")
		defer s.end()
		for _, k := range strings.Fields("enter e tab tab ctrl+u o l g a @ e x a m p l e . c o m tab enter") {
			s.press(k)
		}
		s.wait("2s")
		s.has("The system keyring is locked", "Unlock it and try again")
		s.world.fails.heal("Token")
		s.press("enter")
		s.wait("2s")
		s.has("Atlassian rejected")
	})
}

// TestAnEditMovesNoToken: another storage is not offered where it would do nothing.
func TestAnEditMovesNoToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, "role global-admin\nsaved acme\nfails Edit full")
		defer s.end()
		for _, k := range strings.Fields("enter e tab ctrl+u a c m e - p u b l i c tab tab enter") {
			s.press(k)
		}
		s.wait("2s")
		s.has("The disk is full", "Try again")
		if strings.Contains(s.frame(), "Choose another storage") {
			t.Errorf("another storage is offered:\n%s", s.frame())
		}
	})
}

// has fails unless the screen shows all of it.
func (s *actor) has(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(s.frame(), w) {
			s.t.Fatalf("the screen lacks %q:\n%s", w, s.frame())
		}
	}
}

// TestCheckingAgainIsChosenWhereItHelps goes through all situations: the pointer of a diagnosis begins
// on what it says to do first, and on checking again only where that is it.
func TestCheckingAgainIsChosenWhereItHelps(t *testing.T) {
	for _, situation := range fakecloud.Situations() {
		if situation.Seed.StorageFault != "" {
			continue // it is met where a connector is saved already
		}
		t.Run(situation.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				set := settingsOf(t, "situation "+situation.Name+"\nrole global-admin\nsize 90x60")
				w := openTestWorld(t, set)
				token, receipt := atlassian.ReadToken(w.seedToken)
				d := setup.New(connector.Product(situation.Product))
				d.Set(setup.Facts{Product: connector.Product(situation.Product), Site: situation.Seed.Site, Email: w.seedEmail})
				d.SetToken(token, receipt, time.Now())
				d.SetStorage(connector.StorageMemory, true)
				r := w.world.Service().Check(t.Context(), d, nil)
				if d.SetReport(r); r.Good() {
					w.close()
					return
				}
				s := stageAt(t, set, w, ui.Start{Place: ui.ScreenDiagnosis, Setup: ui.Setup{Draft: d}})
				defer s.end()
				_, pointed, _ := strings.Cut(s.frame(), "❯ ")
				pointed, _, _ = strings.Cut(pointed, "\n")
				again := slices.ContainsFunc(r.Remedies, func(m connector.Remedy) bool { return m.Action == connector.ActRetry && m.Do == pointed })
				if pointed == "" || again && r.Remedies[0].Action != connector.ActRetry {
					t.Errorf("%s begins with %q:\n%s", r.Code, pointed, s.frame())
				}
			})
		})
	}
}
