package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// program is the built program with arguments, in a world of its own.
func program(t *testing.T, args ...string) *exec.Cmd { t.Helper(); return programFor(t, args...) }

// programFor is program for benchmarks as well.
func programFor(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), args...)
	cmd.Env = append(cmd.Environ(), "HOME="+home, "SAASCONNECT_HOME="+filepath.Join(home, "sc"),
		"DBUS_SESSION_BUS_ADDRESS=disabled:", "SAASCONNECT_KEY_FILE=", "SAASCONNECT_KEEP_IN=", "SAASCONNECT_ROLE=", "LANG=C.UTF-8")
	return cmd
}

// Ctrl+C while Atlassian keeps silent: the real program ends with 130, by itself.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows can't send an interrupt to one process alone")
	}
	line, err := newLine("hang")
	if err != nil {
		t.Fatal(err)
	}
	defer line.close()
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		var stdout, stderr bytes.Buffer
		cmd := program(t, "check", "--site", line.seed.Site, "--email", line.seed.Email, "--product", "jira", "--token-env", "TOKEN", "--json", "--timeout", "5m")
		cmd.Env = append(cmd.Env, "HTTPS_PROXY=http://"+line.address, "TOKEN="+line.seed.Token)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-line.taken:
		case <-t.Context().Done():
			t.Fatal("the program did not ask")
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // the exit code says it
		if cmd.ProcessState.ExitCode() != 130 || !strings.Contains(stdout.String(), `"code": "interrupted"`) {
			t.Errorf("%s: exit %d: %s%s", sig, cmd.ProcessState.ExitCode(), &stdout, &stderr)
		}
	}
}

// A first check opens one connection, and sends nothing but to the site.
func TestOneConnectionThroughTheProxy(t *testing.T) {
	line, err := newLine("ok")
	if err != nil {
		t.Fatal(err)
	}
	defer line.close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, line.authority, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, "check", "--site", line.seed.Site, "--email", line.seed.Email, "--product", "jira", "--token-env", "TOKEN", "--ca-file", ca)
	cmd.Env = append(cmd.Env, "HTTPS_PROXY=http://"+line.address, "TOKEN="+line.seed.Token)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if n := line.tunnels.Load(); n != 1 {
		t.Errorf("%d tunnels through the proxy, want 1", n)
	}
	for _, r := range line.cloud.Requests() {
		if r.Host != line.seed.Site+".atlassian.net" {
			t.Errorf("asked %s for %s", r.Host, r.Path)
		}
	}
}

// Each situation's check, by the shipped client over the pretend line, ends in the
// diagnosis that the situation is there for, with the exit code of its verdict.
func TestPracticeEndsInItsCode(t *testing.T) {
	t.Parallel()
	out, err := program(t, "practice", "--list", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Situations []struct{ Name, Code, Product string }
	}
	if err := json.Unmarshal(out, &list); err != nil || len(list.Situations) < 20 {
		t.Fatalf("%d situations, %v", len(list.Situations), err)
	}
	exits := map[string]int{"working": 0, "attention": 0, "failing": 1, "unknown": 3}
	for _, s := range list.Situations {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			cmd := program(t, "practice", s.Name, "--json", "--timeout", "2s")
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			var got struct {
				Version int
				Results []struct {
					Code, Verdict, Product, Title, Why string
					Remedies                           []struct{ Do string }
					Stages                             []struct{ Stage, Verdict, Detail string }
				}
			}
			if err := json.Unmarshal(stdout.Bytes(), &got); err != nil || got.Version != 1 || len(got.Results) != 1 {
				t.Fatalf("%v in %s%s", err, &stdout, &stderr)
			}
			r := got.Results[0]
			if r.Code != s.Code || r.Product != s.Product {
				t.Errorf("code %s for %s, want %s for %s: %s", r.Code, r.Product, s.Code, s.Product, r.Why)
			}
			if want, known := exits[r.Verdict]; !known || cmd.ProcessState.ExitCode() != want {
				t.Errorf("verdict %q, exit %d", r.Verdict, cmd.ProcessState.ExitCode())
			}
			if r.Verdict != "working" && len(r.Remedies) == 0 || r.Title == "" || len(r.Stages) != 6 || stderr.Len() > 0 {
				t.Errorf("incomplete: %s%s", &stdout, &stderr)
			}
		})
	}
}
