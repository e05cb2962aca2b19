package setup_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// entry returns a saved connector of Mia's on acme.
func entry(id string, p connector.Product, in connector.StorageKind) connector.Entry {
	site, _, _ := atlassian.ParseSite("acme")
	return connector.Entry{Connector: connector.Connector{
		ID: id, Name: id, Product: p, Site: site, Email: "mia@example.com", Account: "Acme", KeptIn: in,
		TokenSince: noon().AddDate(0, -2, 0), Identity: &connector.Identity{ID: "1", Name: "Mia"},
	}}
}

// report returns the report of a check, for an account.
func report(v connector.Verdict, keepable bool, account string) connector.Report {
	return connector.Report{Verdict: v, Keepable: keepable, At: noon(), Title: "A title", Identity: &connector.Identity{ID: account, Name: "Person " + account}}
}

// pasted is a token as it was entered.
type pasted struct {
	token   atlassian.Token
	receipt atlassian.Receipt
}

// newer returns another token with the form of an account's.
func newer(email string) pasted {
	token, receipt := atlassian.ReadToken(fakecloud.NewerToken(email))
	return pasted{token, receipt}
}

func (p pasted) into(d *setup.Draft) { d.SetToken(p.token, p.receipt, noon()) }

// full returns a Draft of a task with all facts, and with a token where it needs one.
func full(task setup.Task, e connector.Entry, p pasted) setup.Draft {
	d := setup.New(connector.Jira)
	if task != setup.Add {
		d = setup.For(task, e)
	} else {
		d.Set(setup.Facts{Product: connector.Jira, Site: "acme", Email: "mia@example.com", Account: "Beta"})
	}
	if task == setup.Add || task == setup.Replace {
		p.into(&d)
	}
	return d
}

func states(keyring, file connector.StorageState) []connector.StorageStatus {
	return []connector.StorageStatus{{Kind: connector.StorageKeyring, State: keyring}, {Kind: connector.StorageFile, State: file}}
}

