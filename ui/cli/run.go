// Package cli is the same program without screens: cobra commands, line prompts, JSON.
//
// Its rules:
//
//   - stdout carries the answer, stderr everything else. With --json the answer is one
//     object, errors included.
//   - Scripts rely on the exit codes (exit.go) and on the JSON (check_result.go): fields may be
//     added, never renamed.
//   - A question is only asked of a terminal, and never with --no-input; where it would
//     have to be asked and can't be, the program says which flag answers it (exit 6).
//   - A token comes in by stdin, environment, command or file and never by an argument,
//     and nothing here can print one.
//   - An error is one line, "saasconnect: …", and a hint line that says what to do.
//
// It touches no file, process or socket itself: what it needs from outside is handed in
// by main as a [Stdio] and an [Outside].
package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Run does what the arguments (without the program's name) say, and returns the exit
// code. It reads no clock, file, variable or socket but through what is handed in. A
// canceled context ends it with 130.
func Run(ctx context.Context, args []string, stdio Stdio, outside System) int {
	r := newRun(stdio, outside)
	defer r.close()
	return r.written(r.guarded(func() int { return r.run(ctx, args) }))
}

// written is the exit code, or exitStorage where stdout did not take the answer. A reader that
// has seen enough, as head, is no error.
func (r *run) written(exit int) int {
	err := r.stdout.err
	if err == nil || errors.Is(err, syscall.EPIPE) || exit != exitOK && exit != exitFailing && exit != exitUnknown {
		return exit
	}
	r.warn("could not write to stdout")
	return exitStorage
}

// stdoutWriter is stdout, and the first error of writing there.
type stdoutWriter struct {
	to  io.Writer
	err error
}

// Write goes on writing after an error: a disk may have space again.
func (a *stdoutWriter) Write(p []byte) (int, error) {
	n, err := a.to.Write(p)
	if a.err == nil {
		a.err = err
	}
	return n, err
}

// guarded turns a panic into an internal error that shows no value.
func (r *run) guarded(do func() int) (exit int) {
	defer func() {
		if thrown := recover(); thrown != nil {
			exit = r.crashed(ui.PanicErrorOf(thrown))
		}
	}()
	return do()
}

// crashed prints a panic with what a developer needs and nothing else.
func (r *run) crashed(c *ui.PanicError) int {
	r.err.marked(2, "saasconnect: ", "internal error. What was saved before is unchanged.")
	r.err.marked(2, "hint: ", "please report it with the lines below; they contain no token and nothing you typed")
	if c.What != "" {
		r.err.line(c.What)
	}
	r.err.line(r.versionLine())
	r.err.line(c.Stack)
	return exitCrash
}

// run is Run, inside its guard.
func (r *run) run(ctx context.Context, args []string) int {
	if holdsToken(args) {
		return r.fail(leaked(), formOf(args))
	}
	r.completing = len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
	root := r.root()
	root.SetArgs(args)
	root.SetIn(r.stdio.In)
	root.SetOut(r.stdout)
	root.SetErr(r.stdio.Err)
	err := root.ExecuteContext(ctx)
	r.notices()
	var done exitCode
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &done):
		return int(done)
	}
	return r.fail(asFailure(ctx, err), formOf(args))
}

// run is one run of the program: its ends, its global flags and the dependencies it opened.
type run struct {
	stdio  Stdio
	system System
	flags  globals
	stdout *stdoutWriter
	out    *printer
	err    *printer

	deps          *ui.Deps
	authorities   atlassian.Authorities // of --ca-file
	prompt        *prompter
	tty           Terminal              // to be closed
	unlocked      bool                  // the encrypted file was unlocked
	chosenStorage connector.StorageKind // the storage that was chosen when asked; "" where it was not
	completing    bool                  // a shell waits, and nothing may be said
	unanswered    bool                  // it was interrupted, and a change is not answered
	inLineMode    bool                  // a command as line mode does it, which says things its way
}

// globals are the flags that every command has.
type globals struct {
	noInput, plain bool
	version        bool // the root's own: --version
	caFile, home   string
	timeout        time.Duration
}

