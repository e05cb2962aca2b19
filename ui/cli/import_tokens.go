package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui/cli/roster"
)

// Where the tokens of a file's rows come from. Each place is a well: it is read once, at the
// first row that needs it, however many rows share it. A row without a place of its own
// takes the one that a flag names, else what is pasted for its Atlassian account.

// well is where a token comes from.
type well struct {
	from  *connector.Reference // nil for what is pasted or piped in
	email string               // of the account it is pasted for
	steps []*step

	once  sync.Once
	given token
	err   error // a *connector.SafeError

	mu      sync.Mutex
	refused map[string]*step // by e-mail: who found out that Atlassian takes this token for none
}

// read reads the token, the first time it is asked.
func (w *well) read(ctx context.Context, fetch func(context.Context, connector.Reference) ([]byte, error)) (token, error) {
	w.once.Do(func() {
		if w.from == nil {
			return // pasted before
		}
		text, err := fetch(ctx, *w.from)
		var safe *connector.SafeError
		switch {
		case errors.As(err, &safe):
			w.err = &connector.SafeError{Kind: connector.SafeReference, Why: safe.Why, Err: dry{w.from, connector.FetchProblem(err)}}
			return
		case err != nil:
			w.err = err
			return
		}
		t, receipt := atlassian.ReadToken(string(text))
		if words := connector.TokenProblem(receipt); words != "" {
			w.err = &connector.SafeError{Kind: connector.SafeReference, Why: connector.SafeWhyDamaged, Err: dry{w.from, words}}
			return
		}
		w.given = token{t, receipt, w.from}
	})
	return w.given, w.err
}

// dry is a well that gave no token, in words for a person.
type dry struct {
	from *connector.Reference
	why  string
}

func (d dry) Error() string { return "no token" + d.from.Words() }

// Words are what TroubleOf shows instead of the words about a safe of this program's.
func (d dry) Words() (detail, remedy string) {
	detail = connector.Inside(strings.TrimSuffix(d.why, "."))
	if !strings.HasPrefix(detail, "the ") { // it does not say which place itself
		detail = "no token came from" + strings.TrimPrefix(d.from.Words(), ":") + ": " + detail
	}
	return shown(detail), "Put the token there, or name in the file where else it is"
}

// dryReport is the report of a row whose well gave no token.
func (s *step) dryReport() {
	var d dry
	if s.well == nil || !errors.As(s.well.err, &d) {
		return
	}
	_, remedy := d.Words()
	s.done.report.Why = "Atlassian was not asked."
	s.done.report.Remedies = []connector.Remedy{{Do: remedy, Action: connector.ActRetry}}
}

// sourceKey tells places apart.
func sourceKey(from *connector.Reference) string {
	if from == nil {
		return ""
	}
	return from.Words()
}

// layPipes gives each step that needs a token its well. flags are what is wrong with the
// flags, rows what is wrong with rows.
func (r *run) layPipes(in *intake) (flags []problem, rows []roster.Problem) {
	common, flags := in.commonWell()
	if len(flags) > 0 {
		return flags, nil
	}
	emails := map[string]bool{}
	for _, s := range in.steps {
		from := s.row.Source
		if from == nil && common != nil {
			from = common.from
		}
		if s.old != nil && s.old.KeptIn == connector.SafeReference && from != nil && sourceKey(from) != sourceKey(s.old.Reference) {
			s.facts, s.prove = append(s.facts, "token"), true
			s.meant.Reference, s.meant.TokenSince = from, r.world.Now()
		}
		if !s.prove {
			continue
		}
		s.well = in.wellFor(s, common)
		if s.well != nil {
			s.well.steps = append(s.well.steps, s)
		}
		if s.well != nil && s.well == common {
			emails[strings.ToLower(s.row.Email)] = true
		}
		if s.old == nil && in.keep == connector.SafeReference && s.well.from == nil {
			rows = append(rows, roster.Problem{Line: s.row.Line, Index: s.row.Index, Field: "token_env", Words: "A reference needs a place that can be read again: fill in token_env, token_command or token_file."})
		}
	}
	if len(emails) > 1 {
		flags = append(flags, problem{fieldToken, fmt.Sprintf("one source is one account's token, and the rows without one of their own have %d accounts: fill in token_env, token_command or token_file", len(emails))})
	}
	return flags, rows
}

