package cli

import (
	"regexp"
	"strings"
	"sync"

	"saasconnect/connector"
)

// A token on the command line is in the shell's history, in the list of processes and
// often in a log already. The program says so and stops, before anything else can echo
// its arguments.

// tokenLike matches what Atlassian's tokens begin with, followed by enough of the rest:
// ATATT3 (users), ATSTT3 (service accounts), ATCTT3 (organisations), ATBB and ATCT
// (Bitbucket), ATTA (Trello), ATOA (OAuth). Prefixes are from Atlassian's secret-scanning
// page: support.atlassian.com, "Secret scanning".
var tokenLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^A-Za-z0-9])(?:ATATT3|ATSTT3|ATCTT3|ATBB|ATCT|ATTA|ATOA)[A-Za-z0-9_=-]{16,}`)
})

// holdsToken reports whether one of the arguments holds what looks like a token.
func holdsToken(args []string) bool {
	for _, a := range args {
		if strings.Contains(a, "AT") && tokenLike().MatchString(a) { // compiled for those alone
			return true
		}
	}
	return false
}

// leaked is the failure for it. It shows nothing of the argument.
func leaked() *failure {
	return usage("a new one goes in with --token-stdin, --token-env, --token-command or --token-file",
		"an argument looks like an API token; revoke it: it is in your shell's history now ("+connector.TokenPage+")")
}