// Each question has a Draft that leads to it.
func TestEachQuestionComesUp(t *testing.T) {
	token := newer("mia@example.com")
	jira, wiki := entry("acme-jira", connector.Jira, connector.StorageFile), entry("acme-confluence", connector.Confluence, connector.StorageFile)
	admin := setup.Known{Now: noon(), Role: connector.RoleGlobalAdmin, Entries: []connector.Entry{jira, wiki}, Storages: states(connector.StorageReady, connector.StorageReady)}
	alone := admin
	alone.Entries = nil
	with := func(k setup.Known, change func(*setup.Known)) setup.Known { change(&k); return k }
	in := func(d setup.Draft, kind connector.StorageKind, change ...func(*setup.Draft)) setup.Draft {
		d.SetStorage(kind, true)
		for _, c := range change {
			c(&d)
		}
		return d
	}
	checked := func(r connector.Report) func(*setup.Draft) { return func(d *setup.Draft) { d.SetReport(r) } }
	good, bad := checked(report(connector.Working, false, "1")), checked(report(connector.Failing, false, "1"))
	other := full(setup.Add, jira, token)
	readdressed := full(setup.Edit, jira, token)
	facts := readdressed.Facts()
	facts.Site = "acme-group"
	readdressed.Set(facts)

	for name, c := range map[string]struct {
		want  setup.Question
		draft setup.Draft
		known setup.Known
	}{
		"an unknown role":             {setup.AskRole, full(setup.Add, jira, token), setup.Known{Now: noon()}},
		"a role that may not replace": {setup.NotAllowed, full(setup.Replace, jira, token), with(admin, func(k *setup.Known) { k.Role = connector.RoleOther })},
		"nothing said":                {setup.AskConnection, setup.New(connector.Jira), admin},
		"a name that is taken": {setup.AskConnection, func() setup.Draft {
			d := full(setup.Edit, jira, token)
			f := d.Facts()
			f.Name = "ACME-confluence"
			d.Set(f)
			return d
		}(), admin},
		"the same site and email": {setup.Duplicate, other, admin},
		"no storage yet":          {setup.ChooseStorage, other, alone},
		"a move to where it is": {setup.ChooseStorage, func() setup.Draft {
			d := full(setup.Move, jira, token)
			d.SetStorage(connector.StorageFile, true)
			return d
		}(), admin},
		"an encrypted file to be": {setup.CreatePassphrase, func() setup.Draft { d := other; d.SetStorage(connector.StorageFile, false); return d }(),
			with(alone, func(k *setup.Known) { k.Storages = states(connector.StorageAbsent, connector.StorageNew) })},
		"a locked one": {setup.Unlock, full(setup.Replace, jira, token), with(admin, func(k *setup.Known) { k.Storages = states(connector.StorageAbsent, connector.StorageLocked) })},
		"a locked one that a file opens": {setup.TestStorage, full(setup.Replace, jira, token),
			with(admin, func(k *setup.Known) {
				k.KeyFile, k.Storages = true, states(connector.StorageAbsent, connector.StorageLocked)
			})},
		"a storage that was chosen":       {setup.TestStorage, full(setup.Replace, jira, token), admin},
		"a reference needs no test":       {setup.Check, in(other, connector.StorageReference), alone},
		"everything said":                 {setup.Check, in(other, connector.StorageKeyring), alone},
		"another site":                    {setup.Check, in(readdressed, connector.StorageFile), admin},
		"it does not work":                {setup.Failing, in(other, connector.StorageKeyring, bad), alone},
		"another account's token":         {setup.OtherAccount, in(full(setup.Replace, jira, token), connector.StorageFile, checked(report(connector.Working, false, "2"))), admin},
		"others have the old token":       {setup.AskShare, in(full(setup.Replace, jira, token), connector.StorageFile, good), admin},
		"no one has it":                   {setup.Save, in(full(setup.Replace, jira, token), connector.StorageFile, good), with(admin, func(k *setup.Known) { k.Entries = k.Entries[:1] })},
		"words alone":                     {setup.Save, full(setup.Edit, jira, token), admin},
		"a new one that works":            {setup.Save, in(other, connector.StorageKeyring, good), alone},
		"a check, and a role without add": {setup.Done, in(other, "", good), with(alone, func(k *setup.Known) { k.Role = connector.RoleOther })},
	} {
		if got := setup.Next(c.draft, c.known); got != c.want {
			t.Errorf("%s: question %d, want %d (%v)", name, got, c.want, setup.Problems(c.draft, c.known))
		}
	}
}

// walk is one path through a task: its state, and the answer to each question.
type walk struct {
	task             setup.Task
	role             connector.Role // the answer to AskRole
	keptIn           connector.StorageKind
	keyring, file    connector.StorageState
	keyFile          bool
	goes             connector.StorageKind // the answer to ChooseStorage
	empty, elsewhere bool                  // nothing was typed yet; another site was typed
	report           connector.Report
	keep             bool // save it although it doesn't work
	entries          []connector.Entry
	share            bool // with those that have the old token
	token            pasted
}

// every calls do for each walk.
func every(do func(walk)) {
	token := newer("mia@example.com")
	jira := []connector.Entry{entry("other-jira", connector.Jira, connector.StorageKeyring)}
	wiki := []connector.Entry{entry("acme-confluence", connector.Confluence, connector.StorageFile)}
	far := []connector.Entry{entry("far", connector.Jira, connector.StorageFile)}
	far[0].Site, _, _ = atlassian.ParseSite("far")
	both := []bool{false, true}
	for _, task := range []setup.Task{setup.Add, setup.Replace, setup.Edit, setup.Move} {
		for _, role := range []connector.Role{connector.RoleGlobalAdmin, connector.RoleOther} {
			for _, keptIn := range []connector.StorageKind{connector.StorageKeyring, connector.StorageFile, connector.StorageReference} {
				for _, keyring := range []connector.StorageState{connector.StorageReady, connector.StorageLocked} {
					for _, file := range []connector.StorageState{connector.StorageReady, connector.StorageLocked, connector.StorageNew, connector.StorageBroken} {
						for _, goes := range []connector.StorageKind{connector.StorageKeyring, connector.StorageFile} {
							for _, r := range []connector.Report{
								report(connector.Working, false, "1"), report(connector.Attention, false, "2"), report(connector.Failing, false, "1"), report(connector.Unknown, true, "2"),
							} {
								for bits := range 16 {
									for n, entries := range [][]connector.Entry{nil, jira, wiki, far} {
										do(walk{task, role, keptIn, keyring, file, both[bits&1], goes, both[bits>>1&1], both[bits>>2&1], r, both[bits>>3&1], entries, n%2 == 1, token})
									}
								}
							}
						}
					}
				}
			}
		}
	}
}

