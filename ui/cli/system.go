package cli

import (
	"context"
	"io"
	"strings"
	"time"

	"saasconnect/connector"
	"saasconnect/ui"
)

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

// Options say which world to open. A zero field means the default.
type Options struct {
	Home    string        // all files below this folder
	CAFile  string        // more authorities to trust, PEM or DER
	Timeout time.Duration // of one check
	KeyFile string        // unlocks the encrypted file unattended
	// Interactive: a person is there, so that a desktop may ask for the keyring's
	// password and be waited for.
	Interactive bool
	// Unsaved: nothing that is saved is read or written, so the folders need not be known.
	Unsaved bool
	// Practice opens the pretend world instead, in this situation ("" is where all is well).
	Practice  bool
	Situation string
	// Quick leaves out the pretend world's pretended delays.
	Quick bool
}

// System is what the command line needs and does not have itself.
type System struct {
	// Open opens a world. It does no I/O beyond reading Options.CAFile.
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
	Exec func(argv, env []string) (int, error)
	// Situations are the states of the pretend world, the one where all is well first.
	Situations func() []Situation
	Build      Build
}

// Situation is one state of the pretend world.
type Situation struct {
	Name    string
	Title   string // what is pretended, one sentence
	Product connector.Product
	Code    connector.Code // what a check of it ends in
	// Saw is what the last good check of the saved connector saw, 0 for none.
	Saw int
	// StorageFault is "", "missing" or "locked": what the safe of the saved connector does.
	StorageFault string
	// Saved: it is about many saved connectors, each in a situation of its own.
	Saved bool
}
