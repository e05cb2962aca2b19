package ui

import (
	"slices"
	"strings"

	"saasconnect/connector"
)

// byAttention sorts connectors by what needs a person first, within that by name. It
// returns a new slice.
func byAttention(entries []connector.Entry, today connector.Date) []connector.Entry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b connector.Entry) int {
		if d := a.Urgency(today) - b.Urgency(today); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return sorted
}
