package connector

import (
	"cmp"
	"fmt"
	"strings"
)

// Counting, filtering and sorting a list of connectors, the same way in the wizard, line mode and
// the commands.

// State returns the one verdict under which the connector is counted today. It is the verdict of
// the last check, except: Unknown where it was never checked; Attention where it worked and its
// token may expire within 30 days by now, or has expired.
func (e Entry) State(today Date) Verdict {
	switch {
	case e.Last == nil:
		return Unknown
	case e.Last.Verdict == Working && e.ExpiresWithin(soonDays, today):
		return Attention
	}
	return e.Last.Verdict
}

// NotChecked is the status of a connector that was never checked.
const NotChecked = "not checked yet"

// SearchText returns the text that [Matches] searches, in lower case: name, product, site,
// account, email, status, expiry and whether it is entered in SaaSAssure.
func (e Entry) SearchText(today Date) string {
	status := NotChecked
	if last := e.Last; last != nil {
		status = strings.Join([]string{string(last.Verdict), last.Reason(), string(last.Code)}, " ")
	}
	return strings.ToLower(strings.Join([]string{
		e.Name, ProductTitle(e.Product), e.Site.Host(), e.Account, e.Email, status, string(e.State(today)),
		e.ExpiryShort(today), strings.ReplaceAll(string(e.EnteredState()), "-", " "), e.ShortEntered(today),
	}, "\n"))
}

// Matches reports whether all words of text, ignoring case, are in searched, a result of
// [Entry.SearchText].
func Matches(searched, text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if !strings.Contains(searched, word) {
			return false
		}
	}
	return true
}

// CompareNames orders names ignoring case; names that are equal then, by case.
func CompareNames(a, b string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}

// CompareUrgency orders connectors by [Entry.Urgency], and then by name.
func CompareUrgency(a, b Entry, today Date) int {
	return cmp.Or(a.Urgency(today)-b.Urgency(today), CompareNames(a.Name, b.Name))
}

// AndMore is [And] for a list that may be too long for a sentence: "a, b and 28 more". most is how
// many names are spelled out.
func AndMore(names []string, most int) string {
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return And(names)
}
