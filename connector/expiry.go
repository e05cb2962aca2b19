package connector

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Expiry dates: the dates, how near they are, words about them, and a calendar of them.

// ExpiryDate returns the token's expiry date as it was set (exact), else the latest possible one;
// zero where neither is known.
func (c Connector) ExpiryDate() (day Date, exact bool) {
	if !c.Expires.IsZero() {
		return c.Expires, true
	}
	return c.ExpiresBy(), false
}

// ExpiryLevel says how near an expiry date is.
type ExpiryLevel int

// The levels.
const (
	ExpiresLater    ExpiryLevel = iota
	ExpiresSoon                 // within 30 days
	ExpiresVerySoon             // within 7 days
	Expired                     // the day has passed
)

const (
	soonDays     = 30
	verySoonDays = 7
)

// ExpiryLevel returns how near the token's expiry date is.
func (c Connector) ExpiryLevel(today Date) ExpiryLevel {
	day, _ := c.ExpiryDate()
	return day.ExpiryLevel(today)
}

// ExpiresWithin reports whether the token has expired or may expire within this many days; false
// where the date is not known.
func (c Connector) ExpiresWithin(days int, today Date) bool {
	day, _ := c.ExpiryDate()
	return !day.IsZero() && day.DaysFrom(today) <= days
}

// ExpiryLevel returns how near d is; ExpiresLater for the zero Date.
func (d Date) ExpiryLevel(today Date) ExpiryLevel {
	if d.IsZero() {
		return ExpiresLater
	}
	switch left := d.DaysFrom(today); {
	case left < 0:
		return Expired
	case left <= verySoonDays:
		return ExpiresVerySoon
	case left <= soonDays:
		return ExpiresSoon
	}
	return ExpiresLater
}

// ExpiryShort returns when the token expires, short enough for a column: "in 12 days", "23 Nov
// 2027", or "by Nov 2027" where only the latest possible date is known; "" where nothing is known.
// A date within 30 days has the mark "!" in front, one within 7 days or past "!!".
func (c Connector) ExpiryShort(today Date) string {
	day, exact := c.ExpiryDate()
	near := c.ExpiryLevel(today)
	mark := map[ExpiryLevel]string{ExpiresSoon: "! ", ExpiresVerySoon: "!! ", Expired: "!! "}[near]
	switch left := day.DaysFrom(today); {
	case day.IsZero():
		return ""
	case !exact && near == ExpiresLater:
		return "by " + day.Month()
	case !exact:
		return mark + "by " + day.Words()
	case near == ExpiresLater:
		return day.Words()
	case left < 0:
		if day.t.Year() != today.t.Year() {
			return mark + "expired " + day.Words()
		}
		return mark + "expired " + day.t.Format("2 Jan")
	case left == 0:
		return mark + "today"
	case left == 1:
		return mark + "tomorrow"
	default:
		return mark + "in " + strconv.Itoa(left) + " days"
	}
}

// ExpirySentence returns when the token expires, inside a sentence: "expires in 12 days", "expires
// by Nov 2027", "expired 3 Oct"; "" where nothing is known.
func (c Connector) ExpirySentence(today Date) string {
	words := strings.TrimLeft(c.ExpiryShort(today), "! ")
	if words == "" || strings.HasPrefix(words, "expired") {
		return words
	}
	return "expires " + words
}

// Urgency returns a rank for sorting, 0 for the most urgent, from the last verdict and how near
// the expiry date is today.
func (e Entry) Urgency(today Date) int {
	near := e.ExpiryLevel(today)
	last := e.Last
	switch {
	case last != nil && last.Verdict == Failing:
		return 0
	case near >= ExpiresVerySoon:
		return 1
	case near == ExpiresSoon || last != nil && last.Verdict == Attention:
		return 2
	case last != nil && last.Verdict == Unknown:
		return 3
	case last == nil:
		return 4
	}
	return 5
}

// ExpiryProblem returns why day can't be the expiry date of a token that was added on the day
// since; "" where it can. It allows one day more than a year, for time zones and leap years.
func ExpiryProblem(day Date, since Date) string {
	if latest := (Date{since.t.AddDate(1, 0, 1)}); !day.IsZero() && !since.IsZero() && latest.Before(day) {
		return "Tokens expire after one year at most: this one by " + Date{since.t.AddDate(0, 0, maxTokenDays)}.Words() + "."
	}
	return ""
}

