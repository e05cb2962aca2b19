package secret

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/connector"
)

func TestReferences(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
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
		"a command":            {connector.Reference{Command: command(t, "echo", canary)}, ""},
		"it fails":             {connector.Reference{Command: command(t, "fail", canary)}, "refused"},
		"no such command":      {connector.Reference{Command: []string{"saasconnect-no-such-command"}}, "unavailable"},
		"it says nothing":      {connector.Reference{Command: command(t, "echo", "")}, "damaged"},
		"it never stops":       {connector.Reference{Command: command(t, "flood", canary)}, "too-big"},
		"it leaves a child":    {connector.Reference{Command: command(t, "leave", canary)}, ""},
		"nothing is named":     {connector.Reference{}, "missing"},
		"no shell looks at it": {connector.Reference{Command: command(t, "echo", "$ACME_TOKEN")}, "damaged"},
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

// TestMain makes the test program a command that a reference names: "as ROLE TEXT".
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "as" {
		os.Exit(playCommand(os.Args[2], os.Args[3]))
	}
	os.Exit(m.Run())
}

// command is the test program in a role.
func command(t *testing.T, role, text string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self, "as", role, text}
}

// playCommand is what the test program does as a command, and its exit code.
func playCommand(role, text string) int {
	child := func(role string) error {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		c := exec.Command(self, "as", role, text)
		c.Stdout = os.Stdout // which it holds open
		return c.Start()
	}
	var err error
	switch role {
	case "echo":
		fmt.Println(text)
	case "fail":
		fmt.Fprintln(os.Stderr, text)
		return 3
	case "flood":
		for err == nil {
			_, err = fmt.Println(text)
		}
	case "leave":
		err = child("sleep")
		fmt.Println(text)
	case "sleep":
		time.Sleep(3 * time.Second)
	case "hang": // with a child that is connected to the test as long as it lives
		err = child("connect")
		time.Sleep(time.Minute)
	case "connect":
		if _, err = net.Dial("tcp", text); err == nil {
			time.Sleep(time.Minute)
		}
	}
	if err != nil {
		return 4
	}
	return 0
}

// TestNoBackslashIsDoubled: a path is shown as it was typed.
func TestNoBackslashIsDoubled(t *testing.T) {
	const path = `C:\no\such\token.txt`
	for _, ref := range []connector.Reference{{File: path}, {Command: []string{path}}} {
		_, err := Fetch(t.Context(), ref)
		if words := connector.FetchProblem(err); !strings.Contains(words, `"`+path+`"`) {
			t.Errorf("%q", words)
		}
	}
}

// TestReferencesEnd: a command that hangs ends with its children.
func TestReferencesEnd(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		child, err := listener.Accept()
		cancel() // it lives
		if err == nil {
			_ = child.SetReadDeadline(time.Now().Add(20 * time.Second))
			_, err = child.Read(make([]byte, 1)) // until it ends
		}
		ended <- err
	}()
	if _, err := Fetch(ctx, connector.Reference{Command: command(t, "hang", listener.Addr().String())}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := <-ended; errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the command's child lives on")
	}
}
