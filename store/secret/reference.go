package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
)

// References is the Storage of tokens in external sources. A connector says where (its
// Reference: a variable, a file or a command), and the token is read there each time. Only
// whom each token is for is remembered. It is safe for concurrent use, and for several
// processes.
type References struct {
	o ReferenceOptions
	// begun: a lock that is held elsewhere is waited for once a run, and not for each connector.
	begun sync.Once

	// The file of whom tokens are for is read again only where it changed: a check of a
	// thousand references asks for each of them.
	mu    sync.Mutex
	stamp fs.FileInfo // of the file that known was read from
	known map[string]binding
}

// ReferenceOptions say how References remember whom tokens are for.
type ReferenceOptions struct {
	Path string // of proven.json, in the state folder
	// Lock runs something while no other saasconnect writes.
	Lock func(ctx context.Context, do func() error) error
	// Current lists the connectors whose token is a reference, as connectors.json has them now.
	Current func() ([]connector.Connector, error)
	// Fail is for tests: a fault before each step of a write; nil never fails.
	Fail func(point string) error
}

// NewReferences makes the storage. It touches no file.
func NewReferences(o ReferenceOptions) *References {
	return &References{o: o}
}

// Kind is StorageReference.
func (*References) Kind() connector.StorageKind { return connector.StorageReference }

// Probe says that it is ready: whether a token is there shows when it is read.
func (*References) Probe(context.Context) connector.StorageStatus {
	return connector.StorageStatus{Kind: connector.StorageReference, State: connector.StorageReady, Where: "where each connector says"}
}

// Put stores nothing: it checks that the connector says where the token is, and is
// StorageWhyMissing else. Bind remembers whom it is for.
func (*References) Put(_ context.Context, c connector.Connector, _ string, _ atlassian.Token) error {
	if c.Reference == nil {
		return Error(connector.StorageReference, connector.StorageWhyMissing, nil)
	}
	return nil
}

// Get reads the token as if it had been pasted, where it is for the connector's site and
// email: StorageWhyOtherSite else, and StorageWhyDamaged where what is there is no token.
func (r *References) Get(ctx context.Context, c connector.Connector, _ string) (atlassian.Token, error) {
	if err := r.Check(ctx, c); err != nil {
		return atlassian.Token{}, err
	}
	if c.Reference == nil {
		return atlassian.Token{}, Error(connector.StorageReference, connector.StorageWhyMissing, nil)
	}
	return fetchToken(ctx, *c.Reference)
}

// Delete does nothing: an external source is not this program's to delete.
func (*References) Delete(context.Context, string) error { return nil }

func fetchToken(ctx context.Context, from connector.Reference) (atlassian.Token, error) {
	data, err := Fetch(ctx, from)
	if err != nil {
		return atlassian.Token{}, err
	}
	token, receipt := atlassian.ReadToken(string(data))
	if receipt.Wrong != atlassian.TokenOK {
		return atlassian.Token{}, Error(connector.StorageReference, connector.StorageWhyDamaged, nil)
	}
	return token, nil
}

const (
	referenceLimit   = 10 * time.Second
	largestReference = 64 << 10
)

// Fetch reads what a reference names: at most 64 KiB, within 10 s, and ended with its
// context. A command is run without a shell, and its standard error is never shown: it could
// hold what the command read. Errors are *connector.StorageError (or the context's) and hold
// nothing of what was read.
func Fetch(ctx context.Context, r connector.Reference) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, referenceLimit)
	defer cancel()
	switch {
	case r.Env != "":
		value := os.Getenv(r.Env)
		if value == "" {
			return nil, referenceError(connector.StorageWhyMissing, "the environment variable %s is not set", r.Env)
		}
		return []byte(value), nil
	case len(r.Command) > 0:
		return runCommand(ctx, r.Command)
	case r.File != "":
		return readNamed(ctx, r.File)
	}
	return nil, referenceError(connector.StorageWhyMissing, "the reference is empty")
}

// shown is a path as it is shown. connectors.json, which it may be from, can be edited by hand.
func shown(path string) string { return atlassian.Quoted(path, 300) }

// referenceError is an error of this storage, with its cause in words.
func referenceError(why connector.StorageWhy, format string, of ...any) error {
	return Error(connector.StorageReference, why, fmt.Errorf(format, of...))
}

// runCommand runs a command and returns its standard output, without a last line's end.
func runCommand(ctx context.Context, argv []string) ([]byte, error) {
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.WaitDelay = time.Second // a child of the command may hold the pipe open
	out := &limitedBuffer{left: largestReference}
	c.Stdout = out
	release, err := startAlone(c)
	defer release()
	if err == nil {
		err = c.Wait()
	}
	var notFound *exec.Error
	switch {
	case out.left < 0:
		return nil, Error(connector.StorageReference, connector.StorageWhyTooBig, nil)
	case errors.Is(err, exec.ErrWaitDelay): // it ended well, and left a child behind
	case ctx.Err() != nil:
		return nil, ended(ctx, connector.StorageReference)
	case errors.As(err, &notFound):
		return nil, referenceError(connector.StorageWhyUnavailable, "the command %s could not be started", shown(argv[0]))
	case err != nil:
		return nil, referenceError(connector.StorageWhyRefused, "the command %s failed", shown(argv[0]))
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
		return 0, disk.ErrTooLarge
	}
	return b.taken.Write(p)
}

// readNamed reads a file, which may be a pipe that no one writes to, without the ends of its
// last lines.
func readNamed(ctx context.Context, path string) ([]byte, error) {
	data, err := disk.ReadFile(ctx, path, largestReference)
	switch {
	case err == nil:
		return bytes.TrimRight(data, "\r\n"), nil
	case ctx.Err() != nil:
		return nil, ended(ctx, connector.StorageReference)
	case errors.Is(err, fs.ErrNotExist):
		return nil, referenceError(connector.StorageWhyMissing, "the file %s could not be read", shown(path))
	case errors.Is(err, disk.ErrTooLarge):
		return nil, referenceError(connector.StorageWhyTooBig, "the file %s could not be read", shown(path))
	}
	return nil, referenceError(connector.StorageWhyRefused, "the file %s could not be read", shown(path))
}
