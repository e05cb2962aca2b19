// Package desktop is the computer that the user sits at: browser, clipboard, terminal, signals,
// and commands. It is the only part of ui that starts processes.
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

// Browser opens pages, or is nil where none can open.
func Browser(getenv func(string) string) func(context.Context, string) error {
	argv := opener(runtime.GOOS, getenv)
	if argv == nil {
		return nil
	}
	return func(ctx context.Context, url string) error { return browse(ctx, argv, url) }
}

// opener is the program that opens pages on a system, and its first arguments. It is nil
// over SSH, where the page would come up on the other machine, and without a display.
// BROWSER says it knows better. No shell is between: an address can hold & and %, which
// "cmd /c start" would take for its own.
func opener(system string, getenv func(string) string) []string {
	chosen := strings.Fields(getenv("BROWSER"))
	if system == "windows" && len(chosen) > 0 {
		chosen = []string{strings.TrimSpace(getenv("BROWSER"))} // C:\Program Files has a blank in it
	}
	switch {
	case len(chosen) > 0:
		return chosen
	case overSSH(getenv):
		return nil
	case system == "darwin":
		return []string{"/usr/bin/open"}
	case system == "windows":
		return []string{windowsProgram("rundll32.exe", getenv), "url.dll,FileProtocolHandler"}
	case getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "":
		return nil
	}
	return []string{"xdg-open"}
}

func overSSH(getenv func(string) string) bool {
	return getenv("SSH_CONNECTION") != "" || getenv("SSH_TTY") != ""
}

// windowsProgram is one of the system's own, by its full path: a program of the same name
// in a folder of PATH is not it.
func windowsProgram(name string, getenv func(string) string) string {
	root := getenv("SystemRoot")
	if root == "" {
		root = `C:\Windows`
	}
	return root + `\System32\` + name
}

// browseGrace is how soon an opener that can't open anything has said so.
const browseGrace = 2 * time.Second

// browse starts the opener and does not wait for the browser: some openers stay until it
// is closed. It is not ended with the context, since the page should stay.
func browse(ctx context.Context, argv []string, url string) error {
	if !strings.HasPrefix(url, "https://") {
		return errors.New("only https pages are opened")
	}
	program := exec.Command(argv[0], append(argv[1:len(argv):len(argv)], url)...)
	if err := program.Start(); err != nil {
		return fmt.Errorf("start the browser: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	case <-time.After(browseGrace):
	}
	return nil
}
