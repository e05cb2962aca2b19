package connector_test

import (
	"testing"
	"time"

	"saasconnect/connector"
)

// TestRetryWords: the wait counts from the end of the check, is never said to be shorter than it is, and
// nothing is said where Atlassian asked for none.
func TestRetryWords(t *testing.T) {
	ended := noon.Add(2 * time.Second)
	for _, c := range []struct {
		asked, past time.Duration
		want        string
	}{
		{0, 0, ""}, {0, time.Hour, ""},
		{20 * time.Second, 0, "Check again in 20 s"}, {20 * time.Second, time.Millisecond, "Check again in 20 s"},
		{20 * time.Second, 1900 * time.Millisecond, "Check again in 19 s"}, {20 * time.Second, 19500 * time.Millisecond, "Check again in 1 s"},
		{20 * time.Second, 20 * time.Second, "You can check again now"}, {20 * time.Second, 72 * time.Hour, "You can check again now"},
		{10 * time.Minute, time.Second, "Check again in 10 minutes"}, {10 * time.Minute, 61 * time.Second, "Check again in 9 minutes"}, {2 * time.Minute, time.Second, "Check again in 119 s"},
		{5 * time.Hour, 0, "Check again in 5 hours"}, {5 * time.Hour, time.Second, "Check again in 5 hours"}, {72 * time.Hour, 0, "Check again in more than a day"},
	} {
		r := connector.Report{At: noon, Took: 2 * time.Second, RetryAfter: c.asked}
		if got := r.RetryWords(ended.Add(c.past)); got != c.want {
			t.Errorf("asked to wait %v, %v later: %q, want %q", c.asked, c.past, got, c.want)
		}
	}
}
