//go:build !windows

package secret

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"saasconnect/connector"
)

// TestAPipeThatNoOneWritesTo is not waited for without a limit.
func TestAPipeThatNoOneWritesTo(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Fetch(ctx, connector.Reference{File: pipe}); whyOf(t, err) != "timed-out" {
		t.Errorf("%v", err)
	}
}
