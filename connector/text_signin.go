package connector

import (
	"fmt"
	"slices"
	"strings"

	"saasconnect/atlassian"
)

// The words for the site and for signing in.

// TokenPage is where a person makes and revokes API tokens.
// Source: support.atlassian.com, "Manage API tokens for your Atlassian account".
const TokenPage = "https://id.atlassian.com/manage-profile/security/api-tokens"

// TokenPageOf is the TokenPage of a site's cloud; TokenPage itself where no site is known.
func TokenPageOf(site atlassian.Site) string { return inCloud(site, TokenPage) }

// inCloud is a text with the commercial cloud's pages and gateway replaced by those of the
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

// remedies that come up again and again.
func editSite(do string) Remedy  { return Remedy{Do: do, Action: ActEditSite} }
func editEmail(do string) Remedy { return Remedy{Do: do, Action: ActEditEmail} }
func retryNow() Remedy           { return Remedy{Do: "Check again", Action: ActRetry} }

// newToken leads to another token: the form's line for a draft, the replacement for a
// connector that is saved.
func newToken(f *facts, do string) Remedy {
	if f.q.Saved {
		return Remedy{Do: "Replace the token", Action: ActReplace}
	}
	return Remedy{Do: do, Action: ActEditToken}
}

func makeToken(do string) Remedy { return Remedy{Do: do, Action: ActReread, URL: TokenPage} }

func sayNoSuchSite(f *facts) words {
	if f.q.ProvenHere || f.q.Before != nil {
		return saySiteGone(f)
	}
	return words{
		title: "There is no Atlassian site at " + f.host(),
		why: "Atlassian answers that nothing is there. The name is misspelt, or the site was renamed, switched off or deleted. " +
			"The token was not judged.",
		remedies: []Remedy{
			editSite("Correct the site's address"),
			{Do: "Look up your sites' names at home.atlassian.com", Action: ActOpen, URL: "https://home.atlassian.com"},
			retryNow(),
		},
	}
}

// saySiteGone: a site that worked and is not there any more. One that was deactivated, for an
// unpaid bill or for want of use, answers as if it did not exist, and its data is kept for 15 to
// 60 days, by plan.
// Source: community.atlassian.com, answers about deactivated and unpaid sites.
func saySiteGone(f *facts) words {
	return words{
		title: f.host() + " answers as if it no longer existed",
		why: "This connector worked before, so the name is right. Usually the site was deactivated: an unpaid bill, or long disuse. " +
			"Atlassian keeps a deactivated site's data for a limited time only. Less likely it was renamed or deleted. The token wasn't checked.",
		remedies: []Remedy{
			{Do: "Write the message that asks your Atlassian admin about it", Action: ActMessage},
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
			title:    "This site has another name now: " + to,
			why:      fmt.Sprintf("%s sends browsers on to %s and answers API calls with 401. Atlassian's gateway accepts the token.", f.host(), to),
			remedies: []Remedy{editSite("Use " + to), retryNow()},
		}
	}
	return words{
		title: "This site has another name now: " + to,
		why: fmt.Sprintf("%s sends every call on to %s. A token is never sent after a redirect, so the new name has to be entered.",
			f.host(), to),
		remedies: []Remedy{editSite("Use " + to), retryNow()},
	}
}

func sayCaptcha(f *facts) words {
	return words{
		title: "Atlassian wants a person to sign in first",
		why: fmt.Sprintf("After several refused sign-ins %s asks %s for a CAPTCHA, which only a browser can answer. "+
			"Until then it refuses every token.", f.host(), f.q.Email),
		remedies: []Remedy{
			{Do: "Sign in once in a browser, then check again", Action: ActOpen, URL: f.q.Site.Origin()},
			retryNow(),
			editEmail("Correct the e-mail"),
		},
	}
}

func sayIPBlocked(f *facts) words {
	return words{
		title: f.host() + " does not accept calls from this machine's address",
		why: "Atlassian answered that the IP address is not on the site's allow-list. The token was not judged. " +
			"SaaSAssure calls from addresses of its own, which have to be on that list too.",
		remedies: []Remedy{
			{Do: "Write the message that asks your Atlassian admin to allow the address", Action: ActMessage},
			retryNow(),
		},
	}
}

func sayNotAnAPIToken(f *facts) words {
	return words{
		title: "What was sent is not an API token",
		why: fmt.Sprintf("%s answered as it does to a password or another kind of secret. Atlassian accepts only API tokens here, "+
			"also where single sign-on is used.", f.host()),
		remedies: []Remedy{makeToken("Make an API token, step by step"), newToken(f, "Paste the API token"), editEmail("Correct the e-mail")},
	}
}

