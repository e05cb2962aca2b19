package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui/wizard"
)

// What line mode does with a saved connector, and after one was saved.

// connectorMenu is a saved connector: what is known of it, and what can be done, until b leads back.
func (m *lineMode) connectorMenu(ctx context.Context, id string) error {
	said, checked := map[string]bool{}, time.Time{}
	tell := func(words string) {
		if !said[words] {
			said[words] = true
			m.say(words)
		}
	}
	for {
		e := m.entry(ctx, id)
		if e.ID == "" {
			return nil // it was removed
		}
		m.title(e.Name+", "+connector.ProductTitle(e.Product), "This connector's details and its last check.")
		if len(e.Reports) == 0 {
			tell("- Not checked yet")
		} else if at := e.Reports[0].At; !at.Equal(checked) { // the same words about the next check are news
			checked = at
			m.status(e)
		}
		for _, f := range entryFacts(e, m.now()) {
			tell(f[0] + ": " + f[1])
		}
		for _, words := range m.history(e) {
			tell(words)
		}
		m.say("")
		if err := m.menu(ctx, m.connectorOptions(e)); err != nil {
			return err
		}
		if !m.load(ctx) {
			return nil
		}
	}
}

// status says the last check, and how it differs from those before.
func (m *lineMode) status(e connector.Entry) {
	r := e.Reports[0]
	m.say(lineMark(r.Verdict) + " " + r.Title + ", checked " + connector.Ago(m.now().Sub(r.At)))
	if r.Verdict != connector.Working && r.Why != "" {
		m.say(r.Why)
	}
	if c := connector.ChangeOf(e.Reports); c != nil {
		m.say(connector.Capitalize(c.Words) + ".")
	}
	if words := connector.SightChange(e.Reports); words != "" {
		m.say(connector.Capitalize(words) + ".")
	}
	for _, remedy := range r.Remedies {
		if r.Verdict != connector.Working && remedy.Action == connector.ActNone {
			m.say("- " + remedy.Do)
		}
	}
}

// lineTurns is how many changes of the past are said.
const lineTurns = 4

// history says how many checks there were, and when they came to something else.
func (m *lineMode) history(e connector.Entry) []string {
	all := e.Reports
	if len(all) == 0 {
		return nil
	}
	first, last := connector.DateOf(all[len(all)-1].At).Words(), connector.DateOf(all[0].At).Words()
	words := []string{"History: " + first + ", " + connector.Plural(len(all), "check")}
	if first != last {
		words[0] = "History: " + first + " to " + last + ", " + connector.Plural(len(all), "check")
	}
	for i := 0; i+1 < len(all) && len(words) <= lineTurns; i++ {
		if all[i].Code != all[i+1].Code {
			words = append(words, connector.DateOf(all[i].At).Words()+" "+lineMark(all[i].Verdict)+" "+all[i].Title)
		}
	}
	return words
}

// connectorOptions are what helps first, then what can always be done.
func (m *lineMode) connectorOptions(e connector.Entry) []lineOption {
	var options []lineOption
	has := map[connector.Action]bool{}
	add := func(action connector.Action, words string, do func(context.Context) error) {
		if do != nil && (!has[action] || action == connector.ActOpen) {
			has[action] = true
			options = append(options, lineOption{words, do})
		}
	}
	var r connector.Report
	if len(e.Reports) > 0 {
		r = e.Reports[0]
	}
	for _, remedy := range r.Remedies {
		if r.Verdict != connector.Working {
			add(remedy.Action, remedy.Do, m.savedRemedy(e, r, remedy))
		}
	}
	add(connector.ActRetry, "Check again", func(ctx context.Context) error { return m.checkOne(ctx, e) })
	add("", "Enter it in SaaSAssure", func(ctx context.Context) error {
		return m.handOver(ctx, atlassian.Token{}, e)
	})
	add(connector.ActReplace, "Replace the token", func(ctx context.Context) error { return m.replace(ctx, e) })
	add(connector.ActExpiry, "Set the token's expiry date", func(ctx context.Context) error { return m.setExpiry(ctx, []string{e.ID}) })
	options = append(options,
		lineOption{"Edit name, site, email or account", func(ctx context.Context) error { return m.edit(ctx, e) }},
		lineOption{"Move the token to another storage", func(ctx context.Context) error {
			return m.finish(ctx, &lineTask{draft: setup.For(setup.Move, e)})
		}},
		lineOption{"Remove it", func(ctx context.Context) error { return m.remove(ctx, e) }})
	if len(e.Reports) > 0 {
		add(connector.ActReport, "Write a redacted report", func(ctx context.Context) error { return m.report(ctx, r) })
	}
	return options
}

