package ui

import (
	"slices"
	"strings"

	"saasconnect/connector"
)

// byAttention sorts connectors by what needs a person first: failing, then what should
// be done soon, then what could not be found out, then never checked, then working;
// within that by name. It returns a new slice.
func byAttention(entries []connector.Entry) []connector.Entry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b connector.Entry) int {
		if d := urgency(a) - urgency(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return sorted
}

func urgency(e connector.Entry) int {
	last := e.Last()
	if last == nil {
		return 3
	}
	switch last.Verdict {
	case connector.Failing:
		return 0
	case connector.Attention:
		return 1
	case connector.Unknown:
		return 2
	case connector.Working, connector.Skipped, connector.Waiting:
	}
	return 4
}