func newRun(stdio Stdio, outside System) *run {
	r := &run{stdio: stdio, system: outside, stdout: &stdoutWriter{to: stdio.Out}}
	ascii := wantsASCII(stdio.getenv)
	r.out = newPrinter(r.stdout, r.useColor(stdio.OutIsTerminal), ascii, stdio.Width)
	r.err = newPrinter(stdio.Err, r.useColor(stdio.ErrIsTerminal), ascii, stdio.Width)
	if !stdio.ErrIsTerminal {
		r.err.width = unwrapped // one message, one line: that is what a log is searched by
	}
	return r
}

func (r *run) useColor(terminal bool) bool {
	return terminal && !r.stdio.NoEscapes && r.stdio.getenv("NO_COLOR") == "" && r.stdio.getenv("TERM") != "dumb"
}

func (r *run) close() {
	if r.deps != nil && r.deps.Close != nil {
		r.deps.Close()
	}
	if r.tty != nil {
		_ = r.tty.Close() // nothing was written that could be lost
	}
}

// notices prints what the store had to recover.
func (r *run) notices() {
	if r.deps == nil || r.completing {
		return
	}
	for _, words := range r.deps.Store.Notices() {
		r.warn(words)
	}
}

// fail says what went wrong, for people or for scripts, and returns the exit code.
func (r *run) fail(f *failure, in form) int {
	if in != forPeople {
		type body struct {
			Code     string `json:"code"`
			Message  string `json:"message"`
			Hint     string `json:"hint,omitempty"`
			Problems any    `json:"problems"`
			Letter   string `json:"letter,omitempty"`
		}
		var problems any = notNull(f.problems)
		if len(f.fileProblems) > 0 {
			problems = f.lineProblems()
		}
		write := writeJSON
		if in == forLines {
			write = writeJSONLine
		}
		_ = write(r.stdout, struct { // stdout is gone: the exit code still says it
			Version int      `json:"version"`
			Error   body     `json:"error"`
			InForce []string `json:"in_force,omitzero"`
		}{1, body{f.code, f.message, f.hint, problems, f.letter}, f.inForce})
		return f.exit
	}
	r.err.marked(2, r.lead("Problem: "), r.sentence(f.message))
	if len(f.problems) > 1 && len(f.fileProblems) == 0 {
		for _, p := range f.problems {
			r.err.marked(4, "  "+p.Field+": ", p.Message)
		}
	}
	for _, p := range f.fileProblems {
		r.err.marked(4, "  "+p.where+": ", p.Message)
	}
	if f.hint != "" {
		r.showHint(f.hint)
	}
	if f.letter != "" {
		r.err.blank()
		r.err.line("A message to an admin, ready to send:")
		for line := range strings.Lines(f.letter) {
			r.err.paragraph(2, strings.TrimSuffix(line, "\n"))
		}
	}
	return f.exit
}

// form is for whom the answer is written.
type form int

const (
	forPeople  form = iota
	forScripts      // --json
	forLines        // --jsonl
)

// formOf looks for --json among the arguments themselves, since the error may be that
// they could not be understood.
func formOf(args []string) form {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	switch {
	case slices.Contains(args, "--jsonl") || slices.Contains(args, "--jsonl=true"):
		return forLines
	case slices.Contains(args, "--json") || slices.Contains(args, "--json=true"):
		return forScripts
	}
	return forPeople
}

// isPlain: no screen control, line by line.
func (r *run) isPlain() bool {
	return r.flags.plain || r.stdio.getenv("SAASCONNECT_PLAIN") != "" || r.stdio.getenv("ACCESSIBLE") != ""
}

// hasScreen reports whether the wizard can be shown here: no Charm version looks at
// TERM=dumb itself.
func (r *run) hasScreen() bool {
	return r.stdio.InIsTerminal && r.stdio.OutIsTerminal && !r.stdio.NoEscapes && !r.isPlain() && r.stdio.getenv("TERM") != "dumb"
}

// hasWizard reports whether the wizard can be shown here, or talked to line by line.
func (r *run) hasWizard() bool { return r.hasScreen() || r.hasLines() }

