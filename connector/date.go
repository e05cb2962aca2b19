package connector

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar day without a time or a zone. The zero Date is none.
type Date struct{ t time.Time }

// DateOf is the day of a moment, in that moment's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.t.IsZero() }

// String is the day as 2027-11-23, "" for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// Words is the day as people write it: "23 Nov 2027".
func (d Date) Words() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format("2 Jan 2006")
}

// Month is the day's month: "Nov 2027".
func (d Date) Month() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format("Jan 2006")
}

// DaysFrom is the number of days from the given day to this one, negative where it has passed.
func (d Date) DaysFrom(from Date) int { return int(d.t.Sub(from.t).Hours() / 24) }

// Before reports whether d comes before other.
func (d Date) Before(other Date) bool { return d.t.Before(other.t) }

// MarshalText writes 2027-11-23.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("date %q is not of the form 2027-11-23", text)
	}
	*d = DateOf(t)
	return nil
}

// ExpiryProblem says why a day can't be the last one of a token that was put in on a day;
// "" where it can. A day of grace is for time zones, and for years of 366 days.
func ExpiryProblem(day Date, since Date) string {
	if latest := (Date{since.t.AddDate(1, 0, 1)}); !day.IsZero() && !since.IsZero() && latest.Before(day) {
		return "No Atlassian token lives longer than a year: this one ends by " + Date{since.t.AddDate(0, 0, maxTokenDays)}.Words() + " at the latest."
	}
	return ""
}

// ParseExpiry reads what a person writes for a token's last day: a date (2027-11-23, or as Words has it),
// a number of days from today (90d), or a year (1y). Past days are allowed: they are facts.
func ParseExpiry(text string, today Date) (Date, error) {
	typed := strings.TrimSpace(text)
	for _, layout := range []string{time.DateOnly, "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", "Jan 2 2006"} {
		if t, err := time.Parse(layout, typed); err == nil {
			return DateOf(t), nil
		}
	}
	text = strings.ToLower(typed)
	number, unit := strings.TrimRight(text, "dy"), strings.TrimLeft(text, "0123456789")
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 0 || n > 4000:
	case unit == "d":
		return Date{today.t.AddDate(0, 0, n)}, nil
	case unit == "y" && n <= 10:
		return Date{today.t.AddDate(n, 0, 0)}, nil
	}
	if typed == "" {
		return Date{}, errors.New("there is no day: write 2027-11-23, 90d or 1y")
	}
	return Date{}, fmt.Errorf("%q is not a day: write 2027-11-23, 90d or 1y", typed)
}
