package cli

import (
	"github.com/spf13/cobra"
)

// help, in place of cobra's: that one says "Unknown help topic" and ends with 0, which a
// script takes for an answer.
func (r *run) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND|TOPIC]",
		Short:   "Help about any command",
		Long:    "Print what a command does, with its flags and examples that run, or a topic: what\nholds for all commands.",
		Example: "  saasconnect help\n  saasconnect help add\n  saasconnect help environment",
		Args:    atMostOne("a command or a topic"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, c := range visible(cmd.Root()) {
				if len(args) == 0 {
					names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about := cmd.Root()
			if len(args) == 1 {
				var err error
				if about, _, err = cmd.Root().Find(args); err != nil || about == cmd.Root() {
					return noSuchCommand(cmd, args[0])
				}
			}
			about.InitDefaultHelpFlag() // else cobra does it when a command is run, and it is not
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}
