package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// addFlags are what add takes.
type addFlags struct {
	draft       draft
	token       tokenFlags
	role        string
	keepIn      string
	keepFailing bool
	yes         bool
	json        bool
}

func (r *run) addCommand() *cobra.Command {
	var f addFlags
	c := &cobra.Command{
		Use:   "add [jira|confluence]",
		Short: "Prove a connector and keep its token safely",
		Long: "Check a site, an e-mail and an API token, and save them as a connector if they\n" +
			"work. On a terminal, what is missing is asked for in the wizard; otherwise every\n" +
			"problem is named at once. There is no flag that takes the token itself.",
		Example: "  saasconnect add\n" +
			"  printf %s \"$TOKEN\" | saasconnect add jira --site acme --email mia@example.com --token-stdin --role global-admin\n" +
			"  saasconnect add confluence --site https://acme.atlassian.net/wiki --email mia@example.com --token-env ACME_TOKEN --expires 1y --role account-admin --json\n" +
			"  saasconnect add jira --site acme --email mia@example.com --token-command 'op read op://it/acme/token' --keep-in reference --role global-admin",
		Args:              atMostOne("a product: jira or confluence"),
		ValidArgsFunction: completeProducts,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				f.draft.product = args[0]
			}
			return r.add(cmd.Context(), f)
		},
	}
	fs := c.Flags()
	f.draft.register(fs)
	f.token.register(fs)
	fs.StringVar(&f.draft.name, "name", "", "a `NAME` for the connector (default: site-product)")
	fs.StringVar(&f.draft.account, "account", "", "the SaaSAssure `ACCOUNT` it is for")
	fs.StringVar(&f.draft.expires, "expires", "", "the token's last `DAY`: 2027-11-23, 90d or 1y")
	fs.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	fs.StringVar(&f.keepIn, "keep-in", "", "the `PLACE` to keep the token in: keyring, file or reference")
	fs.BoolVar(&f.keepFailing, "keep-failing", false, "save it although it does not work yet, where the cure lies elsewhere")
	fs.BoolVarP(&f.yes, "yes", "y", false, "do not ask whether a second connector for the same product is meant")
	fs.BoolVar(&f.json, "json", false, "print the result as JSON")
	return c
}

// add is the whole of it: what was given, who asks, where to keep it, the check, the save.
func (r *run) add(ctx context.Context, f addFlags) error {
	given, keep, problems, err := r.gather(ctx, &f)
	if err != nil {
		return err
	}
	askable := f.draft.lacks(f.token.given() == 0) && !f.json && !r.flags.noInput && f.onForm(problems)
	switch {
	case askable && r.hasWizard():
		return r.addInWizard(ctx, f, given, keep)
	case askable && r.stdio.InIsTerminal && r.person() != nil:
		if given, problems, err = r.askForMissing(ctx, &f, given); err != nil {
			return err
		}
	}
	taken, err := r.nameTaken(ctx, f.draft.name)
	if err != nil {
		return err
	}
	if problems = append(problems, taken...); len(problems) > 0 {
		fail := input(problems)
		fail.hint = "see saasconnect add --help"
		return fail
	}
	role, err := r.roleFor(ctx, f.role, "add connectors", f.draft.parsedProduct(), "add a "+connector.ProductTitle(f.draft.parsedProduct())+" connector")
	if err != nil {
		return err
	}
	c := f.draft.connector(r.world.Now())
	_, entries, err := r.entries(ctx)
	if err != nil {
		return err
	}
	if err := r.askSecond(ctx, c, entries, f.yes); err != nil {
		return err
	}
	c.Added = connector.Stamp{By: r.world.User(), Role: role, At: r.world.Now()}
	if keep == connector.SafeReference {
		c.KeptIn, c.Reference = keep, given.source
	} else if c.KeptIn, err = r.decideSafe(ctx, keep); err != nil {
		return err
	}
	return r.checkAndSave(ctx, f, c, given)
}

// onForm reports whether all that is wrong can be put right on the wizard's form.
func (f addFlags) onForm(problems []problem) bool {
	return !slices.ContainsFunc(problems, func(p problem) bool {
		switch p.Field {
		case "product", "site", "email":
			return false
		case fieldToken:
			return f.token.given() > 0
		}
		return true
	})
}

// gather reads everything that was given, and says all that is wrong with it.
func (r *run) gather(ctx context.Context, f *addFlags) (token, connector.SafeKind, []problem, error) {
	if _, err := r.open(ctx); err != nil {
		return token{}, "", nil, err
	}
	problems := f.draft.read(connector.DateOf(r.world.Now()))
	given, wrong, err := f.token.read(ctx, r)
	if err != nil {
		return token{}, "", nil, err
	}
	problems = append(problems, wrong...)
	keep, wrong := r.keepIn(f.keepIn, f.token)
	return given, keep, append(problems, wrong...), nil
}

// nameTaken looks before anything is sent whether the chosen name is free.
func (r *run) nameTaken(ctx context.Context, name string) ([]problem, error) {
	if name == "" {
		return nil, nil
	}
	_, entries, err := r.entries(ctx)
	for _, e := range entries {
		if strings.EqualFold(e.Name, name) {
			return []problem{{"name", nameTaken}}, nil
		}
	}
	return nil, err
}

