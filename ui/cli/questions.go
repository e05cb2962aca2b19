package cli

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// A command that changes something makes a setup.Draft and answers what is open about it, one
// question after the other: by a flag, else by the person at the terminal, else the program ends
// with the exit code 6 and the flag's name.

// task is a Draft with what is known about it, and with the answers that flags give.
type task struct {
	draft setup.Draft
	known setup.Known
	flags answerFlags

	storagesFound bool        // known.Storages are what they were found to be
	saved         setup.Saved // what is in force after saving
	keptOld       []string    // those that most likely have the old token, and keep it since it could not be asked
}

// answerFlags are the flags that answer questions, and the words for what is to be done.
type answerFlags struct {
	role         string
	keepIn       connector.StorageKind // "": not said
	yes          bool                  // a duplicate is meant
	keepFailing  bool
	otherAccount bool
	shared       bool
	json         bool // no optional question is asked

	may  string // "add connectors": what the role has to allow
	need string // "add a Jira connector": what the letter to an admin asks for
}

// newTask begins a task about a Draft. entries are all connectors that are saved.
func (r *run) newTask(d setup.Draft, entries []connector.Entry, f answerFlags) *task {
	return &task{draft: d, flags: f, known: setup.Known{
		Now: r.deps.Now(), Entries: entries, KeyFile: r.deps.KeyFile,
	}}
}

// problems are all that is wrong with the facts. own are those of the flags that the facts came
// from, in better words for the same field, or about flags that are no facts.
func (t *task) problems(own []problem) []problem {
	var all []problem
	for _, p := range setup.Problems(t.draft, t.known) {
		one := problem{string(p.Field), p.Words}
		if at := slices.IndexFunc(own, func(o problem) bool { return o.Field == one.Field }); at >= 0 {
			one, own = own[at], slices.Delete(slices.Clone(own), at, at+1)
		}
		all = append(all, one)
	}
	return append(all, own...)
}

// warnPastExpiry says on stderr that the expiry date of a flag is in the past, which is allowed: the
// token may have expired.
func (r *run) warnPastExpiry(t *task, flag string) {
	if words := connector.PastExpiry(t.draft.Expires(t.known.Now), connector.DateOf(t.known.Now)); flag != "" && words != "" {
		r.warn(string(setup.FieldExpiry) + ": " + words)
	}
}

// invalidInput is the end of a command whose input is not right; nil where there are no problems.
func invalidInput(problems []problem, command string) error {
	if len(problems) == 0 {
		return nil
	}
	f := input(problems)
	f.hint = "see saasconnect " + command + " --help"
	return f
}

// setToken gives the token that came in to the Draft.
func (t *task) setToken(given token) {
	if given.source != nil {
		t.draft.SetReference(given.source, given.token, given.receipt, t.known.Now)
		return
	}
	t.draft.SetToken(given.token, given.receipt, t.known.Now)
}

// askRole finds out what the person may do in SaaSAssure, unless it is known.
func (r *run) askRole(ctx context.Context, t *task) (err error) {
	t.known.Role, err = r.roleFor(ctx, t.flags.role, t.flags.may, t.draft.Facts().Product, t.flags.need)
	return err
}

// finish answers what is open until the task is saved. It is not where it was checked, doesn't
// work, and may not be saved: then the Draft's report says why.
func (r *run) finish(ctx context.Context, t *task) (saved bool, err error) {
	for {
		switch q := setup.Next(t.draft, t.known); q {
		case setup.AskRole, setup.NotAllowed:
			err = r.askRole(ctx, t)
		case setup.AskConnection:
			err = input(t.problems(nil))
		case setup.Duplicate:
			err = r.askDuplicate(ctx, t)
		case setup.ChooseStorage, setup.CreatePassphrase, setup.Unlock, setup.TestStorage:
			err = r.askStorage(ctx, t, q)
		case setup.Check:
			if err = r.openForCheck(ctx, t); err == nil {
				err = r.checkTask(ctx, t)
			}
		case setup.Failing:
			if !t.flags.keepFailing || !t.draft.CanSaveFailing() {
				return false, nil
			}
			t.draft.SaveFailing()
		case setup.OtherAccount:
			err = r.askOtherAccount(ctx, t)
		case setup.AskShare:
			err = r.askShare(ctx, t)
		case setup.Save, setup.Done:
			if kind, _ := t.draft.Storage(); kind == connector.StorageKeyring && t.draft.Task() == setup.Add {
				r.note("storing the token in " + connector.StorageName(kind) + " …") // the desktop may ask for a password
			}
			t.saved, err = await(ctx, r, func(ctx context.Context) (setup.Saved, error) {
				return r.deps.Service().Save(ctx, t.draft, t.known.Role)
			})
			return true, t.failure(ctx, err)
		}
		if err != nil {
			return false, err
		}
	}
}

