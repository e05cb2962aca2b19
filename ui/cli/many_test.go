package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// Many rows, by the real program, on real sockets and a real disk.
// SAASCONNECT_TEST_LATENCY lets every answer take so long. With SAASCONNECT_TEST_KEYRING,
// and a session's keyring there, the tokens are kept in that.

// manySites is a world of n sites, all of which let Mia in, and a file of all of them.
func manySites(tb testing.TB, n int) (on *line, env []string, file string) {
	tb.Helper()
	fine := fakecloud.Situations()[0]
	sites := map[string]fakecloud.Situation{}
	var csv strings.Builder
	csv.WriteString("product,site,email,account,token_env\n")
	for i := range n {
		name := fmt.Sprintf("customer%d", i)
		sites[name] = fine
		fmt.Fprintf(&csv, "jira,%s,%s,Customer %d,MIA\n", name, fine.Seed.Email, i)
	}
	latency, _ := time.ParseDuration(os.Getenv("SAASCONNECT_TEST_LATENCY")) // none where none is named
	on, err := lineTo(fakecloud.OpenMany(sites, time.Now, latency), "ok", fine.Seed)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(on.close)
	dir := tb.TempDir()
	file = filepath.Join(dir, "customers.csv")
	for name, text := range map[string]string{file: csv.String(), filepath.Join(dir, "ca.pem"): string(on.authority), filepath.Join(dir, "key"): "a long passphrase for the tests alone\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	env = append(os.Environ(), "HOME="+dir, "DBUS_SESSION_BUS_ADDRESS=disabled:", "SAASCONNECT_KEY_FILE="+filepath.Join(dir, "key"), "SAASCONNECT_KEEP_IN=file",
		"SAASCONNECT_ROLE=global-admin", "LANG=C.UTF-8", "SSL_CERT_FILE="+filepath.Join(dir, "ca.pem"), "HTTPS_PROXY=http://"+on.address, "MIA="+on.seed.Token)
	if keyring, _ := condition("keyring"); keyring {
		env = append(env, "DBUS_SESSION_BUS_ADDRESS="+os.Getenv("DBUS_SESSION_BUS_ADDRESS"), "SAASCONNECT_KEEP_IN=keyring")
	}
	return on, env, file
}

// runIn runs the program and returns what it said.
func runIn(tb testing.TB, env []string, home string, args ...string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), filepath.Join(binDir, "saasconnect"), append(args, "--home", home)...)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%q: %v: %.2000s", args, err, out)
	}
	return string(out)
}
