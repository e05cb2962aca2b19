package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"saasconnect/atlassian/fakecloud"
)

// This file watches, from outside, how the real program ends where a server does its worst:
// in time, with the right code, at once when it is told to, and without a word of the
// server's or of the token's that should not be seen.

// programEnd is how a run of the program ended.
type programEnd struct {
	exit     int
	out, err string
	took     time.Duration
}

func (e programEnd) String() string {
	return fmt.Sprintf("exit %d after %v: %s%s", e.exit, e.took, e.out, e.err)
}

// code is the diagnosis in what --json printed, "" for none.
func (e programEnd) code() string {
	var said struct {
		Results []struct{ Code string }
		Error   struct{ Code string }
	}
	if json.Unmarshal([]byte(e.out), &said) != nil || len(said.Results) == 0 {
		return said.Error.Code
	}
	return said.Results[0].Code
}

// canary is the account whose token must never be seen.
func canary() fakecloud.Seed { return fakecloud.Situations()[0].Seed }

// checks is the program about to check a site behind a hostile proxy.
func checks(t *testing.T, h *hostile, product string, more ...string) *exec.Cmd {
	t.Helper()
	seed := canary()
	cmd := program(t, append([]string{"check", "--site", seed.Site, "--email", seed.Email, "--product", product, "--token-env", "TOKEN"}, more...)...)
	cmd.Env = append(cmd.Env, "TOKEN="+seed.Token, "NO_PROXY=", "no_proxy=", "https_proxy=", "HTTPS_PROXY=http://me:PROXYSECRET@"+h.address, "SSL_CERT_FILE="+authorityFile(t, h))
	return cmd
}

func authorityFile(t *testing.T, h *hostile) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, h.authority.pem, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// runs waits for the program's own end, and looks through what it wrote. What is to happen
// meanwhile begins once the program has been started.
func runs(t *testing.T, cmd *exec.Cmd, meanwhile ...func()) programEnd {
	t.Helper()
	// One that never ends by itself is ended, and fails the test by its exit code.
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	for _, f := range meanwhile {
		f()
	}
	_ = cmd.Wait() // the exit code says it
	end := programEnd{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(begun)}
	fit(t, end.out)
	fit(t, end.err)
	return end
}

// fit: a stream holds nothing that a terminal obeys, nothing unseen, and no secret.
func fit(t *testing.T, stream string) {
	t.Helper()
	obeyed := func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
	}
	// What JSON escapes is not harmless: the next program takes the escapes off.
	for values := json.NewDecoder(strings.NewReader(stream)); ; {
		var one any
		if values.Decode(&one) != nil {
			break
		}
		stream += fmt.Sprintf("\n%v", one)
	}
	if !utf8.ValidString(stream) || strings.ContainsFunc(stream, obeyed) {
		t.Errorf("a terminal would obey something in %q", stream)
	}
	seed := canary()
	pair := base64.StdEncoding.EncodeToString([]byte(seed.Email + ":" + seed.Token))
	for _, secret := range []string{seed.Token, pair, "PROXYSECRET-"} {
		for at := 12; at+16 <= len(secret); at++ {
			if strings.Contains(stream, secret[at:at+16]) {
				t.Errorf("a part of a secret is in %q", stream)
				break
			}
		}
	}
	for _, never := range []string{"PROXYSECRET", "Basic ", "goroutine ", "x509:", "http2:", "dial tcp"} {
		if strings.Contains(stream, never) {
			t.Errorf("%q is in %q", never, stream)
		}
	}
}

// lull is a way in which a check comes to a hang, and the code that it ends in.
type lull struct {
	talk talk
	code string
}

func lulls() map[string]lull {
	const ok = "HTTP/1.1 200 OK\r\nServer: AtlassianEdge\r\nContent-Type: application/json\r\n"
	return map[string]lull{
		"a proxy that says nothing":   {func(h *hostile, conn net.Conn) { h.hung(conn) }, "timed-out"},
		"a handshake that hangs":      {proxied(func(h *hostile, conn net.Conn) { h.hung(conn) }), "timed-out"},
		"a server that says nothing":  {hangs(""), "timed-out"},
		"a header that hangs":         {hangs(ok + "X-Half: "), "timed-out"},
		"a body that hangs":           {hangs(ok + "Content-Length: 99\r\n\r\n{"), "timed-out"},
		"a 1xx that hangs":            {hangs("HTTP/1.1 103 Early Hints\r\n\r\n"), "timed-out"},
		"a status, one byte a second": {drips("HTTP/1.1 "), "timed-out"},
		"a header, one byte a second": {drips(ok + "X-Slow: "), "timed-out"},
		"a body, one byte a second":   {drips(ok + "Content-Length: 99\r\n\r\n{"), "timed-out"},
	}
}

// sideBySide tries them all at once: they wait, and need no processor of their own, which is
// what t.Parallel counts.
func sideBySide(t *testing.T, try func(*testing.T, lull)) {
	t.Helper()
	var all sync.WaitGroup
	for name, c := range lulls() {
		all.Go(func() { t.Run(name, func(t *testing.T) { try(t, c) }) })
	}
	all.Wait()
}

// late is how long after its limit a check may end on a machine that is busy with others.
const late = 5 * time.Second

// TestLimitFromOutside lets each of them run into the check's own limit.
func TestLimitFromOutside(t *testing.T) {
	t.Parallel()
	const limit = 2 * time.Second
	sideBySide(t, func(t *testing.T, c lull) {
		end := runs(t, checks(t, openHostile(t, c.talk), "confluence", "--json", "--timeout", limit.String()))
		if end.exit != 3 || end.code() != c.code {
			t.Errorf("want %s with exit 3: %s", c.code, end)
		}
		if end.took < limit || end.took > limit+late {
			t.Errorf("the limit is %v: %s", limit, end)
		}
		t.Logf("%v after the limit", (end.took - limit).Round(time.Millisecond))
	})
}

// TestInterruptFromOutside sends SIGINT once the check hangs: its limit is far away.
func TestInterruptFromOutside(t *testing.T) {
	sideBySide(t, func(t *testing.T, c lull) {
		h := openHostile(t, c.talk)
		cmd := checks(t, h, "jira", "--json", "--timeout", "5m")
		var at time.Time
		end := runs(t, cmd, func() {
			select {
			case <-h.reached:
			case <-time.After(30 * time.Second):
				t.Error("the check never came to its hang")
			}
			at = time.Now()
			_ = cmd.Process.Signal(os.Interrupt) // one that has ended already fails below
		})
		took := time.Since(at)
		if end.exit != 130 || end.code() != "interrupted" {
			t.Errorf("want exit 130: %s", end)
		}
		if took > late {
			t.Errorf("over %v after SIGINT", took)
		}
		t.Logf("over %v after SIGINT", took.Round(100*time.Microsecond))
	})
}
