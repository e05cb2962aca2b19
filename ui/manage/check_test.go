package manage

import (
	"context"
	"testing"

	"saasconnect/connector"
	"saasconnect/ui"
	"saasconnect/ui/uitest"
)

// What a re-test brings is in the row and in the session, and held once: with a thousand
// connectors of thirty reports each a second list is many megabytes.
func TestAReportLandsOnce(t *testing.T) {
	a, l := openList(t, uitest.Entries(t, 40))
	l.filter = "customer-1"
	l.narrow()
	_, l.cancel = context.WithCancel(t.Context())
	l.total, l.landed = len(l.Session.Entries), map[connector.Verdict]int{}
	for i := range l.Session.Entries {
		e := &l.Session.Entries[i]
		had := len(e.Reports)
		report := e.Reports[0]
		report.Title = "Landed in " + e.Name
		a.Update(ui.RecheckedMsg{Request: l.Request, Id: e.ID, Report: report})
		if len(e.Reports) != had+1 || e.Reports[0].Title != report.Title {
			t.Fatalf("%s has %d reports, the newest %q", e.Name, len(e.Reports), e.Reports[0].Title)
		}
	}
	shown := 0
	for _, e := range l.shown {
		if shown++; e.Reports[0].Title != "Landed in "+e.Name {
			t.Errorf("the row of %s shows %q", e.Name, e.Reports[0].Title)
		}
		kept := l.Session.Entry(e.ID)
		if &kept.Reports[0] != &e.Reports[0] {
			t.Errorf("the reports of %s are held twice", e.Name)
		}
	}
	if shown == 0 || shown == len(l.Session.Entries) {
		t.Fatalf("%d of %d are shown", shown, len(l.Session.Entries))
	}
}
