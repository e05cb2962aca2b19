package cli

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"saasconnect/connector"
	"saasconnect/ui"
)

// root is `saasconnect`: the wizard, and the home of the other commands.
func (r *run) root() *cobra.Command {
	c := &cobra.Command{
		Use:   "saasconnect",
		Short: "Connect Jira and Confluence to SaaSAssure with an API token",
		Long: "saasconnect shows you how to create an API token, checks the connection to Jira or\n" +
			"Confluence, stores the token securely, and checks the connection again any time.\n" +
			"Without a command, it opens the wizard.",
		Example: "  saasconnect\n" +
			"  saasconnect practice\n" +
			"  printf %s \"$TOKEN\" | saasconnect add jira --site acme --email mia@example.com --token-stdin --role global-admin\n" +
			"  saasconnect check --all",
		Args:              r.noCommand,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.flags.version {
				r.out.line(r.versionLine())
				return nil
			}
			return r.wizard(cmd.Context(), ui.Start{})
		},
	}
	c.SetFlagErrorFunc(flagError)
	// A flag of our own: cobra's prints by a template, and text/template calls methods by
	// name, so that the linker has to keep every exported method there is, 2.5 MB of them.
	c.Flags().BoolVarP(&r.flags.version, "version", "v", false, "version for saasconnect")
	f := c.PersistentFlags()
	f.BoolVar(&r.flags.noInput, "no-input", false, "never prompt; exit with code 6 instead")
	f.BoolVar(&r.flags.plain, "plain", false, "no screen control: line by line, for screen readers and logs")
	f.StringVar(&r.flags.caFile, "ca-file", "", "also trust the CAs in this `FILE` (PEM or DER)")
	f.DurationVar(&r.flags.timeout, "timeout", 15*time.Second, "time limit for checking one connector")
	f.StringVar(&r.flags.home, "home", "", "store all files below this `DIR` (or set SAASCONNECT_HOME)")
	c.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if name := emptyFlag(cmd); name != "" {
			return usage("is a variable in your script unset?", "--%s needs a value", name)
		}
		if t := r.flags.timeout; t <= 0 || t > 10*time.Minute {
			return usage("", "--timeout must be more than 0 and at most 10m")
		}
		return nil
	}
	c.AddCommand(r.addCommand(), r.importCommand(), r.exportCommand(), r.listCommand(), r.showCommand(), r.checkCommand(), r.replaceCommand(), r.editCommand(),
		r.removeCommand(), r.moveCommand(), r.markCommand(), r.openCommand(), r.passphraseCommand(), r.execCommand(), r.doctorCommand(),
		r.guideCommand(), r.practiceCommand(), r.versionCommand(), r.completionCommand())
	british := r.practiceCommand() // not an alias: help would list it
	british.Use, british.Hidden = "practise [SITUATION]", true
	c.AddCommand(british)
	c.AddCommand(topics()...)
	c.SetHelpCommand(r.helpCommand())
	r.completeFlags(c)
	return c
}

// emptyFlag is a flag that was given and holds nothing, which is nearly always a variable
// that was not set. An account may be empty where it is set: that takes its name away.
func emptyFlag(cmd *cobra.Command) (name string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		_, needed := f.Annotations[needsValue]
		if f.Value.Type() == "string" && f.Value.String() == "" && (needed || f.Name != "account") && name == "" {
			name = f.Name
		}
	})
	return name
}

// noCommand refuses what is no command, with the nearest one.
func (r *run) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 || r.flags.version {
		return nil
	}
	return noSuchCommand(cmd, args[0])
}

// noSuchCommand names the nearest command; an alias counts, since some type it by habit.
func noSuchCommand(cmd *cobra.Command, typed string) error {
	var known []string
	for _, c := range visible(cmd.Root()) {
		known = append(append(known, c.Name()), c.Aliases...)
	}
	hint := didYouMean(typed, "saasconnect ", "see saasconnect --help", known...)
	if other := otherWord(typed); other != "" {
		hint = other
	}
	return usage(hint, "unknown command %s", quoted(typed))
}

// visible are the commands and topics that --help lists; cobra does not count help among them.
func visible(root *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(root.Commands()), func(c *cobra.Command) bool {
		return !c.IsAvailableCommand() && !c.IsAdditionalHelpTopicCommand() && c.Name() != "help"
	})
}

