package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/cli/roster"
)

// Importing many connectors from a file. All of the file is looked at before anything is
// asked, read or sent; then the role, the storage and the tokens, each once; then each row is
// a setup.Draft: they are checked side by side and saved as they land. Run again it goes on with
// what is missing: what is saved as the file has it, and was good, is left alone.

// importFlags are what import takes.
type importFlags struct {
	format                            string
	token                             tokenFlags
	role, keepIn                      string
	keepFailing, recheck, dryRun, yes bool
	parallel                          int
	json, jsonl                       bool
}

func (r *run) importCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Check and save many connectors from a file",
		Long: "Read connectors from a CSV or JSON file (- for standard input), check them in\n" +
			"parallel and save those that work. Nothing is sent until the whole file is valid.\n\n" +
			"Columns: product, site and email are required; name, account and expires are\n" +
			"optional; token_env, token_command or token_file says where to read the token. If\n" +
			"none is given, you are asked for a token once for each Atlassian account. A file\n" +
			"never contains tokens. A token_command is run as you, without a shell: import only\n" +
			"files you trust, and check them with --dry-run first.\n\n" +
			"You can run it again any time: connectors that are saved and working are left alone,\n" +
			"changed rows are checked and updated, and failed rows are tried again. An empty cell\n" +
			"changes nothing; expires takes a date (2027-11-23, 31.03.2027) or none. Unknown\n" +
			"columns of a CSV file are ignored, with a note.\n\n" +
			"Exit codes: 0 all good, 1 at least one failing, 2 the file is invalid, 3 none\n" +
			"failing but at least one unknown, 4 something could not be stored, 6 a row needs an\n" +
			"answer that neither it nor a flag gives, 130 interrupted.",
		Example: "  saasconnect import customers.csv\n" +
			"  saasconnect import customers.csv --dry-run\n" +
			"  saasconnect import customers.csv --token-env ATLASSIAN_TOKEN --role global-admin --json\n" +
			"  saasconnect import customers.json --keep-in reference --no-input --jsonl\n" +
			"  saasconnect export --home old | saasconnect import - --format csv --home new",
		Args:              oneFile,
		ValidArgsFunction: completeFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.importFile(cmd.Context(), args[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "", "the file's `FORMAT`: csv or json (default: from its name, else its content)")
	f.token.register(flags)
	registerRole(flags, &f.role)
	flags.StringVar(&f.keepIn, "keep-in", "", "the `STORAGE` for the tokens: keyring, file or reference")
	flags.BoolVar(&f.keepFailing, "keep-failing", false, "save even if the check fails, when someone else must fix it")
	flags.BoolVar(&f.recheck, "recheck", false, "check connectors that are saved and working, too")
	flags.BoolVar(&f.dryRun, "dry-run", false, "check the file and show what would be done; nothing is sent or saved")
	flags.IntVar(&f.parallel, "parallel", defaultParallel, "how many to check at a time, 1 to 64")
	flags.BoolVarP(&f.yes, "yes", "y", false, "don't ask about second connectors or tokens of other accounts")
	flags.BoolVar(&f.json, "json", false, "print the results as one JSON object")
	flags.BoolVar(&f.jsonl, "jsonl", false, "print each result as one line of JSON as it completes")
	_ = c.RegisterFlagCompletionFunc("role", completeFrom("global-admin", "account-admin"))
	_ = c.RegisterFlagCompletionFunc("keep-in", completeFrom("keyring", "file", "reference"))
	_ = c.RegisterFlagCompletionFunc("format", completeFrom("csv", "json"))
	return c
}

// oneFile takes exactly one file.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("see "+cmd.CommandPath()+" --help", "%s takes one file, or - for standard input", cmd.CommandPath())
	}
	return nil
}

func completeFile(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []cobra.Completion{"csv", "tsv", "json"}, cobra.ShellCompDirectiveFilterFileExt
}

