package store

import (
	"errors"
	"io/fs"

	"saasconnect/connector"
)

// Glance is every connector as connectors.json stands: without its reports, without a lock,
// and with nothing mended or written. For completions, where a shell waits and nothing may
// be said.
func (s *Store) Glance() ([]connector.Connector, error) {
	data, err := readBounded(s.file.path, largestFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, s.file.trouble(err)
	}
	content, err := decode(data)
	if err != nil {
		return nil, s.file.trouble(err)
	}
	all := make([]connector.Connector, 0, len(content.Connectors))
	for _, r := range content.Connectors {
		all = append(all, r.Connector)
	}
	return all, nil
}
