package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

// Commands that change several connectors: by names, globs or --all. A name that is not there ends
// the command before anything is done; what could not be done for one keeps no other from being
// done. A command line with a single name says and prints what it did before there were several.

// namesOrAll takes names and globs, or none with --all.
func namesOrAll(all *bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case *all && len(args) > 0:
			return usage("", "choose one of --all and names")
		case !*all && len(args) == 0:
			return usage("the names are in saasconnect list", "%s takes the names of connectors, or --all", cmd.CommandPath())
		}
		return nil
	}
}

// isOne reports whether the arguments are one name.
func isOne(args []string) bool { return len(args) == 1 && !isGlob(args[0]) }

// several are the connectors of names and globs, or all of them where there are none, with their
// past, and all that are saved.
func (r *run) several(ctx context.Context, args []string) (meant, all []connector.Entry, err error) {
	w, all, err := r.entries(ctx)
	if err != nil {
		return nil, nil, err
	}
	meant = slices.Clone(all)
	if len(args) > 0 {
		if meant, err = pick(all, args); err != nil {
			return nil, nil, err
		}
	}
	if len(meant) == 0 {
		r.warn("there are no connectors: is this the right --home?")
	}
	for i := range meant {
		meant[i].Reports = w.Store.Reports(ctx, meant[i].ID)
	}
	return meant, all, nil
}

// theConnectors names those that something is to be done with, inside a sentence: "the connector a",
// "the connectors a and b".
func theConnectors(entries []connector.Entry) string {
	if len(entries) == 1 {
		return "the connector " + entries[0].Name
	}
	return "the connectors " + connector.And(names(entries))
}

// mostNames is how many connectors are named before the rest is counted.
const mostNames = 12

// connectorsOf are the connectors of entries, in their order.
func connectorsOf(entries []connector.Entry) []connector.Connector {
	all := make([]connector.Connector, len(entries))
	for i, e := range entries {
		all[i] = e.Connector
	}
	return all
}

// severalJSON is what such a command prints; T is about one of the connectors.
type severalJSON[T any] struct {
	Version     int  `json:"version"`
	Results     []T  `json:"results"`
	Interrupted bool `json:"interrupted,omitempty"` // there would have been more
}

// changeJSON is what came of changing one of several.
type changeJSON struct {
	Name      string         `json:"name"`
	Changed   bool           `json:"changed"`   // false: it was so before, or there is an error
	Connector *connectorJSON `json:"connector"` // as it is now; null where there is an error
	Error     *errorJSON     `json:"error"`     // null for none
}

type errorJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// failed says what kept one of several from being done, for people or as JSON, and returns the
// exit code.
func (r *run) failed(ctx context.Context, name string, err error, asJSON bool) (*errorJSON, int) {
	f := asFailure(ctx, err)
	if !asJSON {
		r.warn(name + ": " + f.message)
		if f.hint != "" && f.hint != r.hinted {
			r.tellHint(f.hint)
		}
		r.hinted = f.hint
	}
	return &errorJSON{f.code, f.message, f.hint}, f.exit
}

// worst is the exit code of several, as 'saasconnect help exit-codes' orders them.
func worst(exits []int) int {
	for _, exit := range []int{exitInterrupted, exitStorage, exitWouldAsk, exitRole, exitUsage, exitFailing, exitUnknown} {
		if slices.Contains(exits, exit) {
			return exit
		}
	}
	return exitOK
}
