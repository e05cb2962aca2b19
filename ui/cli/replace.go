package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Replacing a token: the new one is proven for the same site and the same person, then it
// takes the old one's place, which is in force until then.

// replaceFlags are what replace-token takes.
type replaceFlags struct {
	token          tokenFlags
	email, expires string
	role           string
	shared         bool
	otherPerson    bool
	json           bool
}

func (r *run) replaceCommand() *cobra.Command {
	var f replaceFlags
	c := &cobra.Command{
		Use:     "replace-token NAME",
		Aliases: []string{"replace"},
		Short:   "Prove a new token for a connector and put it in the old one's place",
		Long: "Prove a new API token for a saved connector, on the same site and for the same\n" +
			"person, and put it in the place of the old one, which stays in force until then.\n" +
			"Connectors of the same site and e-mail share the token: they are offered, or\n" +
			"taken along with --shared. On a terminal, a token that is missing is asked for in\n" +
			"the wizard, after the walkthrough that makes one.",
		Example: "  saasconnect replace-token acme-jira\n" +
			"  printf %s \"$TOKEN\" | saasconnect replace-token acme-jira --token-stdin --shared --expires 1y\n" +
			"  saasconnect replace-token acme-jira --token-env NEW_TOKEN --json\n" +
			"  saasconnect replace-token acme-jira --email olga@example.com --other-person --token-env OLGAS_TOKEN",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.replace(cmd.Context(), args[0], f)
		},
	}
	fs := c.Flags()
	f.token.register(fs)
	fs.StringVar(&f.expires, "expires", "", "the new token's last `DAY`: 2027-11-23, 90d or 1y")
	fs.StringVar(&f.email, "email", "", "the `E-MAIL` of the account that made the new token, where it is another one")
	fs.BoolVar(&f.otherPerson, "other-person", false, "the new token may be another person's")
	fs.BoolVar(&f.shared, "shared", false, "replace it in the connectors that share it, too")
	fs.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	fs.BoolVar(&f.json, "json", false, "print the results as JSON")
	return c
}

// replacement is one run of replace-token.
type replacement struct {
	replaceFlags
	old    connector.Entry
	others []connector.Entry // that share the old token
	new    connector.Connector
	given  token
	done   []checked
	took   []string // the names of those that have the new token now
	same   []string // of those that had it already
}

func (r *run) replace(ctx context.Context, name string, f replaceFlags) error {
	old, entries, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	p := replacement{replaceFlags: f, old: old, others: connector.Sharing(old.Connector, entries)}
	role, err := r.roleFor(ctx, f.role, "replace tokens", p.old.Product, "replace the token of "+p.old.Name)
	if err != nil {
		return err
	}
	if f.token.given() == 0 && !f.json && !r.flags.noInput && r.hasWizard() && p.old.KeptIn != connector.SafeReference {
		return r.show(ctx, *r.world, ui.Start{Place: ui.Guide, Role: role, Setup: ui.ReplaceSetup(p.old)})
	}
	if err := r.readReplacement(ctx, &p); err != nil {
		return err
	}
	p.new.Replaced = connector.Stamp{By: r.world.User(), Role: role, At: r.world.Now()}
	if err := r.unlockKept(ctx, p.old.KeptIn); err != nil {
		return err
	}
	return r.proveAndReplace(ctx, &p)
}

// readReplacement makes the connector as it will be, and names all that is wrong.
func (r *run) readReplacement(ctx context.Context, p *replacement) error {
	now := r.world.Now()
	var problems, wrong []problem
	p.new = p.old.Connector
	p.new.TokenSince, p.new.Expires = now, connector.Date{}
	if p.expires != "" {
		day, err := connector.ParseExpiry(p.expires, connector.DateOf(now), connector.DateOf(now))
		if err != nil {
			problems = append(problems, problem{"expires", err.Error()})
		}
		p.new.Expires = day
	}
	if p.email != "" {
		if words := connector.EmailProblem(p.email); words != "" {
			problems = append(problems, problem{"email", words})
		}
		p.new.Email, _ = atlassian.CheckEmail(p.email)
	}
	var err error
	if p.token.given() == 0 && r.stdio.InIsTerminal && r.person() != nil && len(problems) == 0 {
		p.token.stdin = true // asked for, hidden
	}
	if p.given, wrong, err = p.token.read(ctx, r); err != nil {
		return err
	}
	if problems = append(problems, wrong...); len(problems) > 0 {
		f := input(problems)
		f.hint = "see saasconnect replace-token --help"
		return f
	}
	if p.old.KeptIn == connector.SafeReference {
		if p.given.source == nil {
			return input([]problem{{fieldToken, "this token is kept elsewhere" + p.old.Reference.Words() +
				". Put the new one there and check again, or name where else it is: --token-env, --token-command or --token-file"}})
		}
		p.new.Reference = p.given.source
	}
	return nil
}

