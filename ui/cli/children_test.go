//go:build linux

package cli_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestChildrenSeeNothing: a password manager's command that this program runs looks around
// as far as it can, at its own environment and at this program's arguments, environment and
// open files, while tokens are being read and sent. It finds none; nor is one left in any
// file, temporary ones included.
func TestChildrenSeeNothing(t *testing.T) {
	t.Parallel()
	line, err := newLine("ok")
	if err != nil {
		t.Fatal(err)
	}
	defer line.close()
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := write("key", "a long passphrase for the tests alone\n", 0o600)
	ca := write("ca.pem", string(line.authority), 0o600)
	secret := write("where-the-manager-keeps-it", line.seed.Token, 0o600)
	dump := filepath.Join(dir, "dump")
	spy := write("spy", "#!/bin/sh\n{ env; echo; tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$PPID/cmdline; tr '\\0' '\\n' < /proc/$PPID/environ; ls -l /proc/$PPID/fd; } >> "+dump+" 2>&1\ncat "+secret+"\n", 0o700)
	temps := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temps, 0o700); err != nil {
		t.Fatal(err)
	}
	run := func(stdin string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), args...)
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "SAASCONNECT_HOME=" + filepath.Join(dir, "home"), "SAASCONNECT_KEY_FILE=" + key, "TMPDIR=" + temps,
			"DBUS_SESSION_BUS_ADDRESS=disabled:", "HTTPS_PROXY=http://" + line.address, "SSL_CERT_FILE=" + ca, "LANG=C.UTF-8", "SAASCONNECT_ROLE=global-admin",
		}
		cmd.Stdin = strings.NewReader(stdin)
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), line.seed.Token[20:40]) {
			t.Fatalf("%q: %v: %s", args, err, out)
		}
	}
	run(line.seed.Token, "add", "jira", "--site", line.seed.Site, "--email", line.seed.Email, "--token-stdin", "--keep-in", "file")
	run("", "add", "confluence", "--site", line.seed.Site, "--email", line.seed.Email, "--token-command", spy, "--keep-in", "reference")
	run("", "check", "--all")
	run("", "move-token", line.seed.Site+"-confluence", "--to", "file")
	run(line.seed.Token, "replace-token", line.seed.Site+"-jira", "--token-stdin", "--shared")

	if seen, err := os.ReadFile(dump); err != nil || !strings.Contains(string(seen), "SAASCONNECT_KEY_FILE") {
		t.Fatalf("the spy saw nothing: %v", err)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path == secret {
			return err
		}
		data, err := os.ReadFile(path)
		for at := 12; err == nil && at+16 < len(line.seed.Token); at += 8 {
			if strings.Contains(string(data), line.seed.Token[at:at+16]) {
				t.Errorf("a part of the token is in %s", path)
				break
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temps); err != nil || len(left) > 0 {
		t.Errorf("temporary files were left: %v, %v", left, err)
	}
}
