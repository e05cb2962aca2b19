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
	place  ui.Place
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
		{"home", ui.Home, ""},
		{"home, help", ui.Home, "press ?\n"},
		{"role asked", ui.Role, "press enter\npress down\n"},
		{"product", ui.Product, asAdmin + "press enter\npress down\n"},
		{"product, read only", ui.Product, "role other\npress enter\npress down down\n"},
		{"guide, step 1", ui.Guide, asAdmin + "press enter enter\n"},
		{"guide, step 6 copied", ui.Guide, asAdmin + "press enter enter right right right right right c\n"},
		{"guide, step 8", ui.Guide, asAdmin + "press enter enter right right right right right right right\n"},
		{"guide, help", ui.Guide, asAdmin + "press enter enter ?\n"},
		{"guide, only read", ui.Instructions, "press down down down enter\n"},
		{"import", ui.Import, "press down down down down enter\n"},
		{"import, no name", ui.Import, "press down down down down enter enter\n"},
		{"export", ui.Export, "saved acme\npress E\ntype customers.csv\n"},
		{"form, empty", ui.Form, asAdmin + "press s\n"},
		{"form, filled in", ui.Form, asAdmin + filledIn},
		{"form, wrong", ui.Form, asAdmin + "press s\ntype ftp://x\npress enter\n"},
		{"form, token in the wrong line", ui.Form, asAdmin + "press s\npaste @token\n"},
		{"form, on the button", ui.Form, asAdmin + filledIn + "press tab tab\n"},
		{"form, expiry date", ui.Form, asAdmin + filledIn + "press tab\ntype 400d\npress enter\n"},
		{"form, help", ui.Form, asAdmin + "press s f1\n"},
		{"safe", ui.Storage, asAdmin + "safes new-file\npress s\npress down\n"},
		{"safe, none", ui.Storage, asAdmin + "safes none\npress s\n"},
		{"safe, refused", ui.Storage, asAdmin + "safes keyring\nfails TestStorage refused\npress s ctrl+o enter\n"},
		{"elsewhere", ui.Elsewhere, asAdmin + "safes new-file\npress s down enter\npress down\n"},
		{"elsewhere, nothing there", ui.Elsewhere, asAdmin + "safes new-file\npress s down enter\npress enter\ntype OTHER_TOKEN\npress enter\nwait 1s\n"},
		{"unlock", ui.Unlock, asAdmin + "safes locked-file\npress s enter\ntype swordfish\n"},
		{"unlock, new", ui.Unlock, asAdmin + "safes new-file\npress s enter\ntype short\npress enter\n"},
		{"unlock, once more", ui.Unlock, asAdmin + "safes new-file\npress s enter\ntype correct horse battery\npress enter\n"},
		{"checking", ui.Checking, slowCheck + asAdmin + filledIn + "press enter enter\n"},
		{"diagnosis", ui.Diagnosis, "situation not-admin\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down\n"},
		{"diagnosis, refused", ui.Diagnosis, "situation token-refused\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down c\n"},
		{"message", ui.Message, "situation not-admin\n" + asAdmin + filledIn + "press enter enter\nwait 1s\npress down enter\npress c\n"},
		{"trouble", ui.Trouble, "safes keyring\nfails Add full\n" + toSuccess + "press down\n"},
		{"success", ui.Success, toSuccess + "press down\n"},
		{"success, nothing saved", ui.Success, "role other\npress enter enter\npaste acme\npress enter\npaste @email\npress enter\npaste @token\npress enter\nwait 1s\npress down\n"},
		{"handover", ui.Handover, toSuccess + "press enter\n"},
		{"handover, asks again", ui.Handover, toSuccess + "press enter t\n"},
		{"handover, marked", ui.Handover, toSuccess + "press enter d\n"},
		{"handover, one of two", ui.Handover, asAdmin + "saved acme\nsaasassure https://saasassure.example.com\npress enter t s\npaste @new\npress enter enter\nwait 1s\npress enter\nwait 1s\npress enter n t t\n"},
		{"expiry", ui.Expiry, toSuccess + "press down down enter\ntype 90d\n"},
		{"list", ui.Home, asAdmin + "saved acme\npress down\n"},
		{"list, help", ui.Home, asAdmin + "saved acme\npress ?\n"},
		{"list of 30", ui.Home, asAdmin + "saved 30\npress G\n"},
		{"list, finding", ui.Home, asAdmin + "saved 30\npress /\ntype ember\n"},
		{"list, nothing found", ui.Home, asAdmin + "saved acme\npress /\ntype zzz\n"},
		{"list, re-testing", ui.Home, slowCheck + asAdmin + "saved 30\npress R\n"},
		{"list, re-tested", ui.Home, asAdmin + "saved 30\npress R\nwait 20s\npress down\n"},
		{"list, filtered", ui.Home, asAdmin + "saved 30\npress R\nwait 20s\npress 1 s down\n"},
		{"list, several selected", ui.Home, asAdmin + "saved 30\npress space space A 2 /\ntype ember\npress enter\n"},
		{"list, marked", ui.Home, asAdmin + "saved 30\npress space space d\n"},
		{"list, marking", ui.Home, asAdmin + "slow Edit 3s\nsaved 30\npress d\n"},
		{"list, removed", ui.Home, asAdmin + "saved 30\npress space space x down enter\nwait 1s\n"},
		{"remove several", ui.Remove, asAdmin + "saved 30\npress A x down\n"},
		{"begin", ui.Begin, asAdmin + "saved acme\npress a down\n"},
		{"detail", ui.Detail, asAdmin + "saved acme\npress enter down\n"},
		{"detail, failing", ui.Detail, asAdmin + "saved 30\npress enter r\nwait 2s\npress down\n"},
		{"detail, asking", ui.Detail, slowCheck + asAdmin + "saved acme\npress enter r\n"},
		{"detail, refused to another role", ui.Detail, "role other\nsaved acme\npress enter t\n"},
		{"role", ui.Role, "saved acme\npress enter t down\n"},
		{"remove", ui.Remove, asAdmin + "saved acme\npress enter x down\n"},
		{"edit", ui.Edit, asAdmin + "saved acme\npress enter e\npress ctrl+u\ntype my wiki\npress tab tab tab enter\n"},
		{"edit, another site", ui.Edit, asAdmin + "saved acme\npress enter e tab ctrl+u\ntype acme-wiki\n"},
		{"edit several", ui.EditSeveral, asAdmin + "saved 30\npress space space e\ntype Acme Group\npress enter\ntype soon\npress enter\n"},
		{"replace", ui.Form, asAdmin + "saved acme\npress enter t s\npaste @new\n"},
		{"sharing", ui.Sharing, asAdmin + "saved acme\npress enter t s\npaste @new\npress enter enter\nwait 1s\npress down\n"},
		{"sharing, asking", ui.Sharing, "latency 700ms\n" + asAdmin + "saved acme\npress enter t s\npaste @new\npress enter enter\nwait 8s\npress enter\n"},
		{"replaced", ui.Replaced, asAdmin + "saved acme\npress enter t s\npaste @new\npress enter enter\nwait 1s\npress enter\nwait 1s\npress down\n"},
		{"person", ui.Person, asAdmin + "saved acme\npress enter t s\npaste @olga\npress enter enter\nwait 1s\npress enter ctrl+u\ntype olga@example.com\npress enter\npaste @olga\npress enter enter\nwait 1s\npress down\n"},
		{"account", ui.Account, asAdmin + "saved acme\npress a s\npaste acme-public\npress enter\npaste @email\npress enter\npaste @token\npress enter enter\nwait 1s\npress down\n"},
		{"account, named", ui.Account, asAdmin + "saved acme\npress a s\npaste acme-public\npress enter\npaste @email\npress enter\npaste @token\npress enter enter\nwait 1s\npress enter enter\n"},
		{"practice", ui.Home, "press down down enter\npress down\n"},
		{"practice, form", ui.Form, "press down down enter\npress enter enter s\npress ctrl+t\n"},
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

// passedBy are the places that no tour stops at: Saving is left as soon as the store
// answers, Practise is the door to the nested wizard.
func passedBy() map[ui.Place]bool { return map[ui.Place]bool{ui.Saving: true, ui.Practise: true} }

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
