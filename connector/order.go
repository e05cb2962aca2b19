package connector

import (
	"sort"
	"strings"
)

// Order is the places 0 to n-1 in an order; those that compare the same keep theirs. What
// is sorted are places: an entry is large to move about, and package slices would be
// compiled anew for it, 16 KB each time.
func Order(n int, compare func(i, j int) int) []int {
	order := places{make([]int, n), compare}
	for i := range order.at {
		order.at[i] = i
	}
	sort.Sort(order)
	return order.at
}

// ByName is the places 0 to n-1 in the order of the names there. Letter case does not count.
func ByName(n int, name func(i int) string) []int {
	names := make([]string, n)
	for i := range names {
		names[i] = strings.ToLower(name(i))
	}
	return Order(n, func(i, j int) int { return strings.Compare(names[i], names[j]) })
}

// Ordered is the entries in an order, in a new slice. compare looks at two by their places.
func Ordered(entries []Entry, compare func(i, j int) int) []Entry {
	sorted := make([]Entry, 0, len(entries))
	for _, at := range Order(len(entries), compare) {
		sorted = append(sorted, entries[at])
	}
	return sorted
}

// places are being sorted.
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