// Whatever the state and the answers, the questions come to an end, none is asked twice, and what
// is saved has been checked.
func TestEveryWayEnds(t *testing.T) {
	ways := 0
	every(func(w walk) {
		ways++
		if problem := w.through(); problem != "" && !t.Failed() {
			t.Errorf("%s on the way %+v", problem, w)
		}
	})
	t.Logf("%d ways", ways)
}

// through answers one question after the other, and returns what is wrong with the path.
func (w walk) through() string {
	mine := entry("acme-jira", connector.Jira, w.keptIn)
	d := full(w.task, mine, w.token)
	k := setup.Known{Now: noon(), Entries: w.entries, Storages: states(w.keyring, w.file), KeyFile: w.keyFile}
	if w.task != setup.Add {
		k.Entries = append(slices.Clone(k.Entries), mine)
	}
	if f := d.Facts(); w.elsewhere && (w.task == setup.Add || w.task == setup.Edit) {
		f.Site = "far"
		d.Set(f)
	}
	if w.empty && w.task == setup.Add {
		d = setup.New("")
	}
	var asked []setup.Question
	for {
		q := setup.Next(d, k)
		if slices.Contains(asked, q) {
			return fmt.Sprintf("question %d comes twice after %v", q, asked)
		}
		asked = append(asked, q)
		report, checked := d.Report()
		kind, tested := d.Storage()
		switch q {
		case setup.AskRole:
			k.Role = w.role
		case setup.NotAllowed:
			if w.role.MaySave() || w.task == setup.Add {
				return "not allowed"
			}
			return ""
		case setup.AskConnection:
			if !w.empty && !(w.task == setup.Replace && w.keptIn == connector.StorageReference) {
				return fmt.Sprint("problems ", setup.Problems(d, k))
			}
			f := d.Facts()
			f.Product, f.Site, f.Email = connector.Jira, "acme", "mia@example.com"
			d.Set(f)
			d.SetReference(&connector.Reference{Env: "TOKEN"}, w.token.token, w.token.receipt, noon())
		case setup.Duplicate:
			if checked || d.DuplicateOf(k) == nil {
				return "a duplicate after the check, or of none"
			}
			d.AcceptDuplicate()
		case setup.ChooseStorage:
			goes := w.goes
			if w.task == setup.Move && goes == w.keptIn {
				goes = map[connector.StorageKind]connector.StorageKind{connector.StorageKeyring: connector.StorageFile, connector.StorageFile: connector.StorageKeyring}[goes]
			}
			d.SetStorage(goes, false)
		case setup.CreatePassphrase, setup.Unlock:
			if kind != connector.StorageFile && w.keptIn != connector.StorageFile || w.keyFile {
				return "a passphrase for nothing"
			}
			k.Storages = states(w.keyring, connector.StorageReady)
		case setup.TestStorage:
			d.SetStorage(kind, true)
		case setup.Check:
			before := d
			if d.SetReport(w.report); before.DuplicateOf(k) != nil && w.role.MaySave() && !slices.Contains(asked, setup.Duplicate) {
				return "the duplicate was not asked about"
			}
		case setup.Failing:
			if report.Good() {
				return "failing, and good"
			}
			if !w.keep || !d.CanSaveFailing() {
				return ""
			}
			d.SaveFailing()
		case setup.OtherAccount:
			d.AcceptOtherAccount()
		case setup.AskShare:
			if !w.share {
				d.Share()
				break
			}
			var all []setup.Share
			for _, e := range d.SharedWith(k) {
				all = append(all, setup.Share{Entry: e, Report: w.report})
			}
			d.Share(all...)
		case setup.Done:
			if w.role.MaySave() || w.task != setup.Add {
				return "done, and nothing saved"
			}
			return ""
		case setup.Save:
			switch {
			case !k.Role.MaySave() || len(setup.Problems(d, k)) > 0:
				return "saved what may not be"
			case !checked && (w.task == setup.Add || w.task == setup.Replace || w.task == setup.Edit && d.Readdresses()):
				return "saved unchecked"
			case checked && !report.Good() && !(w.keep && report.Keepable && w.task == setup.Add):
				return "saved what does not work"
			case w.task == setup.Replace && report.Identity.ID != "1" && !slices.Contains(asked, setup.OtherAccount):
				return "saved another account's token"
			case kind == "" || !tested && kind != connector.StorageReference && w.task != setup.Edit: // an Edit's check has read the token
				return "saved in a storage that was not tested"
			}
			return ""
		}
	}
}

