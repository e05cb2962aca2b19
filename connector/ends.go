package connector

import "strconv"

// When a token ends, as a list shows it, and what of a list needs a person first.

// LastDay is the token's recorded last day (exact), else the latest possible one; zero
// where neither is known.
func (c Connector) LastDay() (day Date, exact bool) {
	if !c.Expires.IsZero() {
		return c.Expires, true
	}
	return c.ExpiresBy(), false
}

// Nearness is how near a token's last day is.
type Nearness int

// The degrees. The warnings come at thirty and at seven days.
const (
	EndsLater  Nearness = iota
	EndsSoon            // within thirty days
	EndsAtOnce          // within seven
	EndedByNow          // the day has passed
)

const (
	soonDays   = 30
	atOnceDays = 7
)

// Ends is how near the token's last day is, seen from today.
func (c Connector) Ends(today Date) Nearness {
	day, _ := c.LastDay()
	return day.Nearness(today)
}

// Nearness is how near a last day is, seen from today; no day is not near.
func (d Date) Nearness(today Date) Nearness {
	if d.IsZero() {
		return EndsLater
	}
	switch left := d.DaysFrom(today); {
	case left < 0:
		return EndedByNow
	case left <= atOnceDays:
		return EndsAtOnce
	case left <= soonDays:
		return EndsSoon
	}
	return EndsLater
}

// EndsWords say when the token ends, short enough for a column: "in 12 days",
// "23 Nov 2027", "by Nov 2027" where only the latest possible day is known, which is never
// told as a number of days. A mark stands before what is near.
func (c Connector) EndsWords(today Date) string {
	day, exact := c.LastDay()
	near := c.Ends(today)
	mark := map[Nearness]string{EndsSoon: "! ", EndsAtOnce: "!! ", EndedByNow: "!! "}[near]
	switch left := day.DaysFrom(today); {
	case day.IsZero():
		return ""
	case !exact && near == EndsLater:
		return "by " + day.Month()
	case !exact:
		return mark + "by " + day.Words()
	case near == EndsLater:
		return day.Words()
	case left < 0:
		if day.t.Year() != today.t.Year() {
			return mark + "ended " + day.Words()
		}
		return mark + "ended " + day.t.Format("2 Jan")
	case left == 0:
		return mark + "today"
	case left == 1:
		return mark + "tomorrow"
	default:
		return mark + "in " + strconv.Itoa(left) + " days"
	}
}

// Urgency orders connectors by what needs a person first: 0 before all others. The last
// verdict counts, and that a token ends soon although nothing was checked since.
func (e Entry) Urgency(today Date) int {
	near := e.Ends(today)
	last := e.Last
	switch {
	case last != nil && last.Verdict == Failing:
		return 0
	case near >= EndsAtOnce:
		return 1
	case near == EndsSoon || last != nil && last.Verdict == Attention:
		return 2
	case last != nil && last.Verdict == Unknown:
		return 3
	case last == nil:
		return 4
	}
	return 5
}
