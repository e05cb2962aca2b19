package cli_test

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

// This file holds the wizard in a real terminal while a server makes its check hang.

// hungWizard opens the form, filled in as far as the command line goes, and starts the check
// that hangs.
func hungWizard(t *testing.T, say talk) (*terminal, *hostile) {
	t.Helper()
	seed, dir := canary(), t.TempDir()
	h := openHostile(t, say)
	key := filepath.Join(dir, "key")
	if err := writeKey(key); err != nil {
		t.Fatal(err)
	}
	term := openTerminalIn(t, false, []string{
		"SAASCONNECT_HOME=" + filepath.Join(dir, "home"), "SAASCONNECT_KEY_FILE=" + key, "SAASCONNECT_KEEP_IN=file", "SAASCONNECT_ROLE=global-admin",
		"HTTPS_PROXY=http://" + h.address, "SSL_CERT_FILE=" + authorityFile(t, h), "NO_PROXY=", "no_proxy=", "https_proxy=",
	}, "add", "jira", "--site", seed.Site, "--email", seed.Email, "--timeout", "5m")
	term.see("Site URL")
	term.see("the encrypted file ✓") // while it is tried Continue waits, and goes on by itself
	term.press(bracketed(seed.Token + "\n"))
	term.see("192 characters, complete")
	term.press("\r\r")
	term.see("Checking acme.atlassian.net")
	select {
	case <-h.reached:
	case <-time.After(20 * time.Second):
		t.Fatalf("the check never came to its hang:\n%s", term.text())
	}
	return term, h
}

// TestEscapeFromAHangingCheck leaves a check that hangs: the form is back at once, with what
// was typed, and a second check can be begun and left with Ctrl+C.
func TestEscapeFromAHangingCheck(t *testing.T) {
	for name, say := range map[string]talk{
		"a proxy that says nothing": func(h *hostile, conn net.Conn) { h.hung(conn) },
		"a handshake that hangs":    proxied(func(h *hostile, conn net.Conn) { h.hung(conn) }),
		"a body, one byte a second": drips("HTTP/1.1 200 OK\r\nServer: AtlassianEdge\r\n\r\n{"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term, _ := hungWizard(t, say)
			at := time.Now()
			term.press("\x1b")
			term.see("paste to replace")
			took := time.Since(at)
			if took > late {
				t.Errorf("the form is back after %v", took)
			}
			t.Logf("the form is back after %v", took.Round(100*time.Microsecond))
			term.see(canary().Email)
			term.press("\r\r")
			term.see("Checking acme.atlassian.net")
			at = time.Now()
			term.press("\x03")
			term.exit(130)
			t.Logf("ended %v after Ctrl+C", time.Since(at).Round(100*time.Microsecond))
			term.hides(canary().Token)
		})
	}
}
