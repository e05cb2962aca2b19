package atlassian_test

import (
	"strings"
	"testing"

	"saasconnect/atlassian"
)

func TestEditDistance(t *testing.T) {
	for pair, want := range map[string]int{
		"|": 0, "a|": 1, "|abc": 3, "list|list": 0, "list|lst": 1, "list|lsit": 1, "check|chekc": 1, "check|sheck": 1,
		"kitten|sitting": 3, "ca|abc": 3, "müll|mull": 1, "abcd|badc": 2,
	} {
		a, b, _ := strings.Cut(pair, "|")
		if got, back := atlassian.EditDistance(a, b), atlassian.EditDistance(b, a); got != want || back != want {
			t.Errorf("EditDistance(%q, %q) = %d and back %d, want %d", a, b, got, back, want)
		}
	}
}
