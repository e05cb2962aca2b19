package roster

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// CSV (RFC 4180) with a line of column names. Excel writes a semicolon between the cells
// where the comma is the decimal sign, and a line "sep=;" where it is told to.

// formulaStarts are the characters that make a spreadsheet take a cell for a formula. A cell that
// begins with one of them, behind any number of apostrophes, is written with one apostrophe
// more, and read with one less: so what is written is never a formula, and nothing is lost.
// Source: owasp.org, "CSV Injection".
const formulaStarts = "=+-@\t\r"

func escapeFormula(cell string) string {
	if startsFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unescapeFormula(cell string) string {
	if rest, found := strings.CutPrefix(cell, "'"); found && startsFormula(rest) {
		return rest
	}
	return cell
}

func startsFormula(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	return rest != "" && strings.ContainsRune(formulaStarts, rune(rest[0]))
}

// sheet is a CSV file while it is read.
type sheet struct {
	*csv.Reader
	lines   []string // the text's lines, to count characters where the reader counts bytes
	skipped int      // lines before the reader's first
	counted position // how far the last call of at has counted
	bare    []bool   // columns without a name
	ignored []bool   // columns of names that are not read
}

// readCSV reads all rows.
func (r *reader) readCSV(text string) {
	s := openSheet(text)
	header, err := s.Read()
	switch {
	case errors.Is(err, io.EOF):
		return
	case err != nil:
		r.addProblem(s.broken(err))
		return
	}
	used, ok := r.header(s, header)
	if !ok {
		return
	}
	for {
		record, err := s.Read()
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			r.addProblem(s.broken(err))
			return
		}
		r.record(s, used, record)
		if r.full(s.at(0).Line) || r.tooMany() {
			return
		}
	}
}

// full is true, and says so, where there are more rows than can be meant.
func (r *reader) full(line int) bool {
	r.seen++
	if r.seen > maxRows {
		r.addProblem(Problem{Line: line, Words: fmt.Sprintf("This file has more than %d connectors: split it.", maxRows)})
	}
	return r.seen > maxRows
}

func openSheet(text string) *sheet {
	s := &sheet{lines: strings.SplitAfter(text, "\n")}
	separator := rune(0)
	first := strings.TrimRight(s.lines[0], "\r\n")
	if rest, found := strings.CutPrefix(strings.ToLower(first), "sep="); found && utf8.RuneCountInString(rest) == 1 {
		separator, _ = utf8.DecodeRuneInString(rest)
		s.skipped, text = 1, text[len(s.lines[0]):]
	}
	s.Reader = csv.NewReader(strings.NewReader(text))
	s.FieldsPerRecord = -1 // counted here, with words of our own
	s.Comma = separator
	if !strings.ContainsRune(",;\t|", separator) || separator == 0 {
		s.Comma = separatorOf(text)
	}
	return s
}

// separatorOf is what stands between the columns' names: that which finds most of them.
func separatorOf(text string) rune {
	best, most := ',', -1
	for _, separator := range ",;\t" {
		one := csv.NewReader(strings.NewReader(text[:min(len(text), maxCell)]))
		one.Comma, one.LazyQuotes, one.FieldsPerRecord = separator, true, -1
		header, _ := one.Read() // what is wrong with it is said when it is read in earnest
		found := 0
		for _, name := range header {
			if columnOf(name) != "" {
				found++
			}
		}
		if found > most {
			best, most = separator, found
		}
	}
	return best
}

// position is a cell's: its line, the bytes before it there, and how many characters those are.
type position struct{ line, bytes, characters int }

// at is where a cell of the last record stands. Cells of one line are counted on from the
// one that was looked at before, since there may be very many.
func (s *sheet) at(i int) Problem {
	line, bytes := s.FieldPos(i)
	line += s.skipped
	from := s.counted
	if from.line != line || from.bytes > bytes-1 {
		from = position{line: line}
	}
	if line <= len(s.lines) {
		to := min(bytes-1, len(s.lines[line-1]))
		from.characters += utf8.RuneCountInString(s.lines[line-1][from.bytes:to])
		from.bytes = to
	}
	s.counted = from
	return Problem{Line: line, Column: 1 + from.characters}
}

