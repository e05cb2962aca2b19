package store

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"saasconnect/connector"
)

// A list of what there is, without understanding half a megabyte of JSON and opening a
// thousand histories each time: `list.cache` in the state folder remembers the rows of the
// last list. It holds what connectors.json holds, and no secret; it is never needed, and
// whatever is in doubt about it, the list is made from the files themselves.
//
// It is served only where all of this holds:
//
//   - The bytes of connectors.json are those that it was made from: it holds a copy of them,
//     and the two are compared. So no change of connectors.json is missed, by whomever it was
//     made, and what is served was understood strictly once. A sum says that the rows are as
//     they were written.
//   - The folder of histories is as it was: the same inode, time of modification and time of
//     change, to the nanosecond. Every history is written by a rename in that folder, which
//     moves both times (POSIX, rename); the second one can't be set back, so a backup that is
//     unpacked over it, with its times, is seen.
//   - The folder had not been touched for some seconds when the rows were read, by this
//     machine's clock, and when they were written, by the clock of the file system that gave
//     both times. A second write within one tick of a clock moves no time; git knows the same
//     of its index ("racy git").
//   - Every history could be read, or was not there: what could not be read may be readable
//     next time, and no time would move.
//   - It is a plain file, the user's own, closed to others.
//
// Who may be in between:
//
//   - Writers: each of this program unlinks it under the lock before it writes connectors.json
//     or a history. It is made under that lock too, without waiting for it, after another
//     look that bytes and folder still are those that were read. So none appears behind the
//     back of a writer, and no removed connector's name comes back. A history that is a
//     link is written elsewhere than in the folder: then there is none.
//   - Writers of older versions, which know nothing of it, and writers on file systems whose
//     locks are none: the bytes and the times tell.
//   - A clock that was set back: a write would have to meet the very nanosecond that was
//     noted. That this program unlinks it is what holds where times are coarse.
//   - A kill or a power cut while it is made: it is renamed into place, and not synced, since
//     the sum tells a torn one. What is left of it is swept.
//   - A folder over a network: its times may be some seconds old, as all that is read of it.
//
// What is not seen is a history that somebody else writes over in its place, without a
// rename: the list then shows the outcome that it showed before, until the next check.
//
// On Windows there is none (stamp_other.go).

const (
	// fewestCached: fewer are listed at once anyway.
	fewestCached = 100
	// settledAfter is more than the coarsest clock of a file system (FAT: two seconds).
	settledAfter = 3 * time.Second
	// largestList bounds the rows.
	largestList = 16 << 20
)

// listCache is the file.
type listCache struct {
	path, histories string
	fail            func(string) error
}

// stamp is a folder as it was at one moment.
type stamp struct{ modified, changed, node uint64 }

func (c *listCache) stamp() (stamp, bool) {
	info, err := os.Stat(c.histories)
	if err != nil || !info.IsDir() {
		return stamp{}, false
	}
	return stampFrom(info)
}

// settled reports whether a folder was left alone for long enough before a moment. One that
// was touched after it was not.
func (s stamp) settled(at time.Time) bool {
	return at.Sub(time.Unix(0, int64(s.modified))) >= settledAfter
}

// forget is for whoever writes what it was made from. Best effort: a stale one is not
// served, but it must not keep what a person removed.
func (c *listCache) forget() { _ = os.Remove(c.path) }

// rows are the rows that were made from connectors.json as it is; false where there are
// none, or they may not be those of today.
func (c *listCache) rows(of string) ([]connector.Listed, bool) {
	info, err := os.Lstat(c.path)
	if err != nil || !info.Mode().IsRegular() || !mine(info) || !private(info) {
		return nil, false
	}
	cache, err := openPlain(c.path)
	if err != nil {
		return nil, false
	}
	defer cache.Close()
	from, _, err := openOwn(of)
	if err != nil {
		return nil, false
	}
	defer from.Close()
	made, rows, ok := decodeList(cache, info.Size(), from)
	if now, known := c.stamp(); !ok || !known || now != made || !made.settled(info.ModTime()) {
		return nil, false
	}
	return rows, true
}

// make writes the file, where nobody writes just now and everything still is as it was.
func (c *listCache) make(f *file, from []byte, as stamp, rows []connector.Listed) {
	data, ok := encodeList(rows, as, from)
	if !ok || c.hasLinks() {
		return
	}
	f.lockedNow(func() {
		now, err := content(f.path)
		if same, known := c.stamp(); err != nil || !bytes.Equal(now, from) || !known || same != as {
			return
		}
		sweepTemps(filepath.Dir(c.path), f.now())
		_ = writeDisposable(c.path, data, c.fail) // on a disk that is full or read-only there is none
	})
}

// hasLinks reports whether a history may stand in another folder, whose times tell.
func (c *listCache) hasLinks() bool {
	all, err := os.ReadDir(c.histories)
	for _, one := range all {
		if one.Type()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return err != nil
}

// Listed is every connector with what its newest check came to, by name. It reads no token
// and touches no safe.
func (s *Store) Listed(ctx context.Context) ([]connector.Listed, error) {
	if rows, ok := s.cache.rows(s.file.path); ok {
		return rows, nil
	}
	s.cache.forget()
	data, err := content(s.file.path)
	before, known := s.cache.stamp()
	known = known && before.settled(s.now())
	var all shelf
	if err == nil {
		all, err = decode(data)
	}
	if err != nil { // missing, or to be mended
		known = false
		if all, err = s.file.read(ctx); err != nil {
			return nil, err
		}
	}
	rows := make([]connector.Listed, len(all.Connectors))
	for i, r := range all.Connectors {
		rows[i].Connector = r.Connector
	}
	slices.SortStableFunc(rows, func(a, b connector.Listed) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	var unsure atomic.Bool
	each(len(rows), func(i int) {
		last, sure := s.history.newest(rows[i].ID)
		if rows[i].Last = last.Outcome(); !sure {
			unsure.Store(true)
		}
	})
	if known && len(rows) >= fewestCached && !unsure.Load() {
		s.cache.make(s.file, data, before, rows)
	}
	return rows, nil
}

// each is for a file each: side by side, as far as there are processors.
func each(n int, do func(i int)) {
	readers := min(runtime.GOMAXPROCS(0), 4)
	var wait sync.WaitGroup
	for first := range readers {
		wait.Go(func() {
			for i := first; i < n; i += readers {
				do(i)
			}
		})
	}
	wait.Wait()
}
