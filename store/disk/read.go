package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLarge is the answer where there is more to read than the caller's bound.
var ErrTooLarge = errors.New("too large")

// OpenPlain opens a file that must be a plain one: ErrNotPlain else, since opening a pipe to
// which no one writes would never return.
func OpenPlain(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("look: %w", Absent(path, err))
	case !info.Mode().IsRegular():
		return nil, ErrNotPlain
	}
	return open(path)
}

// ReadBounded reads a plain file of at most so many bytes: ErrTooLarge where it has more.
func ReadBounded(path string, most int64) ([]byte, error) {
	f, err := OpenPlain(path)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	return ReadAtMost(f, most)
}

// ReadAtMost reads to the end of at most so many bytes: ErrTooLarge where there are more.
func ReadAtMost(r io.Reader, most int64) ([]byte, error) {
	var b bytes.Buffer
	if f, ok := r.(*os.File); ok { // room for all of it at once
		if info, err := f.Stat(); err == nil {
			b.Grow(int(min(max(info.Size(), 0), most)) + bytes.MinRead)
		}
	}
	_, err := b.ReadFrom(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	case int64(b.Len()) > most:
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}
