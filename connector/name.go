package connector

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
)

// Names of connectors: what people and scripts call them by.

// DefaultName is the name a connector gets where none was chosen: "acme-jira".
func DefaultName(c Connector) string { return c.Site.Name() + "-" + string(c.Product) }

// UniqueName is the name itself where it is free, else with the first free number behind
// it: acme-jira, acme-jira-2. taken says which names there are.
func UniqueName(name string, taken func(string) bool) string {
	if !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s-%d", name, n); !taken(next) {
			return next
		}
	}
}

// longestName is how many characters a name may have.
const longestName = 64

// NameProblem says why a text can't be a connector's name; "" where it can. Names are
// kept to what needs no quoting in a shell or a file.
func NameProblem(name string) string {
	switch {
	case name == "":
		return "A connector has a name."
	case atlassian.LooksSecret(name):
		return "That looks like a token. A name is shown and written down."
	case len(name) > longestName:
		return fmt.Sprintf("A name has at most %d characters.", longestName)
	case strings.HasPrefix(name, "-") || strings.HasPrefix(name, "."):
		return "A name begins with a letter or a digit."
	}
	for _, r := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", r) {
			return "A name is made of letters, digits, hyphens, underscores and dots."
		}
	}
	return ""
}
