package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

func (r *run) execCommand() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use:   "exec NAME [--as KIND] -- COMMAND [ARG…]",
		Short: "Run a command with a connector in its environment",
		Long: "Run a command with a connector's address, email and token in environment variables.\n" +
			"Nothing is printed or written, and the exit code is the command's. On Unix the\n" +
			"command can't write a core file, since it would contain the token. Kinds:\n\n" + kindsHelp(),
		Example: "  saasconnect exec acme-jira -- sh -c 'curl -s -u \"$ATLASSIAN_EMAIL:$ATLASSIAN_API_TOKEN\" \"$ATLASSIAN_URL/rest/api/3/myself\"'\n" +
			"  saasconnect exec acme-jira --as jira-cli -- jira issue list\n" +
			"  saasconnect exec acme-confluence --as mcp-atlassian -- uvx mcp-atlassian",
		Args: func(cmd *cobra.Command, args []string) error {
			if at := cmd.ArgsLenAtDash(); at != 1 || len(args) < 2 {
				return usage("saasconnect exec NAME -- COMMAND", "exec needs one connector name, then --, then the command")
			}
			return nil
		},
		ValidArgsFunction: r.completeOneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.exec(cmd.Context(), args[0], as, args[1:])
		},
	}
	c.Flags().StringVar(&as, "as", "generic", "the `KIND` of variables: "+strings.Join(kindNames(), ", "))
	return c
}

func (r *run) exec(ctx context.Context, name, as string, argv []string) error {
	e, _, err := r.findOne(ctx, name)
	if err != nil {
		return err
	}
	k, err := kindFor(as, e.Product)
	if err != nil {
		return err
	}
	if err := r.unlockFor(ctx, []connector.Entry{e}); err != nil {
		return err
	}
	token, err := r.deps.Store.Token(ctx, e.ID)
	if err != nil {
		return storageFailure(ctx, err)
	}
	r.notices() // where the command takes this process's place, this is the last that is said
	// Of two variables of one name os/exec takes the last, so what was set before is shadowed.
	code, err := r.system.Exec(argv, append(slices.Clone(r.stdio.Env), k.environment(e.Connector, token)...))
	if err != nil {
		return usage("", "could not start the command %s", quoted(argv[0]))
	}
	return exitWith(code)
}

// The environments that known tools read. This is the one place of the command line where
// a token is revealed: to the command that the user named, and to nothing else.

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
		return kind{}, input([]problem{{"as", orNearest(quoted(name)+" is not a kind: use "+strings.Join(kindNames(), ", "), name, kindNames()...)}})
	}
	k := kinds()[at]
	if k.product != "" && k.product != p {
		return kind{}, input([]problem{{"as", k.name + " is for " + connector.ProductTitle(k.product) + ", but this connector is for " + connector.ProductTitle(p)}})
	}
	return k, nil
}
