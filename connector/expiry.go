package connector

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// When a token ends: what is known of it, how it is said and typed, how near it is, and a
// calendar of it.

// ExpiryDate is the token's recorded last day (exact), else the latest possible one; zero
// where neither is known.
func (c Connector) ExpiryDate() (day Date, exact bool) {
	if !c.Expires.IsZero() {
		return c.Expires, true
	}
	return c.ExpiresBy(), false
}

// ExpiryLevel is how near a token's last day is.
type ExpiryLevel int

// The degrees. The warnings come at thirty and at seven days.
const (
	ExpiresLater    ExpiryLevel = iota
	ExpiresSoon                 // within thirty days
	ExpiresVerySoon             // within seven
	Expired                     // the day has passed
)

const (
	soonDays   = 30
	atOnceDays = 7
)

// ExpiryLevel is how near the token's last day is, seen from today.
func (c Connector) ExpiryLevel(today Date) ExpiryLevel {
	day, _ := c.ExpiryDate()
	return day.ExpiryLevel(today)
}

// ExpiresWithin reports whether a token has expired, or may within so many days. One whose day is not
// known does not.
func (c Connector) ExpiresWithin(days int, today Date) bool {
	day, _ := c.ExpiryDate()
	return !day.IsZero() && day.DaysFrom(today) <= days
}

// ExpiryLevel is how near a last day is, seen from today; no day is not near.
func (d Date) ExpiryLevel(today Date) ExpiryLevel {
	if d.IsZero() {
		return ExpiresLater
	}
	switch left := d.DaysFrom(today); {
	case left < 0:
		return Expired
	case left <= atOnceDays:
		return ExpiresVerySoon
	case left <= soonDays:
		return ExpiresSoon
	}
	return ExpiresLater
}

// ExpiryShort say when the token ends, short enough for a column: "in 12 days",
// "23 Nov 2027", "by Nov 2027" where only the latest possible day is known, which is never
// told as a number of days. A mark stands before what is near.
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

// ExpirySentence says when the token ends inside a sentence: "expires in 12 days", "expires by Nov 2027",
// "expired 3 Oct"; "" where nothing is known.
func (c Connector) ExpirySentence(today Date) string {
	words := strings.TrimLeft(c.ExpiryShort(today), "! ")
	if words == "" || strings.HasPrefix(words, "expired") {
		return words
	}
	return "expires " + words
}

// Urgency orders connectors by what needs a person first: 0 before all others. The last
// verdict counts, and that a token ends soon although nothing was checked since.
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

// ExpiryProblem says why a day can't be the last one of a token that was put in on a day;
// "" where it can. A day of grace is for time zones, and for years of 366 days.
func ExpiryProblem(day Date, since Date) string {
	if latest := (Date{since.t.AddDate(1, 0, 1)}); !day.IsZero() && !since.IsZero() && latest.Before(day) {
		return "No Atlassian token lives longer than a year: this one ends by " + Date{since.t.AddDate(0, 0, maxTokenDays)}.Words() + " at the latest."
	}
	return ""
}

// WorkedAfter says why a day can't be the expiry date of a token that worked on a day; "" where it can.
func WorkedAfter(day, worked Date) string {
	if day.IsZero() || !day.Before(worked) {
		return ""
	}
	return day.Words() + " is past, and the token worked on " + worked.Words() + ", so it was another day."
}

// A calendar of the tokens' last days, for people who live by theirs: RFC 5545. Each
// connector's event keeps its UID, so that a calendar that is imported again is brought up
// to date and not doubled.

// Calendar is the iCalendar text of all last days that are known.
func Calendar(all []Connector, now time.Time) string {
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//saasconnect//last days of API tokens//EN", "CALSCALE:GREGORIAN",
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

// event is one last day: the whole day, blocking nobody's time, with reminders a month and
// a week before.
func (e Connector) event(day Date, exact bool, now time.Time) []string {
	title := "API token of " + e.Name + " ends"
	why := "The recorded last day of the token of " + ProductTitle(e.Product) + " on " + e.Site.Host() + " (" + e.Email + ")."
	if !exact {
		title += " by today at the latest"
		why = "No Atlassian token lives longer than a year. The exact last day of this one was not recorded: it may end before. " + ProductTitle(e.Product) + " on " + e.Site.Host() + " (" + e.Email + ")."
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

// escaped is a text value (RFC 5545, section 3.3.11).
func escaped(text string) string {
	return escapes.Replace(text)
}

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "")

// folded breaks a line so that none is longer than 75 bytes (RFC 5545, section 3.1), and
// never inside a character.
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

// ExpiresBy is the latest possible last day of the connector's token: no Atlassian
// token lives longer than 365 days, so it is known without asking anyone. Zero where
// the day it was added is not known.
// Source: support.atlassian.com, "Manage API tokens for your Atlassian account".
func (c Connector) ExpiresBy() Date {
	if c.TokenSince.IsZero() {
		return Date{}
	}
	return DateOf(c.TokenSince.AddDate(0, 0, maxTokenDays))
}

// maxTokenDays is the longest life Atlassian gives a token made since 15 December 2024.
const maxTokenDays = 365
