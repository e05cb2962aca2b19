package connector

import (
	"strings"
	"time"
	"unicode/utf8"
)

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
		if day, exact := e.LastDay(); !day.IsZero() {
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
		"SUMMARY:" + escaped(title), "DESCRIPTION:" + escaped(why), "URL:" + TokenPage, "TRANSP:TRANSPARENT",
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
