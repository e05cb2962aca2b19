package connector

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
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

// ParseExpiry reads what a person writes for the expiry date of a token that was put in on the
// day since: a day as ParseDay reads it, a number of days from today (90d), or of years (1y).
// Past days are allowed: they are facts. An error is words to show: no date, or one that
// [ExpiryProblem] objects to.
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

// ParseDay reads a day as a file has it: 2027-03-31, 31.03.2027, "March 31, 2027", 31 Mar
// 2027, and what else spreadsheets make of one. Where day and month could be either number
// the error names both readings. No error repeats a token.
func ParseDay(text string) (Date, error) { return parseDay(text, "2027-11-23 or none") }

// parseDay is ParseDay; offer is what an error tells to write.
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
