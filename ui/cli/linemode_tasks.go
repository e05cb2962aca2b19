package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// The tasks of line mode that make a Draft: setup.Next names the question that is open, and
// question asks it.

// lineTask is one of them, as far as it has come.
type lineTask struct {
	draft        setup.Draft
	fields       []setup.Field // the lines that are to be asked for, one after the other
	otherAccount bool          // another account's token is meant
	picksStorage bool          // the person picks the storage, although one could be taken by itself
	tries        int           // checks that failed
	sameToken    []string      // IDs of the connectors that got this very token in this run
	saved        setup.Saved

	products []connector.Product // that were connected with this token in this run
}

// lines are all lines that the task has.
func (t *lineTask) lines(role connector.Role) []setup.Field {
	switch t.draft.Task() {
	case setup.Edit:
		return []setup.Field{setup.FieldName, setup.FieldSite, setup.FieldEmail, setup.FieldAccount}
	case setup.Replace:
		if t.otherAccount {
			return []setup.Field{setup.FieldEmail, setup.FieldToken, setup.FieldExpiry}
		}
		return []setup.Field{setup.FieldToken, setup.FieldExpiry}
	case setup.Move:
		return nil
	case setup.Add:
	}
	all := []setup.Field{setup.FieldSite, setup.FieldEmail, setup.FieldToken}
	if role.MaySave() { // nothing would remember it
		all = append(all, setup.FieldExpiry)
	}
	return all
}

// setupKnown is what setup.Next looks at.
func (m *lineMode) setupKnown() setup.Known {
	return setup.Known{
		Now: m.now(), Role: m.role, Entries: m.entries, Storages: m.storages,
		KeyFile: m.deps().KeyFile,
	}
}

// run asks what is open about a task until it is saved (nil) or left (errLineDone). b leads from
// a question to the task's lines, and from the first of these out of it.
func (m *lineMode) run(ctx context.Context, t *lineTask) error {
	for {
		err := m.askNext(ctx, t)
		lines := t.lines(m.role)
		switch {
		case errors.Is(err, errLineSaved):
			return nil
		case errors.Is(err, errLineBack) && len(t.fields) == 0 && len(lines) > 0:
			t.fields = lines
		case errors.Is(err, errLineBack) && setup.Next(t.draft, m.setupKnown()) == setup.Failing:
			t.fields = nil // back to what the check came to
		case errors.Is(err, errLineBack):
			return errLineDone
		case err != nil:
			return err
		}
	}
}

// errLineSaved ends a task that is saved, or that had nothing to save.
var errLineSaved = errors.New("saved")

// askNext asks one question, or all lines that are to be asked for.
func (m *lineMode) askNext(ctx context.Context, t *lineTask) error {
	k := m.setupKnown()
	q := setup.Next(t.draft, k)
	if len(t.fields) > 0 && q != setup.AskRole && q != setup.NotAllowed {
		return m.askLines(ctx, t)
	}
	return m.question(ctx, t, k, q)
}

// question asks, or does, what is open about a task.
func (m *lineMode) question(ctx context.Context, t *lineTask, k setup.Known, q setup.Question) error {
	switch q {
	case setup.AskRole:
		if err := m.askRole(ctx); !errors.Is(err, errLineBack) {
			return err
		}
		return errLineDone
	case setup.NotAllowed:
		return m.notAllowed(ctx, t.draft.Facts().Product, "change the connector "+t.draft.Saved().Name)
	case setup.AskConnection:
		for _, p := range setup.Problems(t.draft, k) {
			if len(t.fields) == 0 || t.fields[len(t.fields)-1] != p.Field {
				t.fields = append(t.fields, p.Field)
			}
		}
		return nil
	case setup.Duplicate:
		return m.duplicate(ctx, t, k)
	case setup.ChooseStorage:
		return m.chooseStorage(ctx, t)
	case setup.CreatePassphrase, setup.Unlock:
		return m.passphrase(ctx, t, q == setup.CreatePassphrase)
	case setup.TestStorage:
		return m.testStorage(ctx, t)
	case setup.Check:
		return m.check(ctx, t)
	case setup.Failing:
		return m.failing(ctx, t)
	case setup.OtherAccount:
		return m.otherAccount(ctx, t)
	case setup.AskShare:
		return m.share(ctx, t, k)
	case setup.Save:
		return m.save(ctx, t)
	case setup.Done:
	}
	return errLineSaved
}

