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

// Writing connectors to a file that import reads, without any secret: of a token only its source,
// where that is an external one.

// exportFlags are what export takes.
type exportFlags struct {
	format, out string
	json, bom   bool
}

func (r *run) exportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export [NAME…]",
		Short: "Export connectors to a file for import, without tokens",
		Long: "Write the saved connectors, or those you name, as CSV or JSON, sorted by name. The\n" +
			"file contains no tokens: the columns token_env, token_command and token_file are only\n" +
			"filled in for tokens that are read from an external source. Neither the network nor\n" +
			"a token storage is accessed.\n\n" +
			"A cell that a spreadsheet would read as a formula gets a leading apostrophe, which\n" +
			"import removes.",
		Example: "  saasconnect export > connectors.csv\n" +
			"  saasconnect export -o connectors.csv --bom\n" +
			"  saasconnect export --json acme-jira acme-confluence\n" +
			"  saasconnect export --format json -o connectors.json",
		ValidArgsFunction: r.completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.export(cmd.Context(), f, args)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "", "the `FORMAT`: csv or json (default: from the file name, else csv)")
	flags.StringVarP(&f.out, "output", "o", "", "write to this `FILE`, readable only by you")
	flags.BoolVar(&f.json, "json", false, "the same as --format json")
	flags.BoolVar(&f.bom, "bom", false, "begin CSV with a byte order mark, which tells Excel that it is UTF-8 (on Windows --output always does)")
	_ = c.RegisterFlagCompletionFunc("format", completeFrom("csv", "json"))
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
		return input([]problem{{"format", quoted(f.format) + " is not a format: use csv or json"}})
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
		return usage("use JSON: --format json", "a name or path contains a carriage return, which CSV can't represent")
	}
	toFile := f.out != "" && f.out != "-"
	if format == roster.CSV && (f.bom || toFile && r.system.Build.onWindows()) {
		data = append([]byte(roster.ByteOrderMark), data...)
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
		_, _ = r.stdout.Write(data) // see written
		return nil
	}
	if err := r.system.WriteFile(file, data); err != nil {
		f := &failure{exit: exitStorage, code: "storage", message: "could not write the file " + quoted(file), err: err}
		if errors.Is(err, fs.ErrNotExist) {
			f.hint = "its folder doesn't exist"
		}
		return f
	}
	r.note("wrote " + connector.Plural(n, "connector") + " to " + cleaned(file) + "; it contains no tokens")
	return nil
}
