package store

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"

	"saasconnect/connector"
)

// What there is, with what was found out about it. A list of it is made by Listed.

// List is every connector with its reports. It reads no token and touches no safe.
func (s *Store) List(ctx context.Context) ([]connector.Entry, error) {
	content, err := s.file.read(ctx)
	if err != nil {
		return nil, err
	}
	entries := make([]connector.Entry, len(content.Connectors))
	each(len(entries), func(i int) {
		r := &content.Connectors[i]
		entries[i] = connector.Entry{Connector: r.Connector, Reports: s.history.read(r.ID)}
	})
	return entries, nil
}

// newest is the newest report, which stands first in the file: of thirty, the others take
// most of the time. It is nil where there is none that can be read, and sure is false where
// another look might find one.
func (h *history) newest(id string) (report *connector.Report, sure bool) {
	f, err := openPlain(h.path(id))
	if err != nil {
		return nil, errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, largestHistory))
	var version float64
	for depth := 0; depth < 2; { // into the list of reports
		switch t, err := d.Token(); {
		case err != nil:
			return nil, false
		case t == json.Delim('{'), t == json.Delim('['):
			depth++
		default:
			if n, ok := t.(float64); ok {
				version = n
			}
		}
	}
	var r connector.Report
	if version != 1 || !d.More() || d.Decode(&r) != nil {
		return nil, false
	}
	return &r, true
}
