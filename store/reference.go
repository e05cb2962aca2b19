package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"saasconnect/connector"
)

// Tokens that are kept elsewhere: only where they are is remembered, and they are read
// each time. A command is run without a shell; what it says on stderr is never shown,
// since it could hold what it read.

const (
	referenceLimit   = 10 * time.Second
	largestReference = 64 << 10
)

// Fetch reads what a reference points at: at most 64 KiB, within 10 s, and ended with its
// context. The errors are *connector.StorageError and hold nothing of what was read.
func Fetch(ctx context.Context, r connector.Reference) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, referenceLimit)
	defer cancel()
	switch {
	case r.Env != "":
		value, ok := os.LookupEnv(r.Env)
		if !ok || value == "" {
			return nil, trouble(connector.StorageReference, connector.StorageWhyMissing, fmt.Errorf("the environment variable %s is not set", r.Env))
		}
		return []byte(value), nil
	case len(r.Command) > 0:
		return runReference(ctx, r.Command)
	case r.File != "":
		return readReference(ctx, r.File)
	}
	return nil, trouble(connector.StorageReference, connector.StorageWhyMissing, errors.New("the reference is empty"))
}

// runReference runs the command and takes its standard output.
func runReference(ctx context.Context, argv []string) ([]byte, error) {
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	alone(c)
	c.WaitDelay = time.Second // a child of the command may hold the pipe open
	out := &limitedBuffer{left: largestReference}
	c.Stdout = out
	err := c.Run()
	var notFound *exec.Error
	switch {
	case out.left < 0:
		return nil, trouble(connector.StorageReference, connector.StorageWhyTooBig, nil)
	case errors.Is(err, exec.ErrWaitDelay): // it ended well, and left a child behind
	case ctx.Err() != nil:
		return nil, ended(ctx, connector.StorageReference)
	case errors.As(err, &notFound):
		return nil, trouble(connector.StorageReference, connector.StorageWhyUnavailable, fmt.Errorf("the command %q could not be started", argv[0]))
	case err != nil:
		return nil, trouble(connector.StorageReference, connector.StorageWhyRefused, fmt.Errorf("the command %q failed", argv[0]))
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(out.taken.Bytes(), []byte("\n")), []byte("\r")), nil
}

// limitedBuffer takes so many bytes and refuses more, which ends the pipe of a command
// that never stops talking. The buffer is not embedded: io.Copy would find its ReadFrom
// and go past Write.
type limitedBuffer struct {
	taken bytes.Buffer
	left  int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooLarge
	}
	return b.taken.Write(p)
}

// readReference reads a file, which may be a pipe that nobody writes to.
func readReference(ctx context.Context, path string) ([]byte, error) {
	type read struct {
		data []byte
		err  error
	}
	done := apart(func() read {
		data, err := readAny(path)
		return read{data, err}
	})
	select {
	case get := <-done:
		r := get()
		if r.err != nil {
			why := connector.StorageWhyRefused
			switch {
			case errors.Is(r.err, os.ErrNotExist):
				why = connector.StorageWhyMissing
			case errors.Is(r.err, errTooLarge):
				why = connector.StorageWhyTooBig
			}
			return nil, trouble(connector.StorageReference, why, fmt.Errorf("the file %q could not be read", path))
		}
		return bytes.TrimRight(r.data, "\r\n"), nil
	case <-ctx.Done():
		return nil, ended(ctx, connector.StorageReference)
	}
}

func readAny(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, largestReference)
}
