package ui

import (
	"strings"

	"saasconnect/connector"
)

// byAttention are the places of the connectors in their list, of those that need a person
// first first, within that by name.
func byAttention(entries []connector.Entry, today connector.Date) []int {
	urgency := make([]int, len(entries))
	for i := range entries {
		urgency[i] = entries[i].Urgency(today)
	}
	return connector.Order(len(entries), func(i, j int) int {
		if d := urgency[i] - urgency[j]; d != 0 {
			return d
		}
		return strings.Compare(entries[i].Name, entries[j].Name)
	})
}