// importRun is one run of import.
type importRun struct {
	importFlags
	file    string
	keep    connector.StorageKind // "" where nothing says
	known   setup.Known
	by      connector.Stamp         // who does it
	rows    []*importRow            // one for each row, in the file's order
	sources map[string]*tokenSource // where tokens come from, each once
}

func newImport(file string, f importFlags) *importRun {
	return &importRun{importFlags: f, file: file, sources: map[string]*tokenSource{}}
}

func (r *run) importFile(ctx context.Context, file string, f importFlags) error {
	in := newImport(file, f)
	switch {
	case f.parallel < 1 || f.parallel > 64:
		return usage("", "--parallel must be from 1 to 64")
	case f.json && f.jsonl:
		return usage("", "choose one of --json and --jsonl")
	case file == "-" && f.token.stdin:
		return usage("", "standard input is already the file: use another source than --token-stdin")
	}
	if err := r.readImport(ctx, in); err != nil {
		return err
	}
	if in.dryRun {
		return r.showPlan(in)
	}
	return r.runImport(ctx, in)
}

// runImport does what the rows of a file that was read come to.
func (r *run) runImport(ctx context.Context, in *importRun) error {
	if slices.ContainsFunc(in.rows, func(s *importRow) bool { return !s.idle() }) {
		if err := r.prepare(ctx, in); err != nil {
			return err
		}
		r.readTokens(ctx, in)
	}
	return r.showImport(in, r.checkAndSaveRows(ctx, in))
}

// readImport reads the file and plans its rows. All that is wrong comes at once.
func (r *run) readImport(ctx context.Context, in *importRun) error {
	format := roster.Format(strings.ToLower(strings.TrimSpace(in.format)))
	if format != "" && format != roster.CSV && format != roster.JSON {
		return input([]problem{{"format", quoted(in.format) + " is not a format: use csv or json"}})
	}
	data, err := r.readNamed(ctx, in.file)
	if err != nil {
		return err
	}
	if format == "" {
		format = roster.FormatOf(in.file, data)
	}
	w, entries, err := r.entries(ctx)
	if err != nil {
		return err
	}
	in.known = setup.Known{Now: w.Now(), Entries: entries}
	rows, problems := roster.Read(data, roster.Options{Format: format, Now: w.Now(), Known: knownIn(entries),
		Note: func(words string) { r.warn(cleaned(in.file) + " " + words) }})
	keep, wrong := r.keepIn(in.keepIn, tokenFlags{env: "any"}) // whether there is a source is asked row by row
	in.keep = keep
	_, noRole := r.givenRole(in.role)
	wrong = append(wrong, noRole...)
	if len(problems) == 0 {
		p := newPlanner(in.known, in.recheck)
		in.rows = p.plan(rows)
		problems = p.problems
		more, complaints := r.assignSources(in)
		wrong, problems = append(wrong, more...), append(problems, complaints...)
	}
	if len(problems)+len(wrong) > 0 {
		return invalidFile(in.file, problems, wrong)
	}
	r.warnPastExpiries(in)
	return nil
}

// warnPastExpiries says on stderr which rows set an expiry date that is in the past.
func (r *run) warnPastExpiries(in *importRun) {
	told, more := 0, 0
	for _, s := range in.rows {
		words := connector.PastExpiry(s.row.Expires, connector.DateOf(in.known.Now))
		switch {
		case words == "" || s.old != nil && !slices.Contains(s.facts, string(setup.FieldExpiry)): // it is saved already
		case told == mostProblems:
			more++
		default:
			told++
			where := roster.Problem{Line: s.row.Line, Index: s.row.Index, Field: string(setup.FieldExpiry)}.Where()
			r.warn(cleaned(in.file) + ", " + where + ": " + words)
		}
	}
	if more > 0 {
		r.warn(cleaned(in.file) + ": " + connector.Plural(more, "more expiry date") + " in the past")
	}
}

