package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"saasconnect/connector"
	"saasconnect/ui"
)

// When the wizard opens, where, and with what filled in.
func TestWhereTheWizardOpens(t *testing.T) {
	for name, c := range map[string]struct {
		args, env   string
		place       ui.ScreenID // "-" where it must not open
		code        int
		site, email string
		product     connector.Product
		says        string // part of stderr
	}{
		"alone":            {args: "", place: "", code: 0},
		"alone, plain":     {args: "--plain", place: "-", code: 6},
		"alone, dumb":      {args: "", env: "TERM=dumb", place: "-", code: 6},
		"alone, no input":  {args: "--no-input", place: "-", code: 6},
		"alone, by screen": {args: "", env: "ACCESSIBLE=1", place: "-", code: 6},
		"add":              {args: "add", place: ui.ScreenAdd},
		"add jira":         {args: "add jira --site acme", place: ui.ScreenForm, product: connector.Jira, site: "acme"},
		"a role":           {args: "add jira --role globaladmin", place: ui.ScreenForm, product: connector.Jira},
		"a wrong role":     {args: "add jira --role foo", place: "-", code: 2, says: "role: unknown role \"foo\": use global-admin or account-admin"},
		"its variable":     {args: "add jira", env: "SAASCONNECT_ROLE=global-amdin", place: "-", code: 2, says: "did you mean global-admin?"},
		"alone, its role":  {args: "", env: "SAASCONNECT_ROLE=foo", place: "-", code: 2, says: "unknown role \"foo\" in SAASCONNECT_ROLE: "},
		"another role":     {args: "add jira --role viewer", place: ui.ScreenForm, product: connector.Jira},
		"a wrong site":     {args: "add jira --site ftp://x --email m@example.com", place: "-", code: 2, says: "saasconnect: site: Only https"},
		"a wrong email":    {args: "add jira --site acme --email mia", place: "-", code: 2, says: "saasconnect: email: "},
		"a wrong product":  {args: "add jria", place: "-", code: 2, says: "did you mean jira?"},
		"a wrong date":     {args: "add --expires soon", place: "-", code: 2, says: "saasconnect: expires: "},
		"for scripts":      {args: "add jira --json", place: "-", code: 2},
		"no prompts":       {args: "add jira --no-input", place: "-", code: 2},
		"a wrong flag":     {args: "add jira --expires soon", place: "-", code: 2},
		"two tokens":       {args: "add jira --token-env A --token-file b", place: "-", code: 2},
		"all there":        {args: "add jira --site acme --email m@example.com --token-env A --keep-in drawer", place: "-", code: 2},
	} {
		t.Run(name, func(t *testing.T) {
			var got *ui.Start
			out := testOutside(&fakeStore{})
			out.Wizard = func(_ context.Context, _ ui.Deps, start ui.Start, _ io.Reader, _ io.Writer, _ []string) (string, error) {
				got = &start
				return "", nil
			}
			var stdout, stderr bytes.Buffer
			code := Run(t.Context(), strings.Fields(c.args), Stdio{
				In: strings.NewReader(""), Out: &stdout, Err: &stderr, InIsTerminal: true, OutIsTerminal: true, ErrIsTerminal: true,
				Env: strings.Fields("TERM=xterm LANG=C.UTF-8 " + c.env),
			}, out)
			if code != c.code || (got == nil) != (c.place == "-") {
				t.Fatalf("exit %d, opened %v: %s%s", code, got != nil, &stdout, &stderr)
			}
			if !strings.Contains(squeezed(strings.ReplaceAll(stderr.String(), "\n", " ")), c.says) {
				t.Errorf("it says %s", &stderr)
			}
			if got == nil {
				return
			}
			set := got.Setup.Draft.Facts()
			if got.Place != c.place || set.Site != c.site || set.Email != c.email || set.Product != c.product {
				t.Errorf("opened at %q with %q %q %q", got.Place, set.Product, set.Site, set.Email)
			}
		})
	}
}

