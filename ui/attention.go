package ui

import (
	"strings"

	"saasconnect/connector"
)

// byAttention sorts connectors by what needs a person first, within that by name. It
// returns a new slice.
func byAttention(entries []connector.Entry, today connector.Date) []connector.Entry {
	urgency := make([]int, len(entries))
	for i := range entries {
		urgency[i] = entries[i].Urgency(today)
	}
	return connector.Ordered(entries, func(i, j int) int {
		if d := urgency[i] - urgency[j]; d != 0 {
			return d
		}
		return strings.Compare(entries[i].Name, entries[j].Name)
	})
}