// stdinHint is the hint where a file does not exist.
const stdinHint = "use - as the file to read standard input"

// readNamed reads the file, or standard input for "-".
func (r *run) readNamed(ctx context.Context, file string) ([]byte, error) {
	if file == "-" {
		if r.stdio.InIsTerminal {
			return nil, usage("pipe the file in, or name it", "standard input is a terminal")
		}
		return r.readPiped(ctx)
	}
	data, err := r.system.ReadFile(ctx, file, roster.MaxBytes)
	switch {
	case err == nil:
		return data, nil
	case ctx.Err() != nil:
		return nil, interrupted()
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage(stdinHint, "the file %s doesn't exist", quoted(file))
	case errors.Is(err, fs.ErrPermission):
		return nil, usage("", "no permission to read the file %s", quoted(file))
	}
	return nil, usage(fmt.Sprintf("it must be a file of at most %d MiB", roster.MaxBytes>>20), "the file %s can't be read", quoted(file))
}

// readPiped reads all of standard input, and one byte more than is taken.
func (r *run) readPiped(ctx context.Context) ([]byte, error) {
	type read struct {
		data []byte
		err  error
	}
	got := make(chan read, 1) // a read can't be ended
	go func() {
		data, err := io.ReadAll(io.LimitReader(r.stdio.In, roster.MaxBytes+1))
		got <- read{data, err}
	}()
	select {
	case one := <-got:
		if one.err != nil {
			return nil, usage("", "standard input could not be read")
		}
		return one.data, nil
	case <-ctx.Done():
		return nil, interrupted()
	}
}

// prepare is all that is asked, once for the whole file, in the order of add: the role, second
// connectors, the storages; then the tokens, if someone is there to be asked for them. The
// answers go into each Draft.
func (r *run) prepare(ctx context.Context, in *importRun) error {
	if err := r.canPaste(in); err != nil {
		return err
	}
	role, err := r.roleFor(ctx, in.role, "import connectors", in.rows[0].is.Product, "import connectors from a file")
	if err != nil {
		return err
	}
	in.known.Role, in.by = role, connector.Stamp{By: r.deps.User(), Role: role, At: r.deps.Now()}
	if err := r.askDuplicates(ctx, in); err != nil {
		return err
	}
	in.known.Entries = nil // names and second connectors were looked at for the whole file
	if err := r.chooseStorages(ctx, in); err != nil {
		return err
	}
	return r.pasteTokens(ctx, in)
}

// chooseStorages decides where new tokens are stored, opens the storages that are read, and tests
// those that are written, each once. What is wrong with one that a saved connector's token is in is
// for the rows that turn out to write there: the others go on.
func (r *run) chooseStorages(ctx context.Context, in *importRun) error {
	kind, tested := in.keep, map[connector.StorageKind]string{} // what is wrong with it, "" for nothing
	if slices.ContainsFunc(in.rows, func(s *importRow) bool { return s.old == nil }) && kind != connector.StorageReference {
		var err error
		if kind, err = r.decideStorage(ctx, kind); err != nil {
			return err
		}
		tested[kind] = ""
	}
	var read []connector.Entry
	for _, s := range in.rows {
		if s.old != nil && s.check {
			read = append(read, *s.old)
		}
	}
	if err := r.unlockFor(ctx, read); err != nil {
		return err
	}
	for _, s := range in.rows {
		switch {
		case s.old == nil:
			s.draft.SetStorage(kind, true)
		case s.check && (s.source != nil || s.draft.Readdresses()):
			kept := s.old.KeptIn
			if _, known := tested[kept]; !known {
				tested[kept] = r.testStorage(ctx, kept)
			}
			s.storage = tested[kept]
			s.draft.SetStorage(kept, s.storage == "")
		}
		s.show(in.by)
	}
	if ctx.Err() != nil {
		return interrupted()
	}
	return nil
}

