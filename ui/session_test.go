package ui

import (
	"slices"
	"testing"
	"time"

	"saasconnect/connector"
)

// TestRecall: the store's reports take the place of what is known; one that could not be
// remembered stays in front.
func TestRecall(t *testing.T) {
	for _, c := range []struct{ known, kept, want []int }{
		{nil, []int{8, 7}, []int{8, 7}},
		{[]int{8}, []int{9, 8, 7}, []int{9, 8, 7}},
		{[]int{10, 8}, []int{9, 8, 7}, []int{10, 9, 8, 7}},
		{[]int{8}, nil, []int{8}},
	} {
		s := Session{Entries: []connector.Entry{{Connector: connector.Connector{ID: "a"}, Reports: reportsOf(c.known)}}}
		s.SetReports("a", reportsOf(c.kept))
		if got := daysOf(s.Entries[0].Reports); !slices.Equal(got, c.want) {
			t.Errorf("%v with %v kept: %v, want %v", c.known, c.kept, got, c.want)
		}
	}
}

// reportsOf are reports of these days.
func reportsOf(days []int) (all []connector.Report) {
	for _, d := range days {
		all = append(all, connector.Report{At: time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC)})
	}
	return all
}

func daysOf(reports []connector.Report) (days []int) {
	for _, r := range reports {
		days = append(days, r.At.Day())
	}
	return days
}
