package connector

import (
	"fmt"
	"strings"

	"saasconnect/atlassian"
)

// The walkthrough: how an API token is made, as data. The steps, and the names of pages
// and buttons, are those of the vendor's page (help.saasassure.com, "How to configure the
// Confluence and Jira connectors"); where Atlassian's pages have changed since, a step
// says so (support.atlassian.com, "Manage API tokens for your Atlassian account"; CLOUD-12617 at
// jira.atlassian.com for the notice about tokens without scopes; atlassian.com's blog, "Account
// protection for security changes", for the mailed code).

// Step is one step in the browser.
type Step struct {
	Title   string   // what to do, one sentence
	Words   []string // what helps to do it, a sentence each
	Picture Picture
	Note    string // what must not be missed; "" for none
	Link    string // the short cut
}

// tokenPolicy is where an organization admin allows or blocks the API tokens of users.
// Source: support.atlassian.com, "Authentication policy settings" (User API tokens).
const tokenPolicy = "admin.atlassian.com > Security > User security > Authentication policies > User API tokens"

// StepCreate is the step with the button without scopes, from 0.
const StepCreate = 5

// StepFor is the step that helps after a diagnosis, from 0.
func StepFor(code Code) int {
	switch code {
	case CodeTokenScoped, CodeScopeMissing, CodeNotAnAPIToken:
		return StepCreate
	}
	return 0
}

// NeverAgain is the one thing that can't be made up for later.
const NeverAgain = "The token is shown this once. When the window is closed nobody can show it again; a lost token is replaced by a new one."

// Walkthrough is the steps of making a token. They are the same for both products but
// for the page they begin on. The links are those of the site's cloud; the commercial one's
// where no site is known.
func Walkthrough(p Product, site atlassian.Site) []Step {
	name := ProductTitle(p)
	steps := []Step{
		{
			Title: "Sign in to " + name + " and click your profile image.",
			Words: []string{"It is at the top right, and shows your picture or your initials. Sign in as the account that administers " + name + "."},
			Picture: Picture{Page: "NAME.atlassian.net", Lines: []string{
				" " + padRight(name, 12) + "Search\t(MK) ",
			}, Target: "(MK)"},
		},
		{
			Title: "Choose 'Profile' from the menu.",
			Words: []string{"Some accounts see 'Account settings' or 'Manage account' in this menu: choose that, and go on with step 4."},
			Picture: Picture{Page: "NAME.atlassian.net", Lines: []string{
				"  Mia Krystof", "  mia@example.com", "   Profile ", "  Personal settings", "  Log out",
			}, Target: " Profile "},
		},
		{
			Title: "Click the 'Manage your account' button.",
			Words: []string{"It stands under your image and your name, and leads to your Atlassian account."},
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
			Words: []string{"It stands under the heading 'API tokens', further down the page."},
			Picture: Picture{Page: "id.atlassian.com", Lines: []string{
				" Security", "", " API tokens", "  Create and manage API tokens ",
			}, Target: " Create and manage API tokens "},
		},
		{
			Title: "Click the 'Create API token' button.",
			Words: []string{
				"You'll see two buttons. Choose 'Create API token', not 'Create API token with scopes'.",
				"The page may say that tokens without scopes are being deprecated: go on, no date is announced.",
				"If the button is missing or gray, an admin has blocked API tokens: " + tokenPolicy + ".",
				"Atlassian may email a one-time code to this account first.",
			},
			Note: "SaaSAssure's form takes your site's address, and tokens with scopes don't work there.",
			Picture: Picture{Page: "id.atlassian.com", Lines: []string{
				" API Tokens", "", "  Create API token   Create API token with scopes",
			}, Target: " Create API token "},
		},
		{
			Title: "Name the token after SaaSAssure, choose an expiration date, and click 'Create'.",
			Words: []string{"Give it a name such as 'SaaSAssure " + name + "', so that nobody revokes it by mistake. The maximum is one year, less if your organization limits it. Note the date; you can enter it here later."},
			Picture: Picture{Page: "Create an API token", Lines: []string{
				" Name     SaaSAssure " + name, " Expires  in 365 days", "            Cancel   Create ",
			}, Target: " Create "},
			Note: "It can't be seen again once the next window is closed.",
		},
		{
			Title: "Click 'Copy to clipboard', and come back here with it.",
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
		if i <= StepCreate {
			steps[i].Link = TokenPageOf(site) // behind it the page is open already, and the clipboard is needed
		}
	}
	return steps
}

func padRight(s string, n int) string { return s + strings.Repeat(" ", max(0, n-len(s))) }

// GuideText is the walkthrough as plain text, for pipes, mails and screen readers.
func GuideText(p Product) string {
	var b strings.Builder
	fmt.Fprintf(&b, "How to make the API token that SaaSAssure needs for %s\n\n", ProductTitle(p))
	for i, s := range Walkthrough(p, atlassian.Site{}) {
		fmt.Fprintf(&b, "%d. %s\n", i+1, s.Title)
		for _, w := range s.Words {
			fmt.Fprintf(&b, "   %s\n", w)
		}
		if s.Note != "" {
			fmt.Fprintf(&b, "   Note: %s\n", s.Note)
		}
	}
	fmt.Fprintf(&b, "\nShort cut to step 6: %s\n", TokenPage)
	return b.String()
}

// RenewalSteps are what is left to do in SaaSAssure for a connector that is there already.
// Its help describes adding one only, so the page is told by what must be on it.
func RenewalSteps() []string {
	return []string{
		"In SaaSAssure, select the account and open 'Connectors'.",
		"Open the settings of this connector, which has the old token: do not add another one.",
		"Put in the new token, and click 'Continue'. URL and e-mail are below, should they be asked for.",
		"Its status is 'Configured' again once SaaSAssure could connect.",
	}
}

// HandoverSteps are SaaSAssure's own steps, up to the form with the three fields.
// Sources: help.saasassure.com, "How do I add a connector plan" and "How to configure the
// Confluence and Jira connectors".
func HandoverSteps(p Product) []string {
	return []string{
		"In SaaSAssure, select the account, open 'Connectors' and click '+ Add'.",
		"Choose " + ProductTitle(p) + " with a monthly or an annual plan, then 'Select plan', and 'Next' in the plan summary.",
		"Fill in the three fields below, and click 'Continue'.",
		"A notification says whether SaaSAssure could connect; the status is then 'Configured'.",
	}
}
