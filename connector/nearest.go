package connector

import (
	"strings"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// Nearest is the one of several names that takes the fewest edits to what was typed, ""
// where none is near: a third of what was typed may differ, and two letters always. What
// was begun and not ended counts as one edit. Case does not matter, and of two that are as
// near the first wins. cobra's own suggestion knows no swapped letters and names several.
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
		if d < least && d < length { // else everything would be written again
			best, least = name, d
		}
	}
	return best
}
