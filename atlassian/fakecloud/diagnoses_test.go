package fakecloud_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
)

var update = flag.Bool("update", false, "write .github/DIAGNOSES.md again")

const diagnosesFile = "../../.github/DIAGNOSES.md"

// met is a situation and the report of its check.
type met struct {
	fakecloud.Situation
	report connector.Report
}

// TestDiagnoses: .github/DIAGNOSES.md has each code, in the order of precedence, and each
// situation of practice mode; the table in the README has the ten most frequent ones. -update
// writes both, with the program's current words; the words are not compared.
func TestDiagnoses(t *testing.T) {
	var all []met
	for _, s := range fakecloud.Situations() {
		all = append(all, met{s, meet(t, s)})
	}
	var b strings.Builder
	b.WriteString(diagnosesHead)
	b.WriteString(troubleshooting(all, connector.Codes(), ""))
	b.WriteString("\n| cause | saasconnect says | code |\n| --- | --- | --- |\n")
	for _, code := range connector.Codes() {
		for _, m := range all {
			if m.report.Code == code {
				fmt.Fprintf(&b, "| %s | %s | [%s](#%s) |\n", cell(m.Title), cell(m.report.Title), code, code)
			}
		}
	}
	for _, code := range connector.Codes() {
		b.WriteString(section(code, all))
	}
	compare(t, diagnosesFile, b.String())
	compareReadme(t, troubleshooting(all, mostMet, ".github/DIAGNOSES.md"))
}

// mostMet are the codes in the README, in the order of precedence.
var mostMet = []connector.Code{
	connector.CodeTokenLocked, connector.CodeUnreachable, connector.CodeTLSUntrusted, connector.CodeNoSuchSite, connector.CodeCaptcha,
	connector.CodeTokenScoped, connector.CodeTokenExpired, connector.CodeTokenRefused, connector.CodeNoProductAccess, connector.CodeNotAdmin,
}

// readme has a short form of the diagnoses between two marks.
const readme, tableBegins, tableEnds = "../../README.md", "<!-- diagnoses: drawn by the program -->\n", "<!-- diagnoses end -->\n"

// troubleshooting returns the table of these codes with the title and the first remedy; page is
// the target of the links.
func troubleshooting(all []met, codes []connector.Code, page string) string {
	var b strings.Builder
	b.WriteString("| message | do this first | code |\n| --- | --- | --- |\n")
	for _, code := range codes {
		at := slices.IndexFunc(all, func(m met) bool { return m.report.Code == code })
		if r := all[at].report; len(r.Remedies) > 0 {
			fmt.Fprintf(&b, "| %s | %s | [%s](%s#%s) |\n", cell(r.Title), cell(r.Remedies[0].Do), code, page, code)
		}
	}
	return b.String()
}

// compareReadme compares the codes in the README's table with the program's, or writes the table.
func compareReadme(t *testing.T, table string) {
	t.Helper()
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(data), tableBegins)
	_, after, ended := strings.Cut(rest, tableEnds)
	if !begun || !ended {
		t.Fatal("the README has no place for the table of diagnoses")
	}
	compare(t, readme, before+tableBegins+table+tableEnds+after)
}

const diagnosesHead = `# Every cause, and what saasconnect says

The first table has what to do first for each code. The second has every cause that saasconnect tells apart, and the sections below it have, for each code, what
is said, what to do, and how it is known. ` + "`saasconnect practice NAME`" + ` shows each by the names in those sections. A check looks for the causes in this order and
names the first that holds. Exit codes are those of ` + "`saasconnect check`" + `.

This page is written by ` + "`go test ./atlassian/fakecloud -run Diagnoses -update`" + `: each row is a situation of practice, checked by the same code as a real site. A
test holds its codes to the program's.

`

// section returns the text about one code: the verdict, the exit code, and every way in which it
// is worded.
func section(code connector.Code, all []met) string {
	var b strings.Builder
	var heads []string
	reasons := map[string]string{}
	for _, m := range all {
		r := m.report
		if r.Code != code {
			continue
		}
		if len(heads) == 0 {
			fmt.Fprintf(&b, "\n## %s\n%s\n", code, consequence(r))
		}
		head := "\n**" + r.Title + "**\n"
		for n, remedy := range r.Remedies {
			head += fmt.Sprintf("%d. %s\n", n+1, remedy.Do)
		}
		if reasons[head] == "" {
			heads = append(heads, head)
		}
		reasons[head] += fmt.Sprintf("- `%s`: %s\n", m.Name, r.Why)
	}
	for _, head := range heads {
		b.WriteString(head + "\n" + reasons[head])
	}
	return b.String()
}

func consequence(r connector.Report) string {
	kept := "It can't be saved like this."
	switch {
	case slices.Contains([]connector.Code{connector.CodeTokenMissing, connector.CodeTokenLocked}, r.Code):
		kept = "It stays saved."
	case r.Good():
		kept = "It is saved."
	case r.Keepable:
		kept = "It can be saved and checked later."
	}
	switch r.Verdict {
	case connector.Working:
		return "Works. Exit 0. " + kept
	case connector.Attention:
		return "Works, and needs attention. Exit 0, with `--strict` 1. " + kept
	case connector.Failing:
		return "Does not work. Exit 1. " + kept
	case connector.Unknown, connector.Skipped, connector.Waiting:
	}
	return "Unknown: nothing was learned about the token. Exit 3. " + kept
}

func cell(text string) string { return strings.ReplaceAll(strings.TrimSuffix(text, "."), "|", "\\|") }

// meet checks a situation on a day in November 2026.
func meet(t *testing.T, s fakecloud.Situation) (r connector.Report) {
	t.Helper()
	if s.Seed.StorageFault != "" {
		why := connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhy(s.Seed.StorageFault)}
		return connector.ConcludeStorage(connector.CheckRequest{Saved: true}, &why)
	}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
		cloud := fakecloud.Open(s, time.Now, 0)
		defer cloud.Close()
		client := atlassian.NewClient(atlassian.ClientConfig{
			Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 15 * time.Second,
		})
		defer client.Close()
		r = check(t, client, s.Product, typed{s.Seed.Site, s.Seed.Email, s.Seed.Token}, s.Seed.Expires, s.Seed.Saw)
	})
	return r
}

// compare compares the codes in a file (headings and links) and the names of situations with those
// of the generated text, or writes the file.
func compare(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	named := regexp.MustCompile("(?m)^## .*|^- `[a-z0-9-]+`:|\\(\\S*#\\S+\\)")
	have, err := os.ReadFile(file)
	if err != nil || !slices.Equal(named.FindAllString(string(have), -1), named.FindAllString(text, -1)) {
		t.Errorf("%s does not name the program's codes and situations: go test ./atlassian/fakecloud -run Diagnoses -update (%v)", file, err)
	}
}
