package connector

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
)

// The walkthrough: the steps to create an API token. The steps and the names of pages and buttons
// are those of the vendor's page (help.saasassure.com, "How to configure the Confluence and Jira
// connectors"), updated where Atlassian's pages have changed since: support.atlassian.com, "Manage
// API tokens for your Atlassian account"; CLOUD-12617 at jira.atlassian.com for the notice about
// tokens without scopes; atlassian.com's blog, "Account protection for security changes", for the
// emailed code.

// Step is one step in the browser.
type Step struct {
	Title   string   // what to do, one sentence
	Words   []string // hints, a sentence each
	Picture Picture
	Note    string // a warning; "" for none
	Link    string // the token page, for the first step and StepCreate; "" for others
}

// tokenPolicy is where an organization admin allows or blocks the API tokens of users. Source:
// support.atlassian.com, "Authentication policy settings" (User API tokens).
const tokenPolicy = "admin.atlassian.com > Security > User security > Authentication policies > User API tokens"

// StepCreate is the index of the step that creates the token without scopes.
const StepCreate = 5

// StepFor returns the index of the step to show after a diagnosis.
func StepFor(code Code) int {
	switch code {
	case CodeTokenScoped, CodeScopeMissing, CodeNotAnAPIToken:
		return StepCreate
	}
	return 0
}

// NeverAgain is the warning of the last step.
const NeverAgain = "You can't view the token again after closing this window. If you lose it, create a new one. Keep the window open until the check passes."

// Shortcut describes the token page, inside a sentence that begins with "open". The page needs
// only a sign-in at Atlassian. Source: support.atlassian.com, "Manage API tokens for your
// Atlassian account".
const Shortcut = "the page with your API tokens, and continue with step 6"

// Walkthrough returns the steps to create a token. Only the page they begin on depends on the
// product. The links are those of the site's cloud, or of the commercial one for the zero site.
func Walkthrough(p Product, site atlassian.Site) []Step {
	name := ProductTitle(p)
	steps := []Step{
		{
			Title: "Sign in to " + name + " and click your profile image.",
			Words: []string{"It's at the top right, and shows your picture or initials. Sign in as the account that administers " + name + "."},
			Picture: Picture{Page: "NAME.atlassian.net", Lines: []string{
				" " + padRight(name, 12) + "Search\t(MK) ",
			}, Target: "(MK)"},
		},
		{
			Title: "Choose 'Account settings' from the menu, and continue with step 4.",
			Words: []string{"Some accounts have 'Manage account' instead. If you see neither, choose 'Profile'."},
			Picture: Picture{Page: "NAME.atlassian.net", Lines: []string{
				"  Mia Krystof", "  mia@example.com", "   Account settings ", "  Profile", "  Log out",
			}, Target: " Account settings "},
		},
		{
			Title: "From your profile, click the 'Manage your account' button.",
			Words: []string{"It's below your picture and name."},
			Picture: Picture{Page: "NAME.atlassian.net/people", Lines: []string{
				"  (MK)  Mia Krystof", "", "   Manage your account ",
			}, Target: " Manage your account "},
		},
		{
			Title: "Click the 'Security' tab.",
			Picture: Picture{Page: "id.atlassian.com", Lines: []string{
				" Atlassian account", " Profile   Email   Security   Preferences",
			}, Target: " Security "},
		},
		{
			Title: "Click the link 'Create and manage API tokens'.",
			Words: []string{"It's under the heading 'API tokens', further down the page."},
			Picture: Picture{Page: "id.atlassian.com", Lines: []string{
				" Security", "", " API tokens", "  Create and manage API tokens ",
			}, Target: " Create and manage API tokens "},
		},
		{
			Title: "Click the 'Create API token' button.",
			Words: []string{
				"Choose 'Create API token', not 'Create API token with scopes'.",
				"Continue despite the deprecation notice: no end date has been announced.",
				"Atlassian may email a one-time code to this account first.",
				"If the button is missing or gray, an admin has blocked API tokens: " + tokenPolicy + ".",
			},
			Note: "SaaSAssure's form takes your site's address, and tokens with scopes don't work there.",
			Picture: Picture{Page: "id.atlassian.com", Lines: []string{
				" API Tokens", "", "  Create API token   Create API token with scopes",
			}, Target: " Create API token "},
		},
		{
			Title: "Name the token after SaaSAssure, choose an expiration date, and click 'Create'.",
			Words: []string{"Give it a name such as 'SaaSAssure " + name + "', so that no one revokes it by mistake. The maximum is one year, less if your organization limits it. Note the date; you can enter it here later."},
			Picture: Picture{Page: "Create an API token", Lines: []string{
				" Name     SaaSAssure " + name, " Expires  in 365 days", "            Cancel   Create ",
			}, Target: " Create "},
			Note: "You can't view the token again after closing the next window.",
		},
		{
			Title: "Click 'Copy to clipboard', and come back here to paste it.",
			Words: []string{"On some pages the button is just called 'Copy'."},
			Note:  NeverAgain,
			Picture: Picture{Page: "Your new API token", Lines: []string{
				" ••••••••••••••••••••••••••••", "        Copy to clipboard ", "                       Close",
			}, Target: " Copy to clipboard "},
		},
	}
	for i := range steps {
		steps[i].Picture.Page = inCloud(site, steps[i].Picture.Page)
		for n, words := range steps[i].Words {
			steps[i].Words[n] = inCloud(site, words)
		}
		if i == 0 || i == StepCreate {
			steps[i].Link = TokenPageOf(site)
		}
	}
	return steps
}

