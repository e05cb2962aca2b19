package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Editing a saved connector: names and dates are saved at once, another site or email only after it
// was checked with the stored token.

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
		Short: "Change a connector's name, site, email, account or expiry date",
		Long: "Change a saved connector. A new site or email is checked with the stored token\n" +
			"before it replaces the old one.",
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
	fs.StringVar(&f.name, "name", "", "a new `NAME`")
	fs.StringVar(&f.site, "site", "", "a new `SITE`, checked first")
	fs.StringVar(&f.email, "email", "", "a new `EMAIL` for the token's account, checked first")
	fs.StringVar(&f.account, "account", "", "the SaaSAssure `ACCOUNT` this connector is for")
	fs.StringVar(&f.expires, "expires", "", "the token's expiry `DATE`: 2027-11-23, 90d, 1y or none")
	fs.BoolVarP(&f.yes, "yes", "y", false, "don't ask about a second connector for the same product")
	registerRole(fs, &f.role)
	fs.BoolVar(&f.json, "json", false, "print the connector as JSON")
	return c
}

func (r *run) edit(ctx context.Context, name string, f editFlags, given *pflag.FlagSet) error {
	old, entries, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	t := r.newTask(setup.For(setup.Edit, old), entries, answerFlags{
		role: f.role, yes: f.yes, json: f.json, may: "change connectors", need: "change the connector " + old.Name,
	})
	if err := r.askRole(ctx, t); err != nil {
		return err
	}
	facts, something := f.apply(t.draft.Facts(), given)
	switch {
	case !something && r.hasWizard() && !f.json && !r.flags.noInput:
		return r.show(ctx, *r.deps, ui.Start{Place: ui.ScreenEdit, Role: t.known.Role, Setup: ui.EditSetup(old)})
	case !something:
		return usage("see saasconnect edit --help", "nothing to change: use --name, --site, --email, --account or --expires")
	}
	t.draft.Set(facts)
	if err := invalidInput(t.problems(nil), "edit"); err != nil {
		return err
	}
	saved, err := r.finish(ctx, t)
	if err != nil {
		return err
	}
	return r.showEdited(t, saved)
}

// apply changes the facts that were given, and reports whether any was.
func (f editFlags) apply(facts setup.Facts, given *pflag.FlagSet) (_ setup.Facts, something bool) {
	for flag, change := range map[string]func(){
		"name":    func() { facts.Name = f.name },
		"site":    func() { facts.Site = f.site },
		"email":   func() { facts.Email = f.email },
		"account": func() { facts.Account = f.account },
		"expires": func() { facts.Expiry = f.expires },
	} {
		if given.Changed(flag) {
			something = true
			change()
		}
	}
	return facts, something
}

// showEdited says how it ended.
func (r *run) showEdited(t *task, saved bool) error {
	old := t.draft.Saved()
	c, now, exit := old.Connector, r.deps.Now(), exitOK
	if saved {
		c = t.saved.First
	}
	done := t.result()
	done.kind, done.before = atlassian.KindUnknown, old.Reports // the token was not looked at
	report, isChecked := t.draft.Report()
	if isChecked {
		exit = exitFor([]connector.Verdict{report.Verdict}, false, false, false)
	}
	if t.flags.json {
		out := struct {
			Version   int           `json:"version"`
			Saved     bool          `json:"saved"`
			Connector connectorJSON `json:"connector"`
			Results   []result      `json:"results"`
		}{1, saved, entryJSON(connector.Entry{Connector: c}, now), []result{}}
		if isChecked {
			out.Results = append(out.Results, done.asJSON(now))
			out.Connector.Last = &lastJSON{report.Verdict, report.Code, timestamp(report.At)}
		}
		r.printJSON(out)
		return exitWith(exit)
	}
	if isChecked {
		r.printReport(done)
		r.out.blank()
	}
	if !saved {
		r.out.paragraph(0, "Nothing was changed.")
		return exitWith(exit)
	}
	r.out.paragraph(0, "Saved: "+c.Name+", "+connector.ProductTitle(c.Product)+" on "+c.Site.Host()+", "+c.Email+
		"; its token "+expiresOn(c, connector.DateOf(now))+".")
	return exitWith(exit)
}