// unlockKept opens the safe that a connector's token is in, and tries it.
func (r *run) unlockKept(ctx context.Context, kind connector.SafeKind) error {
	if kind == connector.SafeReference {
		return nil
	}
	safes, err := r.world.Store.Safes(ctx)
	if err != nil {
		return storage(ctx, err)
	}
	return r.prove(ctx, kind, statusOf(safes, kind), "")
}

// proveAndReplace checks the new token, asks what has to be asked, and swaps.
func (r *run) proveAndReplace(ctx context.Context, p *replacement) error {
	first, err := r.checkNew(ctx, p, p.new)
	if err != nil {
		return err
	}
	p.done = []checked{first}
	if !first.report.Good() {
		return r.tellReplaced(p)
	}
	if err := r.samePerson(ctx, p, first.report); err != nil {
		return err
	}
	if p.done[0].of, err = r.swap(ctx, p, p.old.Connector, p.new, first.report); err != nil {
		return p.broken(ctx, err)
	}
	if err := r.shareToken(ctx, p); err != nil {
		return p.broken(ctx, err)
	}
	return r.tellReplaced(p)
}

// inForce are the names of those that have the new token now, whoever put it there.
func (p *replacement) inForce() []string { return append(slices.Clone(p.took), p.same...) }

// broken is what ended a replacement that had begun, with which token is in force where.
func (p *replacement) broken(ctx context.Context, err error) error {
	f := *asFailure(ctx, err)
	f.inForce = notNull(p.inForce())
	if len(f.inForce) == 0 {
		f.message += "; nothing was replaced: the old token is in force"
		return &f
	}
	f.message += "; the new token is in force in " + connector.And(f.inForce)
	var old []string
	for _, e := range p.others {
		if !slices.Contains(f.inForce, e.Name) {
			old = append(old, e.Name)
		}
	}
	if len(old) > 0 {
		verb := " still has"
		if len(old) > 1 {
			verb = " still have"
		}
		f.message += ", and " + connector.And(old) + verb + " the old one: replace it there, too, before you revoke it"
	}
	return &f
}

// checkNew proves the new token for a connector. What can be done about a failure is what
// can be done about a new token, not about a saved one.
func (r *run) checkNew(ctx context.Context, p *replacement, c connector.Connector) (checked, error) {
	asked := c
	asked.ID = ""
	q := question(asked, p.given.receipt, 0, r.world.Now())
	if c.ID == p.old.ID && c.Site == p.old.Site {
		q.Before, q.BeforeAt = p.old.LastGood()
	}
	done, err := r.checkGiven(ctx, r.world, q, asked, p.given)
	done.of = c
	return done, err
}

// samePerson asks about a token that turned out to be another person's.
func (r *run) samePerson(ctx context.Context, p *replacement, report connector.Report) error {
	before, now := p.old.Person(), report.Identity
	if before == nil || now == nil || before.ID == now.ID || p.otherPerson {
		return nil
	}
	words := "this token belongs to " + now.Words() + ", and the connector signed in as " + before.Words()
	person := r.person()
	if person == nil {
		return wouldAsk("say --other-person if that is meant", "%s; %s", words, r.noPerson())
	}
	sure, err := person.yes(ctx, connector.Capitalize(words)+". Sign in as "+now.Name+" from now on?")
	if err != nil {
		return asked(ctx, err)
	}
	if !sure {
		return usage("", "nothing was replaced: the old token is in force")
	}
	return nil
}

