package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui/cli/roster"
)

// Where the tokens of a file's rows come from. Each source is read once, however many rows
// share it. A row without a source of its own takes the one that a flag names, else what is
// pasted for its Atlassian account.

// tokenSource is where a token comes from.
type tokenSource struct {
	from  *connector.Reference // nil for what is pasted or piped in
	email string               // of the account it is pasted for
	rows  []*importRow

	given token
	err   error // a *connector.StorageError
}

// read reads the token from its source.
func (source *tokenSource) read(ctx context.Context, fetch func(context.Context, connector.Reference) ([]byte, error)) {
	text, err := fetch(ctx, *source.from)
	var storage *connector.StorageError
	switch {
	case errors.As(err, &storage):
		source.err = &connector.StorageError{Kind: connector.StorageReference, Why: storage.Why, Err: noTokenError{source.from, connector.FetchProblem(err)}}
		return
	case err != nil:
		source.err = err
		return
	}
	t, receipt := atlassian.ReadToken(string(text))
	if words := connector.TokenProblem(receipt); words != "" {
		source.err = &connector.StorageError{Kind: connector.StorageReference, Why: connector.StorageWhyDamaged, Err: noTokenError{source.from, words}}
		return
	}
	source.given = token{t, receipt, source.from}
}

// noTokenError is the error of a source that gave no token.
type noTokenError struct {
	from *connector.Reference
	why  string
}

func (e noTokenError) Error() string { return "no token" + e.from.Words() }

// Words are what connector.Explain uses instead of the words about a storage.
func (e noTokenError) Words() (detail, remedy string) {
	detail = connector.Inside(strings.TrimSuffix(e.why, "."))
	if !strings.HasPrefix(detail, "the ") { // it does not say which source itself
		detail = "no token came from" + strings.TrimPrefix(e.from.Words(), ":") + ": " + detail
	}
	return cleanedText(detail), "Put the token there, or enter another source in the file"
}

// readTokens reads each source once, so many at a time, and makes whole Drafts of the rows. A row
// whose source gave no token gets a report that says so.
func (r *run) readTokens(ctx context.Context, in *importRun) {
	sources := in.used(func(source *tokenSource) bool { return source.from != nil })
	if len(sources) > 1 {
		r.note(fmt.Sprintf("reading %d tokens …", len(sources)))
	}
	var thrown *atlassian.PanicError
	var mu sync.Mutex
	var readers sync.WaitGroup
	slots := make(chan struct{}, in.parallel)
	for _, source := range sources {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		readers.Go(func() {
			defer func() { <-slots }()
			defer atlassian.Catch(func(t *atlassian.PanicError) {
				mu.Lock()
				defer mu.Unlock()
				thrown = t
			})
			source.read(ctx, r.system.Fetch)
		})
	}
	readers.Wait()
	if thrown != nil {
		panic(thrown) // in the goroutine that reports it
	}
	if ctx.Err() == nil {
		r.setTokens(ctx, in)
	}
}

// setTokens puts the tokens that were read into the rows' Drafts.
func (r *run) setTokens(ctx context.Context, in *importRun) {
	stored := sync.OnceValues(func() (connector.TokenReader, error) { return r.deps.Store.Tokens(ctx) })
	for _, s := range in.rows {
		switch {
		case s.source == nil || ctx.Err() != nil:
		case s.source.err != nil:
			s.noToken(r.deps.Service().CheckRequest(s.draft), r.before(ctx, s))
		default:
			s.setToken(s.source.given, s.old != nil && !s.hasToken(ctx, stored), in.by)
		}
	}
}

// before are the reports of a row's saved connector; none for a new one.
func (r *run) before(ctx context.Context, s *importRow) []connector.Report {
	if s.old == nil {
		return nil
	}
	return r.deps.Store.Reports(ctx, s.old.ID)
}

