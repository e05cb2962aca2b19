package ui

import (
	"cmp"
	"slices"
	"strings"

	"saasconnect/connector"
)

// byAttention returns the entries, not copied, with those that need a person first, within
// that by name.
func byAttention(entries []connector.Entry, today connector.Date) []*connector.Entry {
	sorted := make([]*connector.Entry, len(entries))
	for i := range entries {
		sorted[i] = &entries[i]
	}
	slices.SortStableFunc(sorted, func(a, b *connector.Entry) int {
		return cmp.Or(a.Urgency(today)-b.Urgency(today), strings.Compare(a.Name, b.Name))
	})
	return sorted
}
