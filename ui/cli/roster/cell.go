package roster

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	unicode16 "golang.org/x/text/encoding/unicode"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// What stands in one cell: which columns there are, and what each may hold.

// columns are all columns, in the order in which they are written.
func columns() []string {
	return []string{"name", "product", "site", "email", "account", "expires", "token_env", "token_command", "token_file"}
}

// needed are those that every connector has.
func needed() []string { return []string{"product", "site", "email"} }

// listed are fields that `list --json` prints besides, which say nothing to an import.
func listed() []string {
	return []string{"id", "kept_in", "expires_by", "days_left", "added", "edited", "replaced", "entered", "entered_state", "last"}
}

// forbidden are columns that would hold the token itself, as they are read by plain.
func forbidden() []string {
	return []string{"token", "apitoken", "apikey", "key", "password", "secret", "credential", "credentials"}
}

// plain is a column's name without what people write differently: "E-Mail" is email.
func plain(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '-' || c == '_' || c == '.' {
			return -1
		}
		return unicode.ToLower(c)
	}, name)
}

// columnOf finds the column that is meant; "" for none.
func columnOf(name string) string {
	for _, c := range columns() {
		if plain(c) == plain(name) {
			return c
		}
	}
	return ""
}

func isOne(name string, of []string) bool {
	for _, one := range of {
		if plain(one) == plain(name) {
			return true
		}
	}
	return false
}

// What to do about a token in the file: it has to be revoked, as one in an argument.
const (
	revoke    = "revoke it: it is in this file as plain text (" + connector.TokenPage + "). "
	nameWhere = "Use token_env, token_command or token_file to say where to read the token, or leave them empty to be asked for it."
)

// columnProblem says why a column's name is none; "" where it is one.
func columnProblem(name string) string {
	switch {
	case columnOf(name) != "":
		return ""
	case atlassian.LooksSecret(name):
		return "This looks like an API token; " + revoke + "The first line must name the columns: " + strings.Join(columns(), ", ") + "."
	case isOne(name, forbidden()):
		return "Tokens must not be in the file as plain text. If this column contains one, " + revoke + nameWhere
	case strings.TrimSpace(name) == "":
		return "This column has content but no name."
	}
	words := `Unknown column "` + atlassian.Clean(name, 40) + `"`
	if near := nearest(name); near != "" {
		return words + "; did you mean " + near + "?"
	}
	return words + ". Columns: " + strings.Join(columns(), ", ") + "."
}

// nearest is the known column that was most likely meant, "" where none is near.
func nearest(name string) string {
	var known []string
	for _, c := range columns() {
		if strings.Contains(plain(name), plain(c)) {
			return c
		}
		known = append(known, plain(c))
	}
	return columnOf(connector.Nearest(plain(name), known...))
}

// ignorable reports a column that is no other's misspelling, such as one for notes. missing are the columns that the first line lacks.
func ignorable(name string, missing []string) bool {
	if atlassian.LooksSecret(name) || isOne(name, forbidden()) {
		return false
	}
	near := nearest(name)
	if !isOne(near, missing) {
		return true
	}
	return strings.Contains(plain(name), plain(near)) && !isOne(near, needed())
}

// cell is one cell and where it stands.
type cell struct {
	at   Problem // without words
	text string
	bad  bool // what is wrong with it was noted
}

// row makes a row of its cells, by column, and notes all that is wrong with them. at is
// where the row begins.
func (r *reader) row(at Problem, cells map[string]cell) {
	row := Row{Line: at.Line, Index: at.Index}
	before := len(r.problems)
	known := map[string]bool{} // what a saved connector has is right
	complain := func(column, words string) {
		c, there := cells[column]
		if words == "" || c.bad || known[column] {
			return
		}
		if !there {
			c.at = at
			c.at.Field = column
		}
		c.at.Words = words
		r.addProblem(c.at)
	}
	facts := setup.Facts{}
	read := map[string]bool{} // columns whose text is no fact, which have been judged here
	for _, column := range columns() {
		text := strings.TrimSpace(cells[column].text)
		known[column] = r.Known(column, text)
		words := ""
		switch {
		case cells[column].bad:
		case len(text) > maxCell:
			words = fmt.Sprintf("This is longer than %d characters.", maxCell)
		case atlassian.LooksSecret(text) && !known[column]:
			words = "This looks like an API token; " + revoke + nameWhere
		default:
			words = row.set(column, text, &facts)
		}
		complain(column, words)
		read[column] = words != "" || cells[column].bad
	}
	draft := setup.New(facts.Product)
	draft.Set(facts)
	for _, p := range setup.Problems(draft, setup.Known{Now: r.Now}) {
		if column := string(p.Field); p.Field != setup.FieldToken && !read[column] {
			complain(column, p.Words)
		}
	}
	row.Site, row.Email = draft.Site(), draft.Email()
	if len(r.problems) == before {
		r.rows = append(r.rows, row)
	}
}

