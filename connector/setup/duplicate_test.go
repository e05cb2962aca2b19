package setup_test

import (
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// TestReplacingInsteadOfADuplicate turns adding a second connector into replacing the token of the
// first: the token and its storage are kept, the answers are not.
func TestReplacingInsteadOfADuplicate(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	site, _, _ := atlassian.ParseSite("acme")
	there := connector.Entry{Connector: connector.Connector{
		ID: "1", Name: "acme-jira", Product: connector.Jira, Site: site, Email: "mia@example.com", Account: "Acme Ltd", KeptIn: connector.StorageFile,
	}}
	k := setup.Known{Now: now, Role: connector.RoleGlobalAdmin, Entries: []connector.Entry{there}}
	token, receipt := atlassian.ReadToken("ATATT3xFfGF0-canary-in-a-draft-0123456789")
	add := setup.New(connector.Jira)
	add.Set(setup.Facts{Product: connector.Jira, Site: "ACME", Email: "Mia@example.com", Expiry: "90d"})
	add.SetToken(token, receipt, now)
	add.SetStorage(connector.StorageKeyring, true)
	if q := setup.Next(add, k); q != setup.Duplicate {
		t.Fatalf("asked: %d", q)
	}
	replace := add.ForThat(there)
	if got, _ := replace.Token(); !got.Equal(token) || replace.Saved().ID != "1" || replace.Facts().Name != "acme-jira" || replace.Facts().Expiry != "90d" {
		t.Errorf("turned to %+v", replace.Facts())
	}
	if q := setup.Next(replace, k); q != setup.Check {
		t.Errorf("asked after it was turned: %d", q)
	}
	add.AcceptDuplicate()
	add.SetReport(connector.Report{Verdict: connector.Working, Code: connector.CodeOK})
	if q := setup.Next(add, k); q != setup.Save {
		t.Errorf("asked after the check: %d", q)
	}
	if add.Uncheck(); setup.Next(add, k) != setup.Check {
		t.Error("it is not checked again")
	}
}

// TestAnEditTestsNoStorage: an Edit leaves the token where it is, so it only has to be readable.
func TestAnEditTestsNoStorage(t *testing.T) {
	site, _, _ := atlassian.ParseSite("acme")
	d := setup.For(setup.Edit, connector.Entry{Connector: connector.Connector{
		ID: "1", Name: "acme-jira", Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: connector.StorageFile,
	}})
	k := setup.Known{Now: time.Now(), Role: connector.RoleGlobalAdmin, Storages: []connector.StorageStatus{{Kind: connector.StorageFile, State: connector.StorageLocked}}}
	f := d.Facts()
	f.Name = "acme"
	if d.Set(f); setup.Next(d, k) != setup.Save {
		t.Errorf("another name: %d", setup.Next(d, k))
	}
	f.Site = "acme-two"
	if d.Set(f); setup.Next(d, k) != setup.Unlock {
		t.Errorf("another site, locked: %d", setup.Next(d, k))
	}
	k.Storages[0].State = connector.StorageReady
	if setup.Next(d, k) != setup.Check {
		t.Errorf("another site: %d", setup.Next(d, k))
	}
}
