package connector

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
)

// Date is a calendar day without a time of day and a time zone. The zero Date means none.
type Date struct{ t time.Time }

// DateOf returns the day of t, in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// IsZero reports whether d is the zero Date.
func (d Date) IsZero() bool { return d.t.IsZero() }

// String returns the day as 2027-11-23; "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// Words returns the day as "23 Nov 2027"; "" for the zero Date.
func (d Date) Words() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format("2 Jan 2006")
}

// Month returns the month as "Nov 2027"; "" for the zero Date.
func (d Date) Month() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format("Jan 2006")
}

// DaysFrom returns the number of days from from to d; negative where d is earlier.
func (d Date) DaysFrom(from Date) int { return int(d.t.Sub(from.t).Hours() / 24) }

// Before reports whether d is earlier than other.
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

// ParseExpiry reads an expiry date as a person types it: a day as for [ParseDay], or a number of
// days (90d) or years (1y) from today. since is the day on which the token was stored;
// [ExpiryProblem] limits the date by it. A day in the past is allowed, since the token may have
// expired. The error is words for a person.
func ParseExpiry(text string, today, since Date) (Date, error) {
	day, err := parseExpiry(text, today)
	if err != nil {
		return Date{}, err
	}
	if words := ExpiryProblem(day, since); words != "" {
		return Date{}, errors.New(words)
	}
	return day, nil
}

func parseExpiry(text string, today Date) (Date, error) {
	typed := strings.ToLower(strings.TrimSpace(text))
	number, unit := strings.TrimRight(typed, "dy"), strings.TrimLeft(typed, "0123456789")
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 0 || n > 4000:
	case unit == "d":
		return Date{today.t.AddDate(0, 0, n)}, nil
	case unit == "y" && n <= 10:
		return Date{today.t.AddDate(n, 0, 0)}, nil
	}
	return parseDay(text, "2027-11-23, 90d or 1y")
}

// ParseDay reads a day as files have it: 2027-03-31, 31.03.2027, "March 31, 2027", 31 Mar 2027,
// and other forms that spreadsheets write. If day and month could be swapped, the error names both
// readings. No error repeats a token.
func ParseDay(text string) (Date, error) { return parseDay(text, "2027-11-23 or none") }

// parseDay is [ParseDay]; offer is the form that an error suggests.
func parseDay(text, offer string) (Date, error) {
	typed := strings.TrimSpace(text)
	switch {
	case typed == "":
		return Date{}, errors.New("no date: use " + offer)
	case atlassian.LooksSecret(typed):
		return Date{}, errors.New("that looks like a token: use " + offer)
	}
	typed = atlassian.Clean(typed, 40)
	day, _, _ := strings.Cut(typed, " 00:00") // a spreadsheet's midnight
	day = strings.Join(strings.Fields(strings.ReplaceAll(day, ",", " ")), " ")
	var readings []Date
	for _, layout := range []string{
		time.DateOnly, "2006/1/2", "2.1.2006", "2. 1. 2006", "2/1/2006", "1/2/2006", "2-Jan-2006",
		"2 Jan 2006", "2 January 2006", "2. Jan 2006", "2. January 2006", "Jan 2 2006", "January 2 2006",
	} {
		if t, err := time.Parse(layout, day); err == nil && !t.IsZero() && (len(readings) == 0 || readings[0] != DateOf(t)) {
			readings = append(readings, DateOf(t))
		}
	}
	switch len(readings) {
	case 0:
		return Date{}, fmt.Errorf("invalid date %q: use %s", typed, offer)
	case 1:
		return readings[0], nil
	}
	a, b := readings[0], readings[1]
	return Date{}, fmt.Errorf("%q is %s or %s: use %s or %s", typed, a.Words(), b.Words(), a, b)
}