func sayTokenScoped(f *facts) words {
	w := words{
		title: "This token was most likely made with scopes",
		why: fmt.Sprintf("%s refused it, and Atlassian's gateway accepted it. A token with scopes works only through the gateway, which is the usual cause; "+
			"that it has scopes could not be proven. SaaSAssure's form takes the site's address, so it needs a token without scopes.", f.host()),
		remedies: []Remedy{
			makeToken("Make a token with the button 'Create API token', the one without scopes"),
			newToken(f, "Paste another token"),
		},
	}
	if f.scopesProven() {
		w.title = "This token was made with scopes"
		w.why = fmt.Sprintf("%s refused it. Atlassian's gateway accepted it and answered that its scopes don't match another call, which proves that it has some. "+
			"A token with scopes works only through the gateway; SaaSAssure's form takes the site's address, so it needs a token without scopes.", f.host())
	}
	if f.q.Receipt.Kind == atlassian.KindService || isService(f.person()) {
		w.why += " It belongs to a service account, whose tokens always have scopes: a person's account is needed."
		w.remedies = []Remedy{otherAccount(f)} // no button gives this account a token without scopes
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
		title: "This token has scopes, and not the ones that are needed",
		why: fmt.Sprintf("Atlassian's gateway answered that the scope does not match %s (%s). SaaSAssure needs a token without scopes in any case.",
			call, scope),
		remedies: []Remedy{
			makeToken("Make a token with the button 'Create API token', the one without scopes"),
			newToken(f, "Paste another token"),
		},
	}
}

func sayTokenExpired(f *facts) words {
	return words{
		title: "This token ended on " + f.q.Expires.Words(),
		why: fmt.Sprintf("%s refuses it, and %s was recorded as its last day. Atlassian answers to an ended token as to a wrong one.",
			f.host(), f.q.Expires.Words()),
		remedies: []Remedy{
			newToken(f, "Paste the new token"),
			makeToken("Make a new token, step by step"),
			{Do: "Correct the recorded day", Action: ActExpiry},
		},
	}
}

func sayTokenRefused(f *facts) words {
	w := words{
		title: "Atlassian refused this e-mail and token",
		why: fmt.Sprintf("%s did not sign %s in (%s). It gives one and the same answer to a wrong e-mail, a wrong, revoked or ended token, "+
			"and a policy that forbids API tokens.%s", f.host(), f.q.Email, refusalWords(f), f.unasked()),
	}
	if f.undecided() {
		w.title = "Confluence refused, and does not say why"
		w.why = fmt.Sprintf("%s answers 403 both to a wrong e-mail or token and to an account without access to Confluence. "+
			"There is no Jira on this site that could tell which it is.", f.host())
	}
	if f.q.Saved {
		w.remedies = []Remedy{{Do: "Replace the token", Action: ActReplace}, editEmail("Correct the e-mail")}
	} else {
		w.remedies = []Remedy{
			editEmail("Correct the e-mail: it must be the account that made the token"),
			{Do: "Paste the token again", Action: ActEditToken},
		}
	}
	w.remedies = append(w.remedies,
		makeToken("Make a new token, step by step"),
		Remedy{Do: "Write the message that asks your admin whether tokens are blocked", Action: ActMessage})
	return f.receiptFirst(w)
}

// receiptFirst lets what was wrong with the token when it was given lead the words of its
// refusal: it is likelier than anything that Atlassian's answer leaves open.
func (f *facts) receiptFirst(w words) words {
	first := Remedy{Action: ActEditToken}
	switch r := f.q.Receipt; {
	case r.Doubled:
		w.why = "What was pasted is the same text twice. " + w.why
		first.Do = "Paste the token again, once"
	case r.Kind == atlassian.KindOld:
		w.why = "This is an old-style token; these have all expired. " + w.why
		first = makeToken("Make a new token, step by step")
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

// unasked tells where the gateway, which knows a token with scopes, gave no answer.
func (f *facts) unasked() string {
	if f.identity() != classRefused || f.of(atlassian.CallGateway) == classRefused {
		return ""
	}
	return " Whether it was made with scopes could not be found out."
}

// refusalWords say how the refusal was seen.
func refusalWords(f *facts) string {
	switch f.identity() {
	case classAnonymous:
		return "it answered 200, but as to a stranger"
	case classForbidden:
		return "Confluence answered 403, and Jira on the same site 401"
	case classAccepted:
		return "it knew the account first, and then answered as to a stranger"
	case classNone, classFault, classRefused, classScope, classCaptcha, classIP, classPassword, classMissing, classMoved,
		classThrottled, classTrouble, classForeign, classOdd:
	}
	return "401"
}

func sayAccountInactive(f *facts) words {
	return words{
		title: "The account behind this token is switched off",
		why:   fmt.Sprintf("Atlassian knows %s and says the account is not active.", nameOf(f.person())),
		remedies: []Remedy{
			otherAccount(f),
			{Do: "Write the message that asks your Atlassian admin to switch it on", Action: ActMessage},
			retryNow(),
		},
	}
}

// otherAccount leads to another person's e-mail and token.
func otherAccount(f *facts) Remedy {
	if f.q.Saved {
		return Remedy{Do: "Replace it with another account's token", Action: ActEditAll}
	}
	return Remedy{Do: "Use another account's e-mail and token", Action: ActEditAll}
}

// nameOf is a person as they are called, with the e-mail where it is known.
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