// keepIn reads --keep-in, else SAASCONNECT_KEEP_IN; "" where neither says anything.
func (r *run) keepIn(flag string, source tokenFlags) (connector.SafeKind, []problem) {
	if flag == "" {
		flag = r.stdio.getenv("SAASCONNECT_KEEP_IN")
	}
	switch kind := connector.SafeKind(strings.ToLower(strings.TrimSpace(flag))); kind {
	case "", connector.SafeKeyring, connector.SafeFile:
		return kind, nil
	case connector.SafeReference:
		if source.stdin || source.given() == 0 {
			return kind, []problem{{"keep-in", "a reference needs a source that can be read again: --token-env, --token-command or --token-file"}}
		}
		return kind, nil
	case connector.SafeMemory:
	}
	return "", []problem{{"keep-in", orNearest(quoted(flag)+" is no place to keep a token: keyring, file or reference", flag, "keyring", "file", "reference")}}
}

// checkAndSave proves the connector and keeps it if it may be kept.
func (r *run) checkAndSave(ctx context.Context, f addFlags, c connector.Connector, given token) error {
	done, err := r.checkDraft(ctx, r.world, c, given, 0)
	if err != nil {
		return err
	}
	c.CloudID, c.Identity = done.report.CloudID, done.report.Identity
	saved := false
	if done.report.Good() || (f.keepFailing && done.report.Keepable) {
		if c.KeptIn == connector.SafeKeyring {
			r.note("keeping the token in " + connector.SafeName(c.KeptIn) + " …")
		}
		kept, err := r.world.Store.Add(ctx, c, given.token, done.report)
		if err != nil {
			return storage(ctx, err)
		}
		c, saved = kept, true
	}
	done.of = c
	if f.json {
		if !saved {
			done.of.KeptIn = ""
		}
		all := results{Version: 1, Results: []result{done.asJSON(r.world.Now())}, Saved: &saved}
		r.answer(all)
	} else {
		r.printAdded(done, saved, f.keepFailing)
	}
	return ended(exitFor([]connector.Verdict{done.report.Verdict}, false, false, false))
}

// printAdded says how it ended and what comes next.
func (r *run) printAdded(done checked, saved, wanted bool) {
	r.printReport(done)
	r.out.blank()
	switch {
	case saved:
		r.out.para(0, "Saved as "+done.of.Name+". The token is kept in "+connector.SafeName(done.of.KeptIn)+
			"; it ends "+expiryWords(done.of.Expires, done.of.ExpiresBy(), connector.DateOf(r.world.Now()))+".")
		r.out.line("Check it again at any time: saasconnect check " + done.of.Name)
	case wanted:
		r.out.para(0, "Nothing is saved: only a connector whose cure lies elsewhere can be kept.")
	case done.report.Keepable:
		r.out.para(0, "Nothing is saved. To keep it and check it again later, add --keep-failing.")
	default:
		r.out.para(0, "Nothing is saved.")
	}
}

// addInWizard opens the wizard at the form, filled in as far as it goes.
func (r *run) addInWizard(ctx context.Context, f addFlags, given token, keep connector.SafeKind) error {
	start := ui.Start{Place: ui.Form, Role: connector.ParseRole(f.role)}
	if f.draft.parsedProduct() == "" {
		start.Place = ui.Home // where the product is chosen; the rest stays filled in
	}
	d := setup.New(f.draft.parsedProduct())
	d.Set(setup.Facts{
		Product: f.draft.parsedProduct(), Site: f.draft.site, Email: f.draft.email, Account: f.draft.account,
		Name: f.draft.name, Expiry: f.draft.lastDay.String(),
	})
	if keep == connector.SafeReference {
		d.SetReference(given.source, given.token, given.receipt, r.world.Now())
	} else {
		d.SetToken(given.token, given.receipt, r.world.Now())
	}
	d.SetStorage(keep, false)
	start.Setup = ui.Setup{Draft: d}
	return r.show(ctx, *r.world, start)
}

// askForMissing asks line by line for what was not given: the way for screen readers.
func (r *run) askForMissing(ctx context.Context, f *addFlags, given token) (token, []problem, error) {
	person := r.person()
	for _, q := range []struct {
		into     *string
		question string
	}{
		{&f.draft.product, "Product, jira or confluence:"},
		{&f.draft.site, "Site, like acme.atlassian.net:"},
		{&f.draft.email, "Atlassian account e-mail:"},
	} {
		if *q.into != "" {
			continue
		}
		text, err := person.line(ctx, q.question)
		if err != nil {
			return given, nil, asked(ctx, err)
		}
		*q.into = text
	}
	problems := f.draft.read(connector.DateOf(r.world.Now()))
	if f.token.given() > 0 {
		return given, problems, nil
	}
	text, err := person.secret(ctx, "API token:")
	if err != nil {
		return given, nil, asked(ctx, err)
	}
	given, wrong, err := r.receive(text, nil)
	return given, append(problems, wrong...), err
}

// atMostOne takes nothing or one argument.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("see "+cmd.CommandPath()+" --help", "%s takes one argument, %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

func completeProducts(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return products(), cobra.ShellCompDirectiveNoFileComp
}

// fixed completes a flag with the values there are.
func fixed(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}