// set takes a cell's text over, as a fact or as where the token is. words are what is wrong with it
// in a file; what is wrong with facts anywhere is for setup.Problems.
func (row *Row) set(column, text string, facts *setup.Facts) (words string) {
	switch column {
	case "name":
		row.Name, facts.Name = text, text
	case "product":
		row.Product = connector.Product(strings.ToLower(text))
		facts.Product = row.Product
	case "site":
		facts.Site = text
	case "email":
		facts.Email = text
	case "account":
		row.Account, facts.Account = text, text
	case "expires":
		words = row.setExpires(text)
		facts.Expiry = row.Expires.String()
	case "token_env":
		return row.setSource(connector.SourceEnv, text)
	case "token_command":
		return row.setSource(connector.SourceCommand, text)
	case "token_file":
		return row.setSource(connector.SourceFile, text)
	}
	return words
}

func (row *Row) setSource(from connector.Source, text string) string {
	if text == "" {
		return ""
	}
	source, words := connector.ParseReference(from, text)
	if words == "" && row.Source != nil {
		return "More than one source for this token: fill in only one of token_env, token_command and token_file."
	}
	if words == "" {
		row.Source = source
	}
	return words
}

// setExpires reads a date as a file has it. Periods (90d, 1y) are refused: read again tomorrow,
// they would be another date.
func (row *Row) setExpires(text string) string {
	if text == "" || strings.EqualFold(text, "none") {
		row.NoExpiry = text != ""
		return ""
	}
	day, err := connector.ParseDay(text)
	if err != nil {
		words := connector.Capitalize(err.Error()) + "."
		if strings.TrimRight(strings.ToLower(text), "0123456789dy") == "" {
			words += " A period like 90d would mean a different date each time the file is read."
		}
		return words
	}
	row.Expires = day
	return ""
}

// ByteOrderMark in front of a CSV file tells Excel that it is UTF-8. Read takes files with it and without.
const ByteOrderMark = "\ufeff"

// readable is the text of a file in UTF-8 with a line feed in each line's end, or why it has
// none. UTF-16 is told by its mark, or by the zeros beside ASCII; what is no UTF-8 at all is
// taken for Windows-1252, in which Excel writes "CSV" in most of the West, and that is noted.
func (r *reader) readable(data []byte) (string, *Problem) {
	if len(data) > MaxBytes {
		return "", &Problem{Words: fmt.Sprintf("This file is larger than %d MiB.", MaxBytes>>20)}
	}
	text := string(data)
	switch end, is := isUTF16(data); {
	case is:
		text = decoded(unicode16.UTF16(end, unicode16.UseBOM), data)
		if strings.ContainsRune(text, utf8.RuneError) {
			return "", invalidEncoding(text, "UTF-16")
		}
	case !utf8.Valid(data):
		if hasUTF8(text) {
			return "", invalidEncoding(text, "UTF-8")
		}
		if text = decoded(charmap.Windows1252, data); strings.ContainsRune(text, utf8.RuneError) {
			return "", invalidEncoding(text, "UTF-8 or Windows-1252")
		}
		r.note("is not UTF-8 and was read as Windows-1252: check the accented letters")
	}
	text = strings.TrimPrefix(text, ByteOrderMark)
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // of old Macs, and Excel's "CSV (Macintosh)"
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return "", &Problem{Line: 1 + strings.Count(text[:at], "\n"), Words: "This line contains a NUL character: it's not a text file."}
	}
	return text, nil
}

// isUTF16 tells UTF-16, and in which order its bytes stand.
func isUTF16(data []byte) (order unicode16.Endianness, is bool) {
	if len(data) < 4 {
		return unicode16.LittleEndian, false
	}
	switch {
	case data[0] == 0xff && data[1] == 0xfe, data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return unicode16.LittleEndian, true
	case data[0] == 0xfe && data[1] == 0xff, data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return unicode16.BigEndian, true
	}
	return unicode16.LittleEndian, false
}

// decoded is the text in UTF-8; what is no letter of the encoding is utf8.RuneError.
func decoded(from encoding.Encoding, data []byte) string {
	text, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return string(utf8.RuneError)
	}
	return string(text)
}

// hasUTF8 reports letters of UTF-8 beyond ASCII, or its mark: a text that has them and is
// none is damaged, and a guess would read "MÃ¼ller".
func hasUTF8(text string) bool {
	return strings.ContainsFunc(strings.ToValidUTF8(text, ""), func(c rune) bool { return c > unicode.MaxASCII })
}

// invalidEncoding says in which line the first letter is that can't be read.
func invalidEncoding(text, as string) *Problem {
	line := 0
	for one := range strings.Lines(text) {
		if line++; strings.ContainsRune(one, utf8.RuneError) {
			break
		}
	}
	return &Problem{Line: line, Words: "This line contains characters that are not valid " + as + ". Save the file as \"CSV UTF-8\"."}
}
