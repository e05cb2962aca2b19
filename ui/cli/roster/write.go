package roster

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Writing connectors out: the columns that are read, and no secret.

// RowOf is a saved connector as a row, with the token's source only where that is an external one.
func RowOf(c connector.Connector) Row {
	row := Row{Name: c.Name, Product: c.Product, Site: c.Site, Email: c.Email, Account: c.Account, Expires: c.Expires}
	if c.KeptIn == connector.StorageReference {
		row.Source = c.Reference
	}
	return row
}

// ErrCarriageReturn: a cell holds one, which no reader of CSV gives back as it was.
var ErrCarriageReturn = errors.New("a carriage return can't be written as CSV")

// cells are a row's texts, in the order of the columns.
func (row Row) cells() []string {
	expires := row.Expires.String()
	if row.NoExpiry {
		expires = "none"
	}
	env, command, file := "", "", ""
	if s := row.Source; s != nil {
		env, file = cleanedSource(s.Env), cleanedSource(s.File)
		if len(s.Command) > 0 {
			command = cleanedSource(connector.JoinCommand(s.Command))
		}
	}
	return []string{row.Name, string(row.Product), row.Site.Origin(), row.Email, row.Account, expires, env, command, file}
}

// cleanedSource is a source as it can be shown. An edited file may hold what a terminal would obey; Read
// takes none of it.
func cleanedSource(source string) string {
	if strings.ContainsFunc(source, func(c rune) bool { return c != '\t' && c != '\r' && !unicode.IsPrint(c) }) {
		return atlassian.Clean(source, len(source))
	}
	return source
}

// Write writes rows in their order.
func Write(rows []Row, format Format) ([]byte, error) {
	if format == JSON {
		return writeJSON(rows)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(columns()) // the buffer takes everything
	for _, row := range rows {
		cells := row.cells()
		for i, text := range cells {
			if strings.Contains(text, "\r") {
				return nil, ErrCarriageReturn
			}
			cells[i] = escapeFormula(text)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.Bytes(), nil
}

// writeJSON keeps the fields in the order of the columns, which a map would not.
func writeJSON(rows []Row) ([]byte, error) {
	type object struct {
		Name         string `json:"name"`
		Product      string `json:"product"`
		Site         string `json:"site"`
		Email        string `json:"email"`
		Account      string `json:"account,omitempty"`
		Expires      string `json:"expires,omitempty"`
		TokenEnv     string `json:"token_env,omitempty"`
		TokenCommand string `json:"token_command,omitempty"`
		TokenFile    string `json:"token_file,omitempty"`
	}
	all := make([]object, 0, len(rows))
	for _, row := range rows {
		c := row.cells()
		all = append(all, object{c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(struct {
		Version    int      `json:"version"`
		Connectors []object `json:"connectors"`
	}{1, all}); err != nil {
		return nil, fmt.Errorf("encode the connectors: %w", err)
	}
	return b.Bytes(), nil
}
