package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The manual page, drawn from the tree of commands itself, so that it can't say anything
// else than --help does. cobra's own generator goes through Markdown and a library that
// makes the program bigger by more than this page. Source: groff_man(7), man-pages(7).
//
// The rules: a line of text never begins with a dot or an apostrophe, a hyphen that is to
// be copied is \-, and what is not ASCII is written by its number, since groff takes the
// file's bytes for Latin-1 unless told otherwise.

func (r *run) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Print the manual page",
		Long: "Print the manual page, saasconnect(1), as troff source: all commands, the\n" +
			"environment, the files and the exit codes on one page.",
		Example: "  saasconnect man | man -l -\n  saasconnect man > saasconnect.1",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			page := &manual{}
			page.write(cmd.Root(), r.outside.Build)
			if _, err := io.WriteString(r.stdio.Out, page.text.String()); err != nil {
				return &failure{exit: exitStorage, code: "storage", message: "the page could not be written to stdout", err: err}
			}
			return nil
		},
	}
}

// manual is a page being written.
type manual struct{ text strings.Builder }

func (m *manual) write(root *cobra.Command, b Build) {
	date, _, _ := strings.Cut(b.Date, "T")
	m.macro(".TH", "SAASCONNECT", "1", date, "saasconnect "+b.Version, "User Commands")
	m.text.WriteString(".nh\n.ad l\n") // a name or a flag that is hyphenated can't be copied
	m.section("NAME")
	m.line("saasconnect - " + strings.ToLower(root.Short[:1]) + root.Short[1:])
	m.section("SYNOPSIS")
	m.line("saasconnect [COMMAND] [ARG…] [flags]")
	m.section("DESCRIPTION")
	m.paragraphs(root.Long)
	m.examples(root.Example)
	m.section("COMMANDS")
	for _, c := range visible(root) {
		m.command(c)
	}
	m.section("GLOBAL FLAGS")
	m.flags(root.PersistentFlags())
	for _, s := range manSections() {
		m.section(s.title)
		m.paragraphs(s.before)
		for _, item := range s.items {
			m.item(item[0], item[1])
		}
	}
}

// command is one command: its line, what it does, its flags, its examples.
func (m *manual) command(c *cobra.Command) {
	m.macro(".SS", c.UseLine())
	m.paragraphs(c.Short + ".")
	if len(c.Aliases) > 0 {
		m.paragraphs("Also: " + strings.Join(c.Aliases, ", ") + ".")
	}
	m.paragraphs(c.Long)
	m.flags(c.LocalNonPersistentFlags())
	m.examples(c.Example)
}

func (m *manual) flags(set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, words := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + value
		}
		if d := f.DefValue; d != "" && d != "false" {
			words += " (default " + d + ")"
		}
		m.item(name, words)
	})
}

// examples stand as they are typed, longer lines than the page too.
func (m *manual) examples(lines string) {
	if lines == "" {
		return
	}
	m.paragraphs("Examples:")
	m.verbatim(lines)
}

func (m *manual) verbatim(lines string) {
	m.text.WriteString(".PP\n.RS 4\n.nf\n")
	for line := range strings.Lines(lines) {
		m.line(strings.TrimSpace(line))
	}
	m.text.WriteString(".fi\n.RE\n")
}

// paragraphs writes text whose paragraphs are parted by empty lines; one that is indented
// stands as it is.
func (m *manual) paragraphs(text string) {
	for part := range strings.SplitSeq(text, "\n\n") {
		switch {
		case strings.TrimSpace(part) == "":
		case strings.HasPrefix(part, "  "):
			m.verbatim(part)
		default:
			m.text.WriteString(".PP\n")
			for line := range strings.Lines(part) {
				m.line(strings.TrimSpace(line))
			}
		}
	}
}

func (m *manual) section(title string) { m.macro(".SH", title) }

func (m *manual) item(name, words string) {
	m.text.WriteString(".TP\n\\fB" + roff(name) + "\\fR\n")
	m.line(words)
}

func (m *manual) line(text string) { m.text.WriteString(roff(text) + "\n") }

func (m *manual) macro(name string, args ...string) {
	m.text.WriteString(name)
	for _, a := range args {
		m.text.WriteString(` "` + strings.ReplaceAll(roff(a), `"`, `\(dq`) + `"`)
	}
	m.text.WriteString("\n")
}

// roff is text with everything that groff would take for its own made harmless.
func roff(text string) string {
	var b strings.Builder
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		b.WriteString(`\&`)
	}
	for _, c := range text {
		switch {
		case c == '\\':
			b.WriteString(`\e`)
		case c == '-':
			b.WriteString(`\-`)
		case c == '\'':
			b.WriteString(`\(aq`)
		case c == '`':
			b.WriteString(`\(ga`)
		case c == '~':
			b.WriteString(`\(ti`)
		case c == '^':
			b.WriteString(`\(ha`)
		case c >= utf8.RuneSelf:
			fmt.Fprintf(&b, `\[u%04X]`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