func padRight(s string, n int) string { return s + strings.Repeat(" ", max(0, n-len(s))) }

// GuideText returns the walkthrough as plain text, for pipes, emails and screen readers.
func GuideText(p Product) string {
	var b strings.Builder
	fmt.Fprintf(&b, "How to create the API token that SaaSAssure needs for %s\n\n", ProductTitle(p))
	fmt.Fprintf(&b, "Open %s:\n%s\n\nOr step by step:\n\n", Shortcut, TokenPage)
	for i, s := range Walkthrough(p, atlassian.Site{}) {
		fmt.Fprintf(&b, "%d. %s\n", i+1, s.Title)
		for _, w := range s.Words {
			fmt.Fprintf(&b, "   %s\n", w)
		}
		if s.Note != "" {
			fmt.Fprintf(&b, "   Note: %s\n", s.Note)
		}
	}
	return b.String()
}

// RenewalSteps returns the steps in SaaSAssure to replace the token of a connector there. account
// is its SaaSAssure account, "" where unknown. SaaSAssure's help describes only how to add a
// connector, so the page to open is described by what it must contain.
func RenewalSteps(account string) []string {
	return []string{
		"In SaaSAssure, select " + accountWords(account) + " and open 'Connectors'.",
		"Open the settings of the connector with the old token. Don't add another one.",
		"Enter the new token, and click 'Continue'. If it asks for the URL and email, they are below.",
		"The status is 'Configured' again once SaaSAssure has connected.",
	}
}

// RevokeAfter is what to do after a token was replaced that SaaSAssure uses. The token page's address
// follows it.
const RevokeAfter = "SaaSAssure still uses the old token: enter the new one there first. Then revoke the old one, which works at Atlassian until you do:"

// HandoverSteps returns SaaSAssure's own steps up to the form with the three fields. account is
// the connector's SaaSAssure account, "" where unknown. Sources: help.saasassure.com, "How do I
// add a connector plan" and "How to configure the Confluence and Jira connectors".
func HandoverSteps(p Product, account string) []string {
	return []string{
		"In SaaSAssure, select " + accountWords(account) + ", open 'Connectors' and click '+ Add'.",
		"Choose " + ProductTitle(p) + " with a monthly or an annual plan, then 'Select plan', and 'Next' in the plan summary.",
		"Fill in the three fields below, and click 'Continue'.",
		"A notification says whether SaaSAssure connected; then the status is 'Configured'.",
	}
}

func accountWords(account string) string {
	if account == "" {
		return "the account"
	}
	return "the account '" + account + "'"
}
