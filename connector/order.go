package connector

import "sort"

// Ordered is the entries in an order, in a new slice; those that compare the same keep
// theirs. compare looks at two by where they stand. What is moved about are their places:
// an entry is large, and package slices would be compiled anew for it, 16 KB each time.
func Ordered(entries []Entry, compare func(i, j int) int) []Entry {
	order := places{make([]int, len(entries)), compare}
	for i := range order.at {
		order.at[i] = i
	}
	sort.Sort(order)
	sorted := make([]Entry, len(entries))
	for i, at := range order.at {
		sorted[i] = entries[at]
	}
	return sorted
}

// places are those of the entries, being sorted.
type places struct {
	at      []int
	compare func(i, j int) int
}

func (p places) Len() int      { return len(p.at) }
func (p places) Swap(i, j int) { p.at[i], p.at[j] = p.at[j], p.at[i] }

func (p places) Less(i, j int) bool {
	if c := p.compare(p.at[i], p.at[j]); c != 0 {
		return c < 0
	}
	return p.at[i] < p.at[j]
}