// swap puts the new token into one connector, and returns the connector as it is now. The
// token that is there already replaces nothing; a day that was given for it is recorded.
func (r *run) swap(ctx context.Context, p *replacement, before, c connector.Connector, report connector.Report) (connector.Connector, error) {
	c.CloudID, c.Identity = report.CloudID, report.Identity
	kept, err := r.world.Store.Replace(ctx, before, c, p.given.token)
	var safe *connector.SafeError
	switch {
	case errors.As(err, &safe) && safe.Why == connector.SafeWhySame:
		p.same = append(p.same, before.Name)
		return r.recordDay(ctx, before, p.new)
	case err != nil:
		return c, storage(ctx, err)
	}
	p.took = append(p.took, kept.Name)
	_ = remember(ctx, r.world.Store, checked{of: kept, report: report}) // best effort: the token is what counts
	_ = saveOutcomes(ctx, r.world.Store)
	return kept, nil
}

// recordDay records the day that was given for a token that is kept already, if one was.
func (r *run) recordDay(ctx context.Context, c, given connector.Connector) (connector.Connector, error) {
	if given.Expires.IsZero() || given.Expires == c.Expires {
		return c, nil
	}
	after := c
	after.Expires, after.Edited = given.Expires, given.Replaced
	kept, err := r.world.Store.Edit(ctx, c, after)
	if err != nil {
		return c, storage(ctx, err)
	}
	return kept, nil
}

// shareToken proves the new token for the connectors that shared the old one, and puts it
// into those it is proven for.
func (r *run) shareToken(ctx context.Context, p *replacement) error {
	if len(p.others) == 0 {
		return nil
	}
	names := make([]string, len(p.others))
	for i, e := range p.others {
		names[i] = e.Name
	}
	if person := r.person(); !p.shared && person != nil && !p.json {
		has := " has"
		if len(names) > 1 {
			has = " have"
		}
		yes, err := person.yes(ctx, connector.And(names)+has+" the same account on this site, and most likely the old token. Replace it there too?")
		if err != nil {
			return asked(ctx, err)
		}
		p.shared = yes
	}
	if !p.shared {
		r.warn(connector.And(names) + ": the same site and e-mail, so most likely the old token. Replace it there too before you revoke it (--shared does it in one go)")
		return nil
	}
	for _, e := range p.others {
		c := e.Connector
		c.Email, c.Expires, c.TokenSince, c.Replaced = p.new.Email, p.new.Expires, p.new.TokenSince, p.new.Replaced
		done, err := r.checkNew(ctx, p, c)
		if err != nil {
			return err
		}
		p.done = append(p.done, done)
		if !done.report.Good() {
			continue
		}
		if p.done[len(p.done)-1].of, err = r.swap(ctx, p, e.Connector, c, done.report); err != nil {
			return err
		}
	}
	return nil
}

// dayWords say that a day was recorded for the token that is kept already; "" where none
// was given.
func (p *replacement) dayWords() string {
	if p.new.Expires.IsZero() {
		return ""
	}
	return " Its expiry date is set to " + p.new.Expires.Words() + "."
}

// tellReplaced says how it ended.
func (r *run) tellReplaced(p *replacement) error {
	verdicts := make([]connector.Verdict, len(p.done))
	for i, d := range p.done {
		verdicts[i] = d.report.Verdict
	}
	exit := exitFor(verdicts, false, false, false)
	if p.json {
		all := asResults(p.done, r.world.Now(), false)
		saved := len(p.took) > 0
		all.Saved, all.Replaced, all.InForce = &saved, notNull(p.took), p.inForce()
		r.answer(all)
		return ended(exit)
	}
	for _, d := range p.done {
		r.printReport(d)
		r.out.blank()
	}
	switch {
	case len(p.took) == 0 && len(p.same) > 0:
		r.out.para(0, "This is the token that is kept already: nothing was replaced. Do not revoke it, it is the one in use."+p.dayWords())
		return ended(exit)
	case len(p.took) == 0:
		r.out.para(0, "Nothing was replaced: the old token is in force.")
		return ended(exit)
	}
	r.out.para(0, "The new token is in force in "+connector.And(p.took)+"; it ends "+
		expiryWords(p.new.Expires, p.new.ExpiresBy(), connector.DateOf(r.world.Now()))+".")
	r.out.para(0, "SaaSAssure still signs in with the old token: enter the new one there first. Then revoke the old one, which works at Atlassian until you do:")
	r.out.line(connector.TokenPageOf(p.new.Site))
	return ended(exit)
}
