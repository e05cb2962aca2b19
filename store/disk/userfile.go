package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"saasconnect/atlassian"
)

// Files that the user names, which are not this program's own: a list of connectors to
// read, one to write. They hold no secret.

// ReadFile reads a file that the user names, of at most so many bytes: ErrTooLarge where it
// has more. It may be a pipe, and then its writer is waited for until the context ends.
func ReadFile(ctx context.Context, path string, most int64) ([]byte, error) {
	var data []byte
	done := atlassian.Apart(func() error { // opening a pipe can't be ended
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		data, err = ReadAtMost(f, most)
		return err
	})
	select {
	case get := <-done:
		err := get()
		return data, err
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the file: %w", ctx.Err())
	}
}

// Exists reports whether anything stands at a path, also what can't be read, a pipe, or a link that
// leads nowhere. It opens nothing.
func Exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil || !errors.Is(err, fs.ErrNotExist)
}

// WriteFile writes a file that the user names, for its owner alone and in one step: a reader
// sees all of it or what was there before. It does not write over what is no plain
// file: ErrNotPlain.
func WriteFile(path string, data []byte) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return ErrNotPlain
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("look: %w", err)
	}
	return WriteAtomic(path, data, nil)
}
