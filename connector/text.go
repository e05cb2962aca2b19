package connector

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Parts of sentences that every screen, command and file words the same way.

// Inside returns a sentence as it continues inside another one: with a small first letter, unless
// it begins with a name or an abbreviation. "The proxy wants…" becomes "the proxy wants…",
// "Atlassian refused…" stays.
func Inside(sentence string) string {
	first, _, _ := strings.Cut(sentence, " ")
	if first == "" || first[0] < 'A' || first[0] > 'Z' || isAbbreviation(first) || isName(strings.TrimSuffix(first, "'s")) {
		return sentence
	}
	return strings.ToLower(sentence[:1]) + sentence[1:]
}

func isAbbreviation(word string) bool { return len(word) > 1 && word[1] >= 'A' && word[1] <= 'Z' }

func isName(word string) bool {
	switch word {
	case "Atlassian", "Jira", "Confluence", "SaaSAssure":
		return true
	}
	return false
}

// Capitalize returns text with a capital first letter, if that is an ASCII letter.
func Capitalize(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Plural returns a number with its noun: "1 line", "3 lines".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// And joins names for a sentence: "a, b and c".
func And(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// Ago returns how long ago something was, in the largest full unit: "just now", "3 hours ago".
func Ago(d time.Duration) string {
	if d < time.Minute {
		return "just now"
	}
	return Span(d) + " ago"
}

// ShortAgo is [Ago] for a column: "now", "5 min", "3 h", "12 d".
func ShortAgo(d time.Duration) string {
	if d < time.Minute {
		return "now"
	}
	n, unit := inUnits(d)
	if unit == "minute" {
		return strconv.Itoa(n) + " min"
	}
	return strconv.Itoa(n) + " " + unit[:1]
}

// Span returns a duration in the largest full unit: "5 minutes", "3 days".
func Span(d time.Duration) string { return Plural(inUnits(d)) }

// inUnits returns d in the largest full unit of minute, hour and day.
func inUnits(d time.Duration) (n int, unit string) {
	switch {
	case d < time.Hour:
		return int(d / time.Minute), "minute"
	case d < 24*time.Hour:
		return int(d / time.Hour), "hour"
	}
	return int(d / (24 * time.Hour)), "day"
}

// Took returns how long a call took: "84 ms", "1.2 s"; "" for one that was not made.
func Took(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Second:
		return fmt.Sprintf("%d ms", max(d.Milliseconds(), 1))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
