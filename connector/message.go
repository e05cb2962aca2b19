package connector

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// Texts that are ready to be sent. None holds a token.

// Message is the text for whoever can cure what a report says: an admin of the Atlassian
// site, or whoever runs the network.
func Message(r Report) string {
	who := r.Email
	if r.Identity != nil && r.Identity.Name != "" {
		who = r.Identity.Name + " (" + r.Email + ")"
	}
	host, product := r.Site.Host(), ProductTitle(r.Product)
	lines := []string{"Hello,", "", fmt.Sprintf("I am connecting %s on %s to SaaSAssure, our backup service.", product, host)}
	for _, line := range request(r, who, host, product) {
		lines = append(lines, inCloud(r.Site, line))
	}
	lines = append(lines, "", "What was seen: "+seenLine(r), "", "Thank you")
	return strings.Join(lines, "\n")
}

// request is what is asked for, and where it is done.
func request(r Report, who, host, product string) []string {
	switch r.Code {
	case CodeNotAdmin:
		older := "Jira settings > System > Global permissions: 'Administer Jira'"
		if r.Product == Confluence {
			older = "Confluence settings > Global permissions: 'Confluence Administrator'"
		}
		return []string{fmt.Sprintf("The account %s signs in, but does not administer %s, which the backup needs.", who, product),
			fmt.Sprintf("Please grant it the right to administer %s.", product),
			fmt.Sprintf("Where, as an organization admin: %s > App admin (%s Administration).", grantPath, product),
			fmt.Sprintf("On sites managed the older way, except on Free plans: %s, or add the account to the group that has it.", older)}
	case CodeNoProductAccess:
		return []string{fmt.Sprintf("The account %s signs in, but has no access to %s.", who, product),
			fmt.Sprintf("Please grant it access to %s, and the right to administer it.", product),
			fmt.Sprintf("Where, as an organization admin: %s > User, and App admin (%s Administration).", grantPath, product)}
	case CodeSeesNothing, CodeSeesPart, CodeSeesLess:
		return accessRequest(r, who)
	case CodeNoSuchSite:
		return []string{fmt.Sprintf("%s worked before, and answers now as if it did not exist.", host),
			"Was the site deactivated (an unpaid bill, for example), renamed or deleted? A deactivated site's data is kept for a limited time only.",
			"Where: admin.atlassian.com > Billing."}
	case CodeProductMissing:
		return []string{fmt.Sprintf("The site has no %s at the moment.", product),
			fmt.Sprintf("Is %s on another site of ours, or was it removed or suspended?", product)}
	case CodeIPBlocked:
		return []string{"Atlassian refused the call because the address it came from is not on the site's IP allow-list.",
			"Could you add this network's address, and those from which SaaSAssure calls?",
			"Where: admin.atlassian.com > Security > IP allowlists."}
	case CodeAccountInactive:
		return []string{fmt.Sprintf("The account %s is not active.", who), "Could you switch it on again?",
			"Where: admin.atlassian.com > Directory > Users."}
	case CodeProxyRefused, CodeTLSUntrusted, CodeTLSInvalid, CodeNotAtlassian, CodeUnreachable, CodeTimedOut:
		why := strings.TrimSuffix(r.Why, " "+tokenUnjudged)
		return []string{fmt.Sprintf("From my machine it does not get through. %s. %s", r.Title, why), networkRequest(r.Code, host)}
	case CodeTokenRefused, CodeTokenExpired:
		return []string{fmt.Sprintf("Atlassian refuses the API token of %s.", who),
			"Could you check whether a policy blocks API tokens for this account?",
			"Where: admin.atlassian.com > Security > User security > Authentication policies, and External users > API token access."}
	case CodeUnrecognised:
		said := "and gives no reason."
		if r.Evidence != nil && r.Evidence.Reason != "" {
			said = fmt.Sprintf("and says: “%s”", r.Evidence.Reason)
		}
		return []string{fmt.Sprintf("Atlassian refuses the calls of the account %s %s", who, said),
			"Could you check whether something blocks API tokens or this network's address?",
			"Where: admin.atlassian.com > Security > Authentication policies, and IP allowlists."}
	}
	return []string{"It does not work yet: " + Inside(r.Title) + ".", "Could you have a look?"}
}

// BlockedMessage is the text for whoever can let an account create API tokens, for when the
// button on the token page is missing or gray. p and site may be unknown.
func BlockedMessage(p Product, site atlassian.Site) string {
	what := "Jira or Confluence"
	if p != "" {
		what = ProductTitle(p)
	}
	if !site.IsZero() {
		what += " on " + site.Host()
	}
	lines := []string{
		"Hello,", "",
		"I am connecting " + what + " to SaaSAssure, our backup service. It needs an API token of my Atlassian account, and I can't create one: the button is missing or gray.",
		"Please allow API tokens for my account.",
		inCloud(site, "Where: "+tokenPolicy+"."),
		"", "Thank you",
	}
	return strings.Join(lines, "\n")
}

