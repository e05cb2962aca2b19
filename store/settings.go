package store

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"

	"saasconnect/connector"
)

// What was asked once, in a file of its own: losing it only means being asked again.

// Settings are what was asked once. A file that can't be read only means asking again.
func (s *Store) Settings(context.Context) (connector.Settings, error) {
	data, err := readBounded(s.settings, largestSecret)
	var settings connector.Settings
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return settings, nil
	case err != nil:
		return settings, s.file.trouble(err)
	}
	if json.Unmarshal(data, &settings) != nil {
		return connector.Settings{}, nil
	}
	return settings, nil
}

// SetSettings remembers them.
func (s *Store) SetSettings(_ context.Context, settings connector.Settings) error {
	data, err := json.Marshal(settings)
	if err == nil {
		err = makeFolder(filepath.Dir(s.settings))
	}
	if err == nil {
		err = writeAtomic(s.settings, append(data, '\n'), s.fail)
	}
	if err != nil {
		return s.file.trouble(err)
	}
	return nil
}
