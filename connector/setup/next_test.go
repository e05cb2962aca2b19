package setup_test

import (
	"fmt"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// pretendToken is one that is whole as far as can be seen offline.
func pretendToken(t testing.TB, text string) (atlassian.Token, atlassian.Receipt) {
	t.Helper()
	token, receipt := atlassian.ReadToken("ATATT3xFfGF0" + text + "pretendpretendpretendpretendpretend")
	if receipt.Wrong != atlassian.TokenOK {
		t.Fatalf("the pretend token is refused: %+v", receipt)
	}
	return token, receipt
}

func acme(t testing.TB) atlassian.Site {
	t.Helper()
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// saved is a saved connector of Mia's.
func saved(t testing.TB, id string, p connector.Product) connector.Entry {
	return connector.Entry{Connector: connector.Connector{
		ID: id, Name: "acme-" + string(p), Product: p, Site: acme(t), Email: "mia@example.com", KeptIn: connector.SafeFile,
		TokenSince: noon.AddDate(0, -1, 0), Identity: &connector.Identity{ID: "mia", Name: "Mia"},
	}}
}

func report(v connector.Verdict, code connector.Code, who string, keepable bool) connector.Report {
	r := connector.Report{Verdict: v, Code: code, Keepable: keepable, At: noon}
	if who != "" {
		r.Identity = &connector.Identity{ID: who, Name: who}
	}
	return r
}

func good(who string) connector.Report {
	return report(connector.Working, connector.CodeOK, who, false)
}

// filled is a new connector of which all is said.
func filled(t testing.TB) setup.Draft {
	d := setup.New(connector.Jira)
	d.Set(setup.Facts{Product: connector.Jira, Site: "acme", Email: "mia@example.com"})
	token, receipt := pretendToken(t, "one")
	d.SetToken(token, receipt, noon)
	return d
}

// ready is that with a tested storage.
func ready(t testing.TB) setup.Draft {
	d := filled(t)
	d.SetStorage(connector.SafeFile, true)
	return d
}

func known(entries ...connector.Entry) setup.Known {
	return setup.Known{Now: noon, Role: connector.RoleGlobalAdmin, Entries: entries, Storages: []connector.SafeStatus{
		{Kind: connector.SafeKeyring, State: connector.SafeReady}, {Kind: connector.SafeFile, State: connector.SafeReady},
	}}
}

func with(k setup.Known, change func(*setup.Known)) setup.Known {
	change(&k)
	return k
}

func changed(d setup.Draft, change func(*setup.Draft)) setup.Draft {
	change(&d)
	return d
}

// fileIs is Known with the encrypted file in a state.
func fileIs(state connector.SafeState) setup.Known {
	return with(known(), func(k *setup.Known) {
		k.Storages = []connector.SafeStatus{{Kind: connector.SafeFile, State: state}}
	})
}

// TestNext goes through every question, and what answers it.
func TestNext(t *testing.T) {
	mine, other := saved(t, "1", connector.Jira), saved(t, "2", connector.Confluence)
	untested := changed(filled(t), func(d *setup.Draft) { d.SetStorage(connector.SafeFile, false) })
	checked := changed(ready(t), func(d *setup.Draft) { d.SetReport(good("mia")) })
	replacing := setup.For(setup.Replace, mine)
	token, receipt := pretendToken(t, "two")
	replacing.SetToken(token, receipt, noon)
	replacing.SetStorage(connector.SafeFile, true)
	renamed := setup.For(setup.Edit, mine)
	renamed.Set(setup.Facts{Product: connector.Jira, Site: "acme", Email: "mia@example.com", Name: "main"})
	moving := setup.For(setup.Move, mine)
	keeping := changed(ready(t), func(d *setup.Draft) {
		d.SetReport(report(connector.Unknown, connector.CodeUnreachable, "", true))
	})
	for name, c := range map[string]struct {
		d    setup.Draft
		k    setup.Known
		want setup.Question
	}{
		"the role is not known":           {ready(t), with(known(), func(k *setup.Known) { k.Role = connector.RoleUnknown }), setup.AskRole},
		"the role may not replace":        {replacing, with(known(), func(k *setup.Known) { k.Role = connector.RoleOther }), setup.NotAllowed},
		"the role may check":              {filled(t), with(known(), func(k *setup.Known) { k.Role = connector.RoleOther }), setup.Check},
		"and that is all":                 {checked, with(known(), func(k *setup.Known) { k.Role = connector.RoleOther }), setup.Done},
		"nothing is said":                 {setup.New(connector.Jira), known(), setup.AskConnection},
		"there is one like it":            {ready(t), known(mine), setup.Duplicate},
		"which is meant":                  {changed(ready(t), (*setup.Draft).AcceptDuplicate), known(mine), setup.Check},
		"no storage is chosen":            {filled(t), known(), setup.ChooseStorage},
		"there is no encrypted file":      {untested, fileIs(connector.SafeNew), setup.CreatePassphrase},
		"it is locked":                    {untested, fileIs(connector.SafeLocked), setup.Unlock},
		"a key file opens it":             {untested, with(fileIs(connector.SafeLocked), func(k *setup.Known) { k.KeyFile = true }), setup.TestStorage},
		"the storage is not tested":       {untested, known(), setup.TestStorage},
		"it is not checked":               {ready(t), known(), setup.Check},
		"it fails":                        {changed(ready(t), func(d *setup.Draft) { d.SetReport(report(connector.Failing, connector.CodeNotAdmin, "mia", false)) }), known(), setup.Failing},
		"it fails and may be saved":       {keeping, known(), setup.Failing},
		"and is to be":                    {changed(keeping, (*setup.Draft).KeepFailing), known(), setup.Save},
		"it works":                        {checked, known(), setup.Save},
		"the token is another account's":  {changed(replacing, func(d *setup.Draft) { d.SetReport(good("olga")) }), known(mine), setup.OtherAccount},
		"which is meant, others share it": {changed(replacing, func(d *setup.Draft) { d.SetReport(good("olga")); d.AcceptOtherAccount() }), known(mine, other), setup.AskShare},
		"and keep the old one":            {changed(replacing, func(d *setup.Draft) { d.SetReport(good("mia")); d.Share(setup.Share{Entry: other}) }), known(mine, other), setup.Save},
		"words need no check":             {renamed, known(mine), setup.Save},
		"another e-mail does": {changed(renamed, func(d *setup.Draft) {
			d.Set(setup.Facts{Product: connector.Jira, Site: "acme", Email: "olga@example.com", Name: "main"})
			d.SetStorage(connector.SafeFile, true)
		}), known(mine), setup.Check},
		"whither it moves":           {moving, known(mine), setup.ChooseStorage},
		"not to where it is":         {changed(moving, func(d *setup.Draft) { d.SetStorage(connector.SafeFile, false) }), known(mine), setup.ChooseStorage},
		"out of a locked file":       {changed(moving, func(d *setup.Draft) { d.SetStorage(connector.SafeKeyring, true) }), fileIs(connector.SafeLocked), setup.Unlock},
		"a move is proven by itself": {changed(moving, func(d *setup.Draft) { d.SetStorage(connector.SafeKeyring, true) }), known(mine), setup.Save},
	} {
		if got := setup.Next(c.d, c.k); got != c.want {
			t.Errorf("%s: question %d, want %d (%v)", name, got, c.want, setup.Problems(c.d, c.k))
		}
	}
}

// TestAChangeDropsTheReport: a report is about exactly these facts and this token.
func TestAChangeDropsTheReport(t *testing.T) {
	token, receipt := pretendToken(t, "another")
	for name, change := range map[string]func(*setup.Draft){
		"the site":   func(d *setup.Draft) { f := d.Facts(); f.Site = "beta"; d.Set(f) },
		"the e-mail": func(d *setup.Draft) { f := d.Facts(); f.Email = "olga@example.com"; d.Set(f) },
		"the day":    func(d *setup.Draft) { f := d.Facts(); f.Expiry = "90d"; d.Set(f) },
		"the token":  func(d *setup.Draft) { d.SetToken(token, receipt, noon) },
		"its place":  func(d *setup.Draft) { d.SetReference(&connector.Reference{Env: "X"}, token, receipt, noon) },
	} {
		d := ready(t)
		d.SetReport(good("mia"))
		change(&d)
		if _, still := d.Report(); still {
			t.Errorf("%s was changed, and the report is still there", name)
		}
	}
	d := ready(t)
	d.SetReport(good("mia"))
	d.Set(d.Facts())
	token, receipt = pretendToken(t, "one")
	d.SetToken(token, receipt, noon)
	if _, still := d.Report(); !still {
		t.Error("nothing was changed, and the report is gone")
	}
}

// TestNextEnds answers every question in turn, over all combinations of what can be met: it comes
// to an end, and every question is met somewhere.
func TestNextEnds(t *testing.T) {
	mine, other := saved(t, "1", connector.Jira), saved(t, "2", connector.Confluence)
	met := map[setup.Question]int{}
	ways := 0
	for _, task := range []setup.Task{setup.Add, setup.Replace, setup.Edit, setup.Move} {
		for _, role := range []connector.Role{connector.RoleUnknown, connector.RoleGlobalAdmin, connector.RoleOther} {
			for _, state := range []connector.SafeState{connector.SafeReady, connector.SafeNew, connector.SafeLocked} {
				for _, to := range []connector.SafeKind{connector.SafeKeyring, connector.SafeFile, connector.SafeReference} {
					for _, outcome := range []connector.Report{good("mia"), good("olga"), report(connector.Failing, connector.CodeTokenRefused, "", false), report(connector.Unknown, connector.CodeUnreachable, "", true)} {
						for _, entries := range [][]connector.Entry{nil, {mine}, {mine, other}} {
							d := setup.New(connector.Jira)
							if task != setup.Add {
								d = setup.For(task, mine)
							}
							k := fileIs(state)
							k.Role, k.Entries = role, entries
							way := fmt.Sprintf("task %d, %s, file %s, to %s, %s, %d saved", task, role, state, to, outcome.Code, len(entries))
							follow(t, way, d, k, to, outcome, met)
							ways++
						}
					}
				}
			}
		}
	}
	for q := setup.AskRole; q <= setup.Done; q++ {
		if met[q] == 0 {
			t.Errorf("question %d is met nowhere", q)
		}
	}
	t.Logf("%d ways: %v", ways, met)
}

// follow answers each question as somebody would who wants to get on.
func follow(t *testing.T, way string, d setup.Draft, k setup.Known, to connector.SafeKind, outcome connector.Report, met map[setup.Question]int) {
	t.Helper()
	token, receipt := pretendToken(t, "new")
	const most = 20
	for range most {
		q := setup.Next(d, k)
		met[q]++
		switch q {
		case setup.AskRole:
			k.Role = connector.RoleAccountAdmin
		case setup.AskConnection:
			f := d.Facts()
			f.Site, f.Email = "acme", "mia@example.com"
			d.Set(f)
			d.SetReference(&connector.Reference{Env: "TOKEN"}, token, receipt, noon)
		case setup.Duplicate:
			d.AcceptDuplicate()
		case setup.ChooseStorage:
			if d.Task() == setup.Move {
				to = connector.SafeKeyring // it is in the file
			}
			d.SetStorage(to, false)
		case setup.CreatePassphrase, setup.Unlock:
			k.Storages = []connector.SafeStatus{{Kind: connector.SafeFile, State: connector.SafeReady}}
		case setup.TestStorage:
			kind, _ := d.Storage()
			d.SetStorage(kind, true)
		case setup.Check:
			d.SetReport(outcome)
		case setup.Failing:
			if !d.Keepable() {
				return // what was typed has to be changed: another Draft
			}
			d.KeepFailing()
		case setup.OtherAccount:
			d.AcceptOtherAccount()
		case setup.AskShare:
			d.Share()
		case setup.Save, setup.Done, setup.NotAllowed:
			return
		default:
			t.Fatalf("%s: question %d is not known here", way, q)
		}
	}
	t.Errorf("%s: no end after %d questions", way, most)
}
