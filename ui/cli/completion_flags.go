package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"saasconnect/connector"
)

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
		}
		c.LocalFlags().VisitAll(set)
	}
}

func (r *run) flagValues() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"product": fixed(products()...),
		"role": fixed(
			described(string(connector.RoleGlobalAdmin), "of SaaSAssure: all accounts"),
			described(string(connector.RoleAccountAdmin), "of SaaSAssure: your accounts")),
		"keep-in": fixed(
			described("keyring", "the system keyring"),
			described("file", "an encrypted file"),
			described("reference", "where it is already; it is read each time")),
		"to":         fixed(described("keyring", "the system keyring"), described("file", "an encrypted file")),
		"as":         fixed(kindsDescribed()...),
		"expires":    fixed(described("90d", "in ninety days"), described("1y", "in a year, the longest there is")),
		"warn":       fixed("7d", "14d", "30d", "60d"),
		"timeout":    fixed("15s", "30s", "1m"),
		"parallel":   fixed("1", "8", "16", "64"),
		"site":       r.completeKnown(func(c connector.Connector) string { return c.Site.Host() }),
		"email":      r.completeKnown(func(c connector.Connector) string { return c.Email }),
		"account":    r.completeKnown(func(c connector.Connector) string { return cleaned(c.Account) }),
		"token-env":  r.completeVariables,
		"home":       folders,
		"ca-file":    files,
		"token-file": files, "new-key-file": files,
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

func files(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func folders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
