package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/ui"
)

func TestExitForTakesTheWorst(t *testing.T) {
	verdicts := []connector.Verdict{connector.Working, connector.Attention, connector.Failing, connector.Unknown}
	// Every set of verdicts, with and without each of the rest.
	for set := range 1 << len(verdicts) {
		var have []connector.Verdict
		for i, v := range verdicts {
			if set&(1<<i) != 0 {
				have = append(have, v)
			}
		}
		for flags := range 8 {
			strict, notKept, stopped := flags&1 != 0, flags&2 != 0, flags&4 != 0
			has := func(v connector.Verdict) bool { return strings.Contains(fmt.Sprint(have), string(v)) }
			want := 0
			if has(connector.Unknown) {
				want = 3
			}
			if has(connector.Failing) || (strict && has(connector.Attention)) {
				want = 1
			}
			if notKept {
				want = 4
			}
			if stopped {
				want = 130
			}
			if got := exitFor(have, strict, notKept, stopped); got != want {
				t.Errorf("%v strict=%v notKept=%v stopped=%v: %d, want %d", have, strict, notKept, stopped, got, want)
			}
		}
	}
}

func TestHoldsToken(t *testing.T) {
	tail := strings.Repeat("x7Qa_-=", 6)
	for arg, want := range map[string]bool{
		"ATATT3" + tail: true, "ATSTT3" + tail: true, "ATCTT3" + tail: true, "ATBB" + tail: true,
		"ATCT" + tail: true, "ATTA" + tail: true, "ATOA" + tail: true,
		"--token=ATATT3" + tail: true, "mia@example.com:ATATT3" + tail: true, "printf 'ATATT3" + tail + "'": true,
		"--email": false, "ATATT3": false, "ATATT3short": true, "--site=ATTACHMENTS-OF-EUROPE-2026": false, "acme.atlassian.net": false,
		"WATTAGE_IN_THE_DATACENTRE_OF_ACME": false, "op://it/ATTA/token-of-the-board": false,
	} {
		if got := holdsToken([]string{"add", arg}); got != want {
			t.Errorf("holdsToken(%q) = %v", arg, got)
		}
	}
}

func TestWantsASCII(t *testing.T) {
	for env, want := range map[string]bool{
		"LANG=en_US.UTF-8": false, "LANG=C.utf8": false, "LANG=C": true, "": true, "SystemRoot=C:\\Windows": false,
		"LANG=en_US.UTF-8 LC_ALL=POSIX": true, "LANG=C LC_CTYPE=C.UTF-8": false,
	} {
		s := Stdio{Env: strings.Fields(env)}
		if got := wantsASCII(s.getenv); got != want {
			t.Errorf("%s: ASCII %v", env, got)
		}
	}
}

// Every example in every --help parses: its command exists and has these flags.
func TestExamplesParse(t *testing.T) {
	r := newRun(Stdio{Out: io.Discard, Err: io.Discard}, System{})
	var walk func(c *cobra.Command)
	seen := 0
	walk = func(c *cobra.Command) {
		if c.Example == "" && !c.IsAdditionalHelpTopicCommand() {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for example := range strings.Lines(c.Example) {
			_, after, found := strings.Cut(example, "saasconnect")
			if !found {
				t.Errorf("%s: no command in %q", c.CommandPath(), example)
				continue
			}
			after, _, _ = strings.Cut(strings.Trim(after, " )\n"), " | ")
			after, _, _ = strings.Cut(after, " > ")
			var argv []string
			if after != "" {
				var err error
				if argv, err = connector.SplitCommand(strings.TrimRight(after, ")"), false); err != nil {
					t.Errorf("%q: %v", example, err)
				}
			}
			fresh := newRun(Stdio{Out: io.Discard, Err: io.Discard}, System{}).root()
			found2, rest, err := fresh.Find(argv)
			if err == nil {
				err = found2.ParseFlags(rest)
			}
			if err == nil {
				err = found2.ValidateArgs(found2.Flags().Args())
			}
			if err != nil {
				t.Errorf("%q: %v", example, err)
			}
			seen++
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(r.root())
	if seen < 15 {
		t.Errorf("only %d examples were looked at", seen)
	}
}

func TestRunStopsAtATokenBeforeAnythingElse(t *testing.T) {
	token := "ATATT3xFfGF0" + strings.Repeat("Secret", 20)
	for _, args := range [][]string{
		{"add", token}, {token}, {"add", "--token", token}, {"add", "--token=" + token, "--json"}, {"--nonsense", token},
		{"check", "--site", token, "--jsonl"}, {"completion", token}, {"help", token},
	} {
		var out, errs bytes.Buffer
		opened := false
		code := Run(t.Context(), args, Stdio{In: strings.NewReader(""), Out: &out, Err: &errs}, System{
			Open: func(Options) (ui.Deps, error) { opened = true; return ui.Deps{}, errors.New("opened") },
		})
		all := out.String() + errs.String()
		if code != 2 || opened || strings.Contains(all, "Secret") || !strings.Contains(all, "Revoke it: it is now in your shell") {
			t.Errorf("%d arguments: exit %d, opened %v, said %q", len(args), code, opened, all)
		}
	}
}

func TestReadLine(t *testing.T) {
	r := strings.NewReader("first\r\nsecond\n\nrest without end")
	for _, want := range []string{"first", "second", ""} {
		if got, err := readLine(r); got != want || err != nil {
			t.Errorf("readLine = %q, %v; want %q", got, err, want)
		}
	}
	if got, err := readLine(r); !errors.Is(err, errNoMoreInput) || got != "" {
		t.Errorf("at the end: %q, %v", got, err)
	}
	if _, err := readLine(strings.NewReader(strings.Repeat("x", 5000))); err == nil {
		t.Error("a line without end was taken")
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a := &prompter{to: io.Discard}
	never, _ := io.Pipe()
	cancel()
	if _, err := a.wait(ctx, func() (string, error) { return readLine(never) }); !errors.Is(err, context.Canceled) {
		t.Errorf("wait = %v", err)
	}
}
