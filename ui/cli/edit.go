package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Editing a saved connector: names and dates are saved at once, another site or email only after it
// was checked with the stored token. Marking connectors as entered in SaaSAssure is at the end.

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
	r.warnPastExpiry(t, f.expires)
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
	done.before = old.Reports
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

// Marking connectors as entered in SaaSAssure: it has no public API, so only the person who entered
// them there can say so.

// markFlags are what mark-entered takes.
type markFlags struct {
	all, not, json bool
	role           string
}

func (r *run) markCommand() *cobra.Command {
	var f markFlags
	c := &cobra.Command{
		Use:   "mark-entered NAME…",
		Short: "Mark connectors as entered in SaaSAssure",
		Long: "Mark connectors, by name or glob, as entered in SaaSAssure's own form today. Nothing\n" +
			"is sent there. 'saasconnect list --not-entered' then shows which connectors you still\n" +
			"have to enter, or to enter again because their token was replaced. Connectors that are\n" +
			"already marked keep their date; --not removes the mark.",
		Example: "  saasconnect mark-entered acme-jira\n" +
			"  saasconnect mark-entered 'acme-*' --json\n" +
			"  saasconnect mark-entered --all\n" +
			"  saasconnect mark-entered acme-jira --not",
		Args:              namesOrAll(&f.all),
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.markEntered(cmd.Context(), args, f)
		},
	}
	fs := c.Flags()
	fs.BoolVar(&f.all, "all", false, "mark every saved connector")
	fs.BoolVar(&f.not, "not", false, "mark them as not entered")
	registerRole(fs, &f.role)
	fs.BoolVar(&f.json, "json", false, "print the results as JSON")
	return c
}

// markEntered marks the connectors of names and globs, or all of them.
func (r *run) markEntered(ctx context.Context, args []string, f markFlags) error {
	entries, _, err := r.findSeveral(ctx, args)
	if err != nil {
		return err
	}
	return r.markEntries(ctx, entries, f)
}

// markEntries marks these.
func (r *run) markEntries(ctx context.Context, entries []connector.Entry, f markFlags) (err error) {
	role := connector.RoleUnknown
	if len(entries) > 0 {
		if role, err = r.roleFor(ctx, f.role, "mark connectors as entered", entries[0].Product, "enter "+theConnectors(entries)); err != nil {
			return err
		}
	}
	written, unanswered := await(ctx, r, func(ctx context.Context) ([]connector.Written, error) {
		return r.deps.Service().MarkEntered(ctx, connectorsOf(entries), !f.not, role), nil
	})
	var out outcomes[changeJSON]
	done := 0
	for i, e := range entries {
		err, changed := unanswered, !e.IsMarked(!f.not)
		if err == nil {
			e.Connector, err = written[i].Connector, written[i].Err
		}
		if err != nil {
			out.results = append(out.results, changeJSON{Name: e.Name, Error: out.fail(ctx, e.Name, storageFailure(ctx, err))})
			continue
		}
		done++
		as := entryJSON(e, r.deps.Now())
		out.results = append(out.results, changeJSON{Name: e.Name, Changed: changed, Connector: &as})
		if !f.json && !(r.inLineMode && len(entries) > 1) { // the sum says it of all
			r.out.paragraph(0, e.Name+": in SaaSAssure "+e.EnteredWords()+".")
		}
	}
	out.interrupted = ctx.Err() != nil && done < len(entries)
	out.print(r, f.json)
	if len(entries) > 1 && done > 0 && !f.json {
		words := "entered"
		if f.not {
			words = "not entered"
		}
		r.out.paragraph(0, ofSeveral(done, len(entries))+" marked as "+words+" in SaaSAssure.")
	}
	return out.end()
}
