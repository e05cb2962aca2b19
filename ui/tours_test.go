package ui_test

import (
	"testing"

	"saasconnect/ui"
)

// Tours: a way to every place of the flow, and to what those places look like while they
// wait, ask or complain. The tests of sizes, of characters and of marks visit all of them.

// tour is a script (storyboard_test.go says its words) and where it must have led.
type tour struct {
	name   string
	place  ui.ScreenID
	script string
}

const (
	asAdmin   = "role global-admin\n"
	filledIn  = "press s\npaste acme\npress enter\npaste @email\npress enter\npaste @token\n"
	toSuccess = asAdmin + filledIn + "press enter enter\nwait 1s\n"
	slowCheck = "latency 4s\n"
)

func tours() []tour {
	return []tour{
		{"home", ui.ScreenHome, ""},
		{"home, help", ui.ScreenHome, "press ?\n"},
		{"role asked", ui.ScreenRole, "press enter\npress down\n"},
		{"product", ui.ScreenProduct, asAdmin + "press enter\npress down\n"},
		{"product, read only", ui.ScreenProduct, "role other\npress enter\npress down down\n"},
		{"guide, step 1", ui.ScreenGuide, asAdmin + "press enter enter\n"},
		{"guide, step 6 copied", ui.ScreenGuide, asAdmin + "press enter enter right right right right right c\n"},
		{"guide, step 8", ui.ScreenGuide, asAdmin + "press enter enter right right right right right right right\n"},
		{"guide, help", ui.ScreenGuide, asAdmin + "press enter enter ?\n"},
		{"guide, only read", ui.ScreenInstructions, "press down down down enter\n"},
		{"import", ui.ScreenImport, "press down down down down enter\n"},
		{"import, no name", ui.ScreenImport, "press down down down down enter enter\n"},
		{"export", ui.ScreenExport, "saved acme\npress E\ntype customers.csv\n"},
		{"form, empty", ui.ScreenForm, asAdmin + "press s\n"},
		{"form, filled in", ui.ScreenForm, asAdmin + filledIn},
		{"form, wrong", ui.ScreenForm, asAdmin + "press s\ntype ftp://x\npress enter\n"},
		{"form, token in the wrong line", ui.ScreenForm, asAdmin + "press s\npaste @token\n"},
		{"form, on the button", ui.ScreenForm, asAdmin + filledIn + "press tab tab\n"},
		{"form, expiry date", ui.ScreenForm, asAdmin + filledIn + "press tab\ntype 400d\npress enter\n"},
		{"form, help", ui.ScreenForm, asAdmin + "press s f1\n"},
		{"safe", ui.ScreenStorage, asAdmin + "safes new-file\npress s\npress down\n"},
		{"safe, none", ui.ScreenStorage, asAdmin + "safes none\npress s\n"},
		{"safe, refused", ui.ScreenStorage, asAdmin + "safes keyring\nfails TestStorage refused\npress s ctrl+o enter\n"},
		{"elsewhere", ui.ScreenReference, asAdmin + "safes new-file\npress s down enter\npress down\n"},
		{"elsewhere, nothing there", ui.ScreenReference, asAdmin + "safes new-file\npress s down enter\npress enter\ntype OTHER_TOKEN\npress enter\nwait 1s\n"},
		{"unlock", ui.ScreenUnlock, asAdmin + "safes locked-file\npress s enter\ntype swordfish\n"},
		{"unlock, new", ui.ScreenUnlock, asAdmin + "safes new-file\npress s enter\ntype short\npress enter\n"},
		{"unlock, once more", ui.ScreenUnlock, asAdmin + "safes new-file\npress s enter\ntype correct horse battery\npress enter\n"},
		{"checking", ui.ScreenChecking, slowCheck + asAdmin + filledIn + "press enter enter\n"},
		{"diagnosis", ui.ScreenDiagnosis, "situation not-admin\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down\n"},
		{"diagnosis, refused", ui.ScreenDiagnosis, "situation token-refused\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down c\n"},
		{"message", ui.ScreenMessage, "situation not-admin\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down enter\npress c\n"},
		{"trouble", ui.ScreenNotSaved, "safes keyring\nfails Add full\n" + toSuccess + "press down\n"},
		{"success", ui.ScreenSuccess, toSuccess + "press down\n"},
		{"success, nothing saved", ui.ScreenSuccess, "role other\npress enter enter\npaste acme\npress enter\npaste @email\npress enter\npaste @token\npress enter\nwait 1s\npress down\n"},
		{"handover", ui.ScreenHandover, toSuccess + "press enter\n"},
		{"handover, asks again", ui.ScreenHandover, toSuccess + "press enter t\n"},
		{"handover, marked", ui.ScreenHandover, toSuccess + "press enter d\n"},
		{"handover, one of two", ui.ScreenHandover, asAdmin + "saved acme\nsaasassure https://saasassure.example.com\npress enter t s\npaste @new\npress enter enter\nwait 1s\npress enter\nwait 1s\npress enter n t t\n"},
		{"expiry", ui.ScreenExpiry, toSuccess + "press down down enter\ntype 90d\n"},
		{"list", ui.ScreenHome, asAdmin + "saved acme\npress down\n"},
		{"list, help", ui.ScreenHome, asAdmin + "saved acme\npress ?\n"},
		{"list of 30", ui.ScreenHome, asAdmin + "saved 30\npress G\n"},
		{"list, finding", ui.ScreenHome, asAdmin + "saved 30\npress /\ntype ember\n"},
		{"list, nothing found", ui.ScreenHome, asAdmin + "saved acme\npress /\ntype zzz\n"},
		{"list, re-testing", ui.ScreenHome, slowCheck + asAdmin + "saved 30\npress R\n"},
		{"list, re-tested", ui.ScreenHome, asAdmin + "saved 30\npress R\nwait 20s\npress down\n"},
		{"list, filtered", ui.ScreenHome, asAdmin + "saved 30\npress R\nwait 20s\npress 1 s down\n"},
		{"list, several selected", ui.ScreenHome, asAdmin + "saved 30\npress space space A 2 /\ntype ember\npress enter\n"},
		{"list, marked", ui.ScreenHome, asAdmin + "saved 30\npress space space d\n"},
		{"list, marking", ui.ScreenHome, asAdmin + "slow Edit 3s\nsaved 30\npress d\n"},
		{"list, removed", ui.ScreenHome, asAdmin + "saved 30\npress space space x down enter\nwait 1s\n"},
		{"remove several", ui.ScreenRemove, asAdmin + "saved 30\npress A x down\n"},
		{"begin", ui.ScreenAdd, asAdmin + "saved acme\npress a down\n"},
		{"detail", ui.ScreenDetail, asAdmin + "saved acme\npress enter down\n"},
		{"detail, failing", ui.ScreenDetail, asAdmin + "saved 30\npress enter r\nwait 2s\npress down\n"},
		{"detail, asking", ui.ScreenDetail, slowCheck + asAdmin + "saved acme\npress enter r\n"},
		{"detail, refused to another role", ui.ScreenDetail, "role other\nsaved acme\npress enter t\n"},
		{"role", ui.ScreenRole, "saved acme\npress enter t down\n"},
		{"remove", ui.ScreenRemove, asAdmin + "saved acme\npress enter x down\n"},
		{"edit", ui.ScreenEdit, asAdmin + "saved acme\npress enter e\npress ctrl+u\ntype my wiki\npress tab tab tab enter\n"},
		{"edit, another site", ui.ScreenEdit, asAdmin + "saved acme\npress enter e tab ctrl+u\ntype acme-wiki\n"},
		{"edit several", ui.ScreenEditSeveral, asAdmin + "saved 30\npress space space e\ntype Acme Group\npress enter\ntype soon\npress enter\n"},
		{"replace", ui.ScreenForm, asAdmin + "saved acme\npress enter t s\npaste @new\n"},
		{"sharing", ui.ScreenSharing, asAdmin + "saved acme\npress enter t s\npaste @new\npress enter enter\nwait 1s\npress down\n"},
		{"sharing, asking", ui.ScreenSharing, "latency 700ms\n" + asAdmin + "saved acme\npress enter t s\npaste @new\npress enter enter\nwait 8s\npress enter\n"},
		{"replaced", ui.ScreenReplaced, asAdmin + "saved acme\npress enter t s\npaste @new\npress enter enter\nwait 1s\npress enter\nwait 1s\npress down\n"},
		{"person", ui.ScreenOtherAccount, asAdmin + "saved acme\npress enter t s\npaste @olga\npress enter enter\nwait 1s\npress enter ctrl+u\ntype olga@example.com\npress enter\npaste @olga\npress enter enter\nwait 1s\npress down\n"},
		{"account", ui.ScreenDuplicate, asAdmin + "saved acme\npress a s\npaste acme-public\npress enter\npaste @email\npress enter\npaste @token\npress enter enter\nwait 1s\npress down\n"},
		{"account, named", ui.ScreenDuplicate, asAdmin + "saved acme\npress a s\npaste acme-public\npress enter\npaste @email\npress enter\npaste @token\npress enter enter\nwait 1s\npress enter enter\n"},
		{"practice", ui.ScreenHome, "press down down enter\npress down\n"},
		{"practice, form", ui.ScreenForm, "press down down enter\npress enter enter s\npress ctrl+t\n"},
	}
}

// take is an actor at the end of the tour.
func (tr tour) take(t *testing.T, before string) *actor {
	t.Helper()
	s := newStage(t, before+tr.script)
	s.follow(tr.script, func(string) {})
	if got := s.app.Place(); got != tr.place {
		t.Fatalf("the way led to %q, not to %q:\n%s", got, tr.place, s.frame())
	}
	return s
}

// passedBy returns the screens that no tour stops at: Saving is left as soon as the store answers,
// and Practice leads to the nested wizard.
func passedBy() map[ui.ScreenID]bool {
	return map[ui.ScreenID]bool{ui.ScreenSaving: true, ui.ScreenPractice: true}
}

func TestToursVisitEveryPlace(t *testing.T) {
	visited := passedBy()
	for _, tr := range tours() {
		visited[tr.place] = true
	}
	for _, p := range ui.Places() {
		if !visited[p] {
			t.Errorf("no tour leads to %s", p)
		}
	}
}
