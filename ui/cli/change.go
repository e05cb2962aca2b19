package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Changing what is saved: how long an answer of the store is waited for, and what commands that
// change several connectors have in common.

// changeLimit is how long a change may take: a person may have to answer their desktop.
const changeLimit = 130 * time.Second

// await returns what do answers, which changes something at the store. It gives it changeLimit. Where
// that or parent ends, it waits connector.UnansweredAfter more, since only the answer tells what was
// saved; connector.ErrUnanswered where none came. A panic of do is passed on.
func await[T any](parent context.Context, r *run, do func(context.Context) (T, error)) (T, error) {
	defer r.quiet()()
	ctx, cancel := context.WithTimeout(parent, changeLimit)
	defer cancel()
	type answer struct {
		value  T
		err    error
		thrown *atlassian.PanicError
	}
	answered := make(chan answer, 1)
	go func() {
		var a answer
		defer func() { answered <- a }()
		defer atlassian.Catch(func(t *atlassian.PanicError) { a.thrown = t })
		a.value, a.err = do(ctx)
	}()
	var late <-chan time.Time
	ended := ctx.Done()
	for {
		select {
		case a := <-answered:
			if a.thrown != nil {
				panic(a.thrown)
			}
			return a.value, a.err
		case <-ended:
			ended, late = nil, time.After(connector.UnansweredAfter)
		case <-late:
			r.unanswered = r.unanswered || parent.Err() != nil
			var none T
			return none, connector.ErrUnanswered
		}
	}
}

// awaitDone is await for a change that answers with no more than its error.
func (r *run) awaitDone(ctx context.Context, do func(context.Context) error) error {
	_, err := await(ctx, r, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
	return err
}

// quiet switches the echo off in line mode while nothing is asked, until restore is called: what is
// typed ahead may be the token, whose question is still to come.
func (r *run) quiet() (restore func()) {
	if off := r.stdio.Quiet; off != nil && r.prompt != nil && r.prompt.lines {
		return off(int(r.prompt.from.Fd()))
	}
	return func() {}
}

// Commands that change several connectors: by names, globs or --all. A name that is not there ends
// the command before anything is done; a failure for one does not stop the others. With a single
// name the output is the one from before there were several.

// namesOrAll takes names and globs, or none with --all.
func namesOrAll(all *bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case *all && len(args) > 0:
			return usage("", "choose one of --all and names")
		case !*all && len(args) == 0:
			return usage("to see the names: saasconnect list", "%s needs connector names or --all", cmd.CommandPath())
		}
		return nil
	}
}

// isOne reports whether the arguments are one name.
func isOne(args []string) bool { return len(args) == 1 && !isGlob(args[0]) }

// findSeveral returns the connectors of names and globs, or all of them where there are none, with their
// past, and all that are saved.
func (r *run) findSeveral(ctx context.Context, args []string) (meant, all []connector.Entry, err error) {
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
		r.warn("no connectors: is --home correct?")
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

// outcomes collects what came of changing several; T is what JSON says of one.
type outcomes[T any] struct {
	results     []T
	exits       []int
	failures    []*failure          // each message once
	failed      map[string][]string // the names of those that failed, by message
	interrupted bool                // there would have been more
}

// fail takes down why a connector could not be changed, and returns it for JSON.
func (o *outcomes[T]) fail(ctx context.Context, name string, err error) *errorJSON {
	f := asFailure(ctx, err)
	if o.failed == nil {
		o.failed = map[string][]string{}
	}
	if len(o.failed[f.message]) == 0 {
		o.failures = append(o.failures, f)
	}
	o.failed[f.message] = append(o.failed[f.message], name)
	o.exits = append(o.exits, f.exit)
	return &errorJSON{f.code, f.message, f.hint}
}

// print writes all as JSON, or for people which failed and why, each reason once.
func (o *outcomes[T]) print(r *run, asJSON bool) {
	if asJSON {
		r.printJSON(severalJSON[T]{1, notNull(o.results), o.interrupted})
		return
	}
	for _, f := range o.failures {
		names := o.failed[f.message]
		most := len(names)
		if r.inLineMode {
			most = mostNames
		}
		r.err.marked(2, r.lead("Problem: "), connector.AndMore(names, most)+": "+r.sentence(f.message))
		if f.hint != "" {
			r.showHint(f.hint)
		}
	}
}

// end is the command's end: nil, or the worst exit code.
func (o *outcomes[T]) end() error {
	if o.interrupted {
		o.exits = append(o.exits, exitInterrupted)
	}
	return exitWith(worstExit(o.exits))
}

// ofSeveral is how many of several were changed, "2 of 4 connectors", or "4 connectors" for all.
func ofSeveral(done, all int) string {
	words := connector.Plural(all, "connector")
	if done < all {
		words = fmt.Sprintf("%d of %s", done, words)
	}
	return words
}

// worstExit is the exit code of several, as 'saasconnect help exit-codes' orders them.
func worstExit(exits []int) int {
	for _, exit := range []int{exitInterrupted, exitStorage, exitWouldAsk, exitRole, exitUsage, exitFailing, exitUnknown} {
		if slices.Contains(exits, exit) {
			return exit
		}
	}
	return exitOK
}