// wizard opens the real dependencies and shows the wizard, where there is a screen.
func (r *run) wizard(ctx context.Context, start ui.Start) error {
	if err := r.canAsk("use a command instead: saasconnect add --help"); err != nil {
		return err
	}
	w, err := r.open(ctx)
	if err != nil {
		return err
	}
	return r.show(ctx, *w, start)
}

// canAsk is nil where the wizard can be shown, or talked to line by line.
func (r *run) canAsk(hint string) error {
	switch {
	case r.flags.noInput:
		return wouldAsk(hint, "the wizard needs input, but --no-input is set")
	case r.hasWizard():
		return nil
	case r.isPlain():
		return wouldAsk(hint, "the wizard needs a terminal on stdin")
	}
	return wouldAsk(hint, "the wizard needs a terminal on stdin and stdout")
}

// show runs the wizard, line by line where that was asked for or nothing else
// can be.
func (r *run) show(ctx context.Context, w ui.Deps, start ui.Start) error {
	start.ASCII = r.out.ascii
	if start.Role == connector.RoleUnknown {
		role, wrong := r.givenRole("")
		if len(wrong) > 0 {
			return input(wrong)
		}
		start.Role = role
	}
	var summary string
	var err error
	if r.hasScreen() {
		if w.Practice == nil && r.prompter() != nil {
			w = r.withFiles(ctx, w)
		}
		summary, err = r.system.Wizard(ctx, w, start, r.stdio.In, r.stdio.Out, r.stdio.Env)
	} else {
		summary, err = r.runLines(ctx, w, start)
	}
	if summary != "" {
		r.out.line(summary)
	}
	var crash *ui.PanicError
	switch {
	case errors.As(err, &crash):
		return exitWith(r.crashed(crash))
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		return interrupted()
	case errors.Is(err, errNoMoreInput):
		return promptFailure(ctx, err)
	case err != nil:
		f := wouldAsk("use a command instead: saasconnect add --help", "the wizard can't be shown on this terminal")
		f.err = err
		return f
	}
	return nil
}

// flagError words what pflag says about a flag: its own texts hold Go's errors, and what
// was typed as it was typed.
func flagError(cmd *cobra.Command, err error) error {
	hint := "see " + cmd.CommandPath() + " --help"
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		if typed := cmd.Flags().Args(); !cmd.HasParent() && len(typed) > 0 && unknown.GetSpecifiedName() != "token" {
			return noSuchCommand(cmd, typed[0]) // the flag is one of what is no command
		}
		name := unknown.GetSpecifiedName()
		switch {
		case name == "token":
			hint = "no flag takes the token itself: " + nameSources
		case unknown.GetSpecifiedShortnames() != "":
			return usage(hint, "unknown flag: %s", cleaned("-"+name))
		default:
			hint = didYouMean(name, "--", hint, flagNames(cmd)...)
		}
		return usage(hint, "unknown flag: %s", cleaned("--"+name))
	case errors.As(err, &invalid):
		return usage(hint, "invalid value %s for --%s", quoted(invalid.GetValue()), invalid.GetFlag().Name)
	case errors.As(err, &missing):
		return usage(hint, "--%s needs a value", missing.GetFlag().Name)
	}
	return usage(hint, "invalid flags")
}

// flagNames are the long names of all flags that a command takes.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

func (r *run) versionCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Print the version and what it was built from: the commit and its date, the Go version\nand the operating system.",
		Example: "  saasconnect version\n  saasconnect version --json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				r.printJSON(r.versionJSON())
				return nil
			}
			r.out.line(r.versionLine())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}

// versionJSON is the build for scripts; what is not known is "".
func (r *run) versionJSON() any {
	type build struct {
		Version string `json:"version"`
		Commit  string `json:"commit"`
		Date    string `json:"date"`
		Go      string `json:"go"`
		System  string `json:"system"`
	}
	return struct {
		Version int   `json:"version"`
		Build   build `json:"build"`
	}{1, build(r.system.Build)}
}

// versionLine is "saasconnect 1.2.0 (commit 1a2b3c4, 2026-11-23, go1.26.0, linux/amd64)",
// with what is known.
func (r *run) versionLine() string {
	b := r.system.Build
	var parts []string
	if b.Commit != "" {
		parts = append(parts, "commit "+b.Commit)
	}
	for _, p := range []string{b.Date, b.Go, b.System} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	line := "saasconnect " + b.Version
	if len(parts) > 0 {
		line += " (" + strings.Join(parts, ", ") + ")"
	}
	return line
}

