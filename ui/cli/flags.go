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
		if name == "token" {
			hint = "no flag takes the token itself: " + nameSources
		}
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return usage(hint, "unknown flag: %s", cleaned(dashes+name))
	case errors.As(err, &invalid):
		return usage(hint, "%s is not right for --%s", quoted(invalid.GetValue()), invalid.GetFlag().Name)
	case errors.As(err, &missing):
		return usage(hint, "--%s needs a value", missing.GetFlag().Name)
	}
	return usage(hint, "the flags can't be understood")
}
