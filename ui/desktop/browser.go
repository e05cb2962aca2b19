// Package desktop is what this machine does for the person at it: open a page, run a
// command. It is the only part of ui that knows of processes.
package desktop

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Browser opens pages, or is nil where none can open: over SSH the page would come up on
// the other machine, and without a display nowhere. BROWSER says it knows better.
func Browser(getenv func(string) string) func(context.Context, string) error {
	argv := strings.Fields(getenv("BROWSER"))
	switch {
	case len(argv) > 0:
	case getenv("SSH_CONNECTION") != "" || getenv("SSH_TTY") != "":
		return nil
	case runtime.GOOS == "darwin":
		argv = []string{"open"}
	case runtime.GOOS == "windows":
		argv = []string{"rundll32", "url.dll,FileProtocolHandler"}
	case getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "":
		return nil
	default:
		argv = []string{"xdg-open"}
	}
	return func(ctx context.Context, url string) error { return browse(ctx, argv, url) }
}

// browseGrace is how soon an opener that can't open anything has said so.
const browseGrace = 2 * time.Second

// browse starts the opener and does not wait for the browser: some openers stay until it
// is closed. It is not ended with the context, since the page should stay.
func browse(ctx context.Context, argv []string, url string) error {
	if !strings.HasPrefix(url, "https://") {
		return errors.New("only https pages are opened")
	}
	opener := exec.Command(argv[0], append(argv[1:len(argv):len(argv)], url)...)
	if err := opener.Start(); err != nil {
		return fmt.Errorf("start the browser: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- opener.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	case <-time.After(browseGrace):
	}
	return nil
}
