package connector

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
)

// Problems: what is wrong with what was typed, offline, before anything is sent. They
// never repeat a text that could be a token.

// Field is a line of the form.
type Field string

// The fields.
const (
	FieldSite  Field = "site"
	FieldEmail Field = "email"
	FieldToken Field = "token"
	// FieldAccount is the SaaSAssure account, of a saved connector only.
	FieldAccount Field = "account"
)

// SiteProblem says why a typed address is no site; "" where it is one.
func SiteProblem(text string) string {
	_, _, err := atlassian.ParseSite(text)
	refusal, ok := err.(*atlassian.SiteRefusal) //nolint:errorlint // ParseSite wraps nothing
	if !ok {
		return ""
	}
	return siteWords(refusal.Why, refusal.Host)
}

const siteForm = "Type the site's name, or its address: https://NAME.atlassian.net."

func siteWords(why atlassian.SiteWhy, host string) string {
	switch why {
	case atlassian.SiteEmpty:
		return siteForm
	case atlassian.SiteScheme:
		return "Only https addresses are used. " + siteForm
	case atlassian.SiteUserinfo:
		return "There is an @ in this address; what stands before it can hide the real host. " + siteForm
	case atlassian.SitePort:
		return "Atlassian answers on no port of its own. Leave out the colon and the number."
	case atlassian.SiteIP:
		return "This is an IP address or this machine itself, not an Atlassian site. " + siteForm
	case atlassian.SiteNonASCII:
		return "The host has letters that only look like those of a real one. Type it by hand: NAME.atlassian.net."
	case atlassian.SiteLookalike:
		return named("%s is not a site of Atlassian's, though it looks like one.", host) + " A site is one name before .atlassian.net."
	case atlassian.SiteIsolated:
		return named("%s is in an Isolated Cloud of Atlassian's, which is not supported yet.", host) + " Supported are sites at NAME.atlassian.net and those of the government cloud."
	case atlassian.SiteNotASite:
		return named("%s is a page of Atlassian's own, not your site.", host) + " Your site's address is the one on which you open Jira or Confluence: NAME.atlassian.net."
	case atlassian.SiteCustom:
		return named("%s is not on atlassian.net.", host) + " Tokens work only at the site's default address, NAME.atlassian.net, not at a custom domain or a server of yours. NAME is at home.atlassian.com, or at " + defaultAddress + "."
	case atlassian.SiteEmail:
		return "This is an e-mail address; it belongs in the next line. " + siteForm
	case atlassian.SiteTokenTyped:
		return "That looks like a token. It belongs in the token's line, where it is masked."
	case atlassian.SiteMalformed:
	}
	return "This is not an address. " + siteForm
}

// defaultAddress is where an admin finds the address that a custom domain stands for.
// Source: the pages of two vendors; Atlassian's own does not tell the way.
const defaultAddress = "admin.atlassian.com > Apps > App URLs > Custom domains > Show details"

// named puts a host into a sentence, or "This" where none was found.
func named(format, host string) string {
	if host == "" {
		host = "This"
	}
	return fmt.Sprintf(format, host)
}

// EmailProblem says why a typed text is no account's e-mail; "" where it can be one.
func EmailProblem(text string) string {
	_, why := atlassian.CheckEmail(text)
	switch why {
	case atlassian.EmailOK:
		return ""
	case atlassian.EmailEmpty:
		return "Type the e-mail of the Atlassian account that made the token."
	case atlassian.EmailNoAt:
		return "An e-mail has an @: NAME@example.com."
	case atlassian.EmailManyAt:
		return "There is more than one @: type one address."
	case atlassian.EmailColon:
		return "An e-mail has no colon: was a token pasted along with it?"
	case atlassian.EmailSpace:
		return "There is a blank inside this e-mail."
	case atlassian.EmailControl:
		return "There are invisible characters inside this e-mail: type it by hand."
	case atlassian.EmailIsToken:
		return "That looks like a token. It belongs in the token's line, where it is masked."
	case atlassian.EmailIsURL:
		return "This is an address of a page, not an e-mail."
	case atlassian.EmailTooLong:
		return "This is longer than an e-mail can be."
	case atlassian.EmailShape:
	}
	return "This is not a whole e-mail: NAME@example.com."
}

