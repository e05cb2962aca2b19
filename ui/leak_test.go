package ui_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// TestNothingPrintsTheToken prints everything that carries a token through the wizard in
// every way there is.
func TestNothingPrintsTheToken(t *testing.T) {
	const canary = "ATATT3xFfGF0-canary-in-a-setup-0123456789"
	token, receipt := atlassian.ReadToken(canary)
	if token.IsZero() {
		t.Fatalf("no token: %+v", receipt)
	}
	values := ui.PracticeValues{Site: "acme", Token: token, Receipt: receipt}
	d := setup.New(connector.Jira)
	d.SetToken(token, receipt, time.Now())
	run := ui.Setup{Draft: d, Before: &ui.Setup{Draft: d}, Diagnosed: &ui.Setup{Draft: d}, Typed: &d}
	start := ui.Start{Setup: run}
	entry := connector.Entry{Connector: connector.Connector{Name: "acme-jira"}}
	replacing := ui.ReplaceSetup(entry)
	replacing.Draft.SetToken(token, receipt, time.Now())
	for _, v := range []any{token, &token, values, &values, run, &run, d, &d, start, &start, replacing, []ui.Setup{run}, map[string]ui.Start{"a": start}, ui.Practice{Seed: values, Fixed: values}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if said := fmt.Sprintf(verb, v); strings.Contains(said, "canary") || strings.Contains(said, fmt.Sprintf("%x", "canary")) {
				t.Errorf("%T with %s: %s", v, verb, said)
			}
		}
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		if data, err := json.Marshal(v); strings.Contains(log.String(), "canary") || strings.Contains(string(data), "canary") || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%T in a log or JSON: %s %s", v, log.String(), data)
		}
	}
}
