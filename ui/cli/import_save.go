package cli

import (
	"context"
	"errors"
	"time"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Saving what was checked, while the rest is being checked. What lands within a short time is
// saved together: connectors.json is written whole, so the fewer writes the better. Only the first
// is saved at once: where nothing can be saved, the rest would be checked for nothing.

// These bound a batch: what a kill in the middle would have to check again.
const (
	mostAtOnce = 64
	batchWait  = time.Second / 2
)

// saver saves steps as they land, one batch after the other.
type saver struct {
	r      *run
	in     *importRun
	giveUp func()     // ends the checking: nothing more can be saved
	queue  chan *step // has room for all of them
	done   chan struct{}
	crash  *ui.PanicError

	wrote   bool // something was saved or remembered
	notKept bool
}

func newSaver(r *run, in *importRun, giveUp func()) *saver {
	return &saver{r: r, in: in, giveUp: giveUp, queue: make(chan *step, len(in.steps)), done: make(chan struct{})}
}

// take puts a step into the queue.
func (k *saver) take(s *step) { k.queue <- s }

// end waits until all that landed is saved.
func (k *saver) end() {
	close(k.queue)
	<-k.done
	if k.crash != nil {
		panic(k.crash) // in the goroutine whose guard tells it
	}
}

// run saves until the end.
func (k *saver) run(ctx context.Context) {
	defer close(k.done)
	defer func() {
		if thrown := recover(); thrown != nil {
			k.crash = ui.PanicErrorOf(thrown)
			k.giveUp()
		}
	}()
	wait := time.Duration(0)
	for s := range k.queue {
		k.save(ctx, k.batch(s, wait))
		wait = batchWait
	}
}

// batch is what lands after its first step, until it is full, nothing more comes or it has waited
// long enough.
func (k *saver) batch(first *step, wait time.Duration) []*step {
	batch, timer := []*step{first}, time.After(wait)
	for len(batch) < mostAtOnce {
		select {
		case s, more := <-k.queue:
			if !more {
				return batch
			}
			batch = append(batch, s)
		case <-timer:
			return batch
		}
	}
	return batch
}

// save saves what may be saved of a batch.
func (k *saver) save(ctx context.Context, batch []*step) {
	var saved []*step
	var drafts []setup.Draft
	for _, s := range batch {
		switch {
		case s.did != "": // failed, or not tried
		case s.idle():
			k.finish(ctx, s)
		default:
			saved, drafts = append(saved, s), append(drafts, s.draft)
		}
	}
	if len(drafts) > 0 {
		k.wrote = true
		for i, result := range k.r.world.Service().SaveMany(ctx, drafts, k.in.by.Role) {
			s := saved[i]
			if s.draft.Task() == setup.Replace && s.old.KeptIn != connector.StorageReference { // else it was known before
				s.facts = append(s.facts, "token")
			}
			if result.Err != nil {
				k.drop(s, result.Err)
				continue
			}
			s.is = result.Connector
			k.finish(ctx, s)
		}
	}
	for _, s := range batch {
		if k.in.jsonl {
			_ = writeJSONLine(k.r.answers, s.asJSON(k.r.world.Now()))
		}
	}
}

// finish says what came of a row whose connector is as the row has it now.
func (k *saver) finish(ctx context.Context, s *step) {
	s.did = s.planned()
	switch {
	case !s.checked && s.old != nil:
		if reports := k.r.world.Store.Reports(ctx, s.old.ID); len(reports) > 0 {
			s.done = checked{report: reports[0], before: reports[1:]}
		}
	case s.did == unchanged && !s.done.report.Good():
		s.did = failed
	}
	s.done.of = s.is
}

// drop notes that something could not be saved. Where that is about more than the one, the
// checking ends: the rest would be checked for nothing.
func (k *saver) drop(s *step, err error) {
	s.did, k.notKept = failed, true
	s.notKept = connector.Inside(connector.Explain(err).Title)
	var file *connector.StoreError
	var storage *connector.StorageError
	switch {
	case errors.As(err, &file) && (file.Why == connector.StoreNameTaken || file.Why == connector.StoreChanged || file.Why == connector.StoreNotFound):
	case errors.As(err, &storage) && storage.Why == connector.StorageWhyTooBig:
	default:
		k.giveUp()
	}
}
