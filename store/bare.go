package store

import (
	"context"

	"saasconnect/connector"
)

// What a check of many looks at: the connectors without their past, and the past of one at
// the time when its report lands. A thousand histories of thirty reports are 30 MB.

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

// History is the reports of one connector, the newest first; none where they can't be read.
func (s *Store) History(_ context.Context, id string) []connector.Report {
	if !isRef(id) {
		return nil
	}
	return s.history.read(id)
}