// commonWell is what the flags name for all rows without a place of their own; nil where
// they name nothing.
func (in *intake) commonWell() (*well, []problem) {
	switch n := in.token.given(); {
	case n == 0:
		return nil, nil
	case n > 1:
		return nil, []problem{{fieldToken, "there is more than one source: " + nameSources}}
	case in.token.stdin:
		return &well{}, nil
	}
	from, problems := in.token.reference()
	if len(problems) > 0 {
		return nil, problems
	}
	return in.wellAt(from), nil
}

// wellFor is where a step's token comes from; nil for a saved one whose file says nothing.
func (in *intake) wellFor(s *step, common *well) *well {
	switch {
	case s.row.Source != nil:
		return in.wellAt(s.row.Source)
	case common != nil:
		return common
	case s.old != nil:
		return nil
	}
	key := "pasted for " + strings.ToLower(s.row.Email)
	if in.wells[key] == nil {
		in.wells[key] = &well{email: s.row.Email}
	}
	return in.wells[key]
}

func (in *intake) wellAt(from *connector.Reference) *well {
	key := sourceKey(from)
	if in.wells[key] == nil {
		in.wells[key] = &well{from: from}
	}
	return in.wells[key]
}

// handed are the wells that a person fills, in the file's order.
func (in *intake) handed() []*well {
	var asked []*well
	seen := map[*well]bool{}
	for _, s := range in.steps {
		if w := s.well; w != nil && w.from == nil && !seen[w] {
			asked = append(asked, w)
			seen[w] = true
		}
	}
	return asked
}

// canPaste is nil where somebody is there to be asked for every token that no place gives.
func (r *run) canPaste(in *intake) error {
	asked := in.handed()
	for _, w := range asked {
		if w.email != "" && r.person() == nil {
			return wouldAsk("fill in token_env, token_command or token_file, or name one source for all rows with --token-env, --token-command, --token-file or --token-stdin",
				"%s, and %s", tokenless(asked), r.noPerson())
		}
	}
	return nil
}

// pasteTokens asks for each token that no place gives, once for each account; and reads what
// is piped in.
func (r *run) pasteTokens(ctx context.Context, in *intake) error {
	for _, w := range in.handed() {
		if err := r.pasteToken(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// tokenless names the rows whose token would have to be asked for.
func tokenless(wells []*well) string {
	var steps []*step
	for _, w := range wells {
		steps = append(steps, w.steps...)
	}
	return "no token is named for " + linesOf(steps)
}

// linesOf names the first few rows, and counts the others: "lines 2, 5, 9".
func linesOf(steps []*step) string {
	const most = 12
	var places []string
	noun := ""
	for i, s := range steps {
		if i == most {
			break
		}
		what, number, _ := strings.Cut(s.row.Where(), " ")
		noun, places = what, append(places, number)
	}
	if len(places) > 1 {
		noun += "s"
	}
	words := noun + " " + strings.Join(places, ", ")
	if more := len(steps) - most; more > 0 {
		words += fmt.Sprintf(" and %d more", more)
	}
	return words
}

// pasteToken asks for one. What was wrong with the last answer is part of the next question:
// said by itself, it would stand there while the terminal still shows what is pasted.
func (r *run) pasteToken(ctx context.Context, w *well) error {
	complaint := ""
	for range tries {
		var text string
		var err error
		if w.email == "" {
			text, err = r.readStdin(ctx)
		} else {
			text, err = r.person().secret(ctx, complaint+w.question())
			err = asked(ctx, err)
		}
		if err != nil {
			return err
		}
		given, problems, err := r.receive(text, nil)
		if err != nil {
			return err
		}
		if len(problems) == 0 {
			w.given = given
			return nil
		}
		if w.email == "" {
			return input(problems)
		}
		complaint = problems[0].Message + " "
	}
	return asked(ctx, errTooManyTries)
}

// question is "Token of mia@example.com, for 12 connectors on 3 sites:".
func (w *well) question() string {
	sites := map[atlassian.Site]bool{}
	for _, s := range w.steps {
		sites[s.meant.Site] = true
	}
	words := "Token of " + w.email + ", for " + connector.Plural(len(w.steps), "connector")
	if len(w.steps) > 1 {
		words += " on " + connector.Plural(len(sites), "site")
	}
	return words + ":"
}
