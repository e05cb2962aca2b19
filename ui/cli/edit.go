package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Editing a saved connector: words are saved at once, another site or e-mail only after it
// was proven with the token that is kept.

// editFlags are what edit takes.
type editFlags struct {
	name, site, email, account, expires string
	role                                string
	yes, json                           bool
}

func (r *run) editCommand() *cobra.Command {
	var f editFlags
	c := &cobra.Command{
		Use:   "edit NAME",
		Short: "Change a connector's name, site, e-mail, account or recorded last day",
		Long: "Change what is known of a saved connector. A changed site or e-mail is proven with\n" +
			"the token that is kept, before it takes the place of the old one.",
		Example: "  saasconnect edit acme-jira --name main-jira --account 'Acme Ltd'\n" +
			"  saasconnect edit acme-jira --expires 2027-03-31\n" +
			"  saasconnect edit acme-jira --expires none\n" +
			"  saasconnect edit acme-jira --site acme-group --json",
		Args:              oneName,
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.edit(cmd.Context(), args[0], f, cmd.Flags())
		},
	}
	fs := c.Flags()
	fs.StringVar(&f.name, "name", "", "another `NAME`")
	fs.StringVar(&f.site, "site", "", "another `SITE`, proven first")
	fs.StringVar(&f.email, "email", "", "another `E-MAIL` of the token's account, proven first")
	fs.StringVar(&f.account, "account", "", "the SaaSAssure `ACCOUNT` it is for")
	fs.StringVar(&f.expires, "expires", "", "the token's last `DAY`: 2027-11-23, 90d, 1y or none")
	fs.BoolVarP(&f.yes, "yes", "y", false, "do not ask whether a second connector for the same product is meant")
	fs.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	fs.BoolVar(&f.json, "json", false, "print the connector as JSON")
	return c
}

func (r *run) edit(ctx context.Context, name string, f editFlags, given *pflag.FlagSet) error {
	old, entries, err := r.one(ctx, name)
	if err != nil {
		return err
	}
	role, err := r.roleFor(ctx, f.role, "change connectors", old.Product, "change the connector "+old.Name)
	if err != nil {
		return err
	}
	nothing := true
	for _, flag := range []string{"name", "site", "email", "account", "expires"} {
		nothing = nothing && !given.Changed(flag)
	}
	switch {
	case nothing && r.hasWizard() && !f.json && !r.flags.noInput:
		return r.show(ctx, *r.world, ui.Start{Place: ui.Edit, Role: role, Setup: ui.EditSetup(old)})
	case nothing:
		return usage("see saasconnect edit --help", "say what to change: --name, --site, --email, --account or --expires")
	}
	c, problems := f.apply(old.Connector, given, connector.DateOf(r.world.Now()))
	if given.Changed("name") && c.Name != old.Name {
		taken, err := r.nameTaken(ctx, c.Name)
		if err != nil {
			return err
		}
		for _, p := range taken {
			if !isOnly(entries, old.ID, c.Name) {
				problems = append(problems, p)
			}
		}
	}
	if len(problems) > 0 {
		fail := input(problems)
		fail.hint = "see saasconnect edit --help"
		return fail
	}
	if c.Site != old.Site || !strings.EqualFold(c.Email, old.Email) {
		if err := r.askSame(ctx, c, entries, f.yes); err != nil {
			return err
		}
	}
	if c.Account != old.Account {
		if err := r.askTwin(ctx, c, entries, f.yes); err != nil {
			return err
		}
	}
	c.Edited = connector.Stamp{By: r.world.User(), Role: role, At: r.world.Now()}
	return r.saveEdited(ctx, old, c, f.json)
}

// isOnly: the only connector of a name (in any case of letters) is this one.
func isOnly(entries []connector.Entry, id, name string) bool {
	for _, e := range entries {
		if e.ID != id && contains([]string{e.Name}, name) {
			return false
		}
	}
	return true
}

// apply changes what was given, and says all that is wrong with it.
func (f editFlags) apply(c connector.Connector, given *pflag.FlagSet, today connector.Date) (connector.Connector, []problem) {
	var problems []problem
	check := func(field, words string) {
		if words != "" {
			problems = append(problems, problem{field, words})
		}
	}
	if given.Changed("name") {
		check("name", connector.NameProblem(f.name))
		c.Name = f.name
	}
	if given.Changed("site") {
		check("site", connector.SiteProblem(f.site))
		c.Site, _, _ = atlassian.ParseSite(f.site) // SiteProblem has said whether it parses
	}
	if given.Changed("email") {
		check("email", connector.EmailProblem(f.email))
		c.Email, _ = atlassian.CheckEmail(f.email)
	}
	if given.Changed("account") {
		check("account", connector.AccountProblem(f.account))
		c.Account = f.account
	}
	switch {
	case !given.Changed("expires"):
	case strings.EqualFold(f.expires, "none"):
		c.Expires = connector.Date{}
	default:
		day, err := connector.ParseExpiry(f.expires, today, connector.DateOf(c.TokenSince))
		if err != nil {
			check("expires", err.Error())
		}
		c.Expires = day
	}
	return c, problems
}

// saveEdited proves what has to be proven, and saves.
func (r *run) saveEdited(ctx context.Context, old connector.Entry, c connector.Connector, asJSON bool) error {
	var proof *checked
	if c.Site != old.Site || c.Email != old.Email {
		if err := r.unlockKept(ctx, old.KeptIn); err != nil {
			return err
		}
		r.note("checking " + c.Site.Host() + " …")
		done := checkSaved(ctx, r.world, connector.Entry{Connector: c, Last: old.Last, Reports: old.Reports}, 0)
		if ctx.Err() != nil {
			return interrupted()
		}
		proof = &done
		if !done.report.Good() {
			return r.tellEdited(old.Connector, proof, false, asJSON)
		}
		c.CloudID, c.Identity = done.report.CloudID, done.report.Identity
	}
	c, err := r.world.Store.Edit(ctx, old.Connector, c)
	if err != nil {
		return storage(ctx, err)
	}
	if proof != nil {
		proof.of = c
		_ = remember(ctx, r.world.Store, checked{of: c, report: proof.report}) // best effort: the connector is what counts
		_ = saveOutcomes(ctx, r.world.Store)
	}
	return r.tellEdited(c, proof, true, asJSON)
}

// tellEdited says how it ended.
func (r *run) tellEdited(c connector.Connector, proof *checked, saved, asJSON bool) error {
	exit := exitOK
	if proof != nil {
		exit = exitFor([]connector.Verdict{proof.report.Verdict}, false, false, false)
	}
	now := r.world.Now()
	if asJSON {
		out := struct {
			Version   int           `json:"version"`
			Saved     bool          `json:"saved"`
			Connector connectorJSON `json:"connector"`
			Results   []result      `json:"results"`
		}{1, saved, entryJSON(connector.Entry{Connector: c}, now), []result{}}
		if proof != nil {
			out.Results = append(out.Results, proof.asJSON(now))
			out.Connector.Last = &lastJSON{proof.report.Verdict, proof.report.Code, stamp(proof.report.At)}
		}
		r.answer(out)
		return ended(exit)
	}
	if proof != nil {
		r.printReport(*proof)
		r.out.blank()
	}
	if !saved {
		r.out.para(0, "Nothing was changed.")
		return ended(exit)
	}
	r.out.para(0, "Saved: "+c.Name+", "+connector.ProductTitle(c.Product)+" on "+c.Site.Host()+", "+c.Email+
		"; its token ends "+expiryWords(c.Expires, c.ExpiresBy(), connector.DateOf(now))+".")
	return ended(exit)
}
