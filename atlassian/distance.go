package atlassian

// EditDistance returns how many letters have to be inserted, deleted, replaced or swapped with
// their neighbor to get from one text to the other, no letter twice (the "optimal string
// alignment" distance). For texts of more than a hundred letters it returns the longer length
// without comparing them.
func EditDistance(from, to string) int {
	const longest = 100 // the time is quadratic
	a, b := []rune(from), []rune(to)
	if len(a) > longest || len(b) > longest {
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