// savedRemedy is what a remedy leads to for a saved connector: what it would in an edit of it.
// nil for what is done elsewhere.
func (m *lineMode) savedRemedy(e connector.Entry, r connector.Report, remedy connector.Remedy) func(context.Context) error {
	switch remedy.Action {
	case connector.ActRetry, connector.ActUnlock: // a check asks for the passphrase
		return func(ctx context.Context) error { return m.checkOne(ctx, e) }
	case connector.ActExpiry:
		return func(ctx context.Context) error { return m.setExpiry(ctx, []string{e.ID}) }
	case connector.ActReplace, connector.ActEditToken:
		return func(ctx context.Context) error { return m.replace(ctx, e) }
	case connector.ActEditSite, connector.ActEditEmail, connector.ActEditAll, connector.ActReread, connector.ActKeep, connector.ActMessage,
		connector.ActOpen, connector.ActOtherProduct, connector.ActReport, connector.ActNone:
	}
	t := &lineTask{draft: setup.For(setup.Edit, e)}
	do := m.remedy(t, r, remedy)
	if do == nil {
		return nil
	}
	return func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return ignoreBack(err)
		}
		if len(t.fields) == 0 {
			return nil // it only said something
		}
		return m.finish(ctx, t)
	}
}

// checkOne checks a saved connector again. What came of it is said with the connector.
func (m *lineMode) checkOne(ctx context.Context, e connector.Entry) error {
	if err := m.unlockFor(ctx, []connector.Entry{e}); err != nil {
		return err
	}
	m.say("Checking " + e.Site.Host() + " …")
	var err error
	m.waiting(func() {
		err = m.service().CheckSaved(ctx, []connector.Entry{e}, setup.CheckOptions{}, func(_ int, done setup.Recheck) {
			if r := done.Report; r.Code == connector.CodeTokenLocked && len(r.Remedies) > 0 {
				m.say("Note: Not checked: " + connector.Inside(r.Title) + ". " + r.Remedies[0].Do + ".")
			}
		})
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		m.say("Note: the result could not be stored. " + connector.Explain(err).Title + ".")
	}
	return nil
}

// replace walks to another token, or asks for it, and puts it in the old one's place.
func (m *lineMode) replace(ctx context.Context, e connector.Entry) error {
	t := m.replaceTask(e, false)
	m.title(t.name(), "The new token is checked on the same site before it replaces the old one, which stays in use until then.")
	if e.KeptIn == connector.StorageReference {
		m.say("This token is read each time from" + strings.TrimPrefix(e.Reference.Words(), ":") + ". Put the new one there, then check again.")
		return ignoreBack(m.menu(ctx, []lineOption{
			{"Check again", func(ctx context.Context) error { return m.checkOne(ctx, e) }},
			{"It is read from another source now", func(ctx context.Context) error {
				if err := m.askReference(ctx, t); err != nil {
					return err
				}
				return m.finish(ctx, t)
			}},
		}))
	}
	err := m.repeatMenu(ctx, []lineOption{m.walkOption(e.Product, e.Site), {"I have a token", lineGoOn}, {"I have a token of another account", func(context.Context) error {
		t = m.replaceTask(e, true)
		return nil
	}}})
	if err != nil {
		return ignoreBack(err)
	}
	return m.finish(ctx, t)
}

func (m *lineMode) replaceTask(e connector.Entry, other bool) *lineTask {
	t := &lineTask{draft: setup.For(setup.Replace, e), otherAccount: other}
	t.fields = t.lines(m.role)
	return t
}

func (m *lineMode) edit(ctx context.Context, e connector.Entry) error {
	t := &lineTask{draft: setup.For(setup.Edit, e)}
	t.fields = t.lines(m.role)
	return m.finish(ctx, t)
}

// editTask changes one fact. A site or an email that is known already is taken at once.
func (m *lineMode) editTask(e connector.Entry, site, email string, field setup.Field) *lineTask {
	t := &lineTask{draft: setup.For(setup.Edit, e), fields: []setup.Field{field}}
	f := t.draft.Facts()
	f.Site, f.Email = cmp.Or(site, f.Site), cmp.Or(email, f.Email)
	t.draft.Set(f)
	if site != "" || email != "" {
		t.fields = nil
	}
	return t
}

// allowed reports whether the role may change saved connectors; it asks for it where it is not
// known, and writes the message to someone who may.
func (m *lineMode) allowed(ctx context.Context, e connector.Entry, need string) (bool, error) {
	if m.role == connector.RoleUnknown {
		if err := m.askRole(ctx); err != nil {
			return false, ignoreBack(err)
		}
	}
	if m.role.MaySave() {
		return true, nil
	}
	return false, ignoreBack(m.notAllowed(ctx, e.Product, need))
}

// setExpiry sets the expiry date of connectors that have one token.
func (m *lineMode) setExpiry(ctx context.Context, ids []string) error {
	e := m.entry(ctx, ids[0])
	if may, err := m.allowed(ctx, e, "change the connector "+e.Name); !may {
		return err
	}
	var all []connector.Connector
	var named []string
	for _, id := range ids {
		if c := m.entry(ctx, id).Connector; c.ID != "" {
			all, named = append(all, c), append(named, c.Name)
		}
	}
	m.title("The token's expiry date", "Enter a date (2027-11-23, or 23 Nov 2027), a number of days from today (90d), 1y, or none. It's on the token page, "+connector.TokenPageOf(e.Site)+"; organization admins find it under Insights > API token activity.")
	m.say("No API reports the expiry date. It's on the token page; enter it here to get a reminder. The maximum is one year, less if the organization limits it.")
	if len(all) > 1 {
		m.say("For " + connector.And(named) + ", which have the same token.")
	}
	t := &lineTask{draft: setup.For(setup.Edit, e)}
	for {
		if err := m.askLine(ctx, t, setup.FieldExpiry); err != nil {
			return ignoreBack(err)
		}
		day := t.draft.Expires(m.now())
		if o := e.Last; o != nil && o.Verdict.Good() {
			if words := connector.WorkedAfter(day, connector.DateOf(o.At)); words != "" {
				m.say("Problem: " + words)
				t.setLine(setup.FieldExpiry, "")
				continue
			}
		}
		if !slices.ContainsFunc(all, func(c connector.Connector) bool { return c.Expires != day }) {
			m.say("Nothing was changed.")
			return nil
		}
		_, err := await(ctx, m.r, func(ctx context.Context) ([]connector.Connector, error) { return m.service().SetExpiry(ctx, all, day) })
		switch {
		case err != nil:
			m.showError(err)
		case day.IsZero():
			m.say("OK: The expiry date is cleared.")
		default:
			m.say("OK: The expiry date is set.")
		}
		m.load(ctx)
		return nil
	}
}

// What comes after a task in line mode: what is in force, and what is left to do.

// connected says what works now, where the token is, and what comes next. It is also the end of
// a connector that was saved although it doesn't work, and of a check that saves nothing.
func (m *lineMode) connected(ctx context.Context, t *lineTask) error {
	r, _ := t.draft.Report()
	saved := t.saved.First
	product := connector.ProductTitle(t.draft.Facts().Product)
	headline := map[bool]string{true: "OK: " + product + " connection verified and saved", false: "OK: " + product + " connection verified, nothing saved"}[saved.ID != ""]
	switch {
	case r.Good():
	case r.Verdict == connector.Unknown:
		headline = "Note: " + product + " connector saved, not checked yet"
	default:
		headline = "Note: " + product + " connector saved, not working yet"
	}
	m.title(t.name(), "All next steps are optional. You can do them later from the list.")
	m.say(headline)
	m.say(strings.Join(lineParts(saved.Name, r.Site.Origin(), saved.Account), ", "))
	if who := r.Identity; who != nil {
		words := []string{who.Words()}
		if r.Admin != nil && *r.Admin {
			words = append(words, "administers "+product)
		}
		if r.Coverage != nil {
			words = append(words, connector.CoverageWords(r.Product, *r.Coverage))
		}
		m.say(strings.Join(words, ", "))
	}
	if saved.ID == "" {
		m.say("The token is not stored; it's discarded when you leave.")
	} else {
		m.say(m.tokenWords(saved))
	}
	if r.Product == connector.Confluence && r.Coverage != nil {
		m.say("Confluence doesn't report what this account can't see: spaces without permission and restricted pages are most likely missing from a backup.")
	}
	for _, code := range append([]connector.Code{r.Code}, r.Also...) {
		switch {
		case code == connector.CodeOK || !r.Good():
		case code == r.Code:
			m.say("Note: " + r.Title + ". " + r.Why)
		default:
			m.say("Note: " + connector.TitleOf(code, r))
		}
	}
	m.say("")
	for {
		if err := m.menu(ctx, m.connectedOptions(t, r)); err != nil {
			return ignoreBack(err)
		}
		if now := m.entry(ctx, saved.ID).Connector; now.ID != "" {
			t.saved.First = now
		}
	}
}

// connectedOptions are what is left after a connector was added, or checked for nothing.
func (m *lineMode) connectedOptions(t *lineTask, r connector.Report) []lineOption {
	c, p := t.saved.First, t.draft.Facts().Product
	product, saves := connector.ProductTitle(p), m.role.MaySave()
	var options []lineOption
	add := func(when bool, words string, do func(context.Context) error) {
		if when {
			options = append(options, lineOption{words, do})
		}
	}
	message := func(text string) func(context.Context) error {
		return func(ctx context.Context) error { return m.text(ctx, "A message ready to send", text) }
	}
	lacks := slices.ContainsFunc(r.Remedies, func(r connector.Remedy) bool { return r.Action == connector.ActMessage })
	named := r.NamedEmail()
	add(c.ID != "" && named != "", "Use the email that Atlassian names: "+named, func(ctx context.Context) error {
		return m.finish(ctx, m.editTask(m.entry(ctx, c.ID), "", named, setup.FieldEmail))
	})
	add(r.Good() && saves, wizard.EnterOffer("Enter it in SaaSAssure", c), func(ctx context.Context) error {
		token, _ := t.draft.Token()
		return m.handOver(ctx, token, connector.Entry{Connector: c, Reports: []connector.Report{r}})
	})
	add(r.Good() && !saves, "Draft a message that asks an admin to add it", message(connector.RoleMessage(p, "add a "+product+" connector")))
	add(r.Good() && saves && lacks, "Draft a message that asks for the access", message(connector.Message(r)))
	add(r.Good() && !slices.Contains(t.products, connector.OtherProduct(p)), "Check "+connector.ProductTitle(connector.OtherProduct(p))+" with the same token", func(ctx context.Context) error {
		return m.otherProduct(ctx, t)
	})
	add(c.ID != "", "Set the token's expiry date", func(ctx context.Context) error { return m.setExpiry(ctx, t.sameToken) })
	add(c.ID != "" && c.Account == "", "Assign a SaaSAssure account", func(ctx context.Context) error {
		account := m.editTask(m.entry(ctx, c.ID), "", "", setup.FieldAccount)
		return m.finish(ctx, account)
	})
	add(!r.Good(), "Draft a message that asks for what is missing", message(connector.Message(r)))
	add(true, "Done", lineDone)
	return options
}

// otherProduct connects the other product of the site with the token at hand.
func (m *lineMode) otherProduct(ctx context.Context, t *lineTask) error {
	next := &lineTask{draft: setup.New(connector.OtherProduct(t.draft.Facts().Product)), sameToken: t.sameToken, products: append(t.products, t.draft.Facts().Product)}
	f := t.draft.Facts()
	f.Product, f.Name = next.draft.Facts().Product, ""
	next.draft.Set(f)
	token, receipt := t.draft.Token()
	if ref := t.draft.Reference(); ref != nil {
		next.draft.SetReference(ref, token, receipt, m.now())
	} else {
		next.draft.SetToken(token, receipt, m.now())
	}
	next.draft.SetStorage(t.draft.Storage())
	if err := m.finish(ctx, next); err != nil {
		return err
	}
	t.products = append(t.products, next.draft.Facts().Product)
	if next.saved.First.ID != "" {
		return errLineDone // it said itself what comes next
	}
	return nil
}

// replaced says where the new token is in force, and the two things that are left: SaaSAssure
// still has the old one, and the old one still works.
func (m *lineMode) replaced(ctx context.Context, t *lineTask) error {
	c := t.saved.First
	m.title(t.name(), "Two steps remain, in this order: enter the new token in SaaSAssure, then revoke the old one at Atlassian.")
	m.say("OK: The new token is verified and in use in " + connector.And(t.saved.InForce()))
	m.say(m.tokenWords(c))
	for _, left := range t.saved.LeftOut {
		m.say(strings.TrimSuffix("Note: "+left.Name+" keeps the old token: "+left.Why, ": "))
	}
	m.say(connector.RevokeWords(t.saved.Connectors()...))
	m.say(connector.TokenPageOf(c.Site))
	m.say("")
	for {
		if err := m.menu(ctx, m.replacedOptions(ctx, t)); err != nil {
			return ignoreBack(err)
		}
	}
}

// replacedOptions are what is left after a token was replaced.
func (m *lineMode) replacedOptions(ctx context.Context, t *lineTask) []lineOption {
	r, _ := t.draft.Report()
	c := t.saved.First
	all := append([]connector.Entry{{Connector: c, Reports: []connector.Report{r}}}, t.saved.Also...)
	now := make([]connector.Connector, len(all))
	for i, e := range all {
		if now[i] = m.entry(ctx, e.ID).Connector; now[i].ID == "" {
			now[i] = e.Connector
		}
	}
	options := []lineOption{
		{wizard.EnterOffer("Enter the new token in SaaSAssure", now...), func(ctx context.Context) error {
			token, _ := t.draft.Token()
			return m.handOver(ctx, token, all...)
		}},
		{"Set the token's expiry date", func(ctx context.Context) error { return m.setExpiry(ctx, t.sameToken) }},
	}
	if m.copies() {
		options = append(options, lineOption{"Copy the link", func(ctx context.Context) error {
			m.copy(ctx, "link", connector.TokenPageOf(c.Site), "copy it from the lines above.")
			return nil
		}})
	}
	return append(options, lineOption{"Done", lineDone})
}

func lineParts(parts ...string) []string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return all
}

// tokenWords say where a token is and when it expires.
func (m *lineMode) tokenWords(c connector.Connector) string {
	words := "Token in " + c.Where()
	switch day, exact := c.ExpiryDate(); {
	case exact:
		words += ", expires " + day.Words()
	case !day.IsZero():
		words += ", expires " + day.Words() + " at the latest"
	}
	return words
}
