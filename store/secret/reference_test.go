package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/connector"
)

// commandMark makes the test program the command of a reference: it does one task and ends.
const commandMark = "SAASCONNECT_TEST_COMMAND"

// TestMain turns the test program into a command where it is asked to be one.
func TestMain(m *testing.M) {
	if os.Getenv(commandMark) != "" && len(os.Args) == 3 {
		os.Exit(command(os.Args[1], os.Args[2]))
	}
	os.Exit(m.Run())
}

// command prints a text once, or on standard error and fails, or without an end, or leaves a
// child that holds its output open.
func command(task, text string) int {
	switch task {
	case "fail":
		fmt.Fprintln(os.Stderr, text)
		return 3
	case "pour":
		for {
			if _, err := fmt.Println(text); err != nil {
				return 1
			}
		}
	case "leave":
		child := exec.Command(os.Args[0], "hold", text)
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			return 1
		}
	case "hold":
		time.Sleep(30 * time.Second)
		return 0
	}
	fmt.Println(text)
	return 0
}

func TestReferences(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	program := func(task ...string) []string { return append([]string{os.Args[0]}, task...) }
	t.Setenv(commandMark, "yes")
	t.Setenv("ACME_TOKEN", canary)
	t.Setenv("ACME_EMPTY", "")
	for name, c := range map[string]struct {
		ref connector.Reference
		why string // "" where the canary comes
	}{
		"a variable":           {connector.Reference{Env: "ACME_TOKEN"}, ""},
		"no variable":          {connector.Reference{Env: "ACME_NO_SUCH"}, "missing"},
		"an empty variable":    {connector.Reference{Env: "ACME_EMPTY"}, "missing"},
		"a file":               {connector.Reference{File: write("token", canary+"\r\n")}, ""},
		"no file":              {connector.Reference{File: filepath.Join(dir, "no")}, "missing"},
		"a folder":             {connector.Reference{File: dir}, "refused"},
		"a huge file":          {connector.Reference{File: write("huge", strings.Repeat("x", largestReference+1))}, "too-big"},
		"not a token":          {connector.Reference{File: write("mail", "mia@example.com")}, "damaged"},
		"a command":            {connector.Reference{Command: program("print", canary)}, ""},
		"it fails":             {connector.Reference{Command: program("fail", canary)}, "refused"},
		"no such command":      {connector.Reference{Command: []string{"saasconnect-no-such-command"}}, "unavailable"},
		"it says nothing":      {connector.Reference{Command: program("print", "")}, "damaged"},
		"it never stops":       {connector.Reference{Command: program("pour", canary)}, "too-big"},
		"it leaves a child":    {connector.Reference{Command: program("leave", canary)}, ""},
		"nothing is named":     {connector.Reference{}, "missing"},
		"no shell looks at it": {connector.Reference{Command: program("print", "$ACME_TOKEN")}, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := fetchToken(t.Context(), c.ref)
			if c.why == "" {
				if err != nil || token.Reveal() != canary {
					t.Errorf("%v", err)
				}
				return
			}
			if got := whyOf(t, err); got != c.why {
				t.Errorf("%s, want %s (%v)", got, c.why, err)
			}
			noCanaryInError(t, err)
		})
	}
}

// TestReferencesEnd: a command that hangs ends with its children, and so does the wait for
// a pipe to which nobody writes.
func TestReferencesEnd(t *testing.T) {
	if _, err := exec.LookPath("mkfifo"); err != nil {
		t.Skip("there is no mkfifo")
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if out, err := exec.Command("mkfifo", pipe).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// The child opens the pipe for writing: that it is gone shows in the end of what can
	// be read from it.
	began, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		f, err := os.Open(pipe)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		one := make([]byte, 1)
		_, _ = f.Read(one)
		close(began)
		if n, _ := f.Read(one); n > 0 { // until every writer is gone
			t.Error("the writer wrote more")
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { <-began; cancel() }()
	hang := []string{"sh", "-c", `(printf x; exec sleep 60) >"$0" & wait`, pipe}
	if _, err := Fetch(ctx, connector.Reference{Command: hang}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("the command's child lives on")
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Fetch(ctx, connector.Reference{File: pipe}); whyOf(t, err) != "timed-out" {
		t.Errorf("%v", err)
	}
}
