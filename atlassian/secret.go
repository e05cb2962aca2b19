package atlassian

import "strings"

// LooksSecret reports whether a text holds the beginning of an Atlassian token or key: for
// lines that are shown or written down, where none belongs.
// The prefixes are those that scanners know (trufflehog, gitleaks).
func LooksSecret(text string) bool {
	for _, prefix := range []string{"ATATT", "ATSTT", "ATCTT", "ATBB", "ATCT", "ATOA", "ATTA"} {
		if at := strings.Index(text, prefix); at >= 0 && len(text)-at > len(prefix)+2 {
			return true
		}
	}
	return false
}
