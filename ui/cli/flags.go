package cli

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError words what pflag says about a flag: its own texts hold Go's errors, and what
// was typed as it was typed.
func flagError(cmd *cobra.Command, err error) error {
	hint := "see " + cmd.CommandPath() + " --help"
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		switch {
		case name == "token":
			hint = "no flag takes the token itself: " + nameSources
		case unknown.GetSpecifiedShortnames() != "":
			return usage(hint, "unknown flag: %s", cleaned("-"+name))
		default:
			hint = didYouMean(name, "--", hint, flagNames(cmd)...)
		}
		return usage(hint, "unknown flag: %s", cleaned("--"+name))
	case errors.As(err, &invalid):
		return usage(hint, "%s is not right for --%s", quoted(invalid.GetValue()), invalid.GetFlag().Name)
	case errors.As(err, &missing):
		return usage(hint, "--%s needs a value", missing.GetFlag().Name)
	}
	return usage(hint, "the flags can't be understood")
}

// flagNames are the long names of all flags that a command takes.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}
