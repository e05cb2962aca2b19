package connector

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
)

// What is wrong with typed values, found offline. The words never repeat a text that could be a
// token.

// Field is a field of the form.
type Field string

// The fields.
const (
	FieldSite  Field = "site"
	FieldEmail Field = "email"
	FieldToken Field = "token"
	// FieldAccount is the SaaSAssure account; for saved connectors only.
	FieldAccount Field = "account"
)

// SiteProblem returns why a typed address is not a site; "" where it is one.
func SiteProblem(text string) string {
	_, _, err := atlassian.ParseSite(text)
	refusal, ok := err.(*atlassian.SiteRefusal) //nolint:errorlint // ParseSite wraps nothing
	if !ok {
		return ""
	}
	if refusal.Meant != "" {
		return named("%s isn't an Atlassian site.", refusal.Host) + " Did you mean " + refusal.Meant + "?"
	}
	return siteWords(refusal.Why, refusal.Host)
}

const siteForm = "Enter the site's name or address: https://NAME.atlassian.net."

func siteWords(why atlassian.SiteWhy, host string) string {
	switch why {
	case atlassian.SiteEmpty:
		return siteForm
	case atlassian.SiteScheme:
		return "Only https addresses work. " + siteForm
	case atlassian.SiteUserinfo:
		return "Remove the user name before \"@\". " + siteForm
	case atlassian.SitePort:
		return "Remove the port number, such as \":8443\"."
	case atlassian.SiteIP:
		return "This is an IP address or this computer, not an Atlassian site. " + siteForm
	case atlassian.SiteNonASCII:
		return "The address contains look-alike characters. Type it by hand: NAME.atlassian.net."
	case atlassian.SiteLookalike:
		return named("%s looks like an Atlassian site, but isn't one.", host) + " A site is a single name before .atlassian.net."
	case atlassian.SiteIsolated:
		return named("%s is in an Atlassian Isolated Cloud, which isn't supported yet.", host) + " Supported: sites at NAME.atlassian.net and in the Atlassian Government Cloud."
	case atlassian.SiteNotASite:
		return named("%s is one of Atlassian's own pages, not your site.", host) + " Use the address where you open Jira or Confluence: NAME.atlassian.net."
	case atlassian.SiteCustom:
		return named("%s is not on atlassian.net.", host) + " Tokens work only at the site's default address, NAME.atlassian.net, not at a custom domain or your own server. Find NAME at home.atlassian.com, or at " + defaultAddress + "."
	case atlassian.SiteEmail:
		return "This is an email address. Enter it in the Email field. " + siteForm
	case atlassian.SiteTokenTyped:
		return "This looks like a token. Enter it in the Token field, where it is masked."
	case atlassian.SiteMalformed:
	}
	return "This isn't a valid address. " + siteForm
}

// defaultAddress is where an admin finds a site's default address behind a custom domain. Source:
// the pages of two vendors; Atlassian's own page does not name the path.
const defaultAddress = "admin.atlassian.com > Apps > App URLs > Custom domains > Show details"

// named puts a host into a sentence; "This" where host is "".
func named(format, host string) string {
	if host == "" {
		host = "This"
	}
	return fmt.Sprintf(format, host)
}

// EmailProblem returns why a typed text is not an email address; "" where it may be one.
func EmailProblem(text string) string {
	_, why := atlassian.CheckEmail(text)
	switch why {
	case atlassian.EmailOK:
		return ""
	case atlassian.EmailEmpty:
		return "Enter the email of the Atlassian account that created the token."
	case atlassian.EmailNoAt:
		return "The \"@\" is missing: name@example.com."
	case atlassian.EmailManyAt:
		return "There is more than one \"@\". Enter one address."
	case atlassian.EmailColon:
		return "An email has no colon. Was a token pasted with it?"
	case atlassian.EmailSpace:
		return "The email contains a space."
	case atlassian.EmailControl:
		return "The email contains invisible characters. Type it by hand."
	case atlassian.EmailIsToken:
		return "This looks like a token. Enter it in the Token field, where it is masked."
	case atlassian.EmailIsURL:
		return "This is a web address, not an email."
	case atlassian.EmailTooLong:
		return "This is too long for an email."
	case atlassian.EmailShape:
	}
	return "This email is incomplete. Example: name@example.com."
}