// askRole asks for the role in SaaSAssure, and remembers it.
func (m *lineMode) askRole(ctx context.Context) error {
	m.title("Your role", "Only Global Admins and Account Admins can add connectors in SaaSAssure, which enforces this itself. saasconnect asks for your role and saves it on this computer; it can't verify it.")
	m.say("Which role do you have in SaaSAssure? Only Global Admins and Account Admins can add and change connectors. You are asked once.")
	n, err := m.choose(ctx, "Global Admin", "Account Admin", "Another role, or none")
	if err != nil {
		return err
	}
	m.role = []connector.Role{connector.RoleGlobalAdmin, connector.RoleAccountAdmin, connector.RoleOther}[n]
	m.remember(ctx, connector.Settings{Role: m.role})
	return nil
}

// remember stores a setting. A failure costs only that it is asked again next time.
func (m *lineMode) remember(ctx context.Context, s connector.Settings) {
	ctx, cancel := context.WithTimeout(ctx, lineLoadLimit)
	defer cancel()
	if err := m.service().Settings(ctx, s); err != nil {
		m.say("Note: your answer could not be stored. " + connector.Explain(err).Title + ".")
	}
}

// notAllowed says that the role may not do something, and writes the message to someone who may.
func (m *lineMode) notAllowed(ctx context.Context, p connector.Product, need string) error {
	m.say("Only a Global Admin or an Account Admin of SaaSAssure can do that.")
	if err := m.text(ctx, "A message to an admin", connector.RoleMessage(p, need)); err != nil {
		return err
	}
	return errLineDone
}

// duplicate asks about a second connector, before anything is sent.
func (m *lineMode) duplicate(ctx context.Context, t *lineTask, k setup.Known) error {
	other := *t.draft.DuplicateOf(k)
	f := t.draft.Facts()
	c := connector.Connector{ID: t.draft.Saved().ID, Product: f.Product, Site: t.draft.Site(), Email: t.draft.Email(), Account: f.Account}
	same := connector.SameConnectionAs(c, []connector.Entry{other}) != nil
	title, why := connector.SameAccountWords(c, other)
	if same {
		title, why = connector.SameConnectionWords(other)
	}
	m.title("A second connector", "")
	m.say("Note: " + title + ". " + why)
	var options []lineOption
	switch {
	case same && t.draft.Task() == setup.Add && other.KeptIn != connector.StorageReference:
		options = append(options, lineOption{"Replace the token of " + other.Name + " with this one", func(context.Context) error {
			token, receipt := t.draft.Token()
			t.draft = setup.For(setup.Replace, m.entry(ctx, other.ID))
			t.draft.SetToken(token, receipt, m.now())
			r := t.draft.Facts()
			r.Expiry = f.Expiry
			t.draft.Set(r)
			return nil
		}})
	case !same:
		options = append(options, lineOption{"Assign the SaaSAssure account that this one is for", func(context.Context) error {
			t.fields = []setup.Field{setup.FieldAccount}
			return nil
		}})
	}
	return m.menu(ctx, append(options,
		lineOption{"Save it anyway", func(context.Context) error { t.draft.AcceptDuplicate(); return nil }},
		lineLeave()))
}