// testStorage opens a storage and tests it, and says what a row that writes there needs; "" for
// nothing.
func (r *run) testStorage(ctx context.Context, kind connector.StorageKind) string {
	if kind == connector.StorageReference {
		return ""
	}
	storages, err := r.deps.Store.Storages(ctx)
	if err == nil {
		err = r.tryStorage(ctx, kind, setup.Known{Storages: storages}.Storage(kind), "")
	}
	if err == nil {
		return ""
	}
	f := asFailure(ctx, err)
	words := "its token's storage: " + f.message
	if f.hint != "" {
		words += " (" + f.hint + ")"
	}
	return words
}

// askDuplicates asks once about all rows that would be second connectors, as add does about one:
// for a product, site and email that have one, or for a product and an account that have one. Where
// no account is named no one can know, so that is only a note.
func (r *run) askDuplicates(ctx context.Context, in *importRun) error {
	drafts := make([]setup.Draft, len(in.rows))
	for i, s := range in.rows {
		drafts[i] = s.draft
	}
	rows := map[setup.DuplicateKind][]*importRow{}
	for i, like := range setup.Duplicates(drafts, in.known) {
		rows[like] = append(rows[like], in.rows[i])
		in.rows[i].draft.AcceptDuplicate() // what is asked below is asked about all
	}
	if in.yes {
		return nil
	}
	if nameless := len(rows[setup.NoAccount]); nameless > 0 {
		r.warn(fmt.Sprintf("%s no SaaSAssure account, and SaaSAssure accepts one connector per product and account (set it in the column account, or confirm with --yes)", rowsName(nameless)))
	}
	for _, question := range []struct {
		rows            []*importRow
		like, why, hint string
	}{
		{rows[setup.SameConnection], "a second connector for a product, site and email that has one",
			"To use another token, set it in the existing connector's row (saasconnect export writes it), or use saasconnect replace-token.", "enter the existing connector's name in the column name"},
		{rows[setup.SameAccount], "a second connector for a product and an account that has one",
			"SaaSAssure accepts one connector per product and account. A second one can be saved and checked here, but not added there.", "enter the accounts they are for in the column account"},
	} {
		if len(question.rows) == 0 {
			continue
		}
		title := linesOf(question.rows) + " would be " + question.like
		prompt := r.prompter()
		if prompt == nil {
			return wouldAsk("confirm with --yes", "%s. %s", title, question.why)
		}
		sure, err := prompt.yes(ctx, connector.Capitalize(title)+". "+question.why+" Save them anyway?")
		switch {
		case err != nil:
			return promptFailure(ctx, err)
		case !sure:
			return usage(question.hint, "nothing was saved")
		}
	}
	return nil
}

func rowsName(n int) string {
	if n == 1 {
		return "1 row is a second connector for its product and names"
	}
	return fmt.Sprintf("%d rows are second connectors for their product and name", n)
}

// Checking the rows side by side. A row whose next question is another one than its check or its
// saving is not tried: no one is asked in the middle of a file.

// ending is how it ended.
type ending struct {
	stopped bool // interrupted before all were done
	notKept bool // something could not be saved
}

// flushLimit bounds saving what was checked before an interrupt.
const flushLimit = 10 * time.Second

// checkAndSaveRows checks and saves all rows that need it.
func (r *run) checkAndSaveRows(ctx context.Context, in *importRun) ending {
	checking, giveUp := context.WithCancel(ctx)
	defer giveUp()
	saving, endSaving := context.WithCancel(context.WithoutCancel(ctx))
	defer endSaving()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(flushLimit, endSaving) })()

	k := newSaver(r, in, giveUp)
	go k.run(saving)
	func() {
		defer k.end()
		if checks := in.begin(checking, k.enqueue); len(checks) > 0 {
			r.checkRows(checking, in, checks, k.enqueue)
		}
	}()
	if k.wrote {
		_ = r.deps.Service().SaveOutcomes(ctx) // best effort: the connectors are what counts
	}
	return ending{stopped: ctx.Err() != nil, notKept: k.notKept}
}

