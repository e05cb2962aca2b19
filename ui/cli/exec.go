package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

func (r *run) execCommand() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use:   "exec NAME [--as KIND] -- COMMAND [ARG…]",
		Short: "Run a command with a connector in its environment",
		Long: "Run a command with a connector's address, e-mail and token in its environment, in\n" +
			"the variables that it reads. Nothing is printed or written, and the exit code is\n" +
			"the command's. Kinds:\n\n" + kindsHelp(),
		Example: "  saasconnect exec acme-jira -- sh -c 'curl -s -u \"$ATLASSIAN_EMAIL:$ATLASSIAN_API_TOKEN\" \"$ATLASSIAN_URL/rest/api/3/myself\"'\n" +
			"  saasconnect exec acme-jira --as jira-cli -- jira issue list\n" +
			"  saasconnect exec acme-confluence --as mcp-atlassian -- uvx mcp-atlassian",
		Args: func(cmd *cobra.Command, args []string) error {
			if at := cmd.ArgsLenAtDash(); at != 1 || len(args) < 2 {
				return usage("saasconnect exec NAME -- COMMAND", "exec takes the name of one connector, then --, then the command")
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
	e, _, err := r.one(ctx, name)
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
	token, err := r.world.Store.Token(ctx, e.ID)
	if err != nil {
		return storage(ctx, err)
	}
	// Of two variables of one name os/exec takes the last, so what was set before is shadowed.
	code, err := r.outside.Exec(argv, append(slices.Clone(r.stdio.Env), k.environment(e.Connector, token)...))
	if err != nil {
		return usage("", "the command %s could not be started", quoted(argv[0]))
	}
	return ended(code)
}