// PastExpiry says what is odd about a day as the expiry date of a token that is to be used today; "" where
// nothing is. It is no reason to refuse the day: the token may have expired, which a check tells.
func PastExpiry(day, today Date) string {
	if day.IsZero() || !day.Before(today) {
		return ""
	}
	return "This date is in the past: the token would have expired already. Enter the date from the token page."
}

// WorkedAfter returns why day can't be the expiry date of a token that still worked on the day
// worked; "" where it can.
func WorkedAfter(day, worked Date) string {
	if day.IsZero() || !day.Before(worked) {
		return ""
	}
	return "The token still worked on " + worked.Words() + ", so it didn't expire on " + day.Words() + "."
}

// The calendar is iCalendar (RFC 5545). Each connector's event has a fixed UID, so that importing
// the file again updates the events and doesn't duplicate them.

// Calendar returns all known expiry dates as iCalendar text.
func Calendar(all []Connector, now time.Time) string {
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//saasconnect//expiry dates of API tokens//EN", "CALSCALE:GREGORIAN",
		"METHOD:PUBLISH", "X-WR-CALNAME:API tokens of SaaSAssure connectors",
	}
	for _, e := range all {
		if day, exact := e.ExpiryDate(); !day.IsZero() {
			lines = append(lines, e.event(day, exact, now)...)
		}
	}
	lines = append(lines, "END:VCALENDAR")
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(folded(line) + "\r\n")
	}
	return b.String()
}

// event returns the lines of one expiry date: an all-day event, shown as free, with reminders 30
// and 7 days before.
func (e Connector) event(day Date, exact bool, now time.Time) []string {
	title := "API token of " + e.Name + " expires"
	why := "The expiry date that was set for the token of " + ProductTitle(e.Product) + " on " + e.Site.Host() + " (" + e.Email + ")."
	if !exact {
		title += " (latest possible date)"
		why = "Tokens expire after one year at most. The exact expiry date isn't set, so this token may expire earlier. " + ProductTitle(e.Product) + " on " + e.Site.Host() + " (" + e.Email + ")."
	}
	if e.Account != "" {
		why += " SaaSAssure account: " + e.Account + "."
	}
	why += "\nReplace it: saasconnect replace-token " + e.Name
	lines := []string{
		"BEGIN:VEVENT", "UID:" + e.ID + "@saasconnect", "DTSTAMP:" + now.UTC().Format("20060102T150405Z"),
		"DTSTART;VALUE=DATE:" + day.t.Format("20060102"), "DTEND;VALUE=DATE:" + day.t.AddDate(0, 0, 1).Format("20060102"),
		"SUMMARY:" + escaped(title), "DESCRIPTION:" + escaped(why), "URL:" + TokenPageOf(e.Site), "TRANSP:TRANSPARENT",
	}
	for _, before := range []string{"-P30D", "-P7D"} {
		lines = append(lines, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:"+before, "DESCRIPTION:"+escaped(title), "END:VALARM")
	}
	return append(lines, "END:VEVENT")
}

// escaped returns text as an iCalendar text value (RFC 5545, section 3.3.11).
func escaped(text string) string {
	return escapes.Replace(text)
}

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "")

// folded breaks a line so that no part is longer than 75 bytes (RFC 5545, section 3.1), and never
// inside a UTF-8 character.
func folded(line string) string {
	const most = 75
	if len(line) <= most && utf8.ValidString(line) {
		return line
	}
	var b strings.Builder
	room := most
	for _, r := range line {
		n := utf8.RuneLen(r)
		if n > room {
			b.WriteString("\r\n ")
			room = most - 1
		}
		b.WriteRune(r)
		room -= n
	}
	return b.String()
}

// ExpiresBy returns the latest possible expiry date of the token: 365 days after it was added
// here. Zero where that day is not known. Source: support.atlassian.com, "Manage API tokens for
// your Atlassian account".
func (c Connector) ExpiresBy() Date {
	if c.TokenSince.IsZero() {
		return Date{}
	}
	return DateOf(c.TokenSince.AddDate(0, 0, maxTokenDays))
}

// maxTokenDays is the longest lifetime, in days, of a token created since 15 December 2024.
const maxTokenDays = 365
