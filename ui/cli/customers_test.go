package cli_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"testing"

	"saasconnect/atlassian/fakecloud"
)

// Fifty saved connectors in mixed situations, checked at once by the real program: each
// gets the code of its own situation.
func TestFiftyCustomers(t *testing.T) {
	t.Parallel()
	cmd := program(t, "practice", "customers", "--json", "--timeout", "2s")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("exit %d with failing connectors among them", cmd.ProcessState.ExitCode())
	}
	var got struct {
		Results []struct {
			Site, Code, Why, Account string
			Changed                  *struct{ From string }
		}
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	codes := map[string]string{}
	for _, r := range got.Results {
		codes[r.Site] = r.Code
		if r.Code != "ok" && r.Changed == nil {
			t.Errorf("%s changed to %s, and that is not said", r.Site, r.Code)
		}
	}
	kinds := map[string]bool{}
	for _, c := range fakecloud.Customers(50) {
		site := "https://" + c.Site + ".atlassian.net"
		kinds[c.Situation.Code] = true
		if codes[site] != c.Situation.Code {
			t.Errorf("%s (%s): %q, want %s", site, c.Situation.Name, codes[site], c.Situation.Code)
		}
	}
	if len(got.Results) != 50 || len(kinds) < 12 {
		t.Errorf("%d results of %d kinds", len(got.Results), len(kinds))
	}
}
