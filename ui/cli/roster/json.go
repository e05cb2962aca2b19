package roster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"saasconnect/atlassian"
)

// JSON: a list of connectors, or an object with the list in "connectors", as `export
// --format json` and `list --json` print it. It is read token by token, so that every
// problem knows its line and a name that is there twice is seen.

// list is a JSON file while it is read.
type list struct {
	*json.Decoder
	text  string
	lines int   // up to counted
	upTo  int64 // how far lines were counted
}

// errStop ends the reading behind a problem that was noted.
var errStop = errors.New("stop")

// readJSON reads all connectors.
func (r *reader) readJSON(text string) {
	l := &list{Decoder: json.NewDecoder(strings.NewReader(text)), text: text, lines: 1}
	l.UseNumber()
	err := r.top(l)
	if err == nil {
		if _, err = l.Token(); errors.Is(err, io.EOF) {
			return
		}
		r.addProblem(Problem{Line: l.line(), Words: "There is text after the end of the list."})
		return
	}
	if !errors.Is(err, errStop) {
		r.addProblem(Problem{Line: l.line(), Words: "This is not valid JSON."})
	}
}

// line is where the reader stands.
func (l *list) line() int {
	to := l.InputOffset()
	l.lines += strings.Count(l.text[l.upTo:to], "\n")
	l.upTo = to
	return l.lines
}

// top reads the outermost value.
func (r *reader) top(l *list) error {
	start, err := l.Token()
	switch {
	case err != nil:
		return err
	case start == json.Delim('['):
		return r.connectors(l)
	case start != json.Delim('{'):
		return r.stop(l, "This is neither a list of connectors nor an object with a list \"connectors\".")
	}
	found := false
	for l.More() {
		name, err := l.Token()
		switch {
		case err != nil:
			return err
		case name == "connectors" && !found:
			found = true
			if start, err := l.Token(); err != nil {
				return err
			} else if start != json.Delim('[') {
				return r.stop(l, "\"connectors\" is not a list.")
			}
			err = r.connectors(l)
		case name == "version":
			var version any
			if err = l.Decode(&version); err == nil && version != json.Number("1") {
				return r.stop(l, "This file was written by a newer saasconnect.")
			}
		default:
			return r.stop(l, "Only \"version\" and \"connectors\" are allowed here.")
		}
		if err != nil {
			return err
		}
	}
	if _, err := l.Token(); err != nil {
		return err
	}
	if !found {
		return r.stop(l, "This file has no list \"connectors\".")
	}
	return nil
}

func (r *reader) stop(l *list, words string) error {
	r.addProblem(Problem{Line: l.line(), Words: words})
	return errStop
}

// connectors reads the list, behind its bracket.
func (r *reader) connectors(l *list) error {
	for index := 1; l.More(); index++ {
		start, err := l.Token()
		if err != nil {
			return err
		}
		at := Problem{Line: l.line(), Index: index}
		if r.full(at.Line) {
			return errStop
		}
		if start != json.Delim('{') {
			at.Words = "This is not a connector: {\"product\": …, \"site\": …, \"email\": …}."
			r.addProblem(at)
			return errStop
		}
		cells, err := r.object(l, at)
		if err != nil {
			return err
		}
		r.row(at, cells)
	}
	_, err := l.Token()
	return err
}

// object reads one connector, behind its brace.
func (r *reader) object(l *list, start Problem) (map[string]cell, error) {
	cells := map[string]cell{}
	seen := map[string]bool{}
	for l.More() {
		name, err := l.Token()
		if err != nil {
			return nil, err
		}
		field, _ := name.(string) // Token knows that a name stands here
		at := Problem{Line: l.line(), Index: start.Index}
		var value any
		if err := l.Decode(&value); err != nil {
			return nil, err
		}
		column := columnOf(field)
		switch {
		case column != "" && seen[column]:
			at.Words = "Duplicate field."
		case column != "":
			seen[column] = true
			at.Words = textOf(value)
		case isOne(field, listed()) && !holdsSecret(value):
		case isOne(field, listed()):
			at.Words = "This looks like an API token; " + revoke + nameWhere
		default:
			at.Words = columnProblem(field)
		}
		if at.Field = column; column == "" && isOne(field, listed()) {
			at.Field = strings.ToLower(field)
		}
		if r.tooMany() {
			return nil, errStop
		}
		if at.Words != "" {
			r.addProblem(at)
			cells[column] = cell{bad: true}
			continue
		}
		if text, isText := value.(string); isText && column != "" {
			cells[column] = cell{at: at, text: text}
		}
	}
	_, err := l.Token()
	return cells, err
}

// textOf says why a field's value is no text; "" where it is one, or null.
func textOf(value any) string {
	switch value.(type) {
	case string, nil:
		return ""
	}
	return "This must be a string or null."
}

// holdsSecret looks through a value that is not read otherwise.
func holdsSecret(value any) bool { return atlassian.LooksSecret(fmt.Sprint(value)) }
