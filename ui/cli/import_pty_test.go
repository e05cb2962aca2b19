//go:build !windows

package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"saasconnect/atlassian/fakecloud"
)

// Import as a person has it: a token pasted for an account, unseen; an interrupt in the
// middle, and going on with the rest.

func TestImportAsksOnceForEachAccount(t *testing.T) {
	on, env, _ := manySites(t, 3)
	file := filepath.Join(t.TempDir(), "customers.csv")
	rows := "product,site,email,account\n"
	for i := range 3 {
		rows += fmt.Sprintf("jira,customer%d,%s,Customer %d\n", i, on.seed.Email, i)
	}
	rows += "jira,customer0,olga@example.com,Olgas\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	olgas := fakecloud.NewerToken("olga@example.com")
	term := startTerminal(t, 24, true, append(env, "NO_COLOR=1", "TERM=dumb"), exec.Command(filepath.Join(binDir, "saasconnect"), "import", file, "--home", t.TempDir()))
	term.talk(
		"Token of "+on.seed.Email+", for 3 connectors on 3 sites: (not shown", "mia@example.com\n",
		"This is an email, not the API token.", on.seed.Token+"\n",
		"Token of olga@example.com, for 1 connector: (not shown", olgas+"\n",
		"4 added.", "",
	)
	term.exit(0)
	term.hides(on.seed.Token)
	term.hides(olgas)
	if !strings.Contains(term.printed(), "4 of 4 checked, 0 failing") {
		t.Errorf("no progress was told: %q", term.printed())
	}
}

// Ctrl+C keeps what is saved and says what is known; the next run goes on with the rest.
func TestImportGoesOn(t *testing.T) {
	t.Setenv("SAASCONNECT_TEST_LATENCY", "30ms")
	const rows, before = 60, 7
	_, env, file := manySites(t, rows)
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), "import", file, "--home", home, "--jsonl", "--parallel", "1")
	cmd.Env = env
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for read := bufio.NewScanner(out); read.Scan(); {
		var line struct {
			Action string
			Saved  bool
		}
		if err := json.Unmarshal(read.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, read.Text())
		}
		told[line.Action]++
		if line.Saved != (line.Action == "added") {
			t.Errorf("%s", read.Text())
		}
		if told["added"] == before && told["skipped"] == 0 {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // the exit code says it
	if cmd.ProcessState.ExitCode() != 130 || told["added"] < before || told["skipped"] == 0 || told["added"]+told["skipped"] != rows {
		t.Fatalf("exit %d, %v", cmd.ProcessState.ExitCode(), told)
	}
	again := runIn(t, env, home, "import", file)
	if want := fmt.Sprintf("%d added, %d unchanged.", told["skipped"], told["added"]); !strings.Contains(again, want) {
		t.Errorf("want %s\n%s", want, again)
	}
	if last := runIn(t, env, home, "import", file); !strings.Contains(last, fmt.Sprintf(": %d unchanged.", rows)) {
		t.Error(last)
	}
}
