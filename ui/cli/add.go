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
	facts       setup.Facts
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
		Short: "Check a connection and save it as a connector",
		Long: "Check a site, an email and an API token, and save them as a connector if they\n" +
			"work. On a terminal, the wizard asks for what is missing; otherwise every problem\n" +
			"is listed at once. No flag takes the token itself.",
		Example: "  saasconnect add\n" +
			"  printf %s \"$TOKEN\" | saasconnect add jira --site acme --email mia@example.com --token-stdin --role global-admin\n" +
			"  $env:TOKEN | saasconnect add jira --site acme --email mia@example.com --token-stdin --role global-admin\n" +
			"  saasconnect add confluence --site https://acme.atlassian.net/wiki --email mia@example.com --token-env ACME_TOKEN --expires 1y --role account-admin --json\n" +
			"  saasconnect add jira --site acme --email mia@example.com --token-command 'op read op://it/acme/token' --keep-in reference --role global-admin",
		Args:              atMostOne("a product: jira or confluence"),
		ValidArgsFunction: completeProducts,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				f.facts.Product = connector.Product(args[0])
			}
			return r.add(cmd.Context(), f)
		},
	}
	fs := c.Flags()
	registerConnection(fs, &f.facts)
	f.token.register(fs)
	fs.StringVar(&f.facts.Name, "name", "", "a `NAME` for the connector (default: site-product)")
	fs.StringVar(&f.facts.Account, "account", "", "the SaaSAssure `ACCOUNT` this connector is for")
	fs.StringVar(&f.facts.Expiry, "expires", "", "the token's expiry `DATE`: 2027-11-23, 90d or 1y")
	registerRole(fs, &f.role)
	fs.StringVar(&f.keepIn, "keep-in", "", "the `STORAGE` for the token: keyring, file or reference")
	fs.BoolVar(&f.keepFailing, "keep-failing", false, "save even if the check fails, when someone else must fix it")
	fs.BoolVarP(&f.yes, "yes", "y", false, "don't ask about a second connector for the same product")
	fs.BoolVar(&f.json, "json", false, "print the result as JSON")
	return c
}

// add reads the flags, asks for what is missing where it can, and runs the task.
func (r *run) add(ctx context.Context, f addFlags) error {
	t, own, err := r.readAdd(ctx, &f)
	if err != nil {
		return err
	}
	if f.lacks() && !f.json && !r.flags.noInput && (r.hasWizard() || r.stdio.InIsTerminal && r.prompter() != nil) {
		if err := invalidInput(f.wrong(t.problems(own)), "add"); err != nil {
			return err
		}
		if r.hasWizard() {
			return r.addInWizard(ctx, t)
		}
		if own, err = r.askForMissing(ctx, &f, t); err != nil {
			return err
		}
	}
	if _, t.known.Entries, err = r.entries(ctx); err != nil {
		return err
	}
	problems, err := r.withRole(ctx, t.problems(own), f.role)
	if err != nil {
		return err
	}
	if err := invalidInput(problems, "add"); err != nil { // before anything is asked
		return err
	}
	r.warnPastExpiry(t, f.facts.Expiry)
	product := connector.ProductTitle(t.draft.Facts().Product)
	t.flags.may, t.flags.need = "add connectors", "add a "+product+" connector"
	saved, err := r.finish(ctx, t)
	if err != nil {
		return err
	}
	return r.showAdded(t, saved)
}

// withRole adds a role that is unknown to what else is wrong, where it can't be asked for.
func (r *run) withRole(ctx context.Context, problems []problem, flag string) ([]problem, error) {
	if _, wrong := r.givenRole(flag); len(problems) == 0 || len(wrong) > 0 || r.prompter() != nil {
		return problems, nil
	}
	role, err := r.knownRole(ctx, flag)
	if err == nil && role == connector.RoleUnknown {
		problems = append(problems, problem{"role", "unknown: " + roleHint})
	}
	return problems, err
}

// lacks reports whether something is missing that can be asked for.
func (f *addFlags) lacks() bool {
	return f.token.given() == 0 || f.facts.Product == "" || f.facts.Site == "" || f.facts.Email == ""
}

// wrong returns the problems with what was given, without those of what is missing.
func (f *addFlags) wrong(problems []problem) []problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p problem) bool {
		switch setup.Field(p.Field) {
		case setup.FieldProduct:
			return f.facts.Product == ""
		case setup.FieldSite:
			return f.facts.Site == ""
		case setup.FieldEmail:
			return f.facts.Email == ""
		case setup.FieldToken:
			return f.token.given() == 0
		}
		return false
	})
}

