package connector_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

var update = flag.Bool("update", false, "write the golden files again")

const (
	wordsFile    = "testdata/words.golden"
	messagesFile = "testdata/messages.golden"
)

// TestWords compares every sentence about a check with the golden file. Read its diff as a user
// would.
func TestWords(t *testing.T) {
	if every > 1 {
		t.Log("not with the race detector: the golden file is of all combinations")
		return
	}
	said, first := map[string]bool{}, map[string]string{}
	say := func(r connector.Report) {
		key := fmt.Sprintf("%02d ", slices.Index(connector.Codes(), r.Code))
		said[key+spoken(r)] = true
		if slices.ContainsFunc(r.Remedies, func(m connector.Remedy) bool { return m.Action == connector.ActMessage }) && len(r.Also) == 0 {
			text := key + "== " + string(r.Code) + "\n" + connector.Message(r) + "\n"
			if old := first[r.Title]; old == "" || text < old {
				first[r.Title] = text
			}
		}
	}
	enumerate(t, func(c combination) {
		if c.names[atlassian.CallCoverage] == "none" { // coverage never changes a word of the diagnosis
			say(connector.Conclude(c.q, c.seen))
		}
	})
	sundry(t, say)
	golden(t, wordsFile, said)
	messages := map[string]bool{}
	for _, text := range first {
		messages[text] = true
	}
	golden(t, messagesFile, messages) // one for each title
}

// sundry calls say with reports of answers that change the words only, which the enumeration
// doesn't have.
func sundry(t *testing.T, say func(connector.Report)) {
	q := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
	saved := q
	saved.Saved = true
	for _, why := range []connector.StorageWhy{connector.StorageWhyMissing, connector.StorageWhyLocked, connector.StorageWhyRefused, connector.StorageWhyTimedOut, connector.StorageWhyOtherSite} {
		say(connector.ConcludeStorage(saved, &connector.StorageError{Kind: connector.StorageKeyring, Why: why}))
	}
	identity := func(q connector.CheckRequest, name string, change func(*atlassian.Observation)) {
		o := *table[atlassian.CallIdentity][name]
		if change != nil {
			change(&o)
		}
		say(connector.Conclude(q, []atlassian.Observation{*table[atlassian.CallTenant]["there"], o}))
	}
	for name, o := range table[atlassian.CallIdentity] {
		if o != nil {
			identity(saved, name, nil)
		}
	}
	for _, fault := range faults() {
		identity(q, "timeout", func(o *atlassian.Observation) { o.Fault = &fault })
	}
	twice := func(o *atlassian.Observation) { o.Attempts = 2 }
	for _, name := range []string{"fault-reset", "trouble", "throttled"} {
		identity(q, name, twice)
	}
	for _, wait := range []time.Duration{-1, 0, time.Second, 10 * time.Minute, 5 * time.Hour, 400 * time.Hour} {
		identity(q, "throttled", func(o *atlassian.Observation) { o.RetryAfter = wait })
	}
	identity(q, "moved", func(o *atlassian.Observation) { o.Redirect, o.RedirectPath = "", "/login" })
	identity(q, "moved", func(o *atlassian.Observation) { o.Redirect = "" })
	identity(q, "forbidden", func(o *atlassian.Observation) { o.Phrase = "" })
	long := q
	long.Receipt.Kind = atlassian.KindService
	scoped := *table[atlassian.CallGateway]["mia"]
	say(connector.Conclude(long, []atlassian.Observation{*table[atlassian.CallIdentity]["refused"], scoped}))
	for _, receipt := range []atlassian.Receipt{{Doubled: true}, {Kind: atlassian.KindOld}, {Kind: atlassian.KindUser, Checksum: atlassian.ChecksumBroken}} {
		given := q
		given.Receipt = receipt
		identity(given, "refused", nil)
	}
	identity(q, "portal", func(o *atlassian.Observation) { o.Redirect, o.RedirectPath = "jira.acme.com", o.Path })
	worked := saved
	worked.AcceptedHere = true
	identity(worked, "missing", nil)
	say(connector.Conclude(worked, []atlassian.Observation{*table[atlassian.CallTenant]["missing"]}))
	for _, days := range []int{0, 1, 12} {
		due := saved
		due.Expires = connector.DateOf(noon.AddDate(0, 0, days))
		say(connector.Conclude(due, []atlassian.Observation{*table[atlassian.CallIdentity]["mia"], *table[atlassian.CallPermissions]["admin"]}))
	}
	old := saved
	old.ExpiresBy = connector.DateOf(noon.AddDate(0, 0, 5))
	say(connector.Conclude(old, []atlassian.Observation{*table[atlassian.CallIdentity]["mia"], *table[atlassian.CallPermissions]["admin"]}))
}