// TokenProblem says why what was pasted can't be an API token; "" where it can be tried.
func TokenProblem(r atlassian.Receipt) string {
	switch r.Wrong {
	case atlassian.TokenOK:
		return ""
	case atlassian.TokenEmpty:
		return "Paste the API token."
	case atlassian.TokenIsEmail:
		return "This is an e-mail, not the API token."
	case atlassian.TokenIsURL:
		return "This is an address, not the API token."
	case atlassian.TokenIsPair:
		return "This is an e-mail and a token, with a colon between them. Paste the token alone."
	case atlassian.TokenIsKeyValue:
		return "There is a name and an = before the token. Paste what stands after it."
	case atlassian.TokenIsBullets:
		return "These are the dots that hide a token, not the token. Use the button that copies it."
	case atlassian.TokenHasSpace:
		return "There is a blank or a line break inside: was something else copied along?"
	case atlassian.TokenHasControl:
		return "There are characters inside that no token has. Copy it again. On Windows, paste with Ctrl+Shift+V or the right mouse button."
	case atlassian.TokenTooShort:
		return fmt.Sprintf("%s: too few for a token. Was all of it copied?", Plural(r.Length, "character"))
	case atlassian.TokenTooLong:
		return fmt.Sprintf("%d characters are too many for a token: was something else copied?", r.Length)
	case atlassian.TokenIsOrgKey:
		return "This is an organization's API key or a Bitbucket access token. SaaSAssure needs the API token of a person: " + TokenPage
	case atlassian.TokenIsBitb:
		return "This is a secret of Bitbucket's. SaaSAssure needs an API token of your Atlassian account: " + TokenPage
	case atlassian.TokenIsTrello:
		return "This is a token of Trello's. SaaSAssure needs an API token of your Atlassian account: " + TokenPage
	case atlassian.TokenIsOAuth:
		return "This is an app's OAuth secret. SaaSAssure needs an API token of your Atlassian account: " + TokenPage
	}
	return "This is not an API token."
}

// ReceiptWords say what arrived in the token's line, and whether there is a doubt about
// it. A doubt is never a reason to refuse: only Atlassian knows which tokens are good.
func ReceiptWords(r atlassian.Receipt) (text string, doubt bool) {
	if r.Wrong != atlassian.TokenOK {
		return TokenProblem(r), true
	}
	parts := []string{Plural(r.Length, "character")}
	switch {
	case r.Doubled:
		parts, doubt = append(parts, "the same text twice: was it pasted two times?"), true
	case r.Kind == atlassian.KindService:
		parts, doubt = append(parts, "a service account's token, which works only through Atlassian's gateway"), true
	case r.Kind == atlassian.KindOld:
		parts, doubt = append(parts, "of a kind from before 2023, all of which have ended"), true
	case r.Checksum == atlassian.ChecksumBroken:
		parts, doubt = append(parts, "the checksum does not fit: was it cut off while copying?"), true
	case r.Checksum == atlassian.ChecksumFits:
		parts = append(parts, "complete")
	case r.Kind == atlassian.KindUnknown:
		parts = append(parts, "of a kind that is not known here")
	}
	text = strings.Join(parts, ", ")
	if len(r.Trimmed) > 0 {
		text += " (left out: " + strings.Join(r.Trimmed, ", ") + ")"
	}
	return text, doubt
}

// longestName is how many characters a name may have.
const longestName = 64

// NameProblem says why a text can't be a connector's name; "" where it can. Names are
// kept to what needs no quoting in a shell or a file.
func NameProblem(name string) string {
	switch {
	case name == "":
		return "A connector has a name."
	case atlassian.LooksSecret(name):
		return "That looks like a token. A name is shown and written down."
	case len(name) > longestName:
		return fmt.Sprintf("A name has at most %d characters.", longestName)
	case strings.HasPrefix(name, "-") || strings.HasPrefix(name, "."):
		return "A name begins with a letter or a digit."
	}
	for _, r := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", r) {
			return "A name is made of letters, digits, hyphens, underscores and dots."
		}
	}
	return ""
}

// AccountProblem says why a text can't be the name of a SaaSAssure account; "" where it
// can, and where it is empty.
func AccountProblem(text string) string {
	switch {
	case atlassian.LooksSecret(text):
		return "That looks like a token. An account's name is shown and written down."
	case len(text) > longestAccount:
		return "An account's name has at most 100 characters."
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "There are invisible characters inside this name."
	}
	return ""
}

// longestAccount is how many bytes an account's name may have.
const longestAccount = 100