// begin hands on the rows that need no check, and returns those that do. The others are not tried:
// they need an answer.
func (in *importRun) begin(ctx context.Context, ready func(*importRow)) (checks []*importRow) {
	for _, s := range in.rows {
		switch {
		case ctx.Err() != nil:
		case s.idle() || s.checked: // or its token could not be read
			ready(s)
		default:
			switch q := setup.Next(s.draft, in.known); {
			case q == setup.Check || q == setup.Save && s.check:
				checks = append(checks, s)
			case q == setup.Save:
				ready(s)
			default:
				s.needs = s.needWords(q, in.known)
			}
		}
	}
	return checks
}

// needWords say what is open about a row, and what answers it. What is asked about all rows has been
// answered before.
func (s *importRow) needWords(q setup.Question, known setup.Known) string {
	if q == setup.OtherAccount {
		report, _ := s.draft.Report()
		return "confirmation of another account: the token belongs to " + cleanedText(report.Identity.Words()) + ", but the connector signed in as " +
			cleanedText(s.old.Person().Words()) + ". Enter the account's email in the column email, or confirm with --yes"
	}
	if q != setup.AskConnection {
		return cmp.Or(s.storage, "an answer that a file can't give: use saasconnect add or replace-token")
	}
	var parts []string
	for _, p := range setup.Problems(s.draft, known) {
		column := "another " + string(p.Field)
		if p.Field == setup.FieldToken {
			column = "token_env, token_command or token_file"
		}
		parts = append(parts, column+": "+connector.Inside(strings.TrimSuffix(p.Words, ".")))
	}
	return strings.Join(parts, "; ")
}

// checkRows checks rows, and hands on each as it lands.
func (r *run) checkRows(ctx context.Context, in *importRun, rows []*importRow, ready func(*importRow)) {
	drafts := make([]setup.Draft, len(rows))
	for i, s := range rows {
		drafts[i] = s.draft
	}
	finished, failing := 0, 0
	r.deps.Service().CheckMany(ctx, drafts, in.parallel, func(c setup.Checked) {
		s := rows[c.At]
		s.checked, s.done = true, checked{of: s.is, report: c.Report, before: r.before(ctx, s), gone: c.Gone}
		if c.Refused >= 0 {
			s.refused, s.did = rows[c.Refused], skipped
			s.done.report = s.refusal()
		} else {
			in.judge(s)
		}
		if finished++; s.done.report.Verdict == connector.Failing {
			failing++
		}
		r.progress(finished, len(rows), failing)
		ready(s)
	})
	r.progressDone(len(rows))
}

// judge decides what a row's report allows. What the flags and the row say is the answer to what
// its report asks: an email that the row changes is another account's.
func (in *importRun) judge(s *importRow) {
	s.draft.SetReport(s.done.report)
	s.draft.Share() // each row says itself what its connector gets
	if in.keepFailing {
		s.draft.SaveFailing()
	}
	if in.yes || s.old != nil && !strings.EqualFold(s.draft.Email(), s.old.Email) {
		s.draft.AcceptOtherAccount()
	}
	switch q := setup.Next(s.draft, in.known); {
	case q == setup.Failing || s.done.gone:
		s.did = failed
	case q != setup.Save:
		s.did, s.needs = failed, s.needWords(q, in.known)
	}
}

// Saving what was checked, while the rest is being checked. What lands within a short time is
// saved together: connectors.json is written whole, so the fewer writes the better. Only the first
// is saved at once: where nothing can be saved, the rest would be checked for nothing.

// These bound a batch: what a kill in the middle would have to check again.
const (
	mostAtOnce = 64
	batchWait  = time.Second / 2
)

