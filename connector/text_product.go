package connector

import (
	"fmt"
	"strings"
	"time"

	"saasconnect/atlassian"
)

// The words for the product, the admin right, unclear answers, and connections that work.

func sayProductMissing(f *facts) words {
	other := ProductTitle(OtherProduct(f.q.Product))
	return words{
		title: fmt.Sprintf("%s has no %s", f.host(), f.product()),
		why:   fmt.Sprintf("The site exists, but nothing answers at its %s address. The product was never added, was removed, or is suspended.", f.product()),
		remedies: []Remedy{
			editSite("Enter the site that has " + f.product()),
			{Do: "Check " + other + " on this site instead", Action: ActOtherProduct},
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage},
		},
	}
}

func sayNoProductAccess(f *facts) words {
	return words{
		title: "This account has no access to " + f.product(),
		why: fmt.Sprintf("%s can sign in: Jira on the same site accepted it. %s returned 403, so the account has no %s license, or the site has no %s. An organization admin grants access: %s > User.",
			nameOf(f.person()), f.product(), f.product(), f.product(), grantPath),
		remedies: []Remedy{
			openAdmin("If you are an organization admin, grant access yourself"),
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage},
			otherAccount(f),
			retryNow(),
		},
	}
}

func sayNotAdmin(f *facts) words {
	return words{
		title: "This account doesn't administer " + f.product(),
		why: fmt.Sprintf("%s can use %s on %s, but %s says it isn't an administrator. SaaSAssure needs an admin's token. An organization admin grants the role: %s > App admin.",
			nameOf(f.person()), f.product(), f.host(), f.product(), grantPath),
		remedies: []Remedy{
			openAdmin("If you are an organization admin, grant the role yourself"),
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage},
			otherAccount(f),
			retryNow(),
		},
	}
}

// openAdmin returns the remedy that opens the organization's administration, where grantPath
// begins.
func openAdmin(do string) Remedy {
	return Remedy{Do: do, Action: ActOpen, URL: "https://admin.atlassian.com"}
}

func sayRateLimited(f *facts) words {
	o := f.by[f.deciding()]
	when := "It didn't say when to retry; a few minutes are usually enough."
	if o.RetryAfter > 0 {
		when = "Retry in " + waitWords(o.RetryAfter) + "."
	}
	return words{
		title:    "Rate limited by Atlassian",
		why:      fmt.Sprintf("%s returned 429%s. %s %s", callWords(o), even(o), when, f.unjudged()),
		remedies: retryFirst(),
	}
}

// waitWords returns a wait in the unit that people use: "20 seconds", "10 minutes", "5 hours".
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
		by = " (from CloudFront, the network in front of Atlassian)"
	}
	return words{
		title: "Atlassian reports an error on its side",
		why:   fmt.Sprintf("%s returned %d%s%s. %s", callWords(o), o.Status, even(o), by, f.unjudged()),
		remedies: retryFirst(
			Remedy{Do: "Open Atlassian's status page", Action: ActOpen, URL: "https://status.atlassian.com"}),
	}
}

func sayAdminUnknown(f *facts) words {
	return words{
		title: "Couldn't determine whether this account administers " + f.product(),
		why: fmt.Sprintf("Sign-in and access to %[2]s work for %[1]s, but the answer about the admin right was missing or not understood.",
			nameOf(f.person()), f.product()),
		remedies: retryFirst(
			Remedy{Do: "Copy the redacted report", Action: ActReport}),
	}
}

func sayUnrecognized(f *facts) words {
	o := f.by[f.deciding()]
	w := words{
		title: "Atlassian's answer wasn't understood",
		why:   fmt.Sprintf("%s returned an unexpected answer (%d). %s", callWords(o), o.Status, f.unjudged()),
		remedies: retryFirst(
			Remedy{Do: "Copy the redacted report for support", Action: ActReport},
			editSite("Check the site's address")),
	}
	switch {
	case f.siteRefusesAlone():
		return saySiteRefusesAlone(f)
	case o.Status == 0:
		w.title = "No usable answer from " + f.host()
		w.why = "The call ended without an answer, for a reason that saasconnect doesn't know." + f.way() + " " + f.unjudged()
	case o.Status == 410: // Gone (RFC 9110, section 15.5.11)
		w.title = "Atlassian removed an API call that saasconnect uses"
		w.why = fmt.Sprintf("%s returned 410. %s", callWords(o), f.unjudged())
		w.remedies = []Remedy{{Do: "Update saasconnect", Action: ActNone}, {Do: "Copy the redacted report for support", Action: ActReport}, retryNow()}
	case o.Status == 403:
		w.title, w.why = forbiddenWords(o)
		w.why += " " + f.unjudged()
		w.remedies = []Remedy{
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage}, // no ActRetry: the answer would be the same
			retryNow(), {Do: "Copy the redacted report for support", Action: ActReport},
		}
	case o.Status >= 300 && o.Status <= 399:
		w.why = fmt.Sprintf("%s returned %d, a redirect to %s. It wasn't followed. %s", callWords(o), o.Status, detour(o), f.unjudged())
	}
	return w
}

