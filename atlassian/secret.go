package atlassian

import "strings"

// LooksSecret reports whether a text holds the beginning of an Atlassian token or key: for
// lines that are shown or written down, where none belongs.
// The prefixes are those that scanners know (trufflehog, gitleaks). The short ones are parts
// of names, too (MANHATTAN FOODS), so they count only at the beginning of a word.
func LooksSecret(text string) bool {
	for _, prefix := range []string{"ATATT", "ATSTT", "ATCTT"} {
		if at := strings.Index(text, prefix); at >= 0 && len(text)-at > len(prefix)+2 {
			return true
		}
	}
	for _, prefix := range []string{"ATBB", "ATCT", "ATOA", "ATTA"} {
		for at := 0; at+len(prefix)+2 < len(text); at++ {
			if strings.HasPrefix(text[at:], prefix) && (at == 0 || !inWord(text[at-1])) && allInWord(text[at+len(prefix):][:3]) {
				return true
			}
		}
	}
	return false
}

// inWord knows the characters that tokens are made of.
func inWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func allInWord(text string) bool {
	for i := range len(text) {
		if !inWord(text[i]) && text[i] != '_' && text[i] != '-' {
			return false
		}
	}
	return true
}
