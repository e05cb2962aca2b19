package cli

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func (r *run) versionCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Print the version, and what it was built from: the commit, the commit's day, Go's\nversion and the system.",
		Example: "  saasconnect version\n  saasconnect version --json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				r.answer(r.versionJSON())
				return nil
			}
			r.out.line(r.versionLine())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}

// versionJSON is the build for scripts; what is not known is "".
func (r *run) versionJSON() any {
	type build struct {
		Version string `json:"version"`
		Commit  string `json:"commit"`
		Date    string `json:"date"`
		Go      string `json:"go"`
		System  string `json:"system"`
	}
	return struct {
		Version int   `json:"version"`
		Build   build `json:"build"`
	}{1, build(r.system.Build)}
}

// versionLine is "saasconnect 1.2.0 (commit 1a2b3c4, 2026-11-23, go1.26.0, linux/amd64)",
// with what is known.
func (r *run) versionLine() string {
	b := r.system.Build
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

// Build says what this binary was built from.
type Build struct {
	Version, Commit, Date, Go, System string
}

// ReadBuild is what the linker was told, else what the Go tool noted by itself.
func ReadBuild(version, commit, date string) Build {
	b := Build{Version: version, Commit: commit, Date: date, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if ok && b.Version == "" {
		b.Version = strings.TrimPrefix(info.Main.Version, "v")
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value[:min(len(s.Value), 12)]
			case "vcs.time":
				b.Date = s.Value
			}
		}
	}
	b.Date, _, _ = strings.Cut(b.Date, "T") // the day is enough
	if b.Version == "" || b.Version == "(devel)" {
		b.Version = "dev"
	}
	return b
}

// UserAgent is how this program calls itself to servers.
func (b Build) UserAgent() string { return "saasconnect/" + b.Version }
