package connector

import (
	"fmt"
	"time"

	"saasconnect/atlassian"
)

// The words for the product, the admin right, an Atlassian that does not say, and for
// what works.

func sayProductMissing(f *facts) words {
	other := ProductTitle(OtherProduct(f.q.Product))
	return words{
		title: fmt.Sprintf("%s has no %s", f.host(), f.product()),
		why:   fmt.Sprintf("The site is there, and nothing answers at its %s address. The product was never added, was removed, or is suspended.", f.product()),
		remedies: []Remedy{
			editSite("Use the site that has " + f.product()),
			{Do: "Check " + other + " on this site instead", Action: ActOtherProduct},
			{Do: "Write the message that asks your Atlassian admin about it", Action: ActMessage},
		},
	}
}

func sayNoProductAccess(f *facts) words {
	return words{
		title: "This account has no access to " + f.product(),
		why: fmt.Sprintf("%s signs in: Jira on the same site knows the account. %s answered 403, so the account lacks a %s licence, or the site has no %s.",
			nameOf(f.person()), f.product(), f.product(), f.product()),
		remedies: []Remedy{
			{Do: "Write the message that asks your Atlassian admin for access", Action: ActMessage},
			otherAccount(f),
			retryNow(),
		},
	}
}

func sayNotAdmin(f *facts) words {
	return words{
		title: "This token signs in, but its account does not administer " + f.product(),
		why: fmt.Sprintf("%s can use %s on %s, and %s answered that this account may not administer it. SaaSAssure needs an admin's token.",
			nameOf(f.person()), f.product(), f.host(), f.product()),
		remedies: []Remedy{
			otherAccount(f),
			{Do: "Write the message that asks your Atlassian admin for the right", Action: ActMessage},
			retryNow(),
		},
	}
}

func sayRateLimited(f *facts) words {
	o := f.by[f.deciding()]
	when := "It did not say for how long; a few minutes are usually enough."
	if o.RetryAfter > 0 {
		when = "It asks to be left alone for " + waitWords(o.RetryAfter) + "."
	}
	return words{
		title:    "Atlassian has had too many calls and asks to wait",
		why:      fmt.Sprintf("%s was answered with 429%s. %s %s", callWords(o), even(o), when, f.unjudged()),
		remedies: retryFirst(),
	}
}

// waitWords say a wait as people do.
func waitWords(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return Plural(max(int(d.Seconds()), 1), "second")
	case d < 2*time.Hour:
		return Plural(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return Plural(int(d.Hours()), "hour")
	}
	return "more than a day"
}

func sayTrouble(f *facts) words {
	o := f.by[f.deciding()]
	by := ""
	if o.Phrase == atlassian.PhraseFront {
		by = " by CloudFront, the network in front of Atlassian's services"
	}
	return words{
		title: "Atlassian is having trouble right now",
		why:   fmt.Sprintf("%s was answered with %d%s%s. %s", callWords(o), o.Status, by, even(o), f.unjudged()),
		remedies: retryFirst(
			Remedy{Do: "Look at Atlassian's status page", Action: ActOpen, URL: "https://status.atlassian.com"}),
	}
}

func sayAdminUnknown(f *facts) words {
	return words{
		title: "Whether this account administers " + f.product() + " could not be found out",
		why: fmt.Sprintf("%s signs in, but the answer about the admin right was missing or not understood. The sign-in and the access to %s are proven.",
			nameOf(f.person()), f.product()),
		remedies: retryFirst(
			Remedy{Do: "Copy the redacted report", Action: ActReport}),
	}
}

func sayUnrecognised(f *facts) words {
	o := f.by[f.deciding()]
	w := words{
		title: "Atlassian's answer was not understood",
		why:   fmt.Sprintf("%s was answered with %d in a way this program does not know. %s", callWords(o), o.Status, f.unjudged()),
		remedies: retryFirst(
			Remedy{Do: "Copy the redacted report, to send it to support", Action: ActReport},
			editSite("Look at the site's address again")),
	}
	switch {
	case o.Status == 0:
		w.title = "No usable answer came from " + f.host()
		w.why = "The call ended in a way this program does not know, without an answer." + f.way() + " " + f.unjudged()
	case o.Status == 403:
		w.title = "Atlassian refused, and does not say why"
		w.why = fmt.Sprintf("%s was answered with 403 and no reason. A wrong token is answered with 401, so a rule of the site or of a network is likelier. %s", callWords(o), f.unjudged())
		w.remedies = retryFirst(
			Remedy{Do: "Write the message that asks your Atlassian admin about it", Action: ActMessage},
			Remedy{Do: "Copy the redacted report, to send it to support", Action: ActReport})
	case o.Status >= 300 && o.Status <= 399:
		w.why = fmt.Sprintf("%s was answered with %d, which leads to %s. It was not followed. %s", callWords(o), o.Status, detour(o), f.unjudged())
	}
	return w
}

// detour is where a redirect leads.
func detour(o atlassian.Observation) string {
	switch {
	case o.Redirect != "":
		return o.Redirect
	case o.RedirectPath != "":
		return o.Host + o.RedirectPath
	}
	return "no address at all"
}

func sayEmailDiffers(f *facts) words {
	return words{
		title: "It works, but the account has another e-mail",
		why: fmt.Sprintf("You typed %s; Atlassian says this token belongs to %s. Enter in SaaSAssure the one that Atlassian names.",
			f.q.Email, nameOf(f.person())),
		remedies: []Remedy{editEmail("Use the e-mail that Atlassian names"), {Do: "Leave it as it is", Action: ActNone}},
	}
}

func sayServiceAccount(f *facts) words {
	return words{
		title: "It works, but this is not a person's account",
		why: fmt.Sprintf("%s is a service account or an app. SaaSAssure expects the token of a person who administers %s.",
			nameOf(f.person()), f.product()),
		remedies: []Remedy{otherAccount(f), {Do: "Leave it as it is", Action: ActNone}},
	}
}

func sayExpiresSoon(f *facts) words {
	last := f.lastDay()
	left, since := last.DaysFrom(DateOf(f.q.Now)), Date{last.t.AddDate(0, 0, -maxTokenDays)}
	w := words{
		remedies: []Remedy{
			newToken(f, "Paste a newer token"),
			makeToken("Make a new token, step by step"),
			{Do: "Record the token's exact last day", Action: ActExpiry},
		},
	}
	switch {
	case f.q.Expires.IsZero():
		w.title = "It works, and the token may end by " + last.Words()
		w.why = "No Atlassian token lives longer than a year, and this one was put in on " + since.Words() + ". Its exact last day was not recorded."
	case left < 0:
		w.title = "It works, although " + last.Words() + " was recorded as the token's last day"
		w.why = "The recorded day has passed, so it can't have been the right one."
	case left == 0:
		w.title = "It works, and the token ends today"
		w.why = last.Words() + " was recorded as its last day."
	default:
		w.title = "It works, and the token ends in " + Plural(left, "day")
		w.why = last.Words() + " was recorded as its last day."
	}
	return w
}

func sayOK(f *facts) words {
	return words{
		title: f.product() + " connection proven",
		why:   fmt.Sprintf("%s signs in to %s and administers %s.", nameOf(f.person()), f.host(), f.product()),
	}
}

// CoverageWords say what an account can see: "sees 41 projects".
func CoverageWords(p Product, c atlassian.Coverage) string {
	n := fmt.Sprintf("%d", c.Count)
	if c.AtLeast {
		n = "at least " + n
	}
	return "sees " + n + " " + CoverageNoun(p, c.Count)
}