// noArgs refuses arguments in our own words.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("see "+cmd.CommandPath()+" --help", "%s takes no arguments", cmd.CommandPath())
	}
	return nil
}

// Build says what this binary was built from.
type Build struct {
	Version, Commit, Date, Go, System string
}

// onWindows reports whether this is a build for Windows.
func (b Build) onWindows() bool { return strings.HasPrefix(b.System, "windows/") }

// ReadBuild is what the linker was told, else what the Go tool noted by itself.
func ReadBuild(version, commit, date string) Build {
	b := Build{Version: version, Commit: commit, Date: date, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if ok && b.Version == "" {
		b.Version = strings.TrimPrefix(info.Main.Version, "v")
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value[:min(len(s.Value), 12)]
			case "vcs.time":
				b.Date = s.Value
			}
		}
	}
	b.Date, _, _ = strings.Cut(b.Date, "T") // the day is enough
	if b.Version == "" || b.Version == "(devel)" {
		b.Version = "dev"
	}
	return b
}

// UserAgent is how this program calls itself to servers.
func (b Build) UserAgent() string { return "saasconnect/" + b.Version }

// What the wizard does with files: the commands import and export as they are, at its terminal, in
// the dependencies that it has open. Line mode has them, too (linemode.go).

// withFiles gives the wizard these two.
func (r *run) withFiles(ctx context.Context, w ui.Deps) ui.Deps {
	w.ImportFile = func(path string) bool {
		return r.atTerminal(ctx, func() error { return r.importAsked(ctx, r.named(path), connector.RoleUnknown) })
	}
	w.ExportFile = func(path string) bool {
		return r.atTerminal(ctx, func() error { return r.exportAsked(ctx, r.named(path)) })
	}
	return w
}

// importAsked shows what importing a file would do, and does it if that is wanted. role is the person's
// where it is known already.
func (r *run) importAsked(ctx context.Context, path string, role connector.Role) error {
	in := newImport(path, importFlags{parallel: defaultParallel, role: string(role)})
	if err := r.readImport(ctx, in); err != nil {
		return err
	}
	if err := r.showPlan(in); err != nil && !errors.As(err, new(exitCode)) {
		return err
	}
	if !slices.ContainsFunc(in.rows, func(s *importRow) bool { return !s.idle() }) {
		return nil // nothing would be done
	}
	if sure, err := r.prompter().yes(ctx, "Import them?"); err != nil || !sure {
		return err
	}
	return r.runImport(ctx, in)
}

// exportAsked writes all connectors to a file, over one that is there only if that is wanted.
func (r *run) exportAsked(ctx context.Context, path string) error {
	if r.system.Exists(path) {
		if sure, err := r.prompter().yes(ctx, cleaned(path)+" already exists. Overwrite it?"); err != nil || !sure {
			return err
		}
	}
	return r.export(ctx, exportFlags{out: path}, nil)
}

// atTerminal does something as a command, says how it ended, and waits until that was read. It is false
// where it could not be done. An interrupt ends the wizard as well, which says so itself.
func (r *run) atTerminal(ctx context.Context, do func() error) (done bool) {
	r.err.blank()
	err := do()
	if ctx.Err() != nil {
		return false
	}
	done = r.showEnd(ctx, err)
	r.notices()
	r.err.blank()
	_, _ = r.prompter().line(ctx, "Press Enter to go back.") // whatever is typed, it goes back
	return done
}

// showEnd prints why a command failed, and reports whether it ran to its end, whatever its result.
func (r *run) showEnd(ctx context.Context, err error) (done bool) {
	if err == nil || errors.As(err, new(exitCode)) {
		return true
	}
	f := *asFailure(ctx, err)
	if errors.Is(err, errDeclined) {
		r.note(f.message)
		return true
	}
	if f.hint == stdinHint { // which a name that was asked for does not mean
		f.hint = ""
	}
	r.fail(&f, forPeople)
	return false
}

// named is the file that the user named in the wizard, where no shell expands ~/.
func (r *run) named(path string) string {
	home := r.stdio.getenv("HOME")
	if rest, below := strings.CutPrefix(path, "~/"); below && home != "" {
		return filepath.Join(home, rest)
	}
	return path
}
