package connector

import (
	"fmt"
	"strings"
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
		why: fmt.Sprintf("%s signs in: Jira on the same site knows the account. %s answered 403, so the account lacks a %s licence, or the site has no %s. An organization admin grants access: %s > User.",
			nameOf(f.person()), f.product(), f.product(), f.product(), grantPath),
		remedies: []Remedy{
			openAdmin("If you are an organization admin, grant the access yourself"),
			{Do: "Write the message that asks your Atlassian admin for access", Action: ActMessage},
			otherAccount(f),
			retryNow(),
		},
	}
}

func sayNotAdmin(f *facts) words {
	return words{
		title: "This token signs in, but its account does not administer " + f.product(),
		why: fmt.Sprintf("%s can use %s on %s, and %s answered that this account may not administer it. SaaSAssure needs an admin's token. An organization admin grants the right: %s > App admin.",
			nameOf(f.person()), f.product(), f.host(), f.product(), grantPath),
		remedies: []Remedy{
			openAdmin("If you are an organization admin, grant the right yourself"),
			{Do: "Write the message that asks your Atlassian admin for the right", Action: ActMessage},
			otherAccount(f),
			retryNow(),
		},
	}
}

// openAdmin opens the organization's administration, where grantPath begins.
func openAdmin(do string) Remedy {
	return Remedy{Do: do, Action: ActOpen, URL: "https://admin.atlassian.com"}
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
	case f.siteRefusesAlone():
		return saySiteRefusesAlone(f)
	case o.Status == 0:
		w.title = "No usable answer came from " + f.host()
		w.why = "The call ended in a way this program does not know, without an answer." + f.way() + " " + f.unjudged()
	case o.Status == 410: // Gone (RFC 9110, section 15.5.11)
		w.title = "Atlassian removed a call that this program makes"
		w.why = fmt.Sprintf("%s was answered with 410. %s", callWords(o), f.unjudged())
		w.remedies = []Remedy{{Do: "Get a newer saasconnect", Action: ActNone}, {Do: "Copy the redacted report, to send it to support", Action: ActReport}, retryNow()}
	case o.Status == 403:
		w.title, w.why = forbiddenWords(o)
		w.why += " " + f.unjudged()
		w.remedies = []Remedy{
			{Do: "Write the message that asks your Atlassian admin about it", Action: ActMessage}, // trying again changes nothing
			retryNow(), {Do: "Copy the redacted report, to send it to support", Action: ActReport},
		}
	case o.Status >= 300 && o.Status <= 399:
		w.why = fmt.Sprintf("%s was answered with %d, which leads to %s. It was not followed. %s", callWords(o), o.Status, detour(o), f.unjudged())
	}
	return w
}

// forbiddenWords say what a 403 is most likely about: by Atlassian's own sentence, where it
// has one. That an admin blocked tokens is said so to the person:
// https://support.atlassian.com/security-and-access-policies/docs/block-user-api-token-access/
func forbiddenWords(o atlassian.Observation) (title, why string) {
	call := callWords(o)
	switch reason := strings.ToLower(o.Reason); {
	case o.Reason == "":
		return "Atlassian refused, and does not say why",
			call + " was answered with 403 and no reason. A wrong token is answered with 401, so a rule of the site or of a network is likelier."
	case strings.Contains(reason, "blocked") && strings.Contains(reason, "token"):
		return "An admin has blocked API tokens for this account",
			call + " was answered with 403. A policy of the organization decides who may use API tokens; another token would be refused as well."
	case strings.Contains(reason, "suspended") || strings.Contains(reason, "deactivated"):
		return "This site is suspended", call + " was answered with 403. A site that is unpaid or was switched off refuses every call."
	}
	return "Atlassian refused, and says why", call + " was answered with 403."
}