// noToken says of a row that its source gave no token. Where that is the source that its connector
// has, the report is this one's, and facts that need no token are saved.
func (s *importRow) noToken(q connector.CheckRequest, before []connector.Report) {
	report := connector.ConcludeStorage(q, s.source.err)
	var e noTokenError
	if errors.As(s.source.err, &e) {
		_, remedy := e.Words()
		report.Why = "Atlassian was not asked."
		report.Remedies = []connector.Remedy{{Do: remedy, Action: connector.ActRetry}}
	}
	s.checked, s.done = true, checked{of: s.is, report: report, before: before}
	if s.old != nil && s.sameReference() && !s.draft.Readdresses() {
		s.draft.SetReport(report)
		return
	}
	s.did = failed
}

// sameReference: the token is read from elsewhere, and from where it was.
func (s *importRow) sameReference() bool {
	return s.old.KeptIn == connector.StorageReference && sourceKey(s.source.from) == sourceKey(s.old.Reference)
}

// hasToken reports whether the row's token is the one that its connector has: a file that is read
// again names the same. One that can't be read is another.
func (s *importRow) hasToken(ctx context.Context, stored func() (connector.TokenReader, error)) bool {
	if s.old.KeptIn == connector.StorageReference {
		return s.sameReference()
	}
	read, err := stored()
	if err != nil {
		return false
	}
	kept, err := read(ctx, s.old.ID)
	return err == nil && kept.Equal(s.source.given.token)
}

// sourceKey tells sources apart.
func sourceKey(from *connector.Reference) string {
	if from == nil {
		return ""
	}
	return from.Words()
}

// assignSources gives each row that needs a token its source. flags are what is wrong with the
// flags, rows what is wrong with rows.
func (r *run) assignSources(in *importRun) (flags []problem, rows []roster.Problem) {
	common, flags := in.commonSource()
	if len(flags) > 0 {
		return flags, nil
	}
	emails := map[string]bool{}
	for _, s := range in.rows {
		from := s.row.Source
		if from == nil && common != nil {
			from = common.from
		}
		if s.old != nil && s.old.KeptIn == connector.StorageReference && from != nil && sourceKey(from) != sourceKey(s.old.Reference) {
			s.facts, s.check = append(s.facts, "token"), true
		}
		if s.check {
			s.source = in.sourceFor(s, common)
		}
		if s.source == nil {
			rows = append(rows, r.editProblems(s)...)
			continue
		}
		s.source.rows = append(s.source.rows, s)
		if s.source == common {
			emails[strings.ToLower(s.row.Email)] = true
		}
		if s.old == nil && in.keep == connector.StorageReference && s.source.from == nil {
			rows = append(rows, roster.Problem{Line: s.row.Line, Index: s.row.Index, Field: "token_env", Words: "A reference needs a source that can be read again: fill in token_env, token_command or token_file."})
		}
	}
	if len(emails) > 1 {
		flags = append(flags, problem{fieldToken, fmt.Sprintf("one source holds one account's token, but the rows without their own source have %d accounts: fill in token_env, token_command or token_file", len(emails))})
	}
	return flags, rows
}

// editProblems are what is wrong with a saved connector as the row has it. With a token of its own
// the row may replace the saved one, which decides what its expiry date may be.
func (r *run) editProblems(s *importRow) (problems []roster.Problem) {
	if !s.draft.Changes() {
		return nil
	}
	for _, p := range setup.Problems(s.draft, setup.Known{Now: r.deps.Now()}) {
		problems = append(problems, roster.Problem{Line: s.row.Line, Index: s.row.Index, Field: string(p.Field), Words: p.Words})
	}
	return problems
}

// commonSource is what the flags name for all rows without a source of their own; nil where
// they name nothing.
func (in *importRun) commonSource() (*tokenSource, []problem) {
	switch n := in.token.given(); {
	case n == 0:
		return nil, nil
	case n > 1:
		return nil, []problem{{fieldToken, "more than one source: " + nameSources}}
	case in.token.stdin:
		return &tokenSource{}, nil
	}
	from, problems := in.token.reference()
	if len(problems) > 0 {
		return nil, problems
	}
	return in.sourceAt(from), nil
}