// saver saves rows as they land, one batch after the other.
type saver struct {
	r      *run
	in     *importRun
	giveUp func()          // ends the checking: nothing more can be saved
	queue  chan *importRow // has room for all of them
	done   chan struct{}
	crash  *ui.PanicError

	wrote   bool // something was saved or remembered
	notKept bool
}

func newSaver(r *run, in *importRun, giveUp func()) *saver {
	return &saver{r: r, in: in, giveUp: giveUp, queue: make(chan *importRow, len(in.rows)), done: make(chan struct{})}
}

// enqueue puts a row into the queue.
func (k *saver) enqueue(s *importRow) { k.queue <- s }

// end waits until all that landed is saved.
func (k *saver) end() {
	close(k.queue)
	<-k.done
	if k.crash != nil {
		panic(k.crash) // in the goroutine that reports it
	}
}

// run saves until the end.
func (k *saver) run(ctx context.Context) {
	defer close(k.done)
	defer func() {
		if thrown := recover(); thrown != nil {
			k.crash = ui.PanicErrorOf(thrown)
			k.giveUp()
		}
	}()
	wait := time.Duration(0)
	for s := range k.queue {
		k.save(ctx, k.batch(s, wait))
		wait = batchWait
	}
}

// batch is what lands after its first row, until it is full, nothing more comes or it has waited
// long enough.
func (k *saver) batch(first *importRow, wait time.Duration) []*importRow {
	batch, timer := []*importRow{first}, time.After(wait)
	for len(batch) < mostAtOnce {
		select {
		case s, more := <-k.queue:
			if !more {
				return batch
			}
			batch = append(batch, s)
		case <-timer:
			return batch
		}
	}
	return batch
}

// save saves what may be saved of a batch.
func (k *saver) save(ctx context.Context, batch []*importRow) {
	var saved []*importRow
	var drafts []setup.Draft
	for _, s := range batch {
		switch {
		case s.did != "": // failed, or not tried
		case s.idle():
			k.finish(ctx, s)
		default:
			saved, drafts = append(saved, s), append(drafts, s.draft)
		}
	}
	if len(drafts) > 0 {
		k.wrote = true
		for i, result := range k.r.deps.Service().SaveMany(ctx, drafts, k.in.by.Role) {
			s := saved[i]
			if s.draft.Task() == setup.Replace && s.old.KeptIn != connector.StorageReference { // else it was known before
				s.facts = append(s.facts, "token")
			}
			if result.Err != nil {
				k.drop(s, result.Err)
				continue
			}
			s.is = result.Connector
			k.finish(ctx, s)
		}
	}
	for _, s := range batch {
		if k.in.jsonl {
			_ = writeJSONLine(k.r.stdout, s.asJSON(k.r.deps.Now()))
		}
	}
}

// finish says what came of a row whose connector is as the row has it now.
func (k *saver) finish(ctx context.Context, s *importRow) {
	s.did = s.planned()
	switch {
	case !s.checked && s.old != nil:
		if reports := k.r.deps.Store.Reports(ctx, s.old.ID); len(reports) > 0 {
			s.done = checked{report: reports[0], before: reports[1:]}
		}
	case s.did == unchanged && !s.done.report.Good():
		s.did = failed
	}
	s.done.of = s.is
}

// drop notes that something could not be saved. Where that is about more than the one, the
// checking ends: the rest would be checked for nothing.
func (k *saver) drop(s *importRow, err error) {
	s.did, k.notKept = failed, true
	s.notKept = connector.Inside(connector.Explain(err).Title)
	var file *connector.StoreError
	var storage *connector.StorageError
	switch {
	case errors.As(err, &file) && (file.Why == connector.StoreNameTaken || file.Why == connector.StoreChanged || file.Why == connector.StoreNotFound):
	case errors.As(err, &storage) && storage.Why == connector.StorageWhyTooBig:
	default:
		k.giveUp()
	}
}
