package cli

import (
	"context"
	"errors"
	"sync"

	"saasconnect/connector"
	"saasconnect/ui"
)

// Keeping what was proven, while the rest is being proven. What landed meanwhile is saved
// together: connectors.json is written whole, so the fewer writes the better; and yet
// nothing waits for more than the batch before it.

// mostAtOnce bounds a batch: what a kill in the middle would have to prove again.
const mostAtOnce = 64

// keeper saves steps as they land, one batch after the other.
type keeper struct {
	r      *run
	in     *intake
	giveUp func() // ends the proving: nothing more can be kept

	mu     sync.Mutex
	queue  []*step
	ended  bool
	landed chan struct{} // holds one: something is in the queue, or the end
	gone   chan struct{}
	crash  *ui.Crash

	notKept bool
}

func newKeeper(r *run, in *intake, giveUp func()) *keeper {
	return &keeper{r: r, in: in, giveUp: giveUp, landed: make(chan struct{}, 1), gone: make(chan struct{})}
}

// take puts a step into the queue.
func (k *keeper) take(s *step) {
	k.mu.Lock()
	k.queue = append(k.queue, s)
	k.mu.Unlock()
	k.wake()
}

func (k *keeper) wake() {
	select {
	case k.landed <- struct{}{}:
	default: // it is awake already
	}
}

// end waits until all that landed is saved.
func (k *keeper) end() {
	k.mu.Lock()
	k.ended = true
	k.mu.Unlock()
	k.wake()
	<-k.gone
	if k.crash != nil {
		panic(k.crash) // in the goroutine whose guard tells it
	}
}

// run saves until the end.
func (k *keeper) run(ctx context.Context) {
	defer close(k.gone)
	defer func() {
		if thrown := recover(); thrown != nil {
			k.crash = ui.CrashOf(thrown)
			k.giveUp()
		}
	}()
	for {
		batch, ended := k.next()
		if len(batch) == 0 && ended {
			return
		}
		if len(batch) == 0 {
			<-k.landed
			continue
		}
		k.save(ctx, batch)
	}
}

func (k *keeper) next() (batch []*step, ended bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := min(len(k.queue), mostAtOnce)
	batch, k.queue = k.queue[:n:n], k.queue[n:]
	return batch, k.ended
}

// save keeps what may be kept of a batch: the new ones together, the changed ones each.
func (k *keeper) save(ctx context.Context, batch []*step) {
	var fresh, worded []*step
	for _, s := range batch {
		switch {
		case s.refuse != nil:
			s.did = skipped
		case s.old == nil && s.mayBeKept(k.in.keepFailing):
			fresh = append(fresh, s)
		case s.old == nil:
			s.did = failed
		case s.proven && !s.done.report.Good() && s.daring():
			s.did = failed
		case k.changesToken(ctx, s):
			k.replace(ctx, s)
		case len(s.facts) > 0:
			worded = append(worded, s)
		default:
			k.settle(ctx, s)
		}
	}
	if len(fresh) > 0 {
		k.add(ctx, fresh)
	}
	if len(worded) > 0 {
		k.edit(ctx, worded)
	}
	for _, s := range batch {
		if k.in.jsonl {
			_ = writeJSONLine(k.r.answers, s.asJSON(k.r.world.Now()))
		}
	}
}

// mayBeKept: it works, or may be kept although it does not. Without a token there is nothing
// to keep.
func (s *step) mayBeKept(failing bool) bool {
	if s.well.given.token.IsZero() {
		return false
	}
	return s.done.report.Good() || failing && s.done.report.Keepable
}

func (k *keeper) add(ctx context.Context, fresh []*step) {
	additions := make([]connector.Addition, len(fresh))
	for i, s := range fresh {
		s.meant.CloudID, s.meant.Identity = s.done.report.CloudID, s.done.report.Identity
		additions[i] = connector.Addition{Connector: s.meant, Token: s.well.given.token, First: s.done.report}
	}
	for i, a := range k.r.world.Store.AddMany(ctx, additions) {
		s := fresh[i]
		if a.Err != nil {
			k.lose(s, a.Err)
			continue
		}
		s.did, s.meant, s.done.of = added, a.Connector, a.Connector
	}
}

// daring: it changes what has to be proven.
func (s *step) daring() bool {
	return s.meant.Site != s.old.Site || s.meant.Email != s.old.Email || sourceKey(s.meant.Reference) != sourceKey(s.old.Reference)
}

// changesToken reports whether the row brings a token that is not the one that is kept: a
// file that is read again names the same.
func (k *keeper) changesToken(ctx context.Context, s *step) bool {
	if !s.proven || !s.done.report.Good() || s.well == nil || s.old.KeptIn == connector.SafeReference {
		return false
	}
	kept, err := k.r.world.Store.Token(ctx, s.old.ID)
	return err != nil || !kept.Equal(s.well.given.token)
}

// replace puts the row's token into the old one's place. The day that was recorded was the
// old one's.
func (k *keeper) replace(ctx context.Context, s *step) {
	s.meant.TokenSince, s.meant.Expires, s.meant.Replaced = k.in.by.At, s.row.Expires, k.in.by
	s.meant.CloudID, s.meant.Identity = s.done.report.CloudID, s.done.report.Identity
	s.facts = append(s.facts, "token")
	kept, err := k.r.world.Store.Replace(ctx, s.old.Connector, s.meant, s.well.given.token)
	if err != nil {
		k.lose(s, err)
		return
	}
	s.meant = kept
	k.settle(ctx, s)
}

// edit saves the facts that rows change: words as they are, another site or e-mail as it was
// proven.
func (k *keeper) edit(ctx context.Context, worded []*step) {
	batch := make([]connector.Revision, len(worded))
	for i, s := range worded {
		if s.proven && (s.meant.Site != s.old.Site || s.meant.Email != s.old.Email) {
			s.meant.CloudID, s.meant.Identity = s.done.report.CloudID, s.done.report.Identity
		}
		batch[i] = connector.Revision{Before: s.old.Connector, After: s.meant}
	}
	for i, edited := range k.r.world.Store.EditMany(ctx, batch) {
		if edited.Err != nil {
			k.lose(worded[i], edited.Err)
			continue
		}
		worded[i].meant = edited.Connector
		k.settle(ctx, worded[i])
	}
}

// settle says what came of a row about a saved connector that is as the row has it now.
func (k *keeper) settle(ctx context.Context, s *step) {
	s.did = s.planned()
	switch {
	case !s.proven:
		if reports := k.r.world.Store.Reports(ctx, s.old.ID); len(reports) > 0 {
			s.done = checked{report: reports[0], before: reports[1:]}
		}
	case !s.done.report.Good() && s.did == unchanged:
		s.did = failed
	case s.done.report.Good() && s.bold():
		_ = k.r.world.Store.Remember(ctx, s.meant.ID, s.done.report) // best effort: the connector is what counts
	}
	s.done.of = s.meant
}

// lose notes that something could not be saved. Where that is about more than the one, the
// proving ends: the rest would be proven for nothing.
func (k *keeper) lose(s *step, err error) {
	s.did, k.notKept = failed, true
	t := connector.TroubleOf(err)
	s.lost = connector.Inside(t.Title)
	var shelf *connector.ShelfError
	var safe *connector.SafeError
	switch {
	case errors.As(err, &shelf) && (shelf.Why == connector.ShelfNameTaken || shelf.Why == connector.ShelfChanged || shelf.Why == connector.ShelfNotFound):
	case errors.As(err, &safe) && safe.Why == connector.SafeWhyTooBig:
	default:
		k.giveUp()
	}
}
