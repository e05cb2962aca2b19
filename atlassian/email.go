package atlassian

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// EmailProblem is why a typed text can't be the email of an Atlassian account.
type EmailProblem string

// The reasons. Package connector has the words.
const (
	EmailOK      EmailProblem = ""
	EmailEmpty   EmailProblem = "empty"
	EmailNoAt    EmailProblem = "no-at"
	EmailManyAt  EmailProblem = "many-at"     // more than one @: two addresses?
	EmailColon   EmailProblem = "colon"       // Basic auth ends the user name at the first colon (RFC 7617, section 2)
	EmailSpace   EmailProblem = "white-space" // inside
	EmailControl EmailProblem = "control"     // control or invisible characters inside
	EmailIsToken EmailProblem = "token"       // an API token was pasted here; it must not be shown
	EmailIsURL   EmailProblem = "url"
	EmailTooLong EmailProblem = "too-long" // longer than 254 octets (RFC 5321, section 4.5.3.1.3, less the brackets)
	EmailShape   EmailProblem = "shape"    // something else is missing, such as the part before the @ or a dot in the domain
)

// CheckEmail trims what copying adds (spaces, quotes, <>, "mailto:", invisible characters at the
// ends) and returns the email, or why it can't be one of an account. With a problem the email is
// "", so that a token typed into the wrong field goes no further. Case is kept; Atlassian ignores
// it.
func CheckEmail(text string) (email string, problem EmailProblem) {
	email, _ = trimPaste(text)
	if len(email) > 7 && strings.EqualFold(email[:7], "mailto:") {
		email = email[7:]
	}
	if problem = emailProblem(email); problem != EmailOK {
		return "", problem
	}
	return email, EmailOK
}

func emailProblem(email string) EmailProblem {
	local, domain, found := strings.Cut(email, "@")
	switch {
	case email == "":
		return EmailEmpty
	case looksLikeToken(email), found && looksLikeToken(domain):
		return EmailIsToken
	case looksLikePair(email):
		// "email:token" with an unknown kind of token is still a secret in the wrong field.
		return EmailIsToken
	case strings.Contains(email, "://"):
		return EmailIsURL
	case strings.ContainsFunc(email, unicode.IsSpace):
		return EmailSpace
	case !utf8.ValidString(email) || strings.ContainsFunc(email, hidden):
		return EmailControl
	case strings.Contains(email, ":"):
		return EmailColon
	case !found && looksLikeHost(email):
		return EmailIsURL
	case !found:
		return EmailNoAt
	case strings.Contains(domain, "@"):
		return EmailManyAt
	case len(email) > 254:
		return EmailTooLong
	case local == "" || !plausibleDomain(domain):
		return EmailShape
	}
	return EmailOK
}

// plausibleDomain reports whether a domain has two or more labels, none of them empty. It knows no
// list of top-level domains and allows letters outside ASCII: it is better to accept a wrong
// domain here, and fail later, than to refuse a valid one.
func plausibleDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.ContainsAny(label, "/\\,;<>()[]\"'=?#%&") {
			return false
		}
	}
	return len(labels) >= 2
}

// looksLikeHost reports whether a text without "@" is a site's address.
func looksLikeHost(text string) bool {
	host, path, slash := strings.Cut(text, "/")
	return strings.HasSuffix(strings.ToLower(host), ".atlassian.net") || (slash && path != "" && strings.Contains(host, "."))
}
