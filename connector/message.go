package connector

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// Messages that are ready to be sent. None contains a token.

// Message returns the text for the person who can fix the problem of a report: an admin of the
// Atlassian site, or the network admin.
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
	lines = append(lines, "", "Technical details: "+seenLine(r), "", "Thank you")
	return strings.Join(lines, "\n")
}

func request(r Report, who, host, product string) []string {
	switch r.Code {
	case CodeNotAdmin:
		older := "Jira settings > System > Global permissions"
		if r.Product == Confluence {
			older = "Confluence settings > Global permissions"
		}
		return []string{fmt.Sprintf("The account %s can sign in, but doesn't administer %s. The backup needs that.", who, product),
			fmt.Sprintf("Please grant it the \"%s\" permission.", adminPermission(r.Product)),
			fmt.Sprintf("Where, as an organization admin: %s > App admin (%s Administration).", grantPath, product),
			fmt.Sprintf("On sites managed the older way, except on Free plans: %s, or add the account to the group that has this permission.", older)}
	case CodeNoProductAccess:
		return []string{fmt.Sprintf("The account %s can sign in, but has no access to %s.", who, product),
			fmt.Sprintf("Please grant it access to %s, and the \"%s\" permission.", product, adminPermission(r.Product)),
			fmt.Sprintf("Where, as an organization admin: %s > User, and App admin (%s Administration).", grantPath, product)}
	case CodeSeesNothing, CodeSeesPart, CodeSeesLess:
		return accessRequest(r, who)
	case CodeNoSuchSite:
		return []string{fmt.Sprintf("%s worked before. Now Atlassian says that it doesn't exist.", host),
			"Was the site deactivated (for example, for an unpaid bill), renamed or deleted? Atlassian keeps the data of a deactivated site for a limited time only.",
			"Where: admin.atlassian.com > Billing."}
	case CodeProductMissing:
		return []string{fmt.Sprintf("The site has no %s.", product),
			fmt.Sprintf("Is %s on another of our sites, or was it removed or suspended?", product)}
	case CodeIPBlocked:
		return []string{"Atlassian refused the call because its IP address isn't on the site's allowlist.",
			"Please add this network's address, and the addresses that SaaSAssure calls from.",
			"Where: admin.atlassian.com > Security > IP allowlists."}
	case CodeAccountInactive:
		return []string{fmt.Sprintf("The account %s is deactivated.", who), "Please reactivate it.",
			"Where: admin.atlassian.com > Directory > Users."}
	case CodeProxyRefused, CodeTLSUntrusted, CodeTLSInvalid, CodeNotAtlassian, CodeUnreachable, CodeTimedOut:
		return []string{fmt.Sprintf("The connection from my computer fails. %s. %s", r.Title, r.Cause()), networkRequest(r, host)}
	case CodeTokenRefused, CodeTokenExpired:
		return []string{fmt.Sprintf("Atlassian rejects the API token of %s.", who),
			"Please check whether a policy blocks API tokens for this account.",
			"Where: admin.atlassian.com > Security > User security > Authentication policies, and External users > API token access."}
	case CodeUnrecognized:
		said := "without a reason."
		if r.Evidence != nil && r.Evidence.Reason != "" {
			said = fmt.Sprintf("and says: “%s”", r.Evidence.Reason)
		}
		return []string{fmt.Sprintf("Atlassian refuses the calls of the account %s %s", who, said),
			"Please check whether a policy blocks API tokens or this network's address.",
			"Where: admin.atlassian.com > Security > Authentication policies, and IP allowlists."}
	}
	return []string{"It doesn't work yet: " + Inside(r.Title) + ".", "Please look into it."}
}

// adminPermission returns the global permission of an administrator, as Atlassian names it.
// Source: support.atlassian.com, "Manage global permissions", for each of the products.
func adminPermission(p Product) string {
	if p == Confluence {
		return "Confluence Administrator"
	}
	return "Administer Jira"
}

// BlockedMessage returns the text for the admin who can allow API tokens, for when the button on
// the token page is missing or gray. p may be "" and site zero.
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
		"I am connecting " + what + " to SaaSAssure, our backup service. It needs an API token of my Atlassian account, but I can't create one: the button is missing or gray.",
		"Please allow API tokens for my account.",
		inCloud(site, "Where: "+tokenPolicy+"."),
		"", "Thank you",
	}
	return strings.Join(lines, "\n")
}

