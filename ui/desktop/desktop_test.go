package desktop_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"saasconnect/ui/desktop"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v
			}
		}
		return ""
	}
}

func TestWhereABrowserCanOpen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("macOS and Windows always have a desktop, but over SSH")
	}
	for name, test := range map[string]struct {
		env  func(string) string
		want bool
	}{
		"nothing":       {env(), false},
		"display":       {env("DISPLAY=:0"), true},
		"wayland":       {env("WAYLAND_DISPLAY=wayland-0"), true},
		"over SSH":      {env("DISPLAY=:0", "SSH_CONNECTION=a b c d"), false},
		"BROWSER knows": {env("SSH_TTY=/dev/pts/1", "BROWSER=w3m"), true},
	} {
		if got := desktop.Browser(test.env) != nil; got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The page's address is one argument of the opener, and nothing but https is opened.
func TestBrowserGetsTheAddress(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the opener is a script of sh")
	}
	dir := t.TempDir()
	opener, seen := filepath.Join(dir, "opener"), filepath.Join(dir, "seen")
	if err := os.WriteFile(opener, []byte("#!/bin/sh\nprintf '%s|' \"$@\" > "+seen+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	open := desktop.Browser(env("BROWSER=" + opener + " --new"))
	if err := open(context.Background(), "https://id.atlassian.com/a?b&c"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(seen); err != nil || string(got) != "--new|https://id.atlassian.com/a?b&c|" {
		t.Errorf("the opener got %q, %v", got, err)
	}
	for _, bad := range []string{"http://example.com", "file:///etc/passwd", "-n"} {
		if open(context.Background(), bad) == nil {
			t.Errorf("%s was opened", bad)
		}
	}
	if desktop.Browser(env("BROWSER=/no/such/program"))(context.Background(), "https://example.com") == nil {
		t.Error("an opener that is not there opened a page")
	}
}

// TestExecute runs a command from a process of the test's own, whose place it takes on Unix.
func TestExecute(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the command is sh")
	}
	if script, again := os.LookupEnv("DESKTOP_TEST_EXECUTE"); again {
		_, err := desktop.Execute(func() { fmt.Println("stopped") }, []string{"sh", "-c", script}, []string{"A=a", "A=b"})
		t.Fatal(err)
	}
	for script, want := range map[string]int{"exit 0": 0, "exit 3": 3, "kill -KILL $$": -1, `test "$A" = b && test -z "$HOME" && exit 9`: 9} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestExecute$")
		cmd.Env = append(os.Environ(), "DESKTOP_TEST_EXECUTE="+script)
		out, _ := cmd.CombinedOutput() // the exit code says it
		if got := cmd.ProcessState.ExitCode(); got != want || !strings.Contains(string(out), "stopped") {
			t.Errorf("%s: %d, want %d: %s", script, got, want, out)
		}
	}
	if _, err := desktop.Execute(func() {}, []string{"/no/such/program"}, nil); err == nil {
		t.Error("a program that is not there was started")
	}
}
