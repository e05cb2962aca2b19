package cli

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
	"saasconnect/ui/cli/roster"
)

// Writing connectors to a file that import reads, without any secret: of a token only where
// it can be read, and only if that is a place of its owner's.

// exportFlags are what export takes.
type exportFlags struct {
	format, out string
	json        bool
}

func (r *run) exportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export [NAME…]",
		Short: "Write connectors to a file that import reads, without any token",
		Long: "Write the saved connectors, or those that are named, as CSV or JSON, sorted by name.\n" +
			"The file holds no token: the columns token_env, token_command and token_file are\n" +
			"filled in only where a token is kept elsewhere. Neither the network nor a safe is\n" +
			"touched.\n\n" +
			"A cell that a spreadsheet would take for a formula gets an apostrophe in front,\n" +
			"which import takes away again.",
		Example: "  saasconnect export > connectors.csv\n" +
			"  saasconnect export -o connectors.csv\n" +
			"  saasconnect export --json acme-jira acme-confluence\n" +
			"  saasconnect export --format json -o connectors.json",
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.export(cmd.Context(), f, args)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "", "the `FORMAT`, csv or json (default: by the file's name, else csv)")
	flags.StringVarP(&f.out, "output", "o", "", "write to this `FILE`, readable for you alone")
	flags.BoolVar(&f.json, "json", false, "the same as --format json")
	_ = c.RegisterFlagCompletionFunc("format", fixed("csv", "json"))
	return c
}

func (r *run) export(ctx context.Context, f exportFlags, names []string) error {
	format := roster.Format(strings.ToLower(strings.TrimSpace(f.format)))
	switch {
	case f.json && format != "" && format != roster.JSON:
		return usage("", "choose one of --json and --format %s", format)
	case f.json:
		format = roster.JSON
	case format == "":
		format = roster.FormatOf(f.out, nil)
	case format != roster.CSV && format != roster.JSON:
		return input([]problem{{"format", quoted(f.format) + " is none: csv or json"}})
	}
	_, entries, err := r.entries(ctx)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		if entries, err = pick(entries, names); err != nil {
			return err
		}
		byName(entries)
	}
	data, err := roster.Write(rowsOf(entries), format)
	if err != nil {
		return usage("write it as JSON: --format json", "a name or a path holds a carriage return, which CSV does not keep")
	}
	return r.putOut(f.out, data, len(entries))
}

func rowsOf(entries []connector.Entry) []roster.Row {
	rows := make([]roster.Row, len(entries))
	for i, e := range entries {
		rows[i] = roster.RowOf(e.Connector)
	}
	return rows
}

// putOut writes it to stdout, or to the file.
func (r *run) putOut(file string, data []byte, n int) error {
	if file == "" || file == "-" {
		_, _ = r.answers.Write(data) // see written
		return nil
	}
	if err := r.system.WriteFile(file, data); err != nil {
		f := &failure{exit: exitStorage, code: "storage", message: "the file " + quoted(file) + " could not be written", err: err}
		if errors.Is(err, fs.ErrNotExist) {
			f.hint = "its folder is not there"
		}
		return f
	}
	r.note("wrote " + connector.Plural(n, "connector") + " to " + cleaned(file) + "; it holds no token")
	return nil
}