// TokenProblem returns why a pasted text can't be an API token; "" where it may be one.
func TokenProblem(r atlassian.Receipt) string {
	switch r.Wrong {
	case atlassian.TokenOK:
		return ""
	case atlassian.TokenEmpty:
		return "Paste the API token."
	case atlassian.TokenIsEmail:
		return "This is an email, not the API token."
	case atlassian.TokenIsURL:
		return "This is a web address, not the API token."
	case atlassian.TokenIsPair:
		return "This is an email and a token, joined by a colon. Paste only the token."
	case atlassian.TokenIsKeyValue:
		return "There is a name and \"=\" before the token. Paste only the part after it."
	case atlassian.TokenIsBullets:
		return "These are the dots that hide a token. Use Atlassian's copy button instead."
	case atlassian.TokenHasSpace:
		return "The token contains a space or line break. Was something else copied with it?"
	case atlassian.TokenHasControl:
		return "The token contains invalid characters. Copy it again. On Windows, paste with Ctrl+Shift+V or the right mouse button."
	case atlassian.TokenTooShort:
		return fmt.Sprintf("%s: too short for a token. Was all of it copied?", Plural(r.Length, "character"))
	case atlassian.TokenTooLong:
		return fmt.Sprintf("%d characters: too long for a token. Was something else copied?", r.Length)
	case atlassian.TokenIsOrgKey:
		return "This is an organization API key or a Bitbucket access token. SaaSAssure needs a person's API token: " + TokenPage
	case atlassian.TokenIsBitb:
		return "This is a Bitbucket secret. SaaSAssure needs an API token of your Atlassian account: " + TokenPage
	case atlassian.TokenIsTrello:
		return "This is a Trello token. SaaSAssure needs an API token of your Atlassian account: " + TokenPage
	case atlassian.TokenIsOAuth:
		return "This is an OAuth secret. SaaSAssure needs an API token of your Atlassian account: " + TokenPage
	}
	return "This isn't an API token."
}

// ReceiptWords describes a pasted token without showing it, and reports whether something about it
// is doubtful. A doubt is no reason to refuse it: only Atlassian knows which tokens are valid.
func ReceiptWords(r atlassian.Receipt) (text string, doubt bool) {
	if r.Wrong != atlassian.TokenOK {
		return TokenProblem(r), true
	}
	parts := []string{Plural(r.Length, "character")}
	switch {
	case r.Doubled:
		parts, doubt = append(parts, "the same text twice: pasted two times?"), true
	case r.Kind == atlassian.KindService:
		parts, doubt = append(parts, "a service account's token, which works only through Atlassian's gateway"), true
	case r.Kind == atlassian.KindOld:
		parts, doubt = append(parts, "an old-style token; these have all expired"), true
	case r.Checksum == atlassian.ChecksumBroken:
		parts, doubt = append(parts, "checksum doesn't match: part of the token is missing"), true
	case r.Checksum == atlassian.ChecksumFits:
		parts = append(parts, "complete")
	case r.Kind == atlassian.KindUnknown:
		parts = append(parts, "unknown kind")
	}
	text = strings.Join(parts, ", ")
	if len(r.Trimmed) > 0 {
		text += " (removed: " + strings.Join(r.Trimmed, ", ") + ")"
	}
	return text, doubt
}

// longestName is the largest number of characters of a name.
const longestName = 64

// NameProblem returns why a text can't be a connector's name; "" where it can. The characters
// allowed need no quoting in shells and files.
func NameProblem(name string) string {
	switch {
	case name == "":
		return "A connector needs a name."
	case atlassian.LooksSecret(name):
		return "This looks like a token. Names are shown on screens and saved unencrypted."
	case len(name) > longestName:
		return fmt.Sprintf("Use at most %d characters.", longestName)
	case strings.HasPrefix(name, "-") || strings.HasPrefix(name, "."):
		return "Start the name with a letter or a digit."
	}
	for _, r := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", r) {
			return "Use only a-z, 0-9, \"-\", \"_\" and \".\"; no spaces."
		}
	}
	return ""
}

// AccountProblem returns why a text can't be the name of a SaaSAssure account; "" where it can,
// and where it is empty.
func AccountProblem(text string) string {
	switch {
	case atlassian.LooksSecret(text):
		return "This looks like a token. Account names are shown on screens and saved unencrypted."
	case len(text) > longestAccount:
		return "Use at most 100 characters."
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "The name contains invisible characters."
	}
	return ""
}

// longestAccount is the largest number of bytes of an account's name.
const longestAccount = 100
