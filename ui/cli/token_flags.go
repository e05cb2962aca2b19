package cli

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/pflag"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

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
