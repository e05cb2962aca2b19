package cli

import (
	"context"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// Proving the rows, with what proves saved connectors: to it, each row is an entry of a
// store that knows where the row's token comes from.
//
// A token that many rows share is tried by one of them first. Where Atlassian refuses it the
// others are not tried: a thousand refused sign-ins would lock the account.

// ending is how it ended.
type ending struct {
	stopped bool // interrupted before all were done
	notKept bool // something could not be saved
}

// flushLimit bounds saving what was proven before an interrupt.
const flushLimit = 10 * time.Second

// bringIn proves and saves all rows that need it.
func (r *run) bringIn(ctx context.Context, in *intake) ending {
	proving, giveUp := context.WithCancel(ctx)
	defer giveUp()
	saving, endSaving := context.WithCancel(context.WithoutCancel(ctx))
	defer endSaving()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(flushLimit, endSaving) })()

	k := newKeeper(r, in, giveUp)
	go k.run(saving)
	b := &bench{Store: r.world.Store, r: r, byID: map[string]*step{}}
	world := *r.world
	world.Store = b
	func() {
		defer k.end()
		r.series.of = in.proofs()
		for _, turn := range in.turns() {
			if proving.Err() == nil {
				r.proveTurn(proving, &world, b, in, turn, k)
			}
		}
		r.series = series{}
	}()
	return ending{stopped: ctx.Err() != nil, notKept: k.notKept}
}

// proveTurn proves one turn; the next begins when all of it have landed.
func (r *run) proveTurn(ctx context.Context, world *ui.World, b *bench, in *intake, turn []*step, k *keeper) {
	var entries []connector.Entry
	for _, s := range turn {
		if !s.prove {
			k.take(s)
			continue
		}
		e := connector.Entry{Connector: s.meant}
		if s.old == nil {
			e.ID = rowMark + strconv.Itoa(len(b.byID))
		}
		b.byID[e.ID] = s
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return
	}
	before := r.series
	_ = r.checkAll(ctx, world, entries, in.parallel, 0, func(_ int, c checked) { // a past that could not be noted fails no row
		s := b.byID[c.of.ID]
		if s.old == nil {
			c.of.ID = ""
		}
		s.done, s.proven = c, true
		if s.refuse != nil {
			s.done.report = s.refusal()
		} else {
			s.dryReport()
		}
		s.note()
		if c.report.Verdict == connector.Failing {
			before.failing++
		}
		k.take(s)
	})
	before.done += len(entries)
	r.series = before
}

// turns are first those that try a token for all others, and what needs no proof; then the
// others.
func (in *intake) turns() [2][]*step {
	var turns [2][]*step
	type shared struct {
		from  *well
		email string
	}
	tried := map[shared]bool{}
	for _, s := range in.steps {
		by := shared{s.well, strings.ToLower(s.meant.Email)}
		turn := 1
		switch {
		case !s.prove:
			turn = 0
		case s.well != nil && len(s.well.steps) > 1 && !tried[by]:
			turn, tried[by] = 0, true
		}
		turns[turn] = append(turns[turn], s)
	}
	return turns
}

// note remembers a token that Atlassian refused for the whole account, whatever the site.
func (s *step) note() {
	if s.well == nil || s.refuse != nil {
		return
	}
	switch s.done.report.Code {
	case connector.CodeTokenRefused, connector.CodeTokenExpired, connector.CodeNotAnAPIToken, connector.CodeCaptcha,
		connector.CodeAccountInactive, connector.CodeTokenScoped:
		s.well.mu.Lock()
		defer s.well.mu.Unlock()
		if s.well.refused == nil {
			s.well.refused = map[string]*step{}
		}
		s.well.refused[strings.ToLower(s.meant.Email)] = s
	}
}

// rowMark begins the id of what is no saved connector yet, while it is being proven.
const rowMark = "row "

// isSaved reports whether a connector is kept, which decides what can be done about it.
func isSaved(c connector.Connector) bool { return c.ID != "" && !strings.HasPrefix(c.ID, rowMark) }

// bench is the store as the checks of an import see it.
type bench struct {
	ui.Store
	r    *run
	byID map[string]*step
}

// Tokens are those of rows, each as Token reads it.
func (b *bench) Tokens(context.Context) (connector.TokenReader, error) { return b.Token, nil }

// Token reads a row's token from its well, or a saved one's from its safe.
func (b *bench) Token(ctx context.Context, id string) (atlassian.Token, error) {
	s := b.byID[id]
	if s.well == nil {
		return b.Store.Token(ctx, id)
	}
	s.well.mu.Lock()
	s.refuse = s.well.refused[strings.ToLower(s.meant.Email)]
	s.well.mu.Unlock()
	if s.refuse != nil {
		return atlassian.Token{}, &connector.SafeError{Kind: connector.SafeReference, Why: connector.SafeWhyRefused}
	}
	given, err := s.well.read(ctx, b.r.outside.Fetch)
	return given.token, err
}

// Remember notes the report of a saved connector that was proven as it is saved; the others'
// are noted once they are saved.
func (b *bench) Remember(ctx context.Context, id string, report connector.Report) error {
	if s := b.byID[id]; s.old != nil && !s.bold() {
		return b.Store.Remember(ctx, id, report)
	}
	return nil
}

// bold: the proof was of other facts than those that are saved.
func (s *step) bold() bool {
	elsewhere := s.well != nil && (s.old.KeptIn != connector.SafeReference || sourceKey(s.well.from) != sourceKey(s.old.Reference))
	return elsewhere || s.meant.Site != s.old.Site || s.meant.Email != s.old.Email
}

// proofs is how many rows will be proven.
func (in *intake) proofs() int {
	n := 0
	for _, s := range in.steps {
		if s.prove {
			n++
		}
	}
	return n
}
