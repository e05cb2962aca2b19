package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// The exit codes, and the one place where an error becomes one.

const (
	exitOK          = 0
	exitFailing     = 1   // at least one verdict is failing
	exitUsage       = 2   // the command line or an input is wrong
	exitUnknown     = 3   // none failing, at least one unknown
	exitStorage     = 4   // connectors.json can't be read, or something could not be stored
	exitRole        = 5   // this role may not do that
	exitWouldAsk    = 6   // it would have had to ask
	exitCrash       = 70  // internal error: EX_SOFTWARE of sysexits.h
	exitInterrupted = 130 // 128 + SIGINT, as shells report it
)

// failure is an error on its way out: what to say, what to do, and the exit code.
type failure struct {
	exit         int
	code         string // usage, input, storage, role, would-ask, interrupted
	message      string // lower case, no full stop
	hint         string // what to do, "" for nothing
	problems     []problem
	fileProblems []fileProblem // problems of a file, instead of those
	letter       string        // a text that is ready to be sent, "" for none
	inForce      []string      // replace-token: the connectors with the new token; nil where it had not begun
	err          error
}

// problem is a complaint about one field.
type problem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return f.message }

func (f *failure) Unwrap() error { return f.err }

// usage is a command line that can't be understood.
func usage(hint, format string, args ...any) *failure {
	return &failure{exit: exitUsage, code: "usage", message: fmt.Sprintf(format, args...), hint: hint}
}

// errDeclined is inside the failure of a command whose question was answered with no.
var errDeclined = errors.New("declined")

// declined is a question that was answered with no.
func declined(hint, message string) *failure {
	return &failure{exit: exitUsage, code: "usage", message: message, hint: hint, err: errDeclined}
}

// input are values that can't be right, all of them at once.
func input(problems []problem) *failure {
	f := &failure{exit: exitUsage, code: "input", problems: problems}
	switch len(problems) {
	case 1:
		f.message = problems[0].Field + ": " + problems[0].Message
	default:
		f.message = fmt.Sprintf("%d invalid inputs", len(problems))
	}
	return f
}

// wouldAsk is a question that can't be asked.
func wouldAsk(hint, format string, args ...any) *failure {
	return &failure{exit: exitWouldAsk, code: "would-ask", message: fmt.Sprintf(format, args...), hint: hint}
}

// interrupted is Ctrl+C, or a signal to the same end.
func interrupted() *failure {
	return &failure{exit: exitInterrupted, code: "interrupted", message: "interrupted", err: context.Canceled}
}

// storageFailure words an error of the store. An ended context is an interrupt, whatever
// the store made of it; whether something was saved then may be unknown.
func storageFailure(ctx context.Context, err error) *failure {
	stopped, t := ctx.Err() != nil || errors.Is(err, context.Canceled), connector.Explain(err)
	f := &failure{exit: exitStorage, code: "storage", message: connector.Inside(t.Title) + ": " + connector.Inside(strings.TrimSuffix(t.Why, ".")), hint: connector.Inside(t.Remedy), err: err}
	switch {
	case stopped && errors.Is(err, connector.ErrUnanswered):
		f.exit, f.code, f.message = exitInterrupted, "interrupted", "interrupted: "+f.message
		return f
	case stopped:
		return interrupted()
	}
	var file *connector.StoreError
	if errors.As(err, &file) && file.Why == connector.StoreNotFound {
		return usage("to see the names: saasconnect list", "the connector no longer exists")
	}
	if errors.As(err, &file) && file.Why == connector.StoreNameTaken {
		return input([]problem{{"name", setup.NameTaken}})
	}
	return f
}

// asFailure makes any error one: cobra's own are all about the command line.
func asFailure(ctx context.Context, err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		return interrupted()
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return usage("", "%s", first)
}

// exitFor is the exit code of several results: the worst by what it asks of the reader.
func exitFor(verdicts []connector.Verdict, strict, notKept, stopped bool) int {
	failing, unknown := false, false
	for _, v := range verdicts {
		switch v {
		case connector.Working:
		case connector.Attention:
			failing = failing || strict
		case connector.Failing:
			failing = true
		case connector.Unknown, connector.Skipped, connector.Waiting:
			unknown = true
		}
	}
	switch {
	case stopped:
		return exitInterrupted
	case notKept:
		return exitStorage
	case failing:
		return exitFailing
	case unknown:
		return exitUnknown
	}
	return exitOK
}

// exitCode carries an exit code whose reason is already on stdout.
type exitCode int

func (f exitCode) Error() string { return fmt.Sprintf("exit %d", int(f)) }

// exitWith is nil for 0 and finished otherwise.
func exitWith(exit int) error {
	if exit == exitOK {
		return nil
	}
	return exitCode(exit)
}