// forbiddenWords returns what a 403 is most likely about, from the reason that Atlassian gives.
// Source for the words about blocked tokens:
// https://support.atlassian.com/security-and-access-policies/docs/block-user-api-token-access/
func forbiddenWords(o atlassian.Observation) (title, why string) {
	call := callWords(o)
	switch reason := strings.ToLower(o.Reason); {
	case o.Reason == "":
		return "Atlassian refused without a reason",
			call + " returned 403. A wrong token gets 401, so a policy of the site or of a network is more likely."
	case strings.Contains(reason, "blocked") && strings.Contains(reason, "token"):
		return "An admin blocked API tokens for this account",
			call + " returned 403. An organization policy decides who can use API tokens; another token would be refused too."
	case strings.Contains(reason, "suspended") || strings.Contains(reason, "deactivated"):
		return "This site is suspended", call + " returned 403. A suspended site, such as one with an unpaid bill, refuses every call."
	}
	return "Atlassian refused, and says why", call + " returned 403."
}

// saySiteRefusesAlone is for a token that the gateway accepts and the site's address refuses, as
// the old name of a renamed site may do: it answers API calls with 401. Source:
// support.atlassian.com, "Update an app URL subdomain".
func saySiteRefusesAlone(f *facts) words {
	w := words{
		title: f.host() + " refuses a token that Atlassian accepts",
		remedies: []Remedy{
			editSite("Enter the site's current name"),
			{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
			retryNow(),
			{Do: "Copy the redacted report for support", Action: ActReport},
		},
	}
	proof := "Atlassian's gateway accepts it, also for a call that tokens with scopes can't make, so it has no scopes."
	if !f.unscoped() {
		proof = "Atlassian's gateway accepts it, and this site accepted it before, so it has no scopes."
	}
	w.why = fmt.Sprintf("%s Most likely the site was renamed: the old name of a site returns 401. Less likely, %s has a fault or a policy that refuses it.", proof, f.host())
	return w
}

func detour(o atlassian.Observation) string {
	switch {
	case o.Redirect != "":
		return o.Redirect
	case o.RedirectPath != "":
		return o.Host + o.RedirectPath
	}
	return "no address"
}

func sayEmailDiffers(f *facts) words {
	return words{
		title: "It works, but the account has another email",
		why: fmt.Sprintf("You entered %s, but Atlassian says the token belongs to %s. Use Atlassian's email in SaaSAssure.",
			f.q.Email, nameOf(f.person())),
		remedies: []Remedy{editEmail("Use Atlassian's email"), {Do: "Leave it as it is", Action: ActNone}},
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
			createToken("Create a new token, step by step"),
			{Do: "Set the token's expiry date", Action: ActExpiry},
		},
	}
	switch {
	case f.q.Expires.IsZero():
		w.title = "Works; token expires by " + last.Words()
		w.why = "Tokens expire after one year at most, and this one was added on " + since.Words() + ". Its exact expiry date isn't set."
	case left < 0:
		w.title = "Works, although " + last.Words() + " is set as the token's expiry date"
		w.why = "That date has passed, so it can't be right."
		w.remedies = []Remedy{{Do: "Set the token's expiry date", Action: ActExpiry}, w.remedies[0], w.remedies[1]}
	case left == 0:
		w.title = "Works; token expires today"
		w.why = "Its expiry date is set to " + last.Words() + "."
	default:
		w.title = "Works; token expires in " + Plural(left, "day")
		w.why = "Its expiry date is set to " + last.Words() + "."
	}
	return w
}

