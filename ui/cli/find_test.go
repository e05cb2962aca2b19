package cli

import (
	"strings"
	"testing"
)

// What is not known brings the nearest that is, in hints and in complaints about a field.
func TestSuggestions(t *testing.T) {
	s := &fakeStore{entries: savedEntries(t, "acme-jira", "zoo")}
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
		"remove zoo --yes --role globaladmn": "did you mean global-admin?",
	} {
		t.Run(args, func(t *testing.T) {
			out := testOutside(s)
			got := playOn(t.Context(), out, "SAASCONNECT_KEY_FILE=key", strings.Fields(args)...)
			if !strings.Contains(got.out+got.err, want) || got.code != exitUsage && got.code != exitRole {
				t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
			}
		})
	}
}
