package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Replacing a token: the new one is checked for the same site and the same account, then it
// replaces the old one, which is in use until then.

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
		Short:   "Check a new token for a connector and replace the old one",
		Long: "Check a new API token for a saved connector, on the same site and for the same\n" +
			"account, and replace the old one, which stays in use until then. Connectors with the\n" +
			"same site and email usually share the token: you are asked whether to replace it\n" +
			"there too, or use --shared. On a terminal, if no token is given, the wizard shows how\n" +
			"to create one and asks for it.",
		Example: "  saasconnect replace-token acme-jira\n" +
			"  printf %s \"$TOKEN\" | saasconnect replace-token acme-jira --token-stdin --shared --expires 1y\n" +
			"  $env:TOKEN | saasconnect replace-token acme-jira --token-stdin --shared --expires 1y\n" +
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
	fs.StringVar(&f.expires, "expires", "", "the new token's expiry `DATE`: 2027-11-23, 90d or 1y")
	fs.StringVar(&f.email, "email", "", "the `EMAIL` of the account that created the new token, if it is another one")
	fs.BoolVar(&f.otherPerson, "other-person", false, "the new token may belong to another account")
	fs.BoolVar(&f.shared, "shared", false, "also replace it in the connectors that share it")
	registerRole(fs, &f.role)
	fs.BoolVar(&f.json, "json", false, "print the results as JSON")
	return c
}

func (r *run) replace(ctx context.Context, name string, f replaceFlags) error {
	old, entries, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	t := r.newTask(setup.For(setup.Replace, old), entries, answerFlags{
		role: f.role, otherAccount: f.otherPerson, shared: f.shared, json: f.json,
		may: "replace tokens", need: "replace the token of " + old.Name,
	})
	if err := r.askRole(ctx, t); err != nil {
		return err
	}
	if f.token.given() == 0 && !f.json && !r.flags.noInput && r.hasWizard() && old.KeptIn != connector.StorageReference {
		return r.show(ctx, *r.deps, ui.Start{Place: ui.ScreenGuide, Role: t.known.Role, Setup: ui.ReplaceSetup(old)})
	}
	own, err := r.readReplacement(ctx, t, f)
	if err != nil {
		return err
	}
	if err := invalidInput(t.problems(own), "replace-token"); err != nil {
		return err
	}
	r.warnPastExpiry(t, f.expires)
	saved, err := r.finish(ctx, t)
	if err != nil {
		return err
	}
	return r.showReplaced(t, saved)
}

// readReplacement takes the new facts and the new token, and returns what is wrong with where it
// was to come from.
func (r *run) readReplacement(ctx context.Context, t *task, f replaceFlags) ([]problem, error) {
	facts := t.draft.Facts()
	facts.Expiry = f.expires
	if f.email != "" {
		facts.Email = f.email
	}
	t.draft.Set(facts)
	isWrong := slices.ContainsFunc(t.problems(nil), func(p problem) bool { return p.Field != fieldToken })
	if f.token.given() == 0 && r.stdio.InIsTerminal && r.prompter() != nil && !isWrong {
		f.token.stdin = true // asked for, hidden
	}
	given, own, err := f.token.read(ctx, r)
	if err != nil {
		return nil, err
	}
	t.setToken(given)
	if len(own) == 0 && t.draft.Saved().KeptIn == connector.StorageReference && given.source == nil {
		words := setup.ProblemWith(t.draft, t.known, setup.FieldToken)
		own = append(own, problem{fieldToken, strings.TrimSuffix(words, ".") + ": --token-env, --token-command or --token-file"})
	}
	return own, nil
}

// replaceFailure is what ended a replacement that had begun, with which token is in force where.
func (t *task) replaceFailure(err *failure) error {
	f := *err
	f.inForce = t.saved.InForce()
	if setup.IsGone(f.err) || errors.Is(f.err, connector.ErrUnanswered) {
		return &f
	}
	if len(f.inForce) == 0 {
		f.message += "; nothing was replaced: the old token is still in use"
		return &f
	}
	f.message += "; the new token is in use in " + connector.And(f.inForce)
	var old []string
	for _, l := range t.saved.LeftOut {
		old = append(old, l.Name)
	}
	if len(old) > 0 {
		verb := " still has"
		if len(old) > 1 {
			verb = " still have"
		}
		f.message += ", and " + connector.And(old) + verb + " the old one: replace it there too before you revoke it"
	}
	return &f
}