// failure is why a task was not saved; nil where it was. A token that is stored already is no
// failure: that is printed with the result.
func (t *task) failure(ctx context.Context, err error) error {
	switch {
	case err == nil || setup.IsSame(err):
		return nil
	case t.draft.Task() == setup.Replace:
		return t.replaceFailure(storageFailure(ctx, err))
	}
	return storageFailure(ctx, err)
}

// openForCheck opens and tests the storage of an edit, whose check reads the token that is there:
// what is wrong with it is said with its flag, not as what the check came to.
func (r *run) openForCheck(ctx context.Context, t *task) error {
	kind := t.draft.Saved().KeptIn
	if t.draft.Task() != setup.Edit || kind == connector.StorageReference {
		return nil
	}
	storages, err := r.deps.Store.Storages(ctx)
	if err != nil {
		return storageFailure(ctx, err)
	}
	return r.tryStorage(ctx, kind, setup.Known{Storages: storages}.Storage(kind), "")
}

// checkTask checks the Draft.
func (r *run) checkTask(ctx context.Context, t *task) error {
	report, err := r.checkDraft(ctx, t.draft, r.deps.Service().CheckRequest(t.draft))
	if err == nil {
		t.draft.SetReport(report)
	}
	return err
}

// checkDraft checks a Draft as it is asked. A context that ended is an interrupt.
func (r *run) checkDraft(ctx context.Context, d setup.Draft, q connector.CheckRequest) (connector.Report, error) {
	r.note("checking " + q.Site.Host() + " …")
	report := r.deps.Service().CheckAs(ctx, d, q, nil)
	if ctx.Err() != nil {
		return connector.Report{}, interrupted()
	}
	return report, nil
}

// result is the check of the Draft, about the connector that is in force now, or that would be.
func (t *task) result() checked {
	report, _ := t.draft.Report()
	c := t.saved.First
	if len(t.saved.InForce()) == 0 {
		c = t.draft.Connector(connector.Stamp{At: t.known.Now})
	}
	return checked{of: c, report: report}
}

// askStorage answers a question about the storage that the token goes to, or is in.
func (r *run) askStorage(ctx context.Context, t *task, q setup.Question) (err error) {
	if !t.storagesFound { // what is open depends on what there is
		t.storagesFound = true
		if t.known.Storages, err = r.deps.Store.Storages(ctx); err != nil {
			return storageFailure(ctx, err)
		}
		return nil
	}
	kind, _ := t.draft.Storage()
	if q == setup.ChooseStorage {
		if kind, err = r.chooseStorage(ctx, t.known.Storages, t.flags.keepIn); err == nil {
			t.draft.SetStorage(kind, false)
		}
		return err
	}
	if q == setup.TestStorage {
		ways := "" // where the storage is given there are no others
		if t.draft.Task() == setup.Add {
			ways = otherStorages
		}
		if err = r.tryStorage(ctx, kind, t.known.Storage(kind), ways); err == nil {
			t.draft.SetStorage(kind, true)
		}
		return err
	}
	if err = r.unlock(ctx, t.known.Storage(connector.StorageFile)); err == nil {
		t.noteUnlocked()
	}
	return err
}

