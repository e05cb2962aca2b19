package connector

import (
	"fmt"
	"slices"
	"strings"

	"saasconnect/atlassian"
)

// The words for the site and for signing in.

// TokenPage is where a person creates and revokes API tokens.
// Source: support.atlassian.com, "Manage API tokens for your Atlassian account".
const TokenPage = "https://id.atlassian.com/manage-profile/security/api-tokens"

// TokenPageOf returns the token page of a site's cloud; TokenPage for the zero site.
func TokenPageOf(site atlassian.Site) string { return inCloud(site, TokenPage) }

// inCloud returns text with the commercial cloud's pages and gateway replaced by those of the
// site's cloud.
func inCloud(site atlassian.Site, text string) string {
	if site.Cloud() == "atlassian.com" {
		return text
	}
	for _, page := range []string{"id.", "home.", "admin.", "api."} {
		text = strings.ReplaceAll(text, page+"atlassian.com", page+site.Cloud())
	}
	return text
}

// Remedies that several diagnoses share.
func editSite(do string) Remedy  { return Remedy{Do: do, Action: ActEditSite} }
func editEmail(do string) Remedy { return Remedy{Do: do, Action: ActEditEmail} }
func retryNow() Remedy           { return Remedy{Do: "Check again", Action: ActRetry} }

// newToken returns the remedy for another token: enter it in the form for a new connector, replace
// it for a saved one.
func newToken(f *facts, do string) Remedy {
	if f.q.Saved {
		return Remedy{Do: "Replace the token", Action: ActReplace}
	}
	return Remedy{Do: do, Action: ActEditToken}
}

func createToken(do string) Remedy { return Remedy{Do: do, Action: ActReread, URL: TokenPage} }

func sayNoSuchSite(f *facts) words {
	if f.q.AcceptedHere || f.q.Before != nil {
		return saySiteGone(f)
	}
	return words{
		title: "There is no Atlassian site at " + f.host(),
		why: "Atlassian says that nothing is there. The name is misspelled, or the site was renamed, suspended or deleted. " +
			"The token wasn't checked.",
		remedies: []Remedy{
			editSite("Correct the site's address"),
			{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
			retryNow(),
		},
	}
}

// saySiteGone is for a site that worked before and no longer exists. A site that was deactivated,
// for an unpaid bill or for lack of use, answers as if it didn't exist, and its data is kept for
// 15 to 60 days, depending on the plan. Source: community.atlassian.com, answers about deactivated
// and unpaid sites.
func saySiteGone(f *facts) words {
	return words{
		title: "Atlassian says that " + f.host() + " no longer exists",
		why: "This connector worked before, so the name was right. Most likely the site was deactivated, for an unpaid bill or lack of use. " +
			"Atlassian keeps a deactivated site's data for a limited time only. Less likely it was renamed or deleted. The token wasn't checked.",
		remedies: []Remedy{
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage},
			{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
			editSite("Enter the site's new name"),
			retryNow(),
		},
	}
}

func saySiteRenamed(f *facts) words {
	to := f.by[f.moved()].Redirect
	if f.moved() == atlassian.CallFront {
		return words{
			title:    "This site has been renamed: " + to,
			why:      fmt.Sprintf("%s redirects browsers to %s and answers API calls with 401. Atlassian's gateway accepts the token.", f.host(), to),
			remedies: []Remedy{editSite("Use " + to), retryNow()},
		}
	}
	return words{
		title: "This site has been renamed: " + to,
		why: fmt.Sprintf("%s redirects every call to %s. A token is never sent to a redirect, so enter the new name.",
			f.host(), to),
		remedies: []Remedy{editSite("Use " + to), retryNow()},
	}
}

func sayCaptcha(f *facts) words {
	return words{
		title: "Atlassian requires a CAPTCHA",
		why: fmt.Sprintf("After several failed sign-ins, %s asks %s for a CAPTCHA, which only a browser can show. "+
			"Until it is solved, every token is refused.", f.host(), f.q.Email),
		remedies: []Remedy{
			{Do: "Sign in once in a browser, then check again", Action: ActOpen, URL: f.q.Site.Origin()},
			retryNow(),
			editEmail("Correct the email"),
		},
	}
}

func sayIPBlocked(f *facts) words {
	return words{
		title: f.host() + " doesn't accept calls from this IP address",
		why: "Atlassian says that this computer's address isn't on the site's IP allowlist. The token wasn't checked. " +
			"SaaSAssure calls from its own addresses, so those must be on the list too.",
		remedies: []Remedy{
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage},
			retryNow(),
		},
	}
}

func sayNotAnAPIToken(f *facts) words {
	return words{
		title: "This is not an API token",
		why: fmt.Sprintf("%s gave the answer it gives to a password or another kind of secret. Atlassian accepts only API tokens here, "+
			"also with single sign-on.", f.host()),
		remedies: []Remedy{createToken("Create an API token, step by step"), newToken(f, "Paste the API token"), editEmail("Correct the email")},
	}
}

func sayTokenScoped(f *facts) words {
	w := words{
		title: "This token most likely has scopes",
		why: fmt.Sprintf("%s refused it, and Atlassian's gateway accepted it. That usually means a token with scopes, which works only through the gateway; "+
			"this couldn't be confirmed. SaaSAssure's form takes the site's address, so it needs a token without scopes.", f.host()),
		remedies: []Remedy{
			createToken("Create a token with the button 'Create API token' (no scopes)"),
			newToken(f, "Paste another token"),
		},
	}
	if f.scopesProven() {
		w.title = "This token has scopes"
		w.why = fmt.Sprintf("%s refused it. Atlassian's gateway accepted it, and said that its scopes don't match another call. "+
			"Tokens with scopes work only through the gateway. SaaSAssure's form takes the site's address, so it needs a token without scopes.", f.host())
	}
	if f.q.Receipt.Kind == atlassian.KindService || isService(f.person()) {
		w.why += " It belongs to a service account, whose tokens always have scopes. Use a person's account."
		w.remedies = []Remedy{otherAccount(f)} // a service account can't create a token without scopes
	}
	return w
}

