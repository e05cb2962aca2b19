package store

import (
	"context"
	"encoding/json"
	"io"
	"runtime"
	"sync"

	"saasconnect/connector"
)

// What there is, for those who only look.

// List is every connector with its reports. It reads no token and touches no safe.
func (s *Store) List(ctx context.Context) ([]connector.Entry, error) {
	return s.list(ctx, s.history.read)
}

// Latest is List with the newest report of each alone: of thirty, the others take most of
// the time.
func (s *Store) Latest(ctx context.Context) ([]connector.Entry, error) {
	return s.list(ctx, s.history.newest)
}

func (s *Store) list(ctx context.Context, reports func(id string) []connector.Report) ([]connector.Entry, error) {
	content, err := s.file.read(ctx)
	if err != nil {
		return nil, err
	}
	entries := make([]connector.Entry, len(content.Connectors))
	readers := min(runtime.GOMAXPROCS(0), 4)
	var wait sync.WaitGroup
	for first := range readers { // a file each: side by side, as far as there are processors
		wait.Go(func() {
			for i := first; i < len(entries); i += readers {
				r := &content.Connectors[i]
				entries[i] = connector.Entry{Connector: r.Connector, Reports: reports(r.ID)}
			}
		})
	}
	wait.Wait()
	return entries, nil
}

// newest is the newest report alone, which stands first in the file; none where it can't
// be read.
func (h *history) newest(id string) []connector.Report {
	f, err := openPlain(h.path(id))
	if err != nil {
		return nil
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, largestHistory))
	var version float64
	for depth := 0; depth < 2; { // into the list of reports
		switch t, err := d.Token(); {
		case err != nil:
			return nil
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
		return nil
	}
	return []connector.Report{r}
}
