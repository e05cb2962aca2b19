package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

func (r *run) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print a completion script for your shell",
		Long:      "Print a script that completes commands, flags and the names of connectors.",
		Example:   "  source <(saasconnect completion bash)\n  saasconnect completion fish | source",
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("", "name one shell: bash, zsh, fish or powershell")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(r.stdio.Out, true)
			case "zsh":
				return root.GenZshCompletion(r.stdio.Out)
			case "fish":
				return root.GenFishCompletion(r.stdio.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(r.stdio.Out)
			}
			return usage(didYouMean(args[0], "saasconnect completion ", "", cmd.ValidArgs...), "there is no completion for %q: bash, zsh, fish or powershell", args[0])
		},
	}
}

// completeLimit: a shell waits for the answer while nothing can be typed.
const completeLimit = 2 * time.Second

// completeNames completes the names of connectors. It never prompts, reads a token or
// says an error: a shell would show it in the middle of a command.
func (r *run) completeNames(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	r.flags.noInput = true
	ctx, cancel := context.WithTimeout(cmd.Context(), completeLimit)
	defer cancel()
	w, err := r.open(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, err := w.Store.List(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []cobra.Completion
	for _, e := range sorted(entries) {
		if !contains(args, e.Name) {
			names = append(names, cobra.CompletionWithDesc(e.Name, string(e.Product)+" on "+e.Site.Host()))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
