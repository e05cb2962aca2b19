package cli

import (
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The environments that known tools read. This is the one place of the command line where
// a token is revealed: to the command that a person named, and to nothing else.

// kind is one tool's set of variables.
type kind struct {
	name    string
	about   string
	product connector.Product // "" for any
	// variables pairs names with values.
	variables func(c connector.Connector, token string) [][2]string
}

func kinds() []kind {
	return []kind{
		{name: "generic", about: "ATLASSIAN_URL, ATLASSIAN_EMAIL, ATLASSIAN_API_TOKEN", variables: func(c connector.Connector, token string) [][2]string {
			return [][2]string{{"ATLASSIAN_URL", c.Site.Origin()}, {"ATLASSIAN_EMAIL", c.Email}, {"ATLASSIAN_API_TOKEN", token}}
		}},
		// Source: github.com/ankitpokhrel/jira-cli, internal/cmd/root/root.go: JIRA_API_TOKEN, and
		// viper's prefix JIRA_ before the keys server, login and auth_type of its file.
		{name: "jira-cli", about: "JIRA_SERVER, JIRA_LOGIN, JIRA_AUTH_TYPE, JIRA_API_TOKEN", product: connector.Jira, variables: func(c connector.Connector, token string) [][2]string {
			return [][2]string{{"JIRA_SERVER", c.Site.Origin()}, {"JIRA_LOGIN", c.Email}, {"JIRA_AUTH_TYPE", "basic"}, {"JIRA_API_TOKEN", token}}
		}},
		// Source: github.com/sooperset/mcp-atlassian, .env.example. Confluence's address ends in /wiki.
		{name: "mcp-atlassian", about: "JIRA_URL, JIRA_USERNAME, JIRA_API_TOKEN, or the same with CONFLUENCE_", variables: func(c connector.Connector, token string) [][2]string {
			prefix, url := "JIRA", c.Site.Origin()
			if c.Product == connector.Confluence {
				prefix, url = "CONFLUENCE", url+"/wiki"
			}
			return [][2]string{{prefix + "_URL", url}, {prefix + "_USERNAME", c.Email}, {prefix + "_API_TOKEN", token}}
		}},
	}
}

// environment is the variables as a process takes them.
func (k kind) environment(c connector.Connector, token atlassian.Token) []string {
	var env []string
	for _, v := range k.variables(c, token.Reveal()) {
		env = append(env, v[0]+"="+v[1])
	}
	return env
}

func kindNames() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

func kindsHelp() string {
	var lines []string
	for _, k := range kinds() {
		lines = append(lines, "  "+k.name+strings.Repeat(" ", 15-len(k.name))+k.about)
	}
	return strings.Join(lines, "\n")
}

// kindFor finds a kind that fits the product.
func kindFor(name string, p connector.Product) (kind, error) {
	at := slices.IndexFunc(kinds(), func(k kind) bool { return k.name == name })
	if at < 0 {
		return kind{}, input([]problem{{"as", orNearest(quoted(name)+" is not known: "+strings.Join(kindNames(), ", "), name, kindNames()...)}})
	}
	k := kinds()[at]
	if k.product != "" && k.product != p {
		return kind{}, input([]problem{{"as", k.name + " is for " + connector.ProductTitle(k.product) + ", and this connector is for " + connector.ProductTitle(p)}})
	}
	return k, nil
}
