package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/ui/cli/roster"
)

// Bringing many connectors in from a file. All of the file is looked at before anything is
// asked, read or sent; then the role, the safe and the tokens, each once; then the rows are
// proven side by side and kept as they land. Run again it goes on with what is missing: what
// is saved as the file has it, and was good, is left alone.

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
		Short: "Prove and save many connectors from a file",
		Long: "Read connectors from a CSV or JSON file (- reads standard input), prove them side by\n" +
			"side and save those that work. Nothing is sent before the whole file is right.\n\n" +
			"The columns: product, site and email; name, account and expires where they are\n" +
			"known; and where the token is: token_env, token_command or token_file. Where none\n" +
			"of the three says, a token is asked for once for each Atlassian account. A file\n" +
			"never holds a token itself. A token_command is run as you, without a shell: import\n" +
			"only files that you trust, and look at them with --dry-run first.\n\n" +
			"Run it again at any time: what is saved already and was good is left alone, what\n" +
			"changed in the file is proven and changed, and what failed is tried again. An empty\n" +
			"cell says nothing; expires takes a day (2027-11-23, 31.03.2027) or none. Other\n" +
			"columns of a CSV file are ignored, and named once.\n\n" +
			"Exit codes: 0 all good, 1 at least one failing, 2 the file is not right, 3 none\n" +
			"failing but at least one could not be found out, 4 something could not be kept,\n" +
			"130 interrupted.",
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
	flags.StringVar(&f.format, "format", "", "the file's `FORMAT`, csv or json (default: by its name, else by how it begins)")
	f.token.register(flags)
	flags.StringVar(&f.role, "role", "", "your SaaSAssure `ROLE`: global-admin or account-admin")
	flags.StringVar(&f.keepIn, "keep-in", "", "the `PLACE` to keep the tokens in: keyring, file or reference")
	flags.BoolVar(&f.keepFailing, "keep-failing", false, "save also those that do not work yet, where the cure lies elsewhere")
	flags.BoolVar(&f.recheck, "recheck", false, "prove also what is saved already and was good")
	flags.BoolVar(&f.dryRun, "dry-run", false, "look at the file and say what would be done; nothing is sent or saved")
	flags.IntVar(&f.parallel, "parallel", defaultParallel, "how many to check at a time, 1 to 64")
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask whether second connectors for the same product and account are meant")
	flags.BoolVar(&f.json, "json", false, "print the results as one JSON object")
	flags.BoolVar(&f.jsonl, "jsonl", false, "print each result as a line of JSON as it lands")
	_ = c.RegisterFlagCompletionFunc("role", fixed("global-admin", "account-admin"))
	_ = c.RegisterFlagCompletionFunc("keep-in", fixed("keyring", "file", "reference"))
	_ = c.RegisterFlagCompletionFunc("format", fixed("csv", "json"))
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

// intake is one run of import.
type intake struct {
	importFlags
	file  string
	keep  connector.SafeKind // "" where nothing says
	by    connector.Stamp    // who does it
	steps []*step            // one for each row, in the file's order
	wells map[string]*well   // where tokens come from, each once
}

func (r *run) importFile(ctx context.Context, file string, f importFlags) error {
	in := &intake{importFlags: f, file: file, wells: map[string]*well{}}
	switch {
	case f.parallel < 1 || f.parallel > 64:
		return usage("", "--parallel must be from 1 to 64")
	case f.json && f.jsonl:
		return usage("", "choose one of --json and --jsonl")
	case file == "-" && f.token.stdin:
		return usage("", "standard input is the file already: choose another source than --token-stdin")
	}
	entries, err := r.readIntake(ctx, in)
	if err != nil {
		return err
	}
	if in.dryRun {
		return r.tellPlan(in)
	}
	if in.busy() {
		if err := r.prepare(ctx, in, entries); err != nil {
			return err
		}
	}
	end := r.bringIn(ctx, in)
	return r.tellIntake(in, end)
}

// readIntake reads the file and lays out the steps. All that is wrong comes at once.
func (r *run) readIntake(ctx context.Context, in *intake) ([]connector.Entry, error) {
	format := roster.Format(strings.ToLower(strings.TrimSpace(in.format)))
	if format != "" && format != roster.CSV && format != roster.JSON {
		return nil, input([]problem{{"format", quoted(in.format) + " is none: csv or json"}})
	}
	data, err := r.readNamed(ctx, in.file)
	if err != nil {
		return nil, err
	}
	if format == "" {
		format = roster.FormatOf(in.file, data)
	}
	w, entries, err := r.entries(ctx)
	if err != nil {
		return nil, err
	}
	rows, problems := roster.Read(data, roster.Options{Format: format, Now: w.Now(), Known: knownIn(entries),
		Note: func(words string) { r.warn(cleaned(in.file) + " " + words) }})
	keep, wrong := r.keepIn(in.keepIn, tokenFlags{env: "any"}) // whether there is a source is asked row by row
	in.keep = keep
	if len(problems) == 0 {
		p := newPlanner(entries, in.recheck)
		in.steps = p.plan(rows)
		problems = p.problems
		more, complaints := r.layPipes(in)
		wrong, problems = append(wrong, more...), append(problems, complaints...)
	}
	if len(problems)+len(wrong) > 0 {
		return nil, notRight(in.file, problems, wrong)
	}
	return entries, nil
}

// readNamed reads the file, or standard input for "-".
func (r *run) readNamed(ctx context.Context, file string) ([]byte, error) {
	if file == "-" {
		if r.stdio.InIsTerminal {
			return nil, usage("pipe the file in, or name it", "standard input is a terminal")
		}
		return r.readPiped(ctx)
	}
	data, err := r.outside.ReadFile(ctx, file, roster.MaxBytes)
	switch {
	case err == nil:
		return data, nil
	case ctx.Err() != nil:
		return nil, interrupted()
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("- reads standard input", "there is no file %s", quoted(file))
	case errors.Is(err, fs.ErrPermission):
		return nil, usage("", "the file %s may not be read", quoted(file))
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

// prepare is all that is asked, in the order of add: the role, second connectors, the safe;
// then the tokens, if somebody is there to be asked for them.
func (r *run) prepare(ctx context.Context, in *intake, entries []connector.Entry) error {
	if err := r.canPaste(in); err != nil {
		return err
	}
	product := in.steps[0].meant.Product
	role, err := r.roleFor(ctx, in.role, "import connectors", product, "import connectors from a file")
	if err != nil {
		return err
	}
	if err := r.askTwins(ctx, in, entries); err != nil {
		return err
	}
	kept := in.keep
	if in.adds() && kept != connector.SafeReference {
		if kept, err = r.decideSafe(ctx, kept); err != nil {
			return err
		}
	}
	if err := r.unlockFor(ctx, in.saved()); err != nil {
		return err
	}
	if err := r.pasteTokens(ctx, in); err != nil {
		return err
	}
	in.by = connector.Stamp{By: r.world.User(), Role: role, At: r.world.Now()}
	for _, s := range in.steps {
		s.stamp(in.by, kept)
	}
	return nil
}