// noteUnlocked notes that the encrypted file is open for the rest of the run.
func (t *task) noteUnlocked() {
	t.known.Storages = slices.Clone(t.known.Storages)
	for i := range t.known.Storages {
		if t.known.Storages[i].Kind == connector.StorageFile {
			t.known.Storages[i].State = connector.StorageReady
		}
	}
}

// What flags say about a connector. What can be wrong with it setup.Problems says, except where
// a typed product is nearly one of the two.

// registerConnection adds the flags of add about the connection.
func registerConnection(fs *pflag.FlagSet, f *setup.Facts) {
	fs.StringVar(&f.Site, "site", "", "the Atlassian `SITE`, in any form: acme, acme.atlassian.net, a link to a board")
	fs.StringVar(&f.Email, "email", "", "the `EMAIL` of the Atlassian account that created the token")
}

func products() []string { return []string{string(connector.Jira), string(connector.Confluence)} }

// productNamed is the product of a name in any case of letters; "" where there is none.
func productNamed(name string) connector.Product {
	p := connector.Product(strings.ToLower(strings.TrimSpace(name)))
	if p == connector.Jira || p == connector.Confluence {
		return p
	}
	return ""
}

// readFacts are the facts with the product that was meant, and why it is none.
func readFacts(f setup.Facts) (setup.Facts, []problem) {
	typed := string(f.Product)
	f.Product = productNamed(typed)
	if typed == "" || f.Product != "" {
		return f, nil
	}
	return f, []problem{{string(setup.FieldProduct), noProduct(typed)}}
}

// noProduct says that a text is no product.
func noProduct(typed string) string {
	return orNearest(quoted(typed)+" is not a product: use jira or confluence", typed, products()...)
}

// tokenWarnings are what is odd about a token that can be tried all the same.
func tokenWarnings(r atlassian.Receipt) []string {
	words, doubt := connector.ReceiptWords(r)
	if !doubt && len(r.Trimmed) == 0 {
		return nil
	}
	return []string{"the token: " + words}
}

// Second connectors: for one product, site and email, which are nearly always meant to
// replace a token; and for one product and SaaSAssure account, which SaaSAssure would not take.

// askDuplicate questions a Draft that would stand beside another connector like it.
func (r *run) askDuplicate(ctx context.Context, t *task) error {
	other := t.draft.DuplicateOf(t.known)
	prompt := r.prompter()
	account := t.draft.Facts().Account
	words, why := connector.SameAccountWords(connector.Connector{Product: other.Product, Account: account}, *other)
	hint, instead := "confirm with --yes", "set the account it is for with --account"
	before, question, unattended := words+". "+why, "Save it anyway?", words+". "+why
	if t.draft.HasConnectionOf(*other) {
		words, _ = connector.SameConnectionWords(*other)
		instead = "to replace its token: saasconnect replace-token " + other.Name
		before, question = words+". "+connector.Capitalize(instead)+".", "Save a second connector?"
		hint = instead + "; to save a second connector, confirm with --yes"
		unattended = words + "; " + r.noPrompt()
	}
	switch {
	case t.flags.yes:
	case prompt == nil && account == "" && !t.draft.HasConnectionOf(*other): // it can't be known, so a script only gets a warning
		r.warn(connector.Inside(words) + ". " + why + " (set it with --account, or confirm with --yes)")
	case prompt == nil:
		return wouldAsk(hint, "%s", unattended)
	default:
		r.err.paragraph(0, before)
		sure, err := prompt.yes(ctx, question)
		if err != nil {
			return promptFailure(ctx, err)
		}
		if !sure {
			return declined(instead, "nothing was saved")
		}
	}
	t.draft.AcceptDuplicate()
	return nil
}

// The SaaSAssure role: the flag, else the environment, else what is remembered, else
// asked. SaaSAssure itself enforces it; this program can't verify it.

const roleHint = "use --role global-admin or --role account-admin, or set SAASCONNECT_ROLE"

// roleVariable has the role where no flag says it.
const roleVariable = "SAASCONNECT_ROLE"