func isService(p *atlassian.Person) bool {
	return p != nil && (p.Kind == "app" || p.App == "service")
}

func sayScopeMissing(f *facts) words {
	call, scope := "GET /rest/api/3/myself", "read:jira-user"
	if f.q.Product == Confluence {
		call, scope = "GET /wiki/rest/api/user/current", "read:confluence-user"
	}
	return words{
		title: "This token lacks the required scopes",
		why: fmt.Sprintf("Atlassian's gateway says that its scopes don't match %s (%s). SaaSAssure needs a token without scopes in any case.",
			call, scope),
		remedies: []Remedy{
			createToken("Create a token with the button 'Create API token' (no scopes)"),
			newToken(f, "Paste another token"),
		},
	}
}

func sayTokenExpired(f *facts) words {
	return words{
		title: "This token expired on " + f.q.Expires.Words(),
		why: fmt.Sprintf("%s refuses it, and its expiry date is set to %s. Atlassian gives the same answer to an expired token and to a wrong one.",
			f.host(), f.q.Expires.Words()),
		remedies: []Remedy{
			newToken(f, "Paste the new token"),
			createToken("Create a new token, step by step"),
			{Do: "Correct the expiry date", Action: ActExpiry},
		},
	}
}

func sayTokenRefused(f *facts) words {
	w := words{
		title: "Atlassian rejected this email and token",
		why: fmt.Sprintf("%s rejected the sign-in for %s (%s). Possible causes: a wrong email; a wrong, revoked or expired token; "+
			"or a policy that blocks API tokens.%s", f.host(), f.q.Email, refusalWords(f), f.unasked()),
	}
	if f.undecided() {
		w.title = "Confluence refused without a reason"
		w.why = fmt.Sprintf("%s returns 403 both for a wrong email or token and for an account without access to Confluence. "+
			"This site has no Jira that could tell which it is.", f.host())
	}
	if f.q.Saved {
		w.remedies = []Remedy{{Do: "Replace the token", Action: ActReplace}, editEmail("Correct the email")}
	} else {
		w.remedies = []Remedy{
			editEmail("Correct the email: use the account that created the token"),
			{Do: "Paste the token again", Action: ActEditToken},
		}
	}
	w.remedies = append(w.remedies,
		createToken("Create a new token, step by step"),
		Remedy{Do: "Draft a message to your Atlassian admin", Action: ActMessage})
	return f.receiptFirst(w)
}

// receiptFirst puts what was doubtful about the pasted token before the other causes of its
// refusal, since it is the most likely one.
func (f *facts) receiptFirst(w words) words {
	first := Remedy{Action: ActEditToken}
	switch r := f.q.Receipt; {
	case r.Doubled:
		w.why = "The same text was pasted twice. " + w.why
		first.Do = "Paste the token again, once"
	case r.Kind == atlassian.KindOld:
		w.why = "This is an old-style token; these have all expired. " + w.why
		first = createToken("Create a new token, step by step")
	case r.Checksum == atlassian.ChecksumBroken:
		w.why = "The token's checksum doesn't match: part of the token is missing. " + w.why
		first.Do = "Paste the whole token again"
	default:
		return w
	}
	rest := slices.DeleteFunc(w.remedies, func(m Remedy) bool { return m.Action == first.Action })
	w.remedies = append([]Remedy{first}, rest...)
	return w
}

// unasked returns a sentence that says that the gateway, which accepts tokens with scopes, gave no
// answer; "" where it did.
func (f *facts) unasked() string {
	if f.identity() != classRefused || f.of(atlassian.CallGateway) == classRefused {
		return ""
	}
	return " Whether the token has scopes couldn't be checked."
}

func refusalWords(f *facts) string {
	switch f.identity() {
	case classAnonymous:
		return "200, but as if no one were signed in"
	case classForbidden:
		return "Confluence returned 403, and Jira on the same site 401"
	case classAccepted:
		return "first accepted, then as if no one were signed in"
	case classNone, classFault, classRefused, classScope, classCaptcha, classIP, classPassword, classMissing, classMoved,
		classThrottled, classTrouble, classForeign, classOdd:
	}
	return "401"
}

func sayAccountInactive(f *facts) words {
	return words{
		title: "The account is deactivated",
		why:   fmt.Sprintf("Atlassian says that %s is not active.", nameOf(f.person())),
		remedies: []Remedy{
			otherAccount(f),
			{Do: "Draft a message to your Atlassian admin", Action: ActMessage},
			retryNow(),
		},
	}
}

// otherAccount returns the remedy that asks for another person's email and token.
func otherAccount(f *facts) Remedy {
	if f.q.Saved {
		return Remedy{Do: "Replace it with another account's token", Action: ActEditAll}
	}
	return Remedy{Do: "Use another account's email and token", Action: ActEditAll}
}

// nameOf returns a person's name, with the email where it is known; "the account" for nil.
func nameOf(p *atlassian.Person) string {
	switch {
	case p == nil:
		return "the account"
	case p.Name == "" && p.Email == "":
		return "account " + p.ID
	case p.Name == "":
		return p.Email
	case p.Email == "":
		return p.Name
	}
	return p.Name + " (" + p.Email + ")"
}