// broken words what the reader can't read on behind.
func (s *sheet) broken(err error) Problem {
	var where *csv.ParseError
	if !errors.As(err, &where) {
		return Problem{Words: "This is not valid CSV."}
	}
	p := Problem{Line: where.StartLine + s.skipped, Column: 1, Words: "A quotation mark inside a cell: put the whole cell in quotation marks, and double those inside it."}
	if where.Line > 0 && where.Line == where.StartLine {
		p.Column = where.Column
	}
	if errors.Is(err, csv.ErrQuote) {
		p.Words = "A quotation mark is not closed, or there is text after the closing one. Double the quotation marks inside a cell."
	}
	return p
}

// mostColumns is more than any list of connectors has, with columns of its own. Each name is
// compared with those that are known, so a file of another kind ends here.
const mostColumns = 1000

// header reads the columns' names: which column each place is, "" for one without a name.
func (r *reader) header(s *sheet, names []string) (used []string, ok bool) {
	before := len(r.problems)
	used = make([]string, len(names))
	if len(names) > mostColumns {
		r.addProblem(Problem{Line: s.at(0).Line, Words: fmt.Sprintf("There are %d columns: this is not a list of connectors.", len(names))})
		return used, false
	}
	s.bare, s.ignored = make([]bool, len(names)), make([]bool, len(names))
	var missing, ignored []string
	for _, column := range columns() {
		if !isOne(column, names) {
			missing = append(missing, column)
		}
	}
	seen := map[string]bool{}
	for i, name := range names {
		if r.tooMany() {
			break
		}
		if used[i] = columnOf(name); used[i] == "" {
			if s.bare[i] = strings.TrimSpace(name) == ""; s.bare[i] {
				continue // only what stands in such a column is a problem
			}
			if s.ignored[i] = ignorable(name, missing); s.ignored[i] {
				ignored = append(ignored, atlassian.Quoted(name, 40))
				continue
			}
			at := s.at(i)
			at.Words = columnProblem(name)
			r.addProblem(at)
			continue
		}
		if seen[used[i]] {
			at := s.at(i)
			at.Field, at.Words = used[i], "Duplicate column."
			r.addProblem(at)
		}
		seen[used[i]] = true
	}
	if len(seen) == 0 && len(names) > 0 {
		r.problems = r.problems[:before]
		p := Problem{Line: s.at(0).Line, Words: "The first line must name the columns: " + strings.Join(columns(), ", ") + "."}
		if problem := firstForbidden(names); problem != "" {
			p.Words = problem
		}
		r.addProblem(p)
		return used, false
	}
	for _, column := range needed() {
		if !seen[column] {
			r.addProblem(Problem{Line: s.at(0).Line, Field: column, Words: "This column is required."})
		}
	}
	r.noteIgnored(ignored)
	return used, true
}

// noteIgnored names the columns that are not read, once.
func (r *reader) noteIgnored(names []string) {
	switch n := len(names); {
	case n == 1:
		r.note("has an unknown column, ignored: " + names[0])
	case n > mostNames:
		r.note(fmt.Sprintf("has unknown columns, ignored: %s, and %d more", strings.Join(names[:mostNames], ", "), n-mostNames))
	case n > 0:
		r.note("has unknown columns, ignored: " + strings.Join(names, ", "))
	}
}

// mostNames is how many ignored columns are named before the rest is counted.
const mostNames = 8

// firstForbidden is what is wrong with a name that is or would hold a token.
func firstForbidden(names []string) string {
	for _, name := range names {
		if atlassian.LooksSecret(name) || isOne(name, forbidden()) {
			return columnProblem(name)
		}
	}
	return ""
}

// record reads one line of cells. Excel writes lines of nothing but separators behind the
// last one.
func (r *reader) record(s *sheet, used, record []string) {
	if strings.TrimSpace(strings.Join(record, "")) == "" {
		return
	}
	cells := map[string]cell{}
	missing := false // a needed column that the header lacks was complained about there
	for _, column := range needed() {
		missing = missing || !isOne(column, used)
	}
	for i, text := range record {
		if r.tooMany() {
			return
		}
		at := s.at(i)
		switch {
		case i >= len(used) || used[i] == "":
			if strings.TrimSpace(text) != "" && (i >= len(used) || s.bare[i] || s.ignored[i] && atlassian.LooksSecret(text)) {
				at.Words = "This cell has no column in the first line. Put cells that contain the separator in quotation marks."
				if atlassian.LooksSecret(text) {
					at.Words = "This looks like an API token; " + revoke + nameWhere
				}
				r.addProblem(at)
			}
		default:
			at.Field = used[i]
			cells[used[i]] = cell{at: at, text: unescapeFormula(text)}
		}
	}
	if !missing {
		r.row(Problem{Line: s.at(0).Line}, cells)
	}
}
