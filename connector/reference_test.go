package connector_test

import (
	"reflect"
	"strings"
	"testing"

	"saasconnect/connector"
)

func TestSplitCommand(t *testing.T) {
	for line, want := range map[string][]string{
		"op read op://it/acme/token":      {"op", "read", "op://it/acme/token"},
		" a  b\tc\n":                      {"a", "b", "c"},
		`say 'two words' "and two"`:       {"say", "two words", "and two"},
		`say "a \"quote\" and \n" ''`:     {"say", `a "quote" and \n`, ""},
		`say a\ b 'c\d'`:                  {"say", "a b", `c\d`},
		`echo $HOME | rm -rf *; x&`:       {"echo", "$HOME", "|", "rm", "-rf", "*;", "x&"},
		`pre"fix 1"post`:                  {"prefix 1post"},
		`"` + `"`:                         nil,
		`C:\tools\op.exe read "C:\a b\c"`: {`C:\tools\op.exe`, "read", `C:\a b\c`},
		`\'say\' \\\\host\share`:          {"'say'", `\\host\share`},
		"":                                nil,
		"   ":                             nil,
		"say 'open":                       nil,
		`say "open`:                       nil,
		`say \`:                           nil,
	} {
		got, err := connector.SplitCommand(line, false)
		if (err != nil) != (want == nil) || !reflect.DeepEqual(got, want) {
			t.Errorf("SplitCommand(%q) = %q, %v; want %q", line, got, err, want)
		}
	}
}

// TestSplitCommandOfWindows: there a backslash is a part of a path, wherever it stands.
func TestSplitCommandOfWindows(t *testing.T) {
	for line, want := range map[string][]string{
		`\\srv\share\op.exe read x`:                {`\\srv\share\op.exe`, "read", "x"},
		`C:\tools\op.exe read C:\dir\`:             {`C:\tools\op.exe`, "read", `C:\dir\`},
		`"C:\Program Files\op.exe" read "C:\a b\"`: {`C:\Program Files\op.exe`, "read", `C:\a b\`},
		`'C:\Program Files\op.exe' 'say "hi"'`:     {`C:\Program Files\op.exe`, `say "hi"`},
		`op "open`:                                 nil,
	} {
		got, err := connector.SplitCommand(line, true)
		if (err != nil) != (want == nil) || !reflect.DeepEqual(got, want) {
			t.Errorf("SplitCommand(%q) = %q, %v; want %q", line, got, err, want)
		}
	}
}

// TestJoinCommand: what is written is read back, on every system.
func TestJoinCommand(t *testing.T) {
	for _, argv := range [][]string{
		{"op", "read", "op://it/acme/token"}, {`C:\Program Files\op.exe`, `it's "here"`, ""}, {`\\srv\share\op.exe`, `C:\dir\`, "'", `"`},
	} {
		for _, windows := range []bool{false, true} {
			if got, err := connector.SplitCommand(connector.JoinCommand(argv), windows); err != nil || !reflect.DeepEqual(got, argv) {
				t.Errorf("%q became %q, %v (windows %t)", argv, got, err, windows)
			}
		}
	}
}

func FuzzSplitCommand(f *testing.F) {
	for _, s := range []string{"op read x", `a "b c" 'd'`, `\`, "\"", "é 世"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		argv, err := connector.SplitCommand(line, false)
		if (err == nil) != (len(argv) > 0) {
			t.Errorf("SplitCommand(%q) = %q, %v", line, argv, err)
		}
	})
}

func TestParseReference(t *testing.T) {
	secret := "ATATT3xFfGF0" + strings.Repeat("x7Qa", 40)
	for _, test := range []struct {
		from connector.Source
		text string
		want string // its words, "" for a problem
	}{
		{connector.SourceEnv, " ACME_TOKEN ", ": the environment variable ACME_TOKEN"},
		{connector.SourceEnv, "$ACME_TOKEN", ": the environment variable ACME_TOKEN"},
		{connector.SourceEnv, "ACME_TOKEN=abc", ""},
		{connector.SourceEnv, "$", ""},
		{connector.SourceEnv, secret, ""},
		{connector.SourceFile, "/run/secrets/acme", ": the file /run/secrets/acme"},
		{connector.SourceFile, "", ""},
		{connector.SourceFile, secret, ""},
		{connector.SourceCommand, "op read 'op://it/acme token'", ": the command op read 'op://it/acme token'"},
		{connector.SourceCommand, "op 'read", ""},
		{connector.SourceCommand, "echo " + secret, ""},
	} {
		ref, problem := connector.ParseReference(test.from, test.text)
		if ref.Words() != test.want || (problem == "") != (test.want != "") || strings.Contains(problem, "x7Qa") {
			t.Errorf("%s %q: %q, %q", test.from, test.text, ref.Words(), problem)
		}
	}
}

// A typed source may be shown, so it must contain nothing that a terminal interprets.
func TestReferencesCanBeShown(t *testing.T) {
	for _, from := range []connector.Source{connector.SourceEnv, connector.SourceCommand, connector.SourceFile} {
		for _, text := range []string{"A\x1b[31m", "A\a", "A\u202eB", "A\x9b", "A\nB"} {
			if ref, problem := connector.ParseReference(from, text); ref != nil || problem == "" {
				t.Errorf("%s %q is taken as %v", from, text, ref)
			}
		}
	}
	edited := &connector.Reference{File: "/run/\x1b]0;x\a/token\u202e"}
	if words := edited.Words(); strings.ContainsAny(words, "\x1b\a\u202e") {
		t.Errorf("words of an edited file: %q", words)
	}
}