// faults returns faults of all kinds, each with and without details.
func faults() (all []atlassian.Fault) {
	for _, kind := range atlassian.FaultKinds() {
		all = append(all, atlassian.Fault{Kind: kind}, atlassian.Fault{
			Kind: kind, Issuer: "Example Corp TLS Inspection", Subject: "portal.example.com", Proxy: "http://proxy.example.com:3128", ProxyStatus: 403,
			NotBefore: noon.AddDate(0, 0, 3), NotAfter: noon.AddDate(0, 0, -3),
		})
	}
	return append(all, atlassian.Fault{Kind: atlassian.FaultTimeout, Unshaken: true}, atlassian.Fault{Kind: atlassian.FaultReset, Unshaken: true}, atlassian.Fault{Kind: atlassian.FaultName, Unused: "ALL_PROXY"}, atlassian.Fault{Kind: atlassian.FaultTimeout, Unused: "NO_PROXY: .atlassian.net"})
}

// golden compares texts, sorted by their first two characters, with a file.
func golden(t *testing.T, file string, texts map[string]bool) {
	t.Helper()
	var b strings.Builder
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		b.WriteString(text[3:] + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("%s has changed: go test ./connector -run Words -update, and read the diff aloud", file)
	}
}

func spoken(r connector.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "== %s, %s\n%s\n", r.Code, r.Verdict, r.Title)
	whole := strings.NewReplacer("-", "\u2011").Replace(r.Why) // a line isn't broken at a hyphen
	for line := range strings.SplitSeq(ansi.Wordwrap(whole, widest-2, ""), "\n") {
		line = strings.ReplaceAll(line, "\u2011", "-")
		b.WriteString("  " + line + "\n")
	}
	for _, m := range r.Remedies {
		fmt.Fprintf(&b, "- %s (%s)\n", m.Do, m.Action)
	}
	return b.String()
}

// widest is the greatest length, in columns, of a title and of a remedy, so that each fits in one
// line of a terminal of 80. The tests' site and proxy have names of usual length.
const widest = 72

func TestLinesAreShort(t *testing.T) {
	data, err := os.ReadFile(wordsFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if action := strings.LastIndex(line, " ("); strings.HasPrefix(line, "- ") {
			line = line[2:action]
		}
		if n := ansi.StringWidth(line); n > widest {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestWordsAreCalm: no exclamation marks, pleading, jargon or blame.
func TestWordsAreCalm(t *testing.T) {
	data, err := os.ReadFile(wordsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"!", "lease", "ops,", "uccessful", "nvalid token", "rror:", "Exception", "com.atlassian", "<html", "x509:", "EOF", "nil", "dial tcp"} {
		if strings.Contains(string(data), never) {
			t.Errorf("the words hold %q", never)
		}
	}
}

func TestPicturesFit(t *testing.T) {
	for _, product := range connector.Products() {
		steps := connector.Walkthrough(product, acme(t))
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
		"acme": "", "https://acme.atlassian.net/wiki/spaces/X/overview": "", "": "Enter the site's name", "ftp://acme.atlassian.net": "Only https",
		"acme.atlassian.net@evil.com": "@", "acme.atlassian.net:8443": "port", "127.0.0.1": "IP address", "аcme.atlassian.net": "look-alike",
		"acme.atlassian.org": "isn't one", "acme.atlasian.net": "Did you mean acme.atlassian.net?", "acme.atlassian-isolated.net": "isn't supported yet", "atlassian.example.com": "not on atlassian.net", "admin.atlassian.com": "one of Atlassian's own pages", "jira.example.com": "not on atlassian.net",
		"mia@example.com": "",
	}
	for text, part := range cases {
		got := connector.SiteProblem(text)
		if text == "mia@example.com" {
			part = "email"
		}
		if (got == "") != (part == "") || !strings.Contains(got, part) {
			t.Errorf("%q: %q, want something about %q", text, got, part)
		}
	}
	for text, part := range map[string]string{
		"": "Paste", "mia@example.com": "email", "https://id.atlassian.com/manage-profile": "address",
		"mia@example.com:ATATT3xFfGF0abcdefghijklmnop": "colon", "••••••••••••••••••••••••": "dots", "TOKEN=ATATT3xFfGF0abcdefghijklmnop": "=",
		"abc": "too short", "ATCTT3xFfGN0" + strings.Repeat("a", 100): "organization API key or a Bitbucket access token",
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
		q := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon}
		r := connector.Conclude(q, []atlassian.Observation{o})
		if r.Code == "" || r.Good() {
			t.Errorf("%+v ends in %q, %s", o, r.Code, r.Verdict)
		}
	})
}