// options are what the dependencies are opened with.
func (r *run) options() Options {
	home := r.flags.home
	if home == "" {
		home = r.stdio.getenv("SAASCONNECT_HOME")
	}
	return Options{
		Home: home, Timeout: r.flags.timeout,
		KeyFile: r.stdio.getenv("SAASCONNECT_KEY_FILE"), Interactive: r.stdio.ErrIsTerminal && !r.flags.noInput,
	}
}

// open opens the dependencies, once a run.
func (r *run) open(ctx context.Context) (*ui.Deps, error) {
	if r.deps != nil {
		return r.deps, nil
	}
	return r.openWith(ctx, r.options())
}

func (r *run) openWith(ctx context.Context, o Options) (*ui.Deps, error) {
	if !o.Practice {
		if err := r.readAuthorities(ctx); err != nil {
			return nil, err
		}
		o.Roots = r.authorities.Pool()
	}
	w, err := r.system.Open(o)
	var storage *connector.StorageError
	var file *connector.StoreError
	switch {
	case errors.As(err, &storage) || errors.As(err, &file):
		return nil, storageFailure(ctx, err)
	case err != nil:
		return nil, usage("", "%v", err)
	}
	r.deps = &w
	return r.deps, nil
}

// maxAuthorities is, in bytes, far more than the authorities of a whole system.
const maxAuthorities = 16 << 20

// readAuthorities reads the file of --ca-file into r.authorities. It is an error where that holds no
// certificate at all; what else is wrong with it is doctor's to say.
func (r *run) readAuthorities(ctx context.Context) error {
	file := r.flags.caFile
	if file == "" {
		return nil
	}
	data, err := r.system.ReadFile(ctx, file, maxAuthorities)
	if err != nil {
		return usage("", "--ca-file: %s can't be read", quoted(file))
	}
	r.authorities = atlassian.ReadAuthorities(data)
	if problem, remedy := connector.AuthoritiesProblem(file, r.authorities); len(r.authorities.Certificates) == 0 {
		return usage("", "--ca-file: %s. %s", problem, remedy)
	}
	return nil
}

// prompter asks questions; nil where none can be asked: with --no-input, or where stderr is
// no terminal. Where a token is piped into stdin it asks on the terminal itself.
func (r *run) prompter() *prompter {
	switch {
	case r.flags.noInput || !r.stdio.ErrIsTerminal:
		return nil
	case r.prompt != nil:
		return r.prompt
	}
	if t, ok := r.stdio.In.(Terminal); ok && r.stdio.InIsTerminal {
		r.prompt = &prompter{from: t, to: r.stdio.Err, width: r.stdio.Width}
		return r.prompt
	}
	if r.stdio.OpenTerminal == nil {
		return nil
	}
	t, err := r.stdio.OpenTerminal()
	if err != nil {
		return nil
	}
	r.tty = t
	r.prompt = &prompter{from: t, to: r.stdio.Err, width: r.stdio.Width}
	return r.prompt
}

// note is a line on stderr for a person who is waiting; nothing where stderr is no
// terminal.
func (r *run) note(text string) {
	switch {
	case r.inLineMode && !strings.HasSuffix(text, "…"):
		r.err.marked(0, "", r.sentence(text))
	case r.inLineMode:
		r.err.marked(0, "", connector.Capitalize(text))
	case r.stdio.ErrIsTerminal:
		r.err.marked(0, "", text)
	}
}

// warn is a line on stderr, whether or not it is a terminal.
func (r *run) warn(text string) { r.err.marked(2, r.lead("Note: "), r.sentence(text)) }

// showHint says what to do about what was said last.
func (r *run) showHint(text string) {
	if r.inLineMode {
		r.err.marked(2, "What to do: ", r.sentence(text))
		return
	}
	r.err.marked(2, "hint: ", text)
}

// lead is what a message begins with: the program's name, as the system's log wants it, or in line mode
// the word that says what it is.
func (r *run) lead(inLines string) string {
	if r.inLineMode {
		return inLines
	}
	return "saasconnect: "
}

// sentence is a message as it stands, or in line mode as a whole sentence.
func (r *run) sentence(text string) string {
	if r.inLineMode {
		return strings.TrimSuffix(connector.Capitalize(text), ".") + "."
	}
	return text
}

