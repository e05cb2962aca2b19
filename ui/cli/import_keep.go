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
	var fresh []*step
	for _, s := range batch {
		switch {
		case s.refuse != nil:
			s.did = skipped
		case s.old == nil && s.mayBeKept(k.in.keepFailing):
			fresh = append(fresh, s)
		case s.old == nil:
			s.did = failed
		default:
			k.change(ctx, s)
		}
	}
	if len(fresh) > 0 {
		k.add(ctx, fresh)
	}
	for _, s := range batch {
		if k.in.jsonl {
			_ = writeJSONLine(k.r.stdio.Out, s.asJSON(k.r.world.Now()))
		}
	}
}

func (s *step) mayBeKept(failing bool) bool {
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

// change saves what a row changes in a saved connector: words at once, another site, e-mail
// or token only where it was proven.
func (k *keeper) change(ctx context.Context, s *step) {
	good := s.proven && s.done.report.Good()
	if s.proven && !good && s.daring() {
		s.did = failed
		return
	}
	if good && (s.meant.Site != s.old.Site || s.meant.Email != s.old.Email) {
		s.meant.CloudID, s.meant.Identity = s.done.report.CloudID, s.done.report.Identity
	}
	var err error
	switch {
	case good && s.well != nil && s.old.KeptIn != connector.SafeReference && k.isNewToken(ctx, s):
		err = k.replace(ctx, s)
	case len(s.facts) > 0:
		s.meant, err = k.r.world.Store.Edit(ctx, s.old.Connector, s.meant)
	}
	if err != nil {
		k.lose(s, err)
		return
	}
	switch s.did = s.planned(); {
	case s.did == unchanged && s.proven && !good:
		s.did = failed
	case s.did == unchanged && !s.proven:
		s.done = checked{of: s.old.Connector, report: *s.old.Last(), before: s.old.Reports[1:]}
	}
	s.done.of = s.meant
	if good && s.bold() {
		_ = k.r.world.Store.Remember(ctx, s.meant.ID, s.done.report) // best effort: the connector is what counts
	}
	if !s.proven && s.did == updated {
		s.done = checked{of: s.meant, report: *s.old.Last(), before: s.old.Reports[1:]}
	}
}

// daring: it changes what has to be proven.
func (s *step) daring() bool {
	return s.meant.Site != s.old.Site || s.meant.Email != s.old.Email || sourceKey(s.meant.Reference) != sourceKey(s.old.Reference)
}

// isNewToken compares with the token that is kept: a file that is read again names the same.
func (k *keeper) isNewToken(ctx context.Context, s *step) bool {
	kept, err := k.r.world.Store.Token(ctx, s.old.ID)
	return err != nil || !kept.Equal(s.well.given.token)
}

// replace puts the row's token into the old one's place. The day that was recorded was the
// old one's.
func (k *keeper) replace(ctx context.Context, s *step) error {
	now := k.r.world.Now()
	s.meant.TokenSince, s.meant.Expires, s.meant.Replaced = now, s.row.Expires, k.in.by
	s.meant.Replaced.At = now
	s.meant.CloudID, s.meant.Identity = s.done.report.CloudID, s.done.report.Identity
	s.facts = append(s.facts, "token")
	kept, err := k.r.world.Store.Replace(ctx, s.old.Connector, s.meant, s.well.given.token)
	if err == nil {
		s.meant = kept
	}
	return err
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
