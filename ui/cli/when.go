package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"saasconnect/connector"
)

// Times and spans in words and in JSON.

// stamp is a moment for JSON: UTC, whole seconds, RFC 3339.
func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// expiryWords is a token's last day in words, as far as it is known.
func expiryWords(expires, by connector.Date, today connector.Date) string {
	switch {
	case !expires.IsZero():
		left := expires.DaysFrom(today)
		if left < 0 {
			return "ended " + expires.Words()
		}
		return expires.Words() + " (" + connector.Plural(left, "day") + ")"
	case !by.IsZero():
		return "by " + by.Words()
	}
	return "not known"
}

// dateFrom reads a situation's day: "-3d", "20d", or what --expires takes.
func dateFrom(text string, today time.Time) (connector.Date, error) {
	if days, ok := strings.CutPrefix(text, "-"); ok {
		n, err := strconv.Atoi(strings.TrimSuffix(days, "d"))
		if err != nil {
			return connector.Date{}, fmt.Errorf("read the day %q: %w", text, err)
		}
		return connector.DateOf(today.AddDate(0, 0, -n)), nil
	}
	if text == "" {
		return connector.Date{}, nil
	}
	return connector.ParseExpiry(text, connector.DateOf(today))
}

// parseSpan reads --warn: days (30d) or what Go takes for a duration (36h).
func parseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 3650 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
		return 0, fmt.Errorf("%q is not a number of days: write 30d", text)
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a span: write 30d or 36h", text)
	}
	return d, nil
}