// readAdd is the task as far as flags say it, and what is wrong with them.
func (r *run) readAdd(ctx context.Context, f *addFlags) (*task, []problem, error) {
	if _, err := r.open(ctx); err != nil {
		return nil, nil, err
	}
	facts, own := readFacts(f.facts)
	given, wrong, err := f.token.read(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	own = append(own, wrong...)
	_, wrong = r.givenRole(f.role)
	own = append(own, wrong...)
	keep, wrong := r.keepIn(f.keepIn, f.token)
	t := r.newTask(setup.New(facts.Product), nil, answerFlags{
		role: f.role, keepIn: keep, yes: f.yes, keepFailing: f.keepFailing, json: f.json,
	})
	t.draft.Set(facts)
	t.setToken(given)
	if keep == connector.StorageReference {
		t.draft.SetStorage(keep, true)
	}
	return t, append(own, wrong...), nil
}

// keepIn reads --keep-in, else SAASCONNECT_KEEP_IN; "" where neither says anything.
func (r *run) keepIn(flag string, source tokenFlags) (connector.StorageKind, []problem) {
	if flag == "" {
		flag = r.stdio.getenv("SAASCONNECT_KEEP_IN")
	}
	switch kind := connector.StorageKind(strings.ToLower(strings.TrimSpace(flag))); kind {
	case "", connector.StorageKeyring, connector.StorageFile:
		return kind, nil
	case connector.StorageReference:
		if source.stdin || source.given() == 0 {
			return kind, []problem{{"keep-in", "a reference needs a source that can be read again: --token-env, --token-command or --token-file"}}
		}
		return kind, nil
	case connector.StorageMemory:
	}
	return "", []problem{{"keep-in", orNearest(quoted(flag)+" is not a storage: use keyring, file or reference", flag, "keyring", "file", "reference")}}
}

// showAdded says how it ended and what comes next.
func (r *run) showAdded(t *task, saved bool) error {
	done := t.result()
	exit := exitFor([]connector.Verdict{done.report.Verdict}, false, false, false)
	if t.flags.json {
		if !saved {
			done.of.KeptIn = ""
		}
		r.printJSON(results{Version: 1, Results: []result{done.asJSON(r.deps.Now())}, Saved: &saved})
		return exitWith(exit)
	}
	r.printReport(done)
	r.out.blank()
	switch {
	case saved:
		r.out.paragraph(0, "Saved as "+done.of.Name+". The token is stored in "+connector.StorageName(done.of.KeptIn)+
			"; it "+expiresOn(done.of, connector.DateOf(r.deps.Now()))+".")
		r.out.line("Check it any time: saasconnect check " + done.of.Name)
	case t.flags.keepFailing:
		r.out.paragraph(0, "Not saved: --keep-failing only saves a connector that someone else must fix.")
	case t.draft.CanSaveFailing():
		r.out.paragraph(0, "Not saved. To save it anyway and check it later, add --keep-failing.")
	default:
		r.out.paragraph(0, "Not saved.")
	}
	return exitWith(exit)
}

// addInWizard opens the wizard at the form, filled in as far as it goes, or at the choice of what
// to add where the product is missing.
func (r *run) addInWizard(ctx context.Context, t *task) error {
	start := ui.Start{Place: ui.ScreenForm}
	start.Role, _ = r.givenRole(t.flags.role) // what is wrong with it was said
	if t.draft.Facts().Product == "" {
		start.Place = ui.ScreenAdd // the rest stays filled in
	}
	d := t.draft
	d.SetStorage(t.flags.keepIn, false)
	start.Setup = ui.Setup{Draft: d}
	return r.show(ctx, *r.deps, start)
}

// askForMissing asks line by line for what was not given, for screen readers.
func (r *run) askForMissing(ctx context.Context, f *addFlags, t *task) (own []problem, err error) {
	prompt := r.prompter()
	for _, q := range []struct {
		into     *string
		question string
	}{
		{(*string)(&f.facts.Product), "Product, jira or confluence:"},
		{&f.facts.Site, "Site, like acme.atlassian.net:"},
		{&f.facts.Email, "Atlassian account email:"},
	} {
		if *q.into != "" {
			continue
		}
		if *q.into, err = prompt.line(ctx, q.question); err != nil {
			return nil, promptFailure(ctx, err)
		}
	}
	facts, own := readFacts(f.facts)
	t.draft.Set(facts)
	if f.token.given() > 0 {
		return own, nil
	}
	text, err := prompt.secret(ctx, "API token:")
	if err != nil {
		return nil, promptFailure(ctx, err)
	}
	given, wrong, err := r.receive(text, nil)
	t.setToken(given)
	return append(own, wrong...), err
}

// atMostOne takes nothing or one argument.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("see "+cmd.CommandPath()+" --help", "%s takes at most one argument, %s", cmd.CommandPath(), what)
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

// completeFrom completes a flag with the values there are.
func completeFrom(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}
