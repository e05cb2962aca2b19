package connector

import (
	"cmp"
	"fmt"
	"strings"
)

// What a list of many connectors is counted, narrowed, found and sorted by: the wizard, line mode and
// the commands have it from here.

// State is what is known of a connector today, in one of four verdicts: each connector is counted under
// one, and only one. Unknown is also what was never checked. Attention is also what its last check found
// working, where the token may expire within thirty days now, or has expired: a check would say so.
func (e Entry) State(today Date) Verdict {
	switch {
	case e.Last == nil:
		return Unknown
	case e.Last.Verdict == Working && e.ExpiresWithin(soonDays, today):
		return Attention
	}
	return e.Last.Verdict
}

// NotChecked is what is said of a connector that never was.
const NotChecked = "not checked yet"

// SearchText is what words are looked for in, in lower case: name, product, site, account, email and
// status.
func (e Entry) SearchText(today Date) string {
	status := NotChecked
	if last := e.Last; last != nil {
		status = strings.Join([]string{string(last.Verdict), last.Reason(), string(last.Code)}, " ")
	}
	return strings.ToLower(strings.Join([]string{
		e.Name, ProductTitle(e.Product), e.Site.Host(), e.Account, e.Email, status, string(e.State(today)),
	}, "\n"))
}

// Matches reports whether all words of a text, letter case aside, are in what SearchText gave.
func Matches(searched, text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if !strings.Contains(searched, word) {
			return false
		}
	}
	return true
}

// CompareNames orders names of connectors, letter case aside; those that differ in nothing else, by it.
func CompareNames(a, b string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}

// CompareUrgency orders connectors by what needs a person first, and within that by name.
func CompareUrgency(a, b Entry, today Date) int {
	return cmp.Or(a.Urgency(today)-b.Urgency(today), CompareNames(a.Name, b.Name))
}

// AndMore is And for names that may be too many for a sentence: "a, b and 28 more". most is how many of
// them are said.
func AndMore(names []string, most int) string {
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return And(names)
}