// printJSON writes the JSON that was asked for. See written for what stdout does not take.
func (r *run) printJSON(v any) { _ = writeJSON(r.stdout, v) }

// noPrompt says why no question can be asked.
func (r *run) noPrompt() string {
	if r.flags.noInput {
		return "required with --no-input"
	}
	return "there is no terminal to ask on"
}

// promptFailure turns an answer that did not come into a failure.
func promptFailure(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		return interrupted()
	}
	f := wouldAsk("", "could not read from the terminal")
	switch {
	case errors.Is(err, errTooManyTries):
		f.message = "no valid answer after " + strconv.Itoa(tries) + " tries"
	case errors.Is(err, errNoMoreInput):
		f.message = "input ended before an answer"
	}
	f.err = err
	return f
}

// What main hands in. Tests hand in their own.

// Stdio are the program's ends.
type Stdio struct {
	In       io.Reader
	Out, Err io.Writer

	InIsTerminal, OutIsTerminal, ErrIsTerminal bool

	// NoEscapes: the terminal does not take escape sequences, as old consoles of Windows.
	NoEscapes bool

	// Width is the terminal's width in columns; 0 where there is no terminal.
	Width int
	// Env is the environment, as os.Environ has it.
	Env []string
	// FoldEnv: the names of variables are the same in capitals and in small letters, as on
	// Windows.
	FoldEnv bool
	// OpenTerminal opens the terminal the person sits at although stdin is something else
	// (a pipe with the token). nil, or an error, where there is none.
	OpenTerminal func() (Terminal, error)
	// Quiet switches a terminal's echo off until restore is called; nil where that can't be done.
	Quiet func(fd int) (restore func())
}

// Terminal is where a person's answers come from: questions go to stderr. *os.File is one.
type Terminal interface {
	io.ReadCloser
	Fd() uintptr
}

// getenv is an environment variable's value, "" where it is not set. The last one counts.
func (s Stdio) getenv(name string) string {
	value := ""
	for _, pair := range s.Env {
		if k, v, ok := strings.Cut(pair, "="); ok && (k == name || s.FoldEnv && strings.EqualFold(k, name)) {
			value = v
		}
	}
	return value
}

// Options say which dependencies to open. A zero field means the default.
type Options struct {
	Home    string        // all files below this folder
	Timeout time.Duration // of one check
	KeyFile string        // unlocks the encrypted file unattended
	// Roots are the authorities to trust; nil means those of the system.
	Roots *x509.CertPool
	// Interactive: a person is there, so that a desktop may ask for the keyring's
	// password and be waited for.
	Interactive bool
	// Unsaved: nothing that is saved is read or written, so the folders need not be known.
	Unsaved bool
	// Practice opens those of the demo site instead, in this situation ("" is where all is well).
	Practice  bool
	Situation string
	// Quick leaves out the demo site's delays.
	Quick bool
}

// System is what the command line needs and does not have itself.
type System struct {
	// Open opens the dependencies. It does no I/O.
	Open func(Options) (ui.Deps, error)
	// Wizard shows the wizard and returns what is worth saying once the screen is gone.
	Wizard func(ctx context.Context, w ui.Deps, start ui.Start, in io.Reader, out io.Writer, env []string) (string, error)
	// Fetch reads what a reference points at: at most 64 KiB, within 10 s, and ended with
	// its context. An environment variable that is not set, a command that fails and a
	// file that can't be read are errors, which never hold what was read.
	Fetch func(ctx context.Context, r connector.Reference) ([]byte, error)
	// ReadFile reads a file that a person named, which may be a pipe: an error where it has
	// more bytes than that.
	ReadFile func(ctx context.Context, path string, most int64) ([]byte, error)
	// WriteFile writes one in one step, readable for its owner alone.
	WriteFile func(path string, data []byte) error
	// Exists reports whether anything stands at a path. It opens nothing.
	Exists func(path string) bool
	// Exec runs a command on this program's own streams with this environment: in this
	// process's place where the system can do that, and it does not return; else it waits for
	// the command and returns its exit code. The error says that it could not be started.
	Exec  func(argv, env []string) (int, error)
	Build Build
}
