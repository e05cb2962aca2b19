package connector

import (
	"fmt"
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
