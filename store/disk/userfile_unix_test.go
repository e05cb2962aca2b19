//go:build unix

package disk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe is read to its end, as a shell's <(…) is; one without a writer is given up
// with its context; and none is written over.
func TestNamedPipe(t *testing.T) {
	dir := t.TempDir()
	silent, spoken := filepath.Join(dir, "silent"), filepath.Join(dir, "spoken")
	must(t, syscall.Mkfifo(silent, 0o600))
	must(t, syscall.Mkfifo(spoken, 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadFile(ctx, silent, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	go func() { _ = os.WriteFile(spoken, []byte("product,site"), 0o600) }()
	if data, err := ReadFile(t.Context(), spoken, 100); err != nil || string(data) != "product,site" {
		t.Errorf("%q, %v", data, err)
	}
	if err := WriteFile(spoken, []byte("x")); !errors.Is(err, ErrNotPlain) {
		t.Errorf("a pipe was written over: %v", err)
	}
}
