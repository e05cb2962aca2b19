package connector

import (
	"strings"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// Nearest returns the name that takes the fewest edits (see [atlassian.EditDistance]) from what
// was typed, ignoring case; the first of several such names; "" where all are too far. A third of
// the letters may differ, and two in any case. A name that begins with what was typed counts as
// one edit away. Cobra's own suggestions don't know swapped letters and return several names.
func Nearest(typed string, among ...string) string {
	typed = strings.ToLower(typed)
	length := utf8.RuneCountInString(typed)
	best, least := "", max(2, length/3)+1
	for _, name := range among {
		lower := strings.ToLower(name)
		d := atlassian.EditDistance(typed, lower)
		if typed != "" && strings.HasPrefix(lower, typed) {
			d = min(d, 1)
		}
		if d < least && d < length { // not if every letter would have to change
			best, least = name, d
		}
	}
	return best
}