// saySiteRefusesAlone: the token is right, and the site's address is not, or not any more. The
// old name of a renamed site answers API calls with 401.
// Source: support.atlassian.com, "Update an app URL subdomain".
func saySiteRefusesAlone(f *facts) words {
	w := words{
		title: f.host() + " refuses a token that Atlassian itself accepts",
		remedies: []Remedy{
			editSite("Enter the site's current name"),
			{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
			retryNow(),
			{Do: "Copy the redacted report, to send it to support", Action: ActReport},
		},
	}
	proof := "Atlassian's gateway accepts it, and answered a call that no token with scopes may make: so the token has none."
	if !f.unscoped() {
		proof = "Atlassian's gateway accepts it, and this site accepted this very token before: so it has no scopes."
	}
	w.why = fmt.Sprintf("%s Most likely the site was renamed: its old name answers with 401. Less likely %s has trouble or a rule of its own.", proof, f.host())
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
			{Do: "Set the token's expiry date", Action: ActExpiry},
		},
	}
	switch {
	case f.q.Expires.IsZero():
		w.title = "It works, and the token may end by " + last.Words()
		w.why = "No Atlassian token lives longer than a year, and this one was put in on " + since.Words() + ". Its exact last day was not recorded."
	case left < 0:
		w.title = "It works, although " + last.Words() + " was recorded as the token's last day"
		w.why = "The recorded day has passed, so it can't have been the right one."
		w.remedies = []Remedy{{Do: "Set the token's expiry date", Action: ActExpiry}, w.remedies[0], w.remedies[1]}
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

// CoverageWords say what an account can see: "sees 41 spaces", "can open 41 of 44 spaces".
func CoverageWords(p Product, c Coverage) string {
	switch {
	case c.AtLeast:
		return fmt.Sprintf("sees at least %d %s", c.Count, CoverageNoun(p, c.Count))
	case c.Hidden() > 0:
		return fmt.Sprintf("can open %d of %d %s", c.Count, *c.Listed, CoverageNoun(p, *c.Listed))
	}
	return fmt.Sprintf("sees %d %s", c.Count, CoverageNoun(p, c.Count))
}

// hiddenWords name what can't be opened: "HR, LEGAL and 3 more"; "" where no key is known.
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
		why:      fmt.Sprintf("%s administers %s, and administering is not seeing: %s", nameOf(f.person()), f.product(), emptyBackup),
		remedies: accessRemedies(f, "Give the account access to what is to be backed up"),
	}
	if c.Hidden() > 0 {
		w.why = fmt.Sprintf("%s administers Jira, which lists %d %s to that account, and can open none of them: %s", nameOf(f.person()), *c.Listed, CoverageNoun(Jira, *c.Listed), emptyBackup)
	}
	return w
}

// emptyBackup is inferred from vendors of the same kind (Keepit: projects that the account
// can't open are excluded from a backup); SaaSAssure's own page does not say.
const emptyBackup = "a backup made with this token would most likely be empty."

func saySeesPart(f *facts) words {
	c := f.coverage()
	what := hiddenWords(*c)
	if what == "" {
		what = Plural(c.Hidden(), "space")
	}
	return words{
		title: fmt.Sprintf("It works, but the account can open only %d of %d %s", c.Count, *c.Listed, CoverageNoun(f.q.Product, *c.Listed)),
		why: fmt.Sprintf("Jira lists %d to %s as an administrator, and lets that account open %d. A backup made with this token most likely leaves out %s.",
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
		why:      "What it lost was deleted, archived, or closed to the account: groups, a sync or a permission scheme were changed. A backup made with this token most likely leaves it out.",
		remedies: accessRemedies(f, "If nothing was deleted, give the account its access back"),
	}
}

// accessRemedies are the ways to let an account see more. Who administers Jira may add itself:
// https://support.atlassian.com/jira-cloud-administration/docs/manage-global-permissions/
func accessRemedies(f *facts, first string) []Remedy {
	list := Remedy{Do: "Open the list of spaces (projects)", Action: ActOpen, URL: f.q.Site.Origin() + "/jira/projects"}
	if f.q.Product == Confluence {
		list = Remedy{Do: "Open the list of spaces", Action: ActOpen, URL: f.q.Site.Origin() + "/wiki/spaces"}
	}
	return []Remedy{
		{Do: first, Action: ActNone},
		{Do: "Write the message that asks for the access", Action: ActMessage},
		list,
		retryNow(),
	}
}
