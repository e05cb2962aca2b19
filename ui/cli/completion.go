package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"saasconnect/connector"
)

// Completions. A shell asks in the middle of a command line: so nothing prompts, no storage and
// no network is accessed, nothing is recovered or written, and any error is an empty answer.

func (r *run) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a completion script for your shell",
		Long: "Print a script that completes commands, flags, their values and connector names. To\n" +
			"load it in every new shell, add the line below to the shell's startup file: ~/.bashrc\n" +
			"(requires the package bash-completion), ~/.zshrc, ~/.config/fish/config.fish, $PROFILE.",
		Example: "  source <(saasconnect completion bash)\n" +
			"  source <(saasconnect completion zsh)\n" +
			"  saasconnect completion fish | source\n" +
			"  saasconnect completion powershell | Out-String | Invoke-Expression",
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
				_ = root.GenBashCompletionV2(r.stdout, true)
			case "zsh":
				_ = root.GenZshCompletion(r.stdout)
			case "fish":
				_ = root.GenFishCompletion(r.stdout, true)
			case "powershell":
				_ = root.GenPowerShellCompletionWithDesc(r.stdout)
			default:
				return usage(didYouMean(args[0], "saasconnect completion ", "", cmd.ValidArgs...), "no completion for %s: use bash, zsh, fish or powershell", quoted(args[0]))
			}
			return nil // see written for what stdout does not take
		},
	}
}

// completeLimit: a shell waits for the answer while nothing can be typed.
const completeLimit = 2 * time.Second

// known are the saved connectors by name; none where they can't be read in time.
func (r *run) known(ctx context.Context) []connector.Entry {
	r.flags.noInput = true
	ctx, cancel := context.WithTimeout(ctx, completeLimit)
	defer cancel()
	_, entries, err := r.entries(ctx)
	if err != nil {
		return nil
	}
	return entries
}

// completeNames completes the names of connectors, but those that are there already.
func (r *run) completeNames(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []cobra.Completion
	for _, e := range r.known(cmd.Context()) {
		if !contains(args, e.Name) && hasPrefixFold(e.Name, typed) {
			about := connector.ProductTitle(e.Product) + " on " + e.Site.Host()
			if e.Account != "" {
				about += ", for " + cleaned(e.Account)
			}
			names = append(names, cobra.CompletionWithDesc(e.Name, about))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func hasPrefixFold(text, typed string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(typed))
}

// completeKnown completes with a fact of the connectors there are, each once.
func (r *run) completeKnown(fact func(connector.Connector) string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var values []cobra.Completion
		for _, e := range r.known(cmd.Context()) {
			if v := fact(e.Connector); v != "" && hasPrefixFold(v, typed) && !contains(values, v) {
				values = append(values, v)
			}
		}
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}

// The values of flags, by the flag's name: a flag means the same in every command. One that
// is not here takes something new, and completes with nothing; cobra would offer files.

// completeFlags gives every flag of every command its values.
func (r *run) completeFlags(root *cobra.Command) {
	values := r.flagValues()
	for _, c := range append(root.Commands(), root) {
		set := func(f *pflag.Flag) {
			complete := values[f.Name]
			if complete == nil {
				complete = cobra.NoFileCompletions
			}
			_ = c.RegisterFlagCompletionFunc(f.Name, complete) // an error says that it has one already
			if r.completing {                                  // a shell shows the words as they are, and help takes the marks of a value's name away
				f.Usage = strings.ReplaceAll(f.Usage, "`", "")
			}
		}
		c.LocalFlags().VisitAll(set)
	}
}

func (r *run) flagValues() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"product": completeFrom(products()...),
		"role": completeFrom(
			described(string(connector.RoleGlobalAdmin), "of SaaSAssure: all accounts"),
			described(string(connector.RoleAccountAdmin), "of SaaSAssure: your accounts")),
		"keep-in": completeFrom(
			described("keyring", "the system keyring"),
			described("file", "an encrypted file"),
			described("reference", "an external source, read each time")),
		"to":         completeFrom(described("keyring", "the system keyring"), described("file", "an encrypted file")),
		"as":         completeFrom(kindsDescribed()...),
		"expires":    completeFrom(described("90d", "in 90 days"), described("1y", "in a year, the maximum")),
		"warn":       completeFrom("7d", "14d", "30d", "60d"),
		"expiring":   completeFrom("7d", "14d", "30d", "60d"),
		"timeout":    completeFrom("15s", "30s", "1m"),
		"parallel":   completeFrom("1", "8", "16", "64"),
		"site":       r.completeKnown(func(c connector.Connector) string { return c.Site.Host() }),
		"email":      r.completeKnown(func(c connector.Connector) string { return c.Email }),
		"account":    r.completeKnown(func(c connector.Connector) string { return cleaned(c.Account) }),
		"token-env":  r.completeVariables,
		"home":       completeFolderName,
		"ca-file":    completeFileName,
		"token-file": completeFileName, "new-key-file": completeFileName,
	}
}

func described(value, about string) cobra.Completion { return cobra.CompletionWithDesc(value, about) }

func kindsDescribed() []cobra.Completion {
	var all []cobra.Completion
	for _, k := range kinds() {
		all = append(all, described(k.name, k.about))
	}
	return all
}

// completeVariables completes the names of variables, and shows no value.
func (r *run) completeVariables(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []cobra.Completion
	for _, pair := range r.stdio.Env {
		if name, _, _ := strings.Cut(pair, "="); name != "" && strings.HasPrefix(name, typed) {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func completeFileName(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func completeFolderName(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
