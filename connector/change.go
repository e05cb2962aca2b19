package connector

import (
	"fmt"
	"time"
)

// What changed since earlier checks. The days named are those of checks, since it is not known
// what happened between two of them.

// Change is the newest change in a connector's history of reports.
type Change struct {
	From Code
	// Since is when the code before was last reported.
	Since time.Time
	// Words is part of a sentence: "lost the admin right after 3 Nov 2026".
	Words string
	// Latest is true where the newest check found the change.
	Latest bool
}

// ChangeOf returns the newest change of code in reports, which are sorted newest first; nil where
// all have the same code.
func ChangeOf(reports []Report) *Change {
	for i := 1; i < len(reports); i++ {
		if reports[i].Code != reports[0].Code {
			return &Change{From: reports[i].Code, Since: reports[i].At, Words: changeWords(reports[0], reports[i:]), Latest: i == 1}
		}
	}
	return nil
}

// changeWords returns what changed between before[0] and now, which have different codes.
func changeWords(now Report, before []Report) string {
	last := before[0]
	if now.Good() {
		return betterWords(now, last)
	}
	for _, r := range before {
		if r.Good() {
			return worseWords(now) + " after " + dayOf(r)
		}
	}
	return "another cause on " + dayOf(last) + ": " + Inside(last.Title)
}

func worseWords(now Report) string {
	switch now.Code {
	case CodeNotAdmin:
		return "lost the admin right"
	case CodeNoProductAccess:
		return "lost access to " + ProductTitle(now.Product)
	case CodeAccountInactive:
		return "its account was deactivated"
	case CodeTokenRefused, CodeTokenExpired, CodeTokenScoped, CodeScopeMissing, CodeNotAnAPIToken, CodeCaptcha:
		return "its token stopped working"
	case CodeTokenMissing:
		return "its token is missing"
	case CodeNoSuchSite, CodeSiteRenamed:
		return "its site is gone"
	}
	if now.Verdict == Unknown {
		return "couldn't be checked"
	}
	return "stopped working"
}

func betterWords(now, last Report) string {
	switch {
	case last.Good() && now.Verdict == Working:
		return "no longer needs attention; on " + dayOf(last) + ": " + Inside(last.Title)
	case last.Good():
		return "needs attention since " + dayOf(last)
	case last.Code == CodeNotAdmin:
		return "has the admin right again, missing on " + dayOf(last)
	}
	return "works again; on " + dayOf(last) + ": " + Inside(last.Title)
}

// SightChange returns how the account, or what it can see, differs from the last good check; ""
// where nothing does, or where that is not known.
func SightChange(reports []Report) string {
	if len(reports) < 2 || !reports[0].Good() {
		return ""
	}
	now := reports[0]
	for _, r := range reports[1:] {
		switch {
		case !r.Good():
			continue
		case now.Identity != nil && r.Identity != nil && now.Identity.ID != r.Identity.ID:
			return fmt.Sprintf("signs in as %s, on %s as %s", now.Identity.Name, dayOf(r), r.Identity.Name)
		case now.Coverage != nil && r.Coverage != nil && !now.Coverage.AtLeast && !r.Coverage.AtLeast && now.Coverage.Count != r.Coverage.Count:
			return fmt.Sprintf("%s, %d on %s", CoverageWords(now.Product, *now.Coverage), r.Coverage.Count, dayOf(r))
		}
		return ""
	}
	return ""
}

func dayOf(r Report) string { return DateOf(r.At).Words() }
