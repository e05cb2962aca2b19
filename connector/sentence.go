package connector

import "strings"

// Inside is a sentence as it goes on inside another: its first letter small, unless it
// begins with a name or an abbreviation. "The proxy wants…" gives "the proxy wants…",
// "Atlassian refused…" stays as it is.
func Inside(sentence string) string {
	first, _, _ := strings.Cut(sentence, " ")
	if first == "" || first[0] < 'A' || first[0] > 'Z' || isAbbreviation(first) || isName(strings.TrimSuffix(first, "'s")) {
		return sentence
	}
	return strings.ToLower(sentence[:1]) + sentence[1:]
}

func isAbbreviation(word string) bool { return len(word) > 1 && word[1] >= 'A' && word[1] <= 'Z' }

// isName: the names that this program's sentences begin with.
func isName(word string) bool {
	switch word {
	case "Atlassian", "Jira", "Confluence", "SaaSAssure":
		return true
	}
	return false
}
