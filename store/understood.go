package store

import (
	"bytes"
	"context"
	"io"
	"sync"
)

// connectors.json as it was understood last, for those who look at it often. A check of a
// thousand connectors looks a thousand times at a file that stays the same: its bytes are
// compared each time, piece by piece, so nothing that changed is ever missed and nothing is
// read anew, understood anew or held twice.

// understood is the file as it was understood last, and the bytes that said so.
type understood struct {
	mu    sync.Mutex
	data  []byte // nil for none
	shelf shelf
	piece []byte // what is compared is read into it
}

// comparedAtOnce is how much of the file is read at a time.
const comparedAtOnce = 32 << 10

// current is the file as it stands. What it returns is shared: nobody changes it.
func (f *file) current(ctx context.Context) (shelf, error) {
	f.last.mu.Lock()
	defer f.last.mu.Unlock()
	if f.unchanged() {
		return f.last.shelf, nil
	}
	f.last.data, f.last.shelf = nil, shelf{}
	data, err := content(f.path)
	if err != nil {
		return f.read(ctx) // missing, or to be mended
	}
	s, err := decode(data)
	if err != nil {
		return f.read(ctx)
	}
	f.last.data, f.last.shelf = data, s
	return s, nil
}

// unchanged reports whether the file holds the bytes that were understood last. It needs
// the lock of last.
func (f *file) unchanged() bool {
	if f.last.data == nil {
		return false
	}
	r, size, err := openOwn(f.path)
	if err != nil {
		return false
	}
	defer r.Close()
	if f.last.piece == nil {
		f.last.piece = make([]byte, comparedAtOnce)
	}
	rest := f.last.data
	for size == int64(len(f.last.data)) { // else it needs no reading
		n, err := r.Read(f.last.piece)
		if n > len(rest) || !bytes.Equal(f.last.piece[:n], rest[:n]) {
			return false
		}
		if rest = rest[n:]; err != nil {
			return err == io.EOF && len(rest) == 0
		}
	}
	return false
}

// record is one connector as the file has it now; false where there is none.
func (f *file) record(ctx context.Context, id string) (record, bool, error) {
	s, err := f.current(ctx)
	if r := s.find(id); err == nil && r != nil {
		return *r, true, nil
	}
	return record{}, false, err
}
