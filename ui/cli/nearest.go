package cli

import "strings"

// The nearest of what there is to what was typed: commands, flags, situations, names,
// values. cobra's own distance is not exported, knows no swapped letters, and names several
// at once; a person who mistyped one word wants one answer.

// didYouMean is a hint with the nearest of several, or otherwise where none is near.
func didYouMean(typed, before, otherwise string, among ...string) string {
	if near := nearest(typed, among...); near != "" {
		return "did you mean " + before + near + "?"
	}
	return otherwise
}

// orNearest adds the nearest to a complaint: it is for fields, which have no hint.
func orNearest(words, typed string, among ...string) string {
	if near := nearest(typed, among...); near != "" {
		words += "; did you mean " + near + "?"
	}
	return words
}

// nearest is the one that takes the fewest edits, "" where none is near: a third of what
// was typed may differ, and two letters always. What was begun and not ended counts as one
// edit. Case does not matter, and of two that are as near the first wins.
func nearest(typed string, among ...string) string {
	typed = strings.ToLower(typed)
	best, least := "", max(2, len([]rune(typed))/3)+1
	for _, name := range among {
		lower := strings.ToLower(name)
		d := edits(typed, lower)
		if typed != "" && strings.HasPrefix(lower, typed) {
			d = min(d, 1)
		}
		if d < least && d < len([]rune(typed)) { // else everything would be written anew
			best, least = name, d
		}
	}
	return best
}

// farAway is the longest text whose distance is worth its quadratic price.
const farAway = 100

// edits is how many letters have to be put in, taken out, exchanged or swapped with their
// neighbour, no letter twice (the "optimal string alignment" distance).
func edits(from, to string) int {
	a, b := []rune(from), []rune(to)
	if len(a) > farAway || len(b) > farAway {
		return max(len(a), len(b))
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