// sourceFor is where a row's token comes from; nil for a saved one whose file says nothing.
func (in *importRun) sourceFor(s *importRow, common *tokenSource) *tokenSource {
	switch {
	case s.row.Source != nil:
		return in.sourceAt(s.row.Source)
	case common != nil:
		return common
	case s.old != nil:
		return nil
	}
	key := "pasted for " + strings.ToLower(s.row.Email)
	if in.sources[key] == nil {
		in.sources[key] = &tokenSource{email: s.row.Email}
	}
	return in.sources[key]
}

func (in *importRun) sourceAt(from *connector.Reference) *tokenSource {
	key := sourceKey(from)
	if in.sources[key] == nil {
		in.sources[key] = &tokenSource{from: from}
	}
	return in.sources[key]
}

// used are the sources of rows, in the file's order: those that are.
func (in *importRun) used(are func(*tokenSource) bool) []*tokenSource {
	var sources []*tokenSource
	seen := map[*tokenSource]bool{nil: true}
	for _, s := range in.rows {
		if !seen[s.source] && are(s.source) {
			sources = append(sources, s.source)
			seen[s.source] = true
		}
	}
	return sources
}

// pasted are the sources that can't be read again: what is pasted or piped in.
func (in *importRun) pasted() []*tokenSource {
	return in.used(func(source *tokenSource) bool { return source.from == nil })
}

// canPaste is nil where every token without a source can be asked for.
func (r *run) canPaste(in *importRun) error {
	asked := in.pasted()
	for _, source := range asked {
		if source.email != "" && r.prompter() == nil {
			return wouldAsk("fill in token_env, token_command or token_file, or set one source for all rows with --token-env, --token-command, --token-file or --token-stdin",
				"%s; %s", needTokens(asked), r.noPrompt())
		}
	}
	return nil
}

// pasteTokens asks for each token without a source, once for each account; and reads what
// is piped in.
func (r *run) pasteTokens(ctx context.Context, in *importRun) error {
	for _, source := range in.pasted() {
		if err := r.pasteToken(ctx, source); err != nil {
			return err
		}
	}
	return nil
}

// needTokens names the rows whose token would have to be asked for.
func needTokens(sources []*tokenSource) string {
	var rows []*importRow
	for _, source := range sources {
		rows = append(rows, source.rows...)
	}
	return "no token source for " + linesOf(rows)
}

// linesOf names the first few rows, and counts the others: "lines 2, 5, 9".
func linesOf(rows []*importRow) string {
	const most = 12
	var numbers []string
	noun := ""
	for i, s := range rows {
		if i == most {
			break
		}
		what, number, _ := strings.Cut(s.row.Where(), " ")
		noun, numbers = what, append(numbers, number)
	}
	if len(numbers) > 1 {
		noun += "s"
	}
	words := noun + " " + strings.Join(numbers, ", ")
	if more := len(rows) - most; more > 0 {
		words += fmt.Sprintf(" and %d more", more)
	}
	return words
}

// pasteToken asks for one. What was wrong with the last answer is part of the next question:
// said by itself, it would stand there while the terminal still shows what is pasted.
func (r *run) pasteToken(ctx context.Context, source *tokenSource) error {
	complaint := ""
	for range tries {
		var text string
		var err error
		if source.email == "" {
			text, err = r.readStdin(ctx)
		} else {
			text, err = r.prompter().secret(ctx, complaint+source.question())
			err = promptFailure(ctx, err)
		}
		if err != nil {
			return err
		}
		given, problems, err := r.receive(text, nil)
		if err != nil {
			return err
		}
		if len(problems) == 0 {
			source.given = given
			return nil
		}
		if source.email == "" {
			return input(problems)
		}
		complaint = problems[0].Message + " "
	}
	return promptFailure(ctx, errTooManyTries)
}

// question is "Token of mia@example.com, for 12 connectors on 3 sites:".
func (source *tokenSource) question() string {
	sites := map[atlassian.Site]bool{}
	for _, s := range source.rows {
		sites[s.is.Site] = true
	}
	words := "Token of " + source.email + ", for " + connector.Plural(len(source.rows), "connector")
	if len(source.rows) > 1 {
		words += " on " + connector.Plural(len(sites), "site")
	}
	return words + ":"
}
