package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"saasconnect/connector"
)

const (
	lockName  = "connectors.lock"
	lockWait  = 5 * time.Second
	lockRetry = 25 * time.Millisecond
)

// locked runs something while no other saasconnect writes. It must not ask a safe: that
// can take minutes.
func (f *file) locked(ctx context.Context, do func() error) error {
	dir := filepath.Dir(f.path)
	if err := makeFolder(dir); err != nil {
		return f.trouble(err)
	}
	// The lock is a file of its own: one that is renamed over can't be locked.
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	got, err := lock.TryLockContext(wait, lockRetry)
	switch {
	case got:
		defer func() { _ = lock.Unlock() }() // the kernel drops it with the process in any case
		sweepTemps(filepath.Dir(follow(f.path)), f.now())
		return do()
	case ctx.Err() != nil:
		return fmt.Errorf("wait for the lock: %w", ctx.Err())
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return &connector.ShelfError{Why: connector.ShelfBusy, Where: f.path, Err: err}
	}
	return f.trouble(err)
}