// registerRole adds the flag.
func registerRole(fs *pflag.FlagSet, role *string) {
	fs.StringVar(role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
}

// roleFor returns a role that may do what is asked ("add connectors"), or why not, with the
// letter to someone who may ("add a Jira connector").
func (r *run) roleFor(ctx context.Context, flag, what string, p connector.Product, need string) (connector.Role, error) {
	role, err := r.knownRole(ctx, flag)
	if err != nil {
		return role, err
	}
	answered := role == connector.RoleUnknown
	if answered {
		role, err = r.promptForRole(ctx)
		if err != nil {
			return role, err
		}
	}
	if !role.MaySave() {
		return role, &failure{exit: exitRole, code: "role",
			message: "only a Global Admin or an Account Admin of SaaSAssure can " + what, hint: roleHint, letter: connector.RoleMessage(p, need)}
	}
	if answered { // what a flag or a variable says is that run's alone
		if err := r.deps.Service().Settings(ctx, connector.Settings{Role: role}); err != nil {
			r.warn("Your role could not be saved: " + connector.Explain(err).Title + ".")
		}
	}
	return role, nil
}

// knownRole is the role of the flag, the environment or the settings; RoleUnknown where none has one.
func (r *run) knownRole(ctx context.Context, flag string) (connector.Role, error) {
	role, wrong := r.givenRole(flag)
	if wrong != nil {
		return role, input(wrong)
	}
	w, err := r.open(ctx)
	if err != nil {
		return role, err
	}
	settings, err := w.Store.Settings(ctx)
	if err != nil {
		return role, storageFailure(ctx, err)
	}
	return cmp.Or(role, settings.Role), nil
}

// givenRole is the role of the flag, else of the environment; RoleUnknown where neither has one. A text
// that is no role is a problem: it is more likely a typo than a role of that name.
func (r *run) givenRole(flag string) (connector.Role, []problem) {
	for _, from := range []struct{ text, where string }{{flag, ""}, {r.stdio.getenv(roleVariable), " in " + roleVariable}} {
		role, known := connector.ParseRole(from.text)
		if !known {
			admins := []string{string(connector.RoleGlobalAdmin), string(connector.RoleAccountAdmin)}
			words := "unknown role " + quoted(from.text) + from.where + ": use global-admin or account-admin"
			return role, []problem{{"role", orNearest(words, from.text, admins...)}}
		}
		if role != connector.RoleUnknown {
			return role, nil
		}
	}
	return connector.RoleUnknown, nil
}

func (r *run) promptForRole(ctx context.Context) (connector.Role, error) {
	prompt := r.prompter()
	if prompt == nil {
		return connector.RoleUnknown, wouldAsk(roleHint, "your SaaSAssure role is unknown; %s", r.noPrompt())
	}
	roles := []connector.Role{connector.RoleGlobalAdmin, connector.RoleAccountAdmin, connector.RoleOther}
	titles := make([]string, len(roles))
	for i, role := range roles {
		titles[i] = role.Title()
	}
	n, err := prompt.choose(ctx, "What is your role in SaaSAssure?", titles)
	if err != nil {
		return connector.RoleUnknown, promptFailure(ctx, err)
	}
	return roles[n], nil
}

// How a token comes in: exactly one of four sources, each bounded, none of them an
// argument. What arrived is read by atlassian.ReadToken, which trims what copying and
// shells add (PowerShell's pipe appends a carriage return: cli/cli#9731).

// tokenFlags are the sources as they were named.
type tokenFlags struct {
	stdin              bool
	env, command, file string
}

func (t *tokenFlags) register(f *pflag.FlagSet) {
	f.BoolVar(&t.stdin, "token-stdin", false, "read the API token from standard input")
	f.StringVar(&t.env, "token-env", "", "read the API token from this environment `VARIABLE`")
	f.StringVar(&t.command, "token-command", "", "read the API token from what this `COMMAND` prints (run without a shell, at most 10 s)")
	f.StringVar(&t.file, "token-file", "", "read the API token from this `FILE`")
}

// given counts the sources.
func (t *tokenFlags) given() int {
	n := 0
	for _, set := range []bool{t.stdin, t.env != "", t.command != "", t.file != ""} {
		if set {
			n++
		}
	}
	return n
}

// token is a token that came in and its receipt.
type token struct {
	token   atlassian.Token
	receipt atlassian.Receipt
	// source is where it can be read again; nil for stdin and for what was typed.
	source *connector.Reference
}

const (
	fieldToken    = "token"
	tokenMaxBytes = 64 << 10
	nameSources   = "use one of --token-stdin, --token-env, --token-command and --token-file"
)

// read reads the token. What is wrong with it, or with how it was asked for, are problems.
func (t *tokenFlags) read(ctx context.Context, r *run) (token, []problem, error) {
	switch n := t.given(); {
	case n == 0:
		return token{}, []problem{{fieldToken, "no token source: " + nameSources}}, nil
	case n > 1:
		return token{}, []problem{{fieldToken, "more than one source: " + nameSources}}, nil
	case t.stdin:
		text, err := r.readStdin(ctx)
		if err != nil {
			return token{}, nil, err
		}
		return r.receive(text, nil)
	}
	reference, problems := t.reference()
	if len(problems) > 0 {
		return token{}, problems, nil
	}
	text, err := r.system.Fetch(ctx, *reference)
	switch {
	case ctx.Err() != nil:
		return token{}, nil, interrupted()
	case err != nil:
		return token{}, []problem{{fieldToken, connector.FetchProblem(err)}}, nil
	}
	return r.receive(string(text), reference)
}

// reference is a source that can be read again.
func (t *tokenFlags) reference() (*connector.Reference, []problem) {
	from, text, flag := connector.SourceCommand, t.command, "--token-command"
	switch {
	case t.env != "":
		from, text, flag = connector.SourceEnv, t.env, "--token-env"
	case t.file != "":
		from, text, flag = connector.SourceFile, t.file, "--token-file"
	}
	ref, words := connector.ParseReference(from, text)
	if words != "" {
		return nil, []problem{{fieldToken, flag + ": " + words}}
	}
	return ref, nil
}

// receive makes a token of what arrived, and says on stderr what is odd about it.
func (r *run) receive(text string, source *connector.Reference) (token, []problem, error) {
	t, receipt := atlassian.ReadToken(text)
	if words := connector.TokenProblem(receipt); words != "" {
		return token{}, []problem{{fieldToken, words}}, nil
	}
	for _, words := range tokenWarnings(receipt) {
		r.warn(words)
	}
	return token{t, receipt, source}, nil, nil
}

// readStdin reads all of stdin, or one hidden line where it is a terminal.
func (r *run) readStdin(ctx context.Context) (string, error) {
	if r.stdio.InIsTerminal {
		prompt := r.prompter()
		if prompt == nil {
			return "", wouldAsk("pipe the token in", "the token has to be typed; %s", r.noPrompt())
		}
		text, err := prompt.secret(ctx, "API token:")
		return text, promptFailure(ctx, err)
	}
	got := make(chan typed, 1)
	go func() {
		b, err := io.ReadAll(io.LimitReader(r.stdio.In, tokenMaxBytes))
		got <- typed{string(b), err}
	}()
	select {
	case t := <-got:
		if t.err != nil {
			return "", input([]problem{{fieldToken, "standard input could not be read"}})
		}
		return t.text, nil
	case <-ctx.Done():
		return "", interrupted()
	}
}

// A token on the command line is in the shell's history, in the list of processes and
// often in a log already. The program says so and stops, before anything else can echo
// its arguments.

// holdsToken reports whether one of the arguments holds what looks like a token.
func holdsToken(args []string) bool { return slices.ContainsFunc(args, atlassian.LooksSecret) }

// leaked is the failure for it. It shows nothing of the argument.
func leaked() *failure {
	return usage("pass the new token with --token-stdin, --token-env, --token-command or --token-file",
		"an argument looks like an API token. Revoke it: it is now in your shell history ("+connector.TokenPage+")")
}