// check checks a Draft, and says each stage as it is known.
func (m *lineMode) check(ctx context.Context, t *lineTask) error {
	m.title("Checking "+t.draft.Site().Host(), "")
	said := map[connector.Stage]bool{}
	tell := func(stages []connector.Finding, finished bool) {
		for _, f := range stages {
			if !finished && (f.Verdict == connector.Waiting || strings.HasSuffix(f.Detail, "…")) {
				return
			}
			if !said[f.Stage] && f.Detail != "" {
				said[f.Stage] = true
				m.say(lineMark(f.Verdict) + " " + f.Stage.Title() + ": " + f.Detail)
			}
		}
	}
	var report connector.Report
	m.waiting(func() { report = m.service().Check(ctx, t.draft, func(p connector.Progress) { tell(p, false) }) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	tell(report.Stages, true)
	t.draft.SetReport(report)
	if !report.Good() {
		t.tries++
		m.title(t.name(), "Nothing you entered is lost. Choose what to do; the first choice helps most often.")
		m.diagnosis(report)
	}
	return nil
}

// name is what the task does, for its titles.
func (t *lineTask) name() string {
	switch t.draft.Task() {
	case setup.Replace:
		return "Replace the token of " + t.draft.Saved().Name
	case setup.Edit:
		return "Edit " + t.draft.Saved().Name
	case setup.Move:
		return "Move the token of " + t.draft.Saved().Name
	case setup.Add:
	}
	return "Connect " + connector.ProductTitle(t.draft.Facts().Product)
}

// diagnosis says what is wrong, how that is known, and what can only be done elsewhere.
func (m *lineMode) diagnosis(r connector.Report) {
	m.say(lineMark(r.Verdict) + " " + r.Title)
	m.say(r.Why)
	for _, remedy := range r.Remedies {
		if remedy.Action == connector.ActNone {
			m.say("- " + remedy.Do)
		}
	}
	if r.Evidence != nil && !r.Good() {
		m.say("Technical details: " + strings.Join(append(r.Evidence.Words(), r.Evidence.At.Format("15:04:05")), ", "))
	}
	m.say("")
}

// failing asks what to do about a check that failed.
func (m *lineMode) failing(ctx context.Context, t *lineTask) error {
	r, _ := t.draft.Report()
	var options []lineOption
	for _, remedy := range r.Remedies {
		if do := m.remedy(t, r, remedy); do != nil {
			options = append(options, lineOption{remedy.Do, do})
		}
	}
	if !slices.ContainsFunc(r.Remedies, func(r connector.Remedy) bool { return r.Action == connector.ActRetry }) {
		options = append(options, lineOption{"Check again", func(ctx context.Context) error { return m.check(ctx, t) }})
	}
	return m.menu(ctx, append(options,
		lineOption{"Write a redacted report", func(ctx context.Context) error { return m.report(ctx, r) }}, lineLeave()))
}

// report says a report that can be sent to anyone.
func (m *lineMode) report(ctx context.Context, r connector.Report) error {
	return m.text(ctx, "The redacted report", strings.TrimRight(connector.RedactedReport(r), "\n"))
}

// remedy is what a remedy leads to in a task; nil for what is done elsewhere.
func (m *lineMode) remedy(t *lineTask, r connector.Report, remedy connector.Remedy) func(context.Context) error {
	ask := func(fields ...setup.Field) func(context.Context) error {
		return func(context.Context) error { t.fields = fields; return nil }
	}
	set := func(change func(*setup.Facts)) {
		f := t.draft.Facts()
		change(&f)
		t.draft.Set(f)
	}
	task, saved := t.draft.Task(), t.draft.Saved()
	switch remedy.Action {
	case connector.ActRetry:
		return func(ctx context.Context) error { return m.check(ctx, t) }
	case connector.ActMessage:
		return func(ctx context.Context) error {
			return m.text(ctx, "A message ready to send", connector.Message(r))
		}
	case connector.ActReport:
		return func(ctx context.Context) error { return m.report(ctx, r) }
	case connector.ActOpen:
		return func(context.Context) error { m.say("Open this page: " + remedy.URL); return nil }
	case connector.ActKeep:
		if !t.draft.CanSaveFailing() || !m.role.MaySave() {
			return nil
		}
		return func(context.Context) error { t.draft.SaveFailing(); return nil }
	case connector.ActOtherProduct:
		if task != setup.Add {
			return nil
		}
		return func(context.Context) error {
			set(func(f *setup.Facts) { f.Product = connector.OtherProduct(f.Product) })
			return nil
		}
	case connector.ActExpiry:
		return ask(setup.FieldExpiry)
	case connector.ActUnlock:
		return func(ctx context.Context) error {
			if err := m.unlockFor(ctx, []connector.Entry{saved}); err != nil {
				return err
			}
			return m.check(ctx, t)
		}
	case connector.ActEditSite:
		if task == setup.Replace {
			return func(ctx context.Context) error {
				return m.finishInstead(ctx, m.editTask(saved, r.NewSite.Host(), "", setup.FieldSite))
			}
		}
		return func(context.Context) error {
			if to := r.NewSite; !to.IsZero() {
				set(func(f *setup.Facts) { f.Site = to.Host() })
			}
			t.fields = []setup.Field{setup.FieldSite}
			return nil
		}
	case connector.ActEditEmail:
		return func(context.Context) error {
			if named := r.NamedEmail(); named != "" {
				set(func(f *setup.Facts) { f.Email = named })
			}
			t.otherAccount, t.fields = true, []setup.Field{setup.FieldEmail}
			return nil
		}
	case connector.ActEditAll, connector.ActEditToken, connector.ActReplace, connector.ActReread:
		other := remedy.Action == connector.ActEditAll
		return func(ctx context.Context) error {
			if remedy.Action == connector.ActReread {
				err := m.walkthrough(ctx, t.draft.Facts().Product, t.draft.Site(), connector.StepFor(r.Code), false)
				switch {
				case errors.Is(err, errLineBack):
					return nil // back to the diagnosis
				case err != nil:
					return err
				}
			}
			if task == setup.Edit {
				return m.finishInstead(ctx, m.replaceTask(saved, other))
			}
			t.fields = []setup.Field{setup.FieldToken, setup.FieldExpiry}
			if other {
				t.otherAccount, t.fields = true, append([]setup.Field{setup.FieldEmail}, t.fields...)
			}
			return nil
		}
	case connector.ActNone:
	}
	return nil
}

// finishInstead does another task instead of the one at hand.
func (m *lineMode) finishInstead(ctx context.Context, t *lineTask) error {
	if err := m.finish(ctx, t); err != nil {
		return err
	}
	return errLineDone
}

// otherAccount asks about a new token that is another account's.
func (m *lineMode) otherAccount(ctx context.Context, t *lineTask) error {
	r, _ := t.draft.Report()
	saved := t.draft.Saved()
	before, now := accountName(saved.Person(), saved.Email), accountName(r.Identity, t.draft.Email())
	m.title("Another account", "")
	m.say("Note: This token belongs to " + now + ", not to " + before)
	m.say("It works: " + now + " administers " + connector.ProductTitle(saved.Product) + " on " + t.draft.Site().Host() + ". But so far, " + saved.Name + " signed in as " + before +
		". A backup would cover what " + now + " can see, and would stop if that account is deactivated.")
	another := lineOption{"Use another token of " + before, func(context.Context) error {
		f := t.draft.Facts()
		f.Email, f.Expiry = saved.Email, ""
		t.draft.Set(f)
		t.draft.SetToken(atlassian.Token{}, atlassian.Receipt{}, m.now())
		t.otherAccount, t.fields = false, []setup.Field{setup.FieldToken, setup.FieldExpiry}
		return nil
	}}
	yes := lineOption{"Yes, sign in as " + now + " from now on", func(context.Context) error { t.draft.AcceptOtherAccount(); return nil }}
	if t.otherAccount { // it was what they set out to do
		return m.menu(ctx, []lineOption{yes, another})
	}
	return m.menu(ctx, []lineOption{another, yes})
}

// accountName is an account's name, else its email.
func accountName(i *connector.Identity, email string) string {
	if i != nil && i.Name != "" {
		return i.Name
	}
	return email
}

// share offers the new token to the other connectors that most likely have the old one.
func (m *lineMode) share(ctx context.Context, t *lineTask, k setup.Known) error {
	others := t.draft.SharedWith(k)
	m.title("Other connectors of this account", "A token belongs to an account, so connectors with the same site and email usually share it. Those with the old token stop working when it is revoked.")
	m.say("OK: The new token works for " + t.draft.Saved().Name + ", and is not in use yet.")
	verb := " uses"
	if len(others) > 1 {
		verb = " use"
	}
	m.say(connector.And(names(others)) + verb + " the same account on this site. Connectors with the old token stop working when you revoke it.")
	n, err := m.choose(ctx, "Check and replace it in "+connector.And(names(others))+" too", "Only in "+t.draft.Saved().Name)
	for {
		switch {
		case err != nil:
			return err
		case n == 1:
			t.draft.Share(notShared(others)...)
			return nil
		}
		var shares []setup.Share
		failed := false
		m.waiting(func() {
			m.service().CheckShares(ctx, t.draft, others, defaultParallel, func(s setup.Share) {
				m.say(lineMark(s.Report.Verdict) + " " + s.Entry.Name + ": " + s.Report.Title)
				shares, failed = append(shares, s), failed || !s.Report.Good()
			})
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if failed {
			n, err = m.choose(ctx, "Continue with those that work", "Check again")
			if err == nil && n == 1 {
				n = 0
				continue
			}
		}
		if err == nil {
			t.draft.Share(shares...)
		}
		return err
	}
}

// notShared are those that keep the old token, as chosen.
func notShared(others []connector.Entry) []setup.Share {
	shares := make([]setup.Share, len(others))
	for i, e := range others {
		shares[i].Entry = e
	}
	return shares
}

// save saves the Draft, and says what is in force.
func (m *lineMode) save(ctx context.Context, t *lineTask) error {
	kind, _ := t.draft.Storage()
	restore := func() {}
	if t.draft.Task() != setup.Edit || t.draft.Readdresses() {
		switch words := "Waiting: Storing the token in " + connector.StorageName(kind) + " …"; kind {
		case connector.StorageReference:
		case connector.StorageKeyring:
			restore = m.sayWaiting(words + " Your desktop may be asking for the keyring's password.")
		default:
			restore = m.sayWaiting(words)
		}
	}
	saved, err := await(ctx, m.r, func(ctx context.Context) (setup.Saved, error) { return m.service().Save(ctx, t.draft, m.role) })
	restore()
	if errors.Is(err, connector.ErrUnanswered) {
		m.showError(err)
		return errLineDone
	}
	t.saved = saved
	if len(saved.Took) > 0 { // also beside an error: it is in force
		if err != nil {
			m.showError(err)
		}
		if t.draft.Task() == setup.Add {
			m.added = saved.First
		}
		t.sameToken = append(t.sameToken, saved.First.ID)
		for _, e := range saved.Also {
			t.sameToken = append(t.sameToken, e.ID)
		}
		m.load(ctx)
		return errLineSaved
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if now := saved.Now; now.ID != "" {
		if now.Expires != t.draft.Saved().Expires && setup.IsSame(err) {
			m.say("OK: The expiry date is set.")
		}
		m.load(ctx)
		t.draft.Rebase(m.entry(ctx, now.ID))
	}
	return m.notSaved(ctx, t, err)
}

// notSaved asks what to do about a token that could not be stored. Nothing is lost.
func (m *lineMode) notSaved(ctx context.Context, t *lineTask, err error) error {
	var storage *connector.StorageError
	same := errors.As(err, &storage) && storage.Why == connector.StorageWhySame
	if kind, _ := t.draft.Storage(); storage != nil && storage.Kind == connector.StorageFile && storage.Why == connector.StorageWhyLocked && !m.setupKnown().KeyFile {
		m.note(connector.StorageFile, connector.StorageLocked)
		t.draft.SetStorage(kind, false)
		return nil // it is unlocked, and saved then
	}
	m.title("Not saved yet", "")
	m.showError(err)
	var options []lineOption
	switch {
	case same:
		options = append(options, lineOption{"Paste another token", func(context.Context) error {
			t.fields = []setup.Field{setup.FieldToken, setup.FieldExpiry}
			return nil
		}})
	case setup.IsGone(err):
	case setup.IsChanged(err):
		options = append(options, lineOption{"Save it anyway", lineGoOn})
	default:
		m.say("Nothing you entered is lost.")
		options = append(options, lineOption{"Try again", lineGoOn})
		if t.draft.Task() != setup.Edit {
			options = append(options, lineOption{"Choose another storage", func(context.Context) error { t.pickStorage(); return nil }})
		}
	}
	return m.menu(ctx, append(options, lineLeave()))
}

// add connects a new connector: its lines, its check, and what comes next.
func (m *lineMode) add(ctx context.Context, t *lineTask) error {
	for m.role == connector.RoleUnknown {
		if err := m.askRole(ctx); err != nil {
			return ignoreBack(err)
		}
	}
	m.title(t.name(), "")
	if err := m.beforeAdd(ctx, t); err != nil {
		return err
	}
	for _, f := range t.lines(m.role) {
		if setup.ProblemWith(t.draft, m.setupKnown(), f) != "" || f == setup.FieldExpiry && t.draft.Facts().Expiry == "" {
			t.fields = append(t.fields, f)
		}
	}
	return m.finish(ctx, t)
}

// beforeAdd says what is needed, and offers the walkthrough. Who brings a site knows already.
func (m *lineMode) beforeAdd(ctx context.Context, t *lineTask) error {
	if t.draft.Facts().Site != "" {
		return nil
	}
	p := t.draft.Facts().Product
	product := connector.ProductTitle(p)
	walk := m.walkOption(p, atlassian.Site{})
	if m.role.MaySave() {
		m.say("To connect " + product + " you will need:")
		m.say("- an Atlassian account that administers " + product)
		m.say("- an API token created by that account, without scopes")
		m.say("- the site's address, such as https://acme.atlassian.net")
		return m.repeatMenu(ctx, []lineOption{walk, {"I have a token", lineGoOn}})
	}
	m.say("Only a Global Admin or an Account Admin of SaaSAssure can add connectors. With your role, you can still:")
	return m.repeatMenu(ctx, []lineOption{
		{"Check a connection without saving it", lineGoOn}, walk,
		{"Draft a message that asks an admin to add it", func(ctx context.Context) error {
			return m.notAllowed(ctx, p, "add a "+product+" connector")
		}},
	})
}

// finish runs a task to its end, and says what became of it. nil also where it was left.
func (m *lineMode) finish(ctx context.Context, t *lineTask) error {
	before, task := t.draft.Saved(), t.draft.Task()
	if task != setup.Add && before.ID == "" {
		m.say("Problem: The connector no longer exists.")
		return nil
	}
	m.findStorages(ctx)
	if err := m.run(ctx, t); err != nil {
		if errors.Is(err, errLineDone) && !m.r.unanswered {
			m.say("Nothing was changed.")
		}
		return ignoreBack(err)
	}
	switch t.draft.Task() {
	case setup.Edit:
		if t.draft.Readdresses() {
			m.say("OK: Saved, and checked.")
			return nil
		}
		m.say("OK: Saved.")
	case setup.Move:
		m.say("OK: " + fmt.Sprintf("The token was moved to %s, and read back there.", t.saved.First.Where()))
		if before.KeptIn == connector.StorageReference {
			m.say("It is also still in its external source" + before.Reference.Words() + ".")
		}
	case setup.Replace:
		return m.replaced(ctx, t)
	case setup.Add:
		return m.connected(ctx, t)
	}
	return nil
}

// Where a task's token is stored, in line mode: the choice, its test, the passphrase of the
// encrypted file, and external sources.

// findStorages looks at this computer's storages, once a run.
func (m *lineMode) findStorages(ctx context.Context) {
	if m.storages != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lineLoadLimit)
	defer cancel()
	found, err := m.deps().Store.Storages(ctx)
	if err != nil {
		m.showError(err)
	}
	m.storages = append([]connector.StorageStatus{}, found...)
}

// settleStorage asks all that is open about where the token goes, and says where it will be.
func (m *lineMode) settleStorage(ctx context.Context, t *lineTask) error {
	asked := false
	for m.role.MaySave() {
		k := m.setupKnown()
		q, open := setup.NextStorage(t.draft, k)
		if !open {
			break
		}
		asked = true
		if err := m.question(ctx, t, k, q); err != nil {
			return err
		}
	}
	if kind, _ := t.draft.Storage(); asked && kind != connector.StorageReference {
		m.say("Stored in: " + connector.StorageName(kind) + ", tested just now. :storage chooses another one")
	}
	return nil
}

// pickStorage has the person pick another storage.
func (t *lineTask) pickStorage() {
	t.picksStorage = true
	t.draft.SetStorage("", false)
}

// chooseStorage takes the usual storage; where there is none, or another one is wanted, it asks.
func (m *lineMode) chooseStorage(ctx context.Context, t *lineTask) error {
	settings, _ := m.deps().Store.Settings(ctx) // without it nothing is remembered
	if kind := m.setupKnown().UsualStorage(settings.KeepIn); kind != "" && !t.picksStorage && t.draft.Task() == setup.Add {
		t.picksStorage = true // should it not work
		t.draft.SetStorage(kind, false)
		return nil
	}
	m.title("Where to store the token", "The system keyring is where your desktop stores passwords. The encrypted file works on computers without one: it is encrypted with a passphrase that you type once per run, or with the file in SAASCONNECT_KEY_FILE. Tokens are never stored as plain text.")
	m.say("Anyone with the token has the account's access, so it's stored encrypted.")
	var options []lineOption
	for _, s := range m.storages {
		switch {
		case !s.Usable():
			m.say(strings.TrimSuffix("Note: "+connector.Capitalize(connector.StorageName(s.Kind))+": "+s.Detail+". "+s.Remedy, ". "))
		case t.draft.Task() == setup.Move && s.Kind == t.draft.Saved().KeptIn:
		default:
			options = append(options, lineOption{connector.Capitalize(choiceWords(s)), func(ctx context.Context) error {
				t.draft.SetStorage(s.Kind, false)
				if t.draft.Task() == setup.Add {
					m.remember(ctx, connector.Settings{KeepIn: s.Kind})
				}
				return nil
			}})
		}
	}
	if m.deps().Fetch != nil && t.draft.Task() != setup.Move {
		options = append(options, lineOption{"Don't store it: read it from a variable, command or file", func(ctx context.Context) error { return m.askReference(ctx, t) }})
	}
	if len(options) == 0 && m.deps().Practice != nil { // which gets no other one
		m.say("There is no other storage to move the token to.")
		return errLineBack
	}
	options = append(options, lineOption{"Check the storages again", func(ctx context.Context) error { m.storages = nil; m.findStorages(ctx); return nil }})
	return m.menu(ctx, options)
}

// testStorage tests by a round trip whether the storage stores a token.
func (m *lineMode) testStorage(ctx context.Context, t *lineTask) error {
	kind, _ := t.draft.Storage()
	if kind == connector.StorageKeyring && m.setupKnown().Storage(kind).State == connector.StorageLocked {
		m.say("The keyring is locked: your desktop may be asking for its password. Ctrl+C gives up.")
	}
	restore := m.sayWaiting("Waiting: Testing " + connector.StorageName(kind) + " …")
	err := m.r.awaitDone(ctx, func(ctx context.Context) error { return m.service().TestStorage(ctx, kind) })
	restore()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		t.draft.SetStorage(kind, true)
		return nil
	}
	m.showError(err)
	options := []lineOption{{"Try again", lineGoOn}}
	if t.draft.Task() != setup.Edit {
		options = append(options, lineOption{"Choose another storage", func(context.Context) error { t.pickStorage(); return nil }})
	}
	return m.menu(ctx, append(options, lineLeave()))
}

// passphrase opens the encrypted file, or creates it. b leads to another storage where the task
// can take one.
func (m *lineMode) passphrase(ctx context.Context, t *lineTask, create bool) error {
	err := m.openFile(ctx, create)
	if kind, _ := t.draft.Storage(); errors.Is(err, errLineBack) && t.draft.Task() == setup.Add && kind == connector.StorageFile {
		t.pickStorage()
		return nil
	}
	return err
}

// openFile asks for the passphrase of the encrypted file until it opens, or for a new one twice.
func (m *lineMode) openFile(ctx context.Context, create bool) error {
	ask, open := askPassphrase, m.service().Unlock
	if create {
		m.title("A passphrase for the encrypted file", "")
		m.say("This passphrase encrypts your tokens. It is asked for once each time the program runs. There is no recovery.")
		ask, open = chooseNewPassphrase, m.service().CreateEncryptedFile
	} else {
		m.title("Unlock the encrypted file", "")
		m.say("Tokens on this computer are stored in a file encrypted with your passphrase.")
	}
	for {
		typed, err := ask(ctx, m.prompt)
		switch {
		case errors.Is(err, errTooManyTries):
			return errLineBack
		case err != nil:
			return err
		}
		restore := m.sayWaiting("Waiting: Opening the file …")
		err = m.r.awaitDone(ctx, func(ctx context.Context) error { return open(ctx, typed) })
		restore()
		var storage *connector.StorageError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			m.note(connector.StorageFile, connector.StorageReady)
			return nil
		case errors.As(err, &storage) && storage.Why == connector.StorageWhyNew: // another saasconnect moved it meanwhile
			m.note(connector.StorageFile, connector.StorageNew)
		case errors.As(err, &storage) && storage.Why == connector.StorageWhyExists:
			m.note(connector.StorageFile, connector.StorageLocked)
		default:
			m.showError(err)
			continue
		}
		m.showError(err)
		return nil
	}
}

// note takes down a storage's state as it is now.
func (m *lineMode) note(kind connector.StorageKind, state connector.StorageState) {
	for i := range m.storages {
		if m.storages[i].Kind == kind {
			m.storages[i].State = state
		}
	}
}

// unlockFor asks for the passphrase where one of the tokens is in the encrypted file. Who goes
// back goes on without them: the check says that they are locked.
func (m *lineMode) unlockFor(ctx context.Context, entries []connector.Entry) error {
	if !slices.ContainsFunc(entries, func(e connector.Entry) bool { return e.KeptIn == connector.StorageFile }) {
		return nil
	}
	m.findStorages(ctx)
	if k := m.setupKnown(); k.KeyFile || k.Storage(connector.StorageFile).State != connector.StorageLocked {
		return nil
	}
	if err := m.openFile(ctx, false); !errors.Is(err, errLineBack) {
		return err
	}
	return nil
}

// askReference asks where a token is read each time, and reads it there once.
func (m *lineMode) askReference(ctx context.Context, t *lineTask) error {
	m.title("A token in an external source", "A command is run without a shell; its output is the token.")
	m.say("The token stays where it is. Only its source is saved here, and the token is read each time it is needed.")
	n, err := m.choose(ctx, "An environment variable", "A command, such as a password manager's", "A file, such as a mounted secret")
	if err != nil {
		return err
	}
	source := []connector.Source{connector.SourceEnv, connector.SourceCommand, connector.SourceFile}[n]
	question := []string{"Variable (ACME_TOKEN):", "Command (op read op://it/acme/token):", "File (/run/secrets/acme):"}[n]
	for {
		text, err := m.line(ctx, question)
		switch {
		case err != nil:
			return err
		case text == ":back":
			return errLineBack
		case text == ":quit":
			return errLineQuit
		}
		ref, words := connector.ParseReference(source, text)
		if words != "" {
			m.say("Problem: " + words)
			continue
		}
		data, err := m.deps().Fetch(ctx, *ref)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		token, receipt := atlassian.ReadToken(string(data))
		switch {
		case err != nil:
			m.say("Problem: " + connector.Capitalize(connector.FetchProblem(err)) + ".")
		case connector.TokenProblem(receipt) != "":
			m.say("Problem: The value read there is not a token: " + connector.Inside(connector.TokenProblem(receipt)))
		default:
			t.draft.SetReference(ref, token, receipt, m.now())
			t.draft.SetStorage(connector.StorageReference, true)
			m.say("OK: The token is read from" + strings.TrimPrefix(ref.Words(), ":"))
			return nil
		}
	}
}

// walkOption offers the walkthrough. b at its first step leads back to the menu that offered it.
func (m *lineMode) walkOption(p connector.Product, site atlassian.Site) lineOption {
	return lineOption{"Show me how to create the token, step by step", func(ctx context.Context) error {
		err := m.walkthrough(ctx, p, site, 0, false)
		if errors.Is(err, errLineBack) {
			return errLineAgain
		}
		return err
	}}
}

// repeatMenu repeats a menu while what was chosen leads back to it.
func (m *lineMode) repeatMenu(ctx context.Context, options []lineOption) error {
	for {
		if err := m.menu(ctx, options); !errors.Is(err, errLineAgain) {
			return err
		}
	}
}

// walkthrough says how the token is created, its page first, a step at a time. reading: for its own
// sake, and no token is asked for then. errLineBack where it was left.
func (m *lineMode) walkthrough(ctx context.Context, p connector.Product, site atlassian.Site, at int, reading bool) error {
	steps := connector.Walkthrough(p, site)
	m.title("Create a token", "You create the token in your browser, on Atlassian's pages. If a page looks different, follow the labels on its buttons.")
	m.say("Open " + connector.Shortcut + ": " + connector.TokenPageOf(site))
	words := []string{"b previous step", "s I have a token"}
	if reading {
		words = words[:1]
	}
	if m.copies() {
		words = append(words, "c copy the link")
	}
	m.say("By hand, in eight steps. Enter continues, " + strings.Join(words, ", ") + ".")
	said := -1
	for at < len(steps) {
		step := steps[at]
		if said != at {
			said = at
			m.say(fmt.Sprintf("Step %d of %d. %s", at+1, len(steps), step.Title))
			for _, words := range step.Words {
				m.say(words)
			}
			if step.Note != "" {
				m.say("Note: " + step.Note)
			}
			if at == connector.StepCreate {
				m.say("m drafts a message to an admin.")
			}
		}
		question := "Enter for next:"
		if at == len(steps)-1 {
			question = "Enter once it is copied:"
		}
		switch text, err := m.answer(ctx, question); {
		case errors.Is(err, errLineBack) && at > 0:
			at--
		case errors.Is(err, errLineAgain):
			said = -1
		case err != nil:
			return err
		case text == "":
			at++
		case text == "s" && !reading:
			return nil
		case text == "c" && m.copies():
			m.copy(ctx, "link", connector.TokenPageOf(site), "copy it from the lines above.")
		case text == "m" && at == connector.StepCreate:
			if err := m.text(ctx, "Ask an admin to allow API tokens", connector.BlockedMessage(p, site)); err != nil {
				return err
			}
		default:
			m.say("Invalid answer. Use Enter, " + strings.Join(words, ", ") + ".")
		}
	}
	return nil
}