func TestListFitsTheTerminal(t *testing.T) {
	s := &fakeStore{entries: savedEntries(t, "acme-jira", "zoo")}
	s.entries[0].Account = "Acme Ltd"
	s.entries[0].AddReport(connector.Report{Verdict: connector.Failing, Code: "not-admin", At: noon().AddDate(0, 0, -3)})
	for width, want := range map[int]string{
		200: "NAME STATUS PRODUCT SITE ACCOUNT STORED IN SAASASSURE\n" +
			"acme-jira ✗ no admin right · 3 d Jira acme.atlassian.net Acme Ltd file not yet\n",
		50: "NAME STATUS PRODUCT\nacme-jira ✗ no admin right · 3 d Jira\n",
	} {
		var out, errs bytes.Buffer
		Run(t.Context(), []string{"list"}, Stdio{In: strings.NewReader(""), Out: &out, Err: &errs, OutIsTerminal: true, Width: width,
			Env: []string{"LANG=C.UTF-8", "NO_COLOR=1"}}, testOutside(s))
		if !strings.HasPrefix(squeezed(out.String()), squeezed(want)) || errs.Len() > 0 {
			t.Errorf("%d wide:\n%s%s", width, &out, &errs)
		}
		for line := range strings.Lines(out.String()) {
			if len([]rune(strings.TrimRight(line, "\n"))) > width {
				t.Errorf("%d wide: too long: %q", width, line)
			}
		}
	}
}

// A name is what other commands take, so it is whole, and the status gives way.
func TestListKeepsNames(t *testing.T) {
	s := &fakeStore{entries: savedEntries(t, "globex-confluence-production")}
	s.entries[0].AddReport(connector.Report{Verdict: connector.Failing, Code: "not-admin", At: noon().AddDate(0, 0, -3)})
	for width, want := range map[int]string{
		80: "NAME STATUS PRODUCT SAASASSURE\nglobex-confluence-production ✗ no admin right · 3 d Jira not yet\n",
		65: "NAME STATUS PRODUCT\nglobex-confluence-production ✗ no admin right · 3 d Jira\n",
		50: "NAME STATUS PRODUCT SAASASSURE\nglobex-confluence-production\n✗ no admin right · 3 d Jira not yet\n",
	} {
		var out bytes.Buffer
		Run(t.Context(), []string{"list"}, Stdio{In: strings.NewReader(""), Out: &out, Err: io.Discard, OutIsTerminal: true, Width: width,
			Env: []string{"LANG=C.UTF-8", "NO_COLOR=1"}}, testOutside(s))
		if squeezed(out.String()) != squeezed(want) {
			t.Errorf("%d wide:\n%s", width, &out)
		}
	}
}

// squeezed ignores how wide the columns came out.
func squeezed(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// A variable is found however its name is spelled where the system does not tell the
// letters' case apart, as on Windows.
func TestVariablesByTheSystemsRule(t *testing.T) {
	for fold, want := range map[bool]bool{true: false, false: true} {
		s := &fakeStore{entries: savedEntries(t, "a")}
		s.entries[0].AddReport(connector.Report{Verdict: connector.Working, At: noon()})
		var out bytes.Buffer
		Run(t.Context(), []string{"list"}, Stdio{In: strings.NewReader(""), Out: &out, Err: io.Discard, OutIsTerminal: true, Width: 200,
			Env: []string{"Lang=C.UTF-8", "No_Color=1", "LANG=C.UTF-8"}, FoldEnv: fold}, testOutside(s))
		if got := strings.Contains(out.String(), "\x1b["); got != want {
			t.Errorf("case ignored %v: color %v", fold, got)
		}
	}
}

func TestColorIsForTerminalsThatWantIt(t *testing.T) {
	s := &fakeStore{entries: savedEntries(t, "a")}
	s.entries[0].AddReport(connector.Report{Verdict: connector.Working, At: noon()})
	for env, want := range map[string]bool{"": true, "NO_COLOR=1": false, "TERM=dumb": false} {
		for _, terminal := range []bool{true, false} {
			var out bytes.Buffer
			Run(t.Context(), []string{"list"}, Stdio{In: strings.NewReader(""), Out: &out, Err: io.Discard, OutIsTerminal: terminal, Width: 200,
				Env: []string{"LANG=C.UTF-8", env}}, testOutside(s))
			if got := strings.Contains(out.String(), "\x1b["); got != (want && terminal) {
				t.Errorf("%q, terminal %v: color %v", env, terminal, got)
			}
		}
	}
}
