// Package roster reads and writes lists of connectors, as CSV (for spreadsheets) or JSON. It does
// no I/O: bytes become rows and problems, rows become bytes.
//
// Its rules:
//
//   - All that is wrong is found at once, and each [Problem] says where: line and column.
//   - A roster holds no token, only where one can be read. What looks like a token is a
//     problem, and no message repeats any of it.
//   - What Excel makes of a file is read: a byte order mark, CRLF, a semicolon or a tab
//     between the cells, empty rows at the end, its way of writing days.
//   - What [Write] wrote, [Read] reads as the same rows.
package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Row is one connector as a roster has it. What is empty was not said.
type Row struct {
	Line    int // where it begins, the first line being 1
	Index   int // JSON: which connector it is, the first being 1; 0 in CSV
	Name    string
	Product connector.Product
	Site    atlassian.Site
	Email   string
	Account string
	// Expires is the token's expiry date; NoExpiry says that none shall be recorded ("none").
	Expires  connector.Date
	NoExpiry bool
	// Source is where the token can be read; nil where no cell says.
	Source *connector.Reference
}

// Facts are the row's, as a setup.Draft has them.
func (row Row) Facts() setup.Facts {
	return setup.Facts{Product: row.Product, Site: row.Site.Host(), Email: row.Email, Name: row.Name, Account: row.Account, Expiry: row.Expires.String()}
}

// Where says where it stands: "line 12", "connector 3".
func (row Row) Where() string {
	if row.Index > 0 {
		return fmt.Sprintf("connector %d", row.Index)
	}
	return fmt.Sprintf("line %d", row.Line)
}

// Problem is what is wrong with one cell, line or file.
type Problem struct {
	Line   int
	Column int    // characters from the line's beginning, the first being 1; 0 for the whole row
	Index  int    // JSON: which connector, the first being 1; 0 in CSV
	Field  string // the column's name, "" for the row or the file
	Words  string
}

// Where says where it is: "line 12, column 34, email", "connector 3 (line 31), email".
func (p Problem) Where() string {
	var parts []string
	switch {
	case p.Index > 0:
		parts = append(parts, fmt.Sprintf("connector %d (line %d)", p.Index, p.Line))
	case p.Column > 0:
		parts = append(parts, fmt.Sprintf("line %d, column %d", p.Line, p.Column))
	case p.Line > 0:
		parts = append(parts, fmt.Sprintf("line %d", p.Line))
	}
	if p.Field != "" {
		parts = append(parts, p.Field)
	}
	return strings.Join(parts, ", ")
}

// Format is how a roster is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// FormatOf tells the format of a file by its name, else by its first character.
func FormatOf(name string, data []byte) Format {
	lower := strings.ToLower(name)
	switch {
	case strings.HasSuffix(lower, ".json"):
		return JSON
	case strings.HasSuffix(lower, ".csv"), strings.HasSuffix(lower, ".tsv"):
		return CSV
	}
	text := strings.TrimLeft(strings.TrimPrefix(string(data[:min(len(data), 64)]), ByteOrderMark), " \t\r\n")
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") {
		return JSON
	}
	return CSV
}

// The bounds. A service provider has hundreds of customers, some have thousands.
const (
	MaxBytes = 16 << 20
	maxRows  = 20_000
	maxCell  = 4096
	// MaxProblems is how many are looked for: what has so many is another kind of file.
	MaxProblems = 1000
)

// Options say how to read.
type Options struct {
	Format Format
	Now    time.Time
	// Known tells that a saved connector has this text in this field: then it is right as it
	// stands, whatever a rule that came later says. nil knows none.
	Known func(field, text string) bool
	// Note is told what was ignored or guessed, as the end of a sentence about the file; nil
	// for no notes.
	Note func(words string)
}

// Read reads a roster. Where there are problems the rows are not to be used.
func Read(data []byte, o Options) ([]Row, []Problem) {
	if o.Known == nil {
		o.Known = func(string, string) bool { return false }
	}
	r := reader{Options: o}
	text, problem := r.readable(data)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	if o.Format == JSON {
		r.readJSON(text)
	} else {
		r.readCSV(text)
	}
	if len(r.problems) == 0 && len(r.rows) == 0 {
		r.addProblem(Problem{Line: 1, Words: "There are no connectors in this file."})
	}
	if len(r.problems) == 0 {
		r.doubles()
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r.rows, r.problems
}

// reader is one reading.
type reader struct {
	Options
	rows     []Row
	problems []Problem
	seen     int // rows so far, right or wrong
}

func (r *reader) note(words string) {
	if r.Note != nil {
		r.Note(words)
	}
}

// tooMany: there is no use in reading on.
func (r *reader) tooMany() bool { return len(r.problems) >= MaxProblems }

func (r *reader) addProblem(p Problem) { r.problems = append(r.problems, p) }

// doubles finds connectors that are in the file twice: of the same name, or, where the names
// do not tell them apart, of the same product, site and account.
func (r *reader) doubles() {
	names := map[string]Row{}
	type key struct {
		product connector.Product
		site    atlassian.Site
		account string
	}
	keys := map[key]Row{}
	for _, row := range r.rows {
		name := strings.ToLower(row.Name)
		if first, twice := names[name]; twice && name != "" {
			r.addProblem(Problem{Line: row.Line, Index: row.Index, Field: "name", Words: fmt.Sprintf("%s is already used: %s.", row.Name, first.Where())})
			continue
		}
		names[name] = row
		k := key{row.Product, row.Site, strings.ToLower(row.Account)}
		first, twice := keys[k]
		if twice && (row.Name == "" || first.Name == "") {
			r.addProblem(Problem{Line: row.Line, Index: row.Index, Words: fmt.Sprintf("Same product, site and account as %s. To have two connectors for them, give each a name.", first.Where())})
			continue
		}
		keys[k] = row
	}
}