// A change drops what depended on the old state; setting the same values doesn't.
func TestAReportIsAboutExactlyThese(t *testing.T) {
	jira, token := entry("acme-jira", connector.Jira, connector.StorageFile), newer("mia@example.com")
	before := full(setup.Replace, jira, token)
	before.SetStorage(connector.StorageFile, true)
	before.SetReport(report(connector.Working, false, "2"))
	before.AcceptOtherAccount()
	before.Share(setup.Share{Entry: jira})
	for name, c := range map[string]struct {
		change func(*setup.Draft)
		stays  bool
	}{
		"nothing":        {func(d *setup.Draft) { d.Set(d.Facts()) }, true},
		"the same token": {token.into, true},
		"a storage":      {func(d *setup.Draft) { d.SetStorage(connector.StorageKeyring, true) }, true},
		"the email":      {func(d *setup.Draft) { f := d.Facts(); f.Email = "olga@example.com"; d.Set(f) }, false},
		"the date":       {func(d *setup.Draft) { f := d.Facts(); f.Expiry = "90d"; d.Set(f) }, false},
		"another token":  {newer("olga@example.com").into, false},
		"a reference": {func(d *setup.Draft) {
			d.SetReference(&connector.Reference{Env: "TOKEN"}, token.token, token.receipt, noon())
		}, false},
	} {
		d := before
		c.change(&d)
		if _, checked := d.Report(); checked != c.stays || (len(d.Shares()) > 0) != c.stays {
			t.Errorf("%s: checked %v, %d shares", name, checked, len(d.Shares()))
		}
		if _, checked := before.Report(); !checked || len(before.Shares()) != 1 {
			t.Fatalf("%s changed the Draft it was copied from", name)
		}
	}
}

// A chosen storage is never replaced by another; without one, the keyring, or the encrypted file
// with a key file, needs no question.
func TestUsualStorage(t *testing.T) {
	for name, c := range map[string]struct {
		chosen        connector.StorageKind
		keyring, file connector.StorageState
		keyFile       bool
		want          connector.StorageKind
	}{
		"the keyring":                     {"", connector.StorageReady, connector.StorageNew, false, connector.StorageKeyring},
		"before a key file":               {"", connector.StorageReady, connector.StorageNew, true, connector.StorageKeyring},
		"not a locked one":                {"", connector.StorageLocked, connector.StorageNew, false, ""},
		"a key file":                      {"", connector.StorageAbsent, connector.StorageLocked, true, connector.StorageFile},
		"of a file that can't be":         {"", connector.StorageAbsent, connector.StorageBroken, true, ""},
		"chosen before":                   {connector.StorageFile, connector.StorageReady, connector.StorageLocked, false, connector.StorageFile},
		"chosen before, and not usable":   {connector.StorageKeyring, connector.StorageAbsent, connector.StorageReady, true, connector.StorageKeyring},
		"a place outside was one token's": {connector.StorageReference, connector.StorageReady, connector.StorageReady, false, connector.StorageKeyring},
	} {
		k := setup.Known{Storages: states(c.keyring, c.file), KeyFile: c.keyFile}
		if got := k.UsualStorage(c.chosen); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
