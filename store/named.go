package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Files that a person names, which are not this program's own: a list of connectors to
// read, one to write. They hold no secret.

// ReadFile reads a file of at most so many bytes; more are an error.
// It may be a pipe, and then its writer is waited for until the context ends.
func ReadFile(ctx context.Context, path string, most int64) ([]byte, error) {
	type read struct {
		data []byte
		err  error
	}
	done := apart(func() read { // opening a pipe can't be ended
		f, err := os.Open(path)
		if err != nil {
			return read{nil, err}
		}
		defer f.Close()
		data, err := readAtMost(f, most)
		return read{data, err}
	})
	select {
	case get := <-done:
		r := get()
		return r.data, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the file: %w", ctx.Err())
	}
}

// WriteFile writes a file for its owner alone, in one step: whoever reads it sees all of it
// or what was there before. It does not write over what is no plain file.
func WriteFile(path string, data []byte) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return errNotPlain
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("look: %w", err)
	}
	return writeAtomic(path, data, func(string) error { return nil })
}