// askOtherAccount asks about a token that turned out to be another account's.
func (r *run) askOtherAccount(ctx context.Context, t *task) error {
	report, _ := t.draft.Report()
	old := t.draft.Saved()
	now := report.Identity
	words := "this token belongs to " + now.Words() + ", but the connector signed in as " + old.Person().Words()
	prompt := r.prompter()
	switch {
	case t.flags.otherAccount:
	case prompt == nil:
		return wouldAsk("confirm with --other-person", "%s; %s", words, r.noPrompt())
	default:
		sure, err := prompt.yes(ctx, connector.Capitalize(words)+". Sign in as "+now.Name+" from now on?")
		if err != nil {
			return promptFailure(ctx, err)
		}
		if !sure {
			return declined("", "nothing was replaced: the old token is still in use")
		}
	}
	t.draft.AcceptOtherAccount()
	return nil
}

// askShare asks whether those that most likely have the old token get the new one too, and
// checks it for them.
func (r *run) askShare(ctx context.Context, t *task) error {
	others := t.draft.SharedWith(t.known)
	old := names(others)
	share := t.flags.shared
	if prompt := r.prompter(); !share && prompt != nil && !t.flags.json {
		has := " has"
		if len(old) > 1 {
			has = " have"
		}
		var err error
		if share, err = prompt.yes(ctx, connector.And(old)+has+" the same account on this site, and most likely the old token. Replace it there too?"); err != nil {
			return promptFailure(ctx, err)
		}
	}
	if !share {
		t.keptOld = old
		t.draft.Share()
		return nil
	}
	r.note("checking " + connector.And(old) + " with the new token …")
	shares := make([]setup.Share, len(others))
	r.deps.Service().CheckShares(ctx, t.draft, others, defaultParallel, func(s setup.Share) {
		shares[slices.IndexFunc(others, func(e connector.Entry) bool { return e.ID == s.Entry.ID })] = s
	})
	if ctx.Err() != nil {
		return interrupted()
	}
	t.draft.Share(shares...)
	return nil
}

// shareResults are the checks of those that the token was to be shared with, about each as it is
// now, or would be.
func (t *task) shareResults() []checked {
	first := t.result()
	var all []checked
	for _, s := range t.draft.Shares() {
		c := s.Entry.Connector
		c.Email, c.Expires, c.TokenSince = first.of.Email, first.of.Expires, first.of.TokenSince
		if at := slices.IndexFunc(t.saved.Also, func(e connector.Entry) bool { return e.ID == c.ID }); at >= 0 {
			c = t.saved.Also[at].Connector
		}
		all = append(all, checked{of: c, report: s.Report})
	}
	return all
}

// showReplaced says how it ended.
func (r *run) showReplaced(t *task, saved bool) error {
	first := t.result()
	done := append([]checked{first}, t.shareResults()...)
	verdicts := make([]connector.Verdict, len(done))
	for i, d := range done {
		verdicts[i] = d.report.Verdict
	}
	exit := exitFor(verdicts, false, false, false)
	took, now := t.saved.Took, r.deps.Now()
	if saved && len(t.keptOld) > 0 {
		r.warn(connector.And(t.keptOld) + ": same site and email, so most likely the old token. Replace it there too before you revoke it (--shared does both at once)")
	}
	if t.flags.json {
		all := asResults(done, now, false)
		replaced := len(took) > 0
		all.Saved, all.Replaced, all.InForce = &replaced, notNull(took), t.saved.InForce()
		r.printJSON(all)
		return exitWith(exit)
	}
	for _, d := range done {
		r.printReport(d)
		r.out.blank()
	}
	switch {
	case len(took) == 0 && len(t.saved.Same) > 0:
		words := "This token is already stored: nothing was replaced. Don't revoke it, it is in use."
		if day := t.draft.Expires(now); !day.IsZero() {
			words += " Its expiry date is set to " + day.Words() + "."
		}
		r.out.paragraph(0, words)
		return exitWith(exit)
	case len(took) == 0:
		r.out.paragraph(0, "Nothing was replaced: the old token is still in use.")
		return exitWith(exit)
	}
	r.out.paragraph(0, "The new token is in use in "+connector.And(took)+"; it "+expiresOn(first.of, connector.DateOf(now))+".")
	r.out.paragraph(0, connector.RevokeWords(t.saved.Connectors()...))
	r.out.line(connector.TokenPageOf(first.of.Site))
	return exitWith(exit)
}
