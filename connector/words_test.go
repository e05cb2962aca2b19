package connector_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

var update = flag.Bool("update", false, "write the golden files anew")

const wordsFile = "testdata/words.golden"

// TestWords holds every sentence a person can be told about a check: read its diff aloud,
// as an admin would.
func TestWords(t *testing.T) {
	if every > 1 {
		t.Log("not with the race detector: the golden file is of all combinations")
		return
	}
	said := map[string]string{}
	enumerate(t, func(c combination) {
		if c.names[atlassian.CallCoverage] != "none" {
			return // it never changes a word of the diagnosis
		}
		r := connector.Conclude(c.q, c.seen)
		key := fmt.Sprintf("%02d %s %s", slices.Index(connector.Codes(), r.Code), r.Code, r.Product)
		cause := c.names[atlassian.CallIdentity]
		if strings.HasPrefix(cause, "fault-") && r.Verdict == connector.Unknown {
			key += " " + cause
		}
		if old, seen := said[key]; !seen || len(c.seen) < strings.Count(old, "·") {
			said[key] = spoken(r)
		}
	})
	for _, why := range []connector.SafeWhy{connector.SafeWhyMissing, connector.SafeWhyLocked, connector.SafeWhyRefused, connector.SafeWhyTimedOut, connector.SafeWhyOtherSite} {
		q := connector.Question{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Saved: true, Now: noon}
		r := connector.ConcludeSafe(q, &connector.SafeError{Kind: connector.SafeKeyring, Why: why})
		said[fmt.Sprintf("00 %s %s", r.Code, why)] = spoken(r)
	}
	var keys []string
	for k := range said {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "== %s\n%s\n", k[3:], said[k])
	}
	if *update {
		if err := os.WriteFile(wordsFile, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(wordsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Error("the words have changed: go test ./connector -run Words -update, and read the diff aloud")
	}
}

func spoken(r connector.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s\n", r.Verdict, r.Title, r.Why)
	for _, m := range r.Remedies {
		fmt.Fprintf(&b, "- %s (%s)\n", m.Do, m.Action)
	}
	return b.String()
}

// TestWordsAreCalm: no exclamation, no pleading, no jargon, no blame, no colour of tone.
func TestWordsAreCalm(t *testing.T) {
	data, err := os.ReadFile(wordsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"!", "lease", "ops,", "uccessful", "nvalid token", "rror:", "Exception", "com.atlassian", "<html", "x509", "EOF", "nil", "dial tcp"} {
		if strings.Contains(string(data), never) {
			t.Errorf("the words hold %q", never)
		}
	}
}

func TestPicturesFit(t *testing.T) {
	for _, product := range connector.Products() {
		steps := connector.Walkthrough(product)
		if len(steps) != 8 {
			t.Fatalf("%d steps", len(steps))
		}
		for i, s := range steps {
			for _, width := range []int{36, 38, 74, 84} {
				for _, ascii := range []bool{true, false} {
					d := s.Picture.Draw(width, ascii)
					text := strings.Join(d.Lines, "\n")
					if d.Line < 0 || len(d.Lines) > 8 || d.From >= d.To {
						t.Errorf("step %d at %d: no target, or too high:\n%s", i+1, width, text)
					}
					for _, line := range d.Lines {
						if n := len([]rune(line)); n > width || n != len([]rune(d.Lines[0])) {
							t.Errorf("step %d at %d: a line of %d columns:\n%s", i+1, width, n, text)
						}
						if ascii && strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
							t.Errorf("step %d: %q is not ASCII", i+1, line)
						}
					}
				}
			}
		}
	}
}

func TestProblems(t *testing.T) {
	cases := map[string]string{
		"acme": "", "https://acme.atlassian.net/wiki/spaces/X/overview": "", "": "Type the site's name", "ftp://acme.atlassian.net": "Only https",
		"acme.atlassian.net@evil.com": "@", "acme.atlassian.net:8443": "port", "127.0.0.1": "IP address", "аcme.atlassian.net": "look like",
		"evilatlassian.net": "looks like one", "admin.atlassian.com": "page of Atlassian's own", "jira.example.com": "not on atlassian.net",
		"mia@example.com": "",
	}
	for text, part := range cases {
		got := connector.SiteProblem(text)
		if text == "mia@example.com" {
			part = "e-mail"
		}
		if (got == "") != (part == "") || !strings.Contains(got, part) {
			t.Errorf("%q: %q, want something about %q", text, got, part)
		}
	}
	for text, part := range map[string]string{
		"": "Paste", "mia@example.com": "e-mail", "https://id.atlassian.com/manage-profile": "address",
		"mia@example.com:ATATT3xFfGF0abcdefghijklmnop": "colon", "••••••••••••••••••••••••": "dots", "TOKEN=ATATT3xFfGF0abcdefghijklmnop": "=",
		"abc": "too few", "ATCTT3xFfGN0" + strings.Repeat("a", 100): "organisation",
	} {
		_, receipt := atlassian.ReadToken(text)
		if got := connector.TokenProblem(receipt); !strings.Contains(got, part) {
			t.Errorf("a token field with %q says %q, want something about %q", text, got, part)
		}
		if words, doubt := connector.ReceiptWords(receipt); !doubt || strings.Contains(words, "ATATT") {
			t.Errorf("the receipt for %q: %q", text, words)
		}
	}
}

func TestMessagesHoldNoSecretAndNameTheCure(t *testing.T) {
	n := 0
	enumerate(t, func(c combination) {
		if n++; n%41 != 0 {
			return
		}
		r := connector.Conclude(c.q, c.seen)
		if text := connector.RedactedReport(r); strings.Contains(text, "mia@example.com") || strings.Contains(text, "Mia Krystof") {
			t.Fatalf("the redacted report names the person:\n%s", text)
		}
		if text := connector.Message(r); !strings.Contains(text, "acme.atlassian.net") {
			t.Fatalf("the message does not say which site:\n%s", text)
		}
	})
}

func FuzzConclude(f *testing.F) {
	f.Add(200, "AUTHENTICATED_FAILED", "evil.example", "id", "Mia", true)
	f.Add(302, "", "acme-new.atlassian.net", "", "", false)
	f.Add(-1, "", "", "", "", true)
	f.Fuzz(func(t *testing.T, status int, reason, redirect, id, name string, edge bool) {
		o := atlassian.Observation{
			Call: atlassian.CallIdentity, Method: "GET", Path: "/x", Status: status, LoginReason: reason, Redirect: redirect, Edge: edge,
			Person: &atlassian.Person{ID: id, Name: name},
		}
		q := connector.Question{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
		r := connector.Conclude(q, []atlassian.Observation{o})
		if r.Code == "" || r.Good() {
			t.Errorf("%+v ends in %q, %s", o, r.Code, r.Verdict)
		}
	})
}
