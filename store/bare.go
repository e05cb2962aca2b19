package store

import (
	"context"

	"saasconnect/connector"
)

// What is looked at where there are many: the connectors without their past, or with its
// newest report, and the past of one when that is asked for. A thousand histories of thirty
// reports are 30 MB.

// Bare is every connector without its reports. It reads no token and touches no safe.
func (s *Store) Bare(ctx context.Context) ([]connector.Entry, error) {
	content, err := s.file.current(ctx)
	if err != nil {
		return nil, err
	}
	entries := make([]connector.Entry, len(content.Connectors))
	for i := range entries {
		entries[i].Connector = content.Connectors[i].Connector
	}
	return entries, nil
}

// Recent is every connector with its newest report alone.
func (s *Store) Recent(ctx context.Context) ([]connector.Entry, error) {
	entries, err := s.Bare(ctx)
	if err != nil {
		return nil, err
	}
	each(len(entries), func(i int) {
		if newest, _ := s.history.newest(entries[i].ID); newest != nil {
			entries[i].Reports = []connector.Report{*newest}
		}
	})
	return entries, nil
}

// History is the reports of one connector, the newest first; none where they can't be read.
func (s *Store) History(_ context.Context, id string) []connector.Report {
	if !isRef(id) {
		return nil
	}
	return s.history.read(id)
}