// grantPath is where an organization admin gives an account a role in an app. On Free plans it is
// the only way, since their global permissions can't be edited. An organization or site admin is
// not automatically a Jira admin. Sources: support.atlassian.com, "Give users admin permissions",
// "Manage global permissions".
const grantPath = "admin.atlassian.com > Directory > Users > the account > Grant access"

// accessRequest returns the lines that ask for access to what the account can't open. A
// company-managed space has a permission scheme, a team-managed one its own list of people, so the
// paths differ. Source: support.atlassian.com, "Manage global permissions", "How do team-managed
// permissions work".
func accessRequest(r Report, who string) []string {
	if r.Product == Confluence {
		return []string{fmt.Sprintf("The account %s administers Confluence, but a backup made with its token leaves out restricted pages and the spaces that it can't view.", who),
			"Please give it permission to view the spaces that should be backed up.",
			"Where: the space > Space settings > Space permissions."}
	}
	what := "all spaces (projects) that should be backed up"
	if r.Coverage != nil {
		if keys := hiddenWords(*r.Coverage); keys != "" {
			what = keys
		}
	}
	return []string{fmt.Sprintf("The account %s administers Jira, but can't open every space (project), so a backup made with its token would leave some out.", who),
		fmt.Sprintf("Please give it permission to browse %s.", what),
		"Where: the space > Space settings > Permissions (Browse Projects), or Space settings > Access for a team-managed one."}
}

func networkRequest(r Report, host string) string {
	switch r.Code {
	case CodeUnreachable:
		if strings.HasPrefix(r.Why, unresolved(host)) {
			return fmt.Sprintf("Please fix the name lookup (DNS) of %s and api.atlassian.com on this network, or tell me which proxy to use.", host)
		}
	case CodeProxyRefused:
		return fmt.Sprintf("Please allow connections to %s and api.atlassian.com (port 443) through the proxy, or tell me which proxy to use.", host)
	case CodeTLSUntrusted:
		return fmt.Sprintf("Please send me that CA certificate as a PEM file, or exempt %s and api.atlassian.com from TLS inspection.", host)
	}
	return fmt.Sprintf("Please allow TLS connections (port 443) to %s and api.atlassian.com, without a sign-in page or inspection in between.", host)
}

func seenLine(r Report) string {
	s := r.Evidence
	if s == nil {
		return string(r.Code)
	}
	return strings.Join(append(s.Words(), s.At.UTC().Format(time.RFC3339)), ", ")
}

// RoleMessage returns the text to someone with an admin role in SaaSAssure, from a person without
// one. need completes "We need someone to …": "add a Jira connector", "replace the token of
// acme-jira".
func RoleMessage(p Product, need string) string {
	return strings.Join([]string{
		"Hello,", "",
		"We need someone to " + need + " in SaaSAssure. Only a Global Admin or an Account Admin can do that, " +
			"and I have another role. Please do it, or give me one of these roles.", "",
		fmt.Sprintf("SaaSAssure asks for the site's address (https://NAME.atlassian.net), the email of an Atlassian account that "+
			"administers %s, and an API token of that account, created without scopes.", ProductTitle(p)),
		"", "Thank you",
	}, "\n")
}

// RedactedReport returns a report to paste into a ticket, without secrets and with masked emails.
func RedactedReport(r Report) string {
	lines := []string{
		"saasconnect report",
		"checked:  " + r.At.UTC().Format(time.RFC3339),
		"product:  " + string(r.Product),
		"site:     " + r.Site.Origin(),
		"email:    " + MaskEmail(r.Email),
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

// MaskEmail returns just enough of an email to recognize it: "m…@example.com".
func MaskEmail(email string) string {
	local, domain, found := strings.Cut(email, "@")
	if !found || local == "" {
		return "…"
	}
	first := []rune(local)[0]
	return string(first) + "…@" + domain
}

// redactEmails masks in text the emails of a report and the name of its account.
func redactEmails(text string, r Report) string {
	text = replaceWhole(text, r.Email, MaskEmail(r.Email))
	if r.Identity != nil {
		text = replaceWhole(text, r.Identity.Email, MaskEmail(r.Identity.Email))
		text = replaceWhole(text, r.Identity.Name, "the account")
	}
	return text
}

// replaceWhole replaces old with by wherever it is not part of a longer word.
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
