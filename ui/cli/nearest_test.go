package cli

import (
	"strings"
	"testing"

	"saasconnect/connector"
)

func TestNearest(t *testing.T) {
	among := strings.Fields("acme-jira acme-confluence beta-jira add list check Jürgen-wiki")
	for typed, want := range map[string]string{
		"acme-jra": "acme-jira", "ACME-JIRA2": "acme-jira", "acme-con": "acme-confluence", "beta": "beta-jira", "chekc": "check",
		"jurgen-wiki": "Jürgen-wiki", "lsit": "list", "ad": "add",
		"zzzzzz": "", "": "", "x": "", "qq": "", "remove": "", strings.Repeat("acme-jira", 50): "",
	} {
		if got := nearest(typed, among...); got != want {
			t.Errorf("nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestEdits(t *testing.T) {
	for pair, want := range map[string]int{
		"|": 0, "a|": 1, "|abc": 3, "list|list": 0, "list|lst": 1, "list|lsit": 1, "check|chekc": 1, "check|sheck": 1,
		"kitten|sitting": 3, "ca|abc": 3, "müll|mull": 1, "abcd|badc": 2,
	} {
		a, b, _ := strings.Cut(pair, "|")
		if got, back := edits(a, b), edits(b, a); got != want || back != want {
			t.Errorf("edits(%q, %q) = %d and back %d, want %d", a, b, got, back, want)
		}
	}
}

// What is not known brings the nearest that is, in hints and in complaints about a field.
func TestSuggestions(t *testing.T) {
	s := &shelf{entries: savedEntries(t, "acme-jira", "zoo")}
	for args, want := range map[string]string{
		"chekc":                              "did you mean saasconnect check?",
		"tset":                               "did you mean saasconnect test?",
		"help chekc":                         "did you mean saasconnect check?",
		"help nonsense":                      "see saasconnect --help",
		"nonsense":                           "see saasconnect --help",
		"list --jsn":                         "did you mean --json?",
		"check --al":                         "did you mean --all?",
		"list --no-inptu":                    "did you mean --no-input?",
		"list --token=x":                     "no flag takes the token itself",
		"list --quite-something-else":        "see saasconnect list --help",
		"practice notadmin --json":           "did you mean saasconnect practice not-admin?",
		"practice zzz --json":                "see saasconnect practice --list",
		"show acme-jria":                     "did you mean acme-jira?",
		"guide confluense":                   "did you mean saasconnect guide confluence?",
		"add jria --no-input":                "did you mean jira?",
		"check --product confluenec":         "did you mean confluence?",
		"add jira --keep-in keyrign":         "did you mean keyring?",
		"move-token zoo --to fiel":           "did you mean file?",
		"exec zoo --as jira-cil -- true":     "did you mean jira-cli?",
		"completion zhs":                     "did you mean saasconnect completion zsh?",
		"remove zoo --yes --role globaladmn": "did you mean --role global-admin?",
	} {
		t.Run(args, func(t *testing.T) {
			out := testOutside(s)
			out.Situations = func() []Situation { return []Situation{{Name: "ok"}, {Name: "not-admin", Product: connector.Jira}} }
			got := playOn(t.Context(), out, "SAASCONNECT_KEY_FILE=key", strings.Fields(args)...)
			if !strings.Contains(got.out+got.err, want) || got.code != exitUsage && got.code != exitRole {
				t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
			}
		})
	}
}