func sayOK(f *facts) words {
	return words{
		title: f.product() + " connection verified",
		why:   fmt.Sprintf("%s signs in to %s and administers %s.", nameOf(f.person()), f.host(), f.product()),
	}
}

// CoverageWords returns what an account can see: "sees 41 spaces", "can open 41 of 44 spaces".
func CoverageWords(p Product, c Coverage) string {
	switch {
	case c.AtLeast:
		return fmt.Sprintf("sees at least %d %s", c.Count, CoverageNoun(p, c.Count))
	case c.Hidden() > 0:
		return fmt.Sprintf("can open %d of %d %s", c.Count, *c.Listed, CoverageNoun(p, *c.Listed))
	}
	return fmt.Sprintf("sees %d %s", c.Count, CoverageNoun(p, c.Count))
}

// hiddenWords names the projects that can't be opened: "HR, LEGAL and 3 more"; "" where no key is
// known.
func hiddenWords(c Coverage) string {
	rest := c.Hidden() - len(c.HiddenKeys)
	switch {
	case len(c.HiddenKeys) == 0:
		return ""
	case rest > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(c.HiddenKeys, ", "), rest)
	}
	return And(c.HiddenKeys)
}

func saySeesNothing(f *facts) words {
	c := f.coverage()
	w := words{
		title:    fmt.Sprintf("It works, but the account can't open any %s", CoverageNoun(f.q.Product, 1)),
		why:      fmt.Sprintf("%s administers %s, but that alone gives no access to content: %s", nameOf(f.person()), f.product(), emptyBackup),
		remedies: accessRemedies(f, "Give the account access to what should be backed up"),
	}
	if c.Hidden() > 0 {
		w.why = fmt.Sprintf("%s administers Jira, which lists %d %s, but can't open any of them: %s", nameOf(f.person()), *c.Listed, CoverageNoun(Jira, *c.Listed), emptyBackup)
	}
	return w
}

// emptyBackup is inferred from vendors of the same kind (Keepit excludes projects that the account
// can't open from a backup); SaaSAssure's own page does not say.
const emptyBackup = "a backup made with this token would most likely be empty."

func saySeesPart(f *facts) words {
	c := f.coverage()
	what := hiddenWords(*c)
	if what == "" {
		what = Plural(c.Hidden(), "space")
	}
	return words{
		title: fmt.Sprintf("It works, but the account can open only %d of %d %s", c.Count, *c.Listed, CoverageNoun(f.q.Product, *c.Listed)),
		why: fmt.Sprintf("Jira lists %d to %s as an administrator; the account can open %d. A backup made with this token most likely leaves out %s.",
			*c.Listed, nameOf(f.person()), c.Count, what),
		remedies: accessRemedies(f, "Give the account access to "+what),
	}
}

func saySeesLess(f *facts) words {
	now, before := f.coverage(), f.q.Before
	was := fmt.Sprint(before.Count)
	if before.AtLeast {
		was = "at least " + was
	}
	on := ""
	if !f.q.BeforeAt.IsZero() {
		on = " on " + f.q.BeforeAt.Words()
	}
	return words{
		title:    fmt.Sprintf("It works, but the account sees %d %s; it was %s%s", now.Count, CoverageNoun(f.q.Product, now.Count), was, on),
		why:      "The rest was deleted or archived, or the account lost access: through a group, a sync or a permission scheme. A backup made with this token most likely leaves it out.",
		remedies: accessRemedies(f, "If nothing was deleted, restore the account's access"),
	}
}

// accessRemedies returns the ways to let an account see more. A Jira administrator may add their
// own account:
// https://support.atlassian.com/jira-cloud-administration/docs/manage-global-permissions/
func accessRemedies(f *facts, first string) []Remedy {
	list := Remedy{Do: "Open the list of spaces (projects)", Action: ActOpen, URL: f.q.Site.Origin() + "/jira/projects"}
	if f.q.Product == Confluence {
		list = Remedy{Do: "Open the list of spaces", Action: ActOpen, URL: f.q.Site.Origin() + "/wiki/spaces"}
	}
	return []Remedy{
		{Do: first, Action: ActNone},
		{Do: "Draft a message asking for access", Action: ActMessage},
		list,
		retryNow(),
	}
}
