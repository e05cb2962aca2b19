package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

func (r *run) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  saasconnect version",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			r.out.line(r.versionLine())
			return nil
		},
	}
}

// versionLine is "saasconnect 1.2.0 (commit 1a2b3c4, 2026-11-23, go1.26.0, linux/amd64)",
// with what is known.
func (r *run) versionLine() string {
	b := r.outside.Build
	var parts []string
	if b.Commit != "" {
		parts = append(parts, "commit "+b.Commit)
	}
	for _, p := range []string{b.Date, b.Go, b.System} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	line := "saasconnect " + b.Version
	if len(parts) > 0 {
		line += " (" + strings.Join(parts, ", ") + ")"
	}
	return line
}

// noArgs refuses arguments in our own words.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("see "+cmd.CommandPath()+" --help", "%s takes no arguments", cmd.CommandPath())
	}
	return nil
}