// grantPath is where an organization admin gives an account a role in an app: the only way on
// Free plans, whose global permissions can't be edited. To be an organization or site admin is
// not to administer Jira by that alone.
// Sources: support.atlassian.com, "Give users admin permissions", "Manage global permissions".
const grantPath = "admin.atlassian.com > Directory > Users > the account > Grant access"

// accessRequest asks for access to what the account can't open. Where: a company-managed space
// has a permission scheme, a team-managed one its own list of people.
// Source: support.atlassian.com, "Manage global permissions", "How do team-managed permissions work".
func accessRequest(r Report, who string) []string {
	if r.Product == Confluence {
		return []string{fmt.Sprintf("The account %s administers Confluence, but spaces to which it has no permission, and restricted pages, are left out of a backup made with its token.", who),
			"Could you give it permission to view the spaces that are to be backed up?",
			"Where: the space > Space settings > Space permissions."}
	}
	what := "all spaces (projects) that are to be backed up"
	if r.Coverage != nil {
		if keys := hiddenWords(*r.Coverage); keys != "" {
			what = keys
		}
	}
	return []string{fmt.Sprintf("The account %s administers Jira, but can't open every space (project), so a backup made with its token would leave some out.", who),
		fmt.Sprintf("Could you let it browse %s?", what),
		"Where: the space > Space settings > Permissions (Browse Projects), or Space settings > Access for a team-managed one."}
}

// networkRequest is what whoever runs the network can do about it.
func networkRequest(code Code, host string) string {
	switch code {
	case CodeProxyRefused:
		return fmt.Sprintf("Could the proxy let connections to %s and api.atlassian.com (port 443) through, or is there another one I should use?", host)
	case CodeTLSUntrusted:
		return fmt.Sprintf("Could you send me that certificate authority as a PEM file, or exempt %s and api.atlassian.com from TLS inspection?", host)
	}
	return fmt.Sprintf("Could you let TLS connections (port 443) to %s and api.atlassian.com through, without a page or an inspection in between?", host)
}

func seenLine(r Report) string {
	s := r.Evidence
	if s == nil {
		return string(r.Code)
	}
	return strings.Join(append(s.Words(), s.At.UTC().Format(time.RFC3339)), ", ")
}

// RoleMessage is the text for someone whose role in SaaSAssure may not do what is needed:
// "add a Jira connector", "replace the token of acme-jira".
func RoleMessage(p Product, need string) string {
	return strings.Join([]string{
		"Hello,", "",
		"we need someone to " + need + " in SaaSAssure. Only a Global Admin or an Account Admin can do that, " +
			"and my role is another one. Could you do it, or give me one of these roles?", "",
		fmt.Sprintf("What SaaSAssure asks for: the site's address (https://NAME.atlassian.net), the e-mail of an Atlassian account that "+
			"administers %s, and an API token of that account, made without scopes.", ProductTitle(p)),
		"", "Thank you",
	}, "\n")
}

// RedactedReport is a report to paste into a ticket: what was asked, what came, and no
// secret. The e-mail is masked.
func RedactedReport(r Report) string {
	lines := []string{
		"saasconnect report",
		"checked:  " + r.At.UTC().Format(time.RFC3339),
		"product:  " + string(r.Product),
		"site:     " + r.Site.Origin(),
		"e-mail:   " + MaskEmail(r.Email),
		"verdict:  " + string(r.Verdict) + ", " + string(r.Code),
		"title:    " + redactEmails(r.Title, r),
		"why:      " + redactEmails(r.Why, r),
		"seen:     " + seenLine(r),
	}
	for _, s := range r.Stages {
		line := fmt.Sprintf("%-9s %s", string(s.Stage)+":", s.Verdict)
		if s.Detail != "" {
			line += ", " + redactEmails(s.Detail, r)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}

// MaskEmail shows enough of an e-mail to recognise it: "m…@example.com".
func MaskEmail(email string) string {
	local, domain, found := strings.Cut(email, "@")
	if !found || local == "" {
		return "…"
	}
	first := []rune(local)[0]
	return string(first) + "…@" + domain
}

// redactEmails masks the e-mails that a report knows, and the person's name, in a text.
func redactEmails(text string, r Report) string {
	text = replaceWhole(text, r.Email, MaskEmail(r.Email))
	if r.Identity != nil {
		text = replaceWhole(text, r.Identity.Email, MaskEmail(r.Identity.Email))
		text = replaceWhole(text, r.Identity.Name, "the account")
	}
	return text
}

// replaceWhole replaces what stands by itself, and not as a part of a longer word.
func replaceWhole(text, old, by string) string {
	var b strings.Builder
	for old != "" {
		at := strings.Index(text, old)
		if at < 0 {
			break
		}
		end := at + len(old)
		before, _ := utf8.DecodeLastRuneInString(b.String() + text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		b.WriteString(text[:at])
		if inWord(before) || inWord(after) {
			b.WriteString(old)
		} else {
			b.WriteString(by)
		}
		text = text[end:]
	}
	return b.String() + text
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
